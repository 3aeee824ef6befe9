import { afterAll, beforeAll, expect, it } from 'vitest'
import { appeal } from '../../api/testing/test-api.ts'
import { findBarriers, shoot, startWorkbench, type Workbench } from './browser.ts'
import { fillIn } from './hands.ts'

let w: Workbench
beforeAll(async () => {
  w = await startWorkbench()
  for (const [i, subject] of ['货款被拖欠并遭上门滋扰', '厂区周边货车通行受限', '涉嫌商标侵权，请求指导取证'].entries()) {
    await w.api.file(`ent-0${i + 1}-contact`, { ...appeal, subject, description: '客户拖欠货款，近日多次派人到厂区滋扰，影响正常生产，请求帮助。', urgency: 'normal', place: '示例街道 1 号' })
  }
}, 120_000)
afterAll(() => w?.close())

it('routes what has come in by two clicks, and the next one stands ready', async () => {
  const page = await w.open('desk-1', '/desk', { width: 1920, height: 1080 })
  await page.getByText('待分流 3 件').waitFor()
  await page.getByRole('heading', { name: '货款被拖欠并遭上门滋扰' }).waitFor()
  const usual = page.getByRole('group', { name: '常用去向' })
  await usual.waitFor()
  await shoot(page, 'desk-1920')
  expect(await findBarriers(page)).toEqual([])
  await usual.getByRole('button').first().click()
  await page.getByRole('button', { name: '确认分流' }).waitFor()
  await shoot(page, 'desk-chosen-1920')
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('button', { name: '确认分流' }).click()
  await page.getByText('待分流 2 件').waitFor()
  const { body: { items } } = await w.api.get('office-1', '/api/cases?q=货款')
  expect(items[0]).toMatchObject({ unit: 'economic-crime', stage: 'handle' })
})

it('says what is missing beside the field, and has routed nothing', async () => {
  const page = await w.open('desk-1', '/desk')
  await page.getByText('待分流 2 件').waitFor()
  await page.getByRole('group', { name: '其他' }).getByRole('button', { name: '公安受理' }).click()
  await page.getByRole('button', { name: '确认分流' }).click()
  await page.getByText('受理须指定责任单位').first().waitFor()
  await shoot(page, 'desk-refused-1280')
  expect(await findBarriers(page)).toEqual([])
  expect((await w.api.get('desk-1', '/api/tasks?view=candidate')).body.total + (await w.api.get('desk-1', '/api/tasks')).body.total).toBe(2)
})

it('hears of what comes in without being reloaded', async () => {
  const page = await w.open('desk-2', '/desk')
  const shown = page.getByText('新到的事项').first()
  await page.locator('.incoming').first().waitFor()
  await w.api.file('ent-04-contact', { ...appeal, subject: '新到的事项' })
  await shown.waitFor({ timeout: 10_000 })
})

it('turns down what it has already, beside the case that has it, chosen from those of the same enterprise', async () => {
  const { body: { items: [first] } } = await w.api.get('desk-1', '/api/cases?enterprise=ent-01')
  const twice = await w.api.file('ent-01-contact')
  const page = await w.open('desk-1', '/desk')
  await page.getByText(twice.caseNo).click()
  await page.getByRole('group', { name: '其他' }).getByRole('button', { name: '不予受理' }).click()
  const form = page.getByRole('region', { name: '分流' })
  await fillIn(form, { 理由: '与前案为同一事项。', 重复的案件编号: first.caseNo.toLowerCase() })
  await shoot(page, 'desk-duplicate-1280')
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('button', { name: '确认分流' }).click()
  await page.getByText('已分流').first().waitFor()
  expect((await w.api.get('desk-1', `/api/cases/${twice.caseNo}`)).body).toMatchObject({ outcome: 'merged', links: [{ caseNo: first.caseNo, kind: 'duplicate-of' }] })
})

it('shows what is urgent and urged, its files and what else the enterprise has, and puts last whoever has just refused it', async () => {
  const { caseNo } = await w.api.file('ent-05-contact', { ...appeal, subject: '仓库被占用', urgency: 'urgent' })
  const other = await w.api.file('ent-05-contact', { ...appeal, subject: '同一企业的另一事项' })
  const decide = async (person: string, name: string, action: string, form: object, no = caseNo) => {
    const answer = await w.api.act(person, (await w.api.task(person, no, name)).id, action, form)
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  }
  const handOver = { decision: 'hand-over', unit: 'market-regulation', complexity: 'ordinary' }
  for (const no of [caseNo, (await w.api.file('ent-06-contact')).caseNo]) await decide('desk-1', 'triage', 'complete', handOver, no)
  const page = await w.open('desk-1', '/desk')
  const usual = page.getByRole('group', { name: '常用去向' })
  await usual.getByRole('button', { name: /市场监管/ }).waitFor()
  expect(await usual.getByRole('button').first().textContent(), 'the most frequent').toContain('市场监管')
  expect(await usual.getByText('已拒收').count(), 'of another case').toBe(0)
  await decide('market-regulation-1', 'acknowledge', 'refuse', { reason: '不属于本部门职责。' })
  expect((await w.api.post('ent-05-contact', `/api/cases/${caseNo}/actions/urge`, {})).status).toBe(200)
  const waiting = page.locator('.incoming', { hasText: '仓库被占用' })
  await waiting.click()
  await page.getByRole('heading', { name: /仓库被占用.*紧急.*催办/ }).waitFor()
  expect(await waiting.textContent()).toMatch(/紧急.*催办/)
  expect(await page.locator('.incoming', { hasText: '同一企业的另一事项' }).textContent()).not.toMatch(/紧急|催办/)
  await page.getByText('不属于本部门职责。').waitFor()
  await page.getByText('附件 无').waitFor()
  await page.getByRole('region', { name: '本企业其他在办案件' }).getByRole('link', { name: '同一企业的另一事项' }).waitFor()
  expect(await page.getByRole('region', { name: '本企业其他在办案件' }).getByText(caseNo).count()).toBe(0)
  const routes = await usual.getByRole('button').allTextContents()
  expect(routes.at(-1)).toMatch(/市场监管.*（已拒收）/)
  expect(routes.filter(route => route.includes('已拒收'))).toHaveLength(1)
  await shoot(page, 'desk-refused-by-1280')
  expect(await findBarriers(page)).toEqual([])
  await page.locator('.incoming', { hasText: other.caseNo }).click()
  await page.getByRole('heading', { name: '同一企业的另一事项' }).waitFor()
  await expect.poll(() => usual.getByRole('button').first().textContent()).toContain('市场监管')
  expect(await usual.getByText('已拒收').count()).toBe(0)
})
