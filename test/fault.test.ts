import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { wholeCase } from '../bench/appeal.ts'
import { createClient } from '../bench/client.ts'
import { startBenchSystem, type BenchSystem, type Part } from '../bench/system.ts'
import { findBreak } from '../model/chain.ts'
import type { CaseEvent } from '../model/events.ts'
import { fromJson, toEvent } from '../db/record/record.ts'
import { caseFile } from '../db/schema.ts'

const CASES = 50
const deliveries = new Map<string, number>()
const receiver = createServer((req, res) => {
  const id = String(req.headers['webhook-id'])
  req.resume().on('end', () => {
    deliveries.set(id, (deliveries.get(id) ?? 0) + 1)
    res.writeHead(204).end()
  })
})
let system: BenchSystem

beforeAll(async () => {
  receiver.listen(0, '127.0.0.1')
  system = await startBenchSystem({ durable: true })
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
  await system.pool.query(`INSERT INTO webhook_destination (url, secret, procedures) VALUES ($1, 'whsec_YW54aW4tZmF1bHQtdGVzdC1zZWNyZXQ=', '{enterprise-appeal}')`, [url])
}, 180_000)
afterAll(async () => {
  await system?.stop()
  receiver.close()
}, 60_000)

it('loses nothing and does nothing twice while worker, API, Temporal and PostgreSQL are killed under 50 cases', async () => {
  const http = createClient(system.url, { patienceMs: 180_000 })
  const acknowledged = Promise.all(Array.from({ length: CASES }, async (_, i) => {
    await sleep(i * 250)
    return wholeCase(http, i)
  }))
  for (const part of ['worker', 'api', 'temporal', 'postgres'] satisfies Part[]) {
    await sleep(2_000)
    await system.crash(part)
  }
  const caseNos = await acknowledged
  http.close()

  expect(new Set(caseNos).size).toBe(CASES)
  const { rows: files } = await system.pool.query('SELECT to_jsonb(c) AS file FROM case_file c ORDER BY case_no')
  expect(files.map(r => fromJson(caseFile, r.file)).map(f => f.caseNo)).toEqual(caseNos.toSorted())
  await expectEnded(caseNos)
  for (const caseNo of caseNos) expectOnce(await eventsOf(caseNo))
  await expectNoticesOnce()
}, 600_000)

/** Rating closes the case a moment after it was acknowledged. */
async function expectEnded(caseNos: string[]) {
  await expect.poll(async () => (await system.pool.query(`SELECT count(*)::int AS n FROM case_file WHERE status = 'closed' AND outcome = 'resolved'`)).rows[0].n, { timeout: 60_000, interval: 500 }).toBe(CASES)
  // The record is closed a moment before Temporal has taken the workflow's end.
  for (const caseNo of caseNos) await expect.poll(async () => (await system.client.workflow.getHandle(caseNo).describe()).status.name, { timeout: 30_000 }).toBe('COMPLETED')
}

async function eventsOf(caseNo: string): Promise<CaseEvent[]> {
  const { rows } = await system.pool.query('SELECT to_jsonb(e) AS event FROM case_event e WHERE case_no = $1 ORDER BY seq', [caseNo])
  return rows.map(r => toEvent(r.event))
}

/** The chain holds, and each step of the appeal was opened, claimed and completed exactly once. */
function expectOnce(events: CaseEvent[]) {
  expect(findBreak(events)).toBeNull()
  const count = (type: string) => events.filter(e => e.type === type).length
  expect([count('case-opened'), count('task-opened'), count('task-claimed'), count('task-completed'), count('case-closed')]).toEqual([1, 4, 3, 4, 1])
}

/** Each notice is in the outbox once, was delivered, and a receiver that goes by its id heard it once. */
async function expectNoticesOnce() {
  const outside = `SELECT count(*)::int AS n FROM notice WHERE channel = 'webhook'`
  await expect.poll(async () => (await system.pool.query(`${outside} AND state <> 'done'`)).rows[0].n, { timeout: 120_000, interval: 500 }).toBe(0)
  const { rows: [{ n }] } = await system.pool.query(outside)
  expect(n).toBeGreaterThanOrEqual(CASES)
  expect(deliveries.size).toBe(n)
  const { rows } = await system.pool.query(`SELECT case_no, person_id, title, count(*) FROM notice WHERE channel = 'inbox' GROUP BY 1, 2, 3 HAVING count(*) > 1`)
  expect(rows).toEqual([])
}
