/** The roster as it stands: lines, people, requests, hand-overs, alarms; and what an id of it is. */
import type { Calendar } from '../../clock/calendar.ts'
import { makeCalendar } from '../../clock/calendar.ts'
import { ROSTER_ACTIONS, ROTATION, CENTRE, type Concerned, type HandOverForm, type Pattern, type RequestKind, type RequestState, type RosterPlace, type Shift, type TaskNote } from '../../model/roster.ts'
import { checkShift, type Proposed, type RosterFinding } from '../../model/roster-checks.ts'
import type { Span, Watch } from '../../model/roster-plan.ts'
import type { Facts } from '../../model/types.ts'
import type { Queryable } from '../connect.ts'
import { listCalendar } from '../rules/rules.ts'

export interface RosterRequestRow extends Span { id: string, kind: RequestKind, unitId: string, askedBy: string, askedAt: Date, dueAt: Date | null, state: RequestState, shiftId: string | null, personId: string | null, form: Facts, answer: Facts | null }
export interface NoteRow { id: string, number: string, shiftId: string, unitId: string, writtenBy: string | null, writtenAt: Date, form: HandOverForm | null, tasks: TaskNote[], state: 'sent' | 'received' | 'refused' | 'settled', receivedBy: string | null, receivedAt: Date | null, result: string | null, text: string | null }
export interface AlarmRow extends Span { id: string, unitId: string, rung: number, raisedAt: Date, state: 'open' | 'filled' | 'accepted', answeredBy: string | null, answeredAt: Date | null, reason: string | null }

const columns = (...names: string[]) => names.map(name => `${name.replace(/[A-Z]/g, upper => `_${upper.toLowerCase()}`)} AS "${name}"`).join(', ')
const SHIFT = `SELECT ${columns('id', 'unitId', 'personId', 'fromAt', 'untilAt', 'kind', 'state', 'checkedInAt', 'checkedInBy', 'staysOn', 'extendedTo', 'replaces', 'reason', 'outcome')} FROM roster`
const REQUEST = `SELECT ${columns('id', 'kind', 'unitId', 'askedBy', 'askedAt', 'dueAt', 'state', 'shiftId', 'personId', 'fromAt', 'untilAt', 'form', 'answer')} FROM roster_request`
const NOTE = `SELECT ${columns('id', 'number', 'shiftId', 'unitId', 'writtenBy', 'writtenAt', 'form', 'tasks', 'state', 'receivedBy', 'receivedAt', 'result', 'text')} FROM shift_note`
const ALARM = `SELECT ${columns('id', 'unitId', 'fromAt', 'untilAt', 'rung', 'raisedAt', 'state', 'answeredBy', 'answeredAt', 'reason')} FROM roster_alarm`

const all = async <T>(via: Queryable, text: string, ...values: unknown[]): Promise<T[]> => (await via.query(text, values)).rows

export const findShift = async (via: Queryable, id: string): Promise<Shift | undefined> => (await all<Shift>(via, `${SHIFT} WHERE id = $1`, id))[0]
export const listShifts = (via: Queryable, where: string, ...values: unknown[]): Promise<Shift[]> => all(via, `${SHIFT} WHERE ${where} ORDER BY from_at, id`, ...values)
/** Lines of a unit's roster (of the rotation: all turns) that touch a span. */
export const shiftsOf = (via: Queryable, roster: string, { fromAt, untilAt }: Span): Promise<Shift[]> => roster === ROTATION
  ? listShifts(via, `kind = 'rotation' AND from_at < $2 AND until_at > $1`, fromAt, untilAt)
  : listShifts(via, `kind = 'duty' AND unit_id = $3 AND from_at < $2 AND coalesce(extended_to, until_at) > $1`, fromAt, untilAt, roster)
export const listRequests = (via: Queryable, where: string, ...values: unknown[]): Promise<RosterRequestRow[]> => all(via, `${REQUEST} WHERE ${where} ORDER BY from_at, id`, ...values)
export const listNotes = (via: Queryable, where: string, ...values: unknown[]): Promise<NoteRow[]> => all(via, `${NOTE} WHERE ${where} ORDER BY written_at, number`, ...values)
export const listAlarms = (via: Queryable, where: string, ...values: unknown[]): Promise<AlarmRow[]> => all(via, `${ALARM} WHERE ${where} ORDER BY from_at, rung DESC`, ...values)

