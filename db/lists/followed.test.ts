import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { append, event, officer, openCase, taskOpened } from '../../test/sample-case.ts'
import { maySee, type Who } from '../../model/actions.ts'
import type { CaseEvent, NewEvent } from '../../model/events.ts'
import { isLive, type CaseState } from '../../model/state.ts'
import { connect, type Db } from '../connect.ts'
import { asWho, findPerson, listPeople } from '../directory/directory.ts'
import { findCase } from '../record/record.ts'
import { seedOrganisation } from '../seed/index.ts'
import { ASKING } from '../notices/messages.ts'
import { listEvents, listTasks, orderOf, type TaskQuery } from './search.ts'

let database: TestDatabase
let db: Db
let everybody: Who[]
const cases: { state: CaseState, events: CaseEvent[] }[] = []

async function given(first: (caseNo: string) => NewEvent[], fields: Parameters<typeof openCase>[2] = {}, later: (caseNo: string) => NewEvent[] = () => []): Promise<string> {
  const caseNo = await openCase(db, first, fields)
  for (const one of later(caseNo)) await append(db, caseNo, one)
  cases.push({ state: (await findCase(db.pool, caseNo))!, events: await listEvents(db.pool, caseNo) })
  return caseNo
}
const id = (caseNo: string, name = 'handle') => `${caseNo}.${name}.1`
const claimed = (no: string, by: string, name?: string) => event('task-claimed', { task: id(no, name) }, officer(by))
const completed = (no: string, by: string, name?: string) => event('task-completed', { task: id(no, name), action: 'complete', form: {} }, officer(by))
const secret = { restricted: true, procedure: 'detention-report', title: '羁押事前报备 涉密事项', applicantId: 'criminal-1', enterpriseId: 'ent-02' }
const desk = (no: string) => taskOpened(no, { unit: 'service-centre', role: 'duty-desk', name: 'triage' })

beforeAll(async () => {
  database = await createTestDatabase()
  await seedOrganisation(database.url)
  db = connect(database.appUrl)
  await db.pool.query(`INSERT INTO person (id, sub, name, enterprise_id, roles) VALUES ('ent-01-second', 'ent-01-second', 'x', 'ent-01', '{enterprise}')`)
  everybody = (await listPeople(db.pool)).map(asWho)
  await given(no => [taskOpened(no)])
  await given(no => [taskOpened(no)], {}, no => [claimed(no, 'economic-crime-1'), completed(no, 'economic-crime-1'), taskOpened(no, { name: 'reply' }), claimed(no, 'economic-crime-1', 'reply'), completed(no, 'economic-crime-1', 'reply'), event('case-closed', { outcome: 'resolved', result: null })])
  await given(no => [taskOpened(no)], {}, no => [event('task-transferred', { task: id(no), to: 'economic-crime-2', reason: '指派' }, officer('economic-crime-leader'))])
  await given(no => [taskOpened(no)], {}, no => [claimed(no, 'economic-crime-1'), event('task-delegated', { task: id(no), to: 'economic-crime-2', reason: '出差' }, officer('economic-crime-1')), completed(no, 'economic-crime-2')])
  // The desk hands over: inside the centre to a resident department, outside to another body's system; a third it routes as usual.
  await given(no => [desk(no)], {}, no => [claimed(no, 'desk-1', 'triage'), completed(no, 'desk-1', 'triage'), taskOpened(no, { name: 'acknowledge', unit: 'tax', from: 'service-centre' }), claimed(no, 'tax-1', 'acknowledge'), completed(no, 'tax-1', 'acknowledge'), taskOpened(no, { unit: 'tax' })])
  await given(no => [desk(no)], {}, no => [claimed(no, 'desk-2', 'triage'), completed(no, 'desk-2', 'triage'), taskOpened(no, { name: 'external', unit: 'service-centre', holder: 'system:city-hotline' }), event('handed-over', { task: id(no, 'external'), system: 'city-hotline', payload: {} })])
  await given(no => [desk(no)], {}, no => [claimed(no, 'desk-1', 'triage'), completed(no, 'desk-1', 'triage'), taskOpened(no)])
  // An officer files, and his unit is told of the answer; a leader of a card; a restricted case is told of to nobody who may not see it.
  await given(no => [taskOpened(no)], { enterpriseId: null, applicantId: 'station-01-1' }, () => [event('told', { to: { unit: 'economic-crime' }, title: '反馈', body: '已答复' })])
  await given(no => [taskOpened(no)], {}, no => [claimed(no, 'economic-crime-1'), event('yellow-card', { clock: id(no), dueAt: '2026-03-12T23:59:59+08:00' })])
  await given(no => [taskOpened(no, { unit: 'legal', role: 'legal-reviewer', name: 'legal-review' })], secret, () => [event('told', { to: { unit: 'economic-crime' }, title: '反馈', body: '已答复' })])
  await given(no => [taskOpened(no)], {}, no => [claimed(no, 'economic-crime-1'), event('withdrawal-requested', { reason: '已解决' }, { id: 'ent-01-contact' }), event('case-closed', { outcome: 'withdrawn', result: null })])
  await given(no => [taskOpened(no)], {}, () => [event('told', { to: { unit: 'economic-crime' }, title: '反馈', body: '已答复' }), event('conflict-declared', { reason: '亲属' }, officer('economic-crime-2'))])
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

const who = async (person: string) => asWho((await findPerson(db.pool, person))!)
const list = (person: Who, query: Partial<TaskQuery>) => listTasks(db.pool, person, { view: 'filed', limit: 100, ...query })
const ids = async (person: Who, query: Partial<TaskQuery>) => (await list(person, query)).tasks.map(({ task }) => task.id)
/** The steps at which a case stands. */
const stands = ({ tasks }: CaseState) => tasks.some(isLive) ? tasks.filter(isLive) : tasks.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1)).slice(0, 1)

