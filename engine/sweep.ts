/**
 * Looks for open cases that no longer move: their workflow was ended or lost, or stands still with a failing task. What can be is
 * brought back from the record by itself; each finding is an event of the case, which tells 护航办, once.
 */
import { WorkflowNotFoundError, type Client } from '@temporalio/client'
import type { Logger } from 'pino'
import type { Db } from '../db/connect.ts'
import { appendEvents, findCase } from '../db/record/record.ts'
import { compareWithTemporal } from '../db/record/verify.ts'
import type { NewEvent } from '../model/events.ts'
import type { CaseState } from '../model/state.ts'
import { PROCEDURES, workflowName } from '../workflows/catalogue.ts'
import { repeat } from './repeat.ts'
import { resumeCase } from './resume.ts'
import { engineOf } from './running.ts'

const EVERY_MS = 15_000
const RESUME_WITHIN_MS = 20_000
/** By then what happened is in Temporal's index. */
const SETTLED_MS = 30_000
/** A first failure may be a worker that was being replaced. */
const FAILED_ATTEMPTS = 3
const LOCK = 'anxin sweep'

const TYPES = [...PROCEDURES.keys()].map(workflowName)
const OF_CASES = `WorkflowType IN (${TYPES.map(type => `"${type}"`).join(', ')})`
const OPEN = `SELECT count(*)::int AS open FROM case_file WHERE status <> 'closed' AND opened_at < $1`

/** What one look leaves for the next. */
export interface Memory {
  /** Workflows that ended before were looked at; null: nothing was looked at yet. */
  since: Date | null
  /** Fewer workflows ran than cases are open. */
  missing: boolean
  /** Runs about which the worker had something to complain since the last look. */
  complaints: Set<string>
}
export const freshMemory = (): Memory => ({ since: null, missing: false, complaints: new Set() })

/** Runs until `signal` aborts; a fault of database or Temporal is logged and tried again. */
export const sweepCases = (db: Db, client: Client, taskQueue: string, log: Logger, signal: AbortSignal, memory: Memory): Promise<void> =>
  repeat('sweep', EVERY_MS, () => sweepOnce(db, client, taskQueue, memory), log, signal)

/** One look at all open cases. Of several workers one looks at a time: it costs two counts and two short lists, whatever is open, and a whole comparison only where cases are missing. */
export async function sweepOnce(db: Db, client: Client, taskQueue: string, memory: Memory): Promise<void> {
  const lock = await db.pool.connect()
  const { rows: [{ mine }] } = await lock.query('SELECT pg_try_advisory_lock(hashtext($1)) AS mine', [LOCK])
  try {
    if (!mine) return
    const lost = await findLost(db, client, memory)
    for (const caseNo of lost) await bringBack(db, client, taskQueue, caseNo)
    for (const caseNo of await complainedOf(client, memory)) if (await isFailing(client, caseNo)) await note(db, caseNo, halted('fault'))
    for (const caseNo of await haltedCases(db)) if (!lost.has(caseNo)) await lookAgain(db, client, taskQueue, caseNo)
  } finally {
    // A connection that is closed lets go of its lock, too.
    await lock.query('SELECT pg_advisory_unlock_all()').then(() => lock.release(), (e: Error) => lock.release(e))
  }
}

/** Open cases without a running workflow: of those that ended lately, and of all where fewer run than are open, twice in a row. */
async function findLost(db: Db, client: Client, memory: Memory): Promise<Set<string>> {
  const { since, missing } = memory
  const [now, settled] = [Date.now(), new Date(Date.now() - SETTLED_MS)]
  const { rows: [{ open }] } = await db.pool.query({ name: 'open-cases', text: OPEN, values: [settled] })
  const { count } = await client.workflow.count(`${OF_CASES} AND ExecutionStatus = "Running" AND StartTime < "${settled.toISOString()}"`)
  memory.missing = count < open
  const lost = new Set<string>()
  if (since === null || (missing && memory.missing)) {
    const { findings } = await compareWithTemporal(db, engineOf(client, TYPES), 1_000)
    for (const { check, caseNo } of findings) if (check === 'temporal' && caseNo) lost.add(caseNo)
  }
  const ended = `${OF_CASES} AND ExecutionStatus IN ("Terminated", "Failed", "Canceled", "TimedOut") AND CloseTime > "${(since ?? settled).toISOString()}"`
  for await (const { workflowId } of client.workflow.list({ query: ended })) lost.add(workflowId)
  for (const caseNo of lost) if (!await isLost(db, client, caseNo)) lost.delete(caseNo)
  memory.since = new Date(now - SETTLED_MS)
  return lost
}

