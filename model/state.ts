/** Folds a case's events into its read tables. Pure: `db:rebuild` runs the same fold over the whole record. */
import type { ClockUnit, Deadline } from '../clock/types.ts'
import type { Answers, Card, CardOf, CaseLink, CaseStatus, EnterpriseSees, Facts, Json, PartyState, TaskStatus, Wait } from './types.ts'
import type { CaseEvent, Readership } from './events.ts'
import { doneIn, withHolders } from './participants.ts'
import type { Role } from './person.ts'

/** One case, as lists and pages read it. */
export interface CaseRow {
  caseNo: string
  procedure: string
  title: string
  status: CaseStatus
  stage: string
  outcome: string | null
  card: Card
  /** The clock that brought the case its card: a task or `case`, and whose it was then; null without a card, or where a check found it. */
  cardOf: CardOf | null
  /** When its red card was acknowledged; null again as soon as another is shown, or the bureau's leader is told. */
  cardAcknowledgedAt: Date | null
  restricted: boolean
  enterpriseSees: EnterpriseSees
  /** When it was shown to its enterprise (`c.show`), which reads nothing of what was before; null: from the beginning, or not yet. */
  shownAt: Date | null
  /** No application: nobody applies, nothing is accepted. */
  ofOffice: boolean
  enterpriseId: string | null
  /** Who is asked to supplement and rate; `filed_by` is the officer when one filed it on the enterprise's behalf. */
  applicantId: string
  filedBy: string
  /** The unit of the officer who filed it; null where an enterprise did. */
  filedUnit: string | null
  channel: string | null
  unitId: string | null
  round: number
  rating: string | null
  application: Facts
  /** What checks and steps have established (`c.note`), by name. */
  facts: Facts
  result: Json | null
  deadline: Deadline | null
  links: CaseLink[]
  waits: Wait[]
  /** Those who have, or had, a lane of their own. */
  parties: PartyState[]
  /** Who takes part: by id who holds, by id and unit who has filed or completed (`participants.ts`). */
  participants: string[]
  /** Persons who declared a conflict of interest (回避) and may not act at any step. */
  excluded: string[]
  openedAt: Date
  /** When the applicant last urged. */
  urgedAt: Date | null
  dueAt: Date | null
  /** In which `due_at` is counted down. */
  dueUnit: ClockUnit | null
  closedAt: Date | null
  /** Since when its workflow stands still, which nobody may decide; null: it moves. */
  haltedAt: Date | null
  lastSeq: number
  lastHash: string
}

/** One round of a human task. */
export interface TaskRow {
  id: string
  caseNo: string
  procedure: string
  name: string
  /** In whose lane; null: in the case's own. */
  party: string | null
  title: string
  status: TaskStatus
  unitId: string
  role: Role
  holderId: string | null
  /** Who answers for it where its holder is somebody outside. */
  answers: Answers | null
  /** The holder who delegated the task and stays answerable for it. */
  delegatedBy: string | null
  round: number
  /** Persons who may not do this round: four eyes, rework by another handler. */
  notBy: string[]
  context: Facts | null
  deadline: Deadline
  createdAt: Date
  dueAt: Date
  card: Card
  /** When its red card was acknowledged, as for the case. */
  cardAcknowledgedAt: Date | null
  /** When the holder was first reminded of the deadline as it stands: from then on it is about to be due. */
  remindedAt: Date | null
  completedBy: string | null
  completedAt: Date | null
  action: string | null
  result: Facts | null
}

/** A numbered document issued in a case. */
export interface DocumentRow {
  number: string
  caseNo: string
  /** For whom alone it is; null: for the case's applicant. */
  party: string | null
  kind: string
  /** As it stands on it. */
  title: string
  content: Facts
  /** With its number, what proves that somebody holds it. */
  code: string
  /** SHA-256 of the file, hexadecimal. */
  hash: string
  readers: Readership
  issuedAt: Date
}


