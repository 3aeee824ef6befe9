import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { makeCalendar } from '../clock/calendar.ts'
import { readCalendarFile } from '../clock/calendar-file.ts'
import { connect, type Db } from '../db/connect.ts'
import { appendEvents } from '../db/record/record.ts'
import { seedOrganisation } from '../db/seed/index.ts'
import { listInbox } from '../db/notices/inbox.ts'
import { createTestDatabase, type TestDatabase } from '../test/database.ts'
import { addProbe } from '../test/probe/procedure.ts'
import type { Recurs } from '../clock/types.ts'
import type { Procedure } from '../workflows/kit/procedure.ts'
import { PROCEDURES } from '../workflows/catalogue.ts'
import { createCalendarActivities } from './recurring.ts'

let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await createTestDatabase()
  await seedOrganisation(database.url)
  db = connect(database.appUrl)
})
afterAll(async () => {
  await db?.close()
  await database?.drop()
})

const calendar = makeCalendar(readCalendarFile().years)
let count = 0
let key = ''
let started: string[] = []
beforeEach(() => {
  key = `probe-${++count}`
  started = []
})

/** A procedure of the test's own that recurs; `tick` is what the Schedule fires, on a day. */
function recurring(recurs: Partial<Recurs>, applicationOf: Procedure['applicationOf'] = ({ period }, subject) => ({ period, ...(subject && { of: subject.id }) })) {
  const probe = addProbe()
  const policy = { ...probe.policy, key, recurs: { every: 'month', on: { workday: 1 }, since: '2026-01-01', source: '[C]', ...recurs } } as Procedure['policy'];
  (PROCEDURES as Map<string, Procedure>).set(key, { ...probe, policy, applicationOf: applicationOf! })
  return async (day: string, running = true) => {
    const { openDue } = createCalendarActivities({
      db, rules: async () => ({ policy, calendar }), now: () => new Date(`${day}T00:05:00+08:00`),
      engine: { async startCase(_, { caseNo }) { if (!running) throw new Error('no Temporal'); started.push(caseNo) } },
    })
    while (await openDue(key)) { /* as the workflow does */ }
  }
}
const filed = async () => (await db.pool.query(`SELECT input->'application' AS a FROM start_request WHERE procedure = $1 ORDER BY key`, [key])).rows.map(r => r.a)
const told = async (person: string) => (await listInbox(db.pool, person, { unread: true, limit: 100 })).filter(n => n.caseNo === null && n.body.includes('试验'))
const read = (...people: string[]) => db.pool.query('UPDATE notice SET read_at = now() WHERE person_id = ANY($1)', [people])

it('opens one on the first workday, a worked Sunday, not before, and no second that day or later', async () => {
  const tick = recurring({})
  await tick('2026-01-03')
  expect(await filed()).toEqual([])
  await Promise.all([tick('2026-01-04'), tick('2026-01-04')])
  await tick('2026-01-05')
  expect(await filed()).toEqual([{ period: '2026-01' }])
  expect(started).toHaveLength(1)
  expect(await told('office-1')).toEqual([])
})

it('makes up for three weeks over Spring Festival: every period once, and tells the leaders of the owner and 护航办 what is late', async () => {
  const tick = recurring({ on: { workday: 10 } })
  for (let day = 1; day <= 19; day++) await tick(`2026-01-${String(day).padStart(2, '0')}`)
  // Away from 10 February to 3 March: the tenth workday of February was the 13th, and no second of it is opened after.
  for (const day of ['2026-02-09', '2026-03-03', '2026-03-04', '2026-03-12', '2026-03-13', '2026-03-14']) await tick(day)
  expect(await filed()).toEqual([{ period: '2026-01' }, { period: '2026-02' }, { period: '2026-03' }])
  for (const person of ['office-1', 'economic-crime-leader']) {
    expect((await told(person)).map(n => [n.title, n.body])).toEqual([['未按时开立，已补开：试验', '2026年2月的试验应于 2026-02-13 开立，系统至 2026-03-03 方予补开，共 1 件。请留意各件的办理期限。']])
  }
  expect(await told('traffic-leader')).toEqual([])
  await read('office-1', 'economic-crime-leader')
})

it('opens after a year of silence each period that was missed, in order', async () => {
  const tick = recurring({ every: 'quarter' })
  await tick('2026-12-01')
  expect(await filed()).toEqual([{ period: '2026Q1' }, { period: '2026Q2' }, { period: '2026Q3' }, { period: '2026Q4' }])
  await read('office-1', 'economic-crime-leader')
})

it('opens one for each entry of a register that was there on the day, in batches, however often it is interrupted', async () => {
  const tick = recurring({ forEach: { register: 'firm' } })
  const enter = (n: number) => appendEvents(db, `FI-${String(n).padStart(6, '0')}`, 'open', () => [{
    type: 'case-opened', actor: { id: 'traffic-1', unit: 'traffic' },
    data: { procedure: 'firm', title: `示例企业 ${n}`, restricted: false, applicantId: 'traffic-1', enterpriseId: null, channel: null, application: { plate: `浙D${n}` }, deadline: null },
  }])
  for (let i = 0; i < 11; i++) await Promise.all(Array.from({ length: 50 }, (_, n) => enter(i * 50 + n)))
  // What entered only today was not there in the past.
  const owner = connect(database.url, { max: 1 })
  await owner.pool.query(`UPDATE case_file SET opened_at = '2026-01-02T10:00:00+08:00' WHERE procedure = 'firm' AND case_no <> 'FI-000007'`)
  await owner.close()
  await tick('2026-01-04', false)
  expect(started).toEqual([])
  const found = await filed()
  expect([found.length, new Set(found.map(f => f.of)).size, found.some(f => f.of === 'FI-000007')]).toEqual([549, 549, false])
  await tick('2026-01-05')
  expect((await filed()).length).toBe(549)
}, 60_000)

it('opens the others where one cannot be opened, says so once, and opens it when it can be', async () => {
  let isWrong = true
  const tick = recurring({ forEach: { units: ['traffic', 'cyber'] } }, ({ period }, subject) => {
    if (isWrong && subject!.id === 'cyber') throw new Error('没有登记负责人')
    return { period, of: subject!.id }
  })
  await tick('2026-01-04')
  await tick('2026-01-05')
  expect((await filed()).map(f => f.of)).toEqual(['traffic'])
  expect((await told('office-1')).map(n => n.title)).toEqual(['未能按计划开立：试验'])
  expect((await told('office-1'))[0]!.body).toContain('没有登记负责人')
  isWrong = false
  await tick('2026-01-06')
  expect((await filed()).map(f => f.of)).toEqual(['cyber', 'traffic'])
})

it('leaves out subjects for which the procedure opens none', async () => {
  const tick = recurring({ forEach: 'enterprises' }, (_, subject) => subject!.id === 'ent-01' ? { of: subject!.id } : null)
  await tick('2026-01-04')
  expect(await filed()).toEqual([{ of: 'ent-01' }])
  expect((await db.pool.query(`SELECT input->>'enterpriseId' AS e FROM start_request WHERE procedure = $1`, [key])).rows).toEqual([{ e: 'ent-01' }])
})
