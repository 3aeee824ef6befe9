import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { appendEvents } from '../../db/record/record.ts'
import { taskOpened } from '../../test/sample-case.ts'
import { startRecordApi, type RecordApi } from '../testing/test-record-api.ts'
import { notificationRoutes } from './notifications.ts'

let api: RecordApi
beforeAll(async () => { api = await startRecordApi(deps => [notificationRoutes(deps)]) })
afterAll(() => api.close())
beforeEach(() => api.owner.pool.query('TRUNCATE notice, case_file, case_event'))

/** A case of ent-01, whose opening leaves a notice in its contact's inbox. */
async function openCase(caseNo: string, restricted = false) {
  await appendEvents(api.db, caseNo, 'open', () => [{
    type: 'case-opened', actor: { id: 'ent-01-contact' },
    data: { procedure: 'enterprise-appeal', title: `标题 ${caseNo}`, restricted, applicantId: 'ent-01-contact', enterpriseId: 'ent-01', channel: null, application: {}, deadline: null },
  }])
}

/** An outside notice of a case, given up after its first delivery. */
async function failNotice(id: string, caseNo: string, channel: string, address: string, personId: string | null = null) {
  await api.owner.pool.query(`INSERT INTO notice (kind, id, case_no, person_id, channel, address, title, body, state, failure, created_at)
    VALUES ('told', $1, $2, $3, $4, $5, '请办理', '某企业的内容', 'failed', '接收方拒收（410）', now())`, [id, caseNo, personId, channel, address])
}

describe('the caller', () => {
  it('is told who it is and how many notices are unread', async () => {
    await openCase('EA-1')
    await openCase('EA-2')
    expect(await api.ask('ent-01-contact', 'GET', '/api/me')).toEqual({ status: 200, body: {
      id: 'ent-01-contact', name: '示例袜业有限公司 联系人', unit: null, enterprise: { id: 'ent-01', name: '示例袜业有限公司' }, roles: ['enterprise'], unread: 2,
    } })
    expect((await api.ask('legal-1', 'GET', '/api/me')).body).toMatchObject({ unit: { id: 'legal', name: '法制大队' }, unread: 0 })
  })

  it('must be signed in', async () => {
    for (const url of ['/api/me', '/api/notifications', '/api/notifications/failed']) expect((await api.app.inject(url)).statusCode).toBe(401)
  })
})