/** Whether it still holds, since when not and why, and which document is in its place. */
export interface Standing { state: 'valid' | 'replaced' | 'withdrawn', since: Date | null, reason: string | null, replacedBy: string | null }

/** How the document of that number stands by these events, all of its case. */
export function standingOf(events: CaseEvent[], number: string): Standing {
  const last = events.findLast(e => (e.type === 'document-withdrawn' || e.type === 'document-replaced') && e.data.number === number) as CaseEvent & { type: 'document-withdrawn' | 'document-replaced' } | undefined
  if (!last) return { state: 'valid', since: null, reason: null, replacedBy: null }
  return { state: last.type === 'document-withdrawn' ? 'withdrawn' : 'replaced', since: last.at, reason: last.data.reason, replacedBy: last.type === 'document-replaced' ? last.data.by : null }
}

/** A case as its events have made it. */
export interface CaseState { file: CaseRow, tasks: TaskRow[] }

/** Which earlier cases of a procedure a check looks at: opened since, of this enterprise or with an application that holds one of these. */
export interface HistoryQuery { since: Date, enterpriseId: string | null, like: Facts[] }

/** Whether a round still waits. */
export const isLive = (t: Pick<TaskRow, 'status'>) => t.status === 'open' || t.status === 'claimed'

/** How a case has ended; null while it goes on. */
export const endingOf = ({ file }: CaseState): { outcome: string, result?: Facts } | null =>
  file.status === 'closed' ? { outcome: file.outcome!, ...(file.result !== null && { result: file.result as Facts }) } : null

/** The documents that these events issue. */
export const documentsOf = (events: CaseEvent[]): DocumentRow[] =>
  events.flatMap(e => e.type === 'document-issued' ? [documentOf(e)] : [])

/** The document that an event issues. */
export const documentOf = ({ caseNo, at, data: { to, party, ...data } }: CaseEvent & { type: 'document-issued' }): DocumentRow => ({ ...data, readers: to, party: party ?? null, caseNo, issuedAt: at })

/** What a case's events, from the first on, come to; null where there are none. */
export const fold = (events: CaseEvent[]): CaseState | null => events.reduce<CaseState | null>(apply, null)

/** The state after one more event; the state given is not touched. */
export function apply(before: CaseState | null, e: CaseEvent): CaseState {
  if (e.type === 'case-opened') return { file: opened(e), tasks: [] }
  if (!before) throw new Error(`case ${e.caseNo}: ${e.type} before case-opened`)
  const state: CaseState = { file: { ...before.file, lastSeq: e.seq, lastHash: e.hash }, tasks: [...before.tasks] }
  applyToTasks(state, e)
  applyToFile(state, e)
  state.file.participants = withHolders(state.file.participants, state.tasks.filter(isLive).flatMap(t => [t.holderId, t.delegatedBy].filter(id => id !== null)))
  if (state.file.parties.length > 0) state.file.parties = withStages(state)
  Object.assign(state.file, due(state))
  return state
}

