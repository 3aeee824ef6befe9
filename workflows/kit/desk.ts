/**
 * The desk behind a case: takes the decisions that come in as Updates, has everything recorded before anyone is answered,
 * and watches the clocks. Procedures do not see it; they speak the words of `case.ts`.
 */
import {
  ApplicationFailure, CancellationScope, condition, proxyLocalActivities, setCurrentDetails, setHandler, upsertSearchAttributes,
} from '@temporalio/workflow'
import { defineSearchAttributeKey } from '@temporalio/common'
import { mayWithdraw } from '../../model/actions.ts'
import type { CaseActivities } from './activities.ts'
import { RUNG_NAMES, watch, type Watched } from './ladder.ts'
import { DECISIONS, saying } from './summaries.ts'
import type { Card, Facts } from '../../model/types.ts'
import type { Policy } from '../../model/policy.ts'
import type { CarriedClock, CaseInput, Decision, Done, Draft, OpenClock, OpenTask } from './types.ts'
import { CASE_UPDATES, caseUpdate, opened, replan, replanKey, TASK_UPDATES, taskUpdate } from './updates.ts'

// Short work on the record: no workflow task of its own, retried until the database answers.
export const record = proxyLocalActivities<CaseActivities>({
  startToCloseTimeout: '30s', localRetryThreshold: '5m', retry: { initialInterval: '200ms', maximumInterval: '10s' },
})

/** Search attributes of the Temporal Web UI; never encrypted, so no names. */
export const keys = {
  stage: defineSearchAttributeKey('Stage', 'KEYWORD'), unit: defineSearchAttributeKey('Unit', 'KEYWORD'), due: defineSearchAttributeKey('DueAt', 'DATETIME'),
  card: defineSearchAttributeKey('Card', 'KEYWORD'), holder: defineSearchAttributeKey('Holder', 'KEYWORD'), round: defineSearchAttributeKey('Round', 'INT'),
}

/**
 * Nobody closes a case by cancelling its workflow: that is decided by Updates, which are checked and recorded. Steps and
 * handlers alike, for a handler runs in a scope of its own: one cancellation would make it refuse every later decision.
 */
export const uncancelled = <T>(run: () => Promise<T>): Promise<T> => CancellationScope.nonCancellable(run)

/** A round of a task that waits, and its decision once it has come. */
export interface Waiting extends OpenTask { watched: Watched, done?: Done }

