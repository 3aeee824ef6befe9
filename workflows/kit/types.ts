/** What a case's workflow and its activities say to each other. */
import type { Clock, Rung, RungAt } from '../../clock/types.ts'
import type { Audience } from '../../model/events.ts'
import type { Actor, Card, CaseLink, Facts, Json } from '../../model/types.ts'

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
export interface Carried { rounds: Record<string, number>, step: number, facts: Facts, clock: CarriedClock | null, card: Card, withdrawable: boolean }

/** A deadline that is being watched: the case's promise (`case`) or one round of a task (its id). */
export interface OpenClock { id: string, title: string, dueAt: string, rungs: RungAt[] }

/** A deadline on its way into the next run: the rungs that are left, and those behind it. */
export interface CarriedClock extends OpenClock { reached: Rung[] }

/** One round of a human task that waits for its person. */
export interface OpenTask extends OpenClock { name: string, round: number, unit: string, unitName: string }

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
  /** Held by this person from the start; in the unit's queue where he is excluded. */
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
  /** An amendment does not void these rounds: they are about what was done, not about what is to be decided. */
  stands?: true
}

/** What the workflow asks to be recorded; computed into events by the `advance` activity. */
export type Draft =
  | { type: 'open-case', procedure: string, input: Omit<CaseInput, 'carried'>, clock?: string }
  | ({ type: 'open-task', name: string, round: number } & Ask)
  | { type: 'cancel-task', taskId: string, reason: string }
  | { type: 'extend', taskId: string, n: number, unit: Clock['unit'], reason: string, by: string }
  | { type: 'pause', reason: string }
  | { type: 'resume' }
  | { type: 'choose-clock', clock: string }
  | { type: 'keep-promise' }
  | { type: 'note', name: string, facts: Json }
  | { type: 'link', caseNo: string, kind: CaseLink['kind'] }
  | { type: 'exclude', persons: string[] }
  | { type: 'tell', to: Audience, title: string, body: string }
  | { type: 'push', system: string, payload: Facts }
  | { type: 'replan' }
  | { type: 'close', outcome: string, result: Facts | null }

/** What `advance` answers: the tasks it opened, and every clock it touched (null: stopped). */
export interface Advanced { opened: OpenTask[], clocks: Record<string, OpenClock | null> }

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
