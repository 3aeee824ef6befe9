/**
 * The words in which procedures are written. A case opens rounds of human tasks and waits for them; decisions come in
 * as Updates; clocks are watched in the background. Everything that happens is recorded before anyone is answered.
 */
import {
  allHandlersFinished, ApplicationFailure, CancellationScope, condition, continueAsNew, ParentClosePolicy,
  proxyLocalActivities, setCurrentDetails, setHandler, startChild, TemporalFailure, upsertSearchAttributes, workflowInfo,
} from '@temporalio/workflow'
import { defineSearchAttributeKey } from '@temporalio/common'
import type { CaseActivities } from './activities.ts'
import { deadlineClock, watch, type Watched } from './ladder.ts'
import type { tellLater } from './tell-later.ts'
import type { Ask, Carried, CaseInput, Decision, Done, Draft, Facts, Json, OpenTask, Policy, Waits } from './types.ts'
import { CASE_UPDATES, caseUpdate, opened, replan, TASK_UPDATES, taskUpdate } from './updates.ts'

// Short work on the record: no workflow task of its own, retried until the database answers.
const record = proxyLocalActivities<CaseActivities>({
  startToCloseTimeout: '30s', localRetryThreshold: '5m', retry: { initialInterval: '200ms', maximumInterval: '10s' },
})

const keys = {
  stage: defineSearchAttributeKey('Stage', 'KEYWORD'), unit: defineSearchAttributeKey('Unit', 'KEYWORD'), due: defineSearchAttributeKey('DueAt', 'DATETIME'),
  card: defineSearchAttributeKey('Card', 'KEYWORD'), holder: defineSearchAttributeKey('Holder', 'KEYWORD'), round: defineSearchAttributeKey('Round', 'INT'),
}

/** How a case ends: an outcome of its policy, and what is shown as its result. */
export interface Ending<Outcome extends string = string> { outcome: Outcome, result?: { [key: string]: Json | undefined } }
type OutcomeOf<P extends Policy> = Extract<keyof P['outcomes'], string>
type TaskOf<P extends Policy> = Extract<keyof P['tasks'], string>

/** Thrown through the steps when the case ends before their last: from outside (withdrawn, cancelled), or by `end`. */
class Stopped extends Error {
  readonly ending: Ending
  constructor(ending: Ending) {
    super(ending.outcome)
    this.ending = ending
  }
}
/** Thrown through one pass of `rounds` when the facts were amended under it. */
class Amended extends Error {}

/**
 * Nobody closes a case by cancelling its workflow: that is decided by Updates, which are checked and recorded. Steps and
 * handlers alike, for a handler runs in a scope of its own: one cancellation would make it refuse every later decision.
 */
const uncancelled = <T>(run: () => Promise<T>): Promise<T> => CancellationScope.nonCancellable(run)

/** Runs a procedure's steps as a case, and closes it with the outcome they come to. */
export async function runCase<P extends Policy, A>(policy: P, input: CaseInput<A>, steps: (c: Case<P>, application: A) => Promise<Ending<OutcomeOf<P>>>): Promise<Ending> {
  const c = new Case<P>(policy, input as CaseInput)
  c.listen()
  return uncancelled(async () => {
    let ending: Ending
    try {
      ending = await steps(c, input.application)
    } catch (e) {
      if (e instanceof Stopped) ending = e.ending
      // A fault must not end a case: as a failed workflow task it is retried, seen, and mended by a new version.
      else if (e instanceof TemporalFailure) throw new Error(`case kept open after a fault: ${e.message}`, { cause: e })
      else throw e
    }
    await c.close(ending)
    return ending
  })
}

interface Waiting extends OpenTask { watched: Watched, done?: Done }

/** One case, as its procedure sees it. */
export class Case<P extends Policy = Policy> {
  private readonly live = new Map<string, Waiting>()
  private readonly rounds_: Record<string, number>
  private drafts: Draft[] = []
  private step: number
  private clock: Watched | null = null
  private stopped: string | null = null
  private amended = false
  private amendable = false
  private deciding = 0
  private readonly laters: Promise<unknown>[] = []
  private recorded = false
  private closed = false
  private card = 'none'
  readonly caseNo: string
  readonly policy: P
  readonly input: CaseInput
  /** What the last `checkpoint` carried into this run; null in a case's first. */
  readonly carried: Facts | null
  /** Whether the applicant may still withdraw; a procedure sets it to false when what is decided must stand. */
  withdrawable: boolean

