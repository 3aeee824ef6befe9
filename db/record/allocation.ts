/**
 * Who holds a task: claimed, released, transferred, delegated, handed over at a change of shift. None of it moves the
 * procedure, so no workflow is asked; each is one guarded write of the record, in which unit, role, conflict of
 * interest and four eyes are checked on the very state that is written over.
 */
import { caseByProxy, isFreeCandidate, judgeCase, judgeTask, judgeUrge, mayAnswer, taskByProxy, type ByProxy, type CaseAction, type TaskAction, type Who } from '../../model/actions.ts'
import type { Actor, Facts } from '../../model/types.ts'
import type { Policy, TaskPolicy } from '../../model/policy.ts'
import type { Db } from '../connect.ts'
import { dutyOrder, isOnDuty, whoIs } from '../directory/directory.ts'
import type { NewEvent, Readership } from '../../model/events.ts'
import { isLive, type CaseState, type TaskRow } from '../../model/state.ts'
import { letGo } from '../directory/queue.ts'
import { appendEvents, type Appended, type CaseRead } from './record.ts'
import { Refused } from '../../model/refused.ts'

/** A request as it came in: who, under which key, with which body. */
export interface Request { who: Who, key: string, hash: string, form: Facts }

/** Actions on a task that only say who holds it. */
export const ALLOCATIONS = ['claim', 'release', 'transfer', 'delegate', 'declare-conflict'] as const satisfies TaskAction[]
export type Allocation = (typeof ALLOCATIONS)[number]

/** Allocates a task, in the case as the caller has just read it. Throws `Refused`; a repeat under the same key changes nothing. */
export function allocate(db: Db, action: Allocation, caseNo: string, taskId: string, { who, key, hash, form }: Request, read?: CaseRead): Promise<Appended> {
  return appendEvents(db, caseNo, key, async (state) => {
    const task = state?.tasks.find(t => t.id === taskId)
    if (!state || !task) throw new Refused('not-found', '没有这项任务')
    const refusal = judgeTask(action, who, state.file, task, { actions: [] })
    if (refusal) throw new Refused(refusal.code, refusal.message)
    const actor: Actor = { id: who.id, unit: who.unit }
    const proxy = taskByProxy(action, who, state.file, task)
    switch (action) {
      case 'claim': return claim(who, task, proxy)
      case 'release': return [{ type: 'task-released', actor, data: { task: taskId, ...proxy } }]
      case 'declare-conflict': return [{ type: 'conflict-declared', actor, data: { reason: String(form.reason) } }, ...await letGo(db.pool, state, [who.id])]
      case 'transfer':
      case 'delegate': {
        const to = String(form.to)
        if (to === task.holderId) throw new Refused('bad-form', '该任务已由此人持有')
        await checkReceiver(db, state, task, to)
        return [{ type: action === 'transfer' ? 'task-transferred' : 'task-delegated', actor, data: { task: taskId, to, reason: String(form.reason), ...proxy } }]
      }
    }
  }, hash, { read })
}

/** What is claimed for an absent person is held by that one, and goes on being his when the absence ends. What is held by whom one may act for needs no claim. */
function claim(who: Who, task: TaskRow, proxy: ByProxy): NewEvent[] {
  const isHeld = task.holderId === who.id || (task.holderId !== null && task.holderId === proxy.onBehalfOf)
  return isHeld ? [] : [{ type: 'task-claimed', actor: { id: who.id, unit: who.unit }, data: { task: task.id, ...proxy } }]
}

/** Actions on a case that leave the procedure where it is. */
export const REMARKS = ['urge', 'comment', 'link', 'declare-conflict'] as const satisfies CaseAction[]
export type Remark = (typeof REMARKS)[number]

/** Records a remark on a case. Throws `Refused`; a repeat under the same key changes nothing. */
export function remark(db: Db, action: Remark, caseNo: string, { who, key, hash, form }: Request): Promise<Appended> {
  return appendEvents(db, caseNo, key, async (state, now) => {
    if (!state) throw new Refused('not-found', '没有这个案件')
    const refusal = judgeCase(action, who, state.file) ?? (action === 'urge' ? judgeUrge(state.file.urgedAt, state.tasks, now) : null)
    if (refusal) throw new Refused(refusal.code, refusal.message)
    const actor: Actor = { id: who.id, unit: who.unit }
    const proxy = caseByProxy(action, who, state.file)
    switch (action) {
      case 'urge': return [{ type: 'urged', actor, data: { text: typeof form.text === 'string' ? form.text : null, ...proxy } }]
      case 'comment': return [{ type: 'commented', actor, data: { text: String(form.text), to: readershipOf(who, state, form.to), ...proxy } }]
      case 'link': return [{ type: 'linked', actor, data: { caseNo: String(form.caseNo), kind: 'duplicate-of', ...proxy } }]
      case 'declare-conflict': return [{ type: 'conflict-declared', actor, data: { reason: String(form.reason) } }, ...await letGo(db.pool, state, [who.id])]
    }
  }, hash)
}

