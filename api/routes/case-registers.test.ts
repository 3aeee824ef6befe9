import { afterAll, beforeAll, expect, it } from 'vitest'
import { openCase } from '../../test/sample-case.ts'
import { startRecordApi, type RecordApi } from '../testing/test-record-api.ts'
import { caseRegisterRoutes } from './case-registers.ts'

let api: RecordApi
const cases: string[] = []
beforeAll(async () => {
  api = await startRecordApi(deps => [caseRegisterRoutes(deps)])
  for (const no of ['一', '二', '三']) {
    cases.push(await openCase(api.db, () => [], { procedure: 'precursor-purchase', enterpriseId: no === '三' ? 'ent-02' : 'ent-01', application: { licence: { no: `示例许可 000${no}` }, supplier: { licenceNo: '示例备案 0001' } } }))
  }
})
afterAll(() => api?.close())

const read = (person: string, query: string, procedure = 'precursor-purchase') => api.ask(person, 'GET', `/api/registers/${procedure}${query}`)
const found = async (person: string, query: string) => (await read(person, query)).body.items.map((c: { caseNo: string }) => c.caseNo)
const by = (no: string) => `?lookup=${encodeURIComponent(no)}`

it('finds an entry by each number it is looked up by, as typed with a stray blank or full width, and by no part of one', async () => {
  expect(await found('office-1', by('示例许可 000二'))).toEqual([cases[1]])
  expect(await found('office-1', by(' 示例许可 000二 '))).toEqual([cases[1]])
  expect((await read('office-1', by('示例备案 ０００１'))).body.total).toBe(3)
  expect(await found('office-1', by('示例许可'))).toEqual([])
})

it('lists the register a page at a time with its total, those in it or those that have left', async () => {
  const first = (await read('office-1', '?limit=2&state=live')).body
  const second = (await read('office-1', `?limit=2&state=live&cursor=${first.nextCursor}`)).body
  expect([first.total, first.items.length, second.items.length, second.nextCursor]).toEqual([3, 2, 1, null])
  expect((await read('office-1', '?state=closed')).body).toEqual({ items: [], nextCursor: null, total: 0 })
})

it('shows an enterprise its own entries alone, and counts no others', async () => {
  expect((await read('ent-02-contact', by('示例备案 0001'))).body).toMatchObject({ total: 1, items: [{ caseNo: cases[2] }] })
  expect(await found('ent-02-contact', by('示例许可 000一'))).toEqual([])
})

it('refuses a look-up where nothing is looked up by a number, and procedures that are not there or none of one’s business', async () => {
  expect((await read('office-1', by('1'), 'enterprise-appeal')).body.errors[0].detail).toContain('没有可供查询的号码')
  expect((await read('office-1', '', 'nothing')).status).toBe(404)
  expect((await read('ent-01-contact', '', 'detention-report')).status).toBe(404)
})
