import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { sightOf, type Who } from '../../model/actions.ts'
import type { EventData, NewEvent } from '../../model/events.ts'
import type { CaseState } from '../../model/state.ts'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { append, deadline, event, officer, openCase, taskOpened } from '../../test/sample-case.ts'
import { connect, type Db } from '../connect.ts'
import { asWho, listPeople } from '../directory/directory.ts'
import { findCase } from '../record/record.ts'
import { seedOrganisation } from '../seed/index.ts'
import { listCases, listTasks, TASK_VIEWS } from './search.ts'

let database: TestDatabase
let db: Db
let everybody: Who[]
beforeAll(async () => {
  database = await createTestDatabase()
  await seedOrganisation(database.url)
  db = connect(database.appUrl)
  await db.pool.query(`INSERT INTO person (id, sub, name, enterprise_id, roles) VALUES ('ent-01-second', 'ent-01-second', 'x', 'ent-01', '{enterprise}')`)
  for (const [absent, proxy] of [['economic-crime-2', 'traffic-1'], ['legal-leader', 'legal-1'], ['office-1', 'criminal-1']]) {
    await db.pool.query(`INSERT INTO absence (id, person_id, proxy_id, from_at, until_at) VALUES ($1, $1, $2, now() - interval '1 day', now() + interval '1 day')`, [absent, proxy])
  }
  const units = ['economic-crime', 'traffic', 'legal', 'office', 'criminal', 'bureau', 'service-centre', 'station-01', 'inspectorate', 'it']
  everybody = (await listPeople(db.pool)).map(asWho).filter(({ unit, enterprise }) => enterprise !== null || units.includes(unit!))
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

const CONTACTS = ['ent-01-contact', 'ent-01-second', 'ent-02-contact']
const OFFICERS = ['economic-crime-1', 'economic-crime-2', 'traffic-1', 'legal-1', 'legal-2', 'criminal-1', 'office-1']
const applied = fc.constantFrom(...CONTACTS.map(id => ({ applicantId: id, enterpriseId: id.slice(0, 6) })), { applicantId: 'traffic-1', enterpriseId: 'ent-01' }, { applicantId: 'economic-crime-2', enterpriseId: 'ent-02' }, { applicantId: 'legal-1', enterpriseId: null })
const opening = fc.tuple(applied, fc.record({ restricted: fc.boolean(), enterpriseSees: fc.constantFrom('all', 'window', 'nothing') })).map(([one, other]) => ({ ...one, ...other }))
/** A step of some unit, and what becomes of it; or something about the case. */
const happening = fc.oneof(
  fc.record({ unit: fc.constantFrom('economic-crime', 'traffic', 'legal'), role: fc.constantFrom('handler', 'legal-reviewer', 'unit-leader'), by: fc.constantFrom(...OFFICERS), done: fc.constantFrom('open', 'held', 'done') }),
  fc.record({ asked: fc.constantFrom(...CONTACTS), done: fc.constantFrom('held', 'done') }),
  fc.record({ joins: fc.constantFrom('ent-01', 'ent-02'), done: fc.constantFrom('open', 'held', 'done') }),
  fc.constant('shown'), fc.record({ conflict: fc.constantFrom(...OFFICERS) }),
)
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never

function eventsOf(caseNo: string, what: Happening, i: number): NewEvent[] {
  if (what === 'shown') return [event('case-shown', {})]
  if ('joins' in what) {
    const party = `p${i}`
    const task = `${caseNo}.answer.${party}.1`
    const by = { id: `${what.joins}-contact` }
    return [
      event('party-joined', { id: party, name: what.joins, kind: 'enterprise', enterprise: what.joins }),
      ...(what.done === 'open' ? [] : [taskOpened(caseNo, { task, party, name: 'answer', unit: 'party', role: 'enterprise', holder: by.id, deadline: deadline('2020-01-01T00:00:00+08:00') })]),
      ...(what.done === 'done' ? [event('task-completed', { task, action: 'complete', form: {} }, by)] : []),
    ]
  }
  if ('conflict' in what) return [event('conflict-declared', { reason: 'x' }, officer(what.conflict))]
  const name = `step-${i}`
  const by = 'asked' in what ? { id: what.asked } : officer(what.by)
  const fields = 'asked' in what ? { unit: 'applicant', role: 'enterprise', holder: what.asked } as const : { unit: what.unit, role: what.role } as Partial<EventData['task-opened']>
  const task = `${caseNo}.${name}.1`
  return [
    taskOpened(caseNo, { name, ...fields, deadline: deadline('2020-01-01T00:00:00+08:00') }),
    ...(what.done !== 'open' && !('asked' in what) ? [event('task-claimed', { task }, by)] : []),
    ...(what.done === 'done' ? [event('task-completed', { task, action: 'complete', form: {} }, by)] : []),
  ]
}

it('lists hold what the rules let a person see and nothing else, whatever has happened to cases', async () => {
  const states: CaseState[] = []
  for (const [fields, happened] of fc.sample(fc.tuple(opening, fc.array(happening, { maxLength: 5 })), 120)) {
    const caseNo = await openCase(db, () => [], { ...fields, title: '甲乙丙' } as Partial<EventData['case-opened']>)
    const events = happened.flatMap((what, i) => eventsOf(caseNo, what, i))
    if (events.length > 0) await append(db, caseNo, ...events)
    states.push((await findCase(db.pool, caseNo))!)
  }
  const seen = { all: 0, lane: 0, window: 0, none: 0 }
  for (const who of everybody) {
    const sight = new Map(states.map(({ file, tasks }) => [file.caseNo, sightOf(who, file, tasks)]))
    const seeing = (...how: string[]) => states.map(({ file }) => file.caseNo).filter(caseNo => how.includes(sight.get(caseNo)!)).sort()
    const listed = async (query: object) => (await listCases(db.pool, who, { limit: 200, ...query })).map(file => file.caseNo).sort()
    for (const value of sight.values()) seen[value]++
    expect(await listed({}), who.id).toEqual(seeing('all', 'lane', 'window'))
    // What tells more than a window shows finds nothing of which one has no more.
    expect(await listed({ q: '甲乙丙' }), who.id).toEqual(seeing('all'))
    const unwindowed = (await listed({})).filter(caseNo => sight.get(caseNo) === 'all')
    for (const query of [{ unit: 'economic-crime' }, { card: 'none' }, { due: 'overdue' }, { status: 'open' }] as const) expect(unwindowed, `${who.id} ${JSON.stringify(query)}`).toEqual(expect.arrayContaining(await listed(query)))
    if (!who.roles.includes('enterprise')) continue
    for (const view of TASK_VIEWS) for (const { file, task } of (await listTasks(db.pool, who, { view, limit: 1000 })).tasks) {
      expect(sight.get(file.caseNo), `${who.id} ${view} ${task.id}`).not.toBe('none')
      if (sight.get(file.caseNo) === 'window') expect(task.holderId).toBe(who.id)
      if (sight.get(file.caseNo) === 'lane') expect(file.parties, task.id).toMatchObject([{ id: task.party, enterprise: who.enterprise }])
    }
  }
  for (const n of Object.values(seen)) expect(n).toBeGreaterThan(3)
})