  constructor(policy: P, input: CaseInput) {
    this.policy = policy
    this.input = input
    this.caseNo = input.caseNo
    this.step = input.carried?.step ?? 0
    this.rounds_ = input.carried?.rounds ?? {}
    this.carried = input.carried?.facts ?? null
    this.withdrawable = input.carried?.withdrawable ?? policy.withdrawable
    const { carried, ...fresh } = input
    if (!carried) this.drafts.push({ type: 'open-case', procedure: policy.key, input: fresh })
    else this.recorded = true
    if (carried?.clock) this.clock = this.watchClock(deadlineClock(carried.clock))
  }

  /** The case's handlers; set before the first await, so that no Update comes too early. */
  listen() {
    setHandler(opened, () => uncancelled(() => condition(() => this.recorded)), { description: '立案入库' })
    setHandler(replan, () => uncancelled(async () => { await this.advance([{ type: 'replan' }]) }), { description: '重算期限' })
    for (const name of TASK_UPDATES) setHandler(taskUpdate(name), d => uncancelled(() => this.onTask(name, d)), { validator: d => this.validateTask(name, d) })
    for (const name of CASE_UPDATES) setHandler(caseUpdate(name), d => uncancelled(() => this.onCase(name, d)), { validator: (_: Decision) => this.validateCase(name) })
  }

  /** Opens a round of a task and waits until it is decided; a task that lapses answers with the action `lapse`. */
  async ask(name: TaskOf<P>, how: Ask = {}, waits: Pick<Waits, 'stands'> = {}): Promise<Done> {
    return (await this.askAll([[name, how]], waits))[0]!
  }

  /**
   * Opens rounds of several tasks side by side and waits until all are decided, or enough of them; answers with those that were,
   * in the same order. One that is returned ends the others and is the only answer.
   */
  async askAll(asks: [TaskOf<P>, Ask?][], { enough = () => false, stands }: Waits = {}): Promise<Done[]> {
    const waiting = await this.open(asks.map(([name, how]) => ({ type: 'open-task', name, round: this.nextRound(name), ...how })))
    const decided = () => waiting.flatMap(w => w.done ?? [])
    const returned = () => decided().find(done => done.action === 'return')
    const voided = () => this.amended && !stands
    await condition(() => this.stopped !== null || voided() || returned() !== undefined || waiting.every(w => w.done) || enough(decided()))
    const left = waiting.filter(w => !w.done)
    for (const w of left) this.stopWatching(w)
    if (this.stopped !== null) throw new Stopped({ outcome: this.stopped })
    const reason = voided() ? '案件事实已变更' : returned() ? '同步办理的环节已退回' : '其他环节已有结果，不需再办'
    this.drafts.push(...left.map((w): Draft => ({ type: 'cancel-task', taskId: w.id, reason })))
    if (voided()) throw new Amended()
    return returned() ? [returned()!] : decided()
  }

  /**
   * Runs steps in their order; a step that is returned (退回) goes back to the step it names, and on from there in new rounds.
   * Each step is asked with what the former ones came to. A refusal or any other action is the step's answer like a completion.
   */
  async inOrder<S extends Record<string, (done: Record<string, Done>) => Promise<Done>>>(steps: S): Promise<Record<keyof S & string, Done>> {
    const names = Object.keys(steps)
    const done: Record<string, Done> = {}
    for (let i = 0; i < names.length; i++) {
      const answer = await steps[names[i]!]!(done)
      if (answer.action === 'return') i = names.indexOf(String(answer.form.to)) - 1
      else done[names[i]!] = answer
    }
    return done as Record<keyof S & string, Done>
  }

  /** Runs `pass` until one is completed on unchanged facts: an amendment voids what was open and starts it again. */
  async untilUnchanged<T>(pass: (application: Facts) => Promise<T>): Promise<T> {
    for (;;) {
      this.amended = false
      this.amendable = true
      try {
        const result = await pass(this.input.application)
        // An amendment that was already on its way came first, and counts.
        await condition(() => this.deciding === 0)
        if (!this.amended) return result
      } catch (e) {
        if (!(e instanceof Amended)) throw e
      } finally {
        this.amendable = false
      }
    }
  }

