import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../model/events.ts'
import { appendEvents, findCase } from '../../../db/record/record.ts'
import { startRecordApi, type RecordApi } from '../../testing/test-record-api.ts'
import { adminRoutes } from './index.ts'

let api: RecordApi
beforeAll(async () => { api = await startRecordApi(deps => [adminRoutes(deps)]) })
afterAll(() => api.close())
beforeEach(() => api.owner.pool.query('TRUNCATE admin_log, refusal, case_file, case_event, task, notice'))

const asAdmin = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) => api.ask('admin-1', method, `/api/admin/${url}`, payload)
const changes = async () => (await api.db.pool.query('SELECT person_id AS by, what, before, after FROM admin_log ORDER BY id')).rows
const officer = { sub: 'sub-new', name: '法制大队 审核员戊', unit: 'legal', roles: ['legal-reviewer', 'handler'], email: 'new@example.com' }

/** Adds an officer of a unit of its own and answers its id. */
let added = 0
async function addOfficer(form: object = {}): Promise<string> {
  const id = `new-${++added}`
  const answer = await asAdmin('POST', 'people', { id, ...officer, sub: id, ...form })
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body))
  return id
}

/** A case with one task of a unit and role, held by somebody or waiting. */
async function openTask(caseNo: string, { unit = 'legal', role = 'legal-reviewer', holder = null as string | null, notBy = [] as string[] } = {}): Promise<string> {
  const deadline = { clock: { n: 1, unit: 'workday', source: '[C]' }, startAt: '2026-03-02T09:00:00+08:00', dueAt: '2026-03-03T09:00:00+08:00', skipped: [], provisional: false, pauses: [], extensions: [] }
  const task = `${caseNo}.review.1`
  await appendEvents(api.db, caseNo, 'open', () => [
    { type: 'case-opened', actor: { id: 'ent-01-contact' }, data: { procedure: 'enterprise-appeal', title: 'x', restricted: false, applicantId: 'ent-01-contact', enterpriseId: 'ent-01', channel: null, application: {}, deadline: null } },
    { type: 'task-opened', actor: null, data: { task, name: 'review', title: '审核', unit, role, round: 1, holder, offeredTo: null, notBy, context: null, deadline } } as NewEvent,
  ])
  return task
}
const taskOf = async (caseNo: string) => (await findCase(api.db.pool, caseNo))!.tasks[0]!

describe('who may', () => {
  const paths = ['people', 'units', 'enterprises', 'absences', 'roster', 'webhooks', 'systems', 'calendar', 'policies']
  const others = ['legal-1', 'office-1', 'bureau-leader-1', 'auditor-1', 'desk-1', 'ent-01-contact']

  it.each(paths)('list %s: administrators; nobody without a role for it', async (path) => {
    expect((await api.app.inject(`/api/admin/${path}`)).statusCode).toBe(401)
    expect((await asAdmin('GET', path)).status).toBe(200)
    for (const person of others) expect((await api.ask(person, 'GET', `/api/admin/${path}`)).status).toBe(403)
    const isDuty = path === 'absences' || path === 'roster'
    expect((await api.ask('legal-leader', 'GET', `/api/admin/${path}`)).status).toBe(isDuty ? 200 : 403)
  })

  it.each(paths.filter(path => path !== 'calendar' && path !== 'policies'))('change %s: nobody without a role for it, before the form is looked at', async (path) => {
    for (const person of [...others, ...(path === 'absences' || path === 'roster' ? [] : ['legal-leader'])]) {
      expect((await api.ask(person, 'POST', `/api/admin/${path}`, {})).status).toBe(403)
      expect((await api.ask(person, 'PUT', `/api/admin/${path}/x`, {})).status).toBe(403)
      expect((await api.ask(person, 'DELETE', `/api/admin/${path}/x`)).status).toBe(403)
    }
    expect(await changes()).toEqual([])
  })

  it('change calendar and policies: administrators alone', async () => {
    for (const person of [...others, 'legal-leader']) {
      for (const url of ['calendar/2027', 'policies/enterprise-appeal']) expect((await api.ask(person, 'PUT', `/api/admin/${url}`, {})).status).toBe(403)
      expect((await api.ask(person, 'DELETE', '/api/admin/policies/enterprise-appeal')).status).toBe(403)
    }
  })
})