describe('the inbox', () => {
  it('is one\'s own', async () => {
    await openCase('EA-1')
    const { body } = await api.ask('ent-01-contact', 'GET', '/api/notifications')
    expect(body).toEqual({ nextCursor: null, items: [
      { id: expect.any(String), caseNo: 'EA-1', taskId: null, count: 1, href: '/cases/EA-1', title: '案件已收到', body: expect.stringContaining('EA-1'), createdAt: expect.stringMatching(/\+08:00$/), readAt: null },
    ] })
    expect((await api.ask('ent-02-contact', 'GET', '/api/notifications')).body.items).toEqual([])
    expect((await api.ask('ent-02-contact', 'POST', `/api/notifications/${body.items[0].id}/read`)).status).toBe(404)
    expect((await api.ask('ent-01-contact', 'GET', '/api/me')).body.unread).toBe(1)
  })

  it('is paged, newest first, each notice once, also when all came in the same millisecond', async () => {
    for (let i = 1; i <= 7; i++) await openCase(`EA-${i}`)
    await api.owner.pool.query('UPDATE notice SET created_at = $1', ['2026-03-02T09:00:00Z'])
    await openCase('EA-8')
    const seen: string[] = []
    let cursor = ''
    do {
      const { body } = await api.ask('ent-01-contact', 'GET', `/api/notifications?limit=3${cursor && `&cursor=${cursor}`}`)
      seen.push(...body.items.map((n: { caseNo: string }) => n.caseNo))
      cursor = body.nextCursor
    } while (cursor)
    expect(seen[0]).toBe('EA-8')
    expect(seen.toSorted()).toEqual(['EA-1', 'EA-2', 'EA-3', 'EA-4', 'EA-5', 'EA-6', 'EA-7', 'EA-8'])
  })

  it('keeps when a notice was first read, and can show the unread alone', async () => {
    await openCase('EA-1')
    await openCase('EA-2')
    const [, older] = (await api.ask('ent-01-contact', 'GET', '/api/notifications')).body.items
    const first = await api.ask('ent-01-contact', 'POST', `/api/notifications/${older.id}/read`)
    expect(first).toMatchObject({ status: 200, body: { ...older, readAt: expect.stringMatching(/\+08:00$/) } })
    expect(await api.ask('ent-01-contact', 'POST', `/api/notifications/${older.id}/read`)).toEqual(first)
    expect((await api.ask('ent-01-contact', 'GET', '/api/notifications?unread=1')).body.items).toMatchObject([{ caseNo: 'EA-2' }])
    expect((await api.ask('ent-01-contact', 'GET', '/api/notifications?unread=0')).body.items).toHaveLength(2)
    expect((await api.ask('ent-01-contact', 'GET', '/api/notifications?caseNo=EA-1')).body.items).toMatchObject([{ caseNo: 'EA-1' }])
  })

  it('is read as a whole, however long it is, and nobody else’s with it', async () => {
    for (let i = 1; i <= 40; i++) await openCase(`EA-${i}`)
    await api.ask('ent-01-contact', 'POST', `/api/notifications/${(await api.ask('ent-01-contact', 'GET', '/api/notifications')).body.items[0].id}/read`)
    await appendEvents(api.db, 'EA-1', 'told', () => [{ type: 'told', actor: null, data: { to: { person: 'legal-1' }, title: 'x', body: 'x' } }])
    expect(await api.ask('ent-01-contact', 'POST', '/api/notifications/read')).toEqual({ status: 200, body: { read: 39 } })
    expect((await api.ask('ent-01-contact', 'GET', '/api/me')).body.unread).toBe(0)
    expect((await api.ask('legal-1', 'GET', '/api/me')).body.unread).toBe(1)
  })

  it('says of a bundle how many there are, and leads to where all of them are', async () => {
    const opened = (caseNo: string) => appendEvents(api.db, caseNo, 'task', () => [taskOpened(caseNo)])
    const [first, ...more] = ['EA-1', 'EA-2', 'EA-3']
    await openCase(first!)
    await opened(first!)
    const inbox = async () => (await api.ask('economic-crime-1', 'GET', '/api/notifications?unread=1')).body.items
    expect(await inbox()).toMatchObject([{ title: '待签收：“办理”', count: 1, caseNo: 'EA-1', taskId: 'EA-1.handle.1', href: '/cases/EA-1?task=EA-1.handle.1' }])
    for (const caseNo of more) {
      await openCase(caseNo)
      await opened(caseNo)
    }
    expect(await inbox()).toMatchObject([{ title: '待签收：“办理”（共 3 件待签收）', count: 3, caseNo: 'EA-3', taskId: null, href: '/?view=candidate', body: expect.stringContaining('《标题 EA-3》') }])
  })

  it.each([
    ['unread=yes', '/unread'], ['limit=0', '/limit'], ['limit=101', '/limit'], ['cursor=x', '/cursor'], ['other=1', '/other'],
    [`cursor=${Buffer.from('[1,"\\u0000"]').toString('base64url')}`, '/cursor'],
  ])('refuses ?%s', async (query, pointer) => {
    expect(await api.ask('legal-1', 'GET', `/api/notifications?${query}`)).toMatchObject({ status: 400, body: { code: 'bad-form', errors: [{ pointer }] } })
  })
})

