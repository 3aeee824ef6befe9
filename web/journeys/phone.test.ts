import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { append, documentIssued } from '../../test/sample-case.ts'
import { findBarriers, shoot, startWorkbench, type Workbench } from './browser.ts'

const phone = { width: 390, height: 844 }
let w: Workbench
let caseNo: string
beforeAll(async () => {
  w = await startWorkbench()
  caseNo = (await w.api.file()).caseNo
  await w.api.file('ent-02-contact')
}, 120_000)
afterAll(() => w?.close())

/** What lies beside the screen: how far the page is wider than it, and each thing that pops up and does not fit. */
const beside = (page: Page): Promise<unknown[]> => page.evaluate(() => {
  const over = document.documentElement.scrollWidth - window.innerWidth
  const popped = [...document.querySelectorAll('.picker-popup, .ant-select-dropdown, .ant-modal, .ant-drawer-content-wrapper')].filter(one => (one as HTMLElement).offsetParent !== null || getComputedStyle(one).position === 'fixed')
    .map(one => one.getBoundingClientRect()).filter(({ left, right, width }) => width > 0 && (left < 0 || right > window.innerWidth)).map(({ left, right }) => ({ left, right }))
  return [...(over > 0 ? [{ over }] : []), ...popped]
})
/** What is left to press or to fill in on paper, where there should be none. */
const pressable = (page: Page): Promise<string[]> => page.evaluate(() =>
  [...document.querySelectorAll('button, input, textarea, [role="combobox"], [role="tab"]')].filter(one => !one.matches('.tile, .figure, .incoming, .day, .roster-shift, .figure-keys *') && one.closest('.visually-hidden') === null && one.getClientRects().length > 0).map(one => one.outerHTML.slice(0, 120)))

it.each(['ent-01-contact', 'desk-1', 'economic-crime-1', 'economic-crime-leader', 'legal-1', 'office-1', 'bureau-leader-1', 'auditor-1', 'admin-1'])('no page in the menu of %s is wider than a phone, none prints its buttons', async (person) => {
  const page = await w.open(person, '/help', { width: 1280, height: 844 })
  const menu = page.getByRole('navigation', { name: '主菜单' }).getByRole('link')
  await menu.first().waitFor()
  const paths = await menu.evaluateAll(links => links.map(link => link.getAttribute('href')!))
  const found: unknown[] = []
  await page.setViewportSize(phone)
  for (const path of paths) {
    await page.goto(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.locator('.ant-spin-spinning').first().waitFor({ state: 'detached' })
    await shoot(page, `phone-${person}${path.replaceAll('/', '-')}`)
    found.push(...(await beside(page)).map(one => ({ path, one })))
    for (const picker of await page.locator('.ant-picker').all()) {
      await picker.click()
      await page.locator('.picker-popup').last().waitFor()
      found.push(...(await beside(page)).map(one => ({ path, picker: one })))
      await page.keyboard.press('Escape')
    }
    await page.emulateMedia({ media: 'print' })
    found.push(...(await pressable(page)).map(one => ({ path, printed: one })))
    await page.emulateMedia({ media: null })
  }
  expect(found).toEqual([])
}, 120_000)

it('every day of the calendar can be tapped, and the time beside it', async () => {
  const page = await w.open('ent-01-contact', '/services/apply/enterprise-appeal', phone)
  const field = page.getByLabel('发生时间')
  await field.click()
  const popup = page.locator('.picker-popup')
  await popup.waitFor()
  expect(await beside(page)).toEqual([])
  for (const cell of await popup.locator('td').all()) {
    const box = (await cell.boundingBox())!
    expect(box.x >= 0 && box.x + box.width <= phone.width && box.width >= 24 && box.height >= 24).toBe(true)
  }
  await shoot(page, 'phone-calendar')
  await popup.locator('tbody tr').nth(1).locator('td').first().click()
  await popup.getByRole('button', { name: /确\s?定/ }).click()
  expect(await field.inputValue()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d$/)
})

it('a matter that is picked at the desk comes into view', async () => {
  const page = await w.open('desk-1', '/desk', phone)
  await page.locator('.incoming').last().click()
  const picked = page.locator('.desk-case h2')
  await expect.poll(async () => (await picked.boundingBox())!.y).toBeLessThan(300)
  await shoot(page, 'phone-desk-picked')
})

it('a case shows on a phone what is to be done before what is known of it', async () => {
  const page = await w.open('desk-1', `/cases/${caseNo}`, phone)
  await page.getByRole('button', { name: '签收', exact: true }).waitFor()
  expect(await beside(page)).toEqual([])
  await shoot(page, 'phone-case')
})

it('whoever holds a document finds out on a phone, without signing in, that it is genuine or not', async () => {
  await append(w.api.system.db, caseNo, documentIssued('示公〔2026〕1号'))
  const page = await w.open(null, `/verify?number=${encodeURIComponent('示公〔2026〕1号')}&code=ABCD-EFGH-JKLM-NPQR`, phone)
  await page.getByRole('heading', { name: '真实有效' }).waitFor()
  expect(await beside(page)).toEqual([])
  expect(await findBarriers(page)).toEqual([])
  await shoot(page, 'phone-verify')
  await page.getByLabel('核验码').fill('abcd efgh jklm 2222')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: '没有核验到' }).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.getByLabel('文书文件').setInputFiles({ name: 'x.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7 x') })
  await page.getByRole('heading', { name: '没有核验到' }).waitFor()
})
