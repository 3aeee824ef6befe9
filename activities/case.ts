/** The activities that procedures are made of. All go through the record's one door; a second run of any changes nothing. */
import { ApplicationFailure } from '@temporalio/activity'
import { confidentialityOf, kindOf } from '../model/filing.ts'
import { Refused } from '../model/refused.ts'
import { shanghai, toIso } from '../model/instants.ts'
import { endingOf, factName, isLive, type CaseState, type TaskRow } from '../model/state.ts'
import { queuedUnits, withLastResorts } from '../db/directory/queue.ts'
import type { Members } from '../db/directory/directory.ts'
import type { CaseEvent, NewEvent } from '../model/events.ts'
import { mustBeValid, readersOf, type Store } from '../db/record/record.ts'
import type { Press } from '../documents/press.ts'
import { Unfilled, Unprintable, Unsigned } from '../documents/errors.ts'
import { caseByProxy, judgeCase, judgeTask, taskByProxy, type ByProxy, type CaseAction, type TaskAction, type Who } from '../model/actions.ts'
import type { CaseActivities, Engine } from '../workflows/kit/activities.ts'
import type { Facts } from '../model/types.ts'
import type { Policy } from '../model/policy.ts'
import type { Advanced, Clocks, Decision, Done, Draft, OpenTask, Settled, Step } from '../workflows/kit/types.ts'
import { checkApplication, checkForm, checkFormRules, findProcedure, foreseenDocuments, getProcedure, titleFor } from '../workflows/catalogue.ts'
import type { FormContext } from '../workflows/kit/procedure.ts'
import { extendDeadline } from '../clock/deadline.ts'
import { addressee, answerable, begins, caseClockOf, contentHash, doers, enterpriseAsked, getTask, plan, taskClockOf, taskId, type FiledBy, type Staff } from './plan.ts'
import { taskPolicy, type Rules } from './rules.ts'

/** What the case activities need; the real ones in the worker, memory ones in tests that skip time. */
export interface CaseDeps {
  store: Store
  rules(procedure: string): Promise<Rules>
  /** A person as the rules of `actions.ts` see them. */
  who(id: string): Promise<Who>
  unitName(id: string): Promise<string>
  /** Whom the roster has on duty in a unit now. */
  onDuty(unit: string): Promise<string | null>
  /** The active people of these units. */
  members(units: string[]): Promise<Members>
  /** An active contact of an enterprise. */
  contact(enterprise: string): Promise<string | null>
  press: Press
  /** A fresh case number of a procedure. */
  nextCaseNo(procedure: string): Promise<string>
  engine: Engine
}

const CARD_EVENTS = { reminder: 'reminded', yellow: 'yellow-card', red: 'red-card', leader: 'leader-alerted' } as const

