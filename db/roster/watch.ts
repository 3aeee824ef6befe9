/**
 * What the duty roster is watched for, every minute and by any number of workers: who has not come, what nobody has received, gaps before
 * they happen. Everything follows from the lines and the clock, and each finding has a key: after an outage the first look finds all that
 * fell due, once.
 */
import type { Calendar } from '../../clock/calendar.ts'
import { shanghaiDate } from '../../model/instants.ts'
import { CENTRE, ROTATION, type Shift } from '../../model/roster.ts'
import { addDays, atTime, covering, draftDueOn, dueSpans, gapsOf, monthAfter, rungNow, turnDueAt, type Span, type Watch } from '../../model/roster-plan.ts'
import type { Db, Queryable } from '../connect.ts'
import { iso, newId, spanData, type DutySteps } from './acts.ts'
import { findIncoming, openTasks, writeNote } from './hand-over.ts'
import { findShift, findWatched, isPublished, listAlarms, listNotes, listRequests, listShifts, placeOfShift, readCalendar } from './read.ts'
import { recordAct, type NewRosterEvent } from './record.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS
/** How far a gap is seen ahead. */
const AHEAD_MS = 7 * DAY_MS

interface Look { db: Db, now: Date, calendar: Calendar, watched: Map<string, Watch>, steps: DutySteps }

/** One look at all rosters, at `now`; answers how many findings were recorded. */
export async function watchRosters(db: Db, steps: DutySteps, now = new Date()): Promise<number> {
  const look: Look = { db, now, calendar: await readCalendar(db.pool), watched: await findWatched(db.pool, steps.map(([, , unit]) => unit)), steps }
  let recorded = 0
  for (const watch of [watchShifts, watchTurns, watchNotes, watchRequests, watchGaps, watchDrafts]) recorded += await watch(look)
  return recorded
}

/** Records a finding once; `run` looks again, at what may have changed by then, and answers nothing where it has. */
async function find({ db }: Look, unitId: string, key: string, run: (via: Queryable) => Promise<NewRosterEvent[]>): Promise<number> {
  if (((await db.pool.query('SELECT FROM roster_event WHERE unit_id = $1 AND key = $2', [unitId, key])).rowCount ?? 0) > 0) return 0
  const { events, repeated } = await recordAct(db, unitId, { key, actor: null, requestHash: null }, run)
  return repeated ? 0 : events.length
}

const still = async (via: Queryable, { id, state }: Shift): Promise<boolean> => (await findShift(via, id))?.state === state

async function watchShifts(look: Look): Promise<number> {
  const { db, now } = look
  const lines = await listShifts(db.pool, `kind = 'duty' AND state IN ('published', 'held') AND from_at <= $1 AND from_at > $2`, now, new Date(now.getTime() - 7 * DAY_MS))
  let n = 0
  for (const s of lines) {
    const data = { shift: s.id, person: s.personId, ...spanData(s) }
    const say = (key: string, type: NewRosterEvent['type'], more: object = {}) => find(look, s.unitId, `${key}/${s.id}`, async via => await still(via, s) ? [{ type, data: { ...data, ...more } }] : [])
    const sinceMs = now.getTime() - s.fromAt.getTime()
    if (s.state === 'published' && s.untilAt > now) {
      n += await say('reminded', 'check-in-reminded')
      if (sinceMs >= 15 * MINUTE_MS) n += await say('late-15', 'check-in-late', { rung: 15 })
      if (sinceMs >= 60 * MINUTE_MS) n += await say('late-60', 'check-in-late', { rung: 60 })
    } else if (s.untilAt <= now) {
      if (s.state === 'published') n += await end(look, s, 'absent', 'shift-missed')
      else if (s.staysOn) n += await say('extended', 'shift-extended')
      else n += await end(look, s, 'relieved', 'shift-ended')
    }
  }
  return n
}

const end = (look: Look, s: Shift, outcome: NonNullable<Shift['outcome']>, type: 'shift-missed' | 'shift-ended', chain = s.unitId): Promise<number> => find(look, chain, `ended/${s.id}`, async (via) => {
  if (!await still(via, s)) return []
  await via.query(`UPDATE roster SET state = 'ended', outcome = $2, stays_on = false WHERE id = $1`, [s.id, outcome])
  return [{ type, data: { shift: s.id, person: s.personId, outcome, ...(s.kind === 'rotation' && { department: s.unitId }), ...spanData(s) }, shifts: [s.id] }]
})

