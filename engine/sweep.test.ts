import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startApi, type TestApi } from '../api/testing/test-api.ts'
import { freshMemory, sweepOnce, type Memory } from './sweep.ts'

let api: TestApi
beforeAll(async () => { api = await startApi() })
afterAll(() => api?.close())

const sweep = (memory: Memory = freshMemory()) => sweepOnce(api.system.db, api.system.client, api.system.taskQueue, memory)
const terminate = (caseNo: string) => api.system.client.workflow.getHandle(caseNo).terminate('by mistake')
const isRunning = async (caseNo: string) => (await api.system.client.workflow.getHandle(caseNo).describe()).status.name === 'RUNNING'
const eventsOf = async (caseNo: string) => (await api.get('office-1', `/api/cases/${caseNo}/events`)).body as { type: string, actor: unknown }[]
const sweepEvents = async (caseNo: string) => (await eventsOf(caseNo)).map(e => e.type).filter(type => type.startsWith('workflow-'))
const toldOffice = async (caseNo: string) => (await api.system.db.pool.query(`SELECT person_id, title FROM notice WHERE case_no = $1 AND title LIKE '流程%' AND channel = 'inbox' ORDER BY created_at, person_id`, [caseNo])).rows
/** Temporal's index is a moment behind. */
const indexed = (run: () => Promise<unknown>) => vi.waitFor(run, { timeout: 20_000, interval: 500 })

/** A case that desk-1 has routed. */
async function routed() {
  const { caseNo } = await api.file()
  const { id } = await api.task('desk-1', caseNo, 'triage')
  await api.act('desk-1', id, 'claim')
  await api.act('desk-1', id, 'complete', { decision: 'accept', unit: 'economic-crime', complexity: 'ordinary' })
  return caseNo
}
async function handles(caseNo: string) {
  const { id } = await api.task('economic-crime-1', caseNo, 'handle')
  await api.act('economic-crime-1', id, 'claim')
  return (await api.act('economic-crime-1', id, 'complete', { result: '已调解' })).status
}

describe('a sweep', () => {
  it('leaves what runs alone', async () => {
    const caseNo = await routed()
    const before = await eventsOf(caseNo)
    await sweep()
    expect(await eventsOf(caseNo)).toEqual(before)
  })

  it('brings a terminated case back by itself, tells 护航办 once, and the case goes on; also with several workers at once', async () => {
    const memory = freshMemory()
    await sweep(memory)
    const [caseNo, other] = [await routed(), await routed()]
    await terminate(caseNo)
    await indexed(async () => {
      await Promise.all([sweep(memory), sweep(memory), sweep(memory)])
      expect(await isRunning(caseNo)).toBe(true)
    })
    await Promise.all([sweep(memory), sweep(memory)])
    await sweep()
    expect(await sweepEvents(caseNo)).toEqual(['workflow-resumed'])
    expect(await sweepEvents(other)).toEqual([])
    expect(await toldOffice(caseNo)).toEqual(['office-1', 'office-2', 'office-3', 'office-leader'].map(person_id => ({ person_id, title: '流程已恢复' })))
    expect(await handles(caseNo)).toBe(200)
    await terminate(caseNo)
    await indexed(async () => {
      await sweep(memory)
      expect(await sweepEvents(caseNo), 'told again of another time').toEqual(['workflow-resumed', 'workflow-resumed'])
    })
  })

  it('finds a case that Temporal knows nothing of any more', async () => {
    const memory = freshMemory()
    const caseNo = await routed()
    await sweep(memory)
    // Cases of the last moments are not counted yet.
    await api.system.db.pool.query(`UPDATE case_file SET opened_at = opened_at - interval '1 hour' WHERE case_no = $1`, [caseNo])
    const { namespace, client } = api.system.temporal
    await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId: caseNo } })
    await indexed(async () => {
      await sweep(memory)
      expect(await isRunning(caseNo)).toBe(true)
    })
    expect(await sweepEvents(caseNo)).toEqual(['workflow-resumed'])
  })

  it('does not bring back a case that has ended', async () => {
    const { caseNo } = await api.file()
    await api.post('ent-01-contact', `/api/cases/${caseNo}/actions/withdraw`, {})
    const before = await eventsOf(caseNo)
    await sweep()
    expect([await isRunning(caseNo), await eventsOf(caseNo)]).toEqual([false, before])
  })
})

