/** Published shifts: swapped, filled, named (轮驻), made up, and begun by whoever comes. What was published stays as a line that another replaces. */
import { Refused } from '../../model/refused.ts'
import { shanghaiDate } from '../../model/instants.ts'
import type { Shift } from '../../model/roster.ts'
import type { RosterFinding } from '../../model/roster-checks.ts'
import { atTime, swapDueAt, workdaysAfter } from '../../model/roster-plan.ts'
import type { Facts } from '../../model/types.ts'
import type { Queryable } from '../connect.ts'
import { newId, putOn, shiftIn, spanData, type Act, type ActContext } from './acts.ts'
import { findingsOn, findShift, listShifts, proposalsFor, readCalendar, type RosterRequestRow, type Target } from './read.ts'
import { append, lockRoster, type NewRosterEvent } from './record.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

function requestIn(target: Target): RosterRequestRow {
  if (target.what !== 'request') throw new Refused('action-not-allowed', '这一项不是请求')
  return target.request
}

/** The line gives way to another one: the old one stays, as history. */
const supersede = (via: Queryable, id: string) => via.query(`UPDATE roster SET state = 'replaced' WHERE id = $1`, [id])

/** Somebody's line is superseded; one that is nobody's yet is taken as it is, and answered. */
async function giveWay(via: Queryable, old: Shift): Promise<string | undefined> {
  if (old.personId === null) return old.id
  await supersede(via, old.id)
  return undefined
}

const mustBeAhead = (shift: Shift, now: Date) => { if (shift.fromAt <= now) throw new Refused('action-not-allowed', '该班已经开始，不能再换；须有人补的，请负责人补班') }

const swap: Act = async (c, target, form) => {
  const mine = shiftIn(target)
  if (form.mine !== undefined && form.mine !== mine.id) throw new Refused('bad-form', '本人班：与所选的班不一致')
  mustBeAhead(mine, c.now)
  const theirs = form.theirs === undefined ? null : await findShift(c.via, String(form.theirs)) ?? null
  if (form.theirs !== undefined && (!theirs || theirs.unitId !== mine.unitId || theirs.kind !== mine.kind || theirs.state !== 'published' || theirs.personId === mine.personId)) throw new Refused('bad-form', '对方的班：应为同一单位其他人员已公布的班')
  if (theirs) mustBeAhead(theirs, c.now)
  const to = theirs?.personId ?? String(form.giveTo)
  if (to === c.who.id) throw new Refused('bad-form', '请谁顶班：不能是本人')
  const dueAt = swapDueAt(c.now, theirs ? [mine, theirs] : [mine])
  if (dueAt <= c.now) throw new Refused('action-not-allowed', '距该班不足 24 小时，来不及换班；请向负责人报告')
  const { rowCount } = await c.via.query(`SELECT FROM roster_request WHERE kind = 'swap' AND state IN ('asked', 'accepted') AND (shift_id = ANY($1) OR form->>'theirs' = ANY($1))`, [[mine.id, theirs?.id ?? '']])
  if (rowCount) throw new Refused('already-exists', '该班已有换班正在办理')
  const found = await findingsOfSwap(c, mine, theirs, to)
  const id = newId('swap')
  await c.via.query('INSERT INTO roster_request (id, kind, unit_id, asked_by, asked_at, due_at, state, shift_id, person_id, from_at, until_at, form) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)',
    [id, 'swap', mine.unitId, c.who.id, c.now, dueAt, 'asked', mine.id, to, mine.fromAt, mine.untilAt, JSON.stringify(form)])
  return { id, remarks: found, events: [{ type: 'swap-asked', data: { request: id, person: c.who.id, to, theirs: theirs?.id ?? null, ...spanData(mine), dueAt: dueAt.toISOString(), reason: form.reason! } }] }
}