function applyToTasks({ file, tasks }: CaseState, e: CaseEvent) {
  const change = (id: string, patch: Partial<TaskRow>) => {
    const i = tasks.findIndex(t => t.id === id)
    if (i < 0) throw new Error(`case ${e.caseNo}: ${e.type} for unknown task ${id}`)
    tasks[i] = { ...tasks[i]!, ...patch }
  }
  const actor = e.actor?.id ?? null
  switch (e.type) {
    case 'task-opened': {
      const d = e.data
      tasks.push({
        id: d.task, caseNo: e.caseNo, procedure: file.procedure, name: d.name, party: d.party ?? null, title: d.title, status: d.holder ? 'claimed' : 'open',
        unitId: d.unit, role: d.role, holderId: d.holder, answers: d.answers ?? null, delegatedBy: null, round: d.round, notBy: d.notBy, context: d.context, deadline: d.deadline,
        createdAt: e.at, dueAt: new Date(d.deadline.dueAt), card: 'none', cardAcknowledgedAt: null, remindedAt: null, completedBy: null, completedAt: null, action: null, result: null,
      })
      tasks.sort(byOpening)
      return
    }
    case 'task-claimed':
      return change(e.data.task, { status: 'claimed', holderId: e.data.onBehalfOf ?? actor })
    case 'task-released':
    case 'task-offered':
      return change(e.data.task, { status: 'open', holderId: null, delegatedBy: null })
    case 'task-rerouted':
      return change(e.data.task, { unitId: e.data.unit, role: e.data.role })
    case 'task-transferred':
      return change(e.data.task, { status: 'claimed', holderId: e.data.to, delegatedBy: null })
    case 'task-delegated':
      return change(e.data.task, { holderId: e.data.to, delegatedBy: answerable(tasks.find(t => t.id === e.data.task), e.data.to) })
    case 'task-completed': {
      change(e.data.task, { status: 'completed', completedBy: actor, completedAt: e.at, action: e.data.action, result: e.data.form })
      // A proxy has done it for the post, whose holder goes on taking part.
      const by = e.data.onBehalfOf ?? actor
      const delegatedBy = tasks.find(t => t.id === e.data.task)?.delegatedBy
      file.participants = [...new Set([...file.participants, ...[by, delegatedBy].flatMap(id => id ? [doneIn(id, e.actor!.unit ?? null)] : [])])]
      return
    }
    case 'task-cancelled':
    case 'task-lapsed':
      return change(e.data.task, { status: 'cancelled', completedAt: e.at })
    case 'deadline-extended':
      return change(e.data.task, moved(tasks.find(t => t.id === e.data.task), e.data.deadline))
    case 'deadline-replanned':
      if (e.data.clock !== 'case') change(e.data.clock, moved(tasks.find(t => t.id === e.data.clock), e.data.deadline))
      return
    case 'reminded':
      if (e.data.clock !== 'case') change(e.data.clock, { remindedAt: tasks.find(t => t.id === e.data.clock)?.remindedAt ?? e.at })
      return
    case 'yellow-card':
    case 'red-card':
      if (e.data.clock !== 'case') change(e.data.clock, { card: e.type === 'red-card' ? 'red' : 'yellow', cardAcknowledgedAt: null })
      return
    case 'leader-alerted':
    case 'card-acknowledged':
      if (e.data.clock !== 'case') change(e.data.clock, { cardAcknowledgedAt: e.type === 'card-acknowledged' ? e.at : null })
      return
    case 'case-closed':
      for (const t of tasks.filter(isLive)) change(t.id, { status: 'cancelled', completedAt: e.at })
  }
}