const isLost = async (db: Db, client: Client, caseNo: string): Promise<boolean> => isOpen(await findCase(db.pool, caseNo)) && (await describe(client, caseNo))?.status.name !== 'RUNNING'
const isOpen = (state: CaseState | null): boolean => state !== null && state.file.status !== 'closed'

/** What Temporal says of a case's latest run; undefined where it knows of none. */
const describe = (client: Client, caseNo: string) => client.workflow.getHandle(caseNo).describe().catch((e: unknown) => {
  if (!(e instanceof WorkflowNotFoundError)) throw e
})

/** Cases of whose runs the worker complained; it is described next whether with reason. */
async function complainedOf(client: Client, { complaints }: Memory): Promise<string[]> {
  const runs = [...complaints]
  complaints.clear()
  const cases: string[] = []
  for (const run of runs) for await (const { workflowId } of client.workflow.list({ query: `${OF_CASES} AND RunId = "${run}"` })) cases.push(workflowId)
  return cases
}

const isFailing = async (client: Client, caseNo: string): Promise<boolean> =>
  Number((await describe(client, caseNo))?.raw.pendingWorkflowTask?.attempt ?? 0) >= FAILED_ATTEMPTS

async function haltedCases(db: Db): Promise<string[]> {
  return (await db.pool.query({ name: 'halted-cases', text: 'SELECT case_no FROM case_file WHERE halted_at IS NOT NULL LIMIT 100' })).rows.map((row: { case_no: string }) => row.case_no)
}

/** One that stood still: brought back where that now succeeds; where it runs again, by a mended worker say, that is noted. */
async function lookAgain(db: Db, client: Client, taskQueue: string, caseNo: string): Promise<void> {
  if (await isLost(db, client, caseNo)) await bringBack(db, client, taskQueue, caseNo)
  else if (!await isFailing(client, caseNo)) await note(db, caseNo, resumed)
}

async function bringBack(db: Db, client: Client, taskQueue: string, caseNo: string): Promise<void> {
  try {
    await resumeWithin(db, client, taskQueue, caseNo)
  } catch {
    return note(db, caseNo, halted('lost'))
  }
  await note(db, caseNo, state => state.file.status === 'closed' ? [] : [{ type: 'workflow-resumed', actor: null, data: {} }])
}

/** Brings a case back from its record, or fails within seconds: whoever waits can try again, for nothing is done twice. */
export const resumeWithin = (db: Db, client: Client, taskQueue: string, caseNo: string, timeoutMs = RESUME_WITHIN_MS): Promise<void> =>
  client.withDeadline(Date.now() + timeoutMs, async () => {
    await resumeCase(db, client, taskQueue, caseNo)
    if (await isFailing(client, caseNo)) throw new Error(`case ${caseNo} stands still with a failing task`)
  })

const halted = (cause: 'lost' | 'fault') => ({ file }: CaseState): NewEvent[] => file.haltedAt || file.status === 'closed' ? [] : [{ type: 'workflow-halted', actor: null, data: { cause } }]
const resumed = ({ file }: CaseState): NewEvent[] => file.haltedAt ? [{ type: 'workflow-resumed', actor: null, data: {} }] : []

/** Keys only tell one finding from the next: that none is noted twice is seen to by the case's own state, and by looking one at a time. */
async function note(db: Db, caseNo: string, decide: (state: CaseState) => NewEvent[]): Promise<void> {
  const seq = (await findCase(db.pool, caseNo))!.file.lastSeq
  await appendEvents(db, caseNo, `sweep/${seq}`, state => decide(state!))
}
