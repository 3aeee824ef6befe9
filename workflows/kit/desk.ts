/**
 * The desk behind a case: takes the decisions that come in as Updates, has everything recorded before anyone is answered,
 * and watches the clocks. Procedures do not see it; they speak the words of `case.ts`.
 */
import { ApplicationFailure, CancellationScope, condition, proxyLocalActivities, setHandler } from '@temporalio/workflow'
import { mayWithdraw } from '../../model/actions.ts'
import { confidentialityOf } from '../../model/filing.ts'
import type { CaseActivities } from './activities.ts'
import { takingTurns } from './in-turn.ts'
import { RUNG_NAMES, watch, type Watched } from './ladder.ts'
import { Showcase } from './showcase.ts'
import { DECISIONS, saying } from './summaries.ts'
import type { Card, Facts, Party } from '../../model/types.ts'
import type { Policy } from '../../model/policy.ts'
import type { Advanced, Ask, CarriedClock, CaseInput, Clocks, Decision, Done, Draft, Ending, OpenClock, OpenTask, Place, Step } from './types.ts'
import { CASE_UPDATES, caseUpdate, childEnded, opened, parentEnded, replan, replanKey, TASK_UPDATES, taskUpdate } from './updates.ts'

// Short work on the record: no workflow task of its own, retried until the database answers.
const record = proxyLocalActivities<CaseActivities>({
  startToCloseTimeout: '30s', localRetryThreshold: '5m', retry: { initialInterval: '200ms', maximumInterval: '10s' },
})

/**
 * Nobody closes a case by cancelling its workflow: that is decided by Updates, which are checked and recorded. Steps and
 * handlers alike, for a handler runs in a scope of its own: one cancellation would make it refuse every later decision.
 */
export const uncancelled = <T>(run: () => Promise<T>): Promise<T> => CancellationScope.nonCancellable(run)

/** Thrown through the steps when the case ends before their last: from outside (withdrawn, cancelled), or by `end`. */
export class Stopped extends Error {
  readonly ending: Ending
  constructor(ending: Ending) {
    super(ending.outcome)
    this.ending = ending
  }
}

/** Of many steps that are asked for at once, so many are recorded in one piece of work: each takes some milliseconds. */
const STEPS_AT_ONCE = 100

/** The lane that something is asked for in: whose it is, what has come up in it and is not recorded yet, and whether it goes no further. */
export interface InLane { readonly party: Party, readonly drafts: Draft[], readonly over: boolean }

/** A round of a task that waits, and its decision once it has come. */
export interface Waiting extends OpenTask { watched: Watched, done?: Done }

