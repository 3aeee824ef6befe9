/** What auditors read. Nothing here can be changed, by them or by anybody. */
import { z } from 'zod'
import { findCalled, listAccess, listAdministration, listRefusals, type AccessEntry, type AdminEntry, type LogQuery, type RefusalEntry } from '../../db/audit.ts'
import { findNames, listUnits } from '../../db/directory/directory.ts'
import { shanghaiDate, toIso } from '../../model/instants.ts'
import { findProcedure } from '../../workflows/catalogue.ts'
import { caseNumber, instant } from '../../workflows/kit/fields.ts'
import { CASE_ACTION_TEXTS, TASK_ACTION_TEXTS } from '../cases/allowed-actions.ts'
import type { ApiDeps } from '../cases/requests.ts'
import type { Part } from '../cases/visible-case.ts'
import type { Routes } from '../http/app-types.ts'
import { problem, PROBLEMS } from '../http/errors.ts'
import { Json, Named } from '../http/schemas.ts'
import { describeChange } from '../views/change-words.ts'
import { Paging } from '../views/cursor.ts'
import { noteExport } from '../views/export-words.ts'
import { sendWorkbook, Workbook, type Sheet } from '../views/xlsx.ts'

/** More rows than this no workbook holds; it says so itself. */
const MAX_ROWS = 10_000

const text = (title: string, description?: string) => z.string().min(1).max(200).meta({ title, ...(description && { description }) }).optional()
const when = (title: string) => instant(title).transform(at => new Date(at)).optional()
const common = { person: text('人员', '编号或者姓名，同名的都算'), since: when('不早于'), until: when('早于') }
const paging = { limit: Paging.limit, cursor: z.coerce.number().int().min(1).meta({ title: '翻页位置', description: '上一页的 nextCursor' }).optional() }

const AccessFilter = z.strictObject({ ...common, caseNo: caseNumber('案件编号').optional(), allowed: z.enum(['0', '1']).meta({ title: '是否准许' }).optional() })
const RefusalFilter = z.strictObject({ ...common, caseNo: caseNumber('案件编号').optional(), code: text('拒绝原因', '如 conflict-of-interest') })
const AdministrationFilter = z.strictObject({ ...common, what: text('对象', '可只填开头，如 people/') })

const entry = { id: z.int(), at: z.iso.datetime({ offset: true }), person: Named }
const Access = z.object({ ...entry, caseNo: z.string().nullable(), what: z.array(z.string()), parts: z.string(), allowed: z.boolean() }).meta({
  id: 'AccessEntry', title: '查阅记录', description: '受限案件的查阅、被拒绝的查阅，以及列表和审计记录的导出（caseNo 为 null，写明导出了什么、按什么筛选）。同一人员一分钟之内对同一案件的查阅，结果相同的合为一条：at 为其中第一次，what 为看了哪些内容，parts 为其文字。',
})
const Refusal = z.object({ ...entry, caseNo: z.string().nullable(), taskId: z.string().nullable(), action: z.string(), actionTitle: z.string(), code: z.string() }).meta({ id: 'RefusalEntry', title: '拒绝记录' })
const Administration = z.object({ ...entry, what: z.string(), object: z.string(), changes: z.array(z.string()), before: Json.nullable(), after: Json.nullable() }).meta({
  id: 'AdministrationEntry', title: '管理操作记录', description: 'object、changes：改了什么，用文字说明；what、before、after：原始记录。',
})

const pageOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item), nextCursor: z.string().nullable() })

const OTHER_ACTIONS: Record<string, string> = { 'add-material': '添加材料', 'retry-notice': '重发通知' }

/** What of a case was looked at. */
const PARTS: Record<Part, string> = {
  case: '案件', events: '办理经过', journey: '办理进程', verify: '校验', clock: '期限说明', task: '任务', action: '操作', export: '导出', material: '材料', document: '文书', payload: '流程数据',
}

/** What somebody wanted to do, as it is named on the pages. */
function actionTitle(action: string): string {
  const [verb, of = ''] = action.split(' ')
  if (verb === 'file') return `提交：${findProcedure(of)?.policy.title ?? of}`
  if (verb === 'admin') return `管理：${of}`
  return ({ ...CASE_ACTION_TEXTS, ...TASK_ACTION_TEXTS } as Record<string, { title: string }>)[action]?.title ?? OTHER_ACTIONS[action] ?? action
}

