/** The decisions a person (or an outside system) can send into a case, under the names the Web UI shows. */
import { defineSignal, defineUpdate } from '@temporalio/workflow'
import type { Decision, Done, Ending } from './types.ts'

/** Decisions on a task. */
export const TASK_UPDATES = ['complete', 'acknowledge', 'refuse', 'return', 'extend', 'acknowledge-card'] as const
/** Decisions on the whole case. */
export const CASE_UPDATES = ['withdraw', 'cancel', 'amend', 'acknowledge-case-card'] as const

/** What cases tell each other; each may come more than once. A case that this one opened has ended; the case that opened this one has. */
export const childEnded = defineSignal<[caseNo: string, ending: Ending]>('child-ended')
export const parentEnded = defineSignal<[caseNo: string, how: string]>('parent-ended')

/** Answers once the case is in the record; sent together with the start. */
export const opened = defineUpdate<void, []>('opened')
/** Recomputes the running deadlines after the calendar changed, once for each recount (its id). */
export const replan = defineUpdate<void, [string]>('replan')

/** Under which key a case's record has what a recount came to. */
export const replanKey = (recount: string) => `replan/${recount}`

export const taskUpdate = (name: (typeof TASK_UPDATES)[number]) => defineUpdate<Done, [Decision]>(name)
export const caseUpdate = (name: (typeof CASE_UPDATES)[number]) => defineUpdate<void, [Decision]>(name)
