/** 随驻: a unit is asked for somebody, names one or says why not; 接待参观; and what is answered to an alarm of a gap. */
import { Refused } from '../../model/refused.ts'
import { shanghaiDate } from '../../model/instants.ts'
import { CENTRE, ROTATION } from '../../model/roster.ts'
import { workdaysAfter } from '../../model/roster-plan.ts'
import { appendEvents } from '../record/record.ts'
import { iso, newId, putOn, spanData, type Act, type ActContext } from './acts.ts'
import { findingsOn, findShift, listShifts, type AlarmRow, type RosterRequestRow, type Target } from './read.ts'
import type { NewRosterEvent } from './record.ts'
import { replaceLine } from './shifts.ts'

const HOUR_MS = 3_600_000

const attend: Act = async (c, { unitId }, form) => {
  const fromAt = new Date(String(form.from))
  if (fromAt <= c.now) throw new Refused('bad-form', '何时：应晚于现在')
  const untilAt = new Date(fromAt.getTime() + Number(form.hours) * HOUR_MS)
  const dueAt = form.urgent === true ? new Date(c.now.getTime() + HOUR_MS) : workdaysAfter(shanghaiDate(c.now), 1, c.calendar)
  const id = newId('attend')
  await c.via.query('INSERT INTO roster_request (id, kind, unit_id, asked_by, asked_at, due_at, state, from_at, until_at, form) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', [id, 'attend', unitId, c.who.id, c.now, dueAt, 'asked', fromAt, untilAt, JSON.stringify(form)])
  return { id, events: [{ type: 'attend-asked', data: { request: id, by: c.who.id, ...spanData({ fromAt, untilAt }), mode: form.mode!, why: form.why!, urgent: form.urgent!, caseNo: form.caseNo ?? null, dueAt: iso(dueAt) } }] }
}

function requestIn(target: Target): RosterRequestRow {
  if (target.what !== 'request') throw new Refused('action-not-allowed', '这一项不是请求')
  return target.request
}
const update = (c: ActContext, id: string, state: RosterRequestRow['state'], answer: object, personId: string | null = null) =>
  c.via.query(`UPDATE roster_request SET state = $2, person_id = coalesce($4, person_id), answer = coalesce(answer, '{}') || $3 WHERE id = $1`, [id, state, JSON.stringify(answer), personId])
const requestData = (r: RosterRequestRow) => ({ request: r.id, by: r.askedBy, ...spanData(r), mode: r.form.mode ?? null })

/** Who is to attend is of the unit and nowhere else then. @throws Refused */
async function mustBeFree(c: ActContext, r: RosterRequestRow, personId: string): Promise<void> {
  const found = await findingsOn(c.via, { kind: 'rotation', unitId: r.unitId, personId, fromAt: r.fromAt, untilAt: r.untilAt }, { ...c.calendar, isWorkday: () => true }, [r.id])
  const [stands] = found.filter(({ effect }) => effect === 'refuse')
  if (stands) throw new Refused(stands.rule === 'overlap' ? 'already-exists' : 'bad-form', stands.message)
}

const answer: Act = async (c, target, form) => {
  const r = requestIn(target)
  const state = form.person !== undefined ? 'named' : form.otherFrom !== undefined ? 'other-time' : 'refused'
  if (state === 'named') await mustBeFree(c, r, String(form.person))
  await update(c, r.id, state, { ...form, answeredAt: iso(c.now) }, form.person === undefined ? null : String(form.person))
  return { events: [{ type: 'attend-answered', data: { ...requestData(r), result: state, ...form } }] }
}

/** 护航办 decides where the unit sends nobody. */
const decide: Act = async (c, target, form) => {
  const r = requestIn(target)
  if (form.person !== undefined) await mustBeFree(c, r, String(form.person))
  await update(c, r.id, form.person === undefined ? 'done' : 'named', { decision: form, decidedAt: iso(c.now) }, form.person === undefined ? null : String(form.person))
  return { events: [{ type: 'attend-decided', data: { ...requestData(r), person: form.person ?? null, reason: form.reason! } }] }
}

