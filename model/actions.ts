/**
 * Who may do what, when: the one table that the API's refusals, the transactions of allocation, the
 * Updates and the buttons of every client read. Pure; runs inside and outside the workflow sandbox.
 */
import { shanghai, shanghaiDate } from './instants.ts'
import type { Post, Role } from './person.ts'
import type { Answers, CaseStatus, EnterpriseSees, Facts, PartyState, TaskStatus } from './types.ts'
import type { Policy, TaskPolicy } from './policy.ts'
import { partsOf } from './participants.ts'

/** What the rules need to know of a person. */
export interface Who extends Post {
  /** Absent persons whose proxy (代理人) this person is now: what is addressed to their posts is his to take, too. */
  standsInFor: Post[]
}

/** What the rules need to know of a case and a task. */
export interface CaseFacts {
  status: CaseStatus
  /** Since when its workflow stands still. */
  haltedAt?: Date | null
  /** How it ended, or is about to end. */
  outcome: string | null
  restricted: boolean, enterpriseSees: EnterpriseSees, applicantId: string, enterpriseId: string | null, card: string
  /** When its red card, as it stands, was acknowledged. */
  cardAcknowledgedAt?: Date | null
  participants: string[], excluded: string[]
  /** Those with a lane of their own. */
  parties: PartyState[]
}
export interface TaskFacts {
  status: TaskStatus, party: string | null, unitId: string, role: Role, holderId: string | null, answers?: Answers | null, notBy: string[], card: string, cardAcknowledgedAt?: Date | null
}

/** Why something may not be done: a code of the API's problem table, and a sentence for the person. */
export interface Refusal { code: RefusalCode, message: string }
type RefusalCode = 'not-permitted' | 'conflict-of-interest' | 'four-eyes' | 'already-claimed' | 'task-closed'
  | 'stale-round' | 'action-not-allowed' | 'facts-changed' | 'bad-form' | 'not-found'

export type Relation = 'holder' | 'candidate' | 'leader' | 'answerable' | 'applicant' | 'participant' | 'office' | 'bureau-leader' | 'duty-desk'

export type TaskAction = 'claim' | 'release' | 'complete' | 'acknowledge' | 'refuse' | 'return' | 'delegate' | 'transfer'
  | 'extend' | 'acknowledge-card' | 'declare-conflict'
export type CaseAction = 'withdraw' | 'urge' | 'comment' | 'rate' | 'amend' | 'cancel' | 'extend' | 'link' | 'declare-conflict'
  | 'acknowledge-card' | 'resume'

type Table<Action extends string> = Partial<Record<Action, Relation[]>>

/** A task in this state: action → the relations that may take it. */
export const TASK_ACTIONS = {
  open: {
    'claim': ['candidate'],
    // To decide it is to take it, in one; what is restricted is taken before it is seen, and seen before it is decided.
    'complete': ['candidate'], 'acknowledge': ['candidate'], 'refuse': ['candidate'], 'return': ['candidate'],
    'transfer': ['leader'], 'acknowledge-card': ['leader', 'answerable', 'office', 'bureau-leader'], 'declare-conflict': ['candidate'],
  },
  claimed: {
    // Claiming what one already holds changes nothing.
    'claim': ['holder'],
    'complete': ['holder'], 'acknowledge': ['holder'], 'refuse': ['holder'], 'return': ['holder'], 'release': ['holder'], 'delegate': ['holder'],
    'extend': ['holder'], 'transfer': ['leader'], 'acknowledge-card': ['leader', 'answerable', 'office', 'bureau-leader'], 'declare-conflict': ['holder', 'candidate'],
  },
  completed: {},
  cancelled: {},
} satisfies Record<TaskStatus, Table<TaskAction>>

const LIVE_CASE = {
  'withdraw': ['applicant'], 'urge': ['applicant'], 'rate': ['applicant'], 'amend': ['applicant'], 'extend': ['holder'],
  'comment': ['applicant', 'participant', 'office', 'bureau-leader'], 'cancel': ['office', 'bureau-leader'],
  'link': ['duty-desk', 'office'], 'acknowledge-card': ['office', 'bureau-leader'], 'declare-conflict': ['participant'],
  'resume': ['office', 'bureau-leader'],
} satisfies Table<CaseAction>

/** A case in this state: action → the relations that may take it. */
export const CASE_ACTIONS = {
  open: LIVE_CASE,
  paused: LIVE_CASE,
  closed: { comment: ['participant', 'office', 'bureau-leader'] },
} satisfies Record<CaseStatus, Table<CaseAction>>