/** `/api/audit`: each log page by page, and as a workbook of all that the same filter finds. */
export const auditRoutes = ({ db: { pool } }: ApiDeps): Routes => async (app) => {
  const config = { access: ['auditor'] } as const
  const tags = ['审计']

  /** A page of entries; `found` holds one more than `limit` where there is more. */
  async function page<Entry extends { id: number }, View>(found: Entry[], limit: number, view: (entries: Entry[]) => Promise<View[]>) {
    const entries = found.slice(0, limit)
    return { items: await view(entries), nextCursor: found.length > limit ? String(entries.at(-1)!.id) : null }
  }

  /** Entries with the names of those who acted. */
  async function named<Entry extends { at: Date, personId: string }>(entries: Entry[]) {
    const names = await findNames(pool, entries.map(e => e.personId))
    return entries.map(({ personId, at, ...rest }) => ({ ...rest, at: toIso(at), person: { id: personId, name: names.get(personId) ?? personId } }))
  }
  const viewAccess = async (entries: AccessEntry[]) =>
    (await named(entries)).map(one => ({ ...one, parts: one.what.map(part => PARTS[part as Part] ?? part.replace(/^export /, '导出')).join('、') }))
  const viewRefusals = async (entries: RefusalEntry[]) => (await named(entries)).map(one => ({ ...one, actionTitle: actionTitle(one.action) }))
  async function viewAdministration(entries: AdminEntry[]) {
    const units = new Map((await listUnits(pool)).map(({ id, name }) => [id, name]))
    return (await named(entries)).map(one => ({ ...one, ...describeChange(one, units) }))
  }

  /** What is asked for, with the people that are meant. @throws Problem when nobody is called so */
  async function meant<Query extends { person?: string | undefined }>({ person, ...query }: Query) {
    if (person === undefined) return query
    const people = await findCalled(pool, person)
    if (people.length === 0) throw problem('bad-form', undefined, { errors: [{ pointer: '/person', detail: `没有名为“${person}”的人员，也没有人用这个编号` }] })
    return { ...query, people }
  }
  const asLooks = ({ allowed, ...query }: z.output<typeof AccessFilter>) => meant({ ...query, allowed: allowed === undefined ? undefined : allowed === '1' })

  app.get('/api/audit/access', { config, schema: { tags, summary: '查阅记录，新的在前', querystring: AccessFilter.extend(paging), response: { 200: pageOf(Access) } } },
    async ({ query: { cursor: before, limit, ...query } }) => page(await listAccess(pool, { ...await asLooks(query), before, limit }), limit, viewAccess))

  app.get('/api/audit/refusals', { config, schema: { tags, summary: '拒绝记录，新的在前', querystring: RefusalFilter.extend(paging), response: { 200: pageOf(Refusal) } } },
    async ({ query: { cursor: before, limit, ...query } }) => page(await listRefusals(pool, { ...await meant(query), before, limit }), limit, viewRefusals))

  app.get('/api/audit/admin', { config, schema: { tags, summary: '管理操作记录，新的在前', querystring: AdministrationFilter.extend(paging), response: { 200: pageOf(Administration) } } },
    async ({ query: { cursor: before, limit, ...query } }) => page(await listAdministration(pool, { ...await meant(query), before, limit }), limit, viewAdministration))

  /** A workbook of the first rows; that somebody takes them along is noted before they go. */
  async function workbook<Entry>(personId: string, name: string, asked: [fields: z.ZodObject, query: object], found: Entry[], columns: Sheet['columns'], rowsOf: (entries: Entry[]) => Promise<Sheet['rows']>): Promise<[string, Sheet[]]> {
    const rows = await rowsOf(found.slice(0, MAX_ROWS))
    if (found.length > MAX_ROWS) rows.push([`只导出了最近的 ${MAX_ROWS} 条，更早的没有导出：请按日期分段导出。`])
    await noteExport(pool, personId, name, asked[0], asked[1] as Parameters<typeof noteExport>[4])
    return [`${name} ${shanghaiDate(new Date())}`, [{ name, columns, rows }]]
  }
  const all: Pick<LogQuery, 'limit'> = { limit: MAX_ROWS }
  const WHO: Sheet['columns'] = [['时间', 18], ['人员', 24], ['人员编号', 18]]
  const who = ({ at, person }: { at: string, person: { id: string, name: string } }) => [new Date(at), person.name, person.id]

  app.get('/api/audit/access.xlsx', { config, schema: { tags, summary: '查阅记录（Excel）', querystring: AccessFilter, response: { 200: Workbook } } }, async ({ person, query }, reply) =>
    sendWorkbook(reply, ...await workbook(person.id, '查阅记录', [AccessFilter, query], await listAccess(pool, { ...await asLooks(query), ...all }), [...WHO, ['案件', 16], ['查阅内容', 40], ['结果', 8]],
      async found => (await viewAccess(found)).map(one => [...who(one), one.caseNo ?? '', one.parts, one.allowed ? '准许' : '被拒']))))

  app.get('/api/audit/refusals.xlsx', { config, schema: { tags, summary: '拒绝记录（Excel）', querystring: RefusalFilter, response: { 200: Workbook } } }, async ({ person, query }, reply) =>
    sendWorkbook(reply, ...await workbook(person.id, '拒绝记录', [RefusalFilter, query], await listRefusals(pool, { ...await meant(query), ...all }), [...WHO, ['案件', 16], ['任务', 26], ['想做的', 24], ['拒绝原因', 18]],
      async found => (await viewRefusals(found)).map(one => [...who(one), one.caseNo ?? '', one.taskId ?? '', one.actionTitle, PROBLEMS[one.code as keyof typeof PROBLEMS]?.title ?? one.code]))))

  app.get('/api/audit/admin.xlsx', { config, schema: { tags, summary: '管理操作记录（Excel）', querystring: AdministrationFilter, response: { 200: Workbook } } }, async ({ person, query }, reply) =>
    sendWorkbook(reply, ...await workbook(person.id, '管理操作', [AdministrationFilter, query], await listAdministration(pool, { ...await meant(query), ...all }), [...WHO, ['对象', 40], ['变更', 80]],
      async found => (await viewAdministration(found)).map(one => [...who(one), one.object, one.changes.join('；')]))))
}
