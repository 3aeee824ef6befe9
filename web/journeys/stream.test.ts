import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { appendEvents } from '../../db/record/record.ts'
import { append, caseOpened, deadline, event, officer, taskOpened } from '../../test/sample-case.ts'
import { startWorkbench, type Workbench } from './browser.ts'

let w: Workbench
/** Event streams that are open on the server. */
let streams = 0
const rows = 600
const numberOf = (i: number): string => `EA-${900_000 + i}`

/** A unit's inbox of 600 tasks, due one after the other. */
beforeAll(async () => {
  w = await startWorkbench()
  w.api.app.server.on('request', ({ url }: IncomingMessage, answer: ServerResponse) => {
    if (url !== '/api/stream') return
    streams++
    answer.once('close', () => streams--)
  })
  for (let i = 0; i < rows; i++) {
    const due = { deadline: deadline(new Date(Date.now() + 100 * 3600_000 + i * 60_000).toISOString()) }
    await appendEvents(w.api.system.db, numberOf(i), 'step-1', () => [caseOpened({ title: `事项 ${i}`, enterpriseId: 'ent-01', applicantId: 'ent-01-contact' }), taskOpened(numberOf(i), { unit: 'economic-crime', ...due })])
  }
}, 240_000)
afterAll(() => w?.close())

const claim = (i: number) => append(w.api.system.db, numberOf(i), event('task-claimed', { task: `${numberOf(i)}.handle.1` }, officer('economic-crime-2')))
const release = (i: number) => append(w.api.system.db, numberOf(i), event('task-released', { task: `${numberOf(i)}.handle.1` }, officer('economic-crime-2')))
const row = (page: Page, i: number) => page.locator('tr', { hasText: numberOf(i) })

it('seven tabs of a browser are told over one stream, also once the first is closed; another person has their own', async () => {
  const first = await w.open('economic-crime-1', '/?view=unit')
  const tabs = [first]
  for (let i = 0; i < 6; i++) {
    const tab = await first.context().newPage()
    await tab.goto('/?view=unit')
    tabs.push(tab)
  }
  for (const tab of tabs) await row(tab, 0).getByText('待签收').waitFor()
  expect(streams).toBe(1)
  await claim(0)
  for (const tab of tabs) await row(tab, 0).getByText('民警乙').waitFor()
  expect(await first.evaluate(() => new URL('/', location.href).protocol)).toBe('http:')

  await first.close()
  await release(0)
  for (const tab of tabs.slice(1)) await row(tab, 0).getByText('待签收').waitFor()
  expect(streams).toBe(1)
  const other = await w.open('economic-crime-leader', '/?view=unit')
  await row(other, 0).waitFor()
  await expect.poll(() => streams).toBe(2)
  await other.context().close()
  await tabs[1]!.context().close()
  await expect.poll(() => streams).toBe(0)
})

it('a browser without shared workers listens in the tab that is looked at', async () => {
  const page = await w.open(null, '/login')
  await page.addInitScript(() => Reflect.deleteProperty(window, 'SharedWorker'))
  await page.request.post('/auth/dev-login', { data: { person: 'economic-crime-1' }, headers: { origin: new URL(page.url()).origin } })
  await page.goto('/?view=unit')
  await row(page, 1).getByText('待签收').waitFor()
  await expect.poll(() => streams).toBe(1)
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: true })
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await expect.poll(() => streams).toBe(0)
  await claim(1)
  await page.evaluate(() => {
    Reflect.deleteProperty(document, 'hidden')
    document.dispatchEvent(new Event('visibilitychange'))
  })
  await row(page, 1).getByText('民警乙').waitFor()
  await release(1)
  await page.context().close()
})

/** Two events a second, all about the list. */
async function busy(seconds: number): Promise<void> {
  for (let i = 0; i < seconds; i++) {
    await Promise.all([claim(500 + i), sleep(500)])
    await Promise.all([release(500 + i), sleep(500)])
  }
}

it('with 600 rows unrolled and two events a second stays below one request a second, and is right where it is looked at', async () => {
  const page = await w.open('economic-crime-1', '/?view=unit')
  const more = page.getByRole('button', { name: '加载更多' })
  await row(page, 0).waitFor()
  for (let shown = 60; shown <= rows; shown += 30) {
    await more.click()
    await page.locator('tr[data-row-key]').nth(shown - 1).waitFor()
  }
  await page.evaluate(() => document.documentElement.scrollTo(0, 0))

  // What the budget allows at once is spent first, so that the rest can be counted for a minute.
  await busy(12)
  let requests = 0
  page.on('request', request => { if (new URL(request.url()).pathname.startsWith('/api/')) requests++ })
  const seconds = 20
  await busy(seconds)
  console.log(`${requests} requests in ${seconds} s under two events a second, ${rows} rows unrolled: ${requests * 60 / seconds} a minute`)
  expect(requests).toBeGreaterThan(2)
  expect(requests * 60 / seconds).toBeLessThanOrEqual(60)

  await claim(3)
  await row(page, 3).getByText('民警乙').waitFor({ timeout: 10_000 })
  // Elsewhere it is read when somebody comes there.
  await claim(420)
  await row(page, 420).scrollIntoViewIfNeeded()
  await row(page, 420).getByText('民警乙').waitFor({ timeout: 10_000 })
  expect(await page.locator('tr[data-row-key]').count()).toBe(rows)
}, 240_000)
