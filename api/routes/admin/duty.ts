/** Absences with their proxies (代理), and the duty roster (值班表): kept by administrators, and by leaders for their own unit. */
import { randomUUID } from 'node:crypto'
import type { PoolClient } from 'pg'
import { z } from 'zod'
import { KINDS, type Row } from '../../../db/directory/admin.ts'
import type { Queryable } from '../../../db/connect.ts'
import { asWho, type PersonInOffice } from '../../../db/directory/directory.ts'
import { cancelShift, enterShift, replaceShift, type Entry } from '../../../db/roster/entries.ts'
import { findShift } from '../../../db/roster/read.ts'
import { openForAbsence } from '../../../db/roster/shifts.ts'
import type { Role } from '../../../model/person.ts'
import { CENTRE, fitsShift } from '../../../model/roster.ts'
import { DUTY_STEPS } from '../../../workflows/catalogue.ts'
import { id, instant, line } from '../../../workflows/kit/fields.ts'
import type { App } from '../../http/app-types.ts'
import { refusing, type ApiDeps } from '../../cases/requests.ts'
import { Named } from '../../http/schemas.ts'
import { problem } from '../../http/errors.ts'
import { keep, list, mustLead, NO_CONTENT, wrong } from './records.ts'

const span = { from: instant('开始时间'), until: instant('结束时间') }
type Span = { from: string, until: string }

function checkSpan({ from, until }: Span, ctx: z.RefinementCtx): void {
  if (Date.parse(from) >= Date.parse(until)) ctx.addIssue({ code: 'custom', path: ['until'], message: '应晚于开始时间' })
}

/** A shift lasts at most a day. */
function checkShift({ from, until }: Span, ctx: z.RefinementCtx): void {
  checkSpan({ from, until }, ctx)
  if (Date.parse(until) - Date.parse(from) > 24 * 3_600_000) ctx.addIssue({ code: 'custom', path: ['until'], message: '一个班最长 24 小时' })
}

const toSpan = ({ from, until }: Span): Row => ({ from_at: from, until_at: until })
const viewed = { from: z.iso.datetime({ offset: true }), until: z.iso.datetime({ offset: true }) }

const Absence = z.strictObject({ person: id('缺勤人'), proxy: id('代理人'), ...span }).superRefine(checkSpan)
const Shift = z.strictObject({ unit: id('单位'), person: id('值班人'), ...span, reason: line('理由', 200, '休息不足而须紧急安排的，须写明').optional() }).superRefine(checkShift)

const toAbsence = ({ person, proxy, ...rest }: z.infer<typeof Absence>): Row => ({ person_id: person, proxy_id: proxy, ...toSpan(rest) })
const toEntry = ({ unit, person, from, until, reason }: z.infer<typeof Shift>): Entry => ({ unitId: unit, personId: person, fromAt: new Date(from), untilAt: new Date(until), reason })

interface Member { unit: string | null, roles: Role[] }

async function findMember(client: Queryable, person: unknown): Promise<Member | undefined> {
  return (await client.query('SELECT unit_id AS unit, roles FROM person WHERE id = $1 AND active', [person])).rows[0]
}

/** Does case work as a member of the unit. */
const worksIn = (member: Member | undefined, unit: unknown) => member !== undefined && member.unit === unit && !member.roles.some(role => role === 'admin' || role === 'auditor')

async function checkAbsence(client: PoolClient, after: Row, caller: PersonInOffice): Promise<void> {
  const absent = await findMember(client, after.person_id)
  if (!absent?.unit) throw wrong('/person', '缺勤人：没有这名在用人员，或者不属于任何单位')
  mustLead(caller, absent.unit)
  const proxy = await findMember(client, after.proxy_id)
  if (after.proxy_id === after.person_id || !worksIn(proxy, absent.unit)) throw wrong('/proxy', '代理人：应为同一单位的其他在用办案人员')
  const { rows } = await client.query('SELECT FROM absence WHERE person_id = $1 AND id <> $2 AND from_at < $4 AND until_at > $3', [after.person_id, after.id, after.from_at, after.until_at])
  if (rows.length > 0) throw problem('already-exists', '该人员在这段时间内已登记缺勤。')
  if (await leadsBack(client, after)) throw wrong('/proxy', '代理人：此人在这段时间内也缺勤，其任务最终又由缺勤人代理，形成循环，请另选代理人')
}