/** Makes the case activities over their dependencies. */
export function createCaseActivities(deps: CaseDeps): CaseActivities {
  const { store } = deps

  async function advance(caseNo: string, steps: Step[]): Promise<Advanced[]> {
    const advanced = []
    for (const { key, drafts } of steps) advanced.push(await take(caseNo, key, drafts))
    return advanced
  }

  async function take(caseNo: string, key: string, drafts: Draft[]): Promise<Advanced> {
    let rules: Rules | undefined
    const { state } = await store.append(caseNo, key, async (before, now) => {
      const procedure = procedureOf(drafts) ?? before?.file.procedure
      if (procedure === undefined) throw new Error(`no case ${caseNo}`)
      rules = await deps.rules(procedure)
      return plan(caseNo, drafts, before, now, rules, await findStaff(drafts, before, rules))
    })
    rules ??= await deps.rules(state.file.procedure)
    for (const d of drafts) if (d.type === 'tell-later') await deps.engine.tellLater(d.id, caseNo, d.at, d.what)
    return { opened: await findOpened(caseNo, drafts, state, rules), clocks: clocksOf(drafts, state, rules) }
  }

  async function findOpened(caseNo: string, drafts: Draft[], state: CaseState, rules: Rules): Promise<OpenTask[]> {
    const opened = drafts.flatMap(d => d.type === 'open-task' ? [{ task: getTask(state, taskId(caseNo, d)), place: d.place }] : [])
    return Promise.all(opened.map(async ({ task: t, place }) => ({ name: t.name, round: t.round, place, ...(t.party !== null && { party: t.party }), unit: t.unitId, unitName: t.unitId === 'party' ? '当事企业' : await deps.unitName(t.unitId), ...taskClockOf(t, rules) })))
  }

  async function findStaff(drafts: Draft[], before: CaseState | null, { policy }: Rules): Promise<Staff> {
    const staff: Staff = { onDuty: new Map(), members: new Map(), contacts: new Map(), successors: new Map() }
    const parties = [...before?.file.parties ?? [], ...drafts.flatMap(d => d.type === 'join' ? [d.party] : [])]
    const filed = { ...filedOf(drafts, before, policy), parties }
    const units = before && drafts.some(d => d.type === 'exclude') ? queuedUnits(before) : []
    for (const d of drafts) if (d.type === 'open-task') {
      const rule = taskPolicy(policy, d.name)
      if (rule.outside) continue
      const enterprise = enterpriseAsked(filed, policy, d)
      if (enterprise !== null) {
        staff.contacts.set(enterprise, await deps.contact(enterprise))
        continue
      }
      const { unit, holder: named } = addressee(filed, policy, d)
      const ofApplicant = unit === 'applicant'
      if (!ofApplicant) units.push(unit)
      if (rule.duty) staff.onDuty.set(unit, await deps.onDuty(unit))
      const who = named === null ? null : await deps.who(named)
      // Whoever is of another unit by now has left, too: what is to be known in the unit is no longer for him.
      if (named !== null && (who!.roles.length === 0 || (!ofApplicant && who!.unit !== unit))) staff.successors.set(named, ofApplicant ? await findColleague(filed.enterpriseSees === 'all' ? filed.enterpriseId : null, named) : null)
    }
    return units.length > 0 ? { ...staff, members: await deps.members(withLastResorts(units)) } : staff
  }

  /** Who of the enterprise does what its contact no longer can; where there is nobody, it stays with that one. */
  async function findColleague(enterprise: string | null, contact: string): Promise<string> {
    return (enterprise && await deps.contact(enterprise)) ?? contact
  }

  async function settle(caseNo: string, key: string, action: string, d: Decision): Promise<Settled> {
    return refusing(async () => {
      const { state, events } = await store.append(caseNo, key, async (before, now) => {
        const task = before?.tasks.find(t => t.id === d.taskId)
        if (!before || !task) throw new Refused('not-found', '没有这项任务')
        const rules = await deps.rules(before.file.procedure)
        const who = task.holderId === d.actor.id && action !== 'acknowledge-card' ? bare(d) : await deps.who(d.actor.id)
        const refusal = judgeTask(action as TaskAction, who, before.file, task, taskPolicy(rules.policy, task.name))
        if (refusal) throw new Refused(refusal.code, refusal.message)
        checkForm(before.file.procedure, task.name, action, d.form)
        const proxy = taskByProxy(action as TaskAction, who, before.file, task)
        checkAgainstCase(before, task, rules, action, d, proxy, now)
        if (action === 'complete') await checkCompletion(task.name, d.form, { state: before, at: now, ...rules, who: deps.who })
        const taken: NewEvent[] = task.status === 'open' && action !== 'acknowledge-card' ? [{ type: 'task-claimed', actor: d.actor, data: { task: task.id, ...proxy } }] : []
        return [...taken, ...decided(action, task, d, proxy), ...grantedExtension(before, task, rules, d, now)]
      }, d.requestHash)
      const e = events.at(-1)!
      const task = getTask(state, d.taskId!)
      const extended = extendedBy(task, d)
      const clocks: Clocks = extended === null ? {} : { [extended]: taskClockOf(getTask(state, extended), await deps.rules(state.file.procedure)) }
      return { done: { action, form: d.form, by: d.actor.id, answerable: answerable(task), holder: task.holderId, unit: d.actor.unit ?? null, at: toIso(e.at), taskId: task.id }, clocks }
    })
  }

  async function checkCompletion(task: string, form: Facts, context: FormContext) {
    await checkFormRules(task, form, context)
    for (const { kind, content } of foreseenDocuments(task, form, context)) await deps.press.check(context.state.file, kind, content)
  }

  async function settleCase(caseNo: string, key: string, action: string, d: Decision): Promise<void> {
    return refusing(async () => {
      await store.append(caseNo, key, async (before) => {
        if (!before) throw new Refused('not-found', '没有这个案件')
        const who = await deps.who(d.actor.id)
        const refusal = judgeCase(action as CaseAction, who, before.file)
        if (refusal) throw new Refused(refusal.code, refusal.message)
        checkForm(before.file.procedure, null, action, d.form)
        return [decidedCase(action, before, d, caseByProxy(action as CaseAction, who, before.file))]
      }, d.requestHash)
    })
  }

  return {
    advance,
    settle,
    settleCase,
    async escalate(caseNo, key, clock, rung) {
      const { state } = await store.append(caseNo, key, async (before) => {
        const { file } = before!
        // About to end, or decided while the timer was firing: there is nothing left to escalate.
        if (file.outcome !== null) return []
        if (clock === 'case') return file.deadline!.keptAt ? [] : [{ type: CARD_EVENTS[rung], actor: null, data: { clock, dueAt: toIso(file.dueAt!) } }]
        const task = getTask(before!, clock)
        if (!isLive(task)) return []
        if (rung !== 'reminder' && taskPolicy((await deps.rules(file.procedure)).policy, task.name).lapses) return [{ type: 'task-lapsed', actor: null, data: { task: clock } }]
        return [{ type: CARD_EVENTS[rung], actor: null, data: { clock, dueAt: toIso(task.dueAt) } }]
      })
      const task = state.tasks.find(t => t.id === clock)
      return {
        lapsedAt: task?.status === 'cancelled' ? toIso(task.completedAt!) : null,
        decided: task?.status === 'completed' ? doneOf(task) : null,
        stopped: state.file.status === 'closed' ? null : state.file.outcome,
      }
    },
    async check(caseNo, key, name, party) {
      const before = await mustFind(caseNo)
      const run = findProcedure(before.file.procedure)!.checks?.[name]
      if (!run) throw new Error(`${before.file.procedure} has no check ${name}`)
      const rules = await deps.rules(before.file.procedure)
      const { state } = await store.append(caseNo, key, async (now, at) => [{
        type: 'noted', actor: null,
        data: { name, ...(party !== undefined && { party }), facts: await run({ state: now!, at, ...rules, history: store.history, ...(party !== undefined && { party }) }) },
      }])
      return state.file.facts[factName(name, party)]!
    },
    async issue(caseNo, key, kind, content, replaces, party) {
      const { file } = await mustFind(caseNo)
      const { policy } = await deps.rules(file.procedure)
      const prefix = policy.documents?.[kind]
      if (!prefix) throw new Error(`${policy.key} issues no ${kind}`)
      const to = getProcedure(file.procedure).documents?.[kind]?.for ?? 'applicant'
      const draw = await deps.press.prepare(file, kind, content)
      return refusing(async () => ({ number: (await store.issue(caseNo, key, { kind, prefix, content, to, replaces, ...(party !== undefined && { party }), draw: at => draw(at).catch(cannotBeDrawn) })).number }))
    },
    async withdrawDocument(caseNo, key, { number, reason }) {
      await refusing(() => store.append(caseNo, key, async () => [{ type: 'document-withdrawn', actor: null, data: { number, reason, ...readersOf(mustBeValid(await store.document(caseNo, number))) } }]))
    },
    async openChild(caseNo, key, procedure, application, filed) {
      const opened = getProcedure(procedure)
      const { policy } = opened
      // The number is part of the parent's record before the child exists, so a second run opens the same child.
      const number = await deps.nextCaseNo(procedure)
      const text = confidentialityOf(policy, application) === 'restricted' ? '等待另案办结' : `等待${policy.title}案件 ${number} 办结`
      const { events } = await store.append(caseNo, key, () => [
        { type: 'linked', actor: null, data: { caseNo: number, kind: 'child' } }, { type: 'wait-begun', actor: null, data: { wait: number, text } },
      ])
      const child = (events[0] as CaseEvent & { type: 'linked' }).data.caseNo
      const found = await store.find(child)
      if (!found) await deps.engine.startCase(policy, { caseNo: child, application, title: titleFor(opened, application), ...filed, parent: caseNo })
      return { caseNo: child, text: text.replace(number, child), ending: found && endingOf(found) }
    },
    reportEnd: (caseNo, parent, ending) => deps.engine.tellOfChild(parent, caseNo, ending),
    endChild: (caseNo, child, how) => deps.engine.tellOfParent(child, caseNo, how),
  }

  async function mustFind(caseNo: string): Promise<CaseState> {
    const found = await store.find(caseNo)
    if (!found) throw new Error(`no case ${caseNo}`)
    return found
  }
}

