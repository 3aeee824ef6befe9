import { afterAll, beforeAll, expect, it } from 'vitest'
import { startRecordApi, type RecordApi } from '../testing/test-record-api.ts'
import { directoryRoutes } from './directory.ts'

let api: RecordApi
beforeAll(async () => {
  api = await startRecordApi(deps => [directoryRoutes(deps)])
  await api.owner.pool.query(`INSERT INTO unit (id, name, kind) VALUES ('many', '人数众多的支队', 'police')`)
  await api.owner.pool.query(`INSERT INTO person (id, sub, name, unit_id, roles) SELECT 'many-' || n, 'many-' || n, '人数众多的支队 侦查员' || n, 'many', '{handler}' FROM generate_series(1, 2000) n`)
  await api.owner.pool.query(`INSERT INTO person (id, sub, name, unit_id, roles) VALUES ('zeng', 'zeng', '曾某', 'office', '{office}'), ('shan', 'shan', '单某', 'office', '{office}'), ('lyu', 'lyu', '吕某', 'office', '{office}')`)
})
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

it.each([
  ['a name', '民警甲 经侦', 'economic-crime-1'], ['the initials of name and unit', 'jzddmjj', 'economic-crime-1'], ['initials in capitals of full width', 'ＪＺＤＤ', 'economic-crime-2'],
  ['pinyin', 'jingzhen', 'economic-crime-leader'], ['words of both kinds', 'jzdd 大队长', 'economic-crime-leader'], ['the unit and the post', '经侦 单位负责人', 'economic-crime-leader'],
  ['the initials of a surname', 'zm', 'zeng'], ['a surname that is read otherwise elsewhere', 'shan', 'shan'], ['ü as it is typed', 'lv', 'lyu'],
])('finds an officer among many by %s', async (_, typed, id) => {
  const { body } = await get('office-1', `/api/directory/people?q=${encodeURIComponent(typed)}`)
  expect(body.map((one: { id: string }) => one.id)).toContain(id)
  expect(body.length).toBeLessThan(100)
})

it.each(['民警甲 交警 经侦', 'zzz', '%', 'jz%', '_', 'economic-crime-1@'])('finds no officer by %j', async (typed) => {
  expect((await get('office-1', `/api/directory/people?q=${encodeURIComponent(typed)}`)).body).toEqual([])
})

it('lists one’s own unit first, no more than asked for, and names those asked for by id', async () => {
  const { body } = await get('traffic-1', '/api/directory/people?limit=5')
  expect(body.map((one: { unit: { id: string } }) => one.unit.id === 'traffic')).toEqual([true, true, true, false, false])
  expect((await get('traffic-1', '/api/directory/people?id=legal-1&id=office-1&id=nobody')).body.map((one: { id: string }) => one.id)).toEqual(['legal-1', 'office-1'])
  expect((await get('traffic-1', '/api/directory/units?q=jzdd')).body.map((one: { id: string }) => one.id)).toEqual(['economic-crime'])
  expect((await get('traffic-1', '/api/directory/enterprises?q=wy&limit=1')).body).toEqual([{ id: 'ent-01', name: '示例袜业有限公司' }])
  for (const query of ['limit=0', 'q=', `q=${'x'.repeat(101)}`]) expect((await get('traffic-1', `/api/directory/people?${query}`)).status, query).toBe(400)
})

it('finds one of two thousand in less than a blink', async () => {
  const startedAt = performance.now()
  for (const typed of ['j', 'jz', 'jzdd', 'jzddmjj']) await get('office-1', `/api/directory/people?limit=31&q=${typed}`)
  expect((performance.now() - startedAt) / 4).toBeLessThan(250)
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
