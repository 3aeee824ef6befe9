import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startApi, type TestApi } from './testing/test-api.ts'

let api: TestApi
beforeAll(async () => { api = await startApi() })
afterAll(() => api?.close())

const triage = { decision: 'accept', unit: 'economic-crime', complexity: 'ordinary', coUnits: ['traffic', 'station-01'] }
const extension = { n: 3, unit: 'workday', reason: '向外地调取材料。' }

async function accepted(form: object = triage): Promise<string> {
  const { caseNo } = await api.file()
  await take('desk-1', caseNo, 'triage')
  const { id } = await api.task('desk-1', caseNo, 'triage')
  expect((await api.act('desk-1', id, 'complete', form)).status).toBe(200)
  return caseNo
}
const read = async (caseNo: string) => (await api.get('office-1', `/api/cases/${caseNo}`)).body
async function take(person: string, caseNo: string, name: string): Promise<string> {
  const { id } = (await read(caseNo)).tasks.find((t: any) => t.name === name && ['open', 'claimed'].includes(t.status) && (t.holder === null))
  expect((await api.act(person, id, 'claim')).status).toBe(200)
  return id
}
const live = async (caseNo: string, name: string) => (await read(caseNo)).tasks.filter((t: any) => t.name === name && ['open', 'claimed'].includes(t.status))
/** Asks for an extension of 办理; answers with the id of its approval. */
async function extendHandling(caseNo: string): Promise<string> {
  const handle = await take('economic-crime-1', caseNo, 'handle')
  expect((await api.act('economic-crime-1', handle, 'extend', extension)).status).toBe(200)
  await expect.poll(async () => (await live(caseNo, 'approve-extension')).length, { timeout: 10_000 }).toBe(1)
  return take('economic-crime-leader', caseNo, 'approve-extension')
}

describe('in the Temporal Web UI a case is shown as it stands', () => {
  const shown = async (caseNo: string) => {
    const all = (await api.system.client.workflow.getHandle(caseNo).describe()).typedSearchAttributes.getAll()
    const named = Object.fromEntries(all.filter(({ key }) => key.name !== 'BuildIds').map(({ key, value }) => [key.name, value instanceof Date ? value.toISOString() : value]))
    return named as { Stage?: string[], Unit?: string[], DueAt?: string, Round?: number }
  }
  const details = async (caseNo: string) => JSON.stringify(await api.system.client.workflow.getHandle(caseNo).query('__temporal_workflow_metadata'))

  it('with all that handle it side by side, and those who are left', async () => {
    const caseNo = await accepted()
    expect(await shown(caseNo)).toMatchObject({ Stage: ['handle', 'co-handle'], Unit: ['economic-crime', 'traffic', 'station-01'], Round: 1 })
    await api.act('traffic-1', await take('traffic-1', caseNo, 'co-handle'), 'complete', { result: '已查。' })
    expect(await shown(caseNo)).toMatchObject({ Stage: ['handle', 'co-handle'], Unit: ['economic-crime', 'station-01'] })
    await api.act('station-01-1', await take('station-01-1', caseNo, 'co-handle'), 'complete', { result: '已查。' })
    expect(await shown(caseNo)).toMatchObject({ Stage: ['handle'], Unit: ['economic-crime'] })
    const found = api.system.client.workflow.list({ query: `Unit = 'economic-crime' AND Stage = 'handle'` })
    await expect.poll(async () => { for await (const { workflowId } of found) if (workflowId === caseNo) return true }, { timeout: 10_000 }).toBe(true)
  })

  it('with the deadline and step as they are after an extension was refused, or granted', async () => {
    for (const approve of [false, true]) {
      const caseNo = await accepted({ ...triage, coUnits: [] })
      const before = await shown(caseNo)
      const approval = await extendHandling(caseNo)
      await expect.poll(() => shown(caseNo), { timeout: 10_000 }).toMatchObject({ Stage: ['handle', 'approve-extension'] })
      expect((await api.act('economic-crime-leader', approval, 'complete', { approve, reason: '属实。' })).status).toBe(200)
      const [handle] = await live(caseNo, 'handle')
      expect(Date.parse(handle.dueAt) > Date.parse(before.DueAt!)).toBe(approve)
      await expect.poll(() => shown(caseNo), { timeout: 10_000 }).toMatchObject({ Stage: ['handle'], Round: 1, DueAt: new Date(handle.dueAt).toISOString() })
    }
  })

  it('without who holds it, which it would not hear of', async () => {
    const caseNo = await accepted({ ...triage, coUnits: [] })
    const handle = await take('economic-crime-1', caseNo, 'handle')
    const holder = (await live(caseNo, 'handle'))[0].holder.name
    expect((await api.act('economic-crime-leader', handle, 'transfer', { to: 'economic-crime-2', reason: '请假。' })).status).toBe(200)
    expect(Object.keys(await shown(caseNo)).toSorted()).toEqual(['DueAt', 'Procedure', 'Round', 'Stage', 'Unit'])
    expect(await details(caseNo)).not.toContain(holder)
  })

  it('with nothing left when it has ended', async () => {
    const caseNo = await accepted()
    expect((await api.post('office-1', `/api/cases/${caseNo}/actions/cancel`, { reason: '重复立案。' })).status).toBe(200)
    await api.system.client.workflow.getHandle(caseNo).result()
    expect(await shown(caseNo)).toEqual({ Procedure: 'enterprise-appeal', Round: 1 })
    expect(await details(caseNo)).toContain('已办结')
  })
})