  /** Stops the case's clock (补正, waiting for another body); recorded with the next step. */
  pause(reason: string) {
    this.drafts.push({ type: 'pause', reason })
  }

  /** Lets the case's clock run on with what remained. */
  resume() {
    this.drafts.push({ type: 'resume' })
  }

  /** Runs the whole case by another of its policy's clocks, from its start. */
  chooseClock(clock: string) {
    this.drafts.push({ type: 'choose-clock', clock })
  }

  /** What the case's clock was promised for is done; its ladder ends, also when steps follow that have clocks of their own. */
  keepPromise() {
    this.drafts.push({ type: 'keep-promise' })
    this.clock?.stop()
    this.clock = null
  }

  /** Keeps a fact on the case's record and file. */
  note(name: string, facts: Json) {
    this.drafts.push({ type: 'note', name, facts })
  }

  /** Tells somebody something, in the words given. */
  tell(to: (Draft & { type: 'tell' })['to'], title: string, body: string) {
    this.drafts.push({ type: 'tell', to, title, body })
  }

  /** Tells the same at an instant to come, when this case may long be closed: a small workflow of its own waits for it. */
  tellLater(at: string, to: (Draft & { type: 'tell' })['to'], title: string, body: string) {
    this.laters.push(startChild<typeof tellLater>('tellLater', {
      workflowId: `${this.caseNo}.${this.nextKey()}`, args: [this.caseNo, at, { type: 'tell', to, title, body }],
      parentClosePolicy: ParentClosePolicy.ABANDON, staticSummary: `${title}：${at}`,
    }))
  }

  /** Links this case to another. */
  link(caseNo: string, kind: (Draft & { type: 'link' })['kind']) {
    this.drafts.push({ type: 'link', caseNo, kind })
  }

  /** Excludes persons from every step (回避), as declared by somebody else; what they hold goes back to its queue. */
  exclude(persons: string[]) {
    if (persons.length > 0) this.drafts.push({ type: 'exclude', persons })
  }

  /** Sends a signed message to an outside system; delivered with retries by a workflow of its own. */
  push(system: string, payload: Facts) {
    this.drafts.push({ type: 'push', system, payload })
  }

  /** Runs one of the procedure's checks on the case as recorded. */
  async check<T = Facts>(name: string): Promise<T> {
    await this.flush()
    const found = await record.check(this.caseNo, this.nextKey(), name) as T
    if (this.card === 'none' && (found as Facts | null)?.card === 'yellow') {
      this.card = 'yellow'
      upsertSearchAttributes([{ key: keys.card, value: this.card }])
    }
    return found
  }

  /** Issues a numbered document and answers its number. The matter is decided by it: from here on it cannot be withdrawn. */
  async issue(kind: string, content: Facts): Promise<string> {
    this.withdrawable = false
    // A withdrawal that was already on its way came first, and counts.
    await condition(() => this.deciding === 0)
    if (this.stopped !== null) throw new Stopped({ outcome: this.stopped })
    await this.flush()
    return (await record.issue(this.caseNo, this.nextKey(), kind, content)).number
  }

  /** Opens a case of another procedure for the same enterprise, and waits for its end. */
  async child(procedure: string, workflow: string, application: Facts): Promise<Ending> {
    await this.flush()
    const prepared = await record.prepareChild(this.caseNo, this.nextKey(), procedure, application)
    const { applicant, filedBy, enterpriseId } = this.input
    const input: CaseInput = { ...prepared, application, applicant, filedBy, enterpriseId, parent: this.caseNo }
    const handle = await startChild(workflow, { workflowId: prepared.caseNo, args: [input], parentClosePolicy: ParentClosePolicy.ABANDON, staticSummary: prepared.title })
    return await handle.result() as Ending
  }

  /** Waits until an instant, unless the case is stopped before. */
  async until(at: string): Promise<void> {
    await this.flush()
    await condition(() => this.stopped !== null, Math.max(1, Date.parse(at) - Date.now()), { summary: `等到 ${at}` })
    if (this.stopped !== null) throw new Stopped({ outcome: this.stopped })
  }

  /** Ends the case here and now, from any depth of its steps. */
  end(ending: Ending<OutcomeOf<P>>): never {
    throw new Stopped(ending)
  }

