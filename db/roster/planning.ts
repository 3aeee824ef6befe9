/** Patterns laid over a month, drafts changed by their leader, the month published: with no gap, or with each one signed for. */
import { Refused } from '../../model/refused.ts'
import { shanghai, shanghaiDate, toIso } from '../../model/instants.ts'
import { ROTATION, type Pattern } from '../../model/roster.ts'
import { against, checkFair, type RosterFinding } from '../../model/roster-checks.ts'
import { atTime, covering, dueSpans, gapsOf, layPattern, monthAfter, overlaps, touchesNight, type Span } from '../../model/roster-plan.ts'
import type { Queryable } from '../connect.ts'
import { newId, putOn, shiftIn, spanData, type Act, type ActContext } from './acts.ts'
import { findingsOn, isPublished, listShifts, shiftsOf } from './read.ts'

const plan: Act = async (c, { roster, unitId }, form) => {
  const { month, ...laid } = form as unknown as Pattern & { month: string }
  const isRotation = roster === ROTATION
  const pattern: Pattern = isRotation ? { ...laid, shifts: [{ startsAt: '09:00', hours: 8 }], days: 'workdays' } : laid
  if (overlaps(pattern.shifts)) throw new Refused('bad-form', '班次：几个班不能同时，也不能跨到次日的第一个班')
  if (await isPublished(c.via, roster, month)) throw new Refused('action-not-allowed', `${month} 的值班表已公布，只能通过换班、缺勤、补班更改`)
  const slots = layPattern(pattern, month, c.calendar)
  if (slots.length === 0) throw new Refused('bad-form', '自何日起轮：在该月以后，该月没有班')
  const { from, until } = monthSpan(month)
  await c.via.query(`DELETE FROM roster WHERE state = 'draft' AND kind = $1 AND ($1 = 'rotation' OR unit_id = $2) AND from_at >= $3 AND from_at < $4`, [isRotation ? 'rotation' : 'duty', unitId, from, until])
  const ids: string[] = []
  for (const { member, fromAt, untilAt } of slots) {
    ids.push(newId('shift'))
    await c.via.query('INSERT INTO roster (id, unit_id, person_id, from_at, until_at, kind, state) VALUES ($1, $2, $3, $4, $5, $6, $7)',
      [ids.at(-1), isRotation ? member : unitId, isRotation ? null : member, fromAt, untilAt, isRotation ? 'rotation' : 'duty', 'draft'])
  }
  await c.via.query('INSERT INTO roster_pattern (id, unit_id, pattern, laid_at) VALUES ($1, $2, $3, $4)', [newId('pattern'), roster, JSON.stringify(pattern), c.now])
  return { events: [{ type: 'planned', data: { month, roster, pattern: pattern as never }, shifts: ids }], remarks: isRotation ? [] : (await findingsOfDrafts(c, unitId, month)).found }
}

const monthSpan = (month: string) => ({ from: atTime(`${month}-01`, '00:00'), until: atTime(`${monthAfter(month)}-01`, '00:00') })

/** What the checks find about a month's drafts, and which drafts there are. */
async function findingsOfDrafts(c: ActContext, unitId: string, month: string) {
  const { from, until } = monthSpan(month)
  const drafts = await listShifts(c.via, `kind = 'duty' AND state = 'draft' AND unit_id = $1 AND from_at >= $2 AND from_at < $3`, unitId, from, until)
  const found: RosterFinding[] = []
  for (const draft of drafts) if (draft.personId !== null) found.push(...await findingsOn(c.via, { ...draft, personId: draft.personId }, c.calendar, [draft.id]))
  return { drafts, found: [...found, ...checkFair(await countQuarter(c, unitId, month))] }
}

/** Nights and days off of everybody in the quarter of a month, drafts with them. */
async function countQuarter({ via, calendar }: ActContext, unitId: string, month: string) {
  const first = `${month.slice(0, 5)}${String(Math.floor((Number(month.slice(5)) - 1) / 3) * 3 + 1).padStart(2, '0')}`
  const shifts = await listShifts(via, `kind = 'duty' AND unit_id = $1 AND person_id IS NOT NULL AND state IN ('draft', 'published', 'held', 'ended') AND from_at >= $2 AND from_at < $3`, unitId, monthSpan(first).from, monthSpan(monthAfter(monthAfter(first))).until)
  const { rows } = await via.query('SELECT id, name FROM person WHERE id = ANY($1)', [shifts.map(s => s.personId)])
  const counts = new Map<string, { name: string, nights: number, daysOff: number }>()
  for (const s of shifts) {
    const one = counts.get(s.personId!) ?? { name: rows.find((r: { id: string }) => r.id === s.personId)?.name ?? '', nights: 0, daysOff: 0 }
    counts.set(s.personId!, { ...one, nights: one.nights + Number(touchesNight(s)), daysOff: one.daysOff + Number(!calendar.isWorkday(shanghaiDate(s.fromAt))) })
  }
  return counts
}

