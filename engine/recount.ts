/** Has running deadlines computed anew after the calendar changed: case by case, over restarts, with a report of what moved. */
import type { Client } from '@temporalio/client'
import type { Logger } from 'pino'
import type { Db } from '../db/connect.ts'
import { recountStep } from '../db/rules/recounts.ts'
import { replan, replanKey } from '../workflows/kit/updates.ts'
import { repeat } from './repeat.ts'

const EVERY_MS = 2_000
/** Cases asked side by side: the workflow engine has others to serve. */
const BATCH = 8
const ANSWER_WITHIN_MS = 10_000

/** Runs until `signal` aborts; a fault of database or Temporal is logged and tried again. */
export const recountDeadlines = (db: Db, client: Client, _taskQueue: string, log: Logger, signal: AbortSignal): Promise<void> =>
  repeat('recount', EVERY_MS, () => recountOnce(db, client), log, signal)

/** Takes a step; a case whose workflow does not answer is asked again by a later one. */
export const recountOnce = (db: Db, client: Client): Promise<boolean> => recountStep(db, async (recount, caseNo) => {
  await client.withDeadline(Date.now() + ANSWER_WITHIN_MS, () => client.workflow.getHandle(caseNo).executeUpdate(replan, { updateId: replanKey(recount), args: [recount] }))
}, BATCH, replanKey)
