/** What a case's workflow and its activities say to each other. */
import type { Clock, Rung, RungAt } from '../../clock/types.ts'
import type { Audience } from '../../model/events.ts'
import type { Actor, Card, CaseLink, Facts, Json, Party } from '../../model/types.ts'

/** What a case is started with. Opaque ids only; the application is the only content. */
export interface CaseInput<Application = Facts> {
  caseNo: string
  application: Application
  title: string
  /** Who is asked to supplement and rate. */
  applicant: string
  /** Who filed it: the applicant, or an officer on its behalf. */
  filedBy: Actor
  enterpriseId: string | null
  channel?: string | null
  /** The case that opened this one. */
  parent?: string
  /** Set by continue-as-new. */
  carried?: Carried
}

/** What a long case takes with it into its next run. */
export interface Carried { places: Record<string, Place>, steps: Record<string, number>, facts: Facts, clock: CarriedClock | null, card: Card, withdrawable: boolean }

/** Where a round of a task stands: in the case's own lane or a party's, counted there; tasks of one name side by side are of one round, and stand there at places 1, 2, … */
export interface Place { round: number, place: number, party?: string }

/** A deadline that is being watched: the case's promise (`case`) or one round of a task (its id). */
export interface OpenClock { id: string, title: string, dueAt: string, rungs: RungAt[] }

/** A deadline on its way into the next run: the rungs that are left, and those behind it. */
export interface CarriedClock extends OpenClock { reached: Rung[] }

/** One round of a human task that waits for its person. */
export interface OpenTask extends OpenClock, Place { name: string, unit: string, unitName: string }

/** How a round of a task ended. */
export interface Done<Form = Facts> {
  action: string
  form: Form
  by: string
  /** Who answers for it: who did it, for whom he stood in, who had delegated it to him. */
  answerable: string[]
  /** Who held it: not who did it, where that was a proxy. */
  holder: string | null
  unit: string | null
  at: string
  taskId: string
}

/** What `ask` may say about the round it opens. */
export interface Ask {
  unit?: string
  /** Title that says more than the policy's. */
  title?: string
  /** Which of the policy's clocks; a clock itself overrides the policy. */
  clock?: string | Clock
  /** The date that its clock is counted back from (`Clock.before`), e.g. `2026-09-30`. */
  dueOn?: string
  /** The clock runs from this instant instead of from the opening: from what happened before it (实际羁押时间). */
  from?: string
  /** Held by this person from the start (`filer`: whoever filed); in the unit's queue where he is excluded, or has left the unit. */
  holder?: string
  /** Further persons who may not do it. */
  notBy?: string[]
  /** Facts the form needs beside it. */
  context?: Facts
}

/** When a wait for tasks ends, other than by all of them being decided. */
export interface Waits {
  /** Whether those decided so far are enough, so that the others end. Asked again whenever anything has happened in the case. */
  enough?(decided: Done[]): boolean
  /** An amendment does not void these rounds of the pass: they are about what was done, not about what is to be decided. */
  stands?: true
}

/** What the workflow asks to be recorded; computed into events by the `advance` activity. */
export type Draft =
  | { type: 'open-case', procedure: string, input: Omit<CaseInput, 'carried'>, clock?: string }
  | ({ type: 'open-task', name: string } & Place & Ask)
  | { type: 'cancel-task', taskId: string, reason: string }
  | { type: 'begin-wait', wait: string, text: string }
  | { type: 'end-wait', wait: string }
  | { type: 'cancel-case', reason: string }
  | { type: 'pause', reason: string }
  | { type: 'resume' }
  | { type: 'choose-clock', clock: string }
  | { type: 'keep-promise' }
  | { type: 'join', party: Party }
  | { type: 'leave', party: string, answer: Json }
  | { type: 'note', name: string, facts: Json, party?: string }
  | { type: 'link', caseNo: string, kind: CaseLink['kind'] }
  | { type: 'show' }
  | { type: 'exclude', persons: string[] }
  | Told
  | { type: 'tell-later', id: string, at: string, what: Told }
  | { type: 'push', system: string, payload: Facts }
  | { type: 'replan' }
  | { type: 'close', outcome: string, result: Facts | null }

/** What somebody is told, in these words. */
export interface Told { type: 'tell', to: Audience, title: string, body: string, party?: string }

/** Every clock that a step touched, by its id (null: stopped). */
export type Clocks = Record<string, OpenClock | null>

/** A step of the procedure, to be recorded under its key. */
export interface Step { key: string, drafts: Draft[] }

/** What `advance` answers to a step: the tasks it opened, and the clocks. */
export interface Advanced { opened: OpenTask[], clocks: Clocks }

/** What a decision on a task comes to, and the clocks that it moved. */
export interface Settled { done: Done, clocks: Clocks }

/** By whom and for whom a case was filed. */
export type Filed = Pick<CaseInput, 'applicant' | 'filedBy' | 'enterpriseId'>

/** What came of opening another case: its number, what it is waited for as, and how it ended, if it has by now. */
export interface Opened { caseNo: string, text: string, ending: Ending | null }

/** How a case ends: an outcome of its policy, and what is shown as its result. */
export interface Ending<Outcome extends string = string> { outcome: Outcome, result?: { [key: string]: Json | undefined } }

/** A person's decision on its way into the workflow, as an Update's only argument. */
export interface Decision {
  /** Names the request (the Update's id): the same key is recorded once, also across runs of the workflow. */
  key: string
  actor: Actor
  /** Hash of the request's body: a repeat under the same key must be the same. */
  requestHash?: string
  taskId?: string
  form: Facts
}

/** A document that no longer holds, and why. */
export interface Past { number: string, reason: string }
