/** 计划: what the calendar opens, what it has opened, and what it should have. */
import { z } from 'zod'
import { openingsOf, readPeriod } from '../../clock/recurrence.ts'
import { listRecurrences } from '../../db/recurrences.ts'
import { shanghaiDate, toIso } from '../../model/instants.ts'
import { PROCEDURES } from '../../workflows/catalogue.ts'
import { date } from '../../workflows/kit/fields.ts'
import type { ApiDeps } from '../cases/requests.ts'
import type { Routes } from '../http/app-types.ts'
import { page, Paging } from '../views/cursor.ts'

const DAY_MS = 86_400_000
const MAX_DAYS = 5 * 366
const dayAfter = (day: string, n: number) => new Date(Date.parse(day) + n * DAY_MS).toISOString().slice(0, 10)

const Query = z.strictObject({
  from: date('起始日期', '缺省为今天前 31 天').optional(),
  until: date('截止日期', '含当日；缺省为起始日期后 122 天').optional(),
  ...Paging,
}).transform(({ from = dayAfter(shanghaiDate(new Date()), -31), until = dayAfter(from, 122), ...rest }) => ({ ...rest, from, until }))
  .refine(({ from, until }) => from <= until, { path: ['from'], error: '不能晚于截止日期' })
  .refine(({ from, until }) => Date.parse(until) - Date.parse(from) < MAX_DAYS * DAY_MS, { path: ['from'], error: '起止日期不能相距五年以上' })

const Planned = z.object({
  procedure: z.string(), title: z.string(), unit: z.string(), period: z.string(), periodTitle: z.string(),
  opensOn: z.iso.date(), provisional: z.boolean().meta({ description: '所在年份的放假安排尚未公布，日期可能变动。' }),
  state: z.enum(['coming', 'opened', 'late', 'failed', 'missed']).meta({ description: 'coming 未到开立日；opened 已按时开立；late 逾期补开；failed 未能全部开立；missed 应开立而未开立' }),
  openedAt: z.iso.datetime({ offset: true }).nullable(), cases: z.int().meta({ description: '开立的件数' }), failure: z.string().nullable(),
}).meta({ id: 'Planned', title: '计划' })
type Planned = z.infer<typeof Planned>

/** `/api/plan`. */
export const planRoutes = ({ db: { pool }, rules }: ApiDeps): Routes => async (app) => {
  app.get('/api/plan', {
    config: { access: ['handler', 'unit-leader', 'duty-desk', 'legal-reviewer', 'office', 'bureau-leader', 'auditor'] },
    schema: { tags: ['督办'], summary: '按日历开立的工作：何时开立、已经开立、应开立而未开立', querystring: Query, response: { 200: z.object({ items: z.array(Planned), nextCursor: z.string().nullable(), total: z.int() }) } },
  }, async ({ query: { from, until, cursor, limit } }) => {
    const now = new Date()
    const kept = new Map((await listRecurrences(pool, { from, until })).map(r => [`${r.procedure} ${r.period}`, r]))
    const planned: Planned[] = []
    for (const { policy: { key, owner, recurs } } of PROCEDURES.values()) {
      if (!recurs) continue
      const { policy, calendar } = await rules(key)
      for (const { period, opensOn, provisional } of openingsOf(recurs, calendar, { from, until })) {
        const found = kept.get(`${key} ${period}`)
        const openedAt = found?.openedAt ?? null
        const state = openedAt ? shanghaiDate(openedAt) > opensOn ? 'late' : 'opened' : found?.failure ? 'failed' : opensOn < shanghaiDate(now) ? 'missed' : 'coming'
        planned.push({ procedure: key, title: policy.title, unit: owner, period, periodTitle: readPeriod(period), opensOn, provisional, state, openedAt: openedAt && toIso(openedAt), cases: found?.cases ?? 0, failure: found?.failure ?? null })
      }
    }
    planned.sort((a, b) => positionOf(a).at.getTime() - positionOf(b).at.getTime() || (positionOf(a).id < positionOf(b).id ? -1 : 1))
    const rest = cursor ? planned.filter(p => positionOf(p).at > cursor.at || (positionOf(p).at.getTime() === cursor.at.getTime() && positionOf(p).id > cursor.id)) : planned
    const { rows: items, nextCursor } = page(rest, limit, positionOf)
    return { items, nextCursor, total: planned.length }
  })
}

const positionOf = ({ opensOn, procedure, period }: Planned) => ({ at: new Date(opensOn), id: `${procedure} ${period}` })
