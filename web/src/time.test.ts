import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { countdown, near, now, onThisClock, setClock } from './time.ts'

afterEach(() => setClock(new Date().toUTCString()))

const in20Min = () => new Date(Date.now() + 20 * 60_000)
const everyDay = () => true

it('goes by the server’s clock, however wrong this computer’s is, and keeps it when an answer says nothing', () => {
  setClock(in20Min().toUTCString())
  setClock(null)
  expect(Math.abs(now().getTime() - in20Min().getTime())).toBeLessThan(2000)
  expect(Math.abs(onThisClock(now().toISOString()) - Date.now())).toBeLessThan(2000)
  expect(countdown({ dueAt: in20Min().toISOString(), unit: 'hour' }, everyDay)).toMatch(/1 分$/)
  expect(near(now())).toMatch(/^今天/)
})

it('is not set anew for what an answer takes on its way', () => {
  const before = now().getTime() - Date.now()
  // A date in a header has no milliseconds: what is a second late can look like nearly two.
  setClock(new Date(Date.now() - 1000).toUTCString())
  expect(now().getTime() - Date.now()).toBeCloseTo(before, -2)
})

it('is the only clock of the pages', () => {
  const src = import.meta.dirname
  const others = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(file => /\.tsx?$/.test(file) && !file.includes('.test.') && file !== 'time.ts')
    .flatMap(file => readFileSync(join(src, file), 'utf8').split('\n').filter(line => /Date\.now\(\)|new Date\(\)|dayjs\(\)/.test(line)).map(line => `${file}: ${line.trim()}`))
  expect(others).toEqual([])
})
