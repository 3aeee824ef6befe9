import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { countRequests, row, rows, startManyRows, unroll, type ManyRows } from './many-rows.ts'
import type { Workbench } from './browser.ts'

let w: Workbench
let [claim, release, busy]: [ManyRows['claim'], ManyRows['release'], ManyRows['busy']] = [] as never
/** Event streams that are open on the server. */
let streams = 0

beforeAll(async () => {
  ({ w, claim, release, busy } = await startManyRows())
  w.api.app.server.on('request', ({ url }: IncomingMessage, answer: ServerResponse) => {
    if (url !== '/api/stream') return
    streams++
    answer.once('close', () => streams--)
  })
}, 240_000)
afterAll(() => w?.close())

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

it('with 600 rows unrolled and two events a second stays below one request a second, and is right where it is looked at', async () => {
  const page = await w.open('economic-crime-1', '/?view=unit')
  await unroll(page)
  // What the budget allows at once is spent first, so that the rest can be counted for a minute.
  await busy(12)
  const count = countRequests(page)
  const seconds = 20
  await busy(seconds)
  const requests = count.n
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
