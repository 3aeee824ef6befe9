import { afterAll, beforeAll, expect, it } from 'vitest'
import { findBarriers, shoot, startWorkbench, type Workbench } from './browser.ts'

let w: Workbench
let caseNo: string
const accept = { decision: 'accept', unit: 'economic-crime', complexity: 'ordinary', coUnits: ['station-01'] }

async function complete(person: string, name: string, form: object, action = 'complete'): Promise<void> {
  const task = await w.api.task('office-1', caseNo, name)
  if (task.holder?.id !== person) await w.api.act(person, task.id, 'claim')
  const { status, body } = await w.api.act(person, task.id, action, form)
  expect(status, JSON.stringify(body)).toBe(200)
}

/** Routed, sent back to the desk, routed again, handled by two units side by side, answered, found wanting, and visited. */
beforeAll(async () => {
  w = await startWorkbench()
  caseNo = (await w.api.file()).caseNo
  await complete('desk-1', 'triage', accept)
  await complete('economic-crime-1', 'handle', { to: 'triage', reason: '属地管辖，请重新分流。' }, 'return')
  await complete('desk-2', 'triage', accept)
  await complete('economic-crime-1', 'handle', { result: '已约谈。' })
  await complete('station-01-1', 'co-handle', { result: '已巡查。' })
  await complete('economic-crime-1', 'reply', { reply: '已办结。' })
  await complete('ent-01-contact', 'rate', { rating: 'dissatisfied' })
}, 120_000)
afterAll(() => w?.close())

it.each([[1920, 1080], [1280, 800]])('shows where the case stands and has been, %d wide, in picture and in words', async (width, height) => {
  const page = await w.open('office-1', `/cases/${caseNo}`, { width, height })
  await page.locator('.picture-step.is-waiting', { hasText: '回访' }).waitFor()
  await page.waitForTimeout(500)
  await page.setViewportSize({ width, height: 1200 })
  await page.waitForTimeout(500)
  await shoot(page, `case-${width}`)
  await page.setViewportSize({ width, height })
  await page.locator('.picture').scrollIntoViewIfNeeded()
  await shoot(page, `picture-${width}`)
  expect(await page.locator('.picture-step.is-done').allTextContents()).toEqual(expect.arrayContaining([expect.stringContaining('分流'), expect.stringContaining('协办')]))
  expect(await page.locator('.picture-step', { hasText: '分流' }).locator('.picture-rounds').textContent()).toBe('2 轮')
  expect(await page.locator('.picture-way.is-walked.is-back').count()).toBe(1)
  expect(await findBarriers(page)).toEqual([])
  await page.locator('.picture').getByRole('radio', { name: '文字' }).check()
  const handled = page.locator('.picture-list > li', { hasText: '办理' }).filter({ hasText: '第 2 轮' }).first()
  await handled.waitFor()
  expect(await page.locator('.picture-list').textContent()).toMatch(/第 1 轮：已退回，经侦大队，民警甲/)
  expect(await findBarriers(page)).toEqual([])
})
