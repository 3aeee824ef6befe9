import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { append, event, openCase, taskOpened } from '../../test/sample-case.ts'
import { NO_KEYS, ODD_KEYS } from '../testing/odd-keys.ts'
import { startRecordApi, type RecordApi } from '../testing/test-record-api.ts'
import { draftRoutes } from './drafts.ts'

let api: RecordApi
beforeAll(async () => { api = await startRecordApi(deps => [draftRoutes(deps)]) })
afterAll(() => api.close())

const appeal = { procedure: 'enterprise-appeal' }
const list = async (person: string, query = '') => (await api.ask(person, 'GET', `/api/drafts${query}`)).body
const put = (person: string, id: string, version: number, form: object, what: object = appeal) => api.ask(person, 'PUT', `/api/drafts/${id}`, { version, form, for: what })

describe('a draft', () => {
  it('is kept as it was typed, as many as somebody begins, and is theirs alone', async () => {
    expect(await put('ent-01-contact', 'draft-0001', 0, { subject: '初稿' })).toMatchObject({ status: 200, body: { id: 'draft-0001', version: 1, title: '涉企诉求办理', gone: null, caseNo: null } })
    expect(await put('ent-01-contact', 'draft-0001', 1, { subject: '第二稿', kind: 'no such kind' })).toMatchObject({ status: 200, body: { version: 2 } })
    await put('ent-01-contact', 'draft-0002', 0, { subject: '另一件' })
    await put('ent-02-contact', 'draft-0001', 0, { subject: '别家的' })
    expect((await list('ent-01-contact')).map((one: { form: object }) => one.form)).toEqual([{ subject: '另一件' }, { subject: '第二稿', kind: 'no such kind' }])
    expect(await list('ent-01-contact', '?procedure=credit-repair')).toEqual([])
    expect((await api.ask('ent-01-contact', 'GET', '/api/drafts/draft-0001')).body).toMatchObject({ form: { subject: '第二稿' }, savedAt: expect.stringMatching(/\+08:00$/) })
    expect((await api.ask('ent-03-contact', 'GET', '/api/drafts/draft-0001')).status).toBe(404)
    expect((await api.ask('ent-01-contact', 'GET', '/api/drafts/enterprise-appeal')).status).toBe(404)
  })

  it('is also of a form of administration, found by its place, by nobody else', async () => {
    const place = { place: 'people/auditor-1' }
    expect(await put('admin-1', 'record-1', 0, { name: '审计员' }, place)).toMatchObject({ status: 200, body: { title: '管理：人员', procedure: null, place: 'people/auditor-1', gone: null } })
    expect(await put('admin-1', 'record-2', 0, { name: '另一名' }, { place: 'people/new' })).toMatchObject({ status: 200 })
    expect((await list('admin-1', '?place=people/auditor-1')).map((one: { id: string }) => one.id)).toEqual(['record-1'])
    expect((await list('admin-1')).length).toBe(2)
    expect(await list('office-1', '?place=people/auditor-1')).toEqual([])
    for (const wrong of ['', '/people', 'people/', 'people/../x/y/z', 'people/a b', '人员', 'x'.repeat(201)]) expect((await put('admin-1', 'record-3', 0, {}, { place: wrong })).status, wrong).toBe(400)
  })

  it('is not written over by who has seen an older one; the same sent once more is the same', async () => {
    await put('office-1', 'two-tabs-1', 0, { subject: '甲' })
    expect((await put('office-1', 'two-tabs-1', 0, { subject: '甲' })).body).toMatchObject({ version: 1 })
    expect((await put('office-1', 'two-tabs-1', 1, { subject: '乙' })).body).toMatchObject({ version: 2 })
    expect((await put('office-1', 'two-tabs-1', 1, { subject: '乙' })).body).toMatchObject({ version: 2 })
    for (const version of [0, 1, 3]) expect(await put('office-1', 'two-tabs-1', version, { subject: '丙' })).toMatchObject({ status: 409, body: { code: 'draft-changed', version: 2 } })
    expect(await api.ask('office-1', 'DELETE', '/api/drafts/two-tabs-1?version=1')).toMatchObject({ status: 409 })
    expect((await api.ask('office-1', 'GET', '/api/drafts/two-tabs-1')).body.form).toEqual({ subject: '乙' })
  })

  it('has an id that a page makes: any other is refused, is nobody’s, and there is nothing to delete', async () => {
    for (const id of [...ODD_KEYS, ...NO_KEYS.filter(key => key !== ''), 'x'.repeat(65), '草稿草稿草稿草稿']) {
      if (/^[\w-]{8,64}$/.test(id)) continue
      const url = encodeURIComponent(id)
      expect((await put('office-1', url, 0, { subject: '甲' })).status, id).toBeGreaterThanOrEqual(400)
      expect((await put('office-1', url, 0, { subject: '甲' })).status, id).toBeLessThan(500)
      expect([400, 404], id).toContain((await api.ask('office-1', 'GET', `/api/drafts/${url}`)).status)
    }
    expect((await list('office-1')).filter((one: { id: string }) => !/^[\w-]{8,64}$/.test(one.id))).toEqual([])
  })

  it('of two who write over the same version at once, one does', async () => {
    await put('office-1', 'race-0001', 0, { n: 0 })
    const answers = await Promise.all([1, 2, 3, 4].map(n => put('office-1', 'race-0001', 1, { n })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409])
  })

  it('takes any text, also what no record takes', async () => {
    const form = { subject: '粘贴\u000b而来\u0000\u202e', half: '\ud800', long: '长'.repeat(50_000) }
    expect((await put('office-1', 'any-text-1', 0, form)).status).toBe(200)
    expect((await api.ask('office-1', 'GET', '/api/drafts/any-text-1')).body.form).toEqual(form)
  })

  it('is gone when it is deleted, also twice, and is not brought back by who still has it open', async () => {
    await put('economic-crime-1', 'deleted-1', 0, { subject: '代填' })
    for (const _ of [1, 2]) expect((await api.ask('economic-crime-1', 'DELETE', '/api/drafts/deleted-1')).status).toBe(204)
    expect((await put('economic-crime-1', 'deleted-1', 1, { subject: '又改' })).status).toBe(404)
    expect(await list('economic-crime-1')).toEqual([])
  })

  it('is forgotten when it was left for long', async () => {
    await put('ent-03-contact', 'left-long', 0, { subject: '旧' })
    await api.owner.pool.query(`UPDATE draft SET saved_at = now() - interval '91 days' WHERE person_id = 'ent-03-contact'`)
    await put('ent-01-contact', 'draft-0009', 0, {})
    expect(await list('ent-03-contact')).toEqual([])
  })

  it('is of a procedure that there is, under an id that fits, and never in the log', async () => {
    expect((await put('ent-01-contact', 'draft-0003', 0, {}, { procedure: 'no-such' })).status).toBe(404)
    expect((await put('ent-01-contact', 'x', 0, {})).status).toBe(400)
    expect((await put('ent-01-contact', 'draft-0003', 0, { constructor: 1 })).status).toBe(400)
    expect(api.log.join('')).toContain('/api/drafts/:id')
    expect(api.log.join('')).not.toMatch(/初稿|第二稿/)
  })
})

