import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { PROBLEMS } from './errors.ts'

/** Only programs meet these: a page sends what they ask for. */
const FOR_PROGRAMS = ['idempotency-key-required', 'bad-signature', 'unsupported-media-type']
/** Words of the trade, which tell an officer nothing. */
const JARGON = /标识|Idempotency|数据库|流程引擎|Temporal|PostgreSQL|application\/|工作流/

it('speaks to people without words of the trade, in every problem and wherever one has words of its own', () => {
  const common = Object.entries(PROBLEMS).map(([code, { title, detail }]) => [code, `${title} ${detail}`])
  const api = join(import.meta.dirname, '..')
  const own = readdirSync(api, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .flatMap(file => [...readFileSync(join(api, file), 'utf8').matchAll(/problem\('([a-z-]+)', (['`].+)/g)].map(([, code, text]) => [code!, `${file}: ${text!}`]))
  expect(own.length).toBeGreaterThan(15)
  expect([...common, ...own].filter(([code, text]) => !FOR_PROGRAMS.includes(code!) && JARGON.test(text!))).toEqual([])
})