/**
 * In whose names a person acts in a case: in the own one, and in those of the absent persons he stands in for; a proxy cannot act for one
 * who declared a conflict (刑诉法29–30), and whoever declared one himself acts in nobody's.
 */
export const namesOf = (who: Who, file: CaseFacts): Post[] =>
  isExcluded(who, file) ? [] : [who, ...who.standsInFor.filter(absent => !file.excluded.includes(absent.id))]

/** How a person stands to a case, by himself or as a proxy. */
export const caseRelations = (who: Who, file: CaseFacts): Set<Relation> => new Set(namesOf(who, file).flatMap(as => toCase(as, file)))

/** How a person stands to a task of a case, by himself or as a proxy. */
export const taskRelations = (who: Who, file: CaseFacts, task: TaskFacts): Set<Relation> => new Set(namesOf(who, file).flatMap(as => toTask(as, who, file, task)))

function toCase(as: Post, file: CaseFacts): Relation[] {
  if (as.roles.includes('enterprise') && sightFromOutside(as, file) === 'none') return []
  const part = takesPart(as, file)
  const is: Relation[] = []
  if (isContact(as, file) || (part && as.id === file.applicantId)) is.push('applicant')
  if (part) is.push('participant')
  if (!file.restricted || part) is.push(...(['office', 'bureau-leader', 'duty-desk'] as const).filter(role => as.roles.includes(role)))
  return is
}

/** As if `who` acted in the name of `as`: what bars one of the two bars both. */
function toTask(as: Post, who: Who, file: CaseFacts, task: TaskFacts): Relation[] {
  const is = toCase(as, file)
  const mayDo = !task.notBy.includes(who.id) && !task.notBy.includes(as.id)
  // What an enterprise is asked any of its contacts may do.
  if (mayDo && task.holderId !== null && (task.holderId === as.id || (task.unitId === 'applicant' && isContact(as, file)))) is.push('holder')
  if (mayDo && isPartys(as, file, task)) is.push('holder', 'candidate')
  if (mayDo && isMember(as, task)) is.push('candidate')
  if (as.unit === task.unitId && as.roles.includes('unit-leader')) is.push('leader')
  // Whose card it is, though somebody outside has to do it.
  if (leadsAnswerable(as, task)) is.push('answerable')
  return is
}

const takesPart = (as: Post, { participants }: CaseFacts) => partsOf(as).some(part => participants.includes(part))
const isContact = ({ roles, enterprise }: Post, file: CaseFacts) =>
  file.enterpriseSees === 'all' && roles.includes('enterprise') && enterprise !== null && enterprise === file.enterpriseId

const leadsAnswerable = (as: Post, { answers }: Pick<TaskFacts, 'answers'>) => answers != null && as.unit === answers.unit && as.roles.includes('unit-leader')
/** A contact of the enterprise whose lane it is, where it is the enterprise's to do. */
const isPartys = ({ roles, enterprise }: Post, file: CaseFacts, task: Pick<TaskFacts, 'party' | 'unitId'>) =>
  task.unitId === 'party' && roles.includes('enterprise') && enterprise !== null && file.parties.some(p => p.id === task.party && p.enterprise === enterprise)

/** Whether a task is for somebody outside to do: the applicant, or an enterprise in its lane. */
export const isOutsiders = ({ unitId }: Pick<TaskFacts, 'unitId'>): boolean => unitId === 'applicant' || unitId === 'party'

/** Of the task's unit, with the task's role. */
const isMember = (as: Post, task: Pick<TaskFacts, 'unitId' | 'role'>) => as.unit === task.unitId && as.roles.includes(task.role)

/** A task of one's unit and role, or of a post that one stands in for; whether four eyes or a conflict forbid it is asked elsewhere. */
export const isCandidate = (who: Who, task: Pick<TaskFacts, 'unitId' | 'role'>): boolean => [who, ...who.standsInFor].some(as => isMember(as, task))

/** Who is put in by name must be able to do it by himself, whomever he stands in for. */
export const isFreeCandidate = (who: Post, file: CaseFacts, task: TaskFacts): boolean => taskRelations({ ...who, standsInFor: [] }, file, task).has('candidate')

/** The absent person in whose name somebody does something (代理), as it is recorded; nothing where it is the own one. */
export interface ByProxy { onBehalfOf?: string }

/** In whose name an action on a task is taken that this person may take. */
export function taskByProxy(action: TaskAction, who: Who, file: CaseFacts, task: TaskFacts): ByProxy {
  const allowed = (TASK_ACTIONS[task.status] as Table<TaskAction>)[action] ?? []
  return byProxy(who, file, as => toTask(as, who, file, task).some(r => allowed.includes(r)))
}

