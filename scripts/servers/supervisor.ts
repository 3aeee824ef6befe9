import { setTimeout as sleep } from 'node:timers/promises'
import { say, SetupError } from '../say.ts'
import type { DataDir } from './data-dir.ts'
import type { RunningProcess } from './process.ts'

/** Keeps the parts of the system running until they are stopped. */
export interface Supervisor {
  /** Starts a part and from then on starts it again whenever it ends by itself. */
  start(launch: () => Promise<RunningProcess>): Promise<void>
  /** Stops all parts, the last started first. */
  stop(): Promise<void>
  /** Rejects when a part ends so often that it is not started again. */
  failed: Promise<never>
}

const MAX_RESTARTS = 5
const WITHIN_MS = 60_000
const PAUSE_MS = 1000

/** The parts are noted in the data directory, so that they can be stopped should we be killed. */
export function createSupervisor(dataDir: DataDir): Supervisor {
  const parts: { current: RunningProcess; watch: Promise<void> }[] = []
  const stopping = new AbortController()
  let giveUp: (reason: Error) => void
  const failed = new Promise<never>((_, reject) => (giveUp = reject))
  failed.catch(() => undefined)

  async function launchNoted(launch: () => Promise<RunningProcess>): Promise<RunningProcess> {
    const part = await launch()
    dataDir.note(part)
    if (stopping.signal.aborted) await part.stop()
    return part
  }

  async function keepUp(part: { current: RunningProcess }, launch: () => Promise<RunningProcess>): Promise<void> {
    let restarts: number[] = []
    for (;;) {
      const { name, log } = part.current
      const how = await part.current.exited
      if (stopping.signal.aborted) return
      restarts = [...restarts.filter((at) => at > Date.now() - WITHIN_MS), Date.now()]
      if (restarts.length > MAX_RESTARTS) {
        throw new SetupError(`${name} 反复退出（${how}），不再重启。`, `${name} keeps ending (${how}) and is given up. Its log ends:\n${log().trimEnd().split('\n').slice(-15).join('\n')}`)
      }
      say(`! ${name} 意外退出（${how}），重新启动`, `${name} ended unexpectedly, starting it again`)
      await sleep(PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => undefined)
      if (stopping.signal.aborted) return
      part.current = await launchNoted(launch)
    }
  }

  return {
    failed,
    async start(launch) {
      stopping.signal.throwIfAborted()
      const part = { current: await launchNoted(launch), watch: Promise.resolve() }
      part.watch = keepUp(part, launch).catch((error: Error) => giveUp(error))
      parts.push(part)
    },
    async stop() {
      stopping.abort()
      for (const part of parts.reverse()) {
        await part.current.stop()
        await part.watch
      }
    },
  }
}
