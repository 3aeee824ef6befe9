/**
 * Who hears of which event, or why nobody does. Whoever must act, or wait differently, hears of it once; never who did it himself, but
 * for the receipt of a case. By post: what lies in a queue is told to everybody who may claim it.
 */
import { isOutsiders } from '../../model/actions.ts'
import type { CaseEvent, EventData, EventType, Readership } from '../../model/events.ts'
import { EXTENSION, isLive, type CaseState, type TaskRow } from '../../model/state.ts'
import type { NoticeKind, Reader, Telling } from './messages.ts'

/** An event with the case before and after it, and what is recorded with it. */
export interface Told<T extends EventType = EventType> { e: CaseEvent & { type: T }, before: CaseState, after: CaseState, events: CaseEvent[] }

type Rule<T extends EventType> = { nobody: string } | ((data: EventData[T], told: Told<T>) => Telling[])

/** For every event, who hears of it: a new one does not compile until that is said. */
export const HEARS: { [T in EventType]: Rule<T> } = {
  'case-opened': () => [{ kind: 'case-opened', to: 'applicant' }],
  'task-opened': ({ task, offeredTo }, { after }) => offeredTo !== null ? [{ kind: 'task-on-duty', to: { people: [offeredTo] } }] : toTake(find(after, task)),
  'task-claimed': nobody('who claims it knows; the others see it leave the queue'),
  'task-released': ({ task }, { before, after, events }) => [
    ...movedFrom(find(before, task)),
    // Where it goes on to another queue at once, that one is told.
    ...(isLive(find(after, task)) && !events.some(e => e.type === 'task-rerouted' && e.data.task === task) ? toTake(find(after, task)) : []),
  ],
  'task-offered': ({ task, to }, { before }) => [{ kind: 'task-offered', to: { people: [to] } }, ...movedFrom(find(before, task))],
  'task-rerouted': ({ task }, { after }) => [{ kind: 'task-rerouted', to: { queue: find(after, task) } }],
  'task-transferred': ({ task, to }, { before }) => [{ kind: 'task-transferred', to: { people: [to] } }, ...movedFrom(find(before, task))],
  'task-delegated': ({ task, to }, { before }) => [{ kind: 'task-delegated', to: { people: [to] } }, ...movedFrom(find(before, task))],
  'task-completed': ({ task: id, form }, { before, after }) => {
    const task = find(before, id)
    if (task.name === EXTENSION && form.approve !== true) return refused(task, after)
    // By a proxy, or by another contact of the enterprise.
    return [{ kind: 'task-done', to: { people: hadIt(task) } }, ...ofOutsider(task, 'task-done')]
  },
  'task-cancelled': ({ task }, { before }) => ended(find(before, task)),
  'task-lapsed': ({ task: id }, { before }) => {
    const task = find(before, id)
    return isOutsiders(task) ? ofOutsider(task, 'task-lapsed') : [{ kind: 'task-lapsed', to: { people: hadIt(task) } }]
  },
  'wait-begun': nobody('nobody has anything to do: what the case waits for is said where its stage stands'),
  'wait-ended': nobody('the step that follows opens, and whoever may take it is told'),
  'extension-requested': nobody('the step that approves it opens, and whoever may take that is told'),
  'deadline-extended': () => [{ kind: 'deadline-extended', to: 'holder' }, { kind: 'deadline-extended', to: 'applicant' }],
  'deadline-replanned': ({ clock }, { before, after }) => {
    if (clock === 'case') return isMoved(before, after) ? [{ kind: 'deadline-replanned', to: 'applicant' }, { kind: 'deadline-replanned', to: { people: holders(after) } }] : []
    const task = find(after, clock)
    if (task.dueAt.getTime() === find(before, clock).dueAt.getTime()) return []
    return isOutsiders(task) ? ofOutsider(task, 'deadline-replanned') : [{ kind: 'deadline-replanned', to: { people: hadIt(task) } }]
  },
  'clock-chosen': (_, { before, after }) => isMoved(before, after) ? [{ kind: 'clock-chosen', to: 'applicant' }] : [],
  'case-shown': () => [{ kind: 'case-shown', to: 'applicant' }],
  // What the applicant is asked for in the same step says it.
  'clock-paused': (_, { events }) => events.some(e => e.type === 'task-opened' && e.data.unit === 'applicant') ? [] : [{ kind: 'clock-paused', to: 'applicant' }],
  'clock-resumed': () => [{ kind: 'clock-resumed', to: 'applicant' }],
  'promise-kept': nobody('what was promised is done, and whoever waited for it was told of that'),
  'reminded': ({ clock }, { after }) => {
    const task = after.tasks.find(t => t.id === clock)
    return [...whoHolds(task, 'reminded'), ...(task?.status === 'open' ? [{ kind: 'reminded', to: { queue: task } } as const] : [])]
  },
  'yellow-card': ({ clock }, { after }) => [...whoseCard(after.tasks.find(t => t.id === clock), 'yellow-card'), { kind: 'yellow-card', to: 'leaders' }],
  'red-card': ({ clock }, { after }) => [...answering(after.tasks.find(t => t.id === clock), 'red-card'), { kind: 'red-card', to: 'leaders' }, { kind: 'red-card', to: { role: 'office' } }],
  'leader-alerted': () => [{ kind: 'leader-alerted', to: { role: 'bureau-leader' } }],
  'card-acknowledged': nobody('nobody has more or less to do: the card stays, and the task still waits for its holder'),
  'noted': nobody('a fact for the file; what follows from it is told'),
  'linked': ({ kind }, { after }) => kind === 'duplicate-of' ? [{ kind: 'linked', to: { people: holders(after) } }] : [],
  'told': ({ to }) => [{ kind: 'told', to }],
  'document-issued': (d) => ofReader(d, 'document-issued'),
  'document-withdrawn': (d) => ofReader(d, 'document-withdrawn'),
  'document-replaced': (d) => ofReader(d, 'document-replaced'),
  'party-joined': nobody('what it is asked and told in its lane is told'),
  'party-left': nobody('whoever did the last step knows; what the case comes to is told'),
  'handed-over': nobody('the outside system hears of it, by a signed message of its own'),
  'pushed': nobody('the outside system hears of it, by a signed message of its own'),
  'conflict-declared': nobody('what was held goes back to its queue, which is told'),
  'persons-excluded': nobody('whoever is kept out of a case is not to learn of it; what they held goes back to its queue, which is told'),
  'commented': ({ to }, told) => said(to, told, { answer: 'answered', message: 'message-received', aside: 'note-added' }),
  'material-added': ({ to }, told) => said(to, told, { answer: 'files-sent', message: 'files-received', aside: 'files-added' }),
  'urged': (_, { after }) => forWhomItWaits(after).map(to => ({ kind: 'urged', to })),
  'application-amended': nobody('every step that rested on the old facts is cancelled and opened anew, and that is told'),
  'withdrawal-requested': (_, { before }) => stopped(before, 'withdrawn'),
  'cancellation-ordered': (_, { before }) => stopped(before, 'cancelled'),
  'notice-failed': () => [{ kind: 'notice-failed', to: { role: 'office' } }],
  'workflow-halted': () => [{ kind: 'workflow-halted', to: { role: 'office' } }],
  'workflow-resumed': () => [{ kind: 'workflow-resumed', to: { role: 'office' } }],
  'notice-retried': nobody('whoever sends it again knows'),
  // Of a withdrawal or cancellation everybody was told when it was asked for or ordered.
  'case-closed': (_, { before }) => before.file.outcome !== null ? [] : [
    { kind: 'case-closed', to: 'applicant' }, ...before.tasks.filter(t => isLive(t) && !isOutsiders(t)).flatMap(ended),
  ],
}

