/** Absences with their proxies (代理), and the duty roster (值班表): kept by administrators, and by leaders for their own unit. */
import { randomUUID } from 'node:crypto'
import type { PoolClient } from 'pg'
import { z } from 'zod'
import type { Row } from '../../../db/directory/admin.ts'
import type { PersonInOffice } from '../../../db/directory/directory.ts'
import type { Role } from '../../../model/person.ts'
import { id, instant } from '../../../workflows/kit/fields.ts'
import type { App } from '../../http/app-types.ts'
import type { ApiDeps } from '../../cases/requests.ts'
import { Named } from '../../http/schemas.ts'
import { problem } from '../../http/errors.ts'
import { keep, mustLead, wrong } from './records.ts'

const span = { from: instant('开始时间'), until: instant('结束时间') }
type Span = { from: string, until: string }

function checkSpan({ from, until }: Span, ctx: z.RefinementCtx): void {
  if (Date.parse(from) >= Date.parse(until)) ctx.addIssue({ code: 'custom', path: ['until'], message: '应晚于开始时间' })
}

const toSpan = ({ from, until }: Span): Row => ({ from_at: from, until_at: until })
const viewed = { from: z.iso.datetime({ offset: true }), until: z.iso.datetime({ offset: true }) }

const Absence = z.strictObject({ person: id('缺勤人'), proxy: id('代理人'), ...span }).superRefine(checkSpan)
const Shift = z.strictObject({ unit: id('单位'), person: id('值班人'), ...span }).superRefine(checkSpan)

const toAbsence = ({ person, proxy, ...rest }: z.infer<typeof Absence>): Row => ({ person_id: person, proxy_id: proxy, ...toSpan(rest) })
const toShift = ({ unit, person, ...rest }: z.infer<typeof Shift>): Row => ({ unit_id: unit, person_id: person, ...toSpan(rest) })

interface Member { unit: string | null, roles: Role[] }

async function findMember(client: PoolClient, person: unknown): Promise<Member | undefined> {
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

async function checkShift(client: PoolClient, after: Row): Promise<void> {
  if (!worksIn(await findMember(client, after.person_id), after.unit_id)) throw wrong('/person', '值班人：应为该单位的在用办案人员')
  const { rows } = await client.query('SELECT FROM roster WHERE unit_id = $1 AND person_id = $2 AND id <> $3 AND from_at < $5 AND until_at > $4', [after.unit_id, after.person_id, after.id, after.from_at, after.until_at])
  if (rows.length > 0) throw problem('already-exists', '该人员在这段时间内已排班。')
}

/** `/api/admin/{absences,roster}`. */
export function addDuty(app: App, deps: ApiDeps): void {
  const access: Role[] = ['admin', 'unit-leader']
  keep(app, deps, {
    kind: 'absences', title: '缺勤与代理', access, added: Absence, changed: Absence,
    view: z.object({ id: z.string(), person: Named, proxy: Named, ...viewed }).meta({ id: 'Absence', title: '缺勤与代理' }),
    toNewRow: form => ({ id: randomUUID(), ...toAbsence(form) }), toRow: toAbsence,
    async check(client, before, after, caller) {
      if (before) mustLead(caller, (await client.query('SELECT unit_id FROM person WHERE id = $1', [before.person_id])).rows[0].unit_id)
      if (after) await checkAbsence(client, after, caller)
    },
  })
  keep(app, deps, {
    kind: 'roster', title: '值班安排', access, added: Shift, changed: Shift,
    view: z.object({ id: z.string(), unit: Named, person: Named, ...viewed }).meta({ id: 'Shift', title: '值班安排' }),
    toNewRow: form => ({ id: randomUUID(), ...toShift(form) }), toRow: toShift,
    async check(client, before, after, caller) {
      if (before) mustLead(caller, before.unit_id)
      if (after) mustLead(caller, after.unit_id)
      if (after) await checkShift(client, after)
    },
  })
}
