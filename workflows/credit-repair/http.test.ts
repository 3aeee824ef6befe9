import { afterAll, beforeAll, expect, it } from 'vitest'
import { startApi, type TestApi } from '../../api/testing/test-api.ts'
import { daysFromToday } from '../kit/fields.ts'
import { Application } from './forms.ts'

let api: TestApi
beforeAll(async () => { api = await startApi() })
afterAll(() => api?.close())

const [application] = Application.meta()!.examples as [Application]

async function file(change: object = {}): Promise<string> {
  const { status, body } = await api.post('ent-02-contact', '/api/procedures/credit-repair/cases', { ...application, ...change })
  expect(body).toMatchObject({ caseNo: expect.stringMatching(/^CR-/) })
  expect(status).toBe(201)
  return body.caseNo
}

async function complete(person: string, caseNo: string, name: string, form: object) {
  const { id } = await api.task(person, caseNo, name)
  await api.act(person, id, 'claim', {})
  return api.act(person, id, 'complete', form)
}
const caseAs = async (person: string, caseNo: string) => (await api.get(person, `/api/cases/${caseNo}`)).body

it('runs over HTTP on PostgreSQL: supplemented once, repaired, pushed, graded over what is in the record', async () => {
  const other = await file({ severity: 'minor', decidedOn: daysFromToday(-10), decisionNo: '示例〔2026〕2号' })
  expect(await complete('legal-1', other, 'accept', { decision: 'accept' })).toMatchObject({ status: 200 })

  const caseNo = await file()
  await complete('legal-1', caseNo, 'accept', { decision: 'supplement', missing: '整改验收意见书' })
  expect(await caseAs('ent-02-contact', caseNo)).toMatchObject({ status: 'paused', stage: 'supplement' })
  await complete('ent-02-contact', caseNo, 'supplement', { text: '已补齐。' })
  const again = await complete('legal-1', caseNo, 'accept', { decision: 'supplement', missing: '缴款凭证' })
  expect(again).toMatchObject({ status: 400, body: { code: 'bad-form', errors: [{ pointer: '/decision', detail: expect.stringContaining('补正只能通知一次') }] } })
  await complete('legal-1', caseNo, 'accept', { decision: 'accept' })

  await complete('public-order-1', caseNo, 'verify', { fulfilled: true, text: '罚款已缴清。' })
  await complete('legal-2', caseNo, 'review', { agree: true, text: '符合修复条件。' })
  await complete('legal-leader', caseNo, 'decide', { decision: 'repair', text: '准予信用修复。' })
  const closed = await caseAs('ent-02-contact', caseNo)
  expect(closed).toMatchObject({ status: 'closed', outcome: 'repaired', result: { documentNo: expect.stringMatching(/^诸公信修〔\d{4}〕1号$/), credit: { score: 92, grade: 'A', before: { score: 80, grade: 'B' } } } })
  expect(closed.result.credit.figures.map((f: { points: number }) => f.points)).toEqual([100, -5, -3])

  const { rows: [pushed] } = await api.system.db.pool.query(`SELECT address, body FROM notice WHERE case_no = $1 AND channel = 'system'`, [caseNo])
  expect(pushed.address).toBe('credit-platform')
  expect(JSON.parse(pushed.body)).toMatchObject({ action: 'credit-repaired', documentNo: closed.result.documentNo, enterprise: { uscc: '91999999MA0000002R' } })
  expect((await api.get('legal-leader', `/api/cases/${caseNo}/events/verify`)).body).toMatchObject({ ok: true })
  expect((await api.post('ent-02-contact', `/api/cases/${other}/actions/withdraw`, {})).status).toBe(200)
})

it('answers an application that comes too early at once, and leaves a timer that will remind of it', async () => {
  const caseNo = await file({ severity: 'serious', decidedOn: daysFromToday(-1), remindWhenEligible: true })
  expect(await caseAs('ent-02-contact', caseNo)).toMatchObject({ status: 'closed', outcome: 'not-yet-eligible', result: { reminded: true, firstDate: expect.stringMatching(/^\d{4}-/) } })
  const waiting = async () => {
    for await (const w of api.system.temporal.client.workflow.list({ query: 'WorkflowType = "tellLater" AND ExecutionStatus = "Running"' })) return w.workflowId
  }
  await expect.poll(waiting, { timeout: 10_000 }).toMatch(`${caseNo}.`)
})