/** What stands against a swap, on both sides. @throws Refused */
async function findingsOfSwap(c: ActContext, mine: Shift, theirs: Shift | null, to: string): Promise<RosterFinding[]> {
  const but = [mine.id, ...(theirs ? [theirs.id] : [])]
  const found = [
    ...await findingsOn(c.via, { ...mine, personId: to }, c.calendar, but),
    ...(theirs ? await findingsOn(c.via, { ...theirs, personId: mine.personId! }, c.calendar, but) : []),
  ]
  const [stands] = found.filter(({ effect }) => effect === 'refuse' || effect === 'sign')
  if (stands) throw new Refused(stands.rule === 'overlap' ? 'already-exists' : 'bad-form', `不能换班：${stands.message}`)
  return found
}

const swapData = ({ id, askedBy, personId, form, ...span }: RosterRequestRow) => ({ request: id, person: askedBy, to: personId, ...spanData(span), ...(form.theirs !== undefined && { theirs: form.theirs }) })
const answer = (via: Queryable, id: string, state: RosterRequestRow['state'], answered: Facts) => via.query(`UPDATE roster_request SET state = $2, answer = coalesce(answer, '{}') || $3 WHERE id = $1`, [id, state, JSON.stringify(answered)])

/** Both shifts as they were when they were asked for. @throws Refused when one of them is another's by now */
async function shiftsOfSwap(c: ActContext, request: RosterRequestRow): Promise<{ mine: Shift, theirs: Shift | null }> {
  if (request.dueAt! <= c.now && request.state === 'asked') throw new Refused('action-not-allowed', '答复期限已过，各人的班不变')
  const mine = await findShift(c.via, request.shiftId!)
  const theirs = request.form.theirs === undefined ? null : await findShift(c.via, String(request.form.theirs))
  if (mine?.state !== 'published' || mine.personId !== request.askedBy || (theirs !== null && (theirs?.state !== 'published' || theirs.personId !== request.personId))) throw new Refused('action-not-allowed', '班已有变动，不能再换')
  mustBeAhead(mine, c.now)
  if (theirs) mustBeAhead(theirs, c.now)
  return { mine, theirs }
}

const accept: Act = async (c, target, form) => {
  const request = requestIn(target)
  const { mine, theirs } = await shiftsOfSwap(c, request)
  if (form.accept === true) await findingsOfSwap(c, mine, theirs, request.personId!)
  await answer(c.via, request.id, form.accept === true ? 'accepted' : 'declined', { accept: form.accept! })
  return { events: [{ type: form.accept === true ? 'swap-accepted' : 'swap-declined', data: swapData(request) }] }
}

const confirm: Act = async (c, target, form) => {
  const request = requestIn(target)
  if (form.confirm !== true) {
    await answer(c.via, request.id, 'declined', { confirm: false, reason: form.reason! })
    return { events: [{ type: 'swap-refused', data: { ...swapData(request), reason: form.reason! } }] }
  }
  if (c.who.id === request.askedBy || c.who.id === request.personId) throw new Refused('four-eyes', '本人参与的换班须由其他负责人审定')
  const { mine, theirs } = await shiftsOfSwap(c, request)
  await findingsOfSwap(c, mine, theirs, request.personId!)
  const reason = String(request.form.reason)
  for (const old of theirs ? [mine, theirs] : [mine]) await supersede(c.via, old.id)
  const first = await putOn(c, { ...mine, personId: request.personId!, state: 'published', replaces: mine.id, reason })
  const second = theirs && await putOn(c, { ...theirs, personId: request.askedBy, state: 'published', replaces: theirs.id, reason })
  await answer(c.via, request.id, 'done', { confirm: true })
  const lines = [mine.id, first.id, ...(theirs ? [theirs.id, second!.id] : [])]
  return { events: [{ type: 'swap-confirmed', data: swapData(request), shifts: lines }], remarks: [...first.found, ...second?.found ?? [], ...await samePair(c, request)] }
}

