/** Names for the ids in what is read of a case: in forms, facts and events. */
import type { z } from 'zod'
import type { Names, NamedThen, ToName } from '../../db/directory/directory.ts'
import type { CaseEvent, EventData, EventType } from '../../model/events.ts'
import type { CaseState, TaskRow } from '../../model/state.ts'
import { contextForm, getProcedure, resultForm } from '../../workflows/catalogue.ts'
import { findReferences } from '../../workflows/kit/check-forms.ts'
import type { Named } from '../../workflows/kit/fields.ts'
import type { Who } from '../../model/actions.ts'
import type { Mentions } from '../http/schemas.ts'
import { publicTitle } from './promise.ts'

/** Something that is mentioned by its id. */
export interface Mention { to: Named, id: string }

/** What a fact mentions, by its form; nothing where it has none. */
export const mentionsOf = (form: z.ZodType | undefined, fact: unknown): Mention[] => form && fact ? findReferences(form, fact) : []

/** What a task's result and context mention. */
export const mentionsOfTask = (t: TaskRow): Mention[] =>
  [...mentionsOf(resultForm(t.procedure, t.name, t.action), t.result), ...mentionsOf(contextForm(t.procedure, t.name), t.context)]

/** What the application of a case, its result and its facts mention. */
export function mentionsOfFile({ file }: CaseState): Mention[] {
  const { forms, shown } = getProcedure(file.procedure)
  return [
    ...mentionsOf(forms.application, file.application), ...mentionsOf(shown.results?.[file.outcome ?? ''], file.result),
    ...Object.entries(file.facts).flatMap(([name, fact]) => mentionsOf(shown.facts?.[name], fact)),
  ]
}

/** What is to be looked up in the directory for these. */
export const toName = (mentions: Mention[]): ToName => {
  const of = (kind: Named) => mentions.filter(one => one.to === kind).map(one => one.id)
  return { people: of('person'), units: of('unit'), enterprises: of('enterprise') }
}

/** The names of what is mentioned, as they were at an instant; the present one stands in brackets where it is another. Enterprises read of no officer, and of steps in words of the public. */
export function nameMentions(mentions: Mention[], names: Names, who: Who, { file, tasks }: CaseState, at: Date | null): Mentions {
  const outside = who.roles.includes('enterprise')
  const stepOf = (name: string, title: string) => outside ? publicTitle(file.procedure, name, title) : title
  const isOwn = (id: string) => id === who.id || id === file.applicantId
  const nameOf = ({ to, id }: Mention): string => {
    switch (to) {
      case 'person': return outside && !isOwn(id) ? '工作人员' : called(names.person(id, at))
      case 'unit': return called(names.unit(id, at))
      case 'enterprise': return called(names.enterprise(id, at))
      case 'task': return id === 'case' ? '全案' : titled(tasks.find(t => t.id === id), id, stepOf)
      case 'step': return stepOf(id, getProcedure(file.procedure).policy.tasks[id]?.title ?? id)
      case 'case': return id
    }
  }
  return Object.fromEntries(mentions.map(one => [`${one.to}/${one.id}`, nameOf(one)]))
}

const called = ({ name, now }: NamedThen) => now === undefined ? name : `${name}（现 ${now}）`
const titled = (task: TaskRow | undefined, id: string, stepOf: (name: string, title: string) => string) => task ? `${stepOf(task.name, task.title)}${task.round > 1 ? `（第 ${task.round} 轮）` : ''}` : id

// ─── events ─────────────────────────────────────────────────────────────────────────────────────

const person = (...ids: (string | null | undefined)[]): Mention[] => ids.flatMap(id => id ? [{ to: 'person', id }] : [])
const unit = (id: string | null | undefined): Mention[] => id ? [{ to: 'unit', id }] : []
const enterprise = (id: string | null | undefined): Mention[] => id ? [{ to: 'enterprise', id }] : []
const task = (id: string): Mention[] => [{ to: 'task', id }]
const clock = (id: string): Mention[] => [{ to: 'task', id }]

type Mentioning = { [T in EventType]: (data: EventData[T], state: CaseState) => Mention[] }

