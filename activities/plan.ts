/** Turns what a workflow asks for into events: deadlines, four eyes and documents are worked out here, outside the sandbox. */
import { isDeepStrictEqual } from 'node:util'
import { extendDeadline, pauseDeadline, planDeadline, replanDeadline, resumeDeadline } from '../clock/deadline.ts'
import { planLadder } from '../clock/ladder.ts'
import type { Clock, Deadline } from '../clock/types.ts'
import { hashOf } from '../model/chain.ts'
import type { CaseEvent, NewEvent } from '../model/events.ts'
import { confidentialityOf, enterpriseSees, kindOf, mayBe } from '../model/filing.ts'
import { toIso } from '../model/instants.ts'
import { apply, isLive, type CaseState, type TaskRow } from '../model/state.ts'
import type { Members } from '../db/directory/directory.ts'
import { lettingGo, queueOf } from '../db/directory/queue.ts'
import type { Actor, Answers, Facts, Party } from '../model/types.ts'
import type { Policy } from '../model/policy.ts'
import type { Draft, OpenClock, Place } from '../workflows/kit/types.ts'
import { chooseClock, ladderFor, taskPolicy, type Rules } from './rules.ts'

/** The kit's own step, in no policy. */
const EXTENSION = 'approve-extension'

type DraftOf<T extends Draft['type']> = Draft & { type: T }

/** Who is there, as far as these drafts need to know. */
export interface Staff {
  /** By unit: whom the roster has on duty. */
  onDuty: Map<string, string | null>
  members: Members
  /** By enterprise: an active contact, who holds what it is asked. */
  contacts: Map<string, string | null>
  /** Of those who are to hold a task, who has left, and who does it instead; null: it waits in the unit's queue. */
  successors: Map<string, string | null>
}

/** A round's id says where it belongs: case, task, in a lane the party, round; and its place in the round, where it is not the first. */
export const taskId = (caseNo: string, { name, party, round, place }: { name: string } & Place) => `${caseNo}.${name}.${party === undefined ? '' : `${party}.`}${round}${place > 1 ? `-${place}` : ''}`

/** The events that these drafts amount to, in order; each is worked out on the state that the former ones leave. */
export function plan(caseNo: string, drafts: Draft[], state: CaseState | null, now: Date, rules: Rules, staff: Staff): NewEvent[] {
  const events: NewEvent[] = []
  for (const draft of drafts) {
    for (const e of planOne(caseNo, draft, state, now, rules, staff)) {
      events.push(e)
      state = apply(state, { ...e, caseNo, seq: 0, at: now, key: '', hash: '', requestHash: null } as CaseEvent)
    }
  }
  return events
}

