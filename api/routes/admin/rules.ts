/** The rules in force: the calendar of announced years, and procedures' policies with what administrators changed of them. */
import { z } from 'zod'
import { CalendarYear, CalendarYears } from '../../../clock/calendar.ts'
import { LADDERS } from '../../../clock/ladders.ts'
import { listMoves, listRecounts } from '../../../db/rules/recounts.ts'
import { stepOf } from '../../../model/journey.ts'
import { page, Paging } from '../../views/cursor.ts'
import { findNames } from '../../../db/directory/directory.ts'
import { mayBe } from '../../../model/filing.ts'
import { toIso } from '../../../model/instants.ts'
import { isManned, listOverrides, listYears, removeOverride, saveOverride, saveYear, type Override, type Year } from '../../../db/rules/rules-admin.ts'
import { findProcedure, PROCEDURES } from '../../../workflows/catalogue.ts'
import { line, prose } from '../../../workflows/kit/fields.ts'
import type { Policy } from '../../../model/policy.ts'
import { toPointer } from '../../../workflows/kit/check-forms.ts'
import type { App } from '../../http/app-types.ts'
import { problem } from '../../http/errors.ts'
import { checkPatch, PolicyPatch } from '../../policy-patch.ts'
import { refusing, type ApiDeps } from '../../cases/requests.ts'
import { Json, Named } from '../../http/schemas.ts'
import { NO_CONTENT, wrong } from './records.ts'

const config = { access: ['admin'] } as const
const tags = ['管理']
const instant = z.iso.datetime({ offset: true })

const YearForm = z.strictObject({
  off: CalendarYear.shape.off.meta({ title: '放假日期' }), work: CalendarYear.shape.work.meta({ title: '调休上班日期' }), source: line('来源', 200, '如国务院办公厅通知的文号'),
}).meta({ examples: [{ off: ['2027-01-01'], work: [], source: '国办发明电〔2026〕1号' }] })
const YearView = z.object({ year: z.int(), off: z.array(z.string()), work: z.array(z.string()), source: z.string(), loadedAt: instant }).meta({ id: 'CalendarYearInForce', title: '年度放假安排（管理）' })

const viewYear = <Y extends Year>({ loadedAt, ...year }: Y) => ({ ...year, loadedAt: toIso(loadedAt) })

/** `/api/admin/calendar`. */
export function addCalendar(app: App, { db }: ApiDeps): void {
  app.get('/api/admin/calendar', { config, schema: { tags, summary: '已载入的年度放假安排', response: { 200: z.object({ items: z.array(YearView) }) } } },
    async () => ({ items: (await listYears(db.pool)).map(viewYear) }))

  app.put('/api/admin/calendar/:year', {
    config,
    schema: { tags, summary: '载入年度放假安排，并重算正在计算的期限', params: z.strictObject({ year: z.string().regex(/^20\d\d$/, '应为四位数的年份').meta({ title: '年份' }) }), body: YearForm, response: { 200: YearView.extend({ recount: z.string().meta({ title: '重算编号' }) }).meta({ id: 'CalendarYearLoaded', title: '已载入的放假安排', description: '重算在后台进行，进度见 /api/admin/recounts。' }) } },
  }, async ({ params: { year }, body, person }) => {
    checkYear(year, body)
    return viewYear(await saveYear(db, person.id, { year: Number(year), ...body }))
  })
}

const RecountView = z.object({
  id: z.string(), year: z.int(), by: Named, at: instant, looked: z.int().meta({ title: '已核对的案件数' }), moved: z.int().meta({ title: '期限有变动的案件数' }),
  waiting: z.int().meta({ title: '尚未重算的案件数', description: '其流程暂无应答，系统继续重试' }), doneAt: instant.nullable(),
}).meta({ id: 'Recount', title: '期限重算' })
const MoveView = z.object({ id: z.string(), caseNo: z.string(), title: z.string().meta({ title: '哪一项期限' }), from: instant, to: instant }).meta({ id: 'RecountMove', title: '变动的期限' })
const RECOUNTS = 20

/** `/api/admin/recounts`: what became of the running deadlines when the calendar changed. */
export function addRecounts(app: App, { db: { pool } }: ApiDeps): void {
  app.get('/api/admin/recounts', { config, schema: { tags, summary: '最近的期限重算', response: { 200: z.object({ items: z.array(RecountView) }) } } }, async () => {
    const recounts = await listRecounts(pool, RECOUNTS)
    const names = await findNames(pool, recounts.map(r => r.by))
    return { items: recounts.map(({ by: id, at, doneAt, ...rest }) => ({ ...rest, by: { id, name: names.get(id) ?? id }, at: toIso(at), doneAt: doneAt && toIso(doneAt) })) }
  })

  app.get('/api/admin/recounts/:id/moves', {
    config, schema: { tags, summary: '一次重算变动的期限', params: z.strictObject({ id: z.string().max(64) }), querystring: z.strictObject(Paging), response: { 200: z.object({ items: z.array(MoveView), nextCursor: z.string().nullable() }) } },
  }, async ({ params: { id }, query: { cursor, limit } }) => {
    const { rows, nextCursor } = page(await listMoves(pool, id, cursor, limit + 1), limit, move => ({ at: move.to, id: move.id }))
    return { items: rows.map(({ id: of, caseNo, from, to }) => ({ id: of, caseNo, title: clockTitle(of, caseNo), from: toIso(from), to: toIso(to) })), nextCursor }
  })
}