describe('outside notices that were given up', () => {
  beforeEach(async () => {
    await openCase('EA-1')
    await openCase('DR-1', true)
    await failNotice('n1', 'EA-1', 'email', 'legal-1@example.com', 'legal-1')
    await failNotice('n2', 'DR-1', 'webhook', 'https://partner.example/hook')
    await failNotice('n3', 'EA-1', 'system', 'four-platforms')
  })

  it('are listed for 护航办 and administrators without content, restricted cases without number', async () => {
    for (const person of ['office-1', 'admin-1']) {
      const { body } = await api.ask(person, 'GET', '/api/notifications/failed')
      expect(body.items).toHaveLength(3)
      expect(body.items).toEqual(expect.arrayContaining([
        expect.objectContaining({ id: 'n1', caseNo: 'EA-1', channel: 'email', recipient: '法制大队 审核员甲', failure: '接收方拒收（410）', attempt: 0 }),
        expect.objectContaining({ id: 'n2', caseNo: null, channel: 'webhook', recipient: 'https://partner.example/hook' }),
        expect.objectContaining({ id: 'n3', channel: 'system', recipient: '四个平台' }),
      ]))
      expect(JSON.stringify(body)).not.toMatch(/某企业|请办理|DR-1/)
    }
  })

  it('are paged', async () => {
    const first = (await api.ask('office-1', 'GET', '/api/notifications/failed?limit=2')).body
    const second = (await api.ask('office-1', 'GET', `/api/notifications/failed?limit=2&cursor=${first.nextCursor}`)).body
    expect([...first.items, ...second.items].map(n => n.id).toSorted()).toEqual(['n1', 'n2', 'n3'])
    expect(second.nextCursor).toBeNull()
  })

  it('are sent again by 护航办, once, and the case tells who did it', async () => {
    expect(await api.ask('office-1', 'POST', '/api/notifications/n1/retry')).toMatchObject({ status: 200, body: { id: 'n1', attempt: 1 } })
    expect(await api.ask('office-2', 'POST', '/api/notifications/n1/retry')).toMatchObject({ status: 409, body: { code: 'action-not-allowed' } })
    expect((await api.db.pool.query(`SELECT state, attempt FROM notice WHERE id = 'n1'`)).rows).toEqual([{ state: 'pending', attempt: 1 }])
    const events = await api.db.pool.query(`SELECT actor_id, actor_unit, data FROM case_event WHERE case_no = 'EA-1' AND type = 'notice-retried'`)
    expect(events.rows).toEqual([{ actor_id: 'office-1', actor_unit: 'office', data: { notice: 'n1' } }])
    expect((await api.ask('office-1', 'GET', '/api/notifications/failed')).body.items).toHaveLength(2)
  })

  it('can fail and be sent again more than once', async () => {
    await api.ask('office-1', 'POST', '/api/notifications/n1/retry')
    await api.db.pool.query(`UPDATE notice SET state = 'failed' WHERE id = 'n1'`)
    expect(await api.ask('office-1', 'POST', '/api/notifications/n1/retry')).toMatchObject({ status: 200, body: { attempt: 2 } })
  })

  it('are nobody else\'s business', async () => {
    for (const person of ['legal-1', 'legal-leader', 'bureau-leader-1', 'auditor-1', 'desk-1', 'ent-01-contact']) {
      expect((await api.ask(person, 'GET', '/api/notifications/failed')).status).toBe(403)
    }
    for (const person of ['legal-1', 'admin-1', 'auditor-1', 'bureau-leader-1', 'ent-01-contact']) {
      expect((await api.ask(person, 'POST', '/api/notifications/n1/retry')).status).toBe(403)
    }
  })

  it('are not what is in an inbox, nor what does not exist', async () => {
    const { rows: [inbox] } = await api.db.pool.query(`SELECT id FROM notice WHERE channel = 'inbox' LIMIT 1`)
    for (const id of [inbox.id, 'nothing']) expect((await api.ask('office-1', 'POST', `/api/notifications/${id}/retry`)).status).toBe(404)
  })
})
