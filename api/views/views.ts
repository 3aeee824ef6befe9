/** Cases and tasks as the API shows them, to each as much as they may see. */
import type { Deadline } from '../../clock/types.ts'
import type { Queryable } from '../../db/connect.ts'
import { nameAll, type Names } from '../../db/directory/directory.ts'
import type { Received as FiledApplication } from '../../db/record/cases.ts'
import { confidentialityOf } from '../../model/filing.ts'
import { toIso } from '../../model/instants.ts'
import type { StandingDocument } from '../../db/lists/documents.ts'
import { fileSeenBy } from '../../model/lanes.ts'
import type { CaseRow, CaseState, TaskRow } from '../../model/state.ts'
import type { Named } from '../../model/person.ts'
import { listDuplicates, type FoundTask } from '../../db/lists/search.ts'
import { getProcedure } from '../../workflows/catalogue.ts'
import { isOutsiders, maySee, sightOf, type CaseFacts, type TaskFacts, type Who } from '../../model/actions.ts'
import { barredFrom, caseActions, finishingForm, taskActions } from '../cases/allowed-actions.ts'
import type { Case, CaseSummary, Mentions, Received, Task, TaskWithForm } from '../http/schemas.ts'
import { mentionsOf, mentionsOfFile, mentionsOfTask, nameMentions, toName, type Mention } from './mentions.ts'
import { documentAsRead, fileAsRead, readerOf, taskAsRead } from './as-read.ts'
import { promiseOf, publicTitle } from './promise.ts'
import { isWindow, tasksThroughWindow, throughWindow, windowWord } from './window-view.ts'

/** For whom an answer is made, and by what names it calls people, units and enterprises: what is past by those of its time. */
interface View { who: Who, names: Names }

/** Whether the content of a task is shown to somebody: who sees its case, through a window who holds it, from a lane whose it is. */
const reads = (who: Who, file: CaseFacts, tasks: TaskFacts[], { holderId, party }: TaskFacts) => maySee(who, file, tasks) || (sightOf(who, file, tasks) === 'window' && holderId === who.id) || (sightOf(who, file, tasks) === 'lane' && file.parties.some(p => p.id === party && p.enterprise === who.enterprise))

const isEnterprise = (who: Who) => who.roles.includes('enterprise')

/** Tasks as `who` sees them. */
export async function viewTasks(via: Queryable, who: Who, rows: FoundTask[]): Promise<Task[]> {
  const view = { who, names: await namesFor(via, rows.map(r => r.task), []) }
  return rows.map(({ task, file }) => taskView(view, { task: taskAsRead(task, readerOf(who, file)), file }, reads(who, file, [task], task)))
}

/** One task with the form that completes it, and the hash of what a decision would rest on. */
export async function viewTask(via: Queryable, who: Who, { state: { file, tasks }, task }: { state: CaseState, task: TaskRow }): Promise<TaskWithForm> {
  const own = taskAsRead(task, readerOf(who, file))
  const view = { who, names: await namesFor(via, [own], [], mentionsOfTask(own)) }
  const shown = { ...taskView(view, { task: own, file }, reads(who, file, tasks, task), tasks), names: taskNames(view, { file, tasks }, own) }
  const contentHash = shown.context?.contentHash
  return { ...shown, form: finishingForm(task.procedure, task.name), ...(typeof contentHash === 'string' && { contentHash }) }
}

/** Cases as lists show them. */
export async function viewCaseSummaries(via: Queryable, who: Who, files: CaseRow[]): Promise<CaseSummary[]> {
  const seen = files.map(file => fileSeenBy(who, file))
  const view = { who, names: await namesFor(via, [], seen) }
  return seen.map(file => summaryView(view, file))
}

/** An application that is not a case yet, as whoever filed it sees it. */
export const viewReceived = ({ caseNo, procedure, title, receivedAt }: FiledApplication): Received => ({ caseNo, status: 'received', procedure, title, receivedAt: toIso(receivedAt) })

