import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { daysFromToday } from '../../workflows/kit/fields.ts'
import { findBarriers, shoot, startWorkbench, type Workbench } from './browser.ts'
import { card, claim, complete, fillIn, submit, take } from './hands.ts'

let w: Workbench
let enterprise: Page
let caseNo: string
/** The officer on duty, who differs by the hour, and another of the unit. */
let duty: string
const other = (): string => duty === 'anti-drug-4' ? 'anti-drug-1' : 'anti-drug-4'
beforeAll(async () => { w = await startWorkbench() }, 120_000)
afterAll(() => w?.close())

it('is applied for on the phone, and promised within 24 hours', async () => {
  enterprise = await w.open('ent-04-contact', '/services/apply/precursor-purchase', { width: 390, height: 844 })
  const form = enterprise.locator('.apply form')
  await fillIn(form, {
    '购买主体': '单位', '品名': '60-29-7', '申购数量（千克）': 12.3456, '现有库存（千克）': 0, '月均用量（千克）': 5, '用途': '实验室萃取', '供货单位': '示例试剂经营部', '经营许可证或备案号': '示例备案 0002',
    '收货地址': '示例市示例路 2 号实验楼', '营业执照或许可证号': '示例许可 0002', '有效期至': daysFromToday(365), '合法使用需要证明': '合法使用需要证明（示例 2 号）', '使用方式': '一次使用（有效期 1 个月）',
  })
  expect(await findBarriers(enterprise)).toEqual([])
  await shoot(enterprise, 'apply-purchase-390')
  await enterprise.getByRole('button', { name: '提交申请' }).click()
  await enterprise.getByText('距承诺办结还有').waitFor()
  caseNo = enterprise.url().split('/').at(-1)!
})

it('is examined by the officer on duty beside what the rules have found, and again by another', async () => {
  duty = (await w.api.task('office-1', caseNo, 'examine')).holder?.id ?? 'anti-drug-1'
  const examiner = await w.open(duty, `/cases/${caseNo}`)
  await card(examiner, '审查').getByText(/第二类/).first().waitFor()
  expect(await findBarriers(examiner)).toEqual([])
  await shoot(examiner, 'purchase-examine-1280')
  await take(examiner, '审查', { 审查意见: '同意' })
  await examiner.getByText('您已办理过本案的其他环节，本环节须由他人办理').waitFor()

  const second = await w.open(other(), `/cases/${caseNo}`)
  await claim(second, '复核')
  await complete(second, '复核', { 同意审查意见: '是' })
  await second.getByRole('tab', { name: '文书 1' }).waitFor()
})

it('is certified with a number, and the promise is kept', async () => {
  const { body: { documents: [document] } } = await w.api.get('office-1', `/api/cases/${caseNo}`)
  expect(document.number).toMatch(/^易制毒购备〔\d{4}〕1号$/)
  await enterprise.getByText('请您购买情况报告').waitFor()
  await enterprise.getByText(document.number).first().waitFor()
  await enterprise.getByText('12.3456', { exact: true }).first().waitFor()
  expect(await enterprise.getByText('距承诺办结还有').count()).toBe(0)
  expect(await findBarriers(enterprise)).toEqual([])
  await shoot(enterprise, 'purchase-certified-390')
})

it('is over once the enterprise has reported what it received and what it has left', async () => {
  const turn = enterprise.locator('.turn')
  await fillIn(turn, { '说明': '已全部入库。' })
  await turn.getByRole('spinbutton').nth(0).fill('１０．０')
  await turn.getByRole('spinbutton').nth(1).fill('0.0004')
  await submit(turn)
  await enterprise.locator('.standing-words', { hasText: '已备案' }).waitFor()
  expect((await w.api.get('office-1', `/api/cases/${caseNo}`)).body).toMatchObject({ status: 'closed', outcome: 'approved', result: { receivedKg: [10], stockKg: [0.0004] } })
  await enterprise.getByText('0.0004', { exact: true }).first().waitFor()
  expect(await findBarriers(enterprise)).toEqual([])
})

it('of the first category is refused at once, with where to go', async () => {
  const { body: { application: { examples: [example] } } } = await w.api.get('ent-05-contact', '/api/procedures/precursor-purchase')
  const filed = await w.api.post('ent-05-contact', '/api/procedures/precursor-purchase/cases', { ...example, items: [{ cas: '94-59-7', quantityKg: 1, stockKg: 0, monthlyUseKg: 1 }] })
  const page = await w.open('ent-05-contact', `/services/cases/${filed.body.caseNo}`)
  await page.locator('.standing-words', { hasText: '不属本机关管辖' }).waitFor()
  await page.getByText(/省/).first().waitFor()
  expect(await findBarriers(page)).toEqual([])
  await shoot(page, 'purchase-not-competent-1280')
})
