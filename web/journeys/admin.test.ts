import { afterAll, beforeAll, expect, it } from 'vitest'
import { findBarriers, shoot, startWorkbench, type Workbench } from './browser.ts'

let w: Workbench
beforeAll(async () => { w = await startWorkbench() }, 120_000)
afterAll(() => w?.close())

it('lists people, and changes one by the form that the API describes', async () => {
  const page = await w.open('admin-1', '/admin')
  await page.getByRole('button', { name: '修改 auditor-1' }).waitFor()
  await shoot(page, 'admin-people-1280')
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('button', { name: '修改 auditor-1' }).click()
  const drawer = page.locator('.ant-drawer')
  await drawer.getByRole('button', { name: '保存' }).waitFor()
  await shoot(page, 'admin-person-1280')
  expect(await findBarriers(page)).toEqual([])
})

it('loads a year by clicking days, with its source', async () => {
  const page = await w.open('admin-1', '/admin?tab=calendar', { width: 1920, height: 1080 })
  await page.getByText('（未公布）').first().click()
  await page.getByRole('button', { name: /^1 月 1 日，/ }).click()
  await page.getByRole('textbox', { name: '来源' }).fill('示例通知〔2026〕1号')
  await shoot(page, 'admin-calendar-1920')
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('button', { name: '载入并重算期限' }).click()
  await page.getByRole('button', { name: '载入', exact: true }).click()
  await page.getByText(/已载入 \d+ 年放假安排/).waitFor()
})

it('shows what a change of a time does before it is saved', async () => {
  const page = await w.open('admin-1', '/admin?tab=policies')
  await page.getByRole('button', { name: '修改 涉企诉求办理 分流 的期限' }).click()
  await page.getByRole('spinbutton', { name: '数量' }).fill('3')
  await page.getByText(/原定 .* 到期，修改后 .* 到期/).waitFor()
  await page.getByRole('textbox', { name: '修改理由' }).fill('局党委会议纪要。')
  await shoot(page, 'admin-policy-1280')
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByText('已修改', { exact: true }).waitFor()
  expect((await w.api.get('admin-1', '/api/admin/policies')).body.items[0].tasks[0].clock.n).toBe(3)
})
