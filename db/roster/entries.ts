/**
 * Single shifts as they are entered under `/api/admin/roster`: by an administrator who takes a roster over, by a leader for the own unit.
 * The same checks, the same record; what was entered is never overwritten, and what has begun is not touched.
 */
import type { Who } from '../../model/actions.ts'
import { Refused } from '../../model/refused.ts'
import type { Db, Queryable } from '../connect.ts'
import { logChange } from '../directory/admin.ts'
import { putOn, spanData, type ActContext, type DutySteps } from './acts.ts'
import { findShift, findWatched, readCalendar } from './read.ts'
import { recordAct, type NewRosterEvent } from './record.ts'

export interface Entry { unitId: string, personId: string, fromAt: Date, untilAt: Date, reason?: string | undefined }
/** How the administrators' log shows a line. */
type Show = (via: Queryable, id: string) => Promise<Record<string, never>>
interface By { who: Who, steps: DutySteps, key: string, show: Show }

const run = async (db: Db, unitId: string, by: By, what: (c: ActContext) => Promise<{ id: string, before: string | null, after: string | null, events: NewRosterEvent[] }>): Promise<string> => {
  let id = ''
  await recordAct(db, unitId, { key: by.key, actor: { id: by.who.id, unit: by.who.unit }, requestHash: null }, async (via, now) => {
    const c: ActContext = { db, via, key: by.key, now, who: by.who, calendar: await readCalendar(via), steps: by.steps, watched: await findWatched(via, by.steps.map(([, , unit]) => unit)) }
    const done = await what(c)
    id = done.id
    const shown = async (line: string | null) => line === null ? null : by.show(via, line)
    await logChange(via, by.who.id, `roster/${done.id}`, await shown(done.before), await shown(done.after))
    return done.events
  })
  return id
}

/** Enters a shift; it holds at once. Answers its id. @throws Refused */
export const enterShift = (db: Db, by: By, { reason, ...entry }: Entry): Promise<string> => run(db, entry.unitId, by, async (c) => {
  if (entry.untilAt <= c.now) throw new Refused('bad-form', '结束时间：不能在过去')
  const { id } = await putOn(c, { ...entry, kind: 'duty', state: 'published', reason: reason ?? null }, { signed: reason !== undefined })
  return { id, before: null, after: id, events: [{ type: 'shift-added', data: { shift: id, person: entry.personId, ...spanData(entry), state: 'published', ...(reason !== undefined && { reason }) }, shifts: [id] }] }
})

/** Another shift in the place of one that has not begun; the old line stays as history. Answers the new one's id. @throws Refused */
export const replaceShift = (db: Db, by: By, unitId: string, old: string, { reason, ...entry }: Entry): Promise<string> => run(db, unitId, by, async (c) => {
  const before = await mustBeAhead(c.via, old, c.now)
  await c.via.query(`UPDATE roster SET state = 'replaced' WHERE id = $1`, [old])
  const { id } = await putOn(c, { ...entry, kind: 'duty', state: 'published', replaces: old, reason: reason ?? null }, { but: [old], signed: reason !== undefined })
  return { id, before: old, after: id, events: [{ type: 'shift-filled', data: { shift: id, replaces: old, person: entry.personId, was: before.personId === entry.personId ? null : before.personId, ...spanData(entry), reason: reason ?? null }, shifts: [old, id] }] }
})

/** Takes back a shift that has not begun; its line stays as history. @throws Refused */
export const cancelShift = (db: Db, by: By, unitId: string, old: string): Promise<string> => run(db, unitId, by, async (c) => {
  const before = await mustBeAhead(c.via, old, c.now)
  await c.via.query(`UPDATE roster SET state = 'cancelled' WHERE id = $1`, [old])
  return { id: old, before: old, after: null, events: [{ type: 'shift-cancelled', data: { shift: old, person: before.personId, ...spanData(before) }, shifts: [old] }] }
})

async function mustBeAhead(via: Queryable, id: string, now: Date) {
  const shift = await findShift(via, id)
  if (!shift || shift.state === 'replaced' || shift.state === 'cancelled') throw new Refused('not-found', '没有这条记录')
  if (shift.fromAt <= now) throw new Refused('action-not-allowed', '该班已经开始，值班记录不能改写；须有人补的，请负责人在值班页补班')
  return shift
}