/** The working calendar as it is loaded now. */
export const readCalendar = async (via: Queryable): Promise<Calendar> => makeCalendar(Object.fromEntries((await listCalendar(via)).map(({ year, off, work }) => [year, { off, work }])))

/** The pattern that was laid last. */
export const findPattern = async (via: Queryable, roster: string): Promise<Pattern | undefined> =>
  (await all<{ pattern: Pattern }>(via, 'SELECT pattern FROM roster_pattern WHERE unit_id = $1 ORDER BY laid_at DESC, id LIMIT 1', roster))[0]?.pattern

export const isPublished = async (via: Queryable, roster: string, month: string): Promise<boolean> => (await all(via, 'SELECT FROM roster_month WHERE unit_id = $1 AND month = $2', roster, month)).length > 0

/**
 * The rosters that are watched: the centre and every unit with a duty task (`dutyUnits`) around the clock, every other unit as its own
 * pattern says, the rotation by workdays.
 */
export async function findWatched(via: Queryable, dutyUnits: string[]): Promise<Map<string, Watch>> {
  const rows = await all<{ unit: string, days: Pattern['days'] }>(via, `SELECT DISTINCT ON (unit_id) unit_id AS unit, pattern->>'days' AS days FROM roster_pattern ORDER BY unit_id, laid_at DESC, id`)
  return new Map<string, Watch>([
    ...rows.map(({ unit, days }): [string, Watch] => [unit, days === 'every-day' ? 'always' : 'workdays']),
    ...[CENTRE, ...dutyUnits].map((unit): [string, Watch] => [unit, 'always']),
  ])
}

/** What an id of the roster is, and how it stands. */
export type Target = { place: RosterPlace | string, roster: string, unitId: string } & (
  | { what: 'roster' } | { what: 'shift', shift: Shift } | { what: 'request', request: RosterRequestRow } | { what: 'note', note: NoteRow } | { what: 'alarm', alarm: AlarmRow })

export const placeOfShift = ({ kind, state }: Shift): string => `${kind === 'rotation' ? 'turn' : 'shift'}:${state}`
export const rosterOf = ({ kind, unitId }: Shift): string => kind === 'rotation' ? ROTATION : unitId
/** The unit in whose record an act on a roster stands: the rotation's is the centre's. */
export const chainOf = ({ roster }: Target): string => roster === ROTATION ? CENTRE : roster

export const asTarget = {
  roster: (id: string): Target => ({ what: 'roster', place: id === ROTATION ? 'rotation' : id === CENTRE ? 'centre' : 'unit', roster: id, unitId: id === ROTATION ? CENTRE : id }),
  shift: (shift: Shift): Target => ({ what: 'shift', place: placeOfShift(shift), roster: rosterOf(shift), unitId: shift.unitId, shift }),
  request: (request: RosterRequestRow): Target => ({ what: 'request', place: `${request.kind}:${request.state}`, roster: request.unitId, unitId: request.unitId, request }),
  note: (note: NoteRow): Target => ({ what: 'note', place: `note:${note.state}`, roster: note.unitId, unitId: note.unitId, note }),
  alarm: (alarm: AlarmRow): Target => ({ what: 'alarm', place: `alarm:${alarm.state}`, roster: alarm.unitId, unitId: alarm.unitId === ROTATION ? CENTRE : alarm.unitId, alarm }),
}

/** What has that id; undefined where nothing has. */
export async function findTarget(via: Queryable, id: string): Promise<Target | undefined> {
  if (id === ROTATION || (await all(via, `SELECT FROM unit WHERE id = $1 AND active AND kind <> 'outside'`, id)).length > 0) return asTarget.roster(id)
  const shift = await findShift(via, id)
  if (shift) return asTarget.shift(shift)
  const [request] = await listRequests(via, 'id = $1', id)
  if (request) return asTarget.request(request)
  const [note] = await listNotes(via, 'id = $1', id)
  if (note) return asTarget.note(note)
  const [alarm] = await listAlarms(via, 'id = $1', id)
  return alarm && asTarget.alarm(alarm)
}

/** Whom a target concerns; `shifts`: the lines around it. */
export function concernedBy(target: Target, shifts: Shift[]): Concerned {
  const { unitId } = target
  switch (target.what) {
    case 'roster': case 'alarm': return { unitId }
    case 'request': return { unitId, asked: target.request.personId, asker: target.request.askedBy }
    case 'shift': {
      const { shift } = target
      return { unitId, own: shift.personId, outgoing: shifts.filter(s => s.id !== shift.id && s.kind === shift.kind && s.unitId === unitId && s.state === 'held').flatMap(s => s.personId ?? []) }
    }
    case 'note': return { unitId, incoming: nextOf(shifts, target.note.shiftId)?.personId ?? null }
  }
}

