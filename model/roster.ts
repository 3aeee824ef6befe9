/**
 * The duty roster (中心值班): what a shift, a request, a hand-over and an alarm are, and who may do what with them. Pure; the one table
 * that the API's refusals and the buttons of every client read.
 */
import type { Refusal, Who } from './actions.ts'
import type { Post } from './person.ts'

/** A shift of a unit, or a department's turn in the centre (轮驻). */
export type ShiftKind = 'duty' | 'rotation'
/** `replaced` and `cancelled` lines are history: what was published is never overwritten. */
export type ShiftState = 'draft' | 'published' | 'open' | 'held' | 'ended' | 'replaced' | 'cancelled'
/** How a shift ended: 已交接, 未接班（续岗）, 缺岗; a turn: 到岗, 缺席, 已补. */
export type ShiftOutcome = 'relieved' | 'unrelieved' | 'absent' | 'present' | 'made-up'

export interface Shift {
  id: string, unitId: string, personId: string | null, fromAt: Date, untilAt: Date, kind: ShiftKind, state: ShiftState
  checkedInAt: Date | null, checkedInBy: 'self' | 'outgoing' | null, staysOn: boolean, extendedTo: Date | null
  replaces: string | null, reason: string | null, outcome: ShiftOutcome | null
}

/** Lines that count: somebody is to come, is there, or was. */
export const isLiveShift = ({ state }: Pick<Shift, 'state'>): boolean => state === 'published' || state === 'open' || state === 'held' || state === 'ended'

export interface PatternShift { startsAt: string, hours: number }
/** 排班规律: who follows whom (persons; for the rotation departments), in which shifts, on which days. */
export interface Pattern { members: string[], shifts: PatternShift[], days: 'every-day' | 'workdays', from: string, startIndex: number }

/** 交班: what the outgoing tells the incoming. */
export interface HandOverForm {
  waiting: string[], promises: { whom: string, what: string, by: string }[], passedOn: string[], equipment: 'ok' | 'missing', equipmentNote?: string | undefined, note?: string | undefined
}
/** An open duty task as a hand-over lists it; of restricted cases only their number counts. */
export interface TaskNote { caseNo: string, task: string, title: string, dueAt: string, holder: string | null }

export type RequestKind = 'swap' | 'attend' | 'reception'
export type RequestState = 'asked' | 'accepted' | 'done' | 'declined' | 'lapsed' | 'named' | 'other-time' | 'refused' | 'attended' | 'registered'

/** The rotation as a roster of its own: its shifts are of the departments, its record is the centre's. */
export const ROTATION = 'rotation'
export const CENTRE = 'service-centre'
export const BUREAU = 'bureau'

export type RosterAction = 'plan' | 'add' | 'publish' | 'attend' | 'reception' | 'change' | 'remove' | 'swap' | 'fill' | 'rotation' | 'make-up' | 'check-in' | 'hand-over'
  | 'accept' | 'confirm' | 'answer' | 'decide' | 'attended' | 'receive' | 'settle' | 'respond'

/**
 * How somebody stands to it: `own` is his alone, a proxy inherits no shift. `leader` leads the unit whose it is; `incoming` has the next
 * shift; `outgoing` the one before; `asked` is whom a request names; `asker` who made it.
 */
export type RosterRelation = 'own' | 'leader' | 'centre-leader' | 'outgoing' | 'incoming' | 'asked' | 'asker' | 'desk' | 'office' | 'bureau-leader' | 'officer'

type Rules = Partial<Record<RosterAction, RosterRelation[]>>