function applyToFile({ file, tasks }: CaseState, e: CaseEvent) {
  switch (e.type) {
    case 'task-opened':
      // A second extension is no rework.
      if (e.data.name !== EXTENSION) file.round = Math.max(file.round, e.data.round)
      if (isResponsible(e, tasks)) file.unitId = e.data.unit
      file.stage = stage(file, tasks)
      return
    case 'task-completed': {
      const rating = e.data.form.rating
      if (typeof rating === 'string') file.rating = rating
      file.stage = stage(file, tasks) || file.stage
      return
    }
    case 'task-cancelled':
    case 'task-lapsed': file.stage = stage(file, tasks) || file.stage; return
    case 'wait-begun': file.waits = [...file.waits, { id: e.data.wait, text: e.data.text }]; file.stage = stage(file, tasks); return
    case 'wait-ended': file.waits = file.waits.filter(w => w.id !== e.data.wait); file.stage = stage(file, tasks) || file.stage; return
    case 'case-shown': file.enterpriseSees = 'all'; file.shownAt = e.at; return
    case 'clock-paused': file.status = 'paused'; file.deadline = e.data.deadline; return
    case 'clock-resumed': file.status = 'open'; file.deadline = e.data.deadline; return
    case 'clock-chosen':
    case 'promise-kept': file.deadline = e.data.deadline; return
    case 'deadline-replanned': if (e.data.clock === 'case') file.deadline = e.data.deadline; return
    // An overdue fact is never erased: a card once shown stays on the case.
    case 'yellow-card':
      if (file.card === 'none') Object.assign(file, { card: 'yellow', cardOf: cardOf(e.data.clock, file, tasks) })
      return
    case 'red-card':
      // The case's own waits to be acknowledged, whatever else goes red.
      if (file.card !== 'red' || file.cardAcknowledgedAt || file.cardOf?.clock !== 'case') file.cardOf = cardOf(e.data.clock, file, tasks)
      Object.assign(file, { card: 'red', cardAcknowledgedAt: null })
      return
    case 'leader-alerted':
    case 'card-acknowledged':
      if (e.data.clock === 'case' || e.data.clock === file.cardOf?.clock) file.cardAcknowledgedAt = e.type === 'card-acknowledged' ? e.at : null
      return
    case 'noted':
      file.facts = { ...file.facts, [factName(e.data.name, e.data.party)]: e.data.facts }
      // What a check finds overdue is shown like a deadline that passed under watch.
      if (file.card === 'none' && (e.data.facts as Facts | null)?.card === 'yellow') file.card = 'yellow'
      return
    case 'party-joined': file.parties = [...file.parties.filter(p => p.id !== e.data.id), { ...e.data, stage: '', closed: false }]; return
    case 'party-left': file.parties = file.parties.map(p => p.id === e.data.party ? { ...p, stage: '', closed: true } : p); return
    case 'urged': file.urgedAt = e.at; return
    case 'linked': file.links = [...file.links, { caseNo: e.data.caseNo, kind: e.data.kind }]; return
    case 'conflict-declared': file.excluded = [...new Set([...file.excluded, e.actor!.id])]; return
    case 'persons-excluded': file.excluded = [...new Set([...file.excluded, ...e.data.persons])]; return
    case 'application-amended': file.application = e.data.application; file.title = e.data.title; return
    // How it is about to end: until the procedure closes it, nothing more is decided in it.
    case 'withdrawal-requested': file.outcome = 'withdrawn'; return
    case 'cancellation-ordered': file.outcome = 'cancelled'; return
    case 'workflow-halted': file.haltedAt = e.at; return
    case 'workflow-resumed': file.haltedAt = null; return
    case 'case-closed':
      file.haltedAt = null; file.status = 'closed'; file.stage = 'closed'; file.waits = []; file.outcome = e.data.outcome; file.result = e.data.result; file.closedAt = e.at
  }
}

function opened(e: CaseEvent & { type: 'case-opened' }): CaseRow {
  const d = e.data
  return {
    caseNo: e.caseNo, procedure: d.procedure, title: d.title, status: 'open', stage: 'opened', outcome: null, card: 'none', cardOf: null, cardAcknowledgedAt: null, restricted: d.restricted, enterpriseSees: d.enterpriseSees ?? 'all', shownAt: null, ofOffice: d.ofOffice ?? false,
    enterpriseId: d.enterpriseId, applicantId: d.applicantId, filedBy: e.actor!.id, filedUnit: e.actor!.unit ?? null, channel: d.channel, unitId: null, round: 1, rating: null, application: d.application,
    facts: {}, result: null, deadline: d.deadline, links: d.parent === undefined ? [] : [{ caseNo: d.parent, kind: 'parent' }], waits: [], parties: [], participants: filers(e), excluded: [], openedAt: e.at, urgedAt: null,
    dueAt: d.deadline && new Date(d.deadline.dueAt), dueUnit: d.deadline && d.deadline.clock.unit, closedAt: null, haltedAt: null, lastSeq: e.seq, lastHash: e.hash,
  }
}