/** Tried again it would fail again, until somebody has mended it: the case stands still with a fault, and says so. */
function cannotBeDrawn(error: Error): never {
  throw [Unprintable, Unfilled, Unsigned].some(one => error instanceof one) ? ApplicationFailure.nonRetryable(error.message, error.name) : error
}

/** Whose case it is: from the record, or from what is about to open it. */
function filedOf(drafts: Draft[], before: CaseState | null, policy: Policy): Omit<FiledBy, 'parties'> & Pick<CaseState['file'], 'enterpriseId' | 'enterpriseSees'> {
  if (before) return before.file
  const [first] = drafts
  if (first?.type !== 'open-case') throw new Error('a case begins with its opening')
  const { applicant, filedBy, enterpriseId } = first.input
  const { enterpriseSees = 'all', ofOffice = false } = begins(policy, first.input)
  return { applicantId: applicant, filedBy: filedBy.id, filedUnit: filedBy.unit ?? null, enterpriseId, enterpriseSees, ofOffice }
}

const procedureOf = (drafts: Draft[]) => drafts[0]?.type === 'open-case' ? drafts[0].procedure : undefined

/** The clocks that these drafts have set or moved. */
function clocksOf(drafts: Draft[], state: CaseState, rules: Rules): Advanced['clocks'] {
  const clocks: Advanced['clocks'] = {}
  if (drafts.some(d => ['open-case', 'pause', 'resume', 'choose-clock', 'replan'].includes(d.type))) clocks.case = caseClockOf(state, rules.policy, rules)
  for (const d of drafts) {
    if (d.type === 'replan') for (const t of state.tasks.filter(isLive)) clocks[t.id] = taskClockOf(t, rules)
  }
  return clocks
}

