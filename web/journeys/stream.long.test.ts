import { afterAll, beforeAll, expect, it } from 'vitest'
import { countRequests, row, rows, startManyRows, unroll, type ManyRows } from './many-rows.ts'

let many: ManyRows
beforeAll(async () => { many = await startManyRows() }, 240_000)
afterAll(() => many?.w.close())

it('under two events a second, 600 rows unrolled make at most 60 requests in a whole minute, also with six more tabs behind it, which hang on the same stream', async () => {
  const { w, busy } = many
  let streams = 0
  w.api.app.server.on('request', ({ url }: { url?: string }, answer: { once(event: 'close', then: () => void): void }) => {
    if (url !== '/api/stream') return
    streams++
    answer.once('close', () => streams--)
  })
  const page = await w.open('economic-crime-1', '/?view=unit')
  await unroll(page)
  await busy(15)
  const alone = countRequests(page)
  await busy(60)
  console.log(`one tab: ${alone.n} requests in 60 s under two events a second, ${rows} rows unrolled`)
  expect(alone.n).toBeGreaterThan(5)
  expect(alone.n).toBeLessThanOrEqual(60)

  for (let i = 0; i < 6; i++) {
    const tab = await page.context().newPage()
    await tab.goto('/?view=unit')
    await row(tab, 0).waitFor()
    // Without a screen every tab counts as looked at.
    await tab.evaluate(() => {
      Object.defineProperty(document, 'hidden', { configurable: true, value: true })
      document.dispatchEvent(new Event('visibilitychange'))
    })
  }
  await expect.poll(() => streams).toBe(1)
  await busy(15)
  const seven = countRequests(page)
  await busy(60)
  console.log(`seven tabs: ${seven.n} requests in 60 s, ${streams} stream`)
  expect(streams).toBe(1)
  expect(seven.n).toBeLessThanOrEqual(60)
  await many.claim(3)
  await row(page, 3).getByText('民警乙').waitFor({ timeout: 10_000 })
}, 600_000)
