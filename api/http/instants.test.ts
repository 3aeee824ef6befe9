import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { PROCEDURES } from '../../workflows/catalogue.ts'
import { toJsonSchema } from '../../workflows/kit/check-forms.ts'
import { instant } from '../../workflows/kit/fields.ts'
import { allRoutes } from '../routes/index.ts'
import { startRecordApi, type RecordApi } from '../testing/test-record-api.ts'

const ODD = [
  '2026-01-31T09:00:00+16:00', '2026-01-31T09:00:00-16:00', '2026-01-31T09:00:00+23:59', '2026-01-31T09:00:00+14:01', '2026-01-31T09:00:00-12:30', '2026-01-31T09:00:00+15:59',
  '2026-01-31T24:00:00+08:00', '2026-06-30T23:59:60Z', '2016-12-31T23:59:60Z', '2026-02-29T09:00:00+08:00', '0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '1899-12-31T23:59:59Z',
  '9999-12-31T23:59:59Z', '+012026-01-31T09:00:00Z', '-002026-01-31T09:00:00Z', '2026-01-31T09:00:00', '2026-01-31', '2026-01-31T09Z', '2026-01-31T09:00Z', `2026-01-31T09:00:00.${'1'.repeat(200)}Z`,
  '2026-01-31t09:00:00z', '2026-01-31 09:00:00+08:00', '2026-01-31T09:00:00+0800', '2026-01-31T09:00:00 +08:00', 'infinity', '-infinity', 'now', 'epoch', '',
]
/** Odd, and yet instants. */
const PLAIN = ['2026-01-31T09:00:00+14:00', '2026-01-31T09:00:00-12:00', '2026-01-31T09:00:00.123456789Z', '2028-02-29T00:00:00-00:00', '1900-01-01T00:00:00+14:00', '2199-12-31T23:59:59-12:00']

let api: RecordApi
beforeAll(async () => {
  api = await startRecordApi(deps => allRoutes(deps), { startCase: async () => {} })
  await api.app.ready()
})
afterAll(() => api?.close())

const accepted = (schema: z.ZodType) => [...ODD, ...PLAIN].filter(text => schema.safeParse(text).success)

describe('an instant', () => {
  it('that is taken is one that the record can keep; odd ones are refused, plain ones in any real time zone are taken', async () => {
    const taken = accepted(instant('时间'))
    expect(taken).toEqual(PLAIN)
    for (const text of taken) expect((await api.db.pool.query('SELECT $1::timestamptz AS at', [text])).rows[0].at.getTime(), text).toBe(Date.parse(text.replace(/(\.\d{3})\d+/, '$1')))
  })

  it('is refused alike in every form of every procedure', () => {
    let fields = 0
    for (const { policy, forms } of PROCEDURES.values()) {
      for (const [name, schema] of [['application', forms.application] as const, ...Object.entries(forms.tasks)]) {
        const example = (schema.meta()?.examples as object[] | undefined)?.[0]
        for (const path of instantsIn(toJsonSchema(schema))) {
          fields++
          for (const odd of ODD) expect(schema.safeParse(put(example ?? {}, path, odd)).success, `${policy.key} ${name} ${path.join('/')} ${odd}`).toBe(false)
        }
      }
    }
    expect(fields).toBeGreaterThan(3)
  })

  it('brings no request that describes one to a fault', async () => {
    const { paths } = api.app.swagger() as { paths: Record<string, Record<string, Operation>> }
    const headers = { authorization: await api.authorization('office-1') }
    let asked = 0
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, { requestBody, parameters = [] }] of Object.entries(operations)) {
        const body = requestBody?.content?.['application/json']?.schema
        const url = path.replace(/\{id\}/g, 'some-id').replace(/\{\w+\}/g, 'x')
        for (const field of instantsIn(body)) for (const text of [...ODD, ...PLAIN]) {
          asked++
          const { status } = await api.ask('admin-1', method.toUpperCase() as 'POST', url, put(SAMPLES[path]!, field, text))
          expect(status, `${method} ${path} ${field.join('/')} ${text}`).toBeLessThan(500)
          if (ODD.includes(text)) expect([400, 404], `${method} ${path} ${text}`).toContain(status)
        }
        for (const { name, schema } of parameters.filter(({ in: place, schema }) => place === 'query' && ['date', 'date-time'].includes(schema?.format ?? ''))) for (const text of ODD) {
          asked++
          expect(schema).toBeDefined()
          expect((await api.app.inject({ url: `${url}?${name}=${encodeURIComponent(text)}`, headers })).statusCode, `${path} ${name} ${text}`).toBeLessThan(500)
        }
      }
    }
    expect(asked).toBeGreaterThan(100)
  })
})

interface Operation { requestBody?: { content?: Record<string, { schema?: unknown }> }, parameters?: { name: string, in: string, schema?: { format?: string } }[] }

/** Bodies that are right but for their instants, by path; a route that takes instants and is not here fails. */
const SAMPLES: Record<string, object> = {
  '/api/admin/absences': { person: 'economic-crime-1', proxy: 'economic-crime-2', from: '2026-01-01T00:00:00+08:00', until: '2027-01-01T00:00:00+08:00' },
  '/api/admin/roster': { unit: 'service-centre', person: 'desk-1', from: '2026-01-01T00:00:00+08:00', until: '2027-01-01T00:00:00+08:00' },
}
for (const path of Object.keys(SAMPLES)) SAMPLES[`${path}/{id}`] = SAMPLES[path]!

/** Paths of the instants in a JSON Schema; of a list, in its first item. */
function* instantsIn(schema: unknown, path: (string | number)[] = []): Generator<(string | number)[]> {
  if (typeof schema !== 'object' || schema === null) return
  const { format, properties = {}, items, anyOf = [], oneOf = [], allOf = [] } = schema as { format?: string, properties?: object, items?: object, anyOf?: object[], oneOf?: object[], allOf?: object[] }
  if (format === 'date-time') yield path
  for (const [name, part] of Object.entries(properties)) yield* instantsIn(part, [...path, name])
  if (items) yield* instantsIn(items, [...path, 0])
  for (const part of [...anyOf, ...oneOf, ...allOf]) yield* instantsIn(part, path)
}

function put(value: object, [first, ...rest]: (string | number)[], text: string): object {
  const copy: Record<string | number, unknown> = Array.isArray(value) ? [...value] as never : { ...value }
  copy[first!] = rest.length === 0 ? text : put((copy[first!] ?? (typeof rest[0] === 'number' ? [] : {})) as object, rest, text)
  return copy
}
