/**
 * Who holds a task: claimed, released, transferred, delegated, handed over at a change of shift. None of it moves the
 * procedure, so no workflow is asked; each is one guarded write of the record, in which unit, role, conflict of
 * interest and four eyes are checked on the very state that is written over.
 */
import { judgeCase, judgeTask, taskRelations, type CaseAction, type TaskAction, type Who } from '../workflows/kit/actions.ts'
import type { Actor, Facts, Policy, TaskPolicy } from '../workflows/kit/types.ts'
import type { Db } from './connect.ts'
import { findOnDuty, whoIs } from './directory.ts'
import type { NewEvent } from './events.ts'
import { isLive, type CaseState, type TaskRow } from './projector.ts'
import { appendEvents, type Appended } from './record.ts'
import { Refused } from './refused.ts'

/** A request as it came in: who, under which key, with which body. */
export interface Request { who: Who, key: string, hash: string, form: Facts }

/** Actions on a task that only say who holds it. */
export const ALLOCATIONS = ['claim', 'release', 'transfer', 'delegate', 'declare-conflict'] as const satisfies TaskAction[]
export type Allocation = (typeof ALLOCATIONS)[number]

/** Allocates a task. Throws `Refused`; a repeat under the same key changes nothing. */
export function allocate(db: Db, action: Allocation, caseNo: string, taskId: string, { who, key, hash, form }: Request): Promise<Appended> {
  return appendEvents(db, caseNo, key, async (state) => {
    const task = state?.tasks.find(t => t.id === taskId)
    if (!state || !task) throw new Refused('not-found', '没有这项任务')
    const refusal = judgeTask(action, who, state.file, task, { actions: [] })
    if (refusal) throw new Refused(refusal.code, refusal.message)
    const actor: Actor = { id: who.id, unit: who.unit }
    switch (action) {
      case 'claim': return task.holderId === who.id ? [] : [{ type: 'task-claimed', actor, data: { task: taskId } }]
      case 'release': return [{ type: 'task-released', actor, data: { task: taskId } }]
      case 'declare-conflict': return [{ type: 'conflict-declared', actor, data: { reason: String(form.reason) } }, ...releaseAll(state, who.id)]
      case 'transfer':
      case 'delegate': {
        const to = String(form.to)
        if (to === task.holderId) throw new Refused('bad-form', '该任务已由此人持有')
        await checkReceiver(db, state, task, to)
        return [{ type: action === 'transfer' ? 'task-transferred' : 'task-delegated', actor, data: { task: taskId, to, reason: String(form.reason) } }]
      }
    }
  }, hash)
}

/** Actions on a case that leave the procedure where it is. */
export const REMARKS = ['urge', 'comment', 'link', 'declare-conflict'] as const satisfies CaseAction[]
export type Remark = (typeof REMARKS)[number]

/** Records a remark on a case. Throws `Refused`; a repeat under the same key changes nothing. */
export function remark(db: Db, action: Remark, caseNo: string, { who, key, hash, form }: Request): Promise<Appended> {
  return appendEvents(db, caseNo, key, (state) => {
    if (!state) throw new Refused('not-found', '没有这个案件')
    const refusal = judgeCase(action, who, state.file)
    if (refusal) throw new Refused(refusal.code, refusal.message)
    const actor: Actor = { id: who.id, unit: who.unit }
    switch (action) {
      case 'urge': return [{ type: 'urged', actor, data: { text: typeof form.text === 'string' ? form.text : null } }]
      case 'comment': return [{ type: 'commented', actor, data: { text: String(form.text) } }]
      case 'link': return [{ type: 'linked', actor, data: { caseNo: String(form.caseNo), kind: 'duplicate-of' } }]
      case 'declare-conflict': return [{ type: 'conflict-declared', actor, data: { reason: String(form.reason) } }, ...releaseAll(state, who.id)]
    }
  }, hash)
}

/** Whoever receives a task must be able to hold it by his own right. */
async function checkReceiver(db: Db, { file }: CaseState, task: TaskRow, to: string) {
  const receiver = await whoIs(db.pool, to)
  if (file.excluded.includes(to)) throw new Refused('conflict-of-interest', '接收人已就本案申报回避')
  if (task.notBy.includes(to)) throw new Refused('four-eyes', '接收人已办理过本案的其他环节，须另选他人')
  if (!taskRelations(receiver, file, task).has('candidate')) throw new Refused('bad-form', '接收人不是该单位具有相应岗位的在职人员')
}

/** Whoever declares a conflict lets go of every task of the case that he holds. */
const releaseAll = (state: CaseState, personId: string): NewEvent[] =>
  state.tasks.filter(t => isLive(t) && t.holderId === personId).map(t => ({ type: 'task-released', actor: null, data: { task: t.id } }))

/**
 * Change of shift (交接班): open tasks of duty steps that are held by somebody no longer on duty go back to the queue and
 * are offered to whoever is on duty now, whose claim is the receipt. Answers how many were handed over.
 */
export async function handOverShift(db: Db, policies: Iterable<Policy>): Promise<number> {
  let handedOver = 0
  for (const policy of policies) for (const [name, task] of Object.entries(policy.tasks) as [string, TaskPolicy][]) {
    const next = task.duty ? await findOnDuty(db.pool, task.unit) : null
    if (!next) continue
    const { rows } = await db.pool.query(`SELECT case_no, id FROM task WHERE procedure = $1 AND name = $2 AND unit_id = $3 AND status = 'claimed' AND holder_id <> $4
      AND EXISTS (SELECT FROM roster r WHERE r.unit_id = unit_id AND r.person_id = holder_id AND r.until_at <= now())
      AND NOT EXISTS (SELECT FROM roster r WHERE r.unit_id = task.unit_id AND r.person_id = holder_id AND now() >= r.from_at AND now() < r.until_at)`,
    [policy.key, name, task.unit, next])
    for (const row of rows) {
      const { events } = await appendEvents(db, row.case_no, `shift/${row.id}/${next}/${new Date().toISOString().slice(0, 13)}`, (state) => {
        const t = state!.tasks.find(t => t.id === row.id)!
        return t.status === 'claimed' && t.holderId !== next ? [{ type: 'task-offered', actor: null, data: { task: t.id, to: next, reason: '交接班' } }] : []
      })
      handedOver += events.length
    }
  }
  return handedOver
}
