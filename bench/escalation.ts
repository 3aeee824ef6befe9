/** How late a thousand deadlines of the same second are acted upon, against as many bare Temporal timers. */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { file } from './appeal.ts'
import type { BenchClient } from './client.ts'
import { measure, percentiles, round } from './load.ts'
import type { BenchSystem } from './system.ts'

interface Lag { n: number, p50S: number, p99S: number, maxS: number }

/** Files `n` appeals whose routing is due in the same second; the lag is from each deadline to its yellow card in the record. */
export async function escalationLag({ pool, client }: BenchSystem, http: BenchClient, n: number, leadS: number): Promise<Lag> {
  const dueAt = Date.now() + leadS * 1000
  const caseNos: string[] = []
  // A clock in seconds, shortened as time goes by, so that all fall due in the same second.
  let pacing = true
  const pace = async () => {
    while (pacing) {
      const n = Math.max(1, Math.round((dueAt - Date.now()) / 1000))
      const patch = { clock: { n, unit: 'second', source: '[C] bench' }, ladder: { reminders: [], red: { n: 1, unit: 'hour' }, leader: { n: 1, unit: 'hour' } } }
      await pool.query(`INSERT INTO policy_override (procedure, task, patch, reason, changed_by) VALUES ('enterprise-appeal', 'triage', $1, 'bench', 'admin-1')
        ON CONFLICT (procedure, task) DO UPDATE SET patch = excluded.patch`, [patch])
      await sleep(1000 - Date.now() % 1000)
    }
  }
  const paced = pace()
  await sleep(100)
  await measure(n, 8, async (i) => { caseNos.push(await file(http, i)) })
  pacing = false
  await paced
  if (Date.now() > dueAt - 500) throw new Error(`${n} cases could not be filed within ${leadS} s`)
  await pool.query(`DELETE FROM policy_override WHERE procedure = 'enterprise-appeal'`)

  const escalated = async () => (await pool.query(`SELECT extract(epoch FROM e.at - t.due_at)::float8 AS lag FROM case_event e JOIN task t ON t.case_no = e.case_no AND t.name = 'triage'
    WHERE e.type = 'yellow-card' AND e.case_no = ANY($1)`, [caseNos])).rows.map((r: { lag: number }) => r.lag)
  await sleep(Math.max(0, dueAt - Date.now()))
  for (let lags = await escalated(); ; lags = await escalated()) {
    if (lags.length === n) {
      // Out of the worker's cache, which would be too small for those of the next round beside them.
      await Promise.all(caseNos.map(caseNo => client.workflow.getHandle(caseNo).terminate()))
      return summary(lags)
    }
    if (Date.now() > dueAt + 120_000) throw new Error(`${n - lags.length} of ${n} deadlines were not acted upon`)
    await sleep(250)
  }
}

/** The same number of bare timers at one instant; the lag is to the workflow's own clock when it fires. */
export async function bareTimerLag({ client }: BenchSystem, n: number, leadS: number): Promise<Lag> {
  const dueAt = Date.now() + leadS * 1000
  const handles: Promise<number>[] = []
  await measure(n, 8, async () => {
    const handle = await client.workflow.start('bareTimer', { workflowId: `timer-${randomUUID()}`, taskQueue: 'bare', args: [dueAt] })
    handles.push(handle.result() as Promise<number>)
  })
  if (Date.now() > dueAt) throw new Error(`${n} timers could not be started within ${leadS} s`)
  return summary((await Promise.all(handles)).map(at => (at - dueAt) / 1000))
}

function summary(lagsS: number[]): Lag {
  const { p50Ms, p99Ms } = percentiles(lagsS)
  return { n: lagsS.length, p50S: p50Ms, p99S: p99Ms, maxS: round(Math.max(...lagsS)) }
}