/** What a deadline is of, as far as an administrator may know: of restricted cases not the step. */
function clockTitle(id: string, caseNo: string): string {
  if (id === caseNo) return '全案'
  const { policy } = [...PROCEDURES.values()].find(p => caseNo.startsWith(`${p.policy.code}-`))!
  return mayBe(policy, 'restricted') ? '任务' : policy.tasks[stepOf(id)]?.title ?? '审批延期'
}

/** The rules between dates: the year's own, no day both off and worked, only weekends are worked. @throws Problem */
function checkYear(year: string, { off, work }: z.infer<typeof YearForm>): void {
  const parsed = CalendarYears.safeParse({ [year]: { off, work } })
  if (!parsed.success) throw problem('bad-form', undefined, { errors: parsed.error.issues.map(({ path, message }) => ({ pointer: toPointer(path.slice(1)), detail: message })) })
}

const Clock = z.object({ n: z.number(), unit: z.string(), source: z.string(), custody: z.literal(true).optional() })
const Timed = { clock: z.union([Clock, z.record(z.string(), Clock)]).nullable(), ladder: Json.nullable() }
const PolicyView = z.object({
  procedure: z.string(), title: z.string(), ...Timed, figures: Json.nullable(),
  tasks: z.array(z.object({ name: z.string(), title: z.string(), unit: z.string(), role: z.string(), lapses: z.boolean().meta({ description: '到期视为放弃，不出牌' }), ...Timed })),
  overrides: z.array(z.object({ task: z.string(), patch: Json, reason: z.string(), changedBy: Named, changedAt: instant })),
}).meta({ id: 'PolicyInForce', title: '流程配置', description: '现行数值及其修改。task 为空：全案。ladder 为 null：按期限单位的默认阶梯，见 ladders。' })

const Change = z.strictObject({
  task: z.string().max(64).default('').meta({ title: '任务', description: '不填：全案' }), patch: PolicyPatch.meta({ title: '修改内容' }), reason: prose('理由'),
})
const ProcedureKey = z.strictObject({ procedure: z.string() })

function viewPolicy({ key, title, clock, ladder, figures, tasks }: Policy, overrides: Override[], names: Map<string, string>): z.infer<typeof PolicyView> {
  return {
    procedure: key, title, clock: clock ?? null, ladder: (ladder ?? null) as z.core.util.JSONType, figures: figures ?? null,
    tasks: Object.entries(tasks).map(([name, task]) => ({ name, title: task.title, unit: task.unit, role: task.role, lapses: task.lapses ?? false, clock: task.clock, ladder: (task.ladder ?? null) as z.core.util.JSONType })),
    overrides: overrides.filter(o => o.procedure === key).map(({ task, patch, reason, changedBy: id, changedAt }) =>
      ({ task, patch: patch as z.core.util.JSONType, reason, changedBy: { id, name: names.get(id) ?? id }, changedAt: toIso(changedAt) })),
  }
}

/** `/api/admin/policies`. What is changed holds for tasks opened later. */
export function addPolicies(app: App, { db, rules }: ApiDeps): void {
  async function view(keys: Iterable<string>) {
    const overrides = await listOverrides(db.pool)
    const names = await findNames(db.pool, overrides.map(o => o.changedBy))
    return Promise.all([...keys].map(async key => viewPolicy((await rules(key)).policy, overrides, names)))
  }

  /** Nothing may come to a queue that nobody can take from. @throws Problem */
  async function checkManned(policy: Policy, name: string, { unit, role }: PolicyPatch): Promise<void> {
    const task = policy.tasks[name]
    if (!task || (unit ?? role) === undefined || (unit ?? task.unit) === '') return
    if (!await isManned(db.pool, unit ?? task.unit, role ?? task.role)) throw wrong(unit === undefined ? '/patch/role' : '/patch/unit', '办理单位：没有这个单位，或者该单位没有此角色的在用人员')
  }

  app.get('/api/admin/policies', { config, schema: { tags, summary: '各流程的现行配置', response: { 200: z.object({ items: z.array(PolicyView), ladders: z.record(z.string(), Json).meta({ description: '各期限单位的默认阶梯' }) }) } } },
    async () => ({ items: await view(PROCEDURES.keys()), ladders: LADDERS as never }))

  app.put('/api/admin/policies/:procedure', {
    config, schema: { tags, summary: '修改流程配置，对此后开始的任务生效', params: ProcedureKey, body: Change, response: { 200: PolicyView } },
  }, async ({ params: { procedure: key }, body: { task, patch, reason }, person }) => {
    const procedure = findProcedure(key)
    if (!procedure) throw problem('not-found')
    const checked = checkPatch(procedure.policy, task, patch)
    if ('errors' in checked) throw problem('bad-form', undefined, { errors: checked.errors })
    await checkManned(procedure.policy, task, patch)
    await saveOverride(db, person.id, key, task, checked.patch, reason)
    return (await view([key]))[0]!
  })

  app.delete('/api/admin/policies/:procedure', {
    config, schema: { tags, summary: '恢复默认配置', params: ProcedureKey, querystring: Change.pick({ task: true }), response: { 204: NO_CONTENT } },
  }, async ({ params: { procedure }, query: { task }, person }, reply) => {
    await refusing(db, { personId: person.id, caseNo: null, taskId: null, action: 'admin policies' }, () => removeOverride(db, person.id, procedure, task))
    return reply.code(204).send(null)
  })
}
