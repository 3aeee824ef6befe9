import { afterAll, beforeAll, expect, it } from 'vitest'
import { asWho, findPerson } from '../db/directory/directory.ts'
import { listCases, listTasks } from '../db/lists/search.ts'
import { findCase } from '../db/record/record.ts'
import { maySee } from '../model/actions.ts'
import type { NewEvent } from '../model/events.ts'
import { append, event, officer, openCase, taskOpened } from '../test/sample-case.ts'
import { startRecordApi, type RecordApi } from './testing/test-record-api.ts'
import { adminRoutes } from './routes/admin/index.ts'
import { boardRoutes } from './routes/board.ts'
import { caseRoutes } from './routes/cases.ts'
import { materialRoutes } from './routes/materials.ts'
import { taskRoutes } from './routes/tasks.ts'

let api: RecordApi
beforeAll(async () => { api = await startRecordApi(deps => [caseRoutes(deps), taskRoutes(deps), materialRoutes(deps), boardRoutes(deps), adminRoutes(deps)]) })
afterAll(() => api.close())

const secret = { restricted: true, procedure: 'detention-report', title: '羁押事前报备', applicantId: 'criminal-1', enterpriseId: 'ent-01', application: { agencyCaseNo: '示例〔2026〕1号', enterpriseId: 'ent-01' } }
const task = (caseNo: string) => `${caseNo}.legal-review.1`
const to = (type: 'task-transferred' | 'task-delegated', to: string, by: string) => (no: string) => event(type, { task: task(no), to, reason: 'x' }, officer(by))
const claimed = (by: string) => (no: string) => event('task-claimed', { task: task(no) }, officer(by))
const completed = (by: string, more = {}) => (no: string) => event('task-completed', { task: task(no), action: 'complete', form: {}, ...more }, officer(by))
const released = (by: string) => (no: string) => event('task-released', { task: task(no) }, officer(by))
const conflict = (by: string) => () => event('conflict-declared', { reason: 'x' }, officer(by))

/** A restricted case whose 法制审核 waits, after these events. */
async function report(events: ((no: string) => NewEvent)[] = [], fields = {}): Promise<string> {
  const caseNo = await openCase(api.db, no => [taskOpened(no, { unit: 'legal', role: 'legal-reviewer', name: 'legal-review', title: '法制审核' })], { ...secret, ...fields })
  for (const e of events) await append(api.db, caseNo, e(caseNo))
  return caseNo
}

/** Every way to a case's content, and whether it is open to a person: all, or none. */
async function sees(person: string, caseNo: string): Promise<boolean> {
  const url = `/api/cases/${caseNo}`
  const who = asWho((await findPerson(api.db.pool, person))!)
  const ways: boolean[] = []
  for (const part of ['', '/events', '/events/verify', '/journey', '/clock', '/materials']) {
    const { status } = await api.ask(person, 'GET', url + part)
    expect([200, 404]).toContain(status)
    ways.push(status === 200)
  }
  ways.push((await api.ask(person, 'GET', `/api/cases?q=${caseNo}`)).body.items.length === 1)
  ways.push((await listCases(api.db.pool, who, { limit: 1000 })).some(file => file.caseNo === caseNo))
  const { body: shown } = await api.ask(person, 'GET', `/api/tasks/${task(caseNo)}`)
  // What the stream and the exports go by.
  const state = (await findCase(api.db.pool, caseNo))!
  ways.push(maySee(who, state.file, state.tasks))
  const listed = (await listTasks(api.db.pool, who, { view: 'all', limit: 1000 })).tasks.some(t => t.file.caseNo === caseNo)
  expect(new Set(ways).size, `${person}: ${ways}`).toBe(1)
  if (listed || shown.context) expect(ways[0]).toBe(true)
  return ways[0]!
}