describe('units that handle one matter side by side', () => {
  it('are of one round, and a decision that comes twice is not of an earlier one', async () => {
    const caseNo = await accepted()
    const tasks = await live(caseNo, 'co-handle')
    expect(tasks.map((t: any) => [t.id, t.round])).toEqual([[`${caseNo}.co-handle.1`, 1], [`${caseNo}.co-handle.1-2`, 1]])
    expect((await read(caseNo)).round).toBe(1)
    const done = await take('traffic-1', caseNo, 'co-handle')
    expect((await api.act('traffic-1', done, 'complete', { result: '已查。' })).status).toBe(200)
    expect(await api.act('traffic-1', done, 'complete', { result: '已查。' })).toMatchObject({ status: 409, body: { code: 'task-closed' } })
  })

  it('whose extension is asked for a second time are not in rework', async () => {
    const caseNo = await accepted({ ...triage, coUnits: [] })
    await api.act('economic-crime-leader', await extendHandling(caseNo), 'complete', { approve: false, reason: '不需要。' })
    const [handle] = await live(caseNo, 'handle')
    expect((await api.act('economic-crime-1', handle.id, 'extend', extension)).status).toBe(200)
    await expect.poll(async () => (await live(caseNo, 'approve-extension'))[0]?.round, { timeout: 10_000 }).toBe(2)
    expect((await read(caseNo)).round).toBe(1)
  })
})

it('an extension is approved in time and recorded with it, or refused with the reason', async () => {
  const setClock = (seconds: number) => api.system.db.pool.query(`INSERT INTO policy_override (procedure, task, patch, reason, changed_by)
    VALUES ('enterprise-appeal', 'handle', $1, 'x', 'admin-1')`, [JSON.stringify({ clock: { n: seconds, unit: 'second', source: '[C]' } })])
  await setClock(4)
  const caseNo = await accepted({ ...triage, coUnits: [] })
  const handle = await take('economic-crime-1', caseNo, 'handle')
  expect((await api.act('economic-crime-1', handle, 'extend', { ...extension, unit: 'second' })).status).toBe(200)
  await expect.poll(async () => (await live(caseNo, 'approve-extension')).length, { timeout: 10_000 }).toBe(1)
  const approval = await take('economic-crime-leader', caseNo, 'approve-extension')
  const [{ dueAt }] = await live(caseNo, 'handle')
  await expect.poll(() => Date.now() > Date.parse(dueAt), { timeout: 10_000 }).toBe(true)
  const late = await api.act('economic-crime-leader', approval, 'complete', { approve: true, reason: '属实。' })
  expect(late).toMatchObject({ status: 409, body: { code: 'action-not-allowed', detail: expect.stringMatching(/的时限已于 .+ 届满，不能再批准延期/) } })
  expect((await live(caseNo, 'approve-extension')).length).toBe(1)
  expect((await api.act('economic-crime-leader', approval, 'complete', { approve: false, reason: '已届满。' })).status).toBe(200)
  expect((await live(caseNo, 'approve-extension')).length).toBe(0)
})
