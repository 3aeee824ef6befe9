/**
 * Runs a case's workflow again from its record. Every event has a key, and a second run under a key changes nothing: so a
 * workflow that is started under the old number and sent the recorded decisions, in their order, finds every step recorded
 * and comes to where the record is.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Client, WithStartWorkflowOperation, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client'
import { startOptions, updateId } from './start.ts'
import type { Db } from '../db/connect.ts'
import type { CaseEvent } from '../model/events.ts'
import { endingOf } from '../model/state.ts'
import { findCase, toEvent } from '../db/record/record.ts'
import { createEngine } from './cases.ts'
import { getProcedure, workflowName } from '../workflows/catalogue.ts'
import type { Facts } from '../model/types.ts'
import type { Engine } from '../workflows/kit/activities.ts'
import type { CaseInput, Decision } from '../workflows/kit/types.ts'
import { caseUpdate, opened, taskUpdate, type CASE_UPDATES, type TASK_UPDATES } from '../workflows/kit/updates.ts'

/** How long a workflow may take to come to where it waits. */
const STANDS_WITHIN_MS = 20_000

/** What came of it. `recorded`: types of events that it added, which should be none but rungs that fell due meanwhile. */
export interface Resumed { started: boolean, caughtUp: boolean, recorded: string[] }

/** Numbers of the cases that the record has as open. */
export async function openCases(db: Db): Promise<string[]> {
  const { rows } = await db.pool.query(`SELECT case_no FROM case_file WHERE status <> 'closed' ORDER BY opened_at, case_no`)
  return rows.map((row: { case_no: string }) => row.case_no)
}

/** Puts notices that nobody delivers, although their delivery had begun, back into the outbox. Answers how many. */
export async function sendAgain(db: Db, client: Client): Promise<number> {
  const { rows } = await db.pool.query(`SELECT id, attempt FROM notice WHERE state = 'sending' AND created_at < now() - interval '1 minute'`)
  let count = 0
  for (const { id, attempt } of rows) {
    if (await isRunning(client, `notice-${id}${attempt > 0 ? `-${attempt}` : ''}`)) continue
    count += (await db.pool.query(`UPDATE notice SET state = 'pending', attempt = attempt + 1 WHERE id = $1 AND state = 'sending'`, [id])).rowCount ?? 0
  }
  return count
}

/** Starts a case's workflow when none is running, and sends it the decisions that it does not know. */
export async function resumeCase(db: Db, client: Client, taskQueue: string, caseNo: string): Promise<Resumed> {
  const events = await readEvents(db, caseNo)
  const [first] = events
  if (first?.type !== 'case-opened') throw new Error(`no case ${caseNo}`)
  if (events.at(-1)!.type === 'case-closed') throw new Error(`case ${caseNo} is closed`)

  const handle = client.workflow.getHandle(caseNo)
  const lengthOf = async () => (await handle.describe()).historyLength
  const started = !await isRunning(client, caseNo)
  if (started) await start(client, taskQueue, first)
  const before = await lengthOf()
  for (const e of events) await resend(client, e)
  await tellFamily(db, createEngine(client, taskQueue), caseNo)
  await mustStand(client, caseNo)
  const recorded = (await readEvents(db, caseNo)).slice(events.length).map(e => e.type)
  return { started, caughtUp: await lengthOf() > before, recorded }
}

/** Tells it what it may have missed while it was not running: cases that it waits for have ended, or the one that opened it. */
async function tellFamily(db: Db, engine: Engine, caseNo: string): Promise<void> {
  const { file } = (await findCase(db.pool, caseNo))!
  for (const { caseNo: other, kind } of file.links) {
    const found = await findCase(db.pool, other)
    const ending = found && endingOf(found)
    if (!ending) continue
    if (kind === 'child' && file.waits.some(w => w.id === other)) await engine.tellOfChild(caseNo, other, ending)
    if (kind === 'parent') await engine.tellOfParent(caseNo, other, getProcedure(found.file.procedure).policy.outcomes[ending.outcome] ?? '已办结')
  }
}