describe('people', () => {
  it('are listed in pages, each once, and found by part of a name, an id or an address', async () => {
    const ids: string[] = []
    let cursor: string | null = ''
    do {
      const { body } = await asAdmin('GET', `people?limit=50${cursor && `&cursor=${cursor}`}`)
      ids.push(...body.items.map((p: { id: string }) => p.id))
      cursor = body.nextCursor
    } while (cursor)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBe((await api.db.pool.query('SELECT count(*)::int AS n FROM person')).rows[0].n)
    const found = async (q: string) => (await asAdmin('GET', `people?q=${encodeURIComponent(q)}`)).body.items.map((p: { id: string }) => p.id)
    expect(await found('审核员')).toEqual(['legal-1', 'legal-2', 'legal-3', 'legal-4'])
    expect(await found('LEGAL-LEAD')).toEqual(['legal-leader'])
    expect(await found('%')).toEqual([])
    expect(await asAdmin('GET', 'people?q=')).toMatchObject({ status: 400, body: { errors: [{ pointer: '/q' }] } })
    expect(await asAdmin('GET', 'people?since=2026-01-01T00:00:00Z')).toMatchObject({ status: 400, body: { errors: [{ pointer: '/since' }] } })
  })

  it('can be added, then sign in, and who did it is noted', async () => {
    const id = await addOfficer()
    expect((await api.db.pool.query('SELECT sub, unit_id, roles, active FROM person WHERE id = $1', [id])).rows).toEqual([{ sub: id, unit_id: 'legal', roles: ['legal-reviewer', 'handler'], active: true }])
    const view = { id, sub: id, name: officer.name, unit: { id: 'legal', name: '法制大队' }, enterprise: null, roles: officer.roles, email: officer.email, active: true }
    expect(await changes()).toEqual([{ by: 'admin-1', what: `people/${id}`, before: null, after: view }])
    expect((await asAdmin('GET', `people?q=${id}`)).body.items).toEqual([view])
  })

  it('are not added twice, by id or by sub', async () => {
    const id = await addOfficer()
    expect(await asAdmin('POST', 'people', { id, ...officer, sub: 'another' })).toMatchObject({ status: 409, body: { code: 'already-exists' } })
    expect(await asAdmin('POST', 'people', { id: 'another', ...officer, sub: id })).toMatchObject({ status: 409, body: { code: 'already-exists' } })
    expect(await changes()).toHaveLength(1)
  })

  it.each([
    ['administration with case work', { roles: ['admin', 'handler'] }, '/roles'],
    ['audit with administration', { roles: ['auditor', 'admin'] }, '/roles'],
    ['audit with supervision', { roles: ['auditor', 'office'] }, '/roles'],
    ['an enterprise\'s contact with case work', { roles: ['enterprise', 'handler'], unit: null, enterprise: 'ent-01' }, '/roles'],
    ['an officer without a unit', { unit: null }, '/unit'],
    ['an officer of an enterprise', { enterprise: 'ent-01' }, '/enterprise'],
    ['a contact without an enterprise', { roles: ['enterprise'], unit: null }, '/enterprise'],
    ['a contact in a unit', { roles: ['enterprise'], enterprise: 'ent-01' }, '/unit'],
    ['a role twice', { roles: ['handler', 'handler'] }, '/roles'],
    ['a role that there is not', { roles: ['root'] }, '/roles/0'],
    ['no role', { roles: [] }, '/roles'],
    ['a unit that there is not', { unit: 'nowhere' }, '/unit'],
    ['an enterprise that there is not', { roles: ['enterprise'], unit: null, enterprise: 'ent-99' }, '/enterprise'],
    ['a bad address', { email: 'x' }, '/email'],
    ['an unknown field', { password: 'x' }, '/password'],
    ['a bad id', { id: '民警' }, '/id'],
    ['what the record calls something else', { id: 'system' }, '/id'],
    ['control characters', { name: 'a\u0007' }, '/name'],
  ])('cannot be %s', async (_what, form, pointer) => {
    expect(await asAdmin('POST', 'people', { id: 'bad', ...officer, ...form })).toMatchObject({
      status: 400, body: { code: 'bad-form', errors: [{ pointer, detail: expect.stringMatching(/\p{Script=Han}/u) }] },
    })
    expect(await changes()).toEqual([])
  })

  it('are changed as a whole, and how they were before is noted', async () => {
    const id = await addOfficer()
    const moved = { ...officer, sub: id, name: '交警大队 民警戊', unit: 'traffic', roles: ['handler'], email: null, active: true }
    expect(await asAdmin('PUT', `people/${id}`, moved)).toMatchObject({ status: 200, body: { id, name: moved.name, unit: { id: 'traffic' }, roles: ['handler'], email: null } })
    expect(await changes()).toMatchObject([{}, { what: `people/${id}`, before: { unit: { id: 'legal' } }, after: { unit: { id: 'traffic' } } }])
    expect(await asAdmin('PUT', 'people/nobody', moved)).toMatchObject({ status: 404 })
    expect(await asAdmin('PUT', `people/${id}`, { ...moved, active: undefined })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/active' }] } })
    expect(await asAdmin('PUT', `people/${id}`, { ...moved, unit: null, roles: ['enterprise'], enterprise: 'ent-01' })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/enterprise' }] } })
  })

  it('who leave put what they hold back into the queue, when somebody else can take it', async () => {
    const id = await addOfficer()
    await openTask('EA-1', { holder: id })
    await openTask('EA-2', { holder: 'legal-2' })
    expect((await asAdmin('DELETE', `people/${id}`)).status).toBe(204)
    expect(await taskOf('EA-1')).toMatchObject({ status: 'open', holderId: null })
    expect(await taskOf('EA-2')).toMatchObject({ status: 'claimed', holderId: 'legal-2' })
    const { rows } = await api.db.pool.query(`SELECT actor_id FROM case_event WHERE case_no = 'EA-1' AND type = 'task-released'`)
    expect(rows).toEqual([{ actor_id: 'admin-1' }])
    expect(await changes()).toMatchObject([{}, { what: `people/${id}`, before: { active: true }, after: { active: false } }])
    expect((await asAdmin('GET', `people?q=${id}`)).body.items).toMatchObject([{ active: false }])
  })

  it('cannot leave while a task would be left to nobody: held, kept from all others, or waiting for them alone', async () => {
    const id = await addOfficer({ unit: 'political', roles: ['office'] })
    const refused = async () => {
      expect(await asAdmin('DELETE', `people/${id}`)).toMatchObject({ status: 409, body: { code: 'in-use', detail: expect.stringContaining('1 项任务') } })
      expect(await asAdmin('PUT', `people/${id}`, { ...officer, sub: id, unit: 'political', roles: ['handler'], active: true })).toMatchObject({ status: 409 })
      expect((await api.db.pool.query('SELECT active, roles FROM person WHERE id = $1', [id])).rows).toEqual([{ active: true, roles: ['office'] }])
      await api.owner.pool.query('TRUNCATE case_file, case_event, task, notice')
    }
    await openTask('EA-1', { unit: 'political', role: 'office', holder: id })
    await refused()
    await openTask('EA-2', { unit: 'political', role: 'office' })
    await refused()
    const deputy = await addOfficer({ unit: 'political', roles: ['office'] })
    await openTask('EA-3', { unit: 'political', role: 'office', holder: id, notBy: [deputy] })
    await refused()
    await openTask('EA-4', { unit: 'political', role: 'office', holder: id })
    expect((await asAdmin('DELETE', `people/${id}`)).status).toBe(204)
  })

  it('who hold what only they can do cannot leave: the applicant of an enterprise', async () => {
    await openTask('EA-1', { unit: 'applicant', role: 'enterprise', holder: 'ent-01-contact' })
    expect((await asAdmin('DELETE', 'people/ent-01-contact')).status).toBe(409)
    const second = await addOfficer({ unit: null, enterprise: 'ent-01', roles: ['enterprise'] })
    await addOfficer({ unit: null, enterprise: 'ent-02', roles: ['enterprise'] })
    expect((await asAdmin('DELETE', 'people/ent-01-contact')).status).toBe(204)
    expect(await taskOf('EA-1'), 'goes to another contact').toMatchObject({ status: 'claimed', holderId: second })
    expect((await asAdmin('DELETE', `people/${second}`)).status).toBe(409)
    await api.owner.pool.query(`UPDATE person SET active = true WHERE id = 'ent-01-contact'`)
  })

  it('who change without leaving keep what they hold, also what was given by name', async () => {
    const id = await addOfficer()
    await openTask('EA-1', { holder: id })
    await openTask('EA-2', { unit: 'traffic', role: 'handler', holder: id })
    const change = (form: object) => asAdmin('PUT', `people/${id}`, { ...officer, sub: id, active: true, ...form })
    expect((await change({ roles: ['legal-reviewer'], name: '改名' })).status).toBe(200)
    expect(await taskOf('EA-1')).toMatchObject({ holderId: id })
    expect((await change({ roles: ['handler'] })).status).toBe(200)
    expect(await taskOf('EA-1')).toMatchObject({ holderId: null })
    expect(await taskOf('EA-2')).toMatchObject({ holderId: id })
    expect((await change({ roles: ['auditor'] })).status).toBe(200)
    expect(await taskOf('EA-2')).toMatchObject({ holderId: null })
  })

  it('always include an administrator', async () => {
    expect(await asAdmin('DELETE', 'people/admin-1')).toMatchObject({ status: 409, body: { code: 'in-use' } })
    const second = await addOfficer({ unit: 'it', roles: ['admin'] })
    const [one, other] = await Promise.all([asAdmin('DELETE', 'people/admin-1'), api.ask(second, 'DELETE', `/api/admin/people/${second}`)])
    expect([one.status, other.status].toSorted()).toEqual([204, 409])
    await api.owner.pool.query(`UPDATE person SET active = true WHERE id = 'admin-1'`)
  })

  it('are known again when they come back', async () => {
    const id = await addOfficer()
    await asAdmin('DELETE', `people/${id}`)
    expect((await api.ask(id, 'GET', '/api/admin/people')).status).toBe(401)
    expect((await asAdmin('PUT', `people/${id}`, { ...officer, sub: id, active: true })).status).toBe(200)
    expect((await api.ask(id, 'GET', '/api/admin/people')).status).toBe(403)
  })
})

describe('units', () => {
  const form = { name: '金融警务中心', kind: 'police', active: true }

  it('can be added, changed and given up', async () => {
    expect(await asAdmin('POST', 'units', { id: 'finance', ...form })).toMatchObject({ status: 201, body: { id: 'finance', ...form } })
    expect(await asAdmin('POST', 'units', { id: 'finance', ...form })).toMatchObject({ status: 409, body: { code: 'already-exists' } })
    expect(await asAdmin('PUT', 'units/finance', { ...form, name: '金融警务室' })).toMatchObject({ status: 200, body: { name: '金融警务室' } })
    expect((await asAdmin('DELETE', 'units/finance')).status).toBe(204)
    expect((await changes()).map(c => [c.what, c.before?.active, c.after?.active])).toEqual([['units/finance', undefined, true], ['units/finance', true, true], ['units/finance', true, false]])
    expect(await asAdmin('POST', 'people', { id: 'finance-1', ...officer, sub: 'f1', unit: 'finance' })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/unit' }] } })
  })

  it('are not given up while people, tasks or procedures need them', async () => {
    expect(await asAdmin('DELETE', 'units/traffic')).toMatchObject({ status: 409, body: { detail: expect.stringContaining('人员') } })
    await asAdmin('POST', 'units', { id: 'temporary', ...form })
    await openTask('EA-1', { unit: 'temporary', role: 'handler' })
    expect(await asAdmin('DELETE', 'units/temporary')).toMatchObject({ status: 409, body: { detail: expect.stringContaining('任务') } })
    expect(await asAdmin('DELETE', 'units/four-platforms')).toMatchObject({ status: 409, body: { detail: expect.stringContaining('涉企诉求办理') } })
  })

  it('have a kind that there is, and an id that fits into an address', async () => {
    expect(await asAdmin('POST', 'units', { id: 'x y', ...form })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/id' }] } })
    expect(await asAdmin('POST', 'units', { id: 'xy', ...form, kind: 'club' })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/kind' }] } })
  })
})

describe('enterprises', () => {
  const form = { name: '示例新材料有限公司', uscc: '91999999MA00000079', address: null, active: true }

  it('can be added with a social credit code that is one, once', async () => {
    expect(await asAdmin('POST', 'enterprises', { id: 'ent-07', ...form })).toMatchObject({ status: 201, body: { id: 'ent-07', ...form } })
    expect(await asAdmin('POST', 'enterprises', { id: 'ent-08', ...form })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/uscc', detail: '统一社会信用代码：已有同一代码的企业' }] } })
    for (const uscc of ['91999999MA0000007A', '91999999MA0000007', '91999999MA0000007I', '91999999ma00000079']) {
      expect(await asAdmin('POST', 'enterprises', { id: 'ent-08', ...form, uscc })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/uscc' }] } })
    }
    expect(await asAdmin('PUT', 'enterprises/ent-07', { ...form, address: '示例路 7 号' })).toMatchObject({ status: 200, body: { address: '示例路 7 号' } })
  })

  it('are given up after their contacts', async () => {
    expect(await asAdmin('DELETE', 'enterprises/ent-06')).toMatchObject({ status: 409, body: { code: 'in-use' } })
    expect((await asAdmin('DELETE', 'people/ent-06-contact')).status).toBe(204)
    expect((await asAdmin('DELETE', 'enterprises/ent-06')).status).toBe(204)
  })
})
