import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findOnDuty, whoIs } from '../../../db/directory/directory.ts'
import { verifyRosters } from '../../../db/roster/record.ts'
import { startRecordApi, type RecordApi } from '../../testing/test-record-api.ts'
import { adminRoutes } from './index.ts'

let api: RecordApi
beforeAll(async () => { api = await startRecordApi(deps => [adminRoutes(deps)]) })
afterAll(() => api.close())
beforeEach(() => api.owner.pool.query('TRUNCATE admin_log, absence, roster, roster_event'))

const startedAtMs = Date.now()
const hoursFromNow = (hours: number) => new Date(startedAtMs + hours * 3_600_000).toISOString()
const changes = async () => (await api.db.pool.query('SELECT person_id AS by, what, before, after FROM admin_log ORDER BY id')).rows
const refused = (pointer: string) => ({ status: 400, body: { code: 'bad-form', errors: [{ pointer, detail: expect.stringMatching(/\p{Script=Han}/u) }] } })

describe('absences', () => {
  const absence = { person: 'legal-1', proxy: 'legal-2', from: hoursFromNow(-1), until: hoursFromNow(24) }
  const add = (person: string, form: object) => api.ask(person, 'POST', '/api/admin/absences', form)

  it('make the proxy stand in while they last, are noted, and end when they are taken away', async () => {
    const { status, body } = await add('legal-leader', absence)
    expect([status, body]).toEqual([201, {
      id: expect.any(String), person: { id: 'legal-1', name: '法制大队 审核员甲' }, proxy: { id: 'legal-2', name: '法制大队 审核员乙' }, from: expect.stringMatching(/\+08:00$/), until: expect.stringMatching(/\+08:00$/),
    }])
    expect(Date.parse(body.from)).toBe(Date.parse(absence.from))
    expect((await whoIs(api.db.pool, 'legal-2')).standsInFor).toMatchObject([{ id: 'legal-1', unit: 'legal', roles: ['legal-reviewer', 'handler'] }])
    expect(await changes()).toEqual([{ by: 'legal-leader', what: `absences/${body.id}`, before: null, after: body }])
    const changed = await api.ask('legal-leader', 'PUT', `/api/admin/absences/${body.id}`, { ...absence, proxy: 'legal-3' })
    expect(changed).toMatchObject({ status: 200, body: { id: body.id, proxy: { id: 'legal-3' } } })
    expect((await api.ask('admin-1', 'DELETE', `/api/admin/absences/${body.id}`)).status).toBe(204)
    expect((await whoIs(api.db.pool, 'legal-3')).standsInFor).toEqual([])
    expect((await changes()).at(-1)).toEqual({ by: 'admin-1', what: `absences/${body.id}`, before: changed.body, after: null })
    expect((await api.ask('admin-1', 'DELETE', `/api/admin/absences/${body.id}`)).status).toBe(404)
  })

  it('of another unit are not a leader\'s to keep or see', async () => {
    const { body } = await add('admin-1', absence)
    for (const [method, url, form] of [['POST', '', absence], ['PUT', `/${body.id}`, { ...absence, person: 'traffic-1', proxy: 'traffic-2' }], ['DELETE', `/${body.id}`, undefined]] as const) {
      expect(await api.ask('traffic-leader', method, `/api/admin/absences${url}`, form)).toMatchObject({ status: 403, body: { code: 'not-permitted' } })
    }
    expect((await api.ask('legal-leader', 'PUT', `/api/admin/absences/${body.id}`, { ...absence, person: 'traffic-1', proxy: 'traffic-2' })).status).toBe(403)
    expect((await api.ask('traffic-leader', 'GET', '/api/admin/absences')).body.items).toEqual([])
    expect((await api.ask('legal-leader', 'GET', '/api/admin/absences')).body.items).toEqual([body])
    expect((await api.ask('admin-1', 'GET', '/api/admin/absences')).body.items).toEqual([body])
  })

  it('need a proxy of the same unit who does case work', async () => {
    for (const proxy of ['legal-1', 'traffic-1', 'nobody', 'ent-01-contact']) expect(await add('admin-1', { ...absence, proxy })).toMatchObject(refused('/proxy'))
    expect(await add('admin-1', { ...absence, person: 'inspectorate-1', proxy: 'auditor-1' })).toMatchObject(refused('/proxy'))
    for (const person of ['nobody', 'ent-01-contact']) expect(await add('admin-1', { ...absence, person })).toMatchObject(refused('/person'))
  })

  it('do not go round in a circle at any time; a chain of proxies is followed as long as all its absences last', async () => {
    expect((await add('admin-1', absence)).status).toBe(201)
    expect((await add('admin-1', { ...absence, person: 'legal-2', proxy: 'legal-3', until: hoursFromNow(12) })).status).toBe(201)
    expect((await whoIs(api.db.pool, 'legal-3')).standsInFor.map(as => as.id)).toEqual(['legal-1', 'legal-2'])
    for (const proxy of ['legal-1', 'legal-2']) expect(await add('admin-1', { ...absence, person: 'legal-3', proxy, from: hoursFromNow(11) })).toMatchObject(refused('/proxy'))
    const { body: later } = await add('admin-1', { ...absence, person: 'legal-3', proxy: 'legal-1', from: hoursFromNow(12), until: hoursFromNow(30) })
    expect(later, 'when legal-2 is back, there is no circle').toMatchObject({ person: { id: 'legal-3' } })
    expect(await api.ask('admin-1', 'PUT', `/api/admin/absences/${later.id}`, { ...absence, person: 'legal-3', proxy: 'legal-1', from: hoursFromNow(11), until: hoursFromNow(30) })).toMatchObject(refused('/proxy'))
  })

  it('do not overlap, end after they begin, and are told with an offset', async () => {
    await add('admin-1', absence)
    expect(await add('admin-1', { ...absence, proxy: 'legal-3', from: hoursFromNow(23), until: hoursFromNow(30) })).toMatchObject({ status: 409, body: { code: 'already-exists' } })
    expect((await add('admin-1', { ...absence, from: absence.until, until: hoursFromNow(30) })).status).toBe(201)
    expect(await add('admin-1', { ...absence, until: absence.from })).toMatchObject(refused('/until'))
    expect(await add('admin-1', { ...absence, from: '2026-03-01T09:00:00' })).toMatchObject(refused('/from'))
    expect(await add('admin-1', { ...absence, from: '2026-02-30T09:00:00Z' })).toMatchObject(refused('/from'))
    expect(await changes()).toHaveLength(2)
  })
})

