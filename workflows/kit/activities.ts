/** What workflows may ask of the world outside; implemented in `activities/`, imported here as types only. */
import type { Facts, Json } from '../../model/types.ts'
import type { Advanced, CaseInput, Decision, Done, Ending, Filed, Opened, Past, Settled, Step, Told } from './types.ts'
import type { Policy } from '../../model/policy.ts'
import type { Rung } from '../../clock/types.ts'

export interface CaseActivities {
  /** Records what the procedure has come to, step by step: opens tasks with their deadlines, pauses, notes, closes … A second run of a step, known by its key, changes nothing. */
  advance(caseNo: string, steps: Step[]): Promise<Advanced[]>
  /** Checks and records a person's decision on a task, in one transaction. Fails non-retryably with the refusal's code. */
  settle(caseNo: string, key: string, action: string, decision: Decision): Promise<Settled>
  /** Checks and records a person's decision on the whole case (withdraw, cancel, amend). */
  settleCase(caseNo: string, key: string, action: string, decision: Decision): Promise<void>
  /**
   * Records that a clock has reached a rung of its ladder; who is told is the record's business. A task that lapses is ended by it.
   * A task that turns out to be decided, or a case to be withdrawn or cancelled (its Update was lost between the record and Temporal), is answered with that.
   */
  escalate(caseNo: string, key: string, clock: string, rung: Rung): Promise<{ lapsedAt: string | null, decided: Done | null, stopped: string | null }>
  /** Runs one of the procedure's checks on the case as recorded, and notes what it found. */
  check(caseNo: string, key: string, name: string, party: string | undefined): Promise<Json>
  /** Issues a numbered document, in the place of another one where that is named; in a lane for its party alone. */
  issue(caseNo: string, key: string, kind: string, content: Facts, replaces: Past | null, party: string | undefined): Promise<{ number: string }>
  /** Withdraws a document of the case. */
  withdrawDocument(caseNo: string, key: string, past: Past): Promise<void>
  /** Opens a case of another procedure for the same enterprise, once: its number is in this case's record before it exists. */
  openChild(caseNo: string, key: string, procedure: string, application: Facts, filed: Filed): Promise<Opened>
  /** Tells the case that opened this one how it has ended. */
  reportEnd(caseNo: string, parent: string, ending: Ending): Promise<void>
  /** Tells a case that the one that opened it has ended, and how (an outcome in words). */
  endChild(caseNo: string, child: string, how: string): Promise<void>
}

/** What cases ask of Temporal: to start others, and to hear of each other. Each may be asked twice, and is then done once. */
export interface Engine {
  startCase(policy: Policy, input: CaseInput): Promise<void>
  /** Has it told at an instant to come, by a workflow of that id. */
  tellLater(id: string, caseNo: string, at: string, what: Told): Promise<void>
  /** Tells a case that one which it opened has ended. One that is not running finds it in the record when it runs again. */
  tellOfChild(caseNo: string, child: string, ending: Ending): Promise<void>
  /** Tells a case that the one which opened it has ended, and how. */
  tellOfParent(caseNo: string, parent: string, how: string): Promise<void>
}

export interface CalendarActivities {
  /** Opens what recurs and is due by today, as far as one batch goes; whether more is waiting. What was opened under its period and subject is not opened again. */
  openDue(procedure: string): Promise<boolean>
}

export interface NoticeActivities {
  /** Sends a notice through its channel and marks it done. */
  deliver(noticeId: string): Promise<void>
  /** Marks a notice as failed and records that on its case, where somebody sees it and may retry. */
  giveUp(noticeId: string, failure: string): Promise<void>
}