  /** Between two rounds of a long case: goes on in a fresh history, with these facts, when the server finds the present one long. */
  async checkpoint(facts: Facts): Promise<void> {
    if (!workflowInfo().continueAsNewSuggested) return
    await this.flush()
    await Promise.all(this.laters)
    await condition(allHandlersFinished)
    const carried: Carried = { rounds: this.rounds_, step: this.step, facts, clock: this.clock?.clock ?? null, withdrawable: this.withdrawable }
    await continueAsNew<(input: CaseInput) => Promise<Ending>>({ ...this.input, carried })
  }

  /** Records the end; what is still open is cancelled with it. */
  async close({ outcome, result }: Ending) {
    for (const w of this.live.values()) this.stopWatching(w)
    this.clock?.stop()
    this.drafts.push({ type: 'close', outcome, result: (result as Facts) ?? null })
    this.closed = true
    await this.flush()
    this.describe()
    // A child that is to outlive the case must have started before the case's workflow ends.
    await Promise.all(this.laters)
    await condition(allHandlersFinished)
  }

  // ─── decisions coming in ──────────────────────────────────────────────────────────────────────

  /** Looks only at the workflow's state: whether this round still waits. Who decides is checked in the record's transaction. */
  private validateTask(name: string, d: Decision) {
    const waiting = this.live.get(d.taskId ?? '')
    if (!waiting) throw refusal(this.isStale(d.taskId ?? '') ? 'stale-round' : 'task-closed', this.isStale(d.taskId ?? '') ? '该任务已进入新一轮，请按最新一轮办理' : '该任务已经结束，不能再办理')
    if (waiting.done && name !== 'acknowledge-card') throw refusal('task-closed', '该任务已经办结')
  }

  private isStale(taskId: string) {
    const [, name, round] = taskId.split('.')
    return name !== undefined && Number(round) < (this.rounds_[name] ?? 0) && [...this.live.values()].some(w => w.name === name)
  }

  private validateCase(name: (typeof CASE_UPDATES)[number]) {
    if (this.closed || this.stopped !== null) throw refusal('action-not-allowed', '案件已办结，不能再进行这项操作')
    if (!this.recorded) throw refusal('action-not-allowed', '案件正在受理，请稍后再试')
    if (name === 'withdraw' && !this.withdrawable) throw refusal('action-not-allowed', '案件办理到这一步，不能再撤回')
    if (name === 'amend' && !this.amendable) throw refusal('action-not-allowed', '案件办理到这一步，不能再变更事实')
  }

  private async onTask(name: (typeof TASK_UPDATES)[number], d: Decision): Promise<Done> {
    const waiting = this.live.get(d.taskId!)!
    const done = await record.settle(this.caseNo, d.key, name, d)
    if (name === 'acknowledge-card') waiting.watched.acknowledge()
    else if (name === 'extend') void this.decideExtension(waiting, done)
    else this.finish(waiting, done)
    return done
  }

  private async onCase(name: (typeof CASE_UPDATES)[number], d: Decision): Promise<void> {
    this.deciding++
    try {
      await record.settleCase(this.caseNo, d.key, name === 'acknowledge-case-card' ? 'acknowledge-card' : name, d)
    } finally {
      this.deciding--
    }
    if (name === 'withdraw') this.stopped ??= 'withdrawn'
    if (name === 'cancel') this.stopped ??= 'cancelled'
    if (name === 'acknowledge-case-card') this.clock?.acknowledge()
    if (name === 'amend') {
      this.input.application = { ...this.input.application, ...(d.form.changes as Facts) }
      this.amended = this.amendable
    }
  }

  private finish(waiting: Waiting, done: Done) {
    waiting.done = done
    this.stopWatching(waiting)
  }

  /** Somebody else approves an extension; when granted, the deadline and its ladder move. */
  private async decideExtension(of: Waiting, asked: Done) {
    const [approval] = await this.open([{ type: 'open-task', name: 'approve-extension', round: this.nextRound('approve-extension'), unit: of.unit, notBy: [asked.by], title: `审批延期：${of.title}`, context: { ...asked.form, task: of.id } }])
    await condition(() => this.stopped !== null || this.closed || of.done !== undefined || approval!.done !== undefined)
    if (!approval!.done) {
      this.stopWatching(approval!)
      if (!this.closed && this.stopped === null) await this.advance([{ type: 'cancel-task', taskId: approval!.id, reason: '任务已办结' }])
    } else if (approval!.done.form.approve === true && !of.done && !this.closed) {
      const { n, unit, reason } = asked.form as { n: number, unit: 'workday', reason: string }
      await this.advance([{ type: 'extend', taskId: of.id, n, unit, reason, by: approval!.done.by }])
    }
  }