function planOne(caseNo: string, d: Draft, state: CaseState | null, now: Date, rules: Rules, staff: Staff): NewEvent[] {
  const at = toIso(now)
  if (d.type === 'open-case') return [openCase(d, at, rules)]
  const { file } = state!
  const actor = null
  switch (d.type) {
    case 'open-task': return openTask(caseNo, d, state!, at, rules, staff)
    case 'cancel-task': return isLive(getTask(state!, d.taskId)) ? [{ type: 'task-cancelled', actor, data: { task: d.taskId, reason: d.reason } }] : []
    case 'begin-wait': return [{ type: 'wait-begun', actor, data: { wait: d.wait, text: d.text } }]
    case 'end-wait': return [{ type: 'wait-ended', actor, data: { wait: d.wait } }]
    case 'cancel-case': return file.outcome === null ? [{ type: 'cancellation-ordered', actor, data: { reason: d.reason } }] : []
    case 'pause': return file.status === 'paused' ? [] : [{ type: 'clock-paused', actor: lastDecider(state!), data: { deadline: whileOpen(file.deadline, open => pauseDeadline(open, at, d.reason)), reason: d.reason } }]
    case 'resume': return file.status === 'paused' ? [{ type: 'clock-resumed', actor, data: { deadline: whileOpen(file.deadline, open => resumeDeadline(open, at, rules.calendar)) } }] : []
    case 'keep-promise': return file.deadline && !file.deadline.keptAt ? [{ type: 'promise-kept', actor, data: { deadline: { ...file.deadline, keptAt: at } } }] : []
    case 'choose-clock': {
      const from = file.deadline?.startAt ?? toIso(file.openedAt)
      return [{ type: 'clock-chosen', actor, data: { deadline: carryPauses(planDeadline(chooseClock(rules.policy.clock!, d.clock), from, rules.calendar), file.deadline, rules) } }]
    }
    case 'join': return [{ type: 'party-joined', actor, data: d.party }]
    case 'leave': return file.parties.some(p => p.id === d.party && !p.closed) ? [{ type: 'party-left', actor, data: { party: d.party, answer: d.answer } }] : []
    case 'note': return [{ type: 'noted', actor, data: { name: d.name, facts: d.facts, ...(d.party !== undefined && { party: d.party }) } }]
    case 'show': return file.enterpriseSees === 'all' ? [] : [{ type: 'case-shown', actor, data: {} }]
    case 'exclude': {
      const persons = d.persons.filter(p => !file.excluded.includes(p))
      return persons.length === 0 ? [] : [{ type: 'persons-excluded', actor, data: { persons } }, ...lettingGo(state!, persons, staff.members)]
    }
    case 'link': return [{ type: 'linked', actor, data: { caseNo: d.caseNo, kind: d.kind } }]
    case 'tell': return [{ type: 'told', actor, data: { to: d.to, title: d.title, body: d.body, ...(d.party !== undefined && { party: d.party }) } }]
    // Recorded when its time has come, by a workflow of its own.
    case 'tell-later': return []
    case 'push': return [{ type: 'pushed', actor, data: { system: d.system, payload: d.payload } }]
    case 'replan': return replan(state!, rules)
    case 'close': return [{ type: 'case-closed', actor, data: { outcome: d.outcome, result: d.result } }]
  }
}

function openCase({ input, clock }: DraftOf<'open-case'>, at: string, { policy, calendar }: Rules): NewEvent {
  return {
    type: 'case-opened', actor: input.filedBy,
    data: {
      procedure: policy.key, title: input.title, ...begins(policy, input), applicantId: input.applicant,
      enterpriseId: input.enterpriseId, channel: input.channel ?? null, application: input.application, ...(input.parent !== undefined && { parent: input.parent }),
      deadline: policy.clock ? planDeadline(chooseClock(policy.clock, clock), at, calendar) : null,
    },
  }
}

/** Before whose eyes it begins. What another case has opened no enterprise has applied for. */
export function begins(policy: Policy, { application, applicant, filedBy, parent }: DraftOf<'open-case'>['input']) {
  const byEnterprise = parent === undefined && (applicant !== filedBy.id || (filedBy.unit ?? null) === null)
  const sees = enterpriseSees(policy, application, byEnterprise)
  return {
    restricted: confidentialityOf(policy, application) === 'restricted',
    ...(sees !== 'all' && { enterpriseSees: sees }), ...(kindOf(policy, application) === 'of-office' && { ofOffice: true as const }),
  }
}

