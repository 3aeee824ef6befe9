import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApi, type TestApi } from '../../api/testing/test-api.ts'
import { Application } from './forms.ts'

let api: TestApi
beforeAll(async () => { api = await startApi() })
afterAll(() => api?.close())

const [application] = Application.meta()!.examples as [Application]

async function file(person: string, change: object = {}): Promise<string> {
  const { status, body } = await api.post(person, '/api/procedures/precursor-purchase/cases', { ...application, ...change })
  expect(body).toMatchObject({ caseNo: expect.stringMatching(/^PP-/) })
  expect(status).toBe(201)
  return body.caseNo
}

async function complete(person: string, caseNo: string, name: string, form: object) {
  const { id } = await api.task(person, caseNo, name)
  await api.act(person, id, 'claim', {})
  return api.act(person, id, 'complete', form)
}

it('runs over HTTP on PostgreSQL: certified, reported, and counted together with the next purchase at the same address', async () => {
  const first = await file('ent-04-contact', { items: [{ cas: '108-88-3', quantityKg: 900, stockKg: 0, monthlyUseKg: 400 }] })
  expect(await complete('anti-drug-1', first, 'examine', { decision: 'approve' })).toMatchObject({ status: 200, body: { status: 'completed' } })
  const { rows: [certificate] } = await api.system.db.pool.query('SELECT number, content FROM document WHERE case_no = $1', [first])
  expect(certificate).toMatchObject({ number: expect.stringMatching(/^易制毒购备〔\d{4}〕1号$/), content: { mode: 'single', items: [{ name: '甲苯', quantityKg: 900 }] } })

  const short = await complete('ent-04-contact', first, 'usage-report', { receivedKg: [900, 1], stockKg: [0, 1] })
  expect(short).toMatchObject({ status: 400, body: { code: 'bad-form', errors: [{ pointer: '/receivedKg' }, { pointer: '/stockKg' }] } })
  await complete('ent-04-contact', first, 'usage-report', { receivedKg: [900], stockKg: [0] })
  expect((await api.get('ent-04-contact', `/api/cases/${first}`)).body).toMatchObject({ status: 'closed', outcome: 'approved', result: { certificate: certificate.number } })

  const second = await file('ent-05-contact', { items: [{ cas: '108-88-3', quantityKg: 200, stockKg: 0, monthlyUseKg: 400 }], buyer: undefined })
  await complete('anti-drug-1', second, 'examine', { decision: 'approve' })
  const again = await api.task('anti-drug-2', second, 'second-examine')
  expect((await api.get('anti-drug-2', `/api/tasks/${again.id}`)).body.context.check.hits).toMatchObject([{ rule: 'splitting', explanation: expect.stringMatching(/^同一收货地址 7 天内 2 次申购甲苯/) }])
  expect((await api.post('ent-05-contact', `/api/cases/${second}/actions/withdraw`, {})).status).toBe(200)
})

it('refuses an approval against the rules with a pointer to the decision, and changes nothing', async () => {
  const caseNo = await file('ent-06-contact', { licence: { no: '示例 0006', validUntil: '2020-01-01' }, deliverTo: '示例市示例路 6 号' })
  const refused = await complete('anti-drug-1', caseNo, 'examine', { decision: 'approve' })
  expect(refused).toMatchObject({ status: 400, body: { code: 'bad-form', errors: [{ pointer: '/decision', detail: expect.stringContaining('已过期') }] } })
  expect((await api.task('anti-drug-1', caseNo, 'examine')).status).toBe('claimed')
  await complete('anti-drug-1', caseNo, 'examine', { decision: 'reject', reason: '证照已过期。' })
  expect((await api.get('ent-06-contact', `/api/cases/${caseNo}`)).body).toMatchObject({ outcome: 'rejected', result: { reasons: ['证照已过期。'] } })
})
