/**
 * The words in which procedures are written: a case opens rounds of human tasks and waits for them, pauses and extends its
 * clocks, notes, tells, links, issues, and ends. How decisions come in and are recorded is `desk.ts`'s business.
 */
import { allHandlersFinished, CancellationScope, condition, continueAsNew, TemporalFailure, workflowInfo } from '@temporalio/workflow'
import { Desk, inLane, Stopped, uncancelled, type InLane } from './desk.ts'
import { goOnIn, Lane, LaneOver } from './lane.ts'
import type { Facts, Json, Party } from '../../model/types.ts'
import type { Policy } from '../../model/policy.ts'
import type { Ask, Carried, CaseInput, Done, Draft, Ending, Past, Told, Waits } from './types.ts'

export type { Ending }
type OutcomeOf<P extends Policy> = Extract<keyof P['outcomes'], string>
type TaskOf<P extends Policy> = Extract<keyof P['tasks'], string>

/** Thrown through one pass of `untilUnchanged` when the facts were amended under it. */
class Amended extends Error {}

/** Runs a procedure's steps as a case, and closes it with the outcome they come to. */
export async function runCase<P extends Policy, A>(policy: P, input: CaseInput<A>, steps: (c: Case<P>, application: A) => Promise<Ending<OutcomeOf<P>>>): Promise<Ending> {
  return uncancelled(async () => {
    const c = new Case<P>(policy, input as CaseInput)
    c.listen()
    let ending: Ending
    try {
      ending = await steps(c, input.application)
    } catch (e) {
      if (e instanceof Stopped) ending = e.ending
      // A fault must not end a case: as a failed workflow task it is retried, seen, and mended by a new version.
      else if (e instanceof TemporalFailure) throw new Error(`case kept open after a fault: ${e.message}`, { cause: e })
      else throw e
    }
    return await c.close(ending)
  })
}

/** One case, as its procedure sees it. */
export class Case<P extends Policy = Policy> extends Desk<P> {
  /** Opens a round of a task and waits until it is decided; a task that lapses answers with the action `lapse`. */
  async ask(name: TaskOf<P>, how: Ask = {}, waits: Pick<Waits, 'stands'> = {}): Promise<Done> {
    return (await this.askAll([[name, how]], waits))[0]!
  }

  /**
   * Gives each party a lane of its own, in which steps run beside those of the others: with rounds, stage and sight apart. Goes on when
   * all lanes have ended, or enough of them; those that are left then end, too. Answers with what each came to, in the order of the parties.
   *
   * @throws Error when a party is there twice: what people choose from is checked by its form (`parties`)
   */
  async each<T extends Json | void>(parties: Party[], steps: (lane: Lane<P>) => Promise<T>, { enough = () => false }: { enough?(answers: T[]): boolean } = {}): Promise<(T | undefined)[]> {
    if (new Set(parties.map(({ id }) => id)).size < parties.length) throw new Error('a party is there twice')
    const lanes = parties.map(party => new Lane<P>(this, party))
    await this.step(this.nextKey('each'), parties.map(party => ({ type: 'join', party })))
    const answers = new Map<Lane<P>, T>()
    const run = async (lane: Lane<P>) => {
      const answer = await steps(lane)
      answers.set(lane, answer)
      await this.step(this.nextKey(inLane('leave', lane.party.id)), [{ type: 'leave', party: lane.party.id, answer: answer ?? null }], lane)
    }
    let going = lanes.length
    const runs = this.startTogether(() => lanes.map(lane => run(lane).catch((e: unknown) => { if (!(e instanceof LaneOver)) throw e }).finally(() => { going-- })))
    const failed = Promise.all(runs).then(() => {})
    try {
      await Promise.race([failed, condition(() => going === 0 || this.stopped !== null || enough([...answers.values()]))])
    } finally {
      for (const lane of lanes) if (!answers.has(lane)) lane.over = true
      await Promise.allSettled(runs)
      this.drafts.push(...lanes.filter(lane => !answers.has(lane)).map((lane): Draft => ({ type: 'leave', party: lane.party.id, answer: null })))
    }
    await failed
    return lanes.map(lane => answers.get(lane))
  }

