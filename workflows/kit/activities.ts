/** What workflows may ask of the world outside; implemented in `activities/`, imported here as types only. */
import type { Facts, Json } from '../../model/types.ts'
import type { Advanced, Decision, Done, Draft } from './types.ts'
import type { Rung } from '../../clock/types.ts'

export interface CaseActivities {
  /** Records what the procedure has come to: opens tasks with their deadlines, pauses, notes, closes … A second run with the same key changes nothing. */
  advance(caseNo: string, key: string, drafts: Draft[]): Promise<Advanced>
  /** Checks and records a person's decision on a task, in one transaction. Fails non-retryably with the refusal's code. */
  settle(caseNo: string, key: string, action: string, decision: Decision): Promise<Done>
  /** Checks and records a person's decision on the whole case (withdraw, cancel, amend). */
  settleCase(caseNo: string, key: string, action: string, decision: Decision): Promise<void>
  /**
   * Records that a clock has reached a rung of its ladder; who is told is the record's business. A task that lapses is ended by it.
   * A task that turns out to be decided, or a case to be withdrawn or cancelled (its Update was lost between the record and Temporal), is answered with that.
   */
  escalate(caseNo: string, key: string, clock: string, rung: Rung): Promise<{ holder: string | null, holderName: string | null, lapsedAt: string | null, decided: Done | null, stopped: string | null }>
  /** Runs one of the procedure's checks on the case as recorded, and notes what it found. */
  check(caseNo: string, key: string, name: string): Promise<Json>
  /** Issues a numbered document. */
  issue(caseNo: string, key: string, kind: string, content: Facts): Promise<{ number: string }>
  /** Reserves the number of a child case and prepares what it is started with. */
  prepareChild(caseNo: string, key: string, procedure: string, application: Facts): Promise<{ caseNo: string, title: string }>
}


export interface NoticeActivities {
  /** Sends a notice through its channel and marks it done. */
  deliver(noticeId: string): Promise<void>
  /** Marks a notice as failed and records that on its case, where somebody sees it and may retry. */
  giveUp(noticeId: string, failure: string): Promise<void>
}