function openTask(caseNo: string, d: DraftOf<'open-task'>, state: CaseState, at: string, { policy, calendar }: Rules, staff: Staff): NewEvent[] {
  const rule = taskPolicy(policy, d.name)
  const enterprise = enterpriseAsked(state.file, policy, d)
  const { unit: asked, holder: addressed } = enterprise === null ? addressee(state.file, policy, d) : { unit: 'party', holder: staff.contacts.get(enterprise) ?? null }
  const ofApplicant = asked === 'applicant'
  const task = taskId(caseNo, d)
  const notBy = [...new Set([...(rule.notBy ?? []).flatMap(name => doers(state, name)), ...(d.notBy ?? [])])]
  const given = addressed ?? (rule.outside ? `system:${rule.outside}` : null)
  const named = given !== null && staff.successors.has(given) ? staff.successors.get(given)! : given
  const holder = named !== null && state.file.excluded.includes(named) ? null : named
  const { unit, role } = holder === null && !ofApplicant && enterprise === null ? queueOf(state.file, { unit: asked, role: rule.role }, [...notBy, ...state.file.excluded], staff.members) : { unit: asked, role: rule.role }
  const duty = rule.duty ? staff.onDuty.get(unit) ?? null : null
  const told = d.name === EXTENSION ? extensionAsked(state, d, at, calendar) : d.context
  const context = rule.boundToFacts ? { ...told, contentHash: contentHash(state, rule.boundToFacts) } : told ?? null
  const opened: NewEvent = {
    type: 'task-opened', actor: null,
    data: {
      task, ...(d.party !== undefined && { party: d.party }), name: d.name, title: d.title ?? rule.title, unit, role, round: d.round, holder,
      ...(rule.silence && { answers: answersFor(state.file, policy) }),
      ...(rule.actions?.includes('acknowledge') && state.file.unitId !== null && { from: state.file.unitId }),
      offeredTo: duty && !notBy.includes(duty) && !state.file.excluded.includes(duty) ? duty : null,
      notBy, context, deadline: planDeadline({ ...chooseClock(rule.clock, d.clock), ...(d.dueOn !== undefined && { date: d.dueOn }) }, d.from ?? at, calendar),
    },
  }
  const payload: Facts = { procedure: policy.key, title: state.file.title, application: state.file.application, ...d.context }
  return rule.outside ? [opened, { type: 'handed-over', actor: null, data: { task, system: rule.outside, payload } }] : [opened]
}

/** As far as a task's addressee depends on it: who has applied for a case, who has filed it, who has a lane in it. */
export type FiledBy = Pick<CaseState['file'], 'applicantId' | 'filedBy' | 'filedUnit' | 'ofOffice'> & { parties: Party[] }

type Asked = Pick<DraftOf<'open-task'>, 'name' | 'unit' | 'holder' | 'party'>

/** The enterprise that a task in its own lane is asked of; null where it is somebody else's. */
export function enterpriseAsked({ parties }: Pick<FiledBy, 'parties'>, policy: Policy, { name, unit, party }: Asked): string | null {
  return (unit ?? taskPolicy(policy, name).unit) === 'party' ? parties.find(({ id }) => id === party)?.enterprise ?? null : null
}

/** In which unit's queue a task opens, and who holds it from the start. @throws Error for a lane whose party does nothing itself (an item) */
export function addressee(file: FiledBy, policy: Policy, { name, unit: named, holder, party: lane }: Asked): { unit: string, holder: string | null } {
  const ofParty = (named ?? taskPolicy(policy, name).unit) === 'party' ? file.parties.find(({ id }) => id === lane) : undefined
  const asked = ofParty?.unit ?? named ?? taskPolicy(policy, name).unit
  if (asked === 'party') throw new Error(`${policy.key}: ${lane ?? 'no party'} does no tasks (${name})`)
  const byFiler = asked === 'filer' || holder === 'filer'
  if (asked === 'applicant' || (byFiler && file.filedUnit === null && !isSystem(file.filedBy))) {
    if (file.ofOffice) throw new Error(`${policy.key}: nobody has applied for a case of the office, so none of its tasks is the applicant's (${name})`)
    return { unit: 'applicant', holder: holder === undefined || holder === 'filer' ? file.applicantId : holder }
  }
  if (!byFiler) return { unit: asked, holder: holder ?? null }
  const { unit, person } = answersFor(file, policy)
  return { unit: asked === 'filer' ? unit : asked, holder: person }
}

/** Who of the office answers for a case: who has filed it and his unit; of what an enterprise or a calendar has filed, the unit whose procedure it is. */
const answersFor = ({ filedBy, filedUnit }: Pick<FiledBy, 'filedBy' | 'filedUnit'>, { owner }: Policy): Answers => filedUnit === null ? { unit: owner, person: null } : { unit: filedUnit, person: filedBy }
const isSystem = (id: string) => id.startsWith('system:')

/** What is asked for, to whoever approves it: how much longer, and until when that would be. */
function extensionAsked(state: CaseState, { context }: DraftOf<'open-task'>, at: string, calendar: Rules['calendar']): Facts {
  const { task, n, unit, reason } = context as { task: string, n: number, unit: Clock['unit'], reason: string }
  const { deadline } = getTask(state, task)
  // Asked in time, though the time may be up by now.
  const { dueAt: until } = extendDeadline(deadline, { n, unit, reason, by: '', at: at < deadline.dueAt ? at : deadline.dueAt }, calendar)
  return { task, extension: { n, unit, until }, reason }
}