/** @throws when its workflow cannot go on: a fault in the procedure, or a history that it does not fit */
async function mustStand(client: Client, caseNo: string): Promise<void> {
  for (let waited = 0; waited < STANDS_WITHIN_MS; waited += 100) {
    const { pendingWorkflowTask } = (await client.workflow.getHandle(caseNo).describe()).raw
    if (!pendingWorkflowTask) return
    if ((pendingWorkflowTask.attempt ?? 0) > 1) throw new Error('its workflow task fails again and again: see the worker\'s log')
    await sleep(100)
  }
  throw new Error('its workflow task does not end')
}

async function readEvents(db: Db, caseNo: string): Promise<CaseEvent[]> {
  const { rows } = await db.pool.query('SELECT to_jsonb(e) AS event FROM case_event e WHERE case_no = $1 ORDER BY seq', [caseNo])
  return rows.map((row: { event: unknown }) => toEvent(row.event))
}

async function isRunning(client: Client, workflowId: string): Promise<boolean> {
  return client.workflow.getHandle(workflowId).describe().then(({ status }) => status.name === 'RUNNING', (e: unknown) => {
    if (e instanceof WorkflowNotFoundError) return false
    throw e
  })
}

async function start(client: Client, taskQueue: string, { caseNo, actor, data }: CaseEvent & { type: 'case-opened' }): Promise<void> {
  const { policy } = getProcedure(data.procedure)
  const input: CaseInput = {
    caseNo, application: data.application, title: data.title, applicant: data.applicantId, filedBy: actor!, enterpriseId: data.enterpriseId, channel: data.channel,
    ...(data.parent !== undefined && { parent: data.parent }),
  }
  // A number is never used twice, but here it is the same case.
  const options = { ...startOptions(policy, input, taskQueue), workflowIdReusePolicy: 'ALLOW_DUPLICATE' as const }
  const startWorkflowOperation = new WithStartWorkflowOperation(workflowName(policy.key), options)
  // An id of its own: to that of the first start, the server would answer from the run that is gone, and start nothing.
  await client.workflow.executeUpdateWithStart(opened, { startWorkflowOperation, updateId: randomUUID(), args: [] })
}

type Sent = { name: (typeof TASK_UPDATES)[number], task: string, form: Facts } | { name: (typeof CASE_UPDATES)[number], task?: never, form: Facts }

/** Sends a recorded decision again under its key. The workflow refuses one that it took in an earlier run: it knows it. */
async function resend(client: Client, e: CaseEvent): Promise<void> {
  const sent = decisionOf(e)
  if (!sent) return
  const decision: Decision = { key: e.key, actor: e.actor!, form: sent.form, ...(e.requestHash !== null && { requestHash: e.requestHash }), ...(sent.task !== undefined && { taskId: sent.task }) }
  const handle = client.workflow.getHandle(e.caseNo)
  const options = { updateId: updateId(decision), args: [decision] as [Decision] }
  await (sent.task === undefined ? handle.executeUpdate(caseUpdate(sent.name), options) : handle.executeUpdate(taskUpdate(sent.name), options))
    .catch((error: unknown) => { if (!(error instanceof WorkflowUpdateFailedError)) throw error })
}

/** The Update that an event was recorded by; null for what no Update brought. */
function decisionOf({ type, data }: CaseEvent): Sent | null {
  switch (type) {
    case 'task-completed': return { name: data.action as (typeof TASK_UPDATES)[number], task: data.task, form: data.form }
    case 'extension-requested': return { name: 'extend', task: data.task, form: { n: data.n, unit: data.unit, reason: data.reason } }
    case 'card-acknowledged': return data.clock === 'case' ? { name: 'acknowledge-case-card', form: {} } : { name: 'acknowledge-card', task: data.clock, form: {} }
    case 'withdrawal-requested': return { name: 'withdraw', form: { reason: data.reason } }
    case 'cancellation-ordered': return { name: 'cancel', form: { reason: data.reason } }
    case 'application-amended': return { name: 'amend', form: { changes: data.application, reason: data.reason } }
    default: return null
  }
}
