/** What happened to a case, as each may read it. */
import type { Queryable } from '../../db/connect.ts'
import { CHAIN_START } from '../../model/chain.ts'
import { nameAll, type Names } from '../../db/directory/directory.ts'
import type { CaseEvent as RecordedEvent, EventType } from '../../model/events.ts'
import { toIso } from '../../model/instants.ts'
import type { CaseState } from '../../model/state.ts'
import { isOutsiders, type Who } from '../../model/actions.ts'
import { isFromLane, isInSight, laneOf } from '../../model/lanes.ts'
import type { Facts } from '../../model/types.ts'
import type { CaseEvent } from '../http/schemas.ts'
import { mentionsOfEvent, nameMentions, toName, type Mention } from './mentions.ts'
import { eventAsRead, readerOf } from './as-read.ts'
import { publicTitle } from './promise.ts'
import { eventsThroughWindow, isWindow } from './window-view.ts'

/** Events that an enterprise may read, and which of their data; all others are the office's own business. */
const FOR_ENTERPRISES: Partial<Record<EventType, string[] | 'all'>> = {
  'case-opened': ['procedure', 'title', 'enterpriseId', 'channel', 'application', 'ofOffice'],
  // Those that are for it.
  'noted': 'all',
  'case-shown': 'all',
  'task-opened': ['task', 'name', 'title', 'unit', 'round'],
  'task-completed': ['task'],
  'task-cancelled': ['task'],
  'task-lapsed': ['task'],
  'deadline-extended': ['task'],
  'clock-paused': ['reason'],
  'clock-resumed': [],
  'told': ['title', 'body'],
  'document-issued': 'all',
  'document-withdrawn': ['number', 'reason'],
  'document-replaced': ['number', 'by', 'reason'],
  'urged': 'all',
  'application-amended': 'all',
  'withdrawal-requested': 'all',
  'cancellation-ordered': 'all',
  'case-closed': 'all',
}

/** Events as `who`, who may see the case, reads them. */
export async function viewEvents(via: Queryable, who: Who, state: CaseState, events: RecordedEvent[]): Promise<CaseEvent[]> {
  const { tasks, file: { shownAt } } = state
  const prevHashes = [CHAIN_START, ...events.map(e => e.hash)]
  const outside = who.roles.includes('enterprise')
  if (isWindow(who, state.file)) return viewThroughWindow(via, who, eventsThroughWindow(who, state, events), state)
  const reader = readerOf(who, state.file)
  // Of what was before it was shown, an enterprise reads no more than what it is about.
  const isBefore = (e: RecordedEvent) => outside && shownAt !== null && e.at < shownAt && e.type !== 'case-opened'
  const actors = events.flatMap(e => e.actor ?? [])
  const mentions = new Map(events.map(e => [e.seq, mentionsOfEvent(e, state)]))
  const { people, units, enterprises } = toName([...mentions.values()].flat())
  const names = await nameAll(via, { people: new Set([...people, ...actors.map(a => a.id)]), units: new Set([...units, ...actors.flatMap(a => a.unit ?? [])]), enterprises: new Set(enterprises) })
  const fromLane = isFromLane(who, state)
  const ofApplicant = new Set(tasks.filter(isOutsiders).map(t => t.id))
  return events.flatMap((e, i) => {
    const lane = laneOf(e, tasks)
    if (!isInSight(who, state, lane) && !(lane === null && fromLane)) return []
    const whole = isBefore(e) ? null : eventAsRead(e, state, reader)
    const data = !whole || !outside ? whole : lane === null && fromLane ? dataForLane(e) : dataForEnterprise({ ...e, data: whole } as unknown as RecordedEvent, state.file.procedure, ofApplicant)
    if (!data) return []
    return [{ seq: e.seq, at: toIso(e.at), type: e.type, actor: actorView(e, names, outside), data, names: nameMentions(outside ? publicly(mentions.get(e.seq)!, data) : mentions.get(e.seq)!, names, who, state, e.at), prevHash: prevHashes[i]!, hash: e.hash }]
  })
}

/** Numbered anew: gaps would tell how much happened of which he is not told. */
async function viewThroughWindow(via: Queryable, who: Who, events: RecordedEvent[], { file }: CaseState): Promise<CaseEvent[]> {
  const names = await nameAll(via, { people: new Set(events.flatMap(e => e.actor?.id ?? [])), units: [], enterprises: [] })
  return events.map((e, i) => {
    const isOwn = e.actor?.id === who.id
    const data = e.type === 'told' ? { title: e.data.title, body: e.data.body } : e.type === 'task-opened' ? { task: e.data.task, name: e.data.name, title: publicTitle(file.procedure, e.data.name, e.data.title) }
      : e.type === 'commented' || (e.type === 'material-added') || (isOwn && e.type !== 'case-opened') ? e.data as unknown as Facts : {}
    const mentioned: CaseEvent['names'] = e.type.startsWith('task-') ? { [`task/${(e.data as { task: string }).task}`]: '请您办理的事项' } : {}
    return { seq: i + 1, at: toIso(e.at), type: e.type, actor: isOwn ? { ...names.person(who.id, e.at), unit: null } : e.actor && { id: 'officer', name: '工作人员', unit: null }, data, names: mentioned, prevHash: '', hash: '' }
  })
}

/** Of what is the case's own, a party reads from its lane only that it has ended. */
const dataForLane = (e: RecordedEvent): Facts | null => e.type === 'case-closed' ? { outcome: e.data.outcome, result: null } : null

function dataForEnterprise(e: RecordedEvent, procedure: string, ofApplicant: Set<string>): Facts | null {
  // In whose name an officer acted is no more an enterprise's to know than who did.
  const { onBehalfOf: _, ...data } = e.data as unknown as Facts
  if (e.type === 'told' && e.data.to !== 'applicant' && !(typeof e.data.to === 'object' && 'party' in e.data.to)) return null
  if (e.type === 'task-completed' && ofApplicant.has(e.data.task)) return data
  // What an enterprise's own people have said and added is theirs to read, and what answers them; officers' remarks are not.
  if (e.type === 'commented' || e.type === 'material-added') return e.actor?.unit === null || e.data.to === 'applicant' ? data : null
  if ((e.type === 'document-issued' || e.type === 'document-withdrawn' || e.type === 'document-replaced') && e.data.to !== 'applicant') return null
  const fields = FOR_ENTERPRISES[e.type]
  if (fields === undefined) return null
  if (fields === 'all') return data
  const read: Facts = Object.fromEntries(fields.map(field => [field, data[field] ?? null]))
  return e.type === 'task-opened' ? { ...read, title: publicTitle(procedure, e.data.name, e.data.title) } : read
}

/** Only what is mentioned in what an enterprise may read. */
const publicly = (mentions: Mention[], data: Facts) => {
  const text = JSON.stringify(data)
  return mentions.filter(({ id }) => text.includes(JSON.stringify(id)))
}

/** By the names of that time. Enterprises see which unit acted, not who in it. */
function actorView({ actor, at }: RecordedEvent, names: Names, outside: boolean): CaseEvent['actor'] {
  if (!actor) return null
  const unit = actor.unit ?? null
  if (!outside || unit === null) return { ...names.person(actor.id, at), unit }
  return { id: unit, name: `${names.unit(unit, at).name} 工作人员`, unit }
}