/** Who has completed a step of this case; `applicant` stands for who filed it. */
export function doers({ file, tasks }: CaseState, step: string): string[] {
  if (step === 'applicant') return [file.applicantId, file.filedBy]
  return tasks.flatMap(t => t.name === step && t.completedBy ? answerable(t) : [])
}

/** Who answers for a task that was decided: who did it, for whom he stood in, who had delegated it to him. */
export const answerable = (t: TaskRow): string[] => [...new Set([t.completedBy, t.holderId, t.delegatedBy].filter(p => p !== null))]

/** Whose decision it was that led here: who stops a clock is answerable for it. */
function lastDecider({ tasks }: CaseState): Actor | null {
  const last = tasks.filter(t => t.status === 'completed').toSorted((a, b) => a.completedAt!.getTime() - b.completedAt!.getTime()).at(-1)
  return last ? { id: last.completedBy!, unit: last.unitId } : null
}

/** SHA-256 of what a decision rests on: the application, and every opinion given so far in these tasks. */
export function contentHash({ file, tasks }: CaseState, opinionsOf: string[]): string {
  return hashOf({ application: file.application, opinions: tasks.filter(t => t.status === 'completed' && opinionsOf.includes(t.name)).map(t => [t.id, t.completedBy, t.action, t.result]) })
}

/** A promise that was kept is history: it is no longer stopped or moved. */
const whileOpen = (deadline: Deadline | null, change: (open: Deadline) => Deadline) => deadline && (deadline.keptAt ? deadline : change(deadline))

/** The same pauses on another clock of the same case. */
function carryPauses(fresh: Deadline, old: Deadline | null, rules: Rules): Deadline {
  return old ? replanDeadline({ ...fresh, pauses: old.pauses, extensions: old.extensions }, rules.calendar) : fresh
}

/** Every running deadline as the calendar has it now; what stays as it is needs no event. */
function replan({ file, tasks }: CaseState, { calendar }: Rules): NewEvent[] {
  const running: [string, Deadline][] = tasks.filter(isLive).map(t => [t.id, t.deadline])
  if (file.deadline && !file.deadline.keptAt && file.status !== 'closed') running.push(['case', file.deadline])
  return running.flatMap(([clock, before]): NewEvent[] => {
    const deadline = replanDeadline(before, calendar)
    return isDeepStrictEqual(deadline, before) ? [] : [{ type: 'deadline-replanned', actor: null, data: { clock, deadline, from: before.dueAt } }]
  })
}

/** The clock that a workflow has to watch for one round of a task. */
export function taskClockOf(t: TaskRow, rules: Rules): OpenClock {
  // Whoever watches the workflow need not know what a case that may be restricted has come to.
  const title = mayBe(rules.policy, 'restricted') ? '任务' : t.title
  return clockOf(t.id, title, t.deadline, taskPolicy(rules.policy, t.name), rules)
}

/**
 * The clock that a workflow has to watch for the whole case; null where none was promised, or the promise was kept.
 * While it stands still it has no rungs, unless it was stopped only after due: that stops no card.
 */
export function caseClockOf({ file }: CaseState, policy: Policy, rules: Rules): OpenClock | null {
  return file.deadline && !file.deadline.keptAt && file.status !== 'closed' ? clockOf('case', '全案', file.deadline, policy, rules) : null
}

function clockOf(id: string, title: string, deadline: Deadline, of: { ladder?: Policy['ladder'] }, { calendar }: Rules): OpenClock {
  return { id, title, dueAt: deadline.dueAt, rungs: planLadder(deadline, ladderFor(of, deadline.clock), calendar) }
}

/** The task of that id; throws when the case has none. */
export function getTask({ tasks }: CaseState, id: string): TaskRow {
  const found = tasks.find(t => t.id === id)
  if (!found) throw new Error(`no task ${id}`)
  return found
}