/** What a form cannot check by itself: the facts it was decided on, and where it is returned to. */
function checkAgainstCase(state: CaseState, task: TaskRow, rules: Rules, action: string, d: Decision, { onBehalfOf = d.actor.id }: ByProxy, now: Date) {
  const rule = taskPolicy(rules.policy, task.name)
  // Again, besides the check on the round: steps run side by side, and a proxy may stand in at both.
  if (action !== 'acknowledge-card' && rule.notBy?.some(step => doers(state, step).some(id => id === d.actor.id || id === onBehalfOf))) {
    throw new Refused('four-eyes', '您已办理过本案的其他环节，本环节须由他人办理')
  }
  if (action === 'complete' && rule.boundToFacts && d.form.contentHash !== contentHash(state, rule.boundToFacts)) {
    throw new Refused('facts-changed', '材料或意见在您查看之后已有变更，请重新核对后再作决定')
  }
  if (action === 'return' && !rule.returnsTo?.includes(String(d.form.to))) throw new Refused('bad-form', '不能退回到该环节')
  if (action === 'extend') checkExtension(state, task, d, now)
}

/** The task whose time is extended by this decision; null where none is. */
const extendedBy = (task: TaskRow, { form }: Decision): string | null => task.name === 'approve-extension' && form.approve === true ? String(task.context!.task) : null

