import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { planRoutes } from '../api/routes/plan.ts'
import { startRecordApi, type RecordApi } from '../api/testing/test-record-api.ts'
import { shanghaiDate } from '../model/instants.ts'
import type { Policy } from '../model/policy.ts'
import { addProbe } from '../test/probe/procedure.ts'
import { startSystem, type TestSystem } from '../test/system.ts'
import type { Procedure } from '../workflows/kit/procedure.ts'
import { PROCEDURES } from '../workflows/catalogue.ts'
import { keepSchedules } from './schedules.ts'

let system: TestSystem
let api: RecordApi
const today = shanghaiDate(new Date())
const since = `${today.slice(0, 4)}-01-01`
beforeAll(async () => {
  const probe = addProbe()
  const policy = { ...probe.policy, recurs: { every: 'year', on: { day: 1, roll: 'none' }, since, forEach: { units: ['traffic', 'cyber'] }, source: '[C]' } } as Policy;
  (PROCEDURES as Map<string, Procedure>).set('probe', { ...probe, policy, applicationOf: ({ period }, unit) => ({ steps: [['two']], period, unit: unit!.id }) })
  const workflowsPath = fileURLToPath(new URL('../test/probe/workflow.ts', import.meta.url))
  system = await startSystem({ workflows: { workflowsPath, bundlerOptions: { preloadModules: [workflowsPath] } } })
  api = await startRecordApi(deps => [planRoutes({ ...deps, db: system.db })])
}, 120_000)
afterAll(async () => {
  await api?.close()
  await system?.close()
})

const policies = () => [...PROCEDURES.values()].map(p => p.policy)
const schedules = async () => {
  const found: string[] = []
  for await (const { scheduleId } of system.client.schedule.list()) found.push(scheduleId)
  return found
}
const opened = async () => (await system.db.pool.query(`SELECT application->>'unit' AS unit, filed_by FROM case_file WHERE procedure = 'probe' ORDER BY 1`)).rows
const plan = (person: string, query: string) => api.ask(person, 'GET', `/api/plan${query}`)

it('says beforehand what was missed', async () => {
  const { body } = await plan('office-1', `?from=${since}&until=${since}`)
  expect(body).toMatchObject({ total: 1, items: [{ procedure: 'probe', title: '试验', opensOn: since, state: 'missed', openedAt: null, cases: 0 }] })
})

it('makes a Schedule for what recurs, which opens at once what was missed, once however often workers start', async () => {
  await Promise.all([keepSchedules(system.client, system.taskQueue, policies()), keepSchedules(system.client, system.taskQueue, policies())])
  await keepSchedules(system.client, system.taskQueue, policies())
  await expect.poll(opened, { timeout: 30_000 }).toEqual([{ unit: 'cyber', filed_by: 'system:schedule' }, { unit: 'traffic', filed_by: 'system:schedule' }])
  await expect.poll(schedules, { timeout: 10_000 }).toEqual(['recurs-probe'])
  const { spec, policies: { overlap } } = await system.client.schedule.getHandle('recurs-probe').describe()
  expect([spec.timezone, spec.calendars![0]!.hour, spec.calendars![0]!.minute, overlap]).toEqual(['Asia/Shanghai', [{ start: 0, end: 0, step: 1 }], [{ start: 5, end: 5, step: 1 }], 'SKIP'])
  await system.client.schedule.getHandle('recurs-probe').trigger('SKIP')
  await expect.poll(async () => (await plan('office-1', `?from=${since}&until=${since}`)).body.items, { timeout: 10_000 }).toMatchObject([{ state: 'late', cases: 2, failure: null }])
  expect(await opened()).toHaveLength(2)
}, 60_000)

it('says what opens next, a page at a time, to officers alone, and refuses what makes no sense', async () => {
  const first = (await plan('traffic-1', `?from=${since}&until=${Number(since.slice(0, 4)) + 4}-12-01&limit=2`)).body
  const second = (await plan('traffic-1', `?from=${since}&until=${Number(since.slice(0, 4)) + 4}-12-01&limit=10&cursor=${first.nextCursor}`)).body
  expect([first.total, first.items.length, second.items.length, second.nextCursor]).toEqual([5, 2, 3, null])
  expect(second.items.every((p: { state: string }) => p.state === 'coming')).toBe(true)
  expect((await plan('ent-01-contact', '')).status).toBe(403)
  expect((await plan('office-1', '?from=2026-02-01&until=2026-01-01')).body.errors[0].detail).toContain('不能晚于截止日期')
})

it('removes the Schedule of a procedure that no longer recurs', async () => {
  await keepSchedules(system.client, system.taskQueue, policies().map(({ recurs: _, ...rest }) => rest))
  await expect.poll(schedules, { timeout: 10_000 }).toEqual([])
})
