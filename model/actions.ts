/**
 * Who may do what, when: the one table that the API's refusals, the transactions of allocation, the
 * Updates and the buttons of every client read. Pure; runs inside and outside the workflow sandbox.
 */
import { shanghai, shanghaiDate } from './instants.ts'
import type { Role } from './person.ts'
import type { CaseStatus, Facts, TaskStatus } from './types.ts'
import type { Policy, TaskPolicy } from './policy.ts'

/** What the rules need to know of a person. */
export interface Who {
  id: string
  unit: string | null
  enterprise: string | null
  roles: Role[]
  /** Absent persons whose proxy (代理人) this person is now. */
  standsInFor: string[]
}

/** What the rules need to know of a case and a task. */
export interface CaseFacts {
  status: CaseStatus
  /** How it ended, or is about to end. */
  outcome: string | null
  restricted: boolean, applicantId: string, enterpriseId: string | null, card: string
  participants: string[], excluded: string[]
}
export interface TaskFacts {
  status: TaskStatus, unitId: string, role: Role, holderId: string | null, notBy: string[], card: string
}

/** Why something may not be done: a code of the API's problem table, and a sentence for the person. */
export interface Refusal { code: RefusalCode, message: string }
type RefusalCode = 'not-permitted' | 'conflict-of-interest' | 'four-eyes' | 'already-claimed' | 'task-closed'
  | 'stale-round' | 'action-not-allowed' | 'facts-changed' | 'bad-form' | 'not-found'

export type Relation = 'holder' | 'candidate' | 'leader' | 'applicant' | 'participant' | 'office' | 'bureau-leader' | 'duty-desk'

export type TaskAction = 'claim' | 'release' | 'complete' | 'acknowledge' | 'refuse' | 'return' | 'delegate' | 'transfer'
  | 'extend' | 'acknowledge-card' | 'declare-conflict'
export type CaseAction = 'withdraw' | 'urge' | 'comment' | 'rate' | 'amend' | 'cancel' | 'extend' | 'link' | 'declare-conflict'
  | 'acknowledge-card'

type Table<Action extends string> = Partial<Record<Action, Relation[]>>

/** A task in this state: action → the relations that may take it. */
export const TASK_ACTIONS = {
  open: { 'claim': ['candidate'], 'transfer': ['leader'], 'acknowledge-card': ['leader', 'office', 'bureau-leader'], 'declare-conflict': ['candidate'] },
  claimed: {
    'complete': ['holder'], 'acknowledge': ['holder'], 'refuse': ['holder'], 'return': ['holder'], 'release': ['holder'], 'delegate': ['holder'],
    'extend': ['holder'], 'transfer': ['leader'], 'acknowledge-card': ['leader', 'office', 'bureau-leader'], 'declare-conflict': ['holder', 'candidate'],
  },
  completed: {},
  cancelled: {},
} satisfies Record<TaskStatus, Table<TaskAction>>

const LIVE_CASE = {
  'withdraw': ['applicant'], 'urge': ['applicant'], 'rate': ['applicant'], 'amend': ['applicant'], 'extend': ['holder'],
  'comment': ['applicant', 'participant', 'office', 'bureau-leader'], 'cancel': ['office', 'bureau-leader'],
  'link': ['duty-desk', 'office'], 'acknowledge-card': ['office', 'bureau-leader'], 'declare-conflict': ['participant'],
} satisfies Table<CaseAction>

/** A case in this state: action → the relations that may take it. */
export const CASE_ACTIONS = {
  open: LIVE_CASE,
  paused: LIVE_CASE,
  closed: { comment: ['participant', 'office', 'bureau-leader'] },
} satisfies Record<CaseStatus, Table<CaseAction>>