/** Who reads what somebody writes or adds to a case; officers alone, unless it is to answer an enterprise. @throws Refused */
export function readershipOf(who: Who, { file }: CaseState, asked: unknown): Readership {
  if (asked !== 'applicant') return 'officers'
  if (!mayAnswer(who, file)) throw new Refused('bad-form', '本案没有可以答复的企业，只能供办案人员阅读')
  return 'applicant'
}

/** Whoever receives a task must be able to hold it by his own right. */
async function checkReceiver(db: Db, { file }: CaseState, task: TaskRow, to: string) {
  const receiver = await whoIs(db.pool, to)
  if (file.excluded.includes(to)) throw new Refused('conflict-of-interest', '接收人已就本案申报回避')
  if (task.notBy.includes(to)) throw new Refused('four-eyes', '接收人已办理过本案的其他环节，须另选他人')
  if (!isFreeCandidate(receiver, file, task)) throw new Refused('bad-form', '接收人不是该单位具有相应岗位的在职人员')
}

/**
 * Duty tasks that are due for a change of shift, each once a shift and holder: taken by somebody while on duty who is on
 * duty no longer (who takes one in his own time keeps it), or waiting in the queue since before the present shift.
 * Who is on duty is said as by `findOnDuty`.
 */
const AT_CHANGE_OF_SHIFT = `WITH duty AS (
  SELECT DISTINCT ON (r.unit_id) r.unit_id, r.person_id, r.from_at, r.id FROM roster r JOIN person p ON p.id = r.person_id AND p.active
  WHERE ${isOnDuty('r')} ORDER BY r.unit_id, ${dutyOrder('r')}),
due AS (
  SELECT t.case_no, t.id, t.holder_id, d.person_id AS next, 'shift/' || t.id || '/' || d.id || '/' || coalesce(t.holder_id, '') AS key
  FROM task t JOIN duty d ON d.unit_id = t.unit_id
  WHERE t.status IN ('open', 'claimed') AND (t.procedure, t.name) IN (SELECT * FROM unnest($1::text[], $2::text[]))
    AND CASE t.status WHEN 'open' THEN t.created_at < d.from_at AND NOT EXISTS (SELECT FROM case_event e
      WHERE e.case_no = t.case_no AND e.data->>'task' = t.id AND e.type IN ('task-offered', 'task-released') AND e.at >= d.from_at) ELSE
      EXISTS (SELECT FROM roster r JOIN case_event e ON e.at >= r.from_at AND e.at < coalesce(r.extended_to, r.until_at) WHERE r.kind = 'duty' AND r.state IN ('published', 'held', 'ended') AND NOT r.stays_on AND r.unit_id = t.unit_id AND r.person_id = t.holder_id
        AND r.until_at <= now() AND e.case_no = t.case_no AND e.seq = (
          SELECT max(seq) FROM case_event WHERE case_no = t.case_no AND data->>'task' = t.id AND type IN ('task-claimed', 'task-transferred', 'task-delegated')))
      AND NOT EXISTS (SELECT FROM roster r WHERE r.unit_id = t.unit_id AND r.person_id = t.holder_id AND ${isOnDuty('r')}) END)
SELECT * FROM due WHERE NOT EXISTS (SELECT FROM case_event e WHERE e.case_no = due.case_no AND e.key = due.key)`

interface HandOver { case_no: string, id: string, holder_id: string | null, next: string, key: string }

/**
 * Change of shift (交接班): open tasks of duty steps go from whoever has left to whoever is on duty now, whose claim is
 * the receipt. Answers how many were handed over.
 */
export async function handOverShift(db: Db, policies: Iterable<Policy>): Promise<number> {
  const steps = [...policies].flatMap(policy => Object.entries(policy.tasks as Record<string, TaskPolicy>).flatMap(([name, task]) => (task.duty ? [[policy.key, name]] : [])))
  const { rows } = await db.pool.query<HandOver>({ name: 'change-of-shift', text: AT_CHANGE_OF_SHIFT, values: [steps.map(([procedure]) => procedure), steps.map(([, name]) => name)] })
  let handedOver = 0
  for (const row of rows) {
    const next = await whoIs(db.pool, row.next)
    const { events, repeated } = await appendEvents(db, row.case_no, row.key, state => handOver(state!, row, next))
    if (events.length > 0 && !repeated) handedOver++
  }
  return handedOver
}

/** Offered to the next officer, unless four eyes or a conflict forbid it: then anybody may claim it, and the leaders are told to see to it. */
function handOver({ file, tasks }: CaseState, { id, holder_id: holder }: HandOver, next: Who): NewEvent[] {
  const task = tasks.find(t => t.id === id)!
  // Decided or let go in the meantime.
  if (!isLive(task) || task.holderId !== holder) return []
  if (isFreeCandidate(next, file, task)) return [{ type: 'task-offered', actor: null, data: { task: id, to: next.id, reason: '交接班' } }]
  const told: NewEvent = { type: 'told', actor: null, data: { to: 'leaders', title: `交接班：请指派“${task.title}”`, body: `案件 ${file.caseNo} 的“${task.title}”不能由接班民警办理（回避或已办理本案其他环节），请指派他人。` } }
  return holder === null ? [told] : [{ type: 'task-released', actor: null, data: { task: id } }, told]
}
