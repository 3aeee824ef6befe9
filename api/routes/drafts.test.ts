import { afterAll, beforeAll, expect, it } from 'vitest'
import { startRecordApi, type RecordApi } from '../testing/test-record-api.ts'
import { draftRoutes } from './drafts.ts'

let api: RecordApi
beforeAll(async () => { api = await startRecordApi(deps => [draftRoutes(deps)]) })
afterAll(() => api.close())

const url = '/api/drafts/enterprise-appeal'
const get = async (person: string, at = url) => (await api.ask(person, 'GET', at)).body

it('is kept as it was typed, one for each person and procedure, and is theirs alone', async () => {
  expect(await get('ent-01-contact')).toBeNull()
  await api.ask('ent-01-contact', 'PUT', url, { form: { subject: '初稿' } })
  await api.ask('ent-01-contact', 'PUT', url, { form: { subject: '第二稿', kind: 'no such kind' } })
  await api.ask('ent-02-contact', 'PUT', url, { form: { subject: '别家的' } })
  expect(await get('ent-01-contact')).toEqual({ form: { subject: '第二稿', kind: 'no such kind' }, savedAt: expect.stringMatching(/\+08:00$/) })
  expect(await get('ent-01-contact', '/api/drafts/credit-repair')).toBeNull()
})

it('is gone when it is deleted, also twice', async () => {
  await api.ask('economic-crime-1', 'PUT', url, { form: { subject: '代填' } })
  for (const _ of [1, 2]) expect((await api.ask('economic-crime-1', 'DELETE', url)).status).toBe(204)
  expect(await get('economic-crime-1')).toBeNull()
})

it('is forgotten when it was left for long', async () => {
  await api.ask('ent-03-contact', 'PUT', url, { form: { subject: '旧' } })
  await api.owner.pool.query(`UPDATE draft SET saved_at = now() - interval '91 days' WHERE person_id = 'ent-03-contact'`)
  await api.ask('ent-01-contact', 'PUT', url, { form: {} })
  expect(await get('ent-03-contact')).toBeNull()
})

it('is of a procedure that there is, not too long, and never in the log', async () => {
  expect((await api.ask('ent-01-contact', 'PUT', '/api/drafts/no-such', { form: {} })).body).toMatchObject({ code: 'not-found' })
  expect((await api.ask('ent-01-contact', 'PUT', url, { form: { subject: '长'.repeat(50_000) } })).status).toBe(413)
  expect((await api.ask('ent-01-contact', 'PUT', url, { form: { subject: '\u0000' } })).body).toMatchObject({ errors: [{ pointer: '/form/subject' }] })
  expect(api.log.join('')).toContain('/api/drafts/:procedure')
  expect(api.log.join('')).not.toMatch(/初稿|第二稿/)
})
