import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startRecordApi, type RecordApi } from '../../testing/test-record-api.ts'
import { adminRoutes } from './index.ts'

let api: RecordApi
beforeAll(async () => { api = await startRecordApi(deps => [adminRoutes(deps)]) })
afterAll(() => api.close())
beforeEach(() => api.owner.pool.query('TRUNCATE admin_log, webhook_destination'))

const asAdmin = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, payload?: object) => api.ask('admin-1', method, `/api/admin/${url}`, payload)
const logged = async () => JSON.stringify((await api.db.pool.query('SELECT * FROM admin_log ORDER BY id')).rows)
const secretOf = (text: string) => `whsec_${Buffer.from(text.padEnd(32, '.')).toString('base64')}`

describe('webhook destinations', () => {
  const webhook = { url: 'https://partner.example/hook?x=1', procedures: ['enterprise-appeal'] }

  it('get a secret that is told once and never again, not even to the auditors', async () => {
    const { status, body } = await asAdmin('POST', 'webhooks', webhook)
    expect([status, body]).toEqual([201, { id: expect.stringMatching(/^[0-9a-f-]{36}$/), ...webhook, active: true, secretFingerprint: expect.stringMatching(/^[0-9a-f]{8}$/), secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) }])
    expect((await api.db.pool.query('SELECT secret FROM webhook_destination')).rows).toEqual([{ secret: body.secret }])
    const { secret, ...shown } = body
    expect((await asAdmin('GET', 'webhooks')).body.items).toEqual([shown])
    expect(await logged()).not.toContain(secret)
    expect(api.log.join('')).not.toContain('whsec_')
    expect((await asAdmin('POST', 'webhooks', { ...webhook, url: 'https://other.example/' })).body.secret).not.toBe(secret)
  })

  it('take a secret that both already have; it is not repeated, and its fingerprint tells when it changes', async () => {
    const { body } = await asAdmin('POST', 'webhooks', { ...webhook, secret: secretOf('one') })
    expect(body).not.toHaveProperty('secret')
    const same = await asAdmin('PUT', `webhooks/${body.id}`, { procedures: webhook.procedures, active: false })
    expect(same).toMatchObject({ status: 200, body: { active: false, secretFingerprint: body.secretFingerprint } })
    expect((await api.db.pool.query('SELECT secret FROM webhook_destination')).rows).toEqual([{ secret: secretOf('one') }])
    const changed = await asAdmin('PUT', `webhooks/${body.id}`, { procedures: webhook.procedures, active: true, secret: secretOf('two') })
    expect(changed.body.secretFingerprint).not.toBe(body.secretFingerprint)
    expect(await logged()).not.toMatch(/whsec_/)
    expect(await logged()).toContain(changed.body.secretFingerprint)
  })

  it('are one for each address, and can be taken away', async () => {
    const { body } = await asAdmin('POST', 'webhooks', webhook)
    expect(await asAdmin('POST', 'webhooks', webhook)).toMatchObject({ status: 409, body: { code: 'already-exists' } })
    expect((await asAdmin('DELETE', `webhooks/${body.id}`)).status).toBe(204)
    expect((await asAdmin('GET', 'webhooks')).body.items).toEqual([])
    expect((await asAdmin('DELETE', `webhooks/${body.id}`)).status).toBe(404)
  })

  it.each([
    [{ url: 'ftp://partner.example/' }, '/url'], [{ url: 'partner' }, '/url'], [{ url: 'https://user:pass@partner.example/' }, '/url'], [{ url: 'https://partner.example/#x' }, '/url'],
    [{ url: `https://partner.example/${'x'.repeat(2000)}` }, '/url'],
    [{ procedures: [] }, '/procedures'], [{ procedures: ['nothing'] }, '/procedures/0'],
    [{ secret: 'secret' }, '/secret'], [{ secret: 'whsec_c2hvcnQ=' }, '/secret'], [{ secret: `whsec_${'*'.repeat(44)}` }, '/secret'], [{ secret: '' }, '/secret'],
    [{ active: 'yes' }, '/active'], [{ more: 1 }, '/more'],
  ])('are not %j', async (form, pointer) => {
    expect(await asAdmin('POST', 'webhooks', { ...webhook, ...form })).toMatchObject({ status: 400, body: { errors: [{ pointer }] } })
  })

  it('may have their address corrected, to none that another has, and keep it where none is given', async () => {
    const { url, ...rest } = webhook
    const { body } = await asAdmin('POST', 'webhooks', webhook)
    const corrected = 'https://corrected.example/hook'
    expect(await asAdmin('PUT', `webhooks/${body.id}`, { ...rest, url: corrected, active: true })).toMatchObject({ status: 200, body: { id: body.id, url: corrected } })
    expect(await asAdmin('PUT', `webhooks/${body.id}`, { ...rest, active: true })).toMatchObject({ status: 200, body: { url: corrected } })
    await asAdmin('POST', 'webhooks', webhook)
    expect((await asAdmin('PUT', `webhooks/${body.id}`, { ...rest, url, active: true })).status).toBe(409)
  })
})

describe('outside systems', () => {
  const system = { name: '金融风险平台', url: 'https://risk.example/cases' }
  const secrets = async (id: string) => (await api.db.pool.query('SELECT secrets FROM outside_system WHERE id = $1', [id])).rows[0]?.secrets

  it('change their secret without a gap: the one before stays valid until the next change', async () => {
    const { status, body } = await asAdmin('POST', 'systems', { id: 'risk', ...system })
    expect([status, body]).toMatchObject([201, { id: 'risk', ...system, secretFingerprints: [expect.any(String)], secret: expect.stringMatching(/^whsec_/) }])
    const put = (form: object) => asAdmin('PUT', 'systems/risk', { ...system, ...form })
    expect((await put({ name: '风险平台' })).body).toMatchObject({ name: '风险平台', secretFingerprints: body.secretFingerprints })
    expect((await put({ secret: secretOf('two') })).body.secretFingerprints).toEqual([expect.any(String), ...body.secretFingerprints])
    expect(await secrets('risk')).toEqual([secretOf('two'), body.secret])
    await put({ secret: secretOf('three') })
    expect(await secrets('risk')).toEqual([secretOf('three'), secretOf('two')])
    expect(await logged()).not.toMatch(/whsec_/)
    expect(JSON.stringify((await asAdmin('GET', 'systems')).body)).not.toMatch(/whsec_/)
  })

  it('are not taken away while a procedure, a task or a message needs them', async () => {
    await asAdmin('POST', 'systems', { id: 'spare', ...system })
    expect(await asAdmin('DELETE', 'systems/four-platforms')).toMatchObject({ status: 409, body: { code: 'in-use', detail: expect.stringContaining('涉企诉求办理') } })
    await api.owner.pool.query(`INSERT INTO notice (kind, id, case_no, channel, address, title, body, state, created_at) VALUES ('told', 'n1', 'CR-1', 'system', 'spare', 'pushed', '{}', 'sending', now())`)
    expect(await asAdmin('DELETE', 'systems/spare')).toMatchObject({ status: 409, body: { code: 'in-use' } })
    await api.owner.pool.query(`UPDATE notice SET state = 'done'`)
    expect((await asAdmin('DELETE', 'systems/spare')).status).toBe(204)
  })
})
