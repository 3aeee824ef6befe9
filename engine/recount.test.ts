import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { listEvents } from '../db/lists/search.ts'
import { findCase } from '../db/record/record.ts'
import { startApi, type TestApi } from '../api/testing/test-api.ts'
import { toIso } from '../model/instants.ts'
import { recountOnce } from './recount.ts'

let api: TestApi
let token: string
beforeAll(async () => {
  api = await startApi()
  ;({ token } = (await api.app.inject({ method: 'POST', url: '/api/dev/login', payload: { person: 'admin-1' } })).json())
})
afterAll(() => api.close())
beforeEach(() => api.system.db.pool.query('UPDATE recount SET done_at = now()'))

const asAdmin = async (method: 'GET' | 'PUT', path: string, payload?: object) => (await api.app.inject({ method, url: `/api/admin/${path}`, headers: { authorization: `Bearer ${token}` }, ...(payload && { payload }) })).json()
const announce = (year: number, off: string[]): Promise<{ recount: string }> => asAdmin('PUT', `calendar/${year}`, { off, work: [], source: '测试' })
const deadline = async (caseNo: string) => (await findCase(api.system.db.pool, caseNo))!.tasks[0]!.deadline
const recount = () => recountOnce(api.system.db, api.system.temporal.client)
const report = async (id: string) => (await asAdmin('GET', 'recounts')).items.find((one: { id: string }) => one.id === id)
async function toTheEnd() {
  while (await recount());
}
const year = (at: string) => Number(at.slice(0, 4))

it('a year that is corrected moves running deadlines, announced as they were, with the timers of their workflows, and says what moved', async () => {
  const { caseNo } = await api.file()
  const { dueAt } = await deadline(caseNo)
  await announce(year(dueAt), [dueAt.slice(0, 10)])
  await toTheEnd()
  const wrong = await deadline(caseNo)
  expect(wrong).toMatchObject({ holidays: [dueAt.slice(0, 10)] })
  expect(wrong.dueAt > dueAt).toBe(true)

  const { recount: id } = await announce(year(dueAt), [`${year(dueAt)}-08-08`])
  expect(await report(id)).toMatchObject({ moved: 0, doneAt: null })
  await toTheEnd()
  const right = await deadline(caseNo)
  expect(right).toMatchObject({ dueAt, provisional: false })
  expect(await report(id)).toMatchObject({ moved: 1, waiting: 0, doneAt: expect.any(String) })
  const { items } = await asAdmin('GET', `recounts/${id}/moves`)
  expect(items).toEqual([{ id: `${caseNo}.triage.1`, caseNo, title: '分流', from: toIso(new Date(wrong.dueAt)), to: toIso(new Date(dueAt)) }])
  const { body: clocks } = await api.get('desk-1', `/api/cases/${caseNo}/clock`)
  expect(clocks.find((one: { of: string }) => one.of === `${caseNo}.triage.1`).lines.join()).not.toContain('，法定节假日')
  const details = JSON.stringify(await api.system.temporal.client.workflow.getHandle(caseNo).query('__temporal_workflow_metadata'))
  expect(details).toContain(dueAt.slice(0, 16).replace('T', ' '))
})

it('looks at many cases, twice at once, and changes each once', async () => {
  const cases = await Promise.all(Array.from({ length: 20 }, () => api.file()))
  const { dueAt } = await deadline(cases[0]!.caseNo)
  const { recount: id } = await announce(year(dueAt), [dueAt.slice(0, 10)])
  await Promise.all([toTheEnd(), toTheEnd()])
  await toTheEnd()
  expect(await report(id)).toMatchObject({ waiting: 0, doneAt: expect.any(String) })
  for (const { caseNo } of cases) expect((await listEvents(api.system.db.pool, caseNo)).filter(e => e.type === 'deadline-replanned')).toHaveLength(1)
})

it('goes on asking for a case that does not answer, and ends when it has ended', async () => {
  const { caseNo } = await api.file()
  const { dueAt } = await deadline(caseNo)
  await api.system.temporal.client.workflow.getHandle(caseNo).terminate()
  const { recount: id } = await announce(year(dueAt), [`${year(dueAt)}-08-08`])
  await toTheEnd()
  expect(await report(id)).toMatchObject({ waiting: 1, doneAt: null })
  expect(await recount()).toBe(false)
  await api.system.db.pool.query(`UPDATE case_file SET status = 'closed' WHERE case_no = $1`, [caseNo])
  await recount()
  expect(await report(id)).toMatchObject({ waiting: 0, doneAt: expect.any(String) })
})
