import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { logAccess, logRefusal } from '../../db/access-log.ts'
import { logChange } from '../../db/directory/admin.ts'
import { appendEvents } from '../../db/record/record.ts'
import { startRecordApi, type RecordApi } from '../testing/test-record-api.ts'
import { auditRoutes } from './audit.ts'

let api: RecordApi
beforeAll(async () => { api = await startRecordApi(deps => [auditRoutes(deps)]) })
afterAll(() => api.close())
beforeEach(() => api.owner.pool.query('TRUNCATE access_log, refusal, admin_log'))

const LOGS = ['access', 'refusals', 'admin']

it('only an auditor reads the logs', async () => {
  for (const log of LOGS) {
    expect((await api.app.inject(`/api/audit/${log}`)).statusCode).toBe(401)
    for (const person of ['admin-1', 'office-1', 'bureau-leader-1', 'legal-leader', 'legal-1', 'desk-1', 'ent-01-contact']) expect((await api.ask(person, 'GET', `/api/audit/${log}`)).status).toBe(403)
    expect(await api.ask('auditor-1', 'GET', `/api/audit/${log}`)).toEqual({ status: 200, body: { items: [], nextCursor: null } })
  }
})

describe('each log', () => {
  beforeEach(async () => {
    await logAccess(api.db.pool, { personId: 'legal-1', caseNo: 'DR-000001', allowed: true, what: 'case' })
    await logAccess(api.db.pool, { personId: 'traffic-1', caseNo: 'DR-000001', allowed: false, what: 'case' })
    await logAccess(api.db.pool, { personId: 'former', caseNo: 'DR-2', allowed: false, what: 'events' })
    await logRefusal(api.db.pool, { personId: 'legal-1', caseNo: 'DR-000001', taskId: 'DR-000001.decide.1', action: 'claim', code: 'conflict-of-interest' })
    await logRefusal(api.db.pool, { personId: 'legal-2', caseNo: null, taskId: null, action: 'admin people', code: 'not-permitted' })
    await logChange(api.db.pool, 'admin-1', 'people/legal-1', { active: true }, { active: false })
    await logChange(api.db.pool, 'admin-1', 'calendar/2027', null, { off: [] })
  })
  const found = async (url: string) => (await api.ask('auditor-1', 'GET', `/api/audit/${url}`)).body.items

  it('tells who did what and when, the latest first', async () => {
    expect(await found('access')).toEqual([
      { id: expect.any(Number), at: expect.stringMatching(/\+08:00$/), person: { id: 'former', name: 'former' }, caseNo: 'DR-2', what: 'events', allowed: false },
      expect.objectContaining({ person: { id: 'traffic-1', name: '交警大队 民警甲' }, allowed: false }),
      expect.objectContaining({ person: { id: 'legal-1', name: '法制大队 审核员甲' }, allowed: true }),
    ])
    expect(await found('refusals')).toMatchObject([
      { person: { id: 'legal-2' }, caseNo: null, taskId: null, action: 'admin people', code: 'not-permitted' },
      { person: { id: 'legal-1' }, caseNo: 'DR-000001', taskId: 'DR-000001.decide.1', action: 'claim', code: 'conflict-of-interest' },
    ])
    expect(await found('admin')).toMatchObject([
      { person: { id: 'admin-1' }, what: 'calendar/2027', before: null, after: { off: [] } }, { what: 'people/legal-1', before: { active: true }, after: { active: false } },
    ])
  })

  it('is filtered by person, case, outcome, reason, object and time', async () => {
    expect(await found('access?person=legal-1')).toHaveLength(1)
    expect(await found('access?caseNo=DR-1')).toHaveLength(2)
    expect(await found('access?caseNo=dr%20000001&allowed=0')).toMatchObject([{ person: { id: 'traffic-1' } }])
    expect(await found('access?allowed=1')).toMatchObject([{ person: { id: 'legal-1' } }])
    expect(await found('refusals?code=not-permitted')).toMatchObject([{ person: { id: 'legal-2' }, actionTitle: '管理：people' }])
    expect(await found('refusals?caseNo=DR-1')).toHaveLength(1)
    expect(await found('admin?what=people/')).toMatchObject([{ what: 'people/legal-1' }])
    const tomorrow = encodeURIComponent(new Date(Date.now() + 86_400_000).toISOString())
    for (const log of LOGS) {
      expect(await found(`${log}?since=${tomorrow}`)).toEqual([])
      expect(await found(`${log}?until=${tomorrow}`)).not.toEqual([])
    }
  })

  it('is paged, each entry once, also while entries are added', async () => {
    for (let i = 0; i < 5; i++) await logAccess(api.db.pool, { personId: 'legal-1', caseNo: `DR-${i}`, allowed: true, what: 'case' })
    const ids: number[] = []
    let cursor: string | null = ''
    do {
      const { body } = await api.ask('auditor-1', 'GET', `/api/audit/access?limit=3${cursor && `&cursor=${cursor}`}`)
      ids.push(...body.items.map((e: { id: number }) => e.id))
      cursor = body.nextCursor
      await logAccess(api.db.pool, { personId: 'legal-1', caseNo: 'DR-9', allowed: true, what: 'case' })
    } while (cursor)
    expect(ids).toHaveLength(8)
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => b - a))
  })

  it.each([
    ['access?cursor=x', '/cursor'], ['access?cursor=0', '/cursor'], ['access?cursor=1e300', '/cursor'], ['access?limit=1000', '/limit'], ['access?allowed=yes', '/allowed'],
    ['refusals?since=2026-01-01', '/since'], ['refusals?until=2026-01-01T00:00:00', '/until'], ['admin?caseNo=DR-1', '/caseNo'], ['admin?what=', '/what'], ['access?person=%00', '/person'],
  ])('refuses %s', async (query, pointer) => {
    expect(await api.ask('auditor-1', 'GET', `/api/audit/${query}`)).toMatchObject({ status: 400, body: { code: 'bad-form', errors: [{ pointer }] } })
  })

  it('takes any time that somebody can mean', async () => {
    expect(await found('access?since=1900-01-01T00:00:00Z')).toHaveLength(3)
    expect(await found('access?until=2199-12-31T23:59:59Z')).toHaveLength(3)
  })
})