/** A whole case as `who`, who may see it, sees it. */
export async function viewCase(via: Queryable, who: Who, whole: CaseState, documents: StandingDocument[]): Promise<Case> {
  const reader = readerOf(who, whole.file)
  const through = isWindow(who, whole.file)
  const file = fileAsRead(through ? throughWindow(whole.file) : whole.file, reader)
  const tasks = (through ? tasksThroughWindow(who, whole) : isEnterprise(who) ? sinceShown(whole) : whole.tasks).map(t => taskAsRead(t, reader))
  const state = { file, tasks }
  const { shown: { documents: forms = {} }, documents: papers = {} } = getProcedure(file.procedure)
  const issued = (through ? [] : documents).map(document => ({ ...document, content: documentAsRead(file.procedure, document, reader) })).map(document => ({ ...document, mentions: mentionsOf(forms[document.kind], document.content) }))
  const own = mentionsOfFile(state)
  const view = { who, names: await namesFor(via, tasks, [file], [...own, ...tasks.flatMap(mentionsOfTask), ...issued.flatMap(one => one.mentions)]) }
  return {
    ...summaryView(view, whole.file, whole.tasks),
    filedBy: isEnterprise(who) && file.filedUnit !== null ? OFFICER : view.names.person(file.filedBy, file.openedAt),
    urgedAt: file.urgedAt && toIso(file.urgedAt),
    application: file.application,
    result: file.result,
    facts: file.facts,
    links: isEnterprise(who) ? [] : [...file.links, ...(await listDuplicates(via, file.caseNo)).map(caseNo => ({ caseNo, kind: 'duplicated-by' as const }))],
    names: nameMentions(own, view.names, who, state, file.openedAt),
    documents: issued.map(({ number, kind, title, content, code, hash, readers, mentions, issuedAt, state: stands, since, reason, replacedBy }) => ({
      number, kind, name: papers[kind]?.template.name ?? title, title, content, names: nameMentions(mentions, view.names, who, state, issuedAt), issuedAt: toIso(issuedAt),
      href: `/api/cases/${file.caseNo}/documents/${encodeURIComponent(number)}`, code, hash, state: stands, stateSince: since && toIso(since), stateReason: reason, replacedBy, audience: readers,
    })),
    parties: file.parties.map(({ id, name, kind, stage, closed }) => ({ id, name, kind, stage: closed ? '已办结' : stage === '' ? '' : stageNames(who, file.procedure, stage), closed })),
    tasks: tasks.map(task => ({ ...taskView(view, { task, file }, true, tasks), names: taskNames(view, state, task) })),
    actions: caseActions(who, whole),
  }
}

/** What an enterprise sees of the steps of a case that was shown to it later: what was not over by then. */
export const sinceShown = ({ file: { shownAt }, tasks }: CaseState): TaskRow[] => tasks.filter(t => shownAt === null || t.completedAt === null || t.completedAt >= shownAt)

function summaryView(view: View, whole: CaseRow, tasks?: TaskRow[]): CaseSummary {
  const through = isWindow(view.who, whole)
  const file = through ? throughWindow(whole) : whole
  const { caseNo, procedure, title, status, stage, outcome, card, restricted, enterpriseSees, ofOffice, channel, round, rating } = file
  return {
    caseNo, procedure, title, status, stage, outcome, card, cardOf: cardOfView(view, file), restricted, enterpriseSees, ofOffice, confidentiality: confidentialityOf(getProcedure(procedure).policy, whole.application), haltedAt: file.haltedAt && toIso(file.haltedAt), channel, round, rating,
    stageTitle: through ? windowWord(view.who, whole, tasks) : stageTitle(view.who, file),
    promise: through ? null : promiseOf(file, stageTitle({ roles: ['enterprise'] }, file), tasks),
    enterprise: file.enterpriseId === null ? null : view.names.enterprise(file.enterpriseId, file.closedAt),
    unit: file.unitId,
    unitName: file.unitId && view.names.unit(file.unitId, file.closedAt).name,
    // Of a case of the office that is whoever filed it.
    applicant: isEnterprise(view.who) && file.applicantId === file.filedBy && file.filedUnit !== null ? OFFICER : view.names.person(file.applicantId, file.openedAt),
    openedAt: toIso(file.openedAt),
    dueAt: file.dueAt && toIso(file.dueAt),
    dueUnit: file.dueUnit,
    clock: file.deadline && !file.deadline.keptAt ? clockOf(file.deadline) : null,
    closedAt: file.closedAt && toIso(file.closedAt),
  }
}

function cardOfView({ who, names }: View, { card, cardOf, closedAt }: CaseRow): CaseSummary['cardOf'] {
  if (isEnterprise(who) || card === 'none' || !cardOf) return null
  return { unitName: cardOf.unit && names.unit(cardOf.unit, closedAt).name, title: cardOf.title }
}

/** The steps of a stage in words. */
function stageNames(who: Pick<Who, 'roles'>, procedure: string, stage: string): string {
  const { tasks } = getProcedure(procedure).policy
  return stage.split('+').map(name => (who.roles.includes('enterprise') ? tasks[name]?.publicly : undefined) ?? tasks[name]?.title ?? name).join('、')
}