it.each<[string, ((no: string) => NewEvent)[], Record<string, boolean>]>([
  ['waits: who has filed it', [], { 'criminal-1': true, 'criminal-2': false, 'legal-1': false, 'legal-leader': false, 'office-1': false }],
  ['is held: its holder', [claimed('legal-1')], { 'criminal-1': true, 'legal-1': true, 'legal-2': false }],
  ['was let go of: not who has read it meanwhile', [claimed('legal-1'), released('legal-1')], { 'legal-1': false }],
  ['was offered at a change of shift: not who held it', [claimed('legal-1'), no => event('task-offered', { task: task(no), to: 'legal-2', reason: '交接班' })], { 'legal-1': false, 'legal-2': false }],
  ['was transferred: not who held it', [claimed('legal-1'), to('task-transferred', 'legal-2', 'legal-leader')], { 'legal-1': false, 'legal-2': true, 'legal-leader': false }],
  ['was delegated: both, for one stays answerable', [claimed('legal-1'), to('task-delegated', 'legal-2', 'legal-1')], { 'legal-1': true, 'legal-2': true }],
  ['was given back after it was delegated: not who had it meanwhile', [claimed('legal-1'), to('task-delegated', 'legal-2', 'legal-1'), to('task-delegated', 'legal-1', 'legal-2')], { 'legal-1': true, 'legal-2': false }],
  ['is decided: who has done it', [claimed('legal-1'), completed('legal-1')], { 'legal-1': true, 'legal-2': false }],
  ['is decided by a proxy: the person for whom', [claimed('legal-1'), completed('legal-2', { onBehalfOf: 'legal-1' })], { 'legal-1': true, 'legal-2': false }],
  ['is decided and a conflict comes up: not who declares it', [claimed('legal-1'), completed('legal-1'), conflict('legal-1')], { 'legal-1': false, 'criminal-1': true }],
  ['was held by somebody who declares a conflict: not that one', [claimed('legal-1'), conflict('legal-1'), released('legal-1')], { 'legal-1': false }],
  ['ended while it was held: who had done something in it, not who held it', [claimed('legal-1'), () => event('case-closed', { outcome: 'withdrawn', result: null })], { 'legal-1': false, 'criminal-1': true }],
])('a restricted case whose step %s', async (_, events, expected) => {
  const caseNo = await report(events)
  for (const [person, may] of Object.entries(expected)) expect(await sees(person, caseNo), person).toBe(may)
  for (const person of ['ent-01-contact', 'admin-1', 'auditor-1', 'bureau-leader-1', 'desk-1']) {
    expect((await api.ask(person, 'GET', `/api/cases/${caseNo}`)).status, person).toBe(404)
  }
})

it('is seen by who has taken part while of the unit for which it was; that it was read stays noted', async () => {
  const [held, done, filed] = [await report([claimed('legal-4')]), await report([claimed('legal-4'), completed('legal-4')]), await report([], { applicantId: 'legal-4' })]
  const all = async () => [await sees('legal-4', held), await sees('legal-4', done), await sees('legal-4', filed)]
  expect(await all()).toEqual([true, true, true])
  const person = { sub: 'legal-4', name: '法制大队 审核员丁', unit: 'legal', enterprise: null, roles: ['legal-reviewer', 'handler'], email: null, active: true }
  const change = async (fields: object) => expect((await api.ask('admin-1', 'PUT', '/api/admin/people/legal-4', { ...person, ...fields })).status).toBe(200)
  await change({ unit: 'traffic', roles: ['handler'] })
  expect(await all(), 'moved').toEqual([false, false, false])
  const { rows } = await api.db.pool.query(`SELECT count(*)::int AS n FROM access_log WHERE person_id = 'legal-4' AND allowed AND case_no = ANY($1)`, [[held, done, filed]])
  expect(rows[0].n).toBeGreaterThan(10)
  await change({})
  expect(await all(), 'back; what was held is another’s to take').toEqual([false, true, true])
  for (const role of ['auditor', 'admin']) {
    await change({ roles: [role] })
    for (const caseNo of [done, filed]) {
      expect((await api.ask('legal-4', 'GET', `/api/cases/${caseNo}`)).status, role).toBe(404)
      expect((await api.ask('legal-4', 'GET', `/api/cases?q=${caseNo}`)).body.items, role).toEqual([])
    }
  }
  await change({ active: false })
  expect((await api.ask('legal-4', 'GET', `/api/cases/${done}`)).status).toBe(401)
})

it('is seen by a proxy while the absence lasts, and no longer', async () => {
  const caseNo = await report([claimed('legal-1'), completed('legal-1')])
  expect(await sees('legal-3', caseNo)).toBe(false)
  const absence = { person: 'legal-1', proxy: 'legal-3', from: new Date(Date.now() - 3_600_000).toISOString(), until: new Date(Date.now() + 3_600_000).toISOString() }
  const { body: { id } } = await api.ask('legal-leader', 'POST', '/api/admin/absences', absence)
  expect(await sees('legal-3', caseNo)).toBe(true)
  await append(api.db, caseNo, conflict('legal-1')())
  expect(await sees('legal-3', caseNo), 'not for one who declared a conflict').toBe(false)
  const other = await report([claimed('legal-1'), completed('legal-1')])
  expect(await sees('legal-3', other)).toBe(true)
  expect((await api.ask('legal-leader', 'DELETE', `/api/admin/absences/${id}`)).status).toBe(204)
  expect(await sees('legal-3', other)).toBe(false)
})