/** The same two more than three times in a month [C]. */
async function samePair({ via }: ActContext, { askedBy, personId, unitId, fromAt }: RosterRequestRow): Promise<RosterFinding[]> {
  const month = shanghaiDate(fromAt).slice(0, 7)
  const { rows: [{ n }] } = await via.query(`SELECT count(*)::int AS n FROM roster_request WHERE kind = 'swap' AND state = 'done' AND unit_id = $1 AND ARRAY[asked_by, person_id] <@ ARRAY[$2, $3] AND to_char(from_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') = $4`, [unitId, askedBy, personId, month])
  return n > 3 ? [{ rule: 'same-pair', effect: 'inform', message: `这两人本月已换班 ${n} 次` }] : []
}

/** Somebody else takes a shift, or what is left of it. */
export async function replaceLine(c: ActContext, old: Shift, personId: string, reason: string, signed: boolean): Promise<{ id: string, found: RosterFinding[], event: NewRosterEvent }> {
  if (old.untilAt <= c.now) throw new Refused('action-not-allowed', '该班已经结束')
  if (old.personId === personId) throw new Refused('bad-form', '补班人：本来就是此人的班')
  const into = await giveWay(c.via, old)
  const { id, found } = await putOn(c, { ...old, personId, state: 'published', replaces: old.id, reason }, { but: [old.id], signed, into })
  const late = old.fromAt.getTime() - c.now.getTime() < DAY_MS && c.who.id !== personId
  return { id, found, event: { type: 'shift-filled', data: { shift: id, replaces: old.id, person: personId, was: old.personId, ...spanData(old), reason, ...(late && { late }) }, shifts: [old.id, id] } }
}

const fill: Act = async (c, target, form) => {
  const { id, found, event } = await replaceLine(c, shiftIn(target), String(form.person), String(form.reason), form.emergency === true)
  return { id, remarks: found, events: [event] }
}

/** 轮驻: the department names its person; the turn stays the department's. */
const rotation: Act = async (c, target, form) => {
  const turn = shiftIn(target)
  if (turn.untilAt <= c.now) throw new Refused('action-not-allowed', '该日已经过去')
  const person = String(form.person)
  const into = await giveWay(c.via, turn)
  const { id, found } = await putOn(c, { ...turn, personId: person, state: 'published', replaces: turn.id }, { but: [turn.id], signed: true, into })
  return { id, remarks: found, events: [{ type: 'turn-named', data: { shift: id, department: turn.unitId, person, ...spanData(turn) }, shifts: [turn.id, id] }] }
}

/** 补驻: within ten workdays [C]; nobody else is moved. */
const makeUp: Act = async (c, target, form) => {
  const turn = shiftIn(target)
  if (turn.outcome !== 'absent') throw new Refused('action-not-allowed', '只有缺席的轮驻须补驻')
  const day = String(form.day)
  const fromAt = atTime(day, '09:00')
  if (fromAt < c.now || fromAt > workdaysAfter(shanghaiDate(turn.fromAt), 10, c.calendar)) throw new Refused('bad-form', '补驻日期：应在今天以后，缺席之日起 10 个工作日内')
  if (!c.calendar.isWorkday(day)) throw new Refused('bad-form', `补驻日期：${day} 不是工作日，部门轮驻只排工作日`)
  const line = { kind: 'rotation', unitId: turn.unitId, fromAt, untilAt: atTime(day, '17:00') } as const
  let id = newId('shift')
  if (form.person !== undefined) ({ id } = await putOn(c, { ...line, personId: String(form.person), state: 'published', replaces: turn.id, reason: '补驻' }))
  else await c.via.query(`INSERT INTO roster (id, unit_id, from_at, until_at, kind, state, replaces, reason) VALUES ($1, $2, $3, $4, 'rotation', 'open', $5, '补驻')`, [id, line.unitId, line.fromAt, line.untilAt, turn.id])
  await c.via.query(`UPDATE roster SET outcome = 'made-up' WHERE id = $1`, [turn.id])
  return { id, events: [{ type: 'turn-made-up', data: { shift: id, missed: turn.id, department: turn.unitId, ...spanData(line) }, shifts: [turn.id, id] }] }
}

