import { setTimeout as sleep } from 'node:timers/promises'
import { SetupError } from '../say.ts'

const WITHIN_MS = 90_000

/**
 * Waits until the API says that all it needs is there: database, Temporal, a worker polling.
 *
 * @throws SetupError with what it last said.
 */
export async function waitForApi(baseUrl: string): Promise<void> {
  const giveUpAt = Date.now() + WITHIN_MS
  let lastAnswer = ''
  while (Date.now() < giveUpAt) {
    try {
      const response = await fetch(`${baseUrl}/health/ready`, { signal: AbortSignal.timeout(5000) })
      if (response.ok) return
      lastAnswer = await response.text()
    } catch (error) {
      lastAnswer = (error as Error).message
    }
    await sleep(200)
  }
  throw new SetupError(
    `接口服务 ${WITHIN_MS / 1000} 秒内未就绪。日志在数据目录的 logs 下。`,
    `The API was not ready within ${WITHIN_MS / 1000} s; the logs are below the data directory. It last said: ${lastAnswer}`,
  )
}
