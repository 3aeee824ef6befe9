import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findBarriers, shoot, startWorkbench, type Workbench } from './browser.ts'
import { card, claim, confirm, fillIn, submit, take } from './hands.ts'

let w: Workbench
let caseNo: string
/** The desk's window on the case, which is never reloaded. */
let desk: Page
beforeAll(async () => {
  w = await startWorkbench()
  caseNo = (await w.api.file()).caseNo
  desk = await w.open('desk-1', `/cases/${caseNo}`)
}, 120_000)
afterAll(() => w?.close())

const officer = (person: string): Promise<Page> => w.open(person, `/cases/${caseNo}`)
const completed = async (): Promise<string[]> =>
  (await w.api.get('desk-1', `/api/cases/${caseNo}/events`)).body.filter((e: { type: string }) => e.type === 'task-completed').map((e: { data: { task: string } }) => e.data.task)

it('is routed, returned with a reason, and routed anew in a second round that the desk sees without reloading', async () => {
  await take(desk, '分流', { 分流意见: '公安受理', 责任单位: '经侦大队', 复杂程度: '一般（5 个工作日）' })
  const handler = await officer('economic-crime-1')
  const form = await claim(handler, '办理')
  await form.getByRole('button', { name: '退回', exact: true }).click()
  const dialog = handler.getByRole('dialog')
  await fillIn(dialog, { 退回到哪一环节: '分流', 理由: '属治安案件，不归经侦管辖。' })
  await confirm(dialog, '退回')
  await card(handler, '办理').waitFor({ state: 'detached' })

  await card(desk, '分流').getByText('第 2 轮').waitFor()
  await desk.getByText('属治安案件，不归经侦管辖。').locator('visible=true').first().waitFor()
  expect(await findBarriers(desk)).toEqual([])
  await shoot(desk, 'appeal-returned-1280')
  await take(desk, '分流', { 分流意见: '公安受理', 责任单位: '治安大队', 复杂程度: '一般（5 个工作日）' })
})

it('is let go of by an officer who declares a conflict of interest; from then on it is not before his eyes', async () => {
  const first = await officer('public-order-1')
  const form = await claim(first, '办理')
  await form.getByRole('button', { name: '申报回避' }).click()
  const dialog = first.getByRole('dialog')
  await fillIn(dialog, { 理由: '与申请企业负责人有亲属关系。' })
  await confirm(dialog, '申报回避')
  await first.getByText('您不参与本案的办理，看不到案件内容。').waitFor()
  await first.goto('/?view=candidate')
  await first.getByText('没有待签收的任务').waitFor()
  expect((await w.api.act('public-order-1', `${caseNo}.handle.2`, 'claim')).body.code).toBe('conflict-of-interest')
})

it('keeps what is half written over a restart of the server, finds it again, and is decided once', async () => {
  const second = await officer('public-order-2')
  const form = await claim(second, '办理')
  await fillIn(form, { 办理结果: '已约谈当事人，滋扰停止。' })
  await w.stop()
  await submit(form)
  await form.getByText('连接不上服务器').waitFor()
  await w.start()
  expect(await form.getByLabel('办理结果').inputValue()).toBe('已约谈当事人，滋扰停止。')
  await form.getByRole('button', { name: '再次提交' }).click()
  await second.getByRole('button', { name: '确认提交办理结果' }).click()
  await second.getByText('已提交办理结果：办理').first().waitFor()
  await second.getByText('答复企业').first().waitFor()
  expect((await completed()).filter(task => task.includes('.handle.'))).toEqual([`${caseNo}.handle.1`, `${caseNo}.handle.2`])
})

it('is talked about: officers among themselves, and with the enterprise, which reads what is for it; each is told, and led to it', async () => {
  const second = await officer('public-order-2')
  const enterprise = await w.open('ent-01-contact', `/services/cases/${caseNo}`)
  const thread = (page: Page) => page.locator('.ant-card', { has: page.locator('.ant-card-head-title', { hasText: /^留言/ }) })
  await thread(second).getByText('只有办案人员能看到，企业看不到').waitFor()
  await fillIn(thread(second), { 内容: '企业要求书面答复。' })
  await thread(second).getByRole('button', { name: '内部批注', exact: true }).click()
  await thread(desk).getByText('企业要求书面答复。').waitFor()
  expect(await thread(second).getByLabel('内容').inputValue()).toBe('')
  await fillIn(thread(second), { 内容: '书面答复已在拟制。' })
  await thread(second).getByRole('button', { name: '答复企业', exact: true }).click()
  await thread(enterprise).getByText('书面答复已在拟制。').waitFor()
  expect(await enterprise.getByText('企业要求书面答复。').count()).toBe(0)
  expect([await findBarriers(second), await findBarriers(desk), await findBarriers(enterprise)]).toEqual([[], [], []])
  await shoot(second, 'appeal-comments-1280')

  await enterprise.goto('/notices')
  await enterprise.getByRole('link', { name: '办理单位答复' }).click()
  await enterprise.waitForURL(`**/services/cases/${caseNo}`)
  for (const words of ['请寄到公司。', '收件人写联系人。']) {
    await thread(enterprise).getByLabel('留言内容').fill(words)
    await thread(enterprise).getByRole('button', { name: '留言', exact: true }).click()
    await thread(enterprise).locator('.comments', { hasText: words }).waitFor()
  }
  const told = await w.open('public-order-2', '/notices')
  await told.getByText('企业留言（共 2 条留言）').click()
  await told.waitForURL(`**/cases/${caseNo}*`)
  await thread(told).getByText('收件人写联系人。').waitFor()
  const unread = await w.open('desk-1', '/notices')
  await unread.getByRole('link', { name: /^待签收：“分流”/ }).waitFor()
  expect(await findBarriers(unread)).toEqual([])
  await unread.getByRole('button', { name: '全部标为已读' }).click()
  await unread.getByText('没有未读通知').waitFor()
  expect((await w.api.get('desk-1', '/api/me')).body.unread).toBe(0)
})

it('is answered, and over with the enterprise’s rating', async () => {
  await take(await officer('public-order-2'), '答复企业', { 答复内容: '您反映的事项已办结：滋扰已停止。' })
  const enterprise = await w.open('ent-01-contact', `/services/cases/${caseNo}`)
  await enterprise.getByText('您反映的事项已办结：滋扰已停止。').first().waitFor()
  await enterprise.getByRole('radio', { name: '非常满意' }).check()
  await submit(enterprise.locator('.turn'))
  await desk.locator('.case-head').getByText('已办结', { exact: true }).waitFor()
  expect((await w.api.get('desk-1', `/api/cases/${caseNo}`)).body).toMatchObject({ status: 'closed', outcome: 'resolved', rating: 'very-satisfied' })
})