/** What a case waits for, or how it ended, in the words of its procedure. */
export function stageTitle(who: Pick<Who, 'roles'>, { procedure, stage, outcome, waits }: CaseRow): string {
  const { tasks, outcomes } = getProcedure(procedure).policy
  if (outcome !== null) return outcomes[outcome] ?? outcome
  const titleOf = (name: string) => tasks[name] ? stageNames(who, procedure, name) : name === 'closed' ? '已办结' : '已收到'
  // Before the first task there is nothing to wait for but the system.
  return stage.split('+').flatMap(name => name === 'wait' ? waits.map(w => w.text) : titleOf(name)).join('、')
}

const clockOf = ({ clock: { n, unit, before } }: Deadline) => ({ n, unit, ...(before !== undefined && { before }) })

/** `inside`: may read what the case is about; otherwise the task is shown so that it can be claimed or assigned, without content. */
function taskView(view: View, { task, file }: FoundTask, inside: boolean, tasks?: TaskRow[]): Task {
  const { id, caseNo, procedure, name, title, status, round, card } = task
  const isRead = inside && (!isEnterprise(view.who) || isOwn(view.who, task))
  const person = (personId: string | null) => personId === null ? null : personView(view, personId, task)
  return {
    id, caseNo, party: partyOf(file, task), caseTitle: isWindow(view.who, file) ? getProcedure(procedure).policy.title : file.title, procedure, name, title: isEnterprise(view.who) ? publicTitle(procedure, name, title) : title, status, round, card,
    unit: task.unitId,
    unitName: task.unitId === 'party' ? partyOf(file, task)?.name ?? '当事企业' : view.names.unit(task.unitId, task.completedAt).name,
    holder: person(task.holderId),
    delegatedBy: isEnterprise(view.who) ? null : person(task.delegatedBy),
    createdAt: toIso(task.createdAt),
    dueAt: toIso(task.dueAt),
    urgent: inside && file.application.urgency === 'urgent',
    urgedAt: inside && file.urgedAt ? toIso(file.urgedAt) : null,
    clock: clockOf(task.deadline),
    completedBy: person(task.completedBy),
    completedAt: task.completedAt && toIso(task.completedAt),
    action: isRead ? task.action : null,
    result: isRead ? task.result : null,
    context: isRead ? task.context : null,
    actions: taskActions(view.who, file, task, inside ? tasks : undefined),
    barred: barredFrom(view.who, file, task),
  }
}

/** In whose lane a task is. */
function partyOf({ parties }: FoundTask['file'], { party }: TaskRow): Named | null {
  const found = parties.find(p => p.id === party)
  return found ? { id: found.id, name: found.name } : null
}

/** What is asked of an enterprise is every contact's; of others' lanes none sees anything. */
const isOwn = (who: Who, task: TaskRow) => task.holderId === who.id || isOutsiders(task)

/** Enterprises see which unit acts, not who in it. */
function personView({ who, names }: View, id: string, { unitId, completedAt }: TaskRow): Named {
  if (!isEnterprise(who) || id === who.id || isOutsiders({ unitId })) return names.person(id, completedAt)
  return { id: unitId, name: `${names.unit(unitId, completedAt).name} 工作人员` }
}

/** For the ids in what a task came to and what stands beside its form; to whom these are not shown, neither are the names. */
const taskNames = ({ who, names }: View, state: CaseState, task: TaskRow): Mentions =>
  isEnterprise(who) && !isOwn(who, task) ? {} : nameMentions(mentionsOfTask(task), names, who, state, task.completedAt)

/** What an enterprise reads instead of who filed a case on its behalf. */
const OFFICER: Named = { id: 'officer', name: '工作人员' }

function namesFor(via: Queryable, tasks: TaskRow[], files: CaseRow[], mentions: Mention[] = []): Promise<Names> {
  const { people, units, enterprises } = toName(mentions)
  return nameAll(via, {
    people: new Set([...people, ...[...tasks.flatMap(t => [t.holderId, t.delegatedBy, t.completedBy]), ...files.flatMap(f => [f.applicantId, f.filedBy])].filter(id => id !== null)]),
    units: new Set([...units, ...tasks.map(t => t.unitId), ...files.flatMap(f => [f.unitId ?? [], f.cardOf?.unit ?? []].flat())]),
    enterprises: new Set([...enterprises, ...files.flatMap(f => f.enterpriseId ?? [])]),
  })
}
