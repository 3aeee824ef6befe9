import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hoursFromNow } from '../../workflows/kit/fields.ts'
import { findBarriers, shoot, startWorkbench, type Workbench } from './browser.ts'
import { card, claim, complete, confirm, fillIn, take } from './hands.ts'

let w: Workbench
let caseNo: string
/** The case unit's window, which is never reloaded. */
let reporter: Page
beforeAll(async () => { w = await startWorkbench() }, 120_000)
afterAll(() => w?.close())

const inCase = (person: string): Promise<Page> => w.open(person, `/cases/${caseNo}`)
/** As it is typed into a field for date and time. */
const typed = (hours: number): string => hoursFromNow(hours).slice(0, 'YYYY-MM-DDTHH:mm'.length).replace('T', ' ')

it('is reported by the case unit, from the restricted area', async () => {
  reporter = await w.open('economic-crime-1', '/detentions')
  await reporter.getByRole('link', { name: '新报备' }).click()
  await reporter.locator('.ant-menu-item-selected', { hasText: '羁押报备' }).waitFor()
  const form = reporter.locator('.apply form')
  await fillIn(form, {
    案件编号: '示例经侦〔2026〕1号', 法律依据: '刑事诉讼法第八十一条、第八十二条', 姓名: '示例嫌疑人', 证件号码: '000000000000000000', 在企业中的身份: '实际控制人', 涉及企业: '示例袜业有限公司',
    羁押必要性理由: '可能毁灭、伪造证据，干扰证人作证或者串供', 证据编号: '证据卷一第 3 页', 其他强制措施: '取保候审', 不足以防止社会危险性的理由: '曾两次指使员工销毁账册。',
    企业持续经营预案: '印章由副总经理保管。', 拟执行时间: typed(24), 紧急情形: '否',
  })
  expect(await reporter.locator('.watermark text').first().textContent()).toBe('经侦大队 民警甲')
  // Nobody is represented here.
  expect(await form.getByText('所代企业').count()).toBe(0)
  expect(await findBarriers(reporter)).toEqual([])
  await shoot(reporter, 'detention-apply-1280')
  // A case of the office: nobody applies.
  const isOfOffice = async () => expect(await reporter.locator('body').innerText()).not.toMatch(/申请|受理|代为登记/)
  await isOfOffice()
  await reporter.getByRole('button', { name: '提交', exact: true }).click()
  await reporter.waitForURL(/:\d+\/cases\/DR-/)
  caseNo = reporter.url().split('/').at(-1)!
  await reporter.locator('.watermark').waitFor()
  await isOfOffice()
})

it('is not there for who takes no part in it, and its reviewers see no content before they have claimed it', async () => {
  const stranger = await inCase('public-order-1')
  await stranger.getByText('地址有误，或者您无权查看').waitFor()
  const legal = await w.open('legal-1', '/detentions')
  await legal.getByRole('link', { name: '法制审核' }).waitFor()
  expect(await legal.getByText('示例嫌疑人').count() + await legal.getByText('示例袜业').count()).toBe(0)
})

it('leads from every link to the step that can be claimed, with its deadline and no content', async () => {
  const legal = await w.open('legal-1', '/?view=candidate')
  const step = async (): Promise<void> => {
    await legal.getByText('受限：签收后显示案件内容。').waitFor()
    await card(legal, '法制审核').locator('.due').waitFor()
    await card(legal, '法制审核').getByRole('button', { name: '签收', exact: true }).waitFor()
  }
  await legal.goto('/notices')
  await legal.getByRole('link', { name: '请尽快签收任务' }).first().click()
  await step()
  await legal.goto('/?view=candidate')
  const row = legal.locator('tr', { hasText: caseNo })
  await row.getByRole('link').click()
  await step()
  expect(await findBarriers(legal)).toEqual([])
  await legal.goBack()
  await row.focus()
  await legal.keyboard.press('Enter')
  await step()
  // As from a mail, which names no step; and by its number.
  await legal.goto(`/cases/${caseNo}`)
  await step()
  await legal.goto('/')
  await legal.getByLabel('按案件编号或标题查找').fill(caseNo)
  await legal.keyboard.press('Enter')
  await step()
  expect(await legal.getByText('示例嫌疑人').count() + await legal.getByText('示例袜业').count()).toBe(0)
})

