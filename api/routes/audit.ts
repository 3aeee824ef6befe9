/** What auditors read. Nothing here can be changed, by them or by anybody. */
import { z } from 'zod'
import { listAccess, listAdministration, listRefusals } from '../../db/audit.ts'
import { findNames } from '../../db/directory/directory.ts'
import { toIso } from '../../model/instants.ts'
import { findProcedure } from '../../workflows/catalogue.ts'
import { caseNumber, instant } from '../../workflows/kit/fields.ts'
import { CASE_ACTION_TEXTS, TASK_ACTION_TEXTS } from '../cases/allowed-actions.ts'
import type { Routes } from '../http/app-types.ts'
import { Paging } from '../views/cursor.ts'
import type { ApiDeps } from '../cases/requests.ts'
import { Json, Named } from '../http/schemas.ts'

const text = (title: string, description?: string) => z.string().min(1).max(200).meta({ title, ...(description && { description }) }).optional()
const when = (title: string) => instant(title).transform(at => new Date(at)).optional()
const common = {
  person: text('人员编号'), since: when('不早于'), until: when('早于'), limit: Paging.limit,
  cursor: z.coerce.number().int().min(1).meta({ title: '翻页位置', description: '上一页的 nextCursor' }).optional(),
}

const entry = { id: z.int(), at: z.iso.datetime({ offset: true }), person: Named }
const Access = z.object({ ...entry, caseNo: z.string(), what: z.string(), allowed: z.boolean() }).meta({ id: 'AccessEntry', title: '查阅记录', description: '受限案件的查阅，以及被拒绝的查阅。' })
const Refusal = z.object({ ...entry, caseNo: z.string().nullable(), taskId: z.string().nullable(), action: z.string(), actionTitle: z.string(), code: z.string() }).meta({ id: 'RefusalEntry', title: '拒绝记录' })
const Administration = z.object({ ...entry, what: z.string(), before: Json.nullable(), after: Json.nullable() }).meta({ id: 'AdministrationEntry', title: '管理操作记录' })

const pageOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item), nextCursor: z.string().nullable() })

const OTHER_ACTIONS: Record<string, string> = { 'add-material': '添加材料', 'retry-notice': '重发通知' }

/** What somebody wanted to do, as it is named on the pages. */
function actionTitle(action: string): string {
  const [verb, of = ''] = action.split(' ')
  if (verb === 'file') return `申请：${findProcedure(of)?.policy.title ?? of}`
  if (verb === 'admin') return `管理：${of}`
  return ({ ...CASE_ACTION_TEXTS, ...TASK_ACTION_TEXTS } as Record<string, { title: string }>)[action]?.title ?? OTHER_ACTIONS[action] ?? action
}

/** `/api/audit`. */
export const auditRoutes = ({ db }: ApiDeps): Routes => async (app) => {
  const config = { access: ['auditor'] } as const
  const tags = ['审计']

  /** A page of entries with the names of those who acted; `found` holds one more than `limit` where there is more. */
  async function view<Entry extends { id: number, at: Date, personId: string }>(found: Entry[], limit: number) {
    const entries = found.slice(0, limit)
    const names = await findNames(db.pool, entries.map(e => e.personId))
    return {
      items: entries.map(({ personId, at, ...rest }) => ({ ...rest, at: toIso(at), person: { id: personId, name: names.get(personId) ?? personId } })),
      nextCursor: found.length > limit ? String(entries.at(-1)!.id) : null,
    }
  }

  app.get('/api/audit/access', {
    config,
    schema: { tags, summary: '查阅记录，新的在前', querystring: z.strictObject({ ...common, caseNo: caseNumber('案件编号').optional(), allowed: z.enum(['0', '1']).meta({ title: '是否准许' }).optional() }), response: { 200: pageOf(Access) } },
  }, async ({ query: { cursor: before, allowed, ...query } }) =>
    view(await listAccess(db.pool, { ...query, before, allowed: allowed === undefined ? undefined : allowed === '1' }), query.limit))

  app.get('/api/audit/refusals', {
    config,
    schema: { tags, summary: '拒绝记录，新的在前', querystring: z.strictObject({ ...common, caseNo: caseNumber('案件编号').optional(), code: text('拒绝原因', '如 conflict-of-interest') }), response: { 200: pageOf(Refusal) } },
  }, async ({ query: { cursor: before, ...query } }) => {
    const { items, nextCursor } = await view(await listRefusals(db.pool, { ...query, before }), query.limit)
    return { items: items.map(item => ({ ...item, actionTitle: actionTitle(item.action) })), nextCursor }
  })

  app.get('/api/audit/admin', {
    config,
    schema: { tags, summary: '管理操作记录，新的在前', querystring: z.strictObject({ ...common, what: text('对象', '可只填开头，如 people/') }), response: { 200: pageOf(Administration) } },
  }, async ({ query: { cursor: before, ...query } }) => view(await listAdministration(db.pool, { ...query, before }), query.limit))
}
