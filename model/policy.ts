/** A procedure as plain data: what the catalogue shows, what the clocks run by, what the workbench draws. */
import type { Clock, Ladder, Recurs } from '../clock/types.ts'
import type { ByApplication, CaseKind, Confidentiality, Filer } from './filing.ts'
import type { Role } from './person.ts'
import type { Facts } from './types.ts'

/** How a task may be finished; all but `complete` carry their own small form. */
type CompletingAction = 'complete' | 'acknowledge' | 'refuse'

/** One human task of a procedure, as plain data. Every figure may be overridden by an administrator. */
export interface TaskPolicy {
  title: string
  /** What an enterprise reads instead, where the title is a word of the office. */
  publicly?: string
  /**
   * Unit whose queue it opens in; `ask` may name another. `applicant`: held by the applicant from the start, which a case of the office
   * does not have. `filer`: held by whoever filed, in his unit; once he has left it, in its queue.
   */
  unit: string
  /** Members of the unit with this role are its candidates. */
  role: Role
  /** The time allowed, or one per kind of matter, chosen by `ask`. */
  clock: Clock | Record<string, Clock>
  /** Default: the ladder of the clock's unit. */
  ladder?: Ladder
  /** What its holder does by completing it, as the button says: 提交审核意见. Default: 提交. */
  submit?: string
  /** Fields of its form that begin with what an earlier task of the case came to: field → `task.field`. */
  begins?: Record<string, `${string}.${string}`>
  /** Default: `complete`. */
  actions?: CompletingAction[]
  /** Earlier tasks that this one may be returned to, with a reason. */
  returnsTo?: string[]
  /** Nobody who completed one of these tasks in this case (`applicant`: who filed it) may do this one: four eyes. */
  notBy?: string[]
  /** Not done in time it lapses (视为放弃) instead of being shown a card: for what an applicant may do but need not. */
  lapses?: true
  /** Of a step of somebody outside (an enterprise, another body): its cards are shown to whoever filed the case and his unit. */
  silence?: { card: 'filer' }
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
  confidentiality: ByApplication<Confidentiality>
  /** `show`: its enterprise sees a case of the office only from the moment at which the procedure says `c.show()`. */
  shownFrom?: 'show'
  /** Default: `application`. */
  kind?: ByApplication<CaseKind>
  whoMayApply: Filer[]
  /** Opened by the calendar, by itself: what it is opened with says `applicationOf` of its procedure. */
  recurs?: Recurs
  /** Fields of the application by which its register is looked up: numbers and the like, exactly as they are kept (`plate`, `licence.no`). */
  lookup?: string[]
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