/** A document for officers is none of the applicant's. */
const ofReader = ({ to, party }: { to: Readership, party?: string }, kind: NoticeKind): Telling[] => to !== 'applicant' ? [] : [{ kind, to: party === undefined ? to : { party } }]

function nobody(because: string): { nobody: string } {
  return { nobody: because }
}

/** Who hears of an event, and of what kind the notice is. */
export function tellingsOf<T extends EventType>(told: Told<T>): Telling[] {
  const rule: Rule<T> = HEARS[told.e.type]
  return typeof rule === 'function' ? rule(told.e.data as EventData[T], told) : []
}

const find = ({ tasks }: CaseState, id: string): TaskRow => tasks.find(t => t.id === id)!
/** Of whom a step is that somebody outside does: of the applicant, or of the enterprise whose lane it is. */
const outsider = (t: TaskRow): Reader => t.unitId === 'party' ? { party: t.party! } : 'applicant'
const isOutside = (id: string | null) => id?.startsWith('system:') === true
/** Who held a task, and who answers for it after delegating it. */
const hadIt = (t: TaskRow): string[] => [t.holderId, t.delegatedBy].filter(id => id !== null)
/** Who of the office holds a step now. */
const holders = ({ tasks }: CaseState): string[] => tasks.filter(t => isLive(t) && !isOutsiders(t)).flatMap(hadIt)
const isMoved = (before: CaseState, after: CaseState) => before.file.dueAt?.getTime() !== after.file.dueAt?.getTime()

