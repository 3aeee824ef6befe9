import { afterAll, beforeAll, expect, it } from 'vitest'
import { startRecordApi, type RecordApi } from '../testing/test-record-api.ts'
import { directoryRoutes } from './directory.ts'

let api: RecordApi
beforeAll(async () => { api = await startRecordApi(deps => [directoryRoutes(deps)]) })
afterAll(() => api.close())

const get = (person: string, url: string) => api.ask(person, 'GET', url)

it('names the units that take part in cases to everybody, outside systems not among them', async () => {
  const { body } = await get('ent-01-contact', '/api/directory/units')
  expect(body).toContainEqual({ id: 'economic-crime', name: '经侦大队', kind: 'police' })
  expect(body.map((u: { id: string }) => u.id)).not.toContain('four-platforms')
})

it('names the people of a unit to officers, without their addresses', async () => {
  const { body } = await get('desk-1', '/api/directory/people?unit=economic-crime')
  expect(body.map((p: { id: string }) => p.id)).toEqual(['economic-crime-1', 'economic-crime-2', 'economic-crime-leader'])
  expect(body[0]).toEqual({ id: 'economic-crime-1', name: '经侦大队 民警甲', unit: { id: 'economic-crime', name: '经侦大队' }, roles: ['handler'] })
})

it('lists nobody of an enterprise among the people', async () => {
  const { body } = await get('desk-1', '/api/directory/people')
  expect(body.length).toBeGreaterThan(100)
  expect(body.filter((p: { unit: object | null }) => p.unit === null)).toEqual([])
})

it('lists the active enterprises to officers', async () => {
  await api.owner.pool.query(`UPDATE enterprise SET active = false WHERE id = 'ent-06'`)
  const { body } = await get('desk-1', '/api/directory/enterprises')
  expect(body).toContainEqual({ id: 'ent-01', name: '示例袜业有限公司' })
  expect(body.map((e: { id: string }) => e.id)).not.toContain('ent-06')
  const names = body.map((e: { name: string }) => e.name)
  expect(names, 'by pinyin').toEqual(names.toSorted(new Intl.Collator('zh-u-co-pinyin').compare))
})

it('tells an enterprise neither officers nor other enterprises', async () => {
  for (const what of ['people', 'enterprises']) expect((await get('ent-01-contact', `/api/directory/${what}`)).status).toBe(403)
})

it('tells everybody the days off that workdays are counted by', async () => {
  const { body } = await get('ent-01-contact', '/api/calendar')
  expect(body.map((y: { year: number }) => y.year)).toEqual([2024, 2025, 2026])
  expect(body[2].off).toContain('2026-10-01')
  expect(body[2].work.length).toBeGreaterThan(0)
})
