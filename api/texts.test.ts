/** Wherever a text enters over HTTP: by the description of the API, so that a new field cannot be forgotten. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { allRoutes } from './routes/index.ts'
import { startRecordApi, type RecordApi } from './testing/test-record-api.ts'

interface Schema { type?: string, title?: string, properties?: Record<string, Schema>, items?: Schema, anyOf?: Schema[], enum?: string[], oneOf?: unknown[], format?: string, minLength?: number, maxLength?: number, pattern?: string, required?: string[] }
interface Operation { parameters?: { name: string, in: string, schema: Schema }[], requestBody?: { content: Record<string, { schema: Schema }> }, security?: unknown }

let api: RecordApi
beforeAll(async () => { api = await startRecordApi(deps => allRoutes(deps)) })
afterAll(() => api.close())

const { paths } = JSON.parse(readFileSync(new URL('../openapi.json', import.meta.url), 'utf8')) as { paths: Record<string, Record<string, Operation>> }
const operations = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase() as 'GET', ...operation })))
  .filter(({ path }) => /^\/api\/(?!dev|session)/.test(path))

/** Every text in a schema with its path; lists by their first item, what may be null by what it is else. */
function texts(schema: Schema, path: string[] = []): { path: string[], schema: Schema }[] {
  const own = schema.anyOf?.length === 2 && schema.anyOf[1]!.type === 'null' ? schema.anyOf[0]! : schema
  if (own.type === 'string' && !own.enum && !own.oneOf) return [{ path, schema: own }]
  return [...Object.entries(own.properties ?? {}).flatMap(([name, part]) => texts(part, [...path, name])), ...(own.items ? texts(own.items, [...path, '0']) : [])]
}
const bodyOf = ([key, ...rest]: string[], text: string): unknown => key === undefined ? text : key === '0' ? [bodyOf(rest, text)] : { [key]: bodyOf(rest, text) }

/** Whoever may. */
const person = (path: string) => path.includes('/audit/') ? 'auditor-1' : path.includes('/admin/') ? 'admin-1' : 'office-1'
const fields = operations.flatMap(({ path, method, requestBody }) =>
  texts(requestBody?.content['application/json']?.schema ?? {}).map(text => ({ name: `${method} ${path}: ${text.path.join('/')}`, url: path.replaceAll(/\{\w+\}/g, 'x').replace('calendar/x', 'calendar/2027'), method, ...text })))

it('the fields are found', () => expect(fields.length).toBeGreaterThan(25))

it.each(fields)('$name takes no text of nothing, of marks that deceive, or too long a one', async ({ url, method, path, schema }) => {
  const saidOf = async (text: string) => {
    const { status, body } = await api.ask(person(url), method, url, bodyOf(path, text) as object)
    expect(status).toBe(400)
    return (body.errors as { pointer: string, detail: string }[]).find(error => error.pointer === `/${path.join('/')}`)?.detail
  }
  // What is left out and what is the case as a whole is '' in one place.
  if (schema.minLength !== undefined || schema.pattern !== undefined || schema.format !== undefined) for (const nothing of ['\u200b', ' \ufeff\u3000', '\u00ad\u2060', '\u{e0100}']) expect(await saidOf(nothing), JSON.stringify(nothing)).toMatch(/\p{Script=Han}/u)
  expect(await saidOf('甲\u202e乙')).toMatch(/改变文字方向/)
  if (schema.maxLength !== undefined && schema.format === undefined) expect(await saidOf('甲'.repeat(schema.maxLength + 9))).toMatch(`最多 ${schema.maxLength} 字，现有 ${schema.maxLength + 9} 字`)
})

const parameters = operations.flatMap(({ path, method, parameters = [] }) => parameters.filter(one => one.in === 'query' && !path.endsWith('.xlsx') && one.schema.type === 'string' && !one.schema.enum).map(({ name }) => ({ path, method, name })))

it.each(parameters.filter(({ method }) => method === 'GET'))('what is looked for at $path by $name is read without its marks', async ({ path, name }) => {
  const url = path.replaceAll(/\{\w+\}/g, 'x')
  const asked = async (text: string) => {
    const { status, body } = await api.ask(person(path), 'GET', `${url}?${name}=${encodeURIComponent(text)}`)
    return { status, errors: body?.errors, found: body?.items }
  }
  expect(await asked('\u202d2026\u200b-01-01\u202c\n')).toEqual(await asked('2026-01-01'))
  expect((await asked('\u200b')).status).toBeLessThan(500)
})