describe('a case whose workflow task fails again and again', () => {
  it('is found by what the worker complains of, told once, shown, and noted when it runs again; pressing earlier says that it does not', async () => {
    const memory = freshMemory()
    const { client, taskQueue } = api.system
    const caseNo = await routed()
    await terminate(caseNo)
    // A program that throws: without an input there is no case.
    const broken = await client.workflow.start('enterpriseAppeal', { workflowId: caseNo, taskQueue, args: [null] })
    memory.since = new Date()
    await vi.waitFor(async () => {
      memory.complaints.add(broken.firstExecutionRunId)
      await sweep(memory)
      expect(await sweepEvents(caseNo)).toEqual(['workflow-halted'])
    }, { timeout: 50_000, interval: 1_000 })
    memory.complaints.add(broken.firstExecutionRunId)
    await Promise.all([sweep(memory), sweep(memory)])
    expect(await toldOffice(caseNo)).toEqual(['office-1', 'office-2', 'office-3', 'office-leader'].map(person_id => ({ person_id, title: '流程停顿，请恢复' })))
    const seen = (await api.get('office-1', `/api/cases/${caseNo}`)).body
    expect([seen.haltedAt, seen.actions.map((a: { name: string }) => a.name)]).toEqual([expect.any(String), expect.arrayContaining(['resume'])])
    expect((await api.get('economic-crime-1', `/api/cases/${caseNo}`)).body.actions.map((a: { name: string }) => a.name)).not.toContain('resume')
    expect((await api.post('ent-01-contact', `/api/cases/${caseNo}/actions/resume`)).status).toBe(403)
    expect((await api.post('office-1', `/api/cases/${caseNo}/actions/resume`)).body.code).toBe('workflow-unavailable')
    expect(await sweepEvents(caseNo)).toEqual(['workflow-halted'])

    await terminate(caseNo)
    const key = randomUUID()
    const pressed = await api.post('office-1', `/api/cases/${caseNo}/actions/resume`, {}, key)
    expect([pressed.status, pressed.body.haltedAt]).toEqual([200, null])
    expect((await api.post('office-1', `/api/cases/${caseNo}/actions/resume`, {}, key)).status, 'the same request again').toBe(200)
    expect((await api.post('office-1', `/api/cases/${caseNo}/actions/resume`)).body.code, 'it runs').toBe('action-not-allowed')
    expect(await sweepEvents(caseNo)).toEqual(['workflow-halted', 'workflow-resumed'])
    expect(await handles(caseNo)).toBe(200)
    expect((await api.get('office-1', `/api/cases/${caseNo}/events/verify`)).body.ok).toBe(true)
  }, 120_000)
})

it('says where it could not bring a case back, once, and does so when it can', async () => {
  const memory = freshMemory()
  const caseNo = await routed()
  await sweep(memory)
  await terminate(caseNo)
  // Nobody polls there: as if no worker could take the case up.
  const withoutWorker = () => sweepOnce(api.system.db, Object.assign(Object.create(api.system.client), { withDeadline: (_: number, run: () => Promise<unknown>) => api.system.client.withDeadline(Date.now() + 1_500, run) }), 'nobody-polls', memory)
  await indexed(async () => {
    await withoutWorker()
    expect(await sweepEvents(caseNo)).toEqual(['workflow-halted'])
  })
  await terminate(caseNo).catch(() => {})
  await sweep(memory)
  await indexed(async () => {
    await sweep(memory)
    expect(await sweepEvents(caseNo)).toEqual(['workflow-halted', 'workflow-resumed'])
  })
  expect(await handles(caseNo)).toBe(200)
})
