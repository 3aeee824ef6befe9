/** What becomes of tasks when somebody leaves: none may be left without anybody who could do it. */
import { randomUUID } from 'node:crypto'
import type { Actor } from '../../model/types.ts'
import type { Queryable, Db } from '../connect.ts'
import type { Role } from '../../model/person.ts'
import { isLive } from '../../model/state.ts'
import { appendEvents } from '../record/record.ts'

/** Somebody as far as tasks are concerned. */
export interface Standing { id: string, unit: string | null, roles: Role[], active: boolean }

/** A task that somebody is about to let go of. `others`: somebody else could do it. */
export interface LetGo { id: string, caseNo: string, isHeld: boolean, others: boolean }

/**
 * The live tasks that a person holds or could claim, and could no longer under their new standing. One who leaves case
 * work altogether lets go of everything held, also of what was given by name.
 */
export async function findLetGo(via: Queryable, before: Standing, after: Standing): Promise<LetGo[]> {
  const leaves = !after.active || after.roles.includes('admin') || after.roles.includes('auditor')
  const { rows } = await via.query(`SELECT t.id, t.case_no AS "caseNo", t.holder_id IS NOT NULL AS "isHeld", EXISTS (
      SELECT FROM person p WHERE p.active AND p.id <> $1 AND p.unit_id = t.unit_id AND t.role = ANY(p.roles) AND p.id <> ALL(t.not_by) AND p.id <> ALL(c.excluded)) AS others
    FROM task t JOIN case_file c USING (case_no)
    WHERE (t.status = 'claimed' AND t.holder_id = $1 OR t.status = 'open' AND t.unit_id = $2 AND t.role = ANY($3))
      AND (t.unit_id = $2 AND t.role = ANY($3) OR $4) AND NOT (NOT $4 AND t.unit_id = $5 AND t.role = ANY($6))
    ORDER BY t.case_no, t.id`, [before.id, before.unit, before.roles, leaves, after.unit, after.roles])
  return rows
}

/** Puts held tasks back into their units' queues. */
export async function releaseTasks(db: Db, via: Queryable, actor: Actor, holder: string, tasks: LetGo[]): Promise<void> {
  for (const { id, caseNo } of tasks) {
    await appendEvents(db, caseNo, `released/${randomUUID()}`, (state) => {
      const held = state!.tasks.some(t => t.id === id && isLive(t) && t.holderId === holder)
      return held ? [{ type: 'task-released', actor, data: { task: id } }] : []
    }, null, { via })
  }
}
