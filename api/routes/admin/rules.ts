/** The rules in force: the calendar of announced years, and procedures' policies with what administrators changed of them. */
import { z } from 'zod'
import { CalendarYear, CalendarYears } from '../../../clock/calendar.ts'
import { LADDERS } from '../../../clock/ladders.ts'
import { findNames } from '../../../db/directory/directory.ts'
import { toIso } from '../../../model/instants.ts'
import { countOpen, isManned, listConcerned, listOverrides, listYears, removeOverride, saveOverride, saveYear, type Override, type Year } from '../../../db/rules/rules-admin.ts'
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
const Replanned = YearView.extend({ replanned: z.int().meta({ title: '已重算期限的案件数' }), failed: z.int().meta({ title: '未能重算的案件数' }) })
  .meta({ id: 'CalendarYearLoaded', title: '已载入的放假安排', description: 'failed 大于 0 时，请稍后再次提交同一年度。' })

/** Cases recomputed at the same time: the workflow engine has others to serve. */
const replansAtOnce = 8

const viewYear = ({ loadedAt, ...year }: Year) => ({ ...year, loadedAt: toIso(loadedAt) })

/** `/api/admin/calendar`. */
export function addCalendar(app: App, { db, engine }: ApiDeps): void {
  app.get('/api/admin/calendar', { config, schema: { tags, summary: '已载入的年度放假安排', response: { 200: z.object({ items: z.array(YearView) }) } } },
    async () => ({ items: (await listYears(db.pool)).map(viewYear) }))

  app.put('/api/admin/calendar/:year', {
    config,
    schema: { tags, summary: '载入年度放假安排，并重算暂定期限', params: z.strictObject({ year: z.string().regex(/^20\d\d$/, '应为四位数的年份').meta({ title: '年份' }) }), body: YearForm, response: { 200: Replanned } },
  }, async ({ params: { year }, body, person }) => {
    checkYear(year, body)
    const saved = await saveYear(db, person.id, { year: Number(year), ...body })
    const concerned = await listConcerned(db.pool, saved.year)
    const failed = await replan(concerned, engine.replanCase)
    // A case that has ended meanwhile needs it no more.
    return { ...viewYear(saved), replanned: concerned.length - failed.length, failed: await countOpen(db.pool, failed) }
  })
}

/** The rules between dates: the year's own, no day both off and worked, only weekends are worked. @throws Problem */
function checkYear(year: string, { off, work }: z.infer<typeof YearForm>): void {
  const parsed = CalendarYears.safeParse({ [year]: { off, work } })
  if (!parsed.success) throw problem('bad-form', undefined, { errors: parsed.error.issues.map(({ path, message }) => ({ pointer: toPointer(path.slice(1)), detail: message })) })
}

/** Recomputes the deadlines of cases; answers those for which it failed. */
async function replan(caseNos: string[], replanCase: (caseNo: string) => Promise<void>): Promise<string[]> {
  const failed: string[] = []
  const left = caseNos.values()
  await Promise.all(Array.from({ length: replansAtOnce }, async () => {
    for (const caseNo of left) await replanCase(caseNo).catch(() => failed.push(caseNo))
  }))
  return failed
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