const publish: Act = async (c, { roster, unitId }, form) => {
  const { month, gaps: signed, emergency } = form as unknown as { month: string, gaps: { from: string, reason: string }[], emergency?: string }
  if (await isPublished(c.via, roster, month)) throw new Refused('action-not-allowed', `${month} 的值班表已经公布`)
  const isRotation = roster === ROTATION
  const { from, until } = monthSpan(month)
  const { drafts, found } = isRotation ? { drafts: await listShifts(c.via, `kind = 'rotation' AND state = 'draft' AND from_at >= $1 AND from_at < $2`, from, until), found: [] } : await findingsOfDrafts(c, unitId, month)
  if (drafts.length === 0) throw new Refused('action-not-allowed', `${month} 还没有排班`)
  const stands = against(found, emergency !== undefined)
  if (stands.length > 0) throw new Refused('bad-form', `不能公布：${[...new Set(stands.map(({ message }) => message))].slice(0, 5).join('；')}${stands.some(({ effect }) => effect === 'sign') ? '。休息不足而须紧急安排的，请写明理由签认' : ''}`)
  const gaps = await gapsIn(c, roster, { fromAt: from < c.now ? c.now : from, untilAt: until }, drafts.map(({ id }) => id))
  const unsigned = gaps.filter(gap => !signed.some(one => Date.parse(one.from) === gap.fromAt.getTime()))
  if (unsigned.length > 0) throw new Refused('bad-form', `不能公布，以下时段没有人值班：${unsigned.slice(0, 5).map(gap => `${shanghai(gap.fromAt)}至${shanghai(gap.untilAt)}（${toIso(gap.fromAt)}）`).join('；')}${unsigned.length > 5 ? ` 等 ${unsigned.length} 处` : ''}。请补上，或者逐个写明理由签认`)
  const ids = drafts.map(({ id }) => id)
  await c.via.query(`UPDATE roster SET state = CASE WHEN person_id IS NULL THEN 'open' ELSE 'published' END WHERE id = ANY($1)`, [ids])
  const accepted = gaps.map(gap => ({ ...spanData(gap), reason: signed.find(one => Date.parse(one.from) === gap.fromAt.getTime())!.reason }))
  await c.via.query('INSERT INTO roster_month (unit_id, month, published_at, published_by, gaps) VALUES ($1, $2, $3, $4, $5)', [roster, month, c.now, c.who.id, JSON.stringify(accepted)])
  const people = isRotation ? (await leadersOf(c.via, drafts.map(s => s.unitId))) : [...new Set(drafts.flatMap(s => s.personId ?? []))]
  return { events: [{ type: 'month-published', data: { month, roster, people, gaps: accepted, ...(emergency !== undefined && { emergency }) }, shifts: ids }], remarks: found.filter(({ effect }) => effect !== 'refuse') }
}

const leadersOf = async (via: Queryable, units: string[]): Promise<string[]> =>
  (await via.query(`SELECT id FROM person WHERE active AND unit_id = ANY($1) AND 'unit-leader' = ANY(roles) ORDER BY id`, [units])).rows.map((r: { id: string }) => r.id)

/** What of a span a roster leaves open; `drafts` count as if published. A turn counts though its person is named later. */
export async function gapsIn({ via, calendar, watched }: Pick<ActContext, 'via' | 'calendar' | 'watched'>, roster: string, span: Span, drafts: string[] = []): Promise<Span[]> {
  const lines = (await shiftsOf(via, roster, span)).map(s => drafts.includes(s.id) ? { ...s, state: 'published' as const } : s)
  const covered = roster === ROTATION ? lines.filter(s => s.state !== 'draft' && s.state !== 'replaced' && s.state !== 'cancelled') : covering(lines)
  return gapsOf(dueSpans(roster === ROTATION ? 'workdays' : watched.get(roster) ?? 'workdays', span, calendar), covered)
}

const add: Act = async (c, { roster, unitId }, form) => {
  const [fromAt, untilAt] = [new Date(String(form.from)), new Date(String(form.until))]
  if (untilAt <= c.now) throw new Refused('bad-form', '结束时间：不能在过去')
  const published = await isPublished(c.via, roster, shanghaiDate(fromAt).slice(0, 7))
  if (published && form.reason === undefined) throw new Refused('bad-form', '理由：该月值班表已公布，须写明理由')
  const state = published ? 'published' : 'draft'
  const { id, found } = await putOn(c, { kind: 'duty', unitId, personId: String(form.person), fromAt, untilAt, state, reason: form.reason as string ?? null }, { signed: form.reason !== undefined })
  return { id, remarks: found, events: [{ type: 'shift-added', data: { shift: id, person: form.person!, ...spanData({ fromAt, untilAt }), state, ...(form.reason !== undefined && { reason: form.reason }) }, shifts: [id] }] }
}

const change: Act = async (c, target, form) => {
  const shift = shiftIn(target)
  const next = { ...shift, personId: String(form.person), fromAt: new Date(String(form.from)), untilAt: new Date(String(form.until)) }
  const found = await findingsOn(c.via, next, c.calendar, [shift.id])
  const [stands] = found.filter(({ effect }) => effect === 'refuse')
  if (stands) throw new Refused(stands.rule === 'overlap' ? 'already-exists' : 'bad-form', stands.message)
  await c.via.query('UPDATE roster SET person_id = $2, from_at = $3, until_at = $4 WHERE id = $1', [shift.id, next.personId, next.fromAt, next.untilAt])
  return { remarks: found, events: [{ type: 'draft-changed', data: { shift: shift.id, person: next.personId, ...spanData(next) }, shifts: [shift.id] }] }
}

const remove: Act = async (c, target) => {
  const shift = shiftIn(target)
  await c.via.query(`DELETE FROM roster WHERE id = $1 AND state = 'draft'`, [shift.id])
  return { id: target.roster, events: [{ type: 'draft-removed', data: { shift: shift.id, person: shift.personId, ...spanData(shift) } }] }
}

export const PLANNING = { plan, publish, add, change, remove }
