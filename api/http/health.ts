import { setTimeout as delay } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { problem } from './errors.ts'

/** What readiness asks: each part's check returns when the part works and throws when it does not. */
export type Checks = Record<string, () => Promise<unknown>>

/** How long one check may take, in milliseconds. */
const checkTimeoutMs = 2000

/** Parts by their name in {@link Checks}, as an operator calls them. */
const TITLES: Record<string, string> = { database: '数据库', temporal: '流程引擎（Temporal）', worker: '流程执行进程（worker）' }

const Live = z.object({ status: z.literal('up') })
const Ready = Live.extend({ checks: z.record(z.string(), z.enum(['up', 'down'])) })

async function tooLate(): Promise<never> {
  await delay(checkTimeoutMs, undefined, { ref: false })
  throw new Error('no answer in time')
}

/** `GET /health/live`: the process answers. `GET /health/ready`: it can work; if not, which part is missing. */
export function addHealth(app: FastifyInstance, checks: Checks): void {
  const open = (summary: string, answer: z.ZodType) => ({ config: { access: 'public', rateLimit: false }, schema: { tags: ['运行'], summary, response: { 200: answer } } }) as const
  app.get('/health/live', open('接口进程在运行', Live), async () => ({ status: 'up' }))
  app.get('/health/ready', open('各部分是否就绪；未就绪为 503，checks 指明缺哪一部分', Ready), async (request) => {
    const missing: string[] = []
    const states = await Promise.all(Object.entries(checks).map(async ([name, check]) => {
      try {
        await Promise.race([check(), tooLate()])
        return [name, 'up']
      } catch (err) {
        request.log.warn({ part: name, err }, 'part not ready')
        missing.push(TITLES[name] ?? name)
        return [name, 'down']
      }
    }))
    const body = { checks: Object.fromEntries(states) as Record<string, 'up' | 'down'> }
    if (missing.length > 0) throw problem('not-ready', `尚未就绪：${missing.join('、')}。`, { extensions: body })
    return { status: 'up', ...body }
  })
}
