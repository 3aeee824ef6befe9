/** What people do on the duty roster: one way in for all of it, checked on the very lines that are changed. */
import { randomUUID } from 'node:crypto'
import type { Calendar } from '../../clock/calendar.ts'
import type { Who } from '../../model/actions.ts'
import { Refused } from '../../model/refused.ts'
import { judgeRoster, rosterRelations, type RosterAction, type Shift } from '../../model/roster.ts'
import { against, type Proposed, type RosterFinding } from '../../model/roster-checks.ts'
import type { Watch } from '../../model/roster-plan.ts'
import type { Facts } from '../../model/types.ts'
import type { Db, Queryable } from '../connect.ts'
import { ATTENDANCE } from './attendance.ts'
import { HANDING_OVER } from './hand-over.ts'
import { PLANNING } from './planning.ts'
import { chainOf, concernedBy, findingsOn, findTarget, findWatched, linesAround, readCalendar, type Target } from './read.ts'
import { recordAct, type NewRosterEvent } from './record.ts'
import { SHIFTS } from './shifts.ts'

/** The steps that whoever is on duty does: procedure and task. */
export type DutySteps = [procedure: string, task: string, unit: string][]

/** In what an act is done. */
export interface ActContext { db: Db, via: Queryable, key: string, now: Date, who: Who, calendar: Calendar, steps: DutySteps, watched: Map<string, Watch> }
/** What an act comes to: events, the line or entry that it is about from now on, what the person should know. */
export interface Acted { events: NewRosterEvent[], id?: string, remarks?: RosterFinding[] }
export type Act = (c: ActContext, target: Target, form: Facts) => Promise<Acted>

const ACTS: Record<RosterAction, Act> = { ...PLANNING, ...SHIFTS, ...HANDING_OVER, ...ATTENDANCE }

/** What somebody asks for. */
export interface RosterAsk { id: string, action: RosterAction, who: Who, key: string, hash: string, form: Facts, steps: DutySteps }

/** Takes an action; a repeat under the same key changes nothing. Answers what it is about and what is remarkable. @throws Refused */
export async function actOnRoster(db: Db, { id, action, who, key, hash, form, steps }: RosterAsk): Promise<{ id: string, remarks: string[] }> {
  const known = await findTarget(db.pool, id)
  if (!known) throw new Refused('not-found', '值班表上没有这一项')
  const { events } = await recordAct(db, chainOf(known), { key, actor: { id: who.id, unit: who.unit }, requestHash: hash }, async (via, now) => {
    const target = (await findTarget(via, id))!
    const refusal = judgeRoster(action, target.place, rosterRelations(who, concernedBy(target, await linesAround(via, target))))
    if (refusal) throw new Refused(refusal.code, refusal.message)
    const acted = await ACTS[action]({ db, via, key, now, who, calendar: await readCalendar(via), steps, watched: await findWatched(via, steps.map(([, , unit]) => unit)) }, target, form)
    const remarks = [...new Set((acted.remarks ?? []).map(({ message }) => message))]
    return acted.events.map((e, i) => i > 0 ? e : { ...e, data: { ...e.data, of: acted.id ?? id, ...(remarks.length > 0 && { remarks }) } })
  })
  const { of = id, remarks = [] } = events[0]?.data ?? {}
  return { id: String(of), remarks: remarks as string[] }
}

export const newId = (kind: string) => `${kind}-${randomUUID().slice(0, 13)}`

/**
 * Puts somebody on duty: looked at first, refused where a check does or where it is not signed for. A line that was nobody's yet
 * (`into`) is his from now on, else it is a new one. Answers its id and what was found.
 */
export async function putOn(c: ActContext, line: Omit<Proposed, 'person' | 'others' | 'absences'> & { personId: string, state: Shift['state'], replaces?: string | null, reason?: string | null }, { but = [], signed = false, into }: { but?: string[], signed?: boolean, into?: string | undefined } = {}): Promise<{ id: string, found: RosterFinding[] }> {
  const found = await findingsOn(c.via, line, c.calendar, but)
  const [stands] = against(found, signed)
  if (stands) throw new Refused(stands.rule === 'overlap' ? 'already-exists' : 'bad-form', `${stands.message}${stands.effect === 'sign' ? '；确需紧急安排的，请写明理由签认' : ''}`)
  const id = into ?? newId('shift')
  if (into !== undefined) await c.via.query('UPDATE roster SET person_id = $2, state = $3, reason = coalesce($4, reason) WHERE id = $1', [into, line.personId, line.state, line.reason ?? null])
  else await c.via.query('INSERT INTO roster (id, unit_id, person_id, from_at, until_at, kind, state, replaces, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)',
    [id, line.unitId, line.personId, line.fromAt, line.untilAt, line.kind, line.state, line.replaces ?? null, line.reason ?? null])
  return { id, found }
}

export const iso = (at: Date) => at.toISOString()
export const spanData = ({ fromAt, untilAt }: { fromAt: Date, untilAt: Date }) => ({ from: iso(fromAt), until: iso(untilAt) })

/** Narrows a target: the table of actions lets an act meet nothing else. */
export function shiftIn(target: Target): Shift {
  if (target.what !== 'shift') throw new Refused('action-not-allowed', '这一项不是班')
  return target.shift
}
