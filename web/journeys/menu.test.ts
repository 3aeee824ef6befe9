import { afterAll, beforeAll, expect, it } from 'vitest'
import { findBarriers, startWorkbench, type Workbench } from './browser.ts'

let w: Workbench
beforeAll(async () => { w = await startWorkbench() }, 120_000)
afterAll(() => w?.close())

it.each(['ent-01-contact', 'desk-1', 'economic-crime-1', 'economic-crime-leader', 'legal-1', 'office-1', 'bureau-leader-1', 'auditor-1', 'admin-1'])('every page in the menu of %s has no barriers, and helps', async (person) => {
  const page = await w.open(person, '/')
  const menu = page.getByRole('navigation', { name: '主菜单' }).getByRole('link')
  await menu.first().waitFor()
  for (const entry of await menu.all()) {
    const title = await entry.textContent() ?? ''
    await entry.click()
    await page.getByRole('heading', { level: 1, name: title }).waitFor()
    await page.locator('.ant-spin-spinning').first().waitFor({ state: 'detached' })
    expect({ title, barriers: await findBarriers(page) }).toEqual({ title, barriers: [] })
    if (title === '帮助') continue
    await page.getByRole('button', { name: '本页帮助' }).click()
    const help = page.getByRole('dialog', { name: '本页帮助' })
    await help.getByRole('heading', { name: title, level: 2, exact: true }).waitFor()
    expect({ title, barriers: await findBarriers(page) }).toEqual({ title, barriers: [] })
    await help.getByRole('button', { name: '关闭' }).click()
    await help.waitFor({ state: 'hidden' })
  }
}, 120_000)