/** Whether, at any time of an absence, its proxy is away too and the chain of proxies ends at the absent person. */
async function leadsBack(client: PoolClient, { id, person_id: person, proxy_id: proxy, from_at: from, until_at: until }: Row): Promise<boolean> {
  const { rows } = await client.query(`WITH RECURSIVE chain(id, from_at, until_at) AS (
      SELECT $1::text, $2::timestamptz, $3::timestamptz UNION SELECT a.proxy_id, greatest(a.from_at, c.from_at), least(a.until_at, c.until_at)
      FROM chain c JOIN absence a ON a.person_id = c.id AND a.id <> $4 AND a.from_at < c.until_at AND a.until_at > c.from_at)
    SELECT FROM chain WHERE id = $5 LIMIT 1`, [proxy, from, until, id, person])
  return rows.length > 0
}

/** `/api/admin/{absences,roster}`. */
export function addDuty(app: App, deps: ApiDeps): void {
  addAbsences(app, deps)
  addRoster(app, deps)
}

const access: Role[] = ['admin', 'unit-leader']

function addAbsences(app: App, deps: ApiDeps): void {
  keep(app, deps, {
    kind: 'absences', title: '缺勤与代理', access, added: Absence, changed: Absence,
    view: z.object({ id: z.string(), person: Named, proxy: Named, ...viewed }).meta({ id: 'Absence', title: '缺勤与代理' }),
    toNewRow: form => ({ id: randomUUID(), ...toAbsence(form) }), toRow: toAbsence,
    async check(client, before, after, caller) {
      if (before) mustLead(caller, (await client.query('SELECT unit_id FROM person WHERE id = $1', [before.person_id])).rows[0].unit_id)
      if (!after) return
      await checkAbsence(client, after, caller)
      // Shifts inside it are open from now on: the proxy does not inherit them silently.
      await openForAbsence(client, deps.db.mail, caller.id, { id: String(after.id), person: String(after.person_id), fromAt: new Date(String(after.from_at)), untilAt: new Date(String(after.until_at)) })
    },
  })
}

const Id = z.strictObject({ id: z.string() })

/** Shifts one by one, as they are taken over from elsewhere; the roster itself is made, changed and kept under `/api/roster`. */
function addRoster(app: App, deps: ApiDeps): void {
  const { db } = deps
  const view = z.object({ id: z.string(), unit: Named, person: Named.nullable(), ...viewed }).meta({ id: 'Shift', title: '值班安排' })
  list(app, deps, { kind: 'roster', title: '值班安排', access, view })
  const [tags, config, path] = [['管理'], { access, inOwnName: true } as const, '/api/admin/roster']
  const show = async (via: Queryable, one: string) => (await via.query(`SELECT ${KINDS.roster.view} AS view FROM roster t WHERE t.id = $1`, [one])).rows[0].view
  const change = async (person: PersonInOffice, run: (by: Parameters<typeof enterShift>[1]) => Promise<string>) => {
    const id = await refusing(db, { personId: person.id, caseNo: null, taskId: null, action: 'admin roster' }, () => run({ who: asWho(person), steps: DUTY_STEPS, key: `entry/${randomUUID()}`, show }))
    return show(db.pool, id)
  }
  /** @throws Problem */
  const unitOf = async (person: PersonInOffice, id: string): Promise<string> => {
    const shift = await findShift(db.pool, id)
    if (!shift || shift.kind !== 'duty') throw problem('not-found')
    mustLead(person, shift.unitId)
    return shift.unitId
  }

  app.post(path, { config, schema: { tags, summary: '新增值班安排', body: Shift, response: { 201: view } } }, async ({ body, person }, reply) => {
    return reply.code(201).send(await change(person, async (by) => {
      mustLead(person, body.unit)
      await mustBeMember(body)
      return enterShift(db, by, toEntry(body))
    }))
  })
  app.put(`${path}/:id`, { config, schema: { tags, summary: '修改值班安排', params: Id, body: Shift, response: { 200: view } } }, async ({ body, params, person }) => change(person, async (by) => {
    const unit = await unitOf(person, params.id)
    mustLead(person, body.unit)
    if (body.unit !== unit) throw wrong('/unit', '单位：不能改到其他单位，请取消后另行新增')
    await mustBeMember(body)
    return replaceShift(db, by, unit, params.id, toEntry(body))
  }))
  app.delete(`${path}/:id`, { config, schema: { tags, summary: '停用或者删除值班安排', params: Id, response: { 204: NO_CONTENT } } }, async ({ params, person }, reply) => {
    await change(person, async by => cancelShift(db, by, await unitOf(person, params.id), params.id))
    return reply.code(204).send(null)
  })

  async function mustBeMember({ person, unit }: z.infer<typeof Shift>): Promise<void> {
    const member = await findMember(db.pool, person)
    if (!member || !fitsShift('duty', unit, member)) throw wrong('/person', unit === CENTRE ? '值班人：应为中心的值班员' : '值班人：应为该单位的在用办案人员')
  }
}