/** Around which time a target lies: the lines beside it are within two days. */
export const momentOf = (target: Target): Date | null => target.what === 'shift' ? target.shift.fromAt : target.what === 'note' ? target.note.writtenAt : null
const DAY_MS = 86_400_000
export const linesAround = (via: Queryable, target: Target): Promise<Shift[]> => {
  const at = momentOf(target)
  return at ? shiftsOf(via, target.roster, { fromAt: new Date(at.getTime() - 2 * DAY_MS), untilAt: new Date(at.getTime() + 4 * DAY_MS) }) : Promise.resolve([])
}

/** The shift that follows another one: who has it receives what is handed over. */
export function nextOf(shifts: Shift[], id: string): Shift | undefined {
  const before = shifts.find(s => s.id === id)
  return before && shifts.find(s => s.id !== id && s.kind === before.kind && s.unitId === before.unitId && s.personId !== null && (s.state === 'published' || s.state === 'held' || s.state === 'ended') && s.outcome !== 'absent' && s.fromAt >= before.untilAt)
}

/** What is known of somebody who is to be put on duty; lines of `but` do not count. */
async function propose(via: Queryable, p: Omit<Proposed, 'person' | 'others' | 'absences'> & { personId: string }, but: string[]): Promise<Proposed> {
  const { personId, ...shift } = p
  const around = { fromAt: new Date(p.fromAt.getTime() - 8 * DAY_MS), untilAt: new Date(p.untilAt.getTime() + 8 * DAY_MS) }
  const [[person], others, absences] = [
    await all<NonNullable<Proposed['person']>>(via, 'SELECT id, name, unit_id AS unit, roles FROM person WHERE id = $1 AND active', personId),
    await all<Proposed['others'][number]>(via, `SELECT from_at AS "fromAt", coalesce(extended_to, until_at) AS "untilAt", CASE kind WHEN 'duty' THEN '值班' ELSE '轮驻' END AS what FROM roster
      WHERE person_id = $1 AND state IN ('draft', 'published', 'held', 'ended') AND outcome IS DISTINCT FROM 'absent' AND id <> ALL($2) AND from_at < $4 AND until_at > $3
      UNION ALL SELECT from_at, until_at, CASE kind WHEN 'attend' THEN '随驻' ELSE '陪同接待' END FROM roster_request WHERE person_id = $1 AND kind IN ('attend', 'reception') AND state IN ('named', 'registered') AND id <> ALL($2) AND from_at < $4 AND until_at > $3`,
    personId, but, around.fromAt, around.untilAt),
    await all<Span>(via, 'SELECT from_at AS "fromAt", until_at AS "untilAt" FROM absence WHERE person_id = $1 AND from_at < $3 AND until_at > $2', personId, around.fromAt, around.untilAt),
  ]
  return { ...shift, person: person ?? null, others, absences }
}

/** The findings about somebody on a shift. `but`: lines that will be no more. */
export const findingsOn = async (via: Queryable, shift: Omit<Proposed, 'person' | 'others' | 'absences'> & { personId: string }, calendar: Calendar, but: string[] = []): Promise<RosterFinding[]> =>
  checkShift(await propose(via, shift, but), calendar)

/** Who could have an open shift: free, rested, of the role; whoever has least in these days first; at most five. */
export async function proposalsFor(via: Queryable, shift: Shift, calendar: Calendar): Promise<string[]> {
  const rows = await all<{ id: string }>(via, `SELECT p.id FROM person p WHERE p.unit_id = $1 AND p.active ORDER BY (SELECT count(*) FROM roster r WHERE r.person_id = p.id AND r.state <> 'cancelled' AND r.from_at BETWEEN $2::timestamptz - interval '15 days' AND $2::timestamptz + interval '15 days'), p.id`, shift.unitId, shift.fromAt)
  const fit: string[] = []
  for (const { id } of rows) {
    if (fit.length === 5) break
    const found = await findingsOn(via, { ...shift, personId: id }, calendar, [shift.id])
    if (!found.some(({ effect }) => effect === 'refuse' || effect === 'sign')) fit.push(id)
  }
  return fit
}

export const hasPlace = (place: string): place is RosterPlace => place in ROSTER_ACTIONS