/** Who passed a task on, as the events tell it. */
function passedOn({ events }: { events: CaseEvent[] }): [task: string, by: string][] {
  let decider: string | null = null
  return events.flatMap((e): [string, string][] => {
    if (e.type === 'task-completed') decider = e.actor!.id
    if (e.type === 'task-transferred' || e.type === 'task-delegated') return [[e.data.task, e.actor!.id]]
    return (e.type === 'handed-over' || (e.type === 'task-opened' && e.data.from !== undefined)) && decider !== null ? [[e.data.task, decider]] : []
  })
}

describe('what somebody follows', () => {
  it('is, of what he has filed, where it stands, and of others nothing', async () => {
    let seen = 0
    for (const person of everybody) {
      const expected = cases.filter(({ state: { file, tasks } }) => file.filedBy === person.id && maySee(person, file, tasks)).flatMap(({ state }) => stands(state)).map(task => task.id)
      expect((await ids(person, {})).sort(), person.id).toEqual(expected.sort())
      expect((await list(person, {})).total, person.id).toBe(expected.length)
      seen += expected.length
    }
    expect(seen).toBe(cases.length)
    expect((await ids(await who('criminal-1'), {})).length, 'a restricted one, by who filed it').toBe(1)
    expect(await ids(await who('ent-01-second'), {}), 'filed by the other contact').toEqual([])
  })

  it('is what he has transferred, delegated or handed over, whatever has become of it', async () => {
    const by = new Set<string>()
    for (const person of everybody) {
      const expected = cases.flatMap(one => passedOn(one).filter(([, by]) => by === person.id && maySee(person, one.state.file, one.state.tasks)).map(([task]) => task))
      expect((await ids(person, { view: 'handed-on' })).sort(), person.id).toEqual(expected.sort())
      expect((await list(person, { view: 'handed-on' })).total, person.id).toBe(expected.length)
      if (expected.length > 0) by.add(person.id)
    }
    expect([...by].sort()).toEqual(['desk-1', 'desk-2', 'economic-crime-1', 'economic-crime-leader'])
  })

  it('is what he was told of without being asked for anything, in cases that he sees and has no part in', async () => {
    const { rows } = await db.pool.query(`SELECT DISTINCT person_id, case_no FROM notice WHERE channel = 'inbox' AND kind <> ALL($1)`, [ASKING])
    let seen = 0
    for (const person of everybody) {
      const told = (caseNo: string) => rows.some((r: { person_id: string, case_no: string }) => r.person_id === person.id && r.case_no === caseNo)
      const hasPart = ({ file }: CaseState) => file.filedBy === person.id || file.participants.some(part => part.replace(/@.*/, '') === person.id)
      const expected = cases.filter(({ state }) => told(state.file.caseNo) && maySee(person, state.file, state.tasks) && !hasPart(state)).flatMap(({ state }) => stands(state)).map(task => task.id)
      expect((await ids(person, { view: 'copied' })).sort(), person.id).toEqual(expected.sort())
      expect((await list(person, { view: 'copied' })).total, person.id).toBe(expected.length)
      seen += expected.length
      expect((await list(person, { view: 'copied' })).tasks.filter(({ file }) => file.restricted), person.id).toEqual([])
    }
    expect(seen).toBeGreaterThan(10)
    const copied = async (person: string) => (await ids(await who(person), { view: 'copied' })).length
    expect(await copied('economic-crime-2'), 'told of one as a member of the unit; of another before he declared a conflict').toBe(1)
    expect(await copied('economic-crime-leader'), 'the card beside').toBe(3)
    expect(await copied('ent-01-second'), 'what the other contact filed').toBeGreaterThan(5)
    expect(await copied('office-1')).toBe(0)
  })

  it('is paged, the latest first, without gap or repetition, and found by what is typed', async () => {
    const person = await who('ent-01-contact')
    const every = await list(person, {})
    const at = every.tasks.map(({ task }) => task.createdAt.getTime())
    expect(at).toEqual(at.toSorted((a, b) => b - a))
    const paged: string[] = []
    for (let after; ;) {
      const { tasks, total } = await list(person, { limit: 3, after })
      expect(total).toBe(every.total)
      paged.push(...tasks.slice(0, 3).map(({ task }) => task.id))
      if (tasks.length <= 3) break
      after = { at: tasks[2]!.task[orderOf('filed')]!, id: tasks[2]!.task.id }
    }
    expect(paged).toEqual(every.tasks.map(({ task }) => task.id))
    const [first] = paged
    expect(await ids(person, { q: first!.split('.')[0]!.replace('-0000', ' ') })).toEqual([first])
    expect((await list(person, { q: '货车' })).total).toBe(every.total)
    expect((await list(person, { q: '客车' })).total).toBe(0)
    expect((await list(person, { procedure: 'credit-repair' })).total).toBe(0)
  })
})

it('a queue does not tell by what its restricted cases are found; their number, which it shows, finds them', async () => {
  const no = cases.find(({ state }) => state.file.restricted)!.state.file.caseNo
  const found = async (person: string, q: string, view: TaskQuery['view']) => (await ids(await who(person), { q, view })).filter(one => one.startsWith(no)).length
  for (const view of ['candidate', 'todo', 'unit'] as const) {
    expect(await found('legal-1', '涉密', view), view).toBe(0)
    expect(await found('legal-1', no, view), view).toBe(1)
  }
  expect(await found('criminal-1', '涉密', 'filed')).toBe(1)
  expect(await found('economic-crime-1', no, 'all')).toBe(0)
})

