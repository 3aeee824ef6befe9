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