/** One case from behind: what it waits for, what it has recorded, which clocks it watches. */
export class Desk<P extends Policy = Policy> {
  protected readonly live = new Map<string, Waiting>()
  /** What else the case waits for, by its id: an instant, a case that it opened. */
  protected readonly waits = new Map<string, string>()
  /** The cases that this one opened, and how those have ended that did. */
  protected readonly children = new Set<string>()
  protected readonly endings = new Map<string, Ending>()
  /** The last place of each task (in a lane: of each lane's) that was given out, and the last that was opened, by this run or before it. */
  protected readonly places: Record<string, Place>
  protected readonly openedPlaces: Record<string, Place>
  /** How many of each task's places of the present round still wait. */
  protected readonly waitingPlaces: Record<string, number> = {}
  protected drafts: Draft[] = []
  /** While lanes start: what they ask for at once. */
  private starting: { steps: Step[], recorded: Promise<Advanced[]> } | null = null
  /** How many steps of each kind there were. */
  protected readonly steps: Record<string, number>
  protected clock: Watched | null = null
  protected stopped: string | null = null
  protected amendments = 0
  /** The passes under way that an amendment voids, by the scope in which they run, with the amendments that each has seen. */
  protected readonly passes = new Map<CancellationScope, number>()
  protected deciding = 0
  protected stopping = false
  protected recorded = false
  protected closed = false
  protected leaving = false
  protected card: Card
  private readonly inTurn = takingTurns()
  private readonly showcase: Showcase
  private readonly restricted: boolean
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
    this.steps = input.carried?.steps ?? {}
    this.places = input.carried?.places ?? {}
    this.openedPlaces = { ...this.places }
    this.restricted = confidentialityOf(policy, input.application) === 'restricted'
    this.showcase = new Showcase(policy, input.caseNo, this.restricted)
    this.carried = input.carried?.facts ?? null
    this.withdrawable = input.carried?.withdrawable ?? true
    this.card = input.carried?.card ?? 'none'
    const { carried, ...fresh } = input
    if (!carried) this.drafts.push({ type: 'open-case', procedure: policy.key, input: fresh })
    else this.recorded = true
    if (carried?.clock) this.clock = this.watchClock(carried.clock)
  }

  /** The case's handlers; set before the first await, so that no Update comes too early. */
  listen() {
    setHandler(opened, () => uncancelled(() => condition(() => this.recorded)), { description: '立案入库' })
    setHandler(replan, recount => uncancelled(async () => { await this.beside([{ type: 'replan' }], replanKey(recount)) }), { description: '重算期限' })
    setHandler(childEnded, (caseNo, ending) => { this.endings.set(caseNo, ending) }, { description: '子案办结' })
    setHandler(parentEnded, (parent, how) => uncancelled(() => this.onParentEnded(parent, how)), { description: '主案办结' })
    // One validator for all: a case waits in memory for weeks.
    const validator = (d: Decision) => this.validateTask(d)
    for (const name of TASK_UPDATES) setHandler(taskUpdate(name), d => uncancelled(() => this.onTask(name, d)), { validator })
    for (const name of CASE_UPDATES) setHandler(caseUpdate(name), d => uncancelled(() => this.onCase(name, d)), { validator: (_: Decision) => this.validateCase(name) })
  }

  // ─── decisions coming in ──────────────────────────────────────────────────────────────────────

  /** Looks only at the workflow's state: whether this round still waits. Who decides is checked in the record's transaction. */
  protected validateTask({ taskId = '' }: Decision) {
    if (this.live.has(taskId) || this.isToCome(taskId)) return
    const { name, party, round } = placeOf(taskId)
    const isStale = round < (this.places[inLane(name, party)]?.round ?? 0) && [...this.live.values()].some(w => w.name === name && w.party === party)
    throw isStale ? refusal('stale-round', '该任务已进入新一轮，请按最新一轮办理') : closedTask()
  }

  /** The record may be ahead of a workflow that was interrupted: what people see open there, this run is about to open. */
  protected isToCome(taskId: string) {
    const { name, party, round, place } = placeOf(taskId)
    const last = this.openedPlaces[inLane(name, party)]
    return !this.closed && (!last || round > last.round || (round === last.round && place > last.place))
  }

  protected validateCase(name: (typeof CASE_UPDATES)[number]) {
    if (this.closed || this.stopped !== null) throw refusal('action-not-allowed', '案件已办结，不能再进行这项操作')
    if (name === 'withdraw' && !(this.withdrawable && mayWithdraw(this.policy, this.input.application, [...this.live.values()].map(w => w.name)))) throw refusal('action-not-allowed', '案件办理到这一步，不能再撤回')
    if (name === 'amend' && this.passes.size === 0) throw refusal('action-not-allowed', '案件办理到这一步，不能再变更事实')
  }

  protected async onTask(name: (typeof TASK_UPDATES)[number], d: Decision): Promise<Done> {
    if (this.isToCome(d.taskId!)) await condition(() => this.leaving || !this.isToCome(d.taskId!))
    const waiting = this.stopped === null ? this.live.get(d.taskId!) : undefined
    if (!waiting) throw this.leaving ? refusal('workflow-unavailable', '案件正在转入新的一页，请重试') : closedTask()
    const { done, clocks } = await this.record('settle', [this.caseNo, d.key, name, d], `${DECISIONS[name]}：${waiting.title}`)
    this.resetClocks(clocks)
    if (name === 'acknowledge-card') waiting.watched.acknowledge()
    else if (name === 'extend') void this.decideExtension(waiting, done)
    else this.finish(waiting, done)
    return done
  }

  protected async onCase(name: (typeof CASE_UPDATES)[number], d: Decision): Promise<void> {
    const outcome = name === 'withdraw' ? 'withdrawn' : name === 'cancel' ? 'cancelled' : null
    const settle = () => this.record('settleCase', [this.caseNo, d.key, name === 'acknowledge-case-card' ? 'acknowledge-card' : name, d])
    await this.whileDeciding(outcome, async () => {
      if (outcome) this.validateCase(name)
      await settle()
      this.stopped = outcome ?? this.stopped
    })
    if (name === 'acknowledge-case-card') this.clock?.acknowledge()
    if (name === 'amend') {
      this.input.application = { ...this.input.application, ...(d.form.changes as Facts) }
      this.amendments++
    }
  }

  /** The case that opened this one has ended: so does this one, and says why. */
  protected async onParentEnded(parent: string, how: string): Promise<void> {
    await this.whileDeciding('cancelled', async () => {
      if (this.closed || this.stopped !== null) return
      await this.beside([{ type: 'cancel-case', reason: `主案 ${parent} ${how}，本案随之撤销。` }], `parent/${parent}`)
      this.stopped = 'cancelled'
    })
  }

  /** While the whole case is decided on, it does not end otherwise; of decisions that would end it, one is taken at a time. */
  private async whileDeciding(stops: string | null, decide: () => Promise<void>): Promise<void> {
    this.deciding++
    try {
      // Asked again after each wait, for of several that waited the first may go on to end the case.
      const mustWait = () => !this.recorded || (stops !== null && this.stopping)
      while (mustWait()) await condition(() => !mustWait())
      this.stopping ||= stops !== null
      await decide()
    } finally {
      this.deciding--
      if (stops !== null) this.stopping = false
    }
  }

  protected finish(waiting: Waiting, done: Done) {
    waiting.done = done
    this.stopWatching(waiting)
    // Where nothing is left to wait for, the next step is about to say what it waits for.
    if (this.live.size > 0) this.redraw()
  }

  /** Somebody else approves an extension; what he grants is recorded with his decision. */
  protected async decideExtension(of: Waiting, { by, answerable, form }: Done) {
    const [approval] = await this.open([{ name: 'approve-extension', unit: of.unit, notBy: [by, ...answerable], title: `审批延期：${of.title}`, context: { ...form, task: of.id } }]).catch(ignoreStopped)
    if (!approval) return
    await condition(() => this.stopped !== null || this.closed || of.done !== undefined || approval.done !== undefined)
    if (approval.done) return
    this.stopWatching(approval)
    if (!this.closed && this.stopped === null) await this.beside([{ type: 'cancel-task', taskId: approval.id, reason: '任务已办结' }], `cancel/${approval.id}`)
    if (!this.closed && this.live.size > 0) this.redraw()
  }

  // ─── recording and clocks ─────────────────────────────────────────────────────────────────────

  protected async open(asks: (Ask & { name: string })[], lane?: InLane): Promise<Waiting[]> {
    const party = lane?.party.id
    const places = asks.map(ask => ({ type: 'open-task' as const, ...ask, ...(party !== undefined && { party }), ...this.nextPlace(ask.name, party) }))
    const [{ name, round, place }] = places as [(typeof places)[number]]
    const { opened } = await this.step(`open/${inLane(name, party)}/${round}/${place}`, places, lane)
    const waiting = opened.map((task): Waiting => {
      const w: Waiting = { ...task, watched: this.watchClock(task) }
      this.live.set(task.id, w)
      this.openedPlaces[inLane(task.name, task.party)] = { round: task.round, place: task.place }
      return w
    })
    this.redraw()
    return waiting
  }

  /** Records what has come up so far; for when no next step is about to carry it along. */
  async flush(lane?: InLane) {
    if ((lane?.drafts ?? this.drafts).length > 0) await this.step(this.nextKey(inLane('step', lane?.party.id)), [], lane)
    else await condition(() => this.recorded)
  }

  /**
   * Records a step of the procedure, with what has come up before it (of a lane: in that lane). It is found under its key should the case be
   * run again. A branch that is still under way when the case has ended goes no further.
   */
  protected async step(key: string, asked: Draft[] = [], lane?: InLane): Promise<Advanced> {
    if (this.starting) {
      const nth = this.starting.steps.push({ key, drafts: [...(lane?.drafts ?? this.drafts).splice(0), ...asked] }) - 1
      return (await this.starting.recorded)[nth]!
    }
    return this.inTurn(async () => {
      this.goOn()
      const drafts = [...(lane?.drafts ?? this.drafts).splice(0), ...asked]
      return drafts.length > 0 ? (await this.advance([{ key, drafts }]))[0]! : { opened: [], clocks: {} }
    })
  }

  /**
   * Starts lanes; what they ask for before they first wait is recorded together, each step under its own key. That is known when they have
   * been started: what else comes in meanwhile, in whatever order a replay has it, is not among it.
   */
  protected startTogether<T>(start: () => T): T {
    let record!: (answers: Promise<Advanced[]>) => void
    const steps: Step[] = []
    this.starting = { steps, recorded: new Promise(resolve => { record = resolve }) }
    try {
      return start()
    } finally {
      this.starting = null
      record(this.inTurn(async () => {
        this.goOn()
        const answers: Advanced[] = []
        for (let i = 0; i < steps.length; i += STEPS_AT_ONCE) answers.push(...await this.advance(steps.slice(i, i + STEPS_AT_ONCE)))
        return answers
      }))
    }
  }

  /** Records the end, and tells those who wait for it: the case that opened this one, and those that it opened. */
  protected async recordEnd(ending: Ending): Promise<void> {
    await this.inTurn(() => this.advance([{ key: 'close', drafts: [...this.drafts.splice(0), { type: 'close', outcome: ending.outcome, result: (ending.result as Facts) ?? null }] }]))
    if (this.input.parent !== undefined) await this.record('reportEnd', [this.caseNo, this.input.parent, ending])
    for (const child of this.children) if (!this.endings.has(child)) await this.record('endChild', [this.caseNo, child, this.policy.outcomes[ending.outcome] ?? '已办结'])
  }

  /** Records what comes in between the steps, under a key of its own. */
  protected async beside(drafts: Draft[], key: string): Promise<Advanced> {
    await condition(() => this.recorded)
    return this.inTurn(async () => (await this.advance([{ key, drafts }]))[0]!)
  }

  /** Does some work for a step of the procedure, once what has come up before it is recorded. */
  protected async work<W extends 'check' | 'issue' | 'withdrawDocument' | 'openChild'>(name: W, args: Parameters<CaseActivities[W]>, lane?: InLane): Promise<Awaited<ReturnType<CaseActivities[W]>>> {
    await this.flush(lane)
    return this.record(name, args)
  }

  /** Whatever the case does to its record: one thing at a time, and nothing for a step once it has ended. */
  protected record<W extends keyof CaseActivities>(name: W, args: Parameters<CaseActivities[W]>, summary?: string): Promise<Awaited<ReturnType<CaseActivities[W]>>> {
    return this.inTurn(() => {
      if (name === 'check' || name === 'issue' || name === 'withdrawDocument' || name === 'openChild') this.goOn()
      const run = record[name] as unknown as { executeWithOptions(options: object, args: unknown[]): Promise<Awaited<ReturnType<CaseActivities[W]>>> }
      return run.executeWithOptions(summary === undefined ? {} : { summary }, args)
    })
  }

  /** Throws where the case has ended meanwhile. */
  protected goOn() {
    if (this.stopped !== null || this.closed) throw new Stopped({ outcome: this.stopped ?? 'closed' })
  }

  private async advance(steps: Step[]): Promise<Advanced[]> {
    const said = [...new Set(steps.flatMap(({ drafts }) => drafts.map(d => saying(d, this.policy, this.restricted))))]
    const advanced = await record.advance.executeWithOptions({ summary: said.slice(0, 10).join('，') }, [this.caseNo, steps])
    this.recorded = true
    for (const { clocks } of advanced) this.resetClocks(clocks)
    if (advanced.every(({ opened }) => opened.length === 0) && advanced.some(({ clocks }) => Object.keys(clocks).length > 0)) this.redraw()
    return advanced
  }

  protected resetClocks(clocks: Clocks) {
    for (const [id, clock] of Object.entries(clocks)) {
      if (id !== 'case') this.live.get(id)?.watched.reset(clock)
      else if (!this.clock && clock) this.clock = this.watchClock(clock)
      else this.clock?.reset(clock)
    }
  }

  protected watchClock(clock: OpenClock | CarriedClock): Watched {
    return watch(clock, async (rung, at) => {
      const { lapsedAt, decided, stopped } = await this.record('escalate', [this.caseNo, `${clock.id}/${rung}/${at}`, clock.id, rung], `${RUNG_NAMES[rung]}：${clock.title}`)
      if (stopped) {
        this.stopped = stopped
        return
      }
      const waiting = this.live.get(clock.id)
      const done = decided ?? (lapsedAt && { action: 'lapse', form: {}, by: '', answerable: [], holder: null, unit: null, at: lapsedAt, taskId: clock.id })
      if (waiting && done) return this.finish(waiting, done)
      if (rung === 'yellow' || rung === 'red') this.card = this.card === 'red' ? 'red' : rung
      if (!this.closed) this.redraw()
    })
  }

  protected stopWatching(w: Waiting) {
    w.watched.stop()
    if (this.live.delete(w.id)) this.waitingPlaces[inLane(w.name, w.party)]!--
  }

  /** Where the next task of this name stands: in a new round; beside one that still waits, in the same. */
  private nextPlace(task: string, party?: string): Place {
    const name = inLane(task, party)
    const last = this.places[name] ?? { round: 0, place: 0 }
    const waiting = this.waitingPlaces[name] ?? 0
    this.waitingPlaces[name] = waiting + 1
    return this.places[name] = waiting > 0 ? { round: last.round, place: last.place + 1 } : { round: last.round + 1, place: 1 }
  }

  /** Steps are counted by their kind, so that those of one kind find what they recorded however others came in between. */
  protected nextKey(kind: string) {
    return `${kind}/${this.steps[kind] = (this.steps[kind] ?? 0) + 1}`
  }

  /** What a supervisor sees of the case in the Temporal Web UI, from what is live; whenever that has changed. */
  protected redraw() {
    this.showcase.show({ live: [...this.live.values()], waits: [...this.waits.values()], clock: this.clock?.clock ?? null, card: this.card, closed: this.closed })
  }
}

/** A round's id is its case's number, its task's name, in a lane the party's id, its round, and its place there where it is not the first. */
const placeOf = (taskId: string) => {
  const parts = taskId.split('.')
  const [round, place = 1] = parts.at(-1)!.split('-').map(Number)
  return { name: parts[1] ?? '', party: parts.length > 3 ? parts[2] : undefined, round: round!, place }
}

/** Under which name rounds, and steps, are counted: in each lane by themselves. */
export const inLane = (name: string, party?: string) => party === undefined ? name : `${name}.${party}`

const ignoreStopped = (e: unknown): never[] => {
  if (!(e instanceof Stopped)) throw e
  return []
}

const closedTask = () => refusal('task-closed', '该任务已经结束，不能再办理')
const refusal = (code: string, message: string) => ApplicationFailure.nonRetryable(message, code)