/** 到岗: by himself, or as whoever he relieves says; at the centre the desk says it of a department's person. Server time, never a claimed one. */
const checkIn: Act = async (c, target, form) => {
  const shift = shiftIn(target)
  if (c.now.getTime() < shift.fromAt.getTime() - HOUR_MS) throw new Refused('action-not-allowed', '该班开始前一小时起才能到岗登记')
  if (c.now >= shift.untilAt) throw new Refused('action-not-allowed', '该班已经结束')
  const by = shift.personId === c.who.id ? 'self' : 'outgoing'
  if (form.by !== undefined && form.by !== by) throw new Refused('bad-form', by === 'self' ? '由谁登记：您是本人' : '由谁登记：您不是本人，只能代记')
  const staysOn = shift.kind === 'duty' && c.watched.get(shift.unitId) === 'always'
  await c.via.query(`UPDATE roster SET state = 'held', checked_in_at = $2, checked_in_by = $3, stays_on = $4 WHERE id = $1`, [shift.id, c.now, by, staysOn])
  const before = shift.kind === 'rotation' ? [] : await listShifts(c.via, `kind = 'duty' AND unit_id = $1 AND state = 'held' AND id <> $2 AND until_at <= $3`, shift.unitId, shift.id, new Date(shift.fromAt.getTime() + HOUR_MS))
  for (const old of before) await relieve(c.via, old, c.now)
  return { events: [{ type: 'checked-in', data: { shift: shift.id, person: shift.personId, by, relieved: before.flatMap(old => old.personId ?? []), ...spanData(shift) }, shifts: [shift.id, ...before.map(old => old.id)] }] }
}

/** Who was relieved goes off at the end of his shift, or now, when that is past. */
async function relieve(via: Queryable, old: Shift, now: Date): Promise<void> {
  if (old.untilAt > now) return void await via.query('UPDATE roster SET stays_on = false WHERE id = $1', [old.id])
  const outcome = now.getTime() - old.untilAt.getTime() > HOUR_MS / 4 ? 'unrelieved' : 'relieved'
  await via.query(`UPDATE roster SET state = 'ended', stays_on = false, extended_to = $2, outcome = $3 WHERE id = $1`, [old.id, now, outcome])
}

/** What an absence does to the rosters, in the transaction that enters it. */
export async function openForAbsence(via: Queryable, mail: boolean, by: string, { id, person, fromAt, untilAt }: { id: string, person: string, fromAt: Date, untilAt: Date }): Promise<void> {
  const now = await lockRoster(via)
  for (const [unit, events] of await openShifts(via, person, { fromAt, untilAt }, now)) await append(via, mail, unit, { key: `absence/${id}/${now.getTime()}`, actor: { id: by }, requestHash: null }, now, events)
}

/** An absence opens the shifts inside it: the leader gets them with who could take each; the proxy inherits none. */
async function openShifts(via: Queryable, person: string, { fromAt, untilAt }: { fromAt: Date, untilAt: Date }, now: Date): Promise<Map<string, NewRosterEvent[]>> {
  const calendar = await readCalendar(via)
  const byUnit = new Map<string, NewRosterEvent[]>()
  for (const old of await listShifts(via, `person_id = $1 AND state = 'published' AND from_at < $3 AND until_at > $2 AND until_at > $4`, person, fromAt, untilAt, now)) {
    const id = newId('shift')
    await supersede(via, old.id)
    await via.query(`INSERT INTO roster (id, unit_id, from_at, until_at, kind, state, replaces, reason) VALUES ($1, $2, $3, $4, $5, 'open', $6, '缺勤')`, [id, old.unitId, old.fromAt, old.untilAt, old.kind, old.id])
    const chain = old.kind === 'rotation' ? 'service-centre' : old.unitId
    const proposals = await proposalsFor(via, { ...old, id }, calendar)
    byUnit.set(chain, [...byUnit.get(chain) ?? [], { type: 'shift-opened', data: { shift: id, replaces: old.id, person, ...spanData(old), proposals }, shifts: [old.id, id] }])
  }
  return byUnit
}

export const SHIFTS = { swap, accept, confirm, fill, rotation, 'make-up': makeUp, 'check-in': checkIn }