  /**
   * Opens rounds of several tasks side by side and waits until all are decided, or enough of them; answers with those that were,
   * in the same order. One that is returned ends the others and is the only answer.
   */
  async askAll(asks: [TaskOf<P>, Ask?][], { enough = () => false, stands }: Waits = {}, lane?: InLane): Promise<Done[]> {
    goOnIn(lane)
    const waiting = await this.open(asks.map(([name, how]) => ({ ...how, name })), lane)
    const decided = () => waiting.flatMap(w => w.done ?? [])
    const returned = () => decided().find(done => done.action === 'return')
    const seen = stands ? undefined : this.seenByPass()
    const voided = () => seen !== undefined && this.amendments > seen
    await condition(() => this.stopped !== null || lane?.over || voided() || returned() !== undefined || waiting.every(w => w.done) || enough(decided()))
    const left = waiting.filter(w => !w.done)
    for (const w of left) this.stopWatching(w)
    if (this.stopped !== null) throw new Stopped({ outcome: this.stopped })
    const reason = voided() ? '案件事实已变更' : returned() ? '同步办理的环节已退回' : '其他环节已有结果，不需再办'
    // A lane that goes no further has no next step: the case records it.
    ;(lane && !lane.over && !voided() ? lane.drafts : this.drafts).push(...left.map((w): Draft => ({ type: 'cancel-task', taskId: w.id, reason })))
    if (voided()) throw new Amended()
    goOnIn(lane)
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

  /**
   * Runs `pass` until one is completed on unchanged facts: an amendment voids what was open in it and starts it again. What the
   * case does beside the pass goes on.
   */
  async untilUnchanged<T>(pass: (application: Facts) => Promise<T>): Promise<T> {
    for (;;) {
      const seen = this.amendments
      const scope = new CancellationScope({ cancellable: false })
      this.passes.set(scope, seen)
      try {
        const result = await scope.run(() => pass(this.input.application))
        // An amendment that was already on its way came first, and counts.
        await condition(() => this.deciding === 0)
        if (this.amendments === seen) return result
      } catch (e) {
        if (!(e instanceof Amended)) throw e
      } finally {
        this.passes.delete(scope)
      }
    }
  }

  /** How many amendments the pass has seen that this is asked in; undefined beside any pass. */
  private seenByPass(): number | undefined {
    for (let scope: CancellationScope | undefined = CancellationScope.current(); scope; scope = scope.parent) {
      const seen = this.passes.get(scope)
      if (seen !== undefined) return seen
    }
    return undefined
  }

  /** Whether a card was ever shown: an overdue fact that is never erased. */
  get overdue(): boolean {
    return this.card !== 'none'
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

  /** Shows the case to its enterprise, from now on; only where the policy says that it is shown from here (`shownFrom`). */
  show() {
    if (!this.policy.shownFrom) throw new Error(`${this.policy.key}: its policy does not say shownFrom`)
    this.drafts.push({ type: 'show' })
  }

  /** Tells somebody something, in the words given. */
  tell(to: Told['to'], title: string, body: string) {
    this.drafts.push({ type: 'tell', to, title, body })
  }

  /** Tells the same at an instant to come, when this case may long be closed: a small workflow of its own waits for it. */
  tellLater(at: string, to: Told['to'], title: string, body: string) {
    this.drafts.push({ type: 'tell-later', id: `${this.caseNo}.${this.nextKey('later')}`, at, what: { type: 'tell', to, title, body } })
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
  async check<T = Facts>(name: string, lane?: InLane): Promise<T> {
    goOnIn(lane)
    const party = lane?.party.id
    const found = await this.work('check', [this.caseNo, this.nextKey(inLane(`check/${name}`, party)), name, party], lane) as T
    if (this.card === 'none' && (found as Facts | null)?.card === 'yellow') {
      this.card = 'yellow'
      this.redraw()
    }
    return found
  }

  /**
   * Issues a numbered document and answers its number. The matter is decided by it: from here on it cannot be withdrawn. `replaces`: a
   * document of this case that no longer holds with it, and why.
   */
  async issue(kind: string, content: Facts, { replaces }: { replaces?: Past } = {}, lane?: InLane): Promise<string> {
    goOnIn(lane)
    this.withdrawable = false
    // A withdrawal that was already on its way came first, and counts.
    await condition(() => this.deciding === 0)
    this.goOn()
    const party = lane?.party.id
    return (await this.work('issue', [this.caseNo, this.nextKey(inLane(`issue/${kind}`, party)), kind, content, replaces ?? null, party], lane)).number
  }

  /** Withdraws a document of this case, openly: whoever looks at it or has it checked is told; who may read the case, also why. */
  async withdrawDocument(number: string, reason: string): Promise<void> {
    await this.work('withdrawDocument', [this.caseNo, this.nextKey('withdraw-document'), { number, reason }])
  }

  /**
   * Opens a case of another procedure for the same enterprise, and waits until the record says how it ended. If this one ends first,
   * the other is told and ends too.
   */
  async child(procedure: string, application: Facts): Promise<Ending> {
    const { applicant, filedBy, enterpriseId } = this.input
    const { caseNo, text, ending } = await this.work('openChild', [this.caseNo, this.nextKey(`child/${procedure}`), procedure, application, { applicant, filedBy, enterpriseId }])
    this.children.add(caseNo)
    if (ending) this.endings.set(caseNo, ending)
    await this.waiting(caseNo, text, () => condition(() => this.stopped !== null || this.endings.has(caseNo)))
    return this.endings.get(caseNo)!
  }

  /** Waits until an instant, unless the case is stopped before. `why` says to people what for. */
  async until(at: string, why = '等到约定时间', lane?: InLane): Promise<void> {
    goOnIn(lane)
    const wait = this.nextKey(inLane('until', lane?.party.id))
    const text = `${lane ? `${lane.party.name}：` : ''}${why}（${at.slice(0, 'YYYY-MM-DDThh:mm'.length).replace('T', ' ')}）`
    await this.step(wait, [{ type: 'begin-wait', wait, text }], lane)
    await this.waiting(wait, text, () => condition(() => this.stopped !== null || lane?.over === true, Math.max(1, Date.parse(at) - Date.now()), { summary: text }), lane)
  }

  private async waiting(wait: string, text: string, over: () => Promise<unknown>, lane?: InLane) {
    this.waits.set(wait, text)
    this.redraw()
    await over()
    this.goOn()
    this.waits.delete(wait)
    ;(lane && !lane.over ? lane.drafts : this.drafts).push({ type: 'end-wait', wait })
    goOnIn(lane)
  }

  /** Ends the case here and now, from any depth of its steps. */
  end(ending: Ending<OutcomeOf<P>>): never {
    throw new Stopped(ending)
  }

  /** Between two rounds of a long case: goes on in a fresh history, with these facts, when the server finds the present one long. */
  async checkpoint(facts: Facts): Promise<void> {
    if (!workflowInfo().continueAsNewSuggested) return
    await this.flush()
    this.leaving = true
    await condition(allHandlersFinished)
    const carried: Carried = { places: this.places, steps: this.steps, facts, clock: this.clock?.carried ?? null, card: this.card, withdrawable: this.withdrawable }
    await continueAsNew<(input: CaseInput) => Promise<Ending>>({ ...this.input, carried })
  }

  /** Records the end, and answers with it; what is still open ends with it. */
  async close(asked: Ending): Promise<Ending> {
    // A withdrawal or cancellation that was already on its way came first, and counts.
    if (this.recorded) await condition(() => this.deciding === 0)
    const ending: Ending = this.stopped === null ? asked : { outcome: this.stopped }
    for (const w of this.live.values()) this.stopWatching(w)
    this.clock?.stop()
    this.closed = true
    await this.recordEnd(ending)
    this.waits.clear()
    this.redraw()
    await condition(allHandlersFinished)
    return ending
  }
}