it('is sent back for what is missing; the reporter amends it, and both review it anew', async () => {
  const legal = await w.open('legal-1', '/detentions')
  await legal.getByRole('link', { name: '法制审核' }).click()
  await legal.getByRole('button', { name: '签收', exact: true }).click()
  await card(legal, '法制审核').getByText('办理人 本人').waitFor()
  await legal.getByText('曾两次指使员工销毁账册。').first().waitFor()
  await complete(legal, '法制审核', { 意见: '退回补充', 审核意见: '请写明工资发放安排。' })

  await reporter.getByRole('button', { name: '变更事实' }).click()
  const dialog = reporter.getByRole('dialog')
  await fillIn(dialog, { 企业持续经营预案: '印章由副总经理保管，工资由财务照常发放。', 理由: '按法制意见补充。' })
  expect(await findBarriers(reporter)).toEqual([])
  await shoot(reporter, 'detention-amend-1280')
  await confirm(dialog, '变更事实')
  await complete(reporter, '补充报备材料', { 补充说明: '已写明工资发放安排。' })

  await take(await inCase('legal-1'), '法制审核', { 意见: '同意', 审核意见: '事实清楚，程序合法。' })
  const office = await w.open('office-1', '/detentions')
  await office.getByRole('link', { name: '影响评估' }).click()
  await claim(office, '影响评估')
  await office.getByText('工资由财务照常发放').first().waitFor()
  await complete(office, '影响评估', { 意见: '附条件同意', 评估意见: '执行前完成印章交接。' })
})

it('is decided by a leader of the bureau who sees facts and opinions, under a watermark', async () => {
  const leader = await w.open('bureau-leader-1', '/detentions')
  await leader.getByRole('link', { name: '决定' }).click()
  const form = await claim(leader, '决定')
  await form.getByText('执行前完成印章交接。').waitFor()
  // Who has given an opinion, and where, stands there by name.
  await form.getByText('法制大队 审核员甲').waitFor()
  await form.getByText('法制审核（第 2 轮）').waitFor()
  expect(await leader.locator('.case-main, .task-card').allInnerTexts().then(texts => texts.join('\n').match(/\b(legal|office|economic-crime|ent)-\d+|DR-\d+\.[a-z]/g))).toBeNull()
  expect(await leader.locator('.watermark text').first().textContent()).toBe('局领导 分管领导甲')
  expect(await findBarriers(leader)).toEqual([])
  await shoot(leader, 'detention-decide-1280')
  await complete(leader, '决定', { 决定: '同意', 批示: '同意，落实企业持续经营预案。' })
})

it('is followed by the confirmation that nobody was detained after all, and ends; who has read it is on record', async () => {
  await card(reporter, '羁押节点确认（执行情况）').waitFor()
  await complete(reporter, '羁押节点确认（执行情况）', { 节点: '未执行羁押', 完成时间: typed(0), 说明: '已变更为取保候审。' })
  await reporter.locator('.case-head').getByText('已结束', { exact: true }).waitFor()
  expect((await w.api.get('economic-crime-1', `/api/cases/${caseNo}`)).body).toMatchObject({ status: 'closed', outcome: 'agreed', result: { carriedOut: false } })
  // Whoever could have claimed a step finds what became of it, and what he was told.
  const other = await inCase('legal-2')
  await other.getByText('您不参与本案的办理，看不到案件内容。').waitFor()
  await other.getByText(/^受限案件的任务待您或同岗人员签收，期限 /).first().waitFor()
  expect(await findBarriers(other)).toEqual([])
  await other.goto(`/cases/${caseNo}?task=${caseNo}.legal-review.1`)
  await other.getByText(/“法制审核”已经结束，不需再办。/).waitFor()
  const auditor = await w.open('auditor-1', '/audit?tab=access')
  await auditor.getByText(caseNo).first().waitFor()
  await auditor.getByText('局领导 分管领导甲').first().waitFor()
  expect(await findBarriers(auditor)).toEqual([])
  await shoot(auditor, 'audit-reads-1280')
})
