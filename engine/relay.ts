/**
 * Carries notices from the outbox into Temporal: one `deliverNotice` workflow each, under the notice's id, so that a
 * notice is never on its way twice however often this runs, or in how many workers.
 */
import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client'
import type { Logger } from 'pino'
import type { Db } from '../db/connect.ts'
import { repeat } from './repeat.ts'

const EVERY_MS = 500
const BATCH = 100

/** Runs until `signal` aborts; a fault of database or Temporal is logged and tried again. */
export const relayNotices = (db: Db, client: Client, taskQueue: string, log: Logger, signal: AbortSignal): Promise<void> =>
  repeat('relay', EVERY_MS, async () => await relayOnce(db, client, taskQueue) === BATCH, log, signal)

/** Starts the workflows of the oldest waiting notices, side by side; answers how many. Those that could be started are, also when one could not. */
export async function relayOnce(db: Db, client: Client, taskQueue: string): Promise<number> {
  const { rows } = await db.pool.query<Waiting>({ name: 'outbox', text: `SELECT id, channel, case_no, attempt FROM notice WHERE state = 'pending' ORDER BY created_at LIMIT $1`, values: [BATCH] })
  await Promise.all(rows.map(row => start(db, client, taskQueue, row)))
  return rows.length
}

interface Waiting { id: string, channel: string, case_no: string | null, attempt: number }

/** A crash between the two leaves the notice in the outbox, where it is met again: its workflow is there already. */
async function start(db: Db, client: Client, taskQueue: string, { id, channel, case_no: caseNo, attempt }: Waiting): Promise<void> {
  await client.workflow.start('deliverNotice', {
    taskQueue, args: [id], workflowId: `notice-${id}${attempt > 0 ? `-${attempt}` : ''}`, workflowIdReusePolicy: 'REJECT_DUPLICATE', staticSummary: caseNo === null ? channel : `${channel} ${caseNo}`,
  }).catch(e => { if (!(e instanceof WorkflowExecutionAlreadyStartedError)) throw e })
  await db.pool.query(`UPDATE notice SET state = 'sending' WHERE id = $1 AND state = 'pending'`, [id])
}