  // ─── recording and clocks ─────────────────────────────────────────────────────────────────────

  private async open(asked: Draft[]): Promise<Waiting[]> {
    const { opened } = await this.advance([...this.drafts.splice(0), ...asked])
    const waiting = opened.map((task): Waiting => {
      const w: Waiting = { ...task, watched: this.watchClock(deadlineClock(task)) }
      this.live.set(task.id, w)
      return w
    })
    this.describe()
    const first = waiting[0]!
    upsertSearchAttributes([
      { key: keys.stage, value: [...new Set([...this.live.values()].map(w => w.name))].join('+') }, { key: keys.unit, value: first.unit },
      { key: keys.due, value: new Date(this.clock?.clock.dueAt ?? first.dueAt) }, { key: keys.round, value: first.round },
    ])
    return waiting
  }

  /** Records what has come up so far; for when no next step is about to carry it along. */
  async flush() {
    if (this.drafts.length > 0) await this.advance(this.drafts.splice(0))
    else await condition(() => this.recorded)
  }

  private async advance(drafts: Draft[]) {
    // Steps may run side by side: none is recorded before the case itself is.
    if (drafts[0]?.type !== 'open-case') await condition(() => this.recorded)
    const advanced = await record.advance(this.caseNo, this.nextKey(), drafts)
    this.recorded = true
    for (const [id, clock] of Object.entries(advanced.clocks)) {
      if (id !== 'case') this.live.get(id)?.watched.reset(clock)
      else if (!this.clock && clock) this.clock = this.watchClock(deadlineClock(clock))
      else this.clock?.reset(clock)
    }
    return advanced
  }

  private watchClock(clock: OpenTask | ReturnType<typeof deadlineClock>): Watched {
    return watch(clock, async (rung, at) => {
      const { holder, holderName, lapsedAt } = await record.escalate(this.caseNo, `${clock.id}/${rung}/${at}`, clock.id, rung)
      const lapsed = lapsedAt === null ? undefined : this.live.get(clock.id)
      if (lapsed) return this.finish(lapsed, { action: 'lapse', form: {}, by: '', unit: null, at: lapsedAt!, taskId: clock.id })
      if (rung === 'yellow' || rung === 'red') this.card = this.card === 'red' ? 'red' : rung
      if (this.closed) return
      upsertSearchAttributes([{ key: keys.card, value: this.card }, ...(holder ? [{ key: keys.holder, value: holder }] : [])])
      this.describe(holderName)
    })
  }

  private stopWatching(w: Waiting) {
    w.watched.stop()
    this.live.delete(w.id)
  }

  private nextRound(name: string) {
    return this.rounds_[name] = (this.rounds_[name] ?? 0) + 1
  }

  private nextKey() {
    return `step-${++this.step}`
  }

  /** What a supervisor reads beside the case in the Temporal Web UI. */
  private describe(holderName: string | null = null) {
    const cards = { none: '无', yellow: '**黄牌**', red: '**红牌**' } as Record<string, string>
    const rows = [...this.live.values()].map(w => `| ${w.title} | ${w.unit} | ${w.round} | ${w.dueAt.slice(0, 16).replace('T', ' ')} |`)
    setCurrentDetails([
      `**${this.policy.title}** ${this.caseNo}`, this.closed ? '已办结' : `牌：${cards[this.card]}${holderName ? `　持有人：${holderName}` : ''}`,
      ...(this.clock ? [`全案期限：${this.clock.clock.dueAt.slice(0, 16).replace('T', ' ')}`] : []),
      ...(rows.length > 0 ? ['', '| 环节 | 单位 | 轮次 | 期限 |', '| --- | --- | --- | --- |', ...rows] : []),
    ].join('\n\n').replaceAll('|\n\n|', '|\n|'))
  }
}

const refusal = (code: string, message: string) => ApplicationFailure.nonRetryable(message, code)
