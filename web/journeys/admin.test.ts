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
  await page.getByRole('button', { name: '恢复 涉企诉求办理 分流 的标准规则' }).click()
  await page.getByRole('button', { name: '恢复', exact: true }).click()
  await page.getByText('已修改', { exact: true }).waitFor({ state: 'detached' })
  expect((await w.api.get('admin-1', '/api/admin/policies')).body.items[0].tasks[0].clock.n).toBe(1)
})

it('changes one kind of time without undoing the change of another', async () => {
  const page = await w.open('admin-1', '/admin?tab=policies')
  for (const [kind, n] of [['一般', '8'], ['复杂', '18']] as const) {
    await page.getByRole('button', { name: `修改 企业信用修复 全案（${kind}） 的期限` }).click()
    await page.getByRole('spinbutton', { name: '数量' }).fill(n)
    await page.getByRole('textbox', { name: '修改理由' }).fill('提速。')
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText(`${n} 个工作日`, { exact: true }).waitFor()
  }
  const { items } = (await w.api.get('admin-1', '/api/admin/policies')).body
  expect(items.find((one: { procedure: string }) => one.procedure === 'credit-repair').clock).toMatchObject({ ordinary: { n: 8 }, complex: { n: 18 } })
})

it('gives a notice other words, refuses a placeholder that there is not, and goes back to the standard', async () => {
  const page = await w.open('admin-1', '/admin?tab=notice-texts')
  await page.getByRole('button', { name: '修改通知 期限将至' }).click()
  await page.getByRole('textbox', { name: '正文' }).fill('{申请人}的{事项}即将到期。')
  await page.getByRole('textbox', { name: '修改理由' }).fill('讲清后果。')
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByText(/正文：有不能使用的占位符/).waitFor()
  await page.getByRole('textbox', { name: '正文' }).fill('{事项}即将于 {期限} 到期，逾期将出示黄牌。')
  await page.getByText(/正文：有不能使用的占位符/).waitFor({ state: 'detached' })
  await page.getByText(/》的“分流”即将于 .* 到期/).waitFor()
  await shoot(page, 'admin-notice-text-1280')
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByRole('cell', { name: '期限将至 已修改' }).waitFor()
  await shoot(page, 'admin-notice-texts-1280')
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('button', { name: '修改通知 期限将至' }).click()
  await page.getByRole('button', { name: '恢复标准文字' }).click()
  await page.getByRole('button', { name: '恢复', exact: true }).click()
  await page.getByRole('cell', { name: '期限将至', exact: true }).waitFor()
})

it('shows a unit’s leader duty and absences, and nothing else', async () => {
  const page = await w.open('traffic-leader', '/admin?tab=roster')
  await page.getByRole('button', { name: '新增值班安排' }).waitFor()
  expect(await page.getByRole('tab').count()).toBe(2)
  await shoot(page, 'admin-roster-1280')
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('tab', { name: '缺勤与代理' }).click()
  await page.getByRole('button', { name: '新增缺勤与代理' }).click()
  await page.getByRole('button', { name: '保存' }).waitFor()
  await shoot(page, 'admin-absence-1280')
  expect(await findBarriers(page)).toEqual([])
})