/** Turns of departments: named in time, there on the day; a turn that nobody came to is kept as missed, and nobody is moved up. */
async function watchTurns(look: Look): Promise<number> {
  const { db, now, calendar } = look
  let n = 0
  for (const s of await listShifts(db.pool, `kind = 'rotation' AND state IN ('published', 'open', 'held') AND from_at < $1 AND from_at > $2`, new Date(now.getTime() + 15 * DAY_MS), new Date(now.getTime() - 7 * DAY_MS))) {
    const say = (key: string, type: NewRosterEvent['type'], more: object = {}) => find(look, CENTRE, `${key}/${s.id}`, async via => await still(via, s) ? [{ type, data: { shift: s.id, department: s.unitId, person: s.personId, ...spanData(s), ...more } }] : [])
    const dueAt = turnDueAt(shanghaiDate(s.fromAt), calendar)
    if (s.untilAt <= now) n += await end(look, s, s.state === 'held' ? 'present' : 'absent', s.state === 'held' ? 'shift-ended' : 'shift-missed', CENTRE)
    else if (s.state === 'published' && s.fromAt <= now) n += await say('reminded', 'check-in-reminded')
    else if (s.state === 'open') {
      if (dueAt <= now) n += await say('unnamed', 'turn-unnamed', { rung: 'leader', dueAt: iso(dueAt) })
      if (s.fromAt <= now) n += await say('unnamed-office', 'turn-unnamed', { rung: 'office', dueAt: iso(dueAt) })
    }
  }
  return n
}

/** Receipts within an hour; where nobody wrote a hand-over, the system lists the open tasks itself. */
async function watchNotes(look: Look): Promise<number> {
  const { db, now, steps } = look
  let n = 0
  for (const note of await listNotes(db.pool, `state IN ('sent', 'refused') AND coalesce(received_at, written_at) <= $1`, new Date(now.getTime() - HOUR_MS))) {
    const what = note.state === 'sent' ? 'receipt' : 'decision'
    n += await find(look, note.unitId, `${what}/${note.id}`, async (via) => {
      const [again] = await listNotes(via, 'id = $1', note.id)
      const shift = await findShift(via, note.shiftId)
      if (again?.state !== note.state || !shift) return []
      return [{ type: 'hand-over-late', data: { note: note.id, number: note.number, what, person: what === 'receipt' ? null : note.writtenBy, to: (await findIncoming(via, shift))?.personId ?? null } }]
    })
  }
  const left = await listShifts(db.pool, `kind = 'duty' AND state = 'ended' AND outcome IN ('relieved', 'unrelieved') AND checked_in_at IS NOT NULL AND coalesce(extended_to, until_at) <= $1 AND until_at > $2
    AND NOT EXISTS (SELECT FROM shift_note n WHERE n.shift_id = roster.id)`, new Date(now.getTime() - HOUR_MS), new Date(now.getTime() - 7 * DAY_MS))
  for (const s of left) n += await find(look, s.unitId, `no-note/${s.id}`, async via => (await listNotes(via, 'shift_id = $1', s.id)).length > 0 ? [] : [await writeNote(via, now, s, null, null, await openTasks(via, s.unitId, steps))])
  return n
}

async function watchRequests(look: Look): Promise<number> {
  let n = 0
  for (const r of await listRequests(look.db.pool, `(kind = 'attend' AND state = 'asked' AND due_at <= $1) OR (kind = 'swap' AND ((state = 'asked' AND due_at <= $1) OR (state = 'accepted' AND from_at <= $1)))`, look.now)) {
    n += await find(look, r.unitId, `lapsed/${r.id}`, async (via) => {
      const [again] = await listRequests(via, 'id = $1', r.id)
      if (again?.state !== r.state) return []
      await via.query(`UPDATE roster_request SET state = 'lapsed' WHERE id = $1`, [r.id])
      return [r.kind === 'swap' ? { type: 'swap-lapsed', data: { request: r.id, person: r.askedBy, to: r.personId, ...spanData(r) } } : { type: 'attend-late', data: { request: r.id, by: r.askedBy, ...spanData(r) } }]
    })
  }
  return n
}