/** One case from behind: what it waits for, what it has recorded, which clocks it watches. */
export class Desk<P extends Policy = Policy> {
  protected readonly live = new Map<string, Waiting>()
  protected readonly rounds_: Record<string, number>
  /** The last round of each task that this run has opened, or that was opened before it. */
  protected readonly openedRounds: Record<string, number>
  protected drafts: Draft[] = []
  protected step: number
  protected clock: Watched | null = null
  protected stopped: string | null = null
  protected amended = false
  protected amendable = false
  protected deciding = 0
  protected stopping = false
  protected readonly laters: Promise<unknown>[] = []
  protected recorded = false
  protected closed = false
  protected leaving = false
  protected card: Card
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
    this.openedRounds = { ...this.rounds_ }
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
    setHandler(replan, recount => uncancelled(async () => { await this.advance([{ type: 'replan' }], replanKey(recount)) }), { description: '重算期限' })
    // One validator for all: a case waits in memory for weeks.
    const validator = (d: Decision) => this.validateTask(d)
    for (const name of TASK_UPDATES) setHandler(taskUpdate(name), d => uncancelled(() => this.onTask(name, d)), { validator })
    for (const name of CASE_UPDATES) setHandler(caseUpdate(name), d => uncancelled(() => this.onCase(name, d)), { validator: (_: Decision) => this.validateCase(name) })
  }

  // ─── decisions coming in ──────────────────────────────────────────────────────────────────────

  /** Looks only at the workflow's state: whether this round still waits. Who decides is checked in the record's transaction. */
  protected validateTask({ taskId = '' }: Decision) {
    if (this.live.has(taskId) || this.isToCome(taskId)) return
    const { name, round } = roundOf(taskId)
    const isStale = round < (this.rounds_[name] ?? 0) && [...this.live.values()].some(w => w.name === name)
    throw isStale ? refusal('stale-round', '该任务已进入新一轮，请按最新一轮办理') : closedTask()
  }

  /** The record may be ahead of a workflow that was interrupted: what people see open there, this run is about to open. */
  protected isToCome(taskId: string) {
    const { name, round } = roundOf(taskId)
    return !this.closed && round > (this.openedRounds[name] ?? 0)
  }

  protected validateCase(name: (typeof CASE_UPDATES)[number]) {
    if (this.closed || this.stopped !== null) throw refusal('action-not-allowed', '案件已办结，不能再进行这项操作')
    if (name === 'withdraw' && !(this.withdrawable && mayWithdraw(this.policy, this.input.application, [...this.live.values()].map(w => w.name)))) throw refusal('action-not-allowed', '案件办理到这一步，不能再撤回')
    if (name === 'amend' && !this.amendable) throw refusal('action-not-allowed', '案件办理到这一步，不能再变更事实')
  }

  protected async onTask(name: (typeof TASK_UPDATES)[number], d: Decision): Promise<Done> {
    await condition(() => this.leaving || !this.isToCome(d.taskId!))
    const waiting = this.stopped === null ? this.live.get(d.taskId!) : undefined
    if (!waiting) throw this.leaving ? refusal('workflow-unavailable', '案件正在转入新的一页，请重试') : closedTask()
    const done = await record.settle.executeWithOptions({ summary: `${DECISIONS[name]}：${waiting.title}` }, [this.caseNo, d.key, name, d])
    if (name === 'acknowledge-card') waiting.watched.acknowledge()
    else if (name === 'extend') void this.decideExtension(waiting, done)
    else this.finish(waiting, done)
    return done
  }

  protected async onCase(name: (typeof CASE_UPDATES)[number], d: Decision): Promise<void> {
    const stops = name === 'withdraw' || name === 'cancel'
    this.deciding++
    try {
      // Asked again after each wait, for of several that waited the first may go on to end the case.
      const mustWait = () => !this.recorded || (stops && this.stopping)
      while (mustWait()) await condition(() => !mustWait())
      if (stops) this.validateCase(name)
      this.stopping ||= stops
      await record.settleCase(this.caseNo, d.key, name === 'acknowledge-case-card' ? 'acknowledge-card' : name, d)
      if (name === 'withdraw') this.stopped = 'withdrawn'
      if (name === 'cancel') this.stopped = 'cancelled'
    } finally {
      this.deciding--
      if (stops) this.stopping = false
    }
    if (name === 'acknowledge-case-card') this.clock?.acknowledge()
    if (name === 'amend') {
      this.input.application = { ...this.input.application, ...(d.form.changes as Facts) }
      this.amended = this.amendable
    }
  }

  protected finish(waiting: Waiting, done: Done) {
    waiting.done = done
    this.stopWatching(waiting)
  }

  /** Somebody else approves an extension; when granted, the deadline and its ladder move. */
  protected async decideExtension(of: Waiting, asked: Done) {
    const [approval] = await this.open([{ type: 'open-task', name: 'approve-extension', round: this.nextRound('approve-extension'), unit: of.unit, notBy: [asked.by, ...asked.answerable], title: `审批延期：${of.title}`, context: { ...asked.form, task: of.id } }])
    await condition(() => this.stopped !== null || this.closed || of.done !== undefined || approval!.done !== undefined)
    if (!approval!.done) {
      this.stopWatching(approval!)
      if (!this.closed && this.stopped === null) await this.advance([{ type: 'cancel-task', taskId: approval!.id, reason: '任务已办结' }])
    } else if (approval!.done.form.approve === true && !of.done && !this.closed) {
      const { n, unit, reason } = asked.form as { n: number, unit: 'workday', reason: string }
      await this.advance([{ type: 'extend', taskId: of.id, n, unit, reason, by: approval!.done.by }])
      if (!this.clock) upsertSearchAttributes([{ key: keys.due, value: new Date(of.watched.clock.dueAt) }])
    }
  }

  // ─── recording and clocks ─────────────────────────────────────────────────────────────────────

  protected async open(asked: Draft[]): Promise<Waiting[]> {
    const { opened } = await this.advance([...this.drafts.splice(0), ...asked])
    const waiting = opened.map((task): Waiting => {
      const w: Waiting = { ...task, watched: this.watchClock(task) }
      this.live.set(task.id, w)
      this.openedRounds[task.name] = Math.max(task.round, this.openedRounds[task.name] ?? 0)
      return w
    })
    this.describe()
    const first = waiting[0]!
    upsertSearchAttributes([
      ...(this.restricted ? [] : [{ key: keys.stage, value: [...new Set([...this.live.values()].map(w => w.name))].join('+') }, { key: keys.unit, value: first.unit }]),
      { key: keys.due, value: new Date(this.clock?.clock.dueAt ?? first.dueAt) }, { key: keys.round, value: first.round },
    ])
    return waiting
  }

  /** Records what has come up so far; for when no next step is about to carry it along. */
  async flush() {
    if (this.drafts.length > 0) await this.advance(this.drafts.splice(0))
    else await condition(() => this.recorded)
  }

  /** Steps are counted, and so find what they recorded should the case be run again; what comes in between has a key of its own. */
  protected async advance(drafts: Draft[], key?: string) {
    // Steps may run side by side: none is recorded before the case itself is.
    if (drafts[0]?.type !== 'open-case') await condition(() => this.recorded)
    const advanced = await record.advance.executeWithOptions({ summary: drafts.map(d => saying(d, this.policy)).join('，') }, [this.caseNo, key ?? this.nextKey(), drafts])
    this.recorded = true
    for (const [id, clock] of Object.entries(advanced.clocks)) {
      if (id !== 'case') this.live.get(id)?.watched.reset(clock)
      else if (!this.clock && clock) this.clock = this.watchClock(clock)
      else this.clock?.reset(clock)
    }
    if (Object.keys(advanced.clocks).length > 0) this.describe()
    return advanced
  }

  protected watchClock(clock: OpenClock | CarriedClock): Watched {
    return watch(clock, async (rung, at) => {
      const { holder, holderName, lapsedAt, decided, stopped } = await record.escalate.executeWithOptions({ summary: `${RUNG_NAMES[rung]}：${clock.title}` }, [this.caseNo, `${clock.id}/${rung}/${at}`, clock.id, rung])
      if (stopped) {
        this.stopped = stopped
        return
      }
      const waiting = this.live.get(clock.id)
      const done = decided ?? (lapsedAt && { action: 'lapse', form: {}, by: '', answerable: [], holder: null, unit: null, at: lapsedAt, taskId: clock.id })
      if (waiting && done) return this.finish(waiting, done)
      if (rung === 'yellow' || rung === 'red') this.card = this.card === 'red' ? 'red' : rung
      if (this.closed) return
      upsertSearchAttributes([{ key: keys.card, value: this.card }, ...(holder && !this.restricted ? [{ key: keys.holder, value: holder }] : [])])
      this.describe(holderName)
    })
  }

  protected stopWatching(w: Waiting) {
    w.watched.stop()
    this.live.delete(w.id)
  }

  protected nextRound(name: string) {
    return this.rounds_[name] = (this.rounds_[name] ?? 0) + 1
  }

  protected nextKey() {
    return `step-${++this.step}`
  }

  /** Need to know: the Temporal Web UI says that there is such a case, its card and by when, not whose it is or what it waits for. */
  protected get restricted() {
    return this.policy.confidentiality === 'restricted'
  }

  /** What a supervisor reads beside the case in the Temporal Web UI. */
  protected describe(holderName: string | null = null) {
    const cards = { none: '无', yellow: '**黄牌**', red: '**红牌**' } as Record<string, string>
    const untilWhen = (clock: OpenClock) => `期限 ${clock.dueAt.slice(0, 16).replace('T', ' ')}`
    const waiting = [...this.live.values()].map(w => `${w.title}${this.restricted ? '' : `：${w.unitName}`}，第 ${w.round} 轮，${untilWhen(w.watched.clock)}`)
    // One paragraph with breaks: the frame in which the Web UI shows it is cut off after some paragraphs.
    setCurrentDetails([
      `**${this.policy.title}** ${this.caseNo}`, this.closed ? '已办结' : `牌：${cards[this.card]}${holderName ? `　持有人：${holderName}` : ''}`,
      ...(this.clock ? [`全案${untilWhen(this.clock.clock)}`] : []), ...waiting,
    ].join('  \n'))
  }
}

/** A round's id is its case's number, its task's name, its round. */
const roundOf = (taskId: string) => {
  const [, name = '', round] = taskId.split('.')
  return { name, round: Number(round) }
}

const closedTask = () => refusal('task-closed', '该任务已经结束，不能再办理')
const refusal = (code: string, message: string) => ApplicationFailure.nonRetryable(message, code)