/** What the data of each kind of event mention. */
const OF_EVENT: Mentioning = {
  'case-opened': (d, { file }) => [...byWhom(d.deadline), ...person(d.applicantId), ...enterprise(d.enterpriseId), ...mentionsOf(getProcedure(file.procedure).forms.application, d.application)],
  'task-opened': (d, { file }) => [...task(d.task), ...unit(d.unit), ...unit(d.from), ...unit(d.answers?.unit), ...person(d.holder, d.answers?.person, d.offeredTo, ...d.notBy), ...byWhom(d.deadline), ...mentionsOf(contextForm(file.procedure, d.name), d.context)],
  'task-claimed': d => task(d.task),
  'task-released': d => task(d.task),
  'task-offered': d => [...task(d.task), ...person(d.to)],
  'task-rerouted': d => [...task(d.task), ...unit(d.unit)],
  'task-transferred': d => [...task(d.task), ...person(d.to)],
  'task-delegated': d => [...task(d.task), ...person(d.to)],
  'task-completed': (d, { file, tasks }) =>
    [...task(d.task), ...mentionsOf(resultForm(file.procedure, tasks.find(t => t.id === d.task)?.name ?? '', d.action), d.form)],
  'task-cancelled': d => task(d.task),
  'task-lapsed': d => task(d.task),
  'extension-requested': d => task(d.task),
  'deadline-extended': d => [...task(d.task), ...byWhom(d.deadline)],
  'deadline-replanned': d => [...clock(d.clock), ...byWhom(d.deadline)],
  'clock-chosen': d => byWhom(d.deadline),
  'case-shown': () => [],
  'clock-paused': d => byWhom(d.deadline),
  'clock-resumed': d => byWhom(d.deadline),
  'promise-kept': d => byWhom(d.deadline),
  'reminded': d => clock(d.clock),
  'yellow-card': d => clock(d.clock),
  'red-card': d => clock(d.clock),
  'leader-alerted': d => clock(d.clock),
  'card-acknowledged': d => clock(d.clock),
  'wait-begun': () => [],
  'wait-ended': () => [],
  'noted': (d, { file }) => mentionsOf(getProcedure(file.procedure).shown.facts?.[d.name], d.facts),
  'linked': d => [{ to: 'case', id: d.caseNo }],
  'told': d => typeof d.to !== 'object' ? [] : 'person' in d.to ? person(d.to.person) : 'unit' in d.to ? unit(d.to.unit) : [],
  'document-withdrawn': () => [],
  'document-replaced': () => [],
  'document-issued': (d, { file }) => mentionsOf(getProcedure(file.procedure).shown.documents?.[d.kind], d.content),
  'handed-over': d => [...task(d.task), ...person(`system:${d.system}`)],
  'pushed': d => person(`system:${d.system}`),
  'conflict-declared': () => [],
  'party-joined': d => [...unit(d.unit), ...enterprise(d.enterprise)],
  'party-left': () => [],
  'persons-excluded': d => person(...d.persons),
  'commented': () => [],
  'material-added': () => [],
  'urged': () => [],
  'application-amended': (d, { file }) => mentionsOf(getProcedure(file.procedure).forms.application, d.application),
  'withdrawal-requested': () => [],
  'cancellation-ordered': () => [],
  'notice-failed': () => [],
  'notice-retried': () => [],
  'workflow-halted': () => [],
  'workflow-resumed': () => [],
  'case-closed': (d, { file }) => mentionsOf(getProcedure(file.procedure).shown.results?.[d.outcome], d.result),
}

/** Who granted more time is part of a deadline. */
const byWhom = (deadline: { extensions?: { by: string }[] } | null): Mention[] => person(...(deadline?.extensions ?? []).map(({ by }) => by))

/** What an event mentions, beside who did it. */
export const mentionsOfEvent = (e: CaseEvent, state: CaseState): Mention[] => 
  [...(OF_EVENT[e.type] as (data: unknown, state: CaseState) => Mention[])(e.data, state), ...person((e.data as { onBehalfOf?: string }).onBehalfOf)]
