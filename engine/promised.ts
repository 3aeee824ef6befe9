/**
 * Keeps what was promised with a case number: whoever was given one has a case, also when nobody could take it up at that
 * moment (no worker, no Temporal, a process killed in between), and the files sent to it are in its record.
 */
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client'
import type { Logger } from 'pino'
import type { Db } from '../db/connect.ts'
import { recordKept } from '../db/materials.ts'
import { findPromised } from '../db/record/cases.ts'
import { getProcedure, workflowName } from '../workflows/catalogue.ts'
import type { CaseInput } from '../workflows/kit/types.ts'
import { repeat } from './repeat.ts'
import { startOptions } from './start.ts'

const EVERY_MS = 2_000
const BATCH = 100
/** Whoever filed it is usually starting it at this moment. */
const LEFT_AFTER_MS = 5_000

/** Runs until `signal` aborts; a fault of database or Temporal is logged and tried again. */
export const keepPromises = (db: Db, client: Client, taskQueue: string, log: Logger, signal: AbortSignal): Promise<void> =>
  repeat('promised cases', EVERY_MS, () => keepPromisesOnce(db, client, taskQueue), log, signal)

/** Starts promised cases that are not in the record, and adds the files kept for those that are. Side by side with itself it does nothing twice. */
export async function keepPromisesOnce(db: Db, client: Client, taskQueue: string, leftAfterMs = LEFT_AFTER_MS): Promise<void> {
  const starts = await findPromised<Omit<CaseInput, 'caseNo'>>(db.pool, leftAfterMs, BATCH)
  const started = await Promise.allSettled(starts.map(({ caseNo, procedure, input }) => start(client, taskQueue, procedure, { caseNo, ...input! })))
  await recordKept(db, null)
  const failed = started.find(s => s.status === 'rejected')
  if (failed) throw failed.reason
}

/** One that ended without having recorded anything (terminated before a worker saw it) is started again. */
async function start(client: Client, taskQueue: string, procedure: string, input: CaseInput): Promise<void> {
  const { policy } = getProcedure(procedure)
  await client.workflow.start(workflowName(policy.key), { ...startOptions(policy, input, taskQueue), workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY' })
    .catch(e => { if (!(e instanceof WorkflowExecutionAlreadyStartedError)) throw e })
}
