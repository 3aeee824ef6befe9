/** What a party with a lane of its own may see of a case: pure, so that every view shows the same. */
import { sightOf, type Who } from './actions.ts'
import type { CaseEvent } from './events.ts'
import { isLive, type CaseRow, type CaseState, type TaskRow } from './state.ts'
import type { PartyState } from './types.ts'

/** A case as far as this person may see it (through a window: see `window-view.ts`); null: not at all. Whoever sees it only from a lane gets one in which there are no others. */
export function seenBy(who: Who, state: CaseState): CaseState | null {
  const sight = sightOf(who, state.file, state.tasks)
  return sight === 'none' ? null : sight === 'lane' ? ofLane(who, state) : state
}

/** The same of the file alone, for lists: `null` where the whole of it is not for this person. */
export const fileSeenBy = (who: Who, file: CaseRow): CaseRow => sightOf(who, file, []) === 'lane' ? ofLane(who, { file, tasks: [] }).file : file

/** Whether this person sees the case from a lane. */
export const isFromLane = (who: Who, { file, tasks }: CaseState): boolean => sightOf(who, file, tasks) === 'lane'

/** Lanes of this person's enterprise. */
const ownParties = ({ enterprise }: Who, { parties }: Pick<CaseRow, 'parties'>): PartyState[] => parties.filter(p => enterprise !== null && p.enterprise === enterprise)

function ofLane(who: Who, { file, tasks }: CaseState): CaseState {
  const parties = ownParties(who, file)
  const own = tasks.filter(t => parties.some(p => p.id === t.party))
  const dueAt = own.filter(isLive).map(t => t.dueAt).toSorted((a, b) => a.getTime() - b.getTime())[0] ?? null
  const isClosed = file.status === 'closed' || parties.every(p => p.closed)
  return {
    tasks: own,
    file: {
      ...file, parties, dueAt, status: isClosed ? 'closed' : 'open', stage: isClosed ? 'closed' : [...new Set(parties.flatMap(p => p.stage === '' ? [] : [p.stage]))].join('+'),
      round: Math.max(1, ...own.map(t => t.round)), closedAt: isClosed ? file.closedAt : null,
      // Whose case it is otherwise, and what it is about, is not for them.
      enterpriseId: null, applicantId: who.id, application: {}, facts: {}, result: null, rating: null, deadline: null, dueUnit: null, links: [], waits: [], channel: null,
      card: 'none', cardOf: null, cardAcknowledgedAt: null, participants: [], excluded: [], urgedAt: null,
    },
  }
}

/** Whether a task, document or event of this lane (null: of the case's own) is for this person to see. */
export const isInSight = (who: Who, state: CaseState, party: string | null): boolean =>
  !who.roles.includes('enterprise') || (party === null ? !isFromLane(who, state) : ownParties(who, state.file).some(p => p.id === party))

/** The lane that an event is about; null: none, it is the case's own. */
export function laneOf(e: CaseEvent, tasks: TaskRow[]): string | null {
  const data = e.data as { party?: string, task?: string, clock?: string }
  if (e.type === 'party-joined') return e.data.id
  if (e.type === 'told' && typeof e.data.to === 'object' && 'party' in e.data.to) return e.data.to.party
  return data.party ?? tasks.find(t => t.id === (data.task ?? data.clock))?.party ?? null
}