/** The same of an action on a case. */
export const caseByProxy = (action: CaseAction, who: Who, file: CaseFacts): ByProxy =>
  byProxy(who, file, as => toCase(as, file).some(r => allowedOn(file, action)?.includes(r)))

function byProxy(who: Who, file: CaseFacts, may: (as: Post) => boolean): ByProxy {
  const as = namesOf(who, file).find(may)
  return as === undefined || as.id === who.id ? {} : { onBehalfOf: as.id }
}

const isExcluded = (who: Who, file: CaseFacts) => file.excluded.includes(who.id)

/** A task of somebody outside has no unit behind it: let go of, it would be nobody's. */
const STAYS_OUTSIDE: TaskAction[] = ['release', 'transfer', 'delegate', 'declare-conflict']
/** What ends a round of a task. */
const FINISHING: TaskAction[] = ['complete', 'acknowledge', 'refuse', 'return']

/** A red card is acknowledged once, until the next is shown. */
function judgeCard({ card, cardAcknowledgedAt }: Pick<TaskFacts, 'card' | 'cardAcknowledgedAt'>): Refusal | null {
  if (card !== 'red') return refuse('action-not-allowed', '没有待签收的红牌')
  return cardAcknowledgedAt ? refuse('action-not-allowed', `红牌已于 ${shanghai(cardAcknowledgedAt)} 签收，不需再次签收`) : null
}

/** Why this person may not take this action on this task now; null when they may. */
export function judgeTask(action: TaskAction, who: Who, file: CaseFacts, task: TaskFacts, policy: Pick<TaskPolicy, 'actions' | 'returnsTo' | 'extendable'>): Refusal | null {
  if (isExcluded(who, file)) return refuse('conflict-of-interest', '您已就本案申报回避，不能办理本案任何环节')
  if (task.status === 'completed' || task.status === 'cancelled' || file.outcome !== null) return refuse('task-closed', '该任务已经结束，不能再办理')
  if (!belongs(action, policy)) return refuse('action-not-allowed', '该任务没有这项操作')
  const carded = action === 'acknowledge-card' ? judgeCard(task) : null
  if (carded) return carded
  if (isOutsiders(task) && STAYS_OUTSIDE.includes(action)) return refuse('action-not-allowed', `该任务由${task.unitId === 'applicant' ? '申请人' : '企业'}办理，不能放回、转办、委托，也不适用回避`)
  const allowed = (TASK_ACTIONS[task.status] as Table<TaskAction>)[action]
  const is = taskRelations(who, file, task)
  const isUnseen = task.status === 'open' && file.restricted && !is.has('participant') && FINISHING.includes(action)
  if (allowed?.some(r => is.has(r))) return isUnseen ? refuse('action-not-allowed', '请先签收任务，签收后才能看到内容') : null
  if (isBarred(who, task)) return refuse('four-eyes', `${task.notBy.includes(who.id) ? '您' : '您所代理的人员'}已办理过本案的其他环节，本环节须由他人办理`)
  const concerned = is.has('candidate') || is.has('holder') || is.has('leader')
  if (!allowed && !concerned) return refuse('not-permitted', '您无权办理该任务')
  if (!allowed) return refuse('action-not-allowed', task.status === 'open' ? '请先签收任务' : '任务当前状态下不能进行这项操作')
  if (task.status === 'claimed' && action === 'claim' && concerned) return refuse('already-claimed', '该任务已被他人签收')
  if (task.status === 'claimed' && allowed.includes('holder') && is.has('candidate')) return refuse('already-claimed', '该任务由他人持有，只有持有人可以办理')
  return refuse('not-permitted', '您无权对该任务进行这项操作')
}

/** His by unit and role, or held by him, but for four eyes. */
const isBarred = (who: Who, task: TaskFacts) => (isCandidate(who, task) || task.holderId === who.id)
  && [who, ...who.standsInFor].some(as => task.notBy.includes(as.id) && (as === who || isMember(as, task)))

/** What may be done on a case through a window: who sees no more of it cannot judge more. */
const THROUGH_WINDOW: CaseAction[] = ['comment', 'urge']

/** Why this person may not take this action on this case now; null when they may. */
export function judgeCase(action: CaseAction, who: Who, file: CaseFacts): Refusal | null {
  if (isExcluded(who, file)) return refuse('conflict-of-interest', '您已就本案申报回避，不能办理本案任何环节')
  if (who.roles.includes('enterprise') && sightFromOutside(who, file) === 'window' && !THROUGH_WINDOW.includes(action)) return refuse('action-not-allowed', '本案的办理情况不公开，有事请留言')
  const allowed = allowedOn(file, action)
  if (!allowed) return refuse('action-not-allowed', file.status === 'closed' ? '案件已办结，不能再进行这项操作' : '案件当前状态下不能进行这项操作')
  const carded = action === 'acknowledge-card' ? judgeCard(file) : null
  if (carded) return carded
  if (action === 'resume' && !file.haltedAt) return refuse('action-not-allowed', '流程运行正常，无须恢复')
  if (action === 'declare-conflict' && who.roles.includes('enterprise')) return refuse('not-permitted', '申报回避是办案人员的义务，企业不适用')
  const is = caseRelations(who, file)
  return allowed.some(r => is.has(r)) ? null : refuse('not-permitted', '您无权对该案件进行这项操作')
}