describe('the application\'s own role', () => {
  it.each(['case_event', 'document', 'access_log', 'refusal', 'admin_log', 'start_request'])('can read and append to %s, and neither change nor delete', async (table) => {
    await expect(api.db.pool.query(`SELECT FROM ${table} LIMIT 1`)).resolves.toBeDefined()
    const { rows: [{ column_name: column }] } = await api.owner.pool.query('SELECT column_name FROM information_schema.columns WHERE table_name = $1 LIMIT 1', [table])
    for (const statement of [`UPDATE ${table} SET ${column} = ${column}`, `DELETE FROM ${table}`, `TRUNCATE ${table}`]) {
      await expect(api.db.pool.query(statement)).rejects.toMatchObject({ code: '42501' })
    }
  })

  it.each(['case_file', 'task', 'notice', 'document_counter'])('cannot delete from %s', async (table) => {
    await expect(api.db.pool.query(`DELETE FROM ${table}`)).rejects.toMatchObject({ code: '42501' })
  })

  it('can neither take back its own entries nor change the tables', async () => {
    await appendEvents(api.db, 'EA-1', 'open', () => [{
      type: 'case-opened', actor: { id: 'ent-01-contact' },
      data: { procedure: 'enterprise-appeal', title: 'x', restricted: false, applicantId: 'ent-01-contact', enterpriseId: 'ent-01', channel: null, application: {}, deadline: null },
    }])
    for (const statement of [`UPDATE case_event SET data = '{}' WHERE case_no = 'EA-1'`, `DELETE FROM case_event WHERE case_no = 'EA-1'`, 'DROP TABLE case_event',
      'ALTER TABLE case_event ADD COLUMN x text', 'GRANT DELETE ON case_event TO anxin_app', 'CREATE TRIGGER t BEFORE INSERT ON case_event EXECUTE FUNCTION suppress_redundant_updates_trigger()']) {
      // A grant that one may not give is no error but a warning, and gives nothing.
      if (statement.startsWith('GRANT')) await api.db.pool.query(statement).catch(() => {})
      else await expect(api.db.pool.query(statement)).rejects.toMatchObject({ code: '42501' })
    }
    await expect(api.db.pool.query(`DELETE FROM case_event`)).rejects.toMatchObject({ code: '42501' })
    expect((await api.db.pool.query(`SELECT type FROM case_event`)).rows).toEqual([{ type: 'case-opened' }])
  })
})
