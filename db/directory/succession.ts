/** What becomes of tasks when somebody leaves or is away: none may be left without anybody who could do it. */
import { randomUUID } from 'node:crypto'
import type { Actor } from '../../model/types.ts'
import type { Queryable, Db } from '../connect.ts'
import type { NewEvent } from '../../model/events.ts'
import type { Role } from '../../model/person.ts'
import { isLive } from '../../model/state.ts'
import type { NoticeRow } from '../notices/notices.ts'
import { appendEvents, writeNotices } from '../record/record.ts'
import { isAway, standIns } from './proxies.ts'
import { letGo } from './queue.ts'

/** Somebody as far as tasks are concerned. */
export interface Standing { id: string, unit: string | null, roles: Role[], active: boolean }

/** A task that somebody is about to let go of. `others`: somebody else could do it; `heir`: another contact of the enterprise that is asked. */
export interface LetGo { id: string, caseNo: string, isHeld: boolean, others: boolean, heir: string | null }

const barred = (id: string) => `(${id} = ANY(t.not_by) OR ${id} = ANY(c.excluded))`
/** Whether the person `p` is there for task `t` of case `c`, or somebody who stands in and is not barred. */
const isThere = `NOT ${barred('p.id')} AND (NOT ${isAway('p.id')} OR EXISTS (SELECT FROM unnest(${standIns('p.id')}) s(id) WHERE NOT ${barred('s.id')} AND s.id IS DISTINCT FROM $1))`
const isMember = 'p.active AND p.unit_id = t.unit_id AND t.role = ANY(p.roles)'

/**
 * The live tasks that a person holds or could claim, and could no longer under their new standing. One who leaves case
 * work altogether lets go of everything held, whoever leaves the unit of what is there, also of what was given by name; what an enterprise is asked goes to another contact.
 */
export async function findLetGo(via: Queryable, before: Standing, after: Standing): Promise<LetGo[]> {
  const leaves = !after.active || after.roles.includes('admin') || after.roles.includes('auditor')
  const { rows } = await via.query(`SELECT t.id, t.case_no AS "caseNo", t.holder_id IS NOT NULL AS "isHeld", h.id AS heir,
      h.id IS NOT NULL OR EXISTS (SELECT FROM person p WHERE ${isMember} AND p.id <> $1 AND ${isThere}) AS others
    FROM task t JOIN case_file c USING (case_no) LEFT JOIN LATERAL (SELECT p.id FROM person p
      WHERE t.unit_id = 'applicant' AND c.enterprise_sees = 'all' AND p.active AND p.id <> $1 AND p.enterprise_id = c.enterprise_id AND 'enterprise' = ANY(p.roles) ORDER BY p.id LIMIT 1) h ON true
    WHERE (t.status = 'claimed' AND t.holder_id = $1 OR t.status = 'open' AND t.unit_id = $2 AND t.role = ANY($3))
      AND (t.unit_id = $2 AND (t.role = ANY($3) OR t.holder_id = $1) OR $4)
      AND NOT (NOT $4 AND t.unit_id = $5 AND (t.role = ANY($6) OR t.holder_id = $1 AND t.role <> ALL($3)))
    ORDER BY t.case_no, t.id`, [before.id, before.unit, before.roles, leaves, after.unit, after.roles])
  return rows
}

/** Puts held tasks, in the order of their cases, back into their units' queues; what an enterprise is asked is its next contact's. */
export async function releaseTasks(db: Db, via: Queryable, actor: Actor, holder: string, tasks: LetGo[]): Promise<void> {
  const notices: NoticeRow[] = []
  for (const { id, caseNo, heir } of tasks) {
    await appendEvents(db, caseNo, `released/${randomUUID()}`, (state): NewEvent[] => {
      const held = state!.tasks.some(t => t.id === id && isLive(t) && t.holderId === holder)
      if (!held) return []
      return [heir === null ? { type: 'task-released', actor, data: { task: id } } : { type: 'task-transferred', actor, data: { task: id, to: heir, reason: '原联系人已停用' } }]
    }, null, { via, notices })
  }
  await writeNotices(via, notices)
}

/** Tasks of units where somebody is away: those held by one whom nobody stands in for, and those that wait where nobody is left. */
const ORPHANED = `SELECT t.case_no AS "caseNo", t.id, t.holder_id AS holder FROM task t JOIN case_file c USING (case_no) JOIN person p ON p.id = t.holder_id
    WHERE t.status = 'claimed' AND t.unit_id NOT IN ('applicant', 'party') AND ${isAway('p.id')} AND NOT (${isThere})
  UNION ALL SELECT t.case_no, t.id, NULL FROM task t JOIN case_file c USING (case_no)
    WHERE t.status = 'open' AND t.unit_id IN (SELECT o.unit_id FROM absence a JOIN person o ON o.id = a.person_id WHERE now() >= a.from_at AND now() < a.until_at)
    AND (cardinality(t.not_by) > 0 OR cardinality(c.excluded) > 0 OR (t.unit_id, t.role) IN (
      SELECT o.unit_id, r.role FROM person o, unnest(o.roles) r(role) WHERE o.active AND o.unit_id IS NOT NULL GROUP BY 1, 2 HAVING bool_and(${isAway('o.id')})))
    AND NOT EXISTS (SELECT FROM person p WHERE ${isMember} AND ${isThere})`.replaceAll('$1', 'NULL')

/** Passes on what nobody is there for because of absences: to the unit's queue, or to the next one at which somebody is. Answers how many moved. */
export async function passOnOrphaned(db: Db): Promise<number> {
  const { rows } = await db.pool.query<{ caseNo: string, id: string, holder: string | null }>({ name: 'orphaned', text: ORPHANED })
  let moved = 0
  for (const { caseNo, id, holder } of rows) {
    const { events } = await appendEvents(db, caseNo, `passed-on/${randomUUID()}`, async (state) => {
      const task = state!.tasks.find(t => t.id === id)!
      return isLive(task) && task.holderId === holder ? letGo(db.pool, state!, holder === null ? [] : [holder]) : []
    })
    if (events.length > 0) moved++
  }
  return moved
}