/** How a person stands to a case; a declared conflict takes every relation away. */
export function caseRelations(who: Who, file: CaseFacts): Set<Relation> {
  if (isExcluded(who, file)) return new Set()
  const is = new Set<Relation>()
  if (who.id === file.applicantId || (!file.restricted && who.roles.includes('enterprise') && who.enterprise !== null && who.enterprise === file.enterpriseId)) is.add('applicant')
  if (file.participants.includes(who.id) || file.participants.some(id => actsFor(who, file, id))) is.add('participant')
  if (!file.restricted || is.has('participant')) {
    for (const role of ['office', 'bureau-leader', 'duty-desk'] as const) if (who.roles.includes(role)) is.add(role)
  }
  return is
}

/** How a person stands to a task of a case. */
export function taskRelations(who: Who, file: CaseFacts, task: TaskFacts): Set<Relation> {
  const is = caseRelations(who, file)
  if (isExcluded(who, file)) return is
  const mayDo = !task.notBy.includes(who.id)
  if (mayDo && task.holderId !== null && (task.holderId === who.id || actsFor(who, file, task.holderId))) is.add('holder')
  if (mayDo && isCandidate(who, task)) is.add('candidate')
  if (who.unit === task.unitId && who.roles.includes('unit-leader')) is.add('leader')
  return is
}

/** A member of the task's unit with the task's role; whether four eyes or a conflict forbid it is asked elsewhere. */
export const isCandidate = (who: Who, task: Pick<TaskFacts, 'unitId' | 'role'>) => who.unit === task.unitId && who.roles.includes(task.role)

/** The holder for whom this person acts as proxy; a proxy cannot act for one who declared a conflict (刑诉法29–30). */
export const actsFor = (who: Who, file: CaseFacts, holderId: string) => who.standsInFor.includes(holderId) && !file.excluded.includes(holderId)

const isExcluded = (who: Who, file: CaseFacts) => file.excluded.includes(who.id)

/** A task of the applicant has no unit behind it: let go of, it would be nobody's. */
const STAYS_WITH_APPLICANT: TaskAction[] = ['release', 'transfer', 'delegate', 'declare-conflict']
const NO_RED_CARD = '没有待签收的红牌'

/** Why this person may not take this action on this task now; null when they may. */
export function judgeTask(action: TaskAction, who: Who, file: CaseFacts, task: TaskFacts, policy: Pick<TaskPolicy, 'actions' | 'returnsTo' | 'extendable'>): Refusal | null {
  if (isExcluded(who, file)) return refuse('conflict-of-interest', '您已就本案申报回避，不能办理本案任何环节')
  if (task.status === 'completed' || task.status === 'cancelled' || file.outcome !== null) return refuse('task-closed', '该任务已经结束，不能再办理')
  if (!belongs(action, policy)) return refuse('action-not-allowed', '该任务没有这项操作')
  if (action === 'acknowledge-card' && task.card !== 'red') return refuse('action-not-allowed', NO_RED_CARD)
  if (task.unitId === 'applicant' && STAYS_WITH_APPLICANT.includes(action)) return refuse('action-not-allowed', '该任务由申请人办理，不能放回、转办、委托，也不适用回避')
  if (action === 'claim' && task.holderId === who.id) return null
  const allowed = (TASK_ACTIONS[task.status] as Table<TaskAction>)[action]
  const is = taskRelations(who, file, task)
  if (allowed?.some(r => is.has(r))) return null
  const natural = isCandidate(who, task) || task.holderId === who.id
  if (natural && task.notBy.includes(who.id)) return refuse('four-eyes', '您已办理过本案的其他环节，本环节须由他人办理')
  if (!allowed && !(is.has('candidate') || is.has('holder') || is.has('leader'))) return refuse('not-permitted', '您无权办理该任务')
  if (!allowed && action === 'claim') return refuse('already-claimed', '该任务已被他人签收')
  if (!allowed) return refuse('action-not-allowed', task.status === 'open' ? '请先签收任务' : '任务当前状态下不能进行这项操作')
  if (task.status === 'claimed' && allowed.includes('holder') && is.has('candidate')) return refuse('already-claimed', '该任务由他人持有，只有持有人可以办理')
  return refuse('not-permitted', '您无权对该任务进行这项操作')
}

