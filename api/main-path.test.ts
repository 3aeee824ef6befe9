import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApi, type TestApi } from './testing/test-api.ts'

let api: TestApi
beforeAll(async () => { api = await startApi() })
afterAll(() => api.close())

it('carries an appeal from filing to rating over HTTP', async () => {
  const filed = await api.file()
  expect(filed).toMatchObject({ caseNo: expect.stringMatching(/^EA-\d{6}$/), status: 'open', stage: 'triage', enterprise: { id: 'ent-01', name: '示例袜业有限公司' } })

  const candidates = await api.get('desk-1', '/api/tasks?view=candidate')
  expect(candidates.body).toMatchObject({ total: 1, nextCursor: null, items: [{ caseNo: filed.caseNo, name: 'triage', status: 'open', holder: null }] })
  const [triage] = candidates.body.items
  expect(triage.actions.map((a: { name: string }) => a.name)).toEqual(['claim', 'complete', 'declare-conflict'])

  expect(await api.act('desk-1', triage.id, 'claim')).toMatchObject({ status: 200, body: { status: 'claimed', holder: { id: 'desk-1' } } })
  expect((await api.get('desk-1', '/api/tasks?view=candidate')).body.total).toBe(0)
  expect((await api.get('desk-1', '/api/tasks?view=mine')).body.items.map((t: { id: string }) => t.id)).toEqual([triage.id])
  expect(await api.act('desk-1', triage.id, 'complete', { decision: 'accept', unit: 'economic-crime', complexity: 'ordinary' }))
    .toMatchObject({ status: 200, body: { status: 'completed', completedBy: { id: 'desk-1' }, actions: [] } })

  for (const [name, form] of [['handle', { result: '已调解' }], ['reply', { reply: '已办结' }]] as const) {
    const task = (await api.get('economic-crime-1', '/api/tasks?view=candidate')).body.items[0]
    expect(task.name).toBe(name)
    expect((await api.act('economic-crime-1', task.id, 'claim')).status).toBe(200)
    expect((await api.act('economic-crime-1', task.id, 'complete', form)).status).toBe(200)
  }
  const rate = (await api.get('ent-01-contact', '/api/tasks?view=mine')).body.items[0]
  expect(rate).toMatchObject({ name: 'rate', unit: 'applicant', context: { reply: '已办结' } })
  expect((await api.act('ent-01-contact', rate.id, 'claim')).status).toBe(200)
  expect((await api.act('ent-01-contact', rate.id, 'complete', { rating: 'satisfied' })).status).toBe(200)
  await expect.poll(async () => (await api.get('ent-01-contact', `/api/cases/${filed.caseNo}`)).body.status).toBe('closed')
  expect((await api.get('ent-01-contact', `/api/cases/${filed.caseNo}`)).body).toMatchObject({ outcome: 'resolved', rating: 'satisfied', result: { reply: '已办结' } })
})