/** A step of an enterprise is every contact's. */
const ofOutsider = (t: TaskRow, kind: NoticeKind): Telling[] => isOutsiders(t) ? [{ kind, to: outsider(t) }] : []

/** Who holds the task, or of the whole case each of its tasks; where nobody does, the leaders. */
const whoHolds = (t: TaskRow | undefined, kind: NoticeKind): Telling[] => t && isOutsiders(t) ? ofOutsider(t, kind) : [{ kind, to: 'holder' }]

/** Where somebody outside has to do it, he is told that it is late; the card is for whoever answers for it. */
const whoseCard = (t: TaskRow | undefined, kind: NoticeKind): Telling[] => t?.answers ? [...ofOutsider(t, 'late'), ...answering(t, kind)] : whoHolds(t, kind)
const answering = (t: TaskRow | undefined, kind: NoticeKind): Telling[] => t?.answers?.person ? [{ kind, to: { people: [t.answers.person] } }] : []

/** Who is to do a task: its holder, or whoever may claim it; soon, where its time is counted in hours. */
function toTake(t: TaskRow): Telling[] {
  if (isOutsiders(t)) return ofOutsider(t, 'task-given')
  if (isOutside(t.holderId)) return []
  if (t.holderId !== null) return [{ kind: 'task-given', to: { people: [t.holderId] } }]
  return [{ kind: t.deadline.clock.unit === 'hour' ? 'task-queued-soon' : 'task-queued', to: { queue: t } }]
}

/** Who had a task and has it no longer. */
const movedFrom = (t: TaskRow): Telling[] => [{ kind: 'task-moved', to: { people: hadIt(t) } }]

const ended = (t: TaskRow): Telling[] => [{ kind: 'task-cancelled', to: { people: hadIt(t) }, about: t.id }, ...ofOutsider(t, 'task-cancelled')]

/** Whoever asked for more time, and must do without it. */
function refused(approval: TaskRow, after: CaseState): Telling[] {
  const task = after.tasks.find(t => t.id === approval.context?.task)
  return task ? [{ kind: 'extension-refused', to: { people: task.holderId ? hadIt(task) : approval.notBy }, about: task.id }] : []
}

/** A case that ends before its last step: whoever held one, and the applicant. */
const stopped = (before: CaseState, kind: 'withdrawn' | 'cancelled'): Telling[] => [{ kind, to: 'applicant' }, { kind, to: { people: holders(before) } }]

/** For whom the case waits: who holds its steps, else whoever may claim them; while it waits for the applicant or is closed, who did the last one. */
function forWhomItWaits(state: CaseState): Exclude<Reader, string>[] {
  const steps = state.tasks.filter(t => isLive(t) && !isOutsiders(t) && !isOutside(t.holderId) && t.name !== EXTENSION)
  const held = steps.flatMap(hadIt)
  if (held.length > 0) return [{ people: held, orElse: 'leaders' }]
  if (steps.length > 0) return steps.map(queue => ({ queue }))
  const last = state.tasks.filter(t => t.completedBy !== null && !isOutsiders(t)).toSorted((a, b) => a.completedAt!.getTime() - b.completedAt!.getTime()).at(-1)
  return [{ people: last ? [last.completedBy!] : [], orElse: 'leaders' }]
}

/** What is written or added: to the applicant; by the applicant; by officers among themselves. */
function said(to: 'applicant' | 'officers', { e, after }: Told, kinds: { answer: NoticeKind, message: NoticeKind, aside: NoticeKind }): Telling[] {
  if (to === 'applicant') return [{ kind: kinds.answer, to: 'applicant' }]
  if (e.actor?.unit != null) return [{ kind: kinds.aside, to: { people: holders(after) } }]
  // By mail to persons; a whole queue finds it in the inbox.
  return forWhomItWaits(after).map(reader => ({ kind: kinds.message, to: reader, inboxOnly: 'queue' in reader }))
}