describe('the roster', () => {
  const shift = { unit: 'anti-drug', person: 'anti-drug-4', from: hoursFromNow(-1), until: hoursFromNow(7) }
  const add = (person: string, form: object) => api.ask(person, 'POST', '/api/admin/roster', form)

  it('puts somebody on duty, and takes them off', async () => {
    const { status, body } = await add('anti-drug-leader', shift)
    expect([status, body]).toMatchObject([201, { unit: { id: 'anti-drug', name: '禁毒大队' }, person: { id: 'anti-drug-4' } }])
    expect(await findOnDuty(api.db.pool, 'anti-drug')).toBe('anti-drug-4')
    expect(await changes()).toEqual([{ by: 'anti-drug-leader', what: `roster/${body.id}`, before: null, after: body }])
  })

  it('keeps every line: one that has not begun is replaced or taken back, what has begun stays', async () => {
    const ahead = { ...shift, from: hoursFromNow(30), until: hoursFromNow(38) }
    const { body: first } = await add('anti-drug-leader', ahead)
    const { status, body: second } = await api.ask('anti-drug-leader', 'PUT', `/api/admin/roster/${first.id}`, { ...ahead, person: 'anti-drug-3' })
    expect([status, second.person.id, second.id === first.id]).toEqual([200, 'anti-drug-3', false])
    expect((await api.ask('anti-drug-leader', 'PUT', `/api/admin/roster/${first.id}`, ahead)).status, 'replaced already').toBe(404)
    expect((await api.ask('anti-drug-leader', 'DELETE', `/api/admin/roster/${second.id}`)).status).toBe(204)
    expect((await api.db.pool.query('SELECT id, state FROM roster ORDER BY state')).rows).toEqual([{ id: second.id, state: 'cancelled' }, { id: first.id, state: 'replaced' }])
    expect((await api.ask('admin-1', 'GET', '/api/admin/roster')).body.items).toEqual([])
    expect((await changes()).map(c => c.by)).toEqual(['anti-drug-leader', 'anti-drug-leader', 'anti-drug-leader'])
    const { body: begun } = await add('anti-drug-leader', shift)
    for (const [method, payload] of [['PUT', { ...shift, person: 'anti-drug-3' }], ['DELETE', undefined]] as const) expect(await api.ask('admin-1', method, `/api/admin/roster/${begun.id}`, payload)).toMatchObject({ status: 409, body: { detail: expect.stringContaining('已经开始') } })
    expect(await findOnDuty(api.db.pool, 'anti-drug')).toBe('anti-drug-4')
    expect(await verifyRosters(api.db.pool)).toEqual([])
  })

  it('wants rest, unless it is signed for, and nobody on duty who is away', async () => {
    await add('admin-1', shift)
    const soon = { ...shift, from: hoursFromNow(10), until: hoursFromNow(18) }
    expect(await add('admin-1', soon)).toMatchObject({ status: 400, body: { detail: expect.stringContaining('休息不足') } })
    expect((await add('admin-1', { ...soon, reason: '突发事件，人手不足。' })).status).toBe(201)
    await api.ask('admin-1', 'POST', '/api/admin/absences', { person: 'anti-drug-1', proxy: 'anti-drug-2', from: hoursFromNow(0), until: hoursFromNow(30) })
    expect(await add('admin-1', { ...soon, person: 'anti-drug-1', reason: '突发事件。' })).toMatchObject({ status: 400, body: { detail: expect.stringContaining('缺勤') } })
  })

  it('of another unit is not a leader\'s to keep or see', async () => {
    const { body } = await add('admin-1', shift)
    expect((await add('traffic-leader', shift)).status).toBe(403)
    expect((await api.ask('traffic-leader', 'PUT', `/api/admin/roster/${body.id}`, { ...shift, unit: 'traffic', person: 'traffic-1' })).status).toBe(403)
    expect((await api.ask('anti-drug-leader', 'PUT', `/api/admin/roster/${body.id}`, { ...shift, unit: 'traffic', person: 'traffic-1' })).status).toBe(403)
    expect((await api.ask('traffic-leader', 'DELETE', `/api/admin/roster/${body.id}`)).status).toBe(403)
    expect((await api.ask('traffic-leader', 'GET', '/api/admin/roster')).body.items).toEqual([])
  })

  it('has members of the unit alone, and nobody twice at once', async () => {
    for (const person of ['traffic-1', 'nobody']) expect(await add('admin-1', { ...shift, person })).toMatchObject(refused('/person'))
    expect((await add('admin-1', shift)).status).toBe(201)
    expect(await add('admin-1', shift)).toMatchObject({ status: 409, body: { code: 'already-exists' } })
    expect((await add('admin-1', { ...shift, person: 'anti-drug-1' })).status).toBe(201)
  })

  it('is listed in the order of time, in pages, from a given time on', async () => {
    for (const start of [40, 8, 24, 16, 32]) expect((await add('admin-1', { ...shift, from: hoursFromNow(start), until: hoursFromNow(start + 8), reason: '连续值守。' })).status).toBe(201)
    const starts: string[] = []
    let cursor: string | null = ''
    do {
      const { body } = await api.ask('admin-1', 'GET', `/api/admin/roster?limit=2${cursor && `&cursor=${cursor}`}`)
      starts.push(...body.items.map((s: { from: string }) => s.from))
      cursor = body.nextCursor
    } while (cursor)
    expect(starts).toHaveLength(5)
    expect(starts).toEqual(starts.toSorted())
    expect((await api.ask('admin-1', 'GET', `/api/admin/roster?since=${hoursFromNow(30)}`)).body.items).toHaveLength(3)
    expect((await api.ask('admin-1', 'GET', '/api/admin/roster?q=anti-drug-4')).body.items).toHaveLength(5)
  })

  it('takes an id with anything in it', async () => {
    await api.owner.pool.query(`INSERT INTO roster VALUES ('anti-drug/2126-03-02/08:00/x', 'anti-drug', 'anti-drug-1', now() + interval '1 day', now() + interval '2 days')`)
    expect((await api.ask('admin-1', 'DELETE', `/api/admin/roster/${encodeURIComponent('anti-drug/2126-03-02/08:00/x')}`)).status).toBe(204)
  })
})