/** An extension is granted together with its approval, or refused with it. */
function grantedExtension(state: CaseState, approval: TaskRow, { calendar }: Rules, d: Decision, now: Date): NewEvent[] {
  const id = extendedBy(approval, d)
  if (id === null) return []
  const { deadline, title } = getTask(state, id)
  if (!isLive(getTask(state, id))) throw new Refused('action-not-allowed', `“${title}”已经办结，不需要再延期`)
  if (Date.parse(deadline.dueAt) <= now.getTime()) throw new Refused('action-not-allowed', `“${title}”的时限已于 ${shanghai(new Date(deadline.dueAt))} 届满，不能再批准延期`)
  const { extension: { n, unit }, reason } = approval.context as { extension: { n: number, unit: 'workday' }, reason: string }
  return [{ type: 'deadline-extended', actor: null, data: { task: id, deadline: extendDeadline(deadline, { n, unit, reason, by: d.actor.id, at: toIso(now) }, calendar) } }]
}

/** Once, in the clock's own unit, while there is time left, and one request at a time. */
function checkExtension({ tasks }: CaseState, task: TaskRow, { form }: Decision, now: Date) {
  const { clock, extensions, dueAt } = task.deadline
  if (extensions.length > 0) throw new Refused('action-not-allowed', '该任务已延期过一次，不能再延期')
  if (clock.custody) throw new Refused('action-not-allowed', '羁押期限不得延长')
  if (form.unit !== clock.unit) throw new Refused('bad-form', '延期的计时单位必须与原时限一致')
  if (Date.parse(dueAt) <= now.getTime()) throw new Refused('action-not-allowed', '时限已经届满，不能再延长')
  if (tasks.some(t => isLive(t) && t.name === 'approve-extension' && t.context?.task === task.id)) throw new Refused('action-not-allowed', '该任务的延期请求正在审批')
}

/** What whoever acknowledges a card says to it. */
const noteOf = ({ note }: Facts) => typeof note === 'string' ? { note } : {}

function decided(action: string, task: TaskRow, d: Decision, proxy: ByProxy): NewEvent[] {
  const { actor } = d
  if (action === 'acknowledge-card') return [{ type: 'card-acknowledged', actor, data: { clock: task.id, ...noteOf(d.form), ...proxy } }]
  if (action === 'extend') return [{ type: 'extension-requested', actor, data: { task: task.id, n: Number(d.form.n), unit: String(d.form.unit), reason: String(d.form.reason), ...proxy } }]
  return [{ type: 'task-completed', actor, data: { task: task.id, action, form: d.form, ...proxy } }]
}

function decidedCase(action: string, { file }: CaseState, { actor, form }: Decision, proxy: ByProxy): NewEvent {
  const reason = String(form.reason ?? '')
  switch (action) {
    case 'withdraw': return { type: 'withdrawal-requested', actor, data: { reason, ...proxy } }
    case 'cancel': return { type: 'cancellation-ordered', actor, data: { reason, ...proxy } }
    case 'acknowledge-card': return { type: 'card-acknowledged', actor, data: { clock: 'case', ...noteOf(form), ...proxy } }
    case 'amend': {
      const application = { ...file.application, ...(form.changes as Facts) }
      checkApplication(file.procedure, application)
      const procedure = getProcedure(file.procedure)
      const { policy } = procedure
      if ([confidentialityOf, kindOf].some(of => of(policy, application) !== of(policy, file.application))) throw new Refused('bad-form', '这项变更会改变案件的性质或者保密范围，请另行提交')
      return { type: 'application-amended', actor, data: { application, title: titleFor(procedure, application), reason, ...proxy } }
    }
    default: throw new Refused('action-not-allowed', '案件没有这项操作')
  }
}

/** A decision as the record has it, for a workflow that was interrupted before it could take it up. */
const doneOf = (t: TaskRow): Done => ({ action: t.action!, form: t.result!, by: t.completedBy!, answerable: answerable(t), holder: t.holderId, unit: t.unitId, at: toIso(t.completedAt!), taskId: t.id })

/** The holder needs no look into the directory: to hold the task is the right to decide it. */
const bare = ({ actor }: Decision): Who => ({ id: actor.id, unit: actor.unit ?? null, enterprise: null, roles: [], standsInFor: [] })

/** A refusal reaches the Update's caller as a non-retryable failure whose type is the code. */
async function refusing<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (e) {
    throw e instanceof Refused ? ApplicationFailure.create({ message: e.message, type: e.code, nonRetryable: true, category: 'BENIGN' }) : e
  }
}