describe('a draft for a task', () => {
  it('may be kept by whoever may know of the task, and says what happened to it, and by whom', async () => {
    const caseNo = await openCase(api.db, no => [taskOpened(no)])
    const task = `${caseNo}.handle.1`
    const what = { task, action: 'complete' }
    expect((await put('ent-02-contact', 'of-task-1', 0, {}, what)).status).toBe(404)
    expect((await put('economic-crime-1', 'of-task-1', 0, {}, { task: `${caseNo}.none.1`, action: 'complete' })).status).toBe(404)
    await append(api.db, caseNo, event('task-claimed', { task }, { id: 'economic-crime-1', unit: 'economic-crime' }))
    expect((await put('economic-crime-1', 'of-task-1', 0, { result: '写到一半' }, what)).body).toMatchObject({ caseNo, task, action: 'complete', gone: null })
    await append(api.db, caseNo, event('task-transferred', { task, to: 'economic-crime-2', reason: '外出办案' }, { id: 'economic-crime-leader', unit: 'economic-crime' }))
    const [mine] = await list('economic-crime-1', `?caseNo=${caseNo}`)
    expect(mine).toMatchObject({ form: { result: '写到一半' }, gone: { what: expect.stringMatching(/^经侦大队.*已将“.+”转给经侦大队 民警乙办理：外出办案$/) } })
    await append(api.db, caseNo, event('withdrawal-requested', { reason: '' }, { id: 'ent-01-contact', unit: null }), event('case-closed', { outcome: 'withdrawn', result: null }))
    expect((await list('economic-crime-1', `?caseNo=${caseNo}`))[0].gone).toMatchObject({ what: expect.stringContaining('已撤回本案'), at: expect.any(String) })
  })

  it('on a case, too', async () => {
    const caseNo = await openCase(api.db)
    expect((await put('ent-02-contact', 'of-case-1', 0, {}, { caseNo, action: 'comment' })).status).toBe(404)
    expect((await put('office-1', 'of-case-1', 0, { text: '批' }, { caseNo, action: 'comment' })).body).toMatchObject({ title: `${caseNo} 批注`, gone: null })
  })
})
