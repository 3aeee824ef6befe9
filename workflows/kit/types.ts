import type { Clock, Ladder, Rung, RungAt } from '../../clock/types.ts'
import type { Audience } from '../../db/events.ts'
import type { Role } from '../../db/person.ts'

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
export type Facts = Record<string, Json>

export type CaseStatus = 'open' | 'paused' | 'closed'
export type TaskStatus = 'open' | 'claimed' | 'completed' | 'cancelled'
export type Card = 'none' | 'yellow' | 'red'

/** `duplicate-of`: the same enterprise and matter, kept with the later case; `child`: a case that this one opened. */
export interface CaseLink { caseNo: string, kind: 'duplicate-of' | 'child' }

/** How a task may be finished; all but `complete` carry their own small form. */
type CompletingAction = 'complete' | 'acknowledge' | 'refuse'

/** One human task of a procedure, as plain data. Every figure may be overridden by an administrator. */
export interface TaskPolicy {
  title: string
  /** Unit whose queue it opens in; `ask` may name another. `applicant`: held by the applicant from the start. */
  unit: string
  /** Members of the unit with this role are its candidates. */
  role: Role
  /** The time allowed, or one per kind of matter, chosen by `ask`. */
  clock: Clock | Record<string, Clock>
  /** Default: the ladder of the clock's unit. */
  ladder?: Ladder
  /** Default: `complete`. */
  actions?: CompletingAction[]
  /** Earlier tasks that this one may be returned to, with a reason. */
  returnsTo?: string[]
  /** Nobody who completed one of these tasks in this case (`applicant`: who filed it) may do this one: four eyes. */
  notBy?: string[]
  /** Not done in time it lapses (视为放弃) instead of being shown a card: for what an applicant may do but need not. */
  lapses?: true
  /** Comes after the matter was decided: the applicant can no longer withdraw. */
  afterDecision?: true
  /** The holder may ask for one extension. */
  extendable?: true
  /** Completing repeats the hash of the facts, and of what these tasks came to, as seen; when they have changed since, it is refused. */
  boundToFacts?: string[]
  /** Offered to whoever is on duty in the unit by the roster (值班表). */
  duty?: true
  /** The outside system that does this task: told by a signed message when it opens, heard by a signed callback. */
  outside?: string
}

/** A procedure as plain data: what the catalogue shows and what the clocks run by. */
export interface Policy {
  /** Folder, URL and database value; the workflow's name is its camelCase. */
  key: string
  /** First letters of its case numbers. */
  code: string
  title: string
  owner: string
  summary: string
  legalBasis: string[]
  /** `restricted`: need to know; no listing, no content in notices. */
  confidentiality: 'internal' | 'restricted'
  whoMayApply: Role[]
  /** The promise for the whole case; pauses stop it. */
  clock?: Clock | Record<string, Clock>
  ladder?: Ladder
  /** May be withdrawn by the applicant until it is decided; `unless`: the field of the application that forbids it when it says yes. */
  withdrawable: boolean | { unless: string }
  tasks: Record<string, TaskPolicy>
  /** Outcome → Chinese title. */
  outcomes: Record<string, string>
  /** Numbered documents: kind → prefix of the number (文号代字). */
  documents?: Record<string, string>
  /** Figures that its checks go by, beside the clocks. */
  figures?: Facts
}

/** Who acts: an opaque person id, or an outside system (`system:<id>`). */
export interface Actor { id: string, unit?: string | null }

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

/** A procedure as a picture: where each step stands, and from where it goes on to what. */
export interface Picture<Task extends string = string, Outcome extends string = string> {
  /** Steps and outcomes from left to right; those that stand in one column, from top to bottom. */
  columns: (Task | Outcome)[][]
  /** Steps that are under way side by side (同步办理). */
  together?: Task[][]
  /** From a step to the next one or to an outcome, and what is said there. Being withdrawn or cancelled, possible at any step, is left out. */
  paths: { [From in Task | 'start']: { [To in Task | Outcome]?: string } }
}

/** The picture of a policy: it can name nothing that the policy does not have. */
export type PictureOf<P extends Policy> = Picture<Extract<keyof P['tasks'], string>, Extract<keyof P['outcomes'], string>>
