import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const here = fileURLToPath(new URL('..', import.meta.url))
const files = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter(file => /\.tsx?$/.test(file) && !/\.test\.tsx?$|schema\.d\.ts$/.test(file)).map(file => ({ file, text: readFileSync(here + file, 'utf8') }))
const source = files.map(({ text }) => text).join('\n')
interface Operation { parameters?: { name: string, required?: boolean }[] }
const { paths } = JSON.parse(readFileSync(`${here}../../openapi.json`, 'utf8')) as { paths: Record<string, Record<string, Operation>> }

/** Kinds of records that one form keeps (`Records`), by their path. */
const KEPT = [...source.matchAll(/path="(\/api\/admin\/[\w-]+)"/g)].map(([, path]) => path!)
/** What no page sends: programs, operators, outside systems; the duty roster's own actions have no page yet. */
const NOT_BY_PAGES = ['POST /api/dev/login', 'POST /callbacks/{system}', 'POST /codec/decode', 'POST /api/roster/{id}/actions/{action}', 'POST /api/notifications/{id}/retry', 'POST /api/admin/systems', 'PUT /api/admin/systems/{id}', 'DELETE /api/admin/systems/{id}']

const writes = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).filter(([method]) => !['get', 'head'].includes(method))
  .map(([method, { parameters = [] }]) => ({ name: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), path, needsKey: parameters.some(one => one.name === 'idempotency-key' && one.required) })))

/** The lines around the place from which the pages send it; undefined: nowhere. */
function sentFrom({ method, path }: (typeof writes)[number]): string | undefined {
  const typed = source.indexOf(`client.${method}('${path}'`)
  const plain = path.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&').replaceAll(/\{\w+\}/g, String.raw`\$\{[^}]+\}`)
  const raw = new RegExp(`new Request\\([\`']${plain}[^\\n]*(\\n\\s+)?.*method: '${method}'`).exec(source)?.index ?? -1
  const at = Math.max(typed, raw)
  return at < 0 ? undefined : source.slice(Math.max(0, at - 400), at + 500)
}

it('knows of every write of the API from where the pages send it, or that they do not', () => {
  expect(writes.length).toBeGreaterThan(30)
  const unknown = writes.filter(one => !sentFrom(one) && !NOT_BY_PAGES.includes(one.name) && !KEPT.includes(one.path.replace(/\/\{id\}$/, '')))
  expect(unknown.map(one => one.name)).toEqual([])
  expect(NOT_BY_PAGES.filter(name => !writes.some(one => one.name === name)), 'what is left out, is there').toEqual([])
})

it('sends every write that needs a key under one that lives longer than the attempt', () => {
  const keyed = writes.filter(one => one.needsKey && (sentFrom(one) || !NOT_BY_PAGES.includes(one.name)))
  expect(keyed.map(one => one.name)).toEqual(expect.arrayContaining(['POST /api/procedures/{key}/cases', 'POST /api/tasks/{id}/actions/{action}', 'POST /api/cases/{caseNo}/materials']))
  for (const one of keyed) {
    const lines = sentFrom(one)
    expect(lines, one.name).toMatch(/'idempotency-key'/)
    expect(lines, one.name).not.toMatch(/'idempotency-key': newKey\(\)/)
  }
})

it('asks by one function alone, which says of every write whom the page shows', () => {
  expect(files.filter(({ text }) => /\bfetch\(|XMLHttpRequest|sendBeacon|axios/.test(text.replaceAll(/re?fetch\(\)/g, ''))).map(({ file }) => file)).toEqual(['api/client.ts'])
  expect(source.match(/\bfetch\(request\)/g)).toHaveLength(1)
  expect(readFileSync(`${here}api/client.ts`, 'utf8')).toMatch(/method !== 'GET'\) request\.headers\.set\('x-signed-in-as'/)
})
