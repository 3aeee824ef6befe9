import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { daysFromToday } from '../../workflows/kit/fields.ts'
import { findBarriers, missingOnPaper, onPaper, shoot, startWorkbench, type Workbench } from './browser.ts'
import { card, claim, complete, fillIn, submit, take } from './hands.ts'

let w: Workbench
/** The enterprise's window on its case, which is never reloaded. */
let enterprise: Page
let caseNo: string
beforeAll(async () => { w = await startWorkbench() }, 120_000)
afterAll(() => w?.close())

const officer = (person: string): Promise<Page> => w.open(person, `/cases/${caseNo}`)

it('is applied for by the enterprise, in the form that the procedure describes', async () => {
  enterprise = await w.open('ent-02-contact', '/services')
  await enterprise.getByRole('link', { name: '申请：企业信用修复' }).click()
  const form = enterprise.locator('.apply form')
  await fillIn(form, {
    '处罚决定书文号': '示例公（治）行罚决字〔2026〕1号', '处罚决定日期': daysFromToday(-120), '作出决定的单位': '治安大队', '失信程度': '一般',
    '已履行的义务': '缴纳罚款', '证明材料': '缴款凭证',
  })
  await enterprise.getByRole('button', { name: '提交申请' }).click()
  await form.getByText('必须填写').first().waitFor()
  expect(await findBarriers(enterprise)).toEqual([])
  await fillIn(form, { 信用承诺: '是' })
  await enterprise.getByRole('button', { name: '提交申请' }).click()
  await enterprise.getByText('法制大队正在办理：受理').waitFor()
  caseNo = enterprise.url().split('/').at(-1)!
  await enterprise.getByText(/我们承诺在10个工作日内（.*前）办结/).first().waitFor()
})

it('is supplemented once: the clock stands still, and asking again is refused at the field', async () => {
  const legal = await officer('legal-1')
  await take(legal, '受理', { 受理意见: '补正', 应补正的材料: '整改验收意见书' })
  await legal.getByText('期限暂停计算').waitFor()
  const turn = enterprise.locator('.turn')
  await turn.getByText('整改验收意见书').waitFor()
  // On paper it is what is asked for, without anything to press or to fill in.
  const paper = await onPaper(enterprise, 'repair-supplement')
  expect(missingOnPaper(paper, ['请您补正', '整改验收意见书', '示例公（治）行罚决字〔2026〕1号', '办理进度'])).toEqual([])
  expect(paper).not.toMatch(/补正说明|(?<!\d)提交$|上传材料|每份不超过|留言内容|催办|撤回|期限说明|返回办事|主菜单/m)
  await fillIn(turn, { 补正说明: '已补齐整改验收意见书。' })
  await submit(turn)
  await enterprise.getByText('法制大队正在办理：受理').waitFor()

  const form = await claim(legal, '受理')
  await fillIn(form, { 受理意见: '补正', 应补正的材料: '缴款凭证' })
  await submit(form)
  const refusal = form.getByRole('radiogroup', { name: '受理意见' }).locator('xpath=ancestor::*[contains(@class, "ant-form-item ")][1]').getByText('补正只能通知一次')
  await refusal.waitFor()
  expect(await form.getByRole('radiogroup', { name: '受理意见' }).evaluate(one => one.contains(document.activeElement))).toBe(true)
  expect(await findBarriers(legal)).toEqual([])
  await shoot(legal, 'repair-refused-1280')
  await fillIn(form, { 受理意见: '受理' })
  await refusal.waitFor({ state: 'detached' })
  await legal.reload()
  await complete(legal, '受理', { 受理意见: '受理' })
  await legal.getByText('治安大队', { exact: true }).first().waitFor()
})

it('is verified, reviewed and decided by three others; whoever accepted reads why it is not for him', async () => {
  await take(await officer('public-order-1'), '核查', { 义务已履行: '是', 核查情况: '罚款已缴清，现场复查整改到位。' })
  const first = await officer('legal-1')
  await first.getByText('您已办理过本案的其他环节，本环节须由他人办理').waitFor()
  expect(await first.getByRole('button', { name: '签收' }).count()).toBe(0)
  expect(await findBarriers(first)).toEqual([])
  await shoot(first, 'repair-four-eyes-1280')

  const second = await officer('legal-2')
  const form = await claim(second, '审核')
  await form.getByText('罚款已缴清，现场复查整改到位。').waitFor()
  await complete(second, '审核', { 同意核查意见: '是', 审核意见: '材料齐全，符合修复条件。' })
  await take(await officer('legal-leader'), '决定', { 决定: '准予修复', 决定理由: '义务已全部履行，准予信用修复。' })
})

it('ends with a numbered decision, which the enterprise reads without reloading', async () => {
  await enterprise.getByText('准予修复').first().waitFor()
  const { body: { documents: [document], result } } = await w.api.get('legal-leader', `/api/cases/${caseNo}`)
  expect(document.number).toMatch(/^诸公信修〔\d{4}〕1号$/)
  await enterprise.locator('.ant-card', { hasText: '文书' }).getByText(document.number, { exact: true }).waitFor()
  await enterprise.getByText(document.number).first().waitFor()
  expect(result).toMatchObject({ documentNo: document.number, credit: { before: expect.anything() } })
  expect(await findBarriers(enterprise)).toEqual([])
  await shoot(enterprise, 'repair-decided-1280')

  const leader = await officer('legal-leader')
  await leader.getByRole('tab', { name: '文书 1' }).click()
  await leader.getByRole('heading', { name: document.number }).waitFor()
  await leader.getByText(/已校验，\d+ 条记录未被改动/).waitFor()
  expect(await card(leader, '决定').count()).toBe(0)
  expect(await findBarriers(leader)).toEqual([])
  await shoot(leader, 'repair-case-1280')
})

it('is printed as a file: what was applied for, what everybody said, decided, handed in and did, though one tab only is open', async () => {
  await enterprise.locator('input[type=file]').last().setInputFiles({ name: '整改验收意见书.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n示例\n%%EOF') })
  await enterprise.getByRole('link', { name: /整改验收意见书\.pdf/ }).waitFor()
  const { body: file } = await w.api.get('legal-leader', `/api/cases/${caseNo}`)
  const leader = await officer('legal-leader')
  await leader.getByRole('tab', { name: '材料 1' }).waitFor()
  await leader.getByText(/已校验，\d+ 条记录未被改动/).waitFor()
  const paper = await onPaper(leader, 'repair-dossier')
  expect(missingOnPaper(paper, [
    caseNo, file.title, '准予修复', '申请内容', '示例公（治）行罚决字〔2026〕1号', '各环节意见', '罚款已缴清，现场复查整改到位。', '材料齐全，符合修复条件。', '义务已全部履行，准予信用修复。',
    '系统核验', '文书', file.documents[0].number, '材料', '整改验收意见书.pdf', '办理经过', '提交申请，案件建立', '签收“核查”', '条记录未被改动',
  ])).toEqual([])
  expect(paper).not.toMatch(/跳到正文|主菜单|打印|期限说明|流程监看|上传材料|每份不超过|要点|全部\d+条|图文字/)
  const handedIn = await onPaper(enterprise, 'repair-applicant')
  expect(missingOnPaper(handedIn, ['准予修复', file.documents[0].number, '整改验收意见书.pdf', '申请内容'])).toEqual([])
})