/** Whoever takes part may be the holder of one of its tasks: that is asked of the task. */
function allowedOn({ status }: CaseFacts, action: CaseAction): Relation[] | undefined {
  const allowed = (CASE_ACTIONS[status] as Table<CaseAction>)[action]
  return allowed?.flatMap((r): Relation[] => r === 'holder' ? [r, 'participant'] : [r])
}

/** Why a case may not be urged now: once a day (Asia/Shanghai), and nobody urges himself; null when it may. */
export function judgeUrge(urgedAt: Date | null, tasks: Pick<TaskFacts, 'status' | 'role'>[], now: Date): Refusal | null {
  if (urgedAt && shanghaiDate(urgedAt) === shanghaiDate(now)) return refuse('action-not-allowed', `今天已经催办过（${shanghai(urgedAt)}），办理人已收到通知；明天可以再次催办`)
  const live = tasks.filter(t => t.status === 'open' || t.status === 'claimed')
  if (live.length > 0 && live.every(t => t.role === 'enterprise')) return refuse('action-not-allowed', '现在等待您办理，不需催办')
  return null
}

/** Whether this person may answer the applicant of a case: an officer, where an enterprise reads it. */
export const mayAnswer = (who: Who, { enterpriseSees, enterpriseId }: CaseFacts) => !who.roles.includes('enterprise') && enterpriseSees !== 'nothing' && enterpriseId !== null

/** Whether a case may be withdrawn, as far as its record tells: by its policy, what was applied for, and the tasks that are live. */
export function mayWithdraw({ withdrawable, tasks }: Pick<Policy, 'withdrawable' | 'tasks'>, application: Facts, live: string[]): boolean {
  const byPolicy = typeof withdrawable === 'boolean' ? withdrawable : application[withdrawable.unless] !== true
  return byPolicy && !live.some(name => tasks[name]?.afterDecision)
}

/**
 * How much of a case somebody sees; of the `window`: its number, a word for how far it is, what he is told and asked; of a `lane`: what is
 * for that party, and nothing of the others (`lanes.ts`).
 */
export type Sight = 'all' | 'lane' | 'window' | 'none'

/** Officers: by their posts, of restricted cases only who takes part. Enterprises: only their own, and as far as it is for them. */
export function sightOf(who: Who, file: CaseFacts, tasks: TaskFacts[]): Sight {
  if (who.roles.includes('enterprise')) return sightFromOutside(who, file)
  return namesOf(who, file).some(as => sees(as, file, tasks)) ? 'all' : 'none'
}

/** May this person see the case itself? */
export const maySee = (who: Who, file: CaseFacts, tasks: TaskFacts[]): boolean => sightOf(who, file, tasks) === 'all'

function sightFromOutside(as: Post, file: CaseFacts): Sight {
  if (as.enterprise === null || file.enterpriseSees === 'nothing') return 'none'
  if (as.enterprise !== file.enterpriseId) return file.enterpriseSees === 'all' && file.parties.some(p => p.enterprise === as.enterprise) ? 'lane' : 'none'
  return file.enterpriseSees === 'all' ? 'all' : as.id === file.applicantId ? 'window' : 'none'
}

function sees(as: Post, file: CaseFacts, tasks: TaskFacts[]): boolean {
  const is = toCase(as, file)
  if (is.includes('applicant') || is.includes('participant')) return true
  return !file.restricted && (is.length > 0 || tasks.some(t => leadsAnswerable(as, t) || (as.unit === t.unitId && (as.roles.includes('unit-leader') || as.roles.includes(t.role)))))
}

function belongs(action: TaskAction, policy: Pick<TaskPolicy, 'actions' | 'returnsTo' | 'extendable'>) {
  if (action === 'complete' || action === 'acknowledge' || action === 'refuse') return (policy.actions ?? ['complete']).includes(action)
  if (action === 'return') return (policy.returnsTo?.length ?? 0) > 0
  if (action === 'extend') return policy.extendable === true
  return true
}

const refuse = (code: RefusalCode, message: string): Refusal => ({ code, message })