/** What it is and how it stands → action → the relations that may take it. */
export const ROSTER_ACTIONS = {
  'unit': { plan: ['leader'], add: ['leader'], publish: ['leader'], attend: ['officer'] },
  'centre': { plan: ['leader'], add: ['leader'], publish: ['leader'], attend: ['officer'], reception: ['desk', 'leader'] },
  'rotation': { plan: ['centre-leader'], publish: ['centre-leader'] },
  'shift:draft': { change: ['leader'], remove: ['leader'] },
  'shift:published': { 'swap': ['own'], 'fill': ['leader'], 'check-in': ['own', 'outgoing'] },
  'shift:open': { fill: ['leader', 'bureau-leader'] },
  'shift:held': { 'hand-over': ['own'] },
  'shift:ended': { 'hand-over': ['own'] },
  'turn:draft': { remove: ['centre-leader'] },
  'turn:published': { 'rotation': ['leader', 'office'], 'check-in': ['own', 'desk'] },
  'turn:open': { rotation: ['leader', 'office'] },
  'turn:ended': { 'make-up': ['centre-leader', 'leader'] },
  'swap:asked': { accept: ['asked'] },
  'swap:accepted': { confirm: ['leader'] },
  'attend:asked': { answer: ['leader'] },
  'attend:refused': { decide: ['office'] },
  'attend:lapsed': { answer: ['leader'], decide: ['office'] },
  'attend:named': { attended: ['asked', 'asker', 'leader'] },
  'note:sent': { receive: ['incoming'] },
  'note:refused': { settle: ['leader'] },
  'alarm:open': { respond: ['leader', 'office', 'bureau-leader'] },
} satisfies Record<string, Rules>
export type RosterPlace = keyof typeof ROSTER_ACTIONS

/** The actions that there are there. */
export const rosterActionsOf = (place: string): RosterAction[] => Object.keys((ROSTER_ACTIONS as Record<string, Rules>)[place] ?? {}) as RosterAction[]

/** Who leads a unit (of the bureau: its leaders), by himself or for an absent leader. */
export const leads = (who: Who, unitId: string): boolean => [who, ...who.standsInFor].some(as => leadsAs(as, unitId))
const leadsAs = (as: Post, unitId: string) => as.unit === unitId && as.roles.includes(unitId === BUREAU ? 'bureau-leader' : 'unit-leader')

/** Who is concerned by a shift, a request, a hand-over or an alarm: as far as it names anybody. */
export interface Concerned { unitId: string, own?: string | null, asked?: string | null, asker?: string | null, outgoing?: string[], incoming?: string | null }

export function rosterRelations(who: Who, of: Concerned): Set<RosterRelation> {
  const is = new Set<RosterRelation>()
  const has = (role: Post['roles'][number]) => [who, ...who.standsInFor].some(as => as.roles.includes(role))
  if (of.own === who.id) is.add('own')
  if (of.asked === who.id) is.add('asked')
  if (of.asker === who.id) is.add('asker')
  if (of.outgoing?.includes(who.id)) is.add('outgoing')
  if (of.incoming === who.id) is.add('incoming')
  if (leads(who, of.unitId)) is.add('leader')
  if (leads(who, CENTRE)) is.add('centre-leader')
  if (has('duty-desk')) is.add('desk')
  if (has('office')) is.add('office')
  if (has('bureau-leader')) is.add('bureau-leader')
  if (who.roles.some(role => role !== 'enterprise' && role !== 'admin' && role !== 'auditor')) is.add('officer')
  return is
}

/** Why this person may not take this action there; null when they may. */
export function judgeRoster(action: RosterAction, place: string, is: Set<RosterRelation>): Refusal | null {
  const allowed = (ROSTER_ACTIONS as Record<string, Rules>)[place]?.[action]
  if (!allowed) return { code: 'action-not-allowed', message: WHY_NOT[place.split(':')[1] ?? ''] ?? '当前状态下不能进行这项操作' }
  return allowed.some(relation => is.has(relation)) ? null : { code: 'not-permitted', message: '您无权对值班表进行这项操作' }
}

const WHY_NOT: Record<string, string> = {
  ended: '该班已经结束', replaced: '该班已由另一班替换，请按最新的班操作', cancelled: '该班已取消', held: '该班正在值守，不能更改', published: '值班表已公布，只能通过换班、缺勤、补班更改',
  done: '换班已经办结', declined: '换班已被谢绝', lapsed: '答复期限已过', received: '交接班已经接收', filled: '缺岗已经补上', accepted: '已经答复', attended: '随驻已经办结', settled: '已经裁定',
}

/** Whether somebody may have a shift of a unit: case work there; at the centre's desk 值班员, of the bureau its leaders. */
export function fitsShift(kind: ShiftKind, unitId: string, person: { unit: string | null, roles: Post['roles'] }): boolean {
  if (person.unit !== unitId || person.roles.some(role => role === 'admin' || role === 'auditor' || role === 'enterprise')) return false
  if (kind === 'rotation') return true
  return unitId === CENTRE ? person.roles.includes('duty-desk') : unitId === BUREAU ? person.roles.includes('bureau-leader') : true
}