/** Gaps of the coming week. The rotation has one where no department's turn is, or nobody of it was named in time. */
async function watchGaps(look: Look): Promise<number> {
  const { db, now, calendar, watched } = look
  const span = { fromAt: atTime(addDays(shanghaiDate(now), -1), '00:00'), untilAt: new Date(now.getTime() + AHEAD_MS) }
  const lines = await listShifts(db.pool, `from_at < $2 AND (coalesce(extended_to, until_at) > $1 OR stays_on)`, span.fromAt, span.untilAt)
  const { rows: absences } = await db.pool.query('SELECT person_id AS person, from_at AS "fromAt", until_at AS "untilAt" FROM absence WHERE from_at < $2 AND until_at > $1', [span.fromAt, span.untilAt])
  const isAway = (person: string, shift: Span) => absences.some((a: Span & { person: string }) => a.person === person && a.fromAt < shift.untilAt && a.untilAt > shift.fromAt)
  let n = 0
  for (const [roster, watch] of watched) {
    const own = lines.filter(s => roster === ROTATION ? s.kind === 'rotation' : s.kind === 'duty' && s.unitId === roster)
    const covered = roster === ROTATION
      ? own.filter(s => ['turn:published', 'turn:held', 'turn:ended'].includes(placeOfShift(s)) || (s.state === 'open' && turnDueAt(shanghaiDate(s.fromAt), calendar) > now))
      // Whoever stays on covers until he is relieved.
      : covering(own.map(s => s.staysOn && s.untilAt < now ? { ...s, extendedTo: now } : s), isAway)
    const gaps = gapsOf(dueSpans(roster === ROTATION ? 'workdays' : watch, span, calendar), covered).filter(gap => gap.untilAt > now)
    for (const gap of gaps) n += await alarm(look, roster, gap)
    n += await closeAlarms(look, roster, gaps)
  }
  return n
}

function alarm(look: Look, roster: string, gap: Span): Promise<number> {
  const rung = rungNow(gap.fromAt, look.now)
  if (rung === null) return Promise.resolve(0)
  const chain = roster === ROTATION ? CENTRE : roster
  return find(look, chain, `gap/${roster}/${iso(gap.fromAt)}/${rung}`, async (via) => {
    if ((await listAlarms(via, `unit_id = $1 AND from_at = $2 AND state = 'accepted'`, roster, gap.fromAt)).length > 0) return []
    const id = newId('alarm')
    await via.query('INSERT INTO roster_alarm (id, unit_id, from_at, until_at, rung, raised_at, state) VALUES ($1, $2, $3, $4, $5, $6, $7)', [id, roster, gap.fromAt, gap.untilAt, rung, look.now, 'open'])
    return [{ type: 'gap-alarm', data: { alarm: id, roster, rung, ...spanData(gap) } }]
  })
}

/** An alarm ends when its hours are covered, or past. */
async function closeAlarms(look: Look, roster: string, gaps: Span[]): Promise<number> {
  let n = 0
  for (const a of await listAlarms(look.db.pool, `unit_id = $1 AND state = 'open'`, roster)) {
    if (gaps.some(gap => gap.fromAt < a.untilAt && gap.untilAt > a.fromAt)) continue
    n += await find(look, roster === ROTATION ? CENTRE : roster, `closed/${a.id}`, async (via) => {
      const { rowCount } = await via.query(`UPDATE roster_alarm SET state = 'filled', answered_at = $2 WHERE id = $1 AND state = 'open'`, [a.id, look.now])
      return rowCount ? [{ type: 'gap-closed', data: { alarm: a.id, ...spanData(a) } }] : []
    })
  }
  return n
}

/** Next month is drafted by the 25th, or the last workday before it. */
async function watchDrafts(look: Look): Promise<number> {
  const month = monthAfter(shanghaiDate(look.now).slice(0, 7))
  const dueOn = draftDueOn(month, look.calendar)
  if (shanghaiDate(look.now) < dueOn) return 0
  let n = 0
  for (const roster of look.watched.keys()) {
    if (await isPublished(look.db.pool, roster, month)) continue
    const chain = roster === ROTATION ? CENTRE : roster
    n += await find(look, chain, `draft-due/${roster}/${month}`, async (via) => {
      const drafted = await listShifts(via, `from_at >= $1 AND from_at < $2 AND ($3 = 'rotation' AND kind = 'rotation' OR kind = 'duty' AND unit_id = $3)`, atTime(`${month}-01`, '00:00'), atTime(`${monthAfter(month)}-01`, '00:00'), roster)
      return drafted.length > 0 ? [] : [{ type: 'draft-due', data: { month, roster, dueOn } }]
    })
  }
  return n
}
