import { afterAll, beforeAll, expect, it } from 'vitest'
import { findCase } from '../db/record/record.ts'
import { startApi, type TestApi } from './testing/test-api.ts'

let api: TestApi
beforeAll(async () => { api = await startApi() })
afterAll(() => api.close())

it('loading a year computes again what an open case had on plain weekends, also for the timers of its workflow', async () => {
  const { db } = api.system
  const { rows: years } = await db.pool.query('DELETE FROM calendar_year RETURNING year, off::text[], work::text[]')
  const { caseNo } = await api.file()
  const deadline = async () => (await findCase(db.pool, caseNo))!.tasks[0]!.deadline
  expect((await deadline()).provisional).toBe(true)

  // Every day off but one far ahead, so that the deadline must move.
  const { dueAt, startAt } = await deadline()
  const [from, to] = [Number(startAt.slice(0, 4)), Number(dueAt.slice(0, 4)) + 1]
  const { token } = (await api.app.inject({ method: 'POST', url: '/api/dev/login', payload: { person: 'admin-1' } })).json()
  for (let year = from; year <= to; year++) {
    const known = years.find(y => y.year === year)
    const off = [...new Set([...known?.off ?? [`${year}-01-01`], ...(dueAt.startsWith(String(year)) ? [dueAt.slice(0, 10)] : [])])]
    const answer = await api.app.inject({ method: 'PUT', url: `/api/admin/calendar/${year}`, headers: { authorization: `Bearer ${token}` }, payload: { off, work: [], source: '测试' } })
    expect([answer.statusCode, answer.json().failed]).toEqual([200, 0])
  }
  const moved = await deadline()
  expect(moved.provisional).toBe(false)
  expect(moved.dueAt > dueAt).toBe(true)
  const { rows: [event] } = await db.pool.query(`SELECT data FROM case_event WHERE case_no = $1 AND type = 'deadline-replanned' ORDER BY seq DESC LIMIT 1`, [caseNo])
  expect(event.data.deadline.dueAt).toBe(moved.dueAt)
  const details = JSON.stringify(await api.system.temporal.client.workflow.getHandle(caseNo).query('__temporal_workflow_metadata'))
  expect(details).toContain(`分流：护企优商服务中心，第 1 轮，期限 ${moved.dueAt.slice(0, 16).replace('T', ' ')}`)
})