/** Whoever filed the case and, where an officer did so on its behalf, the applicant. */
function filers({ actor, data }: CaseEvent & { type: 'case-opened' }): string[] {
  const { id, unit = null } = actor!
  return [...new Set([doneIn(data.applicantId, data.applicantId === id ? unit : null), doneIn(id, unit)])]
}

/**
 * Whether the unit of a step that opens answers for the case from then on. Not the applicant; nor whoever has still to receive what is
 * handed over; nor, of steps opened side by side, any but the first; nor a party in its lane; nor whoever only approves an extension.
 */
const isResponsible = ({ at, data }: CaseEvent & { type: 'task-opened' }, tasks: TaskRow[]) =>
  data.role !== 'enterprise' && data.from === undefined && data.party === undefined && data.name !== EXTENSION && !tasks.some(t => t.id !== data.task && t.createdAt.getTime() === at.getTime() && t.role !== 'enterprise')

/** Whose card it is: of the task that carries it, of the responsible unit where it is the case's own. */
function cardOf(clock: string, file: CaseRow, tasks: TaskRow[]): CardOf {
  const task = tasks.find(t => t.id === clock)
  return { clock, unit: task ? task.answers?.unit ?? task.unitId : file.unitId, title: task?.title ?? '全案' }
}

/** The order in which tasks are read from the database, so that a fold and a read come to the same. */
const byOpening = (a: TaskRow, b: TaskRow) => a.createdAt.getTime() - b.createdAt.getTime() || (a.id < b.id ? -1 : 1)

/** A deadline that falls on another instant is reminded of anew. */
function moved(t: TaskRow | undefined, deadline: Deadline): Partial<TaskRow> {
  const dueAt = new Date(deadline.dueAt)
  return { deadline, dueAt, ...(t?.dueAt.getTime() !== dueAt.getTime() && { remindedAt: null }) }
}

/** Who stays answerable for a delegated task: its first holder, however often it is passed on; nobody once he has it back. */
function answerable(t: TaskRow | undefined, to: string): string | null {
  const first = t?.delegatedBy ?? t?.holderId ?? null
  return first === to ? null : first
}

/** Under which name a fact stands on the file: those of a lane apart from the case's own. */
export const factName = (name: string, party?: string): string => party === undefined ? name : `${name}.${party}`

/** The kit's own step: it is beside the procedure's. */
export const EXTENSION = 'approve-extension'

/** Names of the steps now waiting, `wait` for what is waited for without a step; side by side they are joined by `+`. */
const stage = ({ waits }: CaseRow, tasks: TaskRow[]) => [...new Set([...tasks.filter(t => isLive(t) && t.name !== EXTENSION).map(t => t.name), ...waits.map(() => 'wait')])].join('+')

/** Each lane with the steps that wait in it; those that stay as they are stay the same objects. */
function withStages({ file, tasks }: CaseState): PartyState[] {
  const waiting = new Map<string, Set<string>>()
  for (const t of tasks) if (t.party !== null && isLive(t) && t.name !== EXTENSION) waiting.set(t.party, (waiting.get(t.party) ?? new Set()).add(t.name))
  return file.parties.map((p) => {
    const stage = [...waiting.get(p.id) ?? []].join('+')
    return stage === p.stage ? p : { ...p, stage }
  })
}

/** The case's own promise while it is to be kept, else the soonest of the tasks that wait. */
function due({ file, tasks }: CaseState): Pick<CaseRow, 'dueAt' | 'dueUnit'> {
  const deadlines = file.deadline && !file.deadline.keptAt ? [file.deadline] : tasks.filter(isLive).map(t => t.deadline)
  const [first] = deadlines.toSorted((a, b) => Date.parse(a.dueAt) - Date.parse(b.dueAt))
  if (!first && file.waits.length > 0) return { dueAt: null, dueUnit: null }
  return first ? { dueAt: new Date(first.dueAt), dueUnit: first.clock.unit } : { dueAt: file.dueAt, dueUnit: file.dueUnit }
}