/** Why this person may not take this action on this case now; null when they may. */
export function judgeCase(action: CaseAction, who: Who, file: CaseFacts): Refusal | null {
  if (isExcluded(who, file)) return refuse('conflict-of-interest', '您已就本案申报回避，不能办理本案任何环节')
  const allowed = (CASE_ACTIONS[file.status] as Table<CaseAction>)[action]
  if (!allowed) return refuse('action-not-allowed', file.status === 'closed' ? '案件已办结，不能再进行这项操作' : '案件当前状态下不能进行这项操作')
  if (action === 'acknowledge-card' && file.card !== 'red') return refuse('action-not-allowed', NO_RED_CARD)
  if (action === 'declare-conflict' && who.roles.includes('enterprise')) return refuse('not-permitted', '申报回避是办案人员的义务，企业不适用')
  const is = caseRelations(who, file)
  return allowed.some(r => is.has(r) || (r === 'holder' && is.has('participant'))) ? null : refuse('not-permitted', '您无权对该案件进行这项操作')
}

/** Why a case may not be urged now: once a day (Asia/Shanghai), and nobody urges himself; null when it may. */
export function judgeUrge(urgedAt: Date | null, tasks: Pick<TaskFacts, 'status' | 'role'>[], now: Date): Refusal | null {
  if (urgedAt && shanghaiDate(urgedAt) === shanghaiDate(now)) return refuse('action-not-allowed', `今天已经催办过（${shanghai(urgedAt)}），办理人已收到通知；明天可以再次催办`)
  const live = tasks.filter(t => t.status === 'open' || t.status === 'claimed')
  if (live.length > 0 && live.every(t => t.role === 'enterprise')) return refuse('action-not-allowed', '现在等待您办理，不需催办')
  return null
}

/** Whether this person may answer the applicant of a case: an officer, where an enterprise reads it. */
export const mayAnswer = (who: Who, { restricted, enterpriseId }: CaseFacts) => !who.roles.includes('enterprise') && !restricted && enterpriseId !== null

/** Whether a case may be withdrawn, as far as its record tells: by its policy, what was applied for, and the tasks that are live. */
export function mayWithdraw({ withdrawable, tasks }: Pick<Policy, 'withdrawable' | 'tasks'>, application: Facts, live: string[]): boolean {
  const byPolicy = typeof withdrawable === 'boolean' ? withdrawable : application[withdrawable.unless] !== true
  return byPolicy && !live.some(name => tasks[name]?.afterDecision)
}

/** May this person see the case at all? Restricted cases: only who takes part; enterprises: only their own. */
export function maySee(who: Who, file: CaseFacts, tasks: TaskFacts[]): boolean {
  if (who.roles.includes('enterprise')) return !file.restricted && who.enterprise !== null && who.enterprise === file.enterpriseId
  if (isExcluded(who, file)) return false
  const is = caseRelations(who, file)
  if (is.has('applicant') || is.has('participant')) return true
  if (file.restricted) return false
  if (is.has('office') || is.has('bureau-leader') || is.has('duty-desk')) return true
  return tasks.some(t => who.unit === t.unitId && (who.roles.includes('unit-leader') || who.roles.includes(t.role)))
}

function belongs(action: TaskAction, policy: Pick<TaskPolicy, 'actions' | 'returnsTo' | 'extendable'>) {
  if (action === 'complete' || action === 'acknowledge' || action === 'refuse') return (policy.actions ?? ['complete']).includes(action)
  if (action === 'return') return (policy.returnsTo?.length ?? 0) > 0
  if (action === 'extend') return policy.extendable === true
  return true
}

const refuse = (code: RefusalCode, message: string): Refusal => ({ code, message })