const attended: Act = async (c, target, form) => {
  const r = requestIn(target)
  const until = new Date(String(form.until))
  if (c.now < r.fromAt) throw new Refused('action-not-allowed', '随驻还没有开始')
  if (until <= r.fromAt || until > c.now) throw new Refused('bad-form', '至何时：应晚于开始，不晚于现在')
  await update(c, r.id, 'attended', { did: form.did!, until: iso(until) })
  // What was done for a case is read there, too.
  if (typeof r.form.caseNo === 'string') {
    const text = `随驻：${String(form.did)}`
    await appendEvents(c.db, r.form.caseNo, `attended/${r.id}`, state => state ? [{ type: 'commented', actor: { id: c.who.id, unit: c.who.unit }, data: { text, to: 'officers' } }] : [], null, { via: c.via })
  }
  return { events: [{ type: 'attended', data: { ...requestData(r), person: r.personId, did: form.did!, until: iso(until) } }] }
}

/** Nobody leaves the desk for a visit: whoever guides it is not on duty then. */
const reception: Act = async (c, _, form) => {
  const fromAt = new Date(String(form.at))
  const untilAt = new Date(fromAt.getTime() + Number(form.minutes) * 60_000)
  if (fromAt <= c.now) throw new Refused('bad-form', '何时：应晚于现在')
  const guide = String(form.guide)
  const r = { id: newId('reception'), unitId: CENTRE, fromAt, untilAt } as RosterRequestRow
  await mustBeFree(c, r, guide)
  await c.via.query('INSERT INTO roster_request (id, kind, unit_id, asked_by, asked_at, state, person_id, from_at, until_at, form) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)', [r.id, 'reception', CENTRE, c.who.id, c.now, 'registered', guide, fromAt, untilAt, JSON.stringify(form)])
  return { id: r.id, events: [{ type: 'reception-registered', data: { request: r.id, group: form.group!, people: form.people!, guide, ...spanData(r) } }] }
}

/** A gap is filled, or (of the rotation alone) accepted with a reason. */
const respond: Act = async (c, target, form) => {
  if (target.what !== 'alarm') throw new Refused('action-not-allowed', '这一项不是预警')
  const { alarm } = target
  if (form.accepted === true && alarm.unitId !== ROTATION) throw new Refused('bad-form', '接受缺岗：只限部门轮驻，其他缺岗必须补上')
  const filled = form.accepted === true ? [] : await fillGap(c, alarm, String(form.filledBy), String(form.reason))
  await c.via.query(`UPDATE roster_alarm SET state = $3, answered_by = $4, answered_at = $5, reason = $6 WHERE unit_id = $1 AND from_at = $2 AND state = 'open'`, [alarm.unitId, alarm.fromAt, form.accepted === true ? 'accepted' : 'filled', c.who.id, c.now, form.reason])
  return { events: [...filled, { type: 'gap-answered', data: { alarm: alarm.id, ...spanData(alarm), accepted: form.accepted === true, person: form.filledBy ?? null, reason: form.reason! } }] }
}

/** The open lines inside the gap; where there is none, a new one over what is left of it, of 24 hours at most. */
async function fillGap(c: ActContext, alarm: AlarmRow, personId: string, reason: string): Promise<NewRosterEvent[]> {
  const isRotation = alarm.unitId === ROTATION
  const open = await listShifts(c.via, `kind = $1 AND state = 'open' AND ($1 = 'rotation' OR unit_id = $2) AND from_at < $4 AND until_at > $3`, isRotation ? 'rotation' : 'duty', alarm.unitId, alarm.fromAt, alarm.untilAt)
  if (open.length > 0) {
    const events: NewRosterEvent[] = []
    for (const shift of open) events.push((await replaceLine(c, (await findShift(c.via, shift.id))!, personId, reason, true)).event)
    return events
  }
  if (isRotation) throw new Refused('action-not-allowed', '该日没有安排轮驻单位，请先排轮驻')
  const fromAt = alarm.fromAt < c.now ? c.now : alarm.fromAt
  const untilAt = new Date(Math.min(alarm.untilAt.getTime(), fromAt.getTime() + 24 * HOUR_MS))
  if (untilAt <= fromAt) throw new Refused('action-not-allowed', '缺岗的时段已经过去')
  const { id } = await putOn(c, { kind: 'duty', unitId: alarm.unitId, personId, fromAt, untilAt, state: 'published', reason }, { signed: true })
  return [{ type: 'shift-filled', data: { shift: id, replaces: null, person: personId, was: null, ...spanData({ fromAt, untilAt }), reason, late: fromAt.getTime() - c.now.getTime() < 24 * HOUR_MS }, shifts: [id] }]
}

export const ATTENDANCE = { attend, answer, decide, attended, reception, respond }
