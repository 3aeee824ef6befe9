import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { append, event, openCase, taskOpened } from '../../../test/sample-case.ts'
import { startRecordApi, type RecordApi } from '../../testing/test-record-api.ts'
import { adminRoutes } from './index.ts'

let api: RecordApi
beforeAll(async () => { api = await startRecordApi(deps => [adminRoutes(deps)]) })
afterAll(() => api.close())
beforeEach(() => api.owner.pool.query('TRUNCATE admin_log, notice_text'))

const asAdmin = (method: 'GET' | 'PUT' | 'DELETE', url = '', payload?: object) => api.ask('admin-1', method, `/api/admin/notice-texts${url}`, payload)
const changes = async () => (await api.db.pool.query('SELECT person_id AS by, what, before, after FROM admin_log ORDER BY id')).rows
const textOf = async (procedure: string, kind: string) =>
  (await asAdmin('GET')).body.items.find((p: { procedure: string }) => p.procedure === procedure).texts.find((t: { kind: string }) => t.kind === kind)
const own = { title: '抓紧：{环节}', body: '{事项}（{编号}）{期限} 到期，逾期将出示黄牌。', reason: '讲清后果。' }
const reminder = '/enterprise-appeal/reminded'

/** What the unit's leader reads when somebody is to be reminded of a task in a new case that nobody holds. */
async function noticeOf(procedure: string, restricted = false) {
  const caseNo = await openCase(api.db, no => [taskOpened(no, { title: '机密任务' })], { procedure, restricted })
  await append(api.db, caseNo, event('reminded', { clock: `${caseNo}.handle.1`, dueAt: '2026-03-12T23:59:59+08:00' }))
  const { rows: [notice] } = await api.db.pool.query(`SELECT title, body FROM notice WHERE case_no = $1 AND person_id = 'economic-crime-leader'`, [caseNo])
  return { caseNo, ...notice }
}

it('is for administrators alone', async () => {
  for (const person of ['office-1', 'legal-leader', 'bureau-leader-1', 'auditor-1', 'ent-01-contact']) {
    for (const [method, url] of [['GET', ''], ['PUT', reminder], ['DELETE', reminder]] as const) expect((await api.ask(person, method, `/api/admin/notice-texts${url}`, method === 'GET' ? undefined : own)).status).toBe(403)
  }
  expect(await changes()).toEqual([])
})

it('lists each procedure’s texts with what may stand in them, and what that is in a sample case', async () => {
  expect(await textOf('enterprise-appeal', 'reminded')).toEqual({
    kind: 'reminded', when: '期限将至', to: expect.stringContaining('办理人'), outside: false, title: '期限将至：{环节}', body: '{事项}期限将至，期限 {期限}，请抓紧办理。',
    standard: { title: '期限将至：{环节}', body: '{事项}期限将至，期限 {期限}，请抓紧办理。' }, changed: null,
    placeholders: ['案件', '编号', '事项', '环节', '期限'].map(name => ({ name, means: expect.any(String), sample: expect.any(String) })),
  })
  expect((await textOf('credit-repair', 'document-issued')).placeholders.map((p: { name: string }) => p.name)).toEqual(['案件', '编号', '文号'])
})

it('changes the notices written later of that procedure alone, until the standard is restored', async () => {
  expect((await noticeOf('enterprise-appeal')).title).toBe('期限将至：“机密任务”')
  expect((await asAdmin('PUT', reminder, own)).status).toBe(200)
  const { caseNo, title, body } = await noticeOf('enterprise-appeal')
  expect([title, body]).toEqual(['抓紧：“机密任务”', `《货车被扣》的“机密任务”（${caseNo}）2026年3月12日 23:59 到期，逾期将出示黄牌。`])
  expect((await noticeOf('credit-repair')).title).toBe('期限将至：“机密任务”')
  expect(await textOf('enterprise-appeal', 'reminded')).toMatchObject({ title: own.title, changed: { reason: own.reason, by: { id: 'admin-1' } }, standard: { title: '期限将至：{环节}' } })
  expect((await asAdmin('DELETE', reminder)).status).toBe(204)
  expect((await asAdmin('DELETE', reminder)).status).toBe(404)
  expect((await noticeOf('enterprise-appeal')).title).toBe('期限将至：“机密任务”')
  expect((await changes()).map(c => [c.by, c.what, c.before?.title, c.after?.title])).toEqual([
    ['admin-1', 'notice-texts/enterprise-appeal/reminded', undefined, own.title], ['admin-1', 'notice-texts/enterprise-appeal/reminded', own.title, undefined],
  ])
})

it('tells nothing of a restricted case, whatever stands in its text', async () => {
  expect((await asAdmin('PUT', '/detention-report/reminded', { ...own, body: '{案件}{编号}{事项}{环节}{期限} 到期' })).status).toBe(200)
  const { caseNo, title, body } = await noticeOf('detention-report', true)
  expect([title, body]).toEqual(['抓紧：任务', `受限案件${caseNo}受限案件的任务任务2026年3月12日 23:59 到期`])
})

describe('refuses', () => {
  it.each([
    ['an unknown placeholder', { body: '{申请人}的案件' }, '/body'], ['one of another kind', { title: '{文号}' }, '/title'], ['a brace left open', { body: '{案件' }, '/body'],
    ['an empty title', { title: ' ' }, '/title'], ['a title of two lines', { title: 'a\nb' }, '/title'], ['no reason', { reason: '' }, '/reason'], ['an unknown field', { outside: true }, '/outside'],
  ])('%s', async (_what, form, pointer) => {
    expect(await asAdmin('PUT', reminder, { ...own, ...form })).toMatchObject({ status: 400, body: { code: 'bad-form', errors: [{ pointer, detail: expect.stringMatching(/\p{Script=Han}/u) }] } })
    expect(await changes()).toEqual([])
  })

  it('kinds and procedures that there are not', async () => {
    for (const url of ['/nothing/reminded', '/enterprise-appeal/nothing', '/enterprise-appeal/constructor', '/detention-report/document-issued']) expect((await asAdmin('PUT', url, own)).status).toBe(404)
  })
})
