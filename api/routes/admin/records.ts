/** The routes of one kind of record that administrators keep: list, add, change, remove. */
import type { PoolClient } from 'pg'
import { z } from 'zod'
import { changeKept, KINDS, listKept, type KindName, type Row } from '../../../db/directory/admin.ts'
import type { PersonInOffice } from '../../../db/directory/directory.ts'
import type { Role } from '../../../model/person.ts'
import { instant, prose } from '../../../workflows/kit/fields.ts'
import type { App } from '../../http/app-types.ts'
import { page, Paging } from '../../views/cursor.ts'
import { problem, type Problem } from '../../http/errors.ts'
import { refusing, type ApiDeps } from '../../cases/requests.ts'

/** A kind of record with its forms. */
export interface Resource<Added, Changed> {
  kind: KindName
  /** What one is called. */
  title: string
  /** A unit's leader keeps only what is the own unit's: {@link Resource.check} sees to it. */
  access: Role[]
  added: z.ZodType<Added>
  changed: z.ZodType<Changed>
  view: z.ZodType
  toNewRow(form: Added): Row
  /** Columns that it leaves out stay as they are. */
  toRow(form: Changed, before: Row): Row
  /** Refuses what forms alone cannot see: the whole rows, null where there was or will be none. @throws Problem */
  check?(client: PoolClient, before: Row | null, after: Row | null, caller: PersonInOffice): Promise<void>
  /** What is told once, to whoever has added it. */
  reveal?(form: Added, row: Row): object
}

/** The answer to a removal, as the description of the API has it. */
export const NO_CONTENT = { description: '已停用或者删除', type: 'null' } as const

const Id = z.strictObject({ id: z.string() })
const query = { q: prose('搜索', '编号、名称或者地址中的文字，几个词之间用空格分开', 100).optional(), ...Paging }
const Query = z.strictObject(query)
const QueryInTime = z.strictObject({ ...query, since: instant('起始时间', '只看此时尚未结束的').optional() })

/** Only what is the caller's to keep; undefined: everything. */
const scopeOf = ({ roles, unit }: PersonInOffice): string | undefined => roles.includes('admin') ? undefined : unit?.id ?? ''

/** @throws Problem unless the caller is an administrator or leads the unit */
export function mustLead(caller: PersonInOffice, unit: Row[string] | undefined): void {
  const scope = scopeOf(caller)
  if (scope !== undefined && scope !== unit) throw problem('not-permitted', '您只能安排本单位的人员。')
}

/** One wrong field. */
export const wrong = (pointer: string, detail: string): Problem => problem('bad-form', undefined, { errors: [{ pointer, detail }] })

/** Adds the routes of a resource under `/api/admin/<kind>`. */
export function keep<Added, Changed>(app: App, { db }: ApiDeps, resource: Resource<Added, Changed>): void {
  const { kind, title, access } = resource
  // A proxy does not prolong his own absence's power.
  const [path, tags, config] = [`/api/admin/${kind}`, ['管理'], { access, inOwnName: true }] as const
  const check = (caller: PersonInOffice) => async (client: PoolClient, before: Row | null, after: Row | null) => resource.check?.(client, before, after, caller)
  const change = <T>({ id }: PersonInOffice, run: () => Promise<T>) => refusing(db, { personId: id, caseNo: null, taskId: null, action: `admin ${kind}` }, run)

  list(app, { db }, resource)

  app.post(path, { config, schema: { tags, summary: `新增${title}`, body: resource.added, response: { 201: resource.view } } }, async (request, reply) => {
    const form = request.body as Added
    const row = resource.toNewRow(form)
    const view = await change(request.person, () => changeKept(db, { kind, by: request.person.id, toRow: () => row, check: check(request.person) }))
    return reply.code(201).send({ ...view, ...resource.reveal?.(form, row) })
  })

  app.put(`${path}/:id`, { config, schema: { tags, summary: `修改${title}`, params: Id, body: resource.changed, response: { 200: resource.view } } }, async ({ params, body, person }) =>
    change(person, () => changeKept(db, { kind, by: person.id, id: params.id, toRow: before => resource.toRow(body as Changed, before), check: check(person) })))

  app.delete(`${path}/:id`, { config, schema: { tags, summary: `停用或者删除${title}`, params: Id, response: { 204: NO_CONTENT } } }, async ({ params, person }, reply) => {
    await change(person, () => changeKept(db, { kind, by: person.id, id: params.id, check: check(person) }))
    return reply.code(204).send(null)
  })
}

/** Adds the list of a kind under `/api/admin/<kind>`. */
export function list(app: App, { db }: Pick<ApiDeps, 'db'>, { kind, title, access, view }: Pick<Resource<never, never>, 'kind' | 'title' | 'access' | 'view'>): void {
  app.get(`/api/admin/${kind}`, {
    config: { access, inOwnName: true },
    schema: { tags: ['管理'], summary: `${title}列表`, querystring: 'until' in KINDS[kind] ? QueryInTime : Query as typeof QueryInTime, response: { 200: z.object({ items: z.array(view), nextCursor: z.string().nullable() }) } },
  }, async ({ query: { q, since, limit, cursor: after }, person }) => {
    const found = await listKept(db.pool, kind, { q, since: since === undefined ? undefined : new Date(since), unit: scopeOf(person), after, limit })
    const { rows, nextCursor } = page(found, limit, kept => kept)
    return { items: rows.map(kept => kept.view), nextCursor }
  })
}
