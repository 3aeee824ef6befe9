import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { append, caseOpened, deadline, documentIssued, event, officer, openCase, taskOpened } from '../../test/sample-case.ts'
import { judgeTask, maySee, type Who } from '../../model/actions.ts'
import { connect, type Db } from '../connect.ts'
import { asWho, findPerson, listPeople } from '../directory/directory.ts'
import type { NewEvent } from '../../model/events.ts'
import { isLive, type CaseState } from '../../model/state.ts'
import { appendEvents, findCase } from '../record/record.ts'
import { listCases, listTasks, type TaskQuery } from './search.ts'
import { seedOrganisation } from '../seed/index.ts'
import { organisation } from '../seed/organisation.ts'
import { withoutOdd } from '../../model/text.ts'

let database: TestDatabase
let db: Db
let everybody: Who[]
const states = new Map<string, CaseState>()

/** Opens a case and keeps what it has come to, for comparison with the rules. */
async function given(more: (caseNo: string) => NewEvent[], fields: Parameters<typeof caseOpened>[0] = {}, later: (caseNo: string) => NewEvent[] = () => []): Promise<string> {
  const caseNo = await openCase(db, more, fields)
  const events = later(caseNo)
  if (events.length > 0) await append(db, caseNo, ...events)
  states.set(caseNo, (await findCase(db.pool, caseNo))!)
  return caseNo
}

const id = (caseNo: string, name = 'handle') => `${caseNo}.${name}.1`
const claimed = (by: string) => (caseNo: string) => [event('task-claimed', { task: id(caseNo) }, officer(by))]
const overdue = { deadline: deadline('2020-01-01T00:00:00+08:00') }
const ahead = (minutes: number) => ({ deadline: deadline(new Date(Date.now() + minutes * 60_000).toISOString()) })

beforeAll(async () => {
  database = await createTestDatabase()
  await seedOrganisation(database.url)
  db = connect(database.appUrl)
  // economic-crime-2 is away and economic-crime-1 is the proxy; for anti-drug-1, who has declared a conflict in one case, it is anti-drug-2.
  // Leaders are away too; legal-3 stands in for two of his unit, office-2 for office-1 by way of office-leader, who is away as well.
  for (const [absent, proxy] of [
    ['economic-crime-2', 'economic-crime-1'], ['anti-drug-1', 'anti-drug-2'], ['traffic-leader', 'traffic-1'], ['legal-leader', 'legal-3'], ['legal-4', 'legal-3'],
    ['office-1', 'office-leader'], ['office-leader', 'office-2'], ['criminal-1', 'criminal-2'], ['bureau-leader-1', 'bureau-leader-2'],
  ]) {
    await db.pool.query(`INSERT INTO absence (id, person_id, proxy_id, from_at, until_at) VALUES ($1, $1, $2, now() - interval '1 day', now() + interval '1 day')`, [absent, proxy])
  }
  await db.pool.query(`INSERT INTO person (id, sub, name, enterprise_id, roles) VALUES ('ent-01-second', 'ent-01-second', 'x', 'ent-01', '{enterprise}')`)
  everybody = (await listPeople(db.pool)).map(asWho)

  await given(no => [taskOpened(no, ahead(60))])
  await given(no => [taskOpened(no, overdue)], {}, claimed('economic-crime-1'))
  await given(no => [taskOpened(no, { notBy: ['economic-crime-1'], ...ahead(30) })])
  await given(no => [taskOpened(no, ahead(10))], {}, claimed('economic-crime-2'))
  await given(no => [taskOpened(no, { notBy: ['economic-crime-1'], ...overdue })], {}, claimed('economic-crime-2'))
  await given(no => [taskOpened(no, ahead(60))], {}, () => [event('conflict-declared', { reason: '亲属' }, officer('economic-crime-1'))])
  await given(no => [taskOpened(no, { unit: 'anti-drug', ...overdue })], { enterpriseId: 'ent-02', applicantId: 'ent-02-contact' },
    no => [event('task-claimed', { task: id(no) }, officer('anti-drug-1')), event('conflict-declared', { reason: '亲属' }, officer('anti-drug-1'))])
  await given(no => [taskOpened(no, { unit: 'service-centre', role: 'duty-desk', name: 'triage' }), taskOpened(no, { unit: 'legal', role: 'legal-reviewer', name: 'legal-review' })])
  await given(no => [taskOpened(no, { unit: 'applicant', role: 'enterprise', name: 'rate', holder: 'ent-01-contact', ...ahead(60) })])
  await given(no => [taskOpened(no, { unit: 'economic-crime', role: 'unit-leader', name: 'approve-extension', ...ahead(5) })])
  await given(no => [taskOpened(no, { unit: 'applicant', role: 'enterprise', name: 'supplement', holder: 'ent-01-second', ...overdue })])
  await given(() => [], { enterpriseId: null, applicantId: 'station-01-1' })
  const secret = { restricted: true, procedure: 'detention-report', title: '羁押事前报备', applicantId: 'criminal-1', enterpriseId: 'ent-01' }
  await given(no => [taskOpened(no, { unit: 'legal', role: 'legal-reviewer', name: 'legal-review', ...overdue }), taskOpened(no, { unit: 'office', role: 'office', name: 'impact-review', ...overdue })], secret)
  await given(no => [taskOpened(no, { unit: 'legal', role: 'legal-reviewer', ...overdue })], secret, claimed('legal-1'))
  await given(no => [taskOpened(no, { unit: 'economic-crime', ...overdue })], { ...secret, applicantId: 'economic-crime-2' })
  await given(no => [taskOpened(no, { unit: 'traffic', role: 'unit-leader', ...overdue })])
  await given(no => [taskOpened(no, { unit: 'traffic', role: 'unit-leader', notBy: ['traffic-leader'], ...overdue }), taskOpened(no, { unit: 'traffic', role: 'unit-leader', name: 'decide', notBy: ['traffic-1'] })])
  await given(no => [taskOpened(no, { unit: 'traffic', role: 'unit-leader' })], {}, () => [event('conflict-declared', { reason: '亲属' }, officer('traffic-leader'))])
  await given(no => [taskOpened(no, { unit: 'legal', role: 'legal-reviewer', notBy: ['legal-4'] })], {}, () => [event('conflict-declared', { reason: '亲属' }, officer('legal-leader'))])
  await given(no => [taskOpened(no, { unit: 'legal', role: 'unit-leader', notBy: ['legal-leader'] }), taskOpened(no, { unit: 'office', role: 'office', name: 'return-visit' })])
  await given(no => [taskOpened(no, { unit: 'legal', role: 'legal-reviewer', ...overdue })], secret,
    no => [...claimed('legal-4')(no), event('task-completed', { task: id(no), action: 'complete', form: {} }, officer('legal-4')), taskOpened(no, { unit: 'bureau', role: 'bureau-leader', name: 'decide' })])
  await given(no => [taskOpened(no, { unit: 'legal', role: 'legal-reviewer', ...overdue })], secret, no => [...claimed('legal-2')(no), event('task-released', { task: id(no) }, officer('legal-2'))])
  await given(no => [taskOpened(no, ahead(60))], {}, no => [...claimed('economic-crime-1')(no), event('task-completed', { task: id(no), action: 'complete', form: {} }, officer('economic-crime-1')), event('case-closed', { outcome: 'resolved', result: null })])
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

const who = async (person: string) => asWho((await findPerson(db.pool, person))!)
const tasksOf = async (person: Who, query: Partial<TaskQuery> = {}) => listTasks(db.pool, person, { view: 'mine', limit: 100, ...query })
const all = () => [...states.values()].flatMap(({ file, tasks }) => tasks.map(task => ({ file, task, tasks })))

describe('a list of cases', () => {
  it('holds exactly the cases that the person may see', async () => {
    let seen = 0
    for (const person of everybody) {
      const expected = [...states.values()].filter(({ file, tasks }) => maySee(person, file, tasks)).map(({ file }) => file.caseNo)
      const found = (await listCases(db.pool, person, { limit: 100 })).map(file => file.caseNo)
      expect(found.sort(), person.id).toEqual(expected.sort())
      seen += found.length
    }
    expect(everybody.length).toBeGreaterThan(150)
    expect(seen).toBeGreaterThan(100)
  })

  it('never shows a restricted case to an enterprise, the desk, 护航办 or a bureau leader who takes no part', async () => {
    for (const person of ['ent-01-contact', 'desk-1', 'office-1', 'bureau-leader-1', 'admin-1', 'auditor-1']) {
      expect((await listCases(db.pool, await who(person), { limit: 100 })).filter(file => file.restricted), person).toEqual([])
    }
    expect((await listCases(db.pool, await who('legal-1'), { limit: 100 })).filter(file => file.restricted)).toHaveLength(1)
    expect((await listCases(db.pool, await who('legal-2'), { limit: 100 })).filter(file => file.restricted), 'has let go of it').toEqual([])
    expect((await listCases(db.pool, await who('legal-3'), { limit: 100 })).filter(file => file.restricted), 'stands in for who has reviewed it').toHaveLength(1)
  })

  it('is narrowed by what is asked for', async () => {
    const office = await who('office-1')
    const count = async (query: object) => (await listCases(db.pool, office, { limit: 100, ...query })).length
    const every = await count({})
    expect(await count({ procedure: 'enterprise-appeal' })).toBe(every)
    expect(await count({ procedure: 'credit-repair' })).toBe(0)
    expect(await count({ status: 'closed' })).toBe(1)
    expect(await count({ enterprise: 'ent-02' })).toBe(1)
    expect(await count({ unit: 'anti-drug' })).toBe(1)
    expect(await count({ card: 'red' })).toBe(0)
    expect(await count({ q: '货车' })).toBe(every)
    expect(await count({ q: '%' }), 'no wildcard').toBe(0)
    const [caseNo = ''] = states.keys()
    for (const q of [caseNo, caseNo.toLowerCase()]) expect((await listCases(db.pool, office, { limit: 100, q })).map(file => file.caseNo)).toEqual([caseNo])
  })

  it('is paged newest first without gap or repetition', async () => {
    const office = await who('office-1')
    const every = (await listCases(db.pool, office, { limit: 100 })).map(file => file.caseNo)
    const paged: string[] = []
    for (let after; ;) {
      const rows = await listCases(db.pool, office, { limit: 3, after })
      const page = rows.slice(0, 3)
      paged.push(...page.map(file => file.caseNo))
      if (rows.length <= 3) break
      after = { at: page[2]!.openedAt, id: page[2]!.caseNo }
    }
    expect(paged).toEqual(every)
    expect(new Set(paged).size).toBe(paged.length)
  })
})

describe('looking for a case', () => {
  const found = async (person: Who, q: string) => (await listCases(db.pool, person, { limit: 100, q })).map(file => file.caseNo)
  /** As the API takes them: cleaned. */
  const asTyped = (q: string) => withoutOdd(q)
  let plain: string
  let secret: string
  beforeAll(async () => {
    const application = { contact: { name: '联系人', phone: '0575-87011234转801' } }
    plain = await given(no => [taskOpened(no), documentIssued('货通〔2026〕31号', { kind: 'pass', content: {} })],
      { title: '示例公（治）行罚决字〔2026〕7号 货款_100%拖欠，葛\u{e0100}城路 ＡＢＣ产业园', enterpriseId: 'ent-02', applicantId: 'ent-02-contact', application })
    secret = await given(() => [documentIssued('羁审〔2026〕45号', { kind: 'opinion', content: {} })],
      { restricted: true, procedure: 'detention-report', title: '羁押事前报备 涉密事项', applicantId: 'criminal-1', enterpriseId: 'ent-02', application: { contact: { name: '联系人', phone: '13800138000' } } })
  })
  const number = () => Number(plain.slice(3))
  const ent = organisation.enterprises.find(one => one.id === 'ent-02')!.name

  it.each([
    ['its number', () => plain], ['its number in small letters', () => plain.toLowerCase()], ['its number without zeros', () => `EA-${number()}`], ['its number with a blank', () => `ea ${plain.slice(3)}`],
    ['its number without a hyphen', () => `ea${number()}`], ['its number of full width', () => plain.replace(/[-A-Z0-9]/g, c => String.fromCharCode(c.charCodeAt(0) + 0xfee0))], ['its number with a dash', () => `EA—${number()}`],
    ['its number between pasted blanks and marks', () => `\n\t\u3000${plain.slice(0, 4)}\u200b${plain.slice(4)}\ufeff\r\n`], ['its number and a word', () => `EA-${number()} 货款`],
    ['a document', () => '货通〔2026〕31号'], ['a document with other brackets', () => '货通[2026]31号'], ['a document with brackets of full width', () => '货通（２０２６）３１号'], ['a document without brackets', () => '货通202631号'],
    ['a document with blanks', () => ' 货通 2026 31 号'], ['the end of a document', () => '2026〕31'],
    ['a number in its title', () => '示例公(治)行罚决字[2026] 7 号'],
    ['the enterprise', () => `${ent} 货款`], ['part of the enterprise', () => `${ent.slice(2, 6)} 货款`],
    ['the telephone', () => '0575-87011234'], ['the telephone as digits', () => '057587011234'], ['the telephone with brackets of full width', () => '（０５７５）８７０１１２３４'], ['the telephone with the country', () => '+86 0575 8701 1234'],
    ['the telephone without the area', () => '87011234'], ['the telephone with its extension', () => '0575-87011234 转 801'], ['the telephone as another one copies it', () => '\u202d0575-87011234\u202c'],
    ['words of the title in another order', () => '拖欠 产业园 货款'], ['words over lines', () => '货款\r\n产业园'], ['letters of another width', () => 'abc产业园'], ['a rare character without its variant', () => '葛城路'], ['a rare character with it', () => '葛\u{e0100}城路'],
    ['signs that are wildcards elsewhere', () => '货款_100%'],
  ])('it is found by %s, and by nobody who may not see it', async (_, typed) => {
    const q = asTyped(typed())
    for (const person of everybody) {
      const mine = [...states.values()].filter(({ file, tasks }) => maySee(person, file, tasks)).map(({ file }) => file.caseNo)
      expect((await found(person, q)).filter(no => no === plain), `${person.id}: ${q}`).toEqual(mine.filter(no => no === plain))
    }
  })

  it.each(['货%拖欠', '货_拖', '%货款', '_款', '货款 扣押', 'EA-999999', 'ea 999999', '货通〔2026〕32号', '0575-87011299', '8701', '-', '（）', '\\', "'", '羁押事前报备 涉密', '羁审〔2026〕45号', '羁审202645', '13800138000'])('nothing of it is found by %j', async (q) => {
    expect((await found(await who('office-1'), asTyped(q))).filter(no => [plain, secret].includes(no))).toEqual([])
  })

  it('a restricted one is found by those who take part and their proxies, by nobody else', async () => {
    for (const typed of [secret, secret.toLowerCase().replace('-', ' '), '羁押事前报备', '事前 涉密', '羁审〔2026〕45号', '13800138000', ent]) {
      const finders: string[] = []
      for (const person of everybody) if ((await found(person, asTyped(typed))).includes(secret)) finders.push(person.id)
      expect(finders, typed).toEqual(['criminal-1', 'criminal-2'])
    }
  })
})

describe('a list of tasks', () => {
  it('offers as candidate exactly what the person may claim', async () => {
    let offered = 0
    for (const person of everybody) {
      const expected = all().filter(({ file, task }) => task.status === 'open' && judgeTask('claim', person, file, task, {}) === null).map(({ task }) => task.id)
      const { tasks, total } = await tasksOf(person, { view: 'candidate' })
      expect(tasks.map(({ task }) => task.id).sort(), person.id).toEqual(expected.sort())
      expect(total, person.id).toBe(expected.length)
      offered += total
    }
    expect(offered).toBeGreaterThan(10)
  })

  it('shows as mine exactly what the person holds or may do for somebody absent', async () => {
    for (const person of everybody) {
      const expected = all().filter(({ file, task }) => task.status === 'claimed' && (task.holderId === person.id || judgeTask('complete', person, file, task, {}) === null)).map(({ task }) => task.id)
      const { tasks, total } = await tasksOf(person)
      expect(tasks.map(({ task }) => task.id).sort(), person.id).toEqual(expected.sort())
      expect(total).toBe(expected.length)
    }
    expect((await tasksOf(await who('economic-crime-1'))).total, 'one of his own, one as proxy').toBe(2)
    for (const contact of ['ent-01-contact', 'ent-01-second']) expect((await tasksOf(await who(contact))).total, 'what the enterprise is asked').toBe(2)
  })

  it('holds as to be done what the person holds, and what waits for a post that he has; not what any of the unit may take', async () => {
    const posts = ['unit-leader', 'bureau-leader', 'duty-desk', 'legal-reviewer', 'office']
    for (const person of everybody) {
      const [todo, mine, candidate] = [await tasksOf(person, { view: 'todo' }), await tasksOf(person, { view: 'mine' }), await tasksOf(person, { view: 'candidate' })]
      const expected = [...mine.tasks, ...candidate.tasks.filter(({ task }) => posts.includes(task.role))].map(({ task }) => task.id)
      expect(todo.tasks.map(({ task }) => task.id).sort(), person.id).toEqual(expected.sort())
      expect(todo.total, person.id).toBe(expected.length)
      expect(todo.tasks.map(({ task }) => task.dueAt.getTime())).toEqual(todo.tasks.map(({ task }) => task.dueAt.getTime()).sort((a, b) => a - b))
    }
    expect((await tasksOf(await who('economic-crime-leader'), { view: 'todo' })).tasks.map(({ task }) => task.name)).toEqual(['approve-extension'])
    expect((await tasksOf(await who('desk-1'), { view: 'todo' })).tasks.map(({ task }) => task.name)).toContain('triage')
    expect((await tasksOf(await who('public-order-1'), { view: 'todo' })).total).toBe(0)
  })

  it('keeps what the person has done, for him alone', async () => {
    const done = async (person: string) => (await tasksOf(await who(person), { view: 'done' })).tasks.map(({ task }) => task.completedBy)
    expect(await done('economic-crime-1')).toEqual(['economic-crime-1'])
    expect(await done('economic-crime-leader')).toEqual([])
  })

  it('shows a unit all its live tasks to its leader, and to its people those of their role', async () => {
    const live = all().filter(({ task }) => isLive(task) && task.unitId === 'economic-crime')
    const [leader, handler] = [await who('economic-crime-leader'), await who('economic-crime-2')]
    expect((await tasksOf(leader, { view: 'unit' })).total).toBe(live.length)
    expect((await tasksOf(handler, { view: 'unit' })).total).toBe(live.filter(({ task }) => task.role === 'handler').length)
    expect((await tasksOf(await who('economic-crime-1'), { view: 'unit' })).total, 'not where he has declared a conflict').toBe(live.filter(({ task }) => task.role === 'handler').length - 1)
    expect((await tasksOf(await who('ent-01-contact'), { view: 'unit' })).total).toBe(0)
  })

  it('shows as overdue what is past due to its holder, its unit and, unless restricted, to those who supervise', async () => {
    const late = all().filter(({ task }) => isLive(task) && task.dueAt < new Date())
    const total = async (person: string) => (await tasksOf(await who(person), { view: 'overdue' })).total
    expect(await total('office-1')).toBe(late.filter(({ file }) => !file.restricted).length)
    expect(await total('economic-crime-leader')).toBe(late.filter(({ task }) => task.unitId === 'economic-crime').length)
    expect(await total('legal-2')).toBe(late.filter(({ task }) => task.unitId === 'legal' && task.role === 'legal-reviewer').length)
    expect(await total('anti-drug-1'), 'has declared a conflict').toBe(0)
    expect([await total('ent-01-contact'), await total('ent-02-contact')]).toEqual([1, 0])
    expect(await total('traffic-1'), 'for the leader, but where that one has declared a conflict').toBe(late.filter(({ file, task }) => task.unitId === 'traffic' && !file.excluded.includes('traffic-leader')).length)
    expect(await total('traffic-2')).toBe(0)
  })

  it('is narrowed by procedure and card, total included', async () => {
    const legal = await who('legal-2')
    const { total } = await tasksOf(legal, { view: 'candidate' })
    const narrowed = await tasksOf(legal, { view: 'candidate', procedure: 'detention-report' })
    expect(narrowed.total).toBe(2)
    expect(narrowed.tasks).toHaveLength(2)
    expect(total).toBe(4)
    expect(await tasksOf(legal, { view: 'candidate', card: 'red' })).toEqual({ tasks: [], total: 0 })
    expect((await tasksOf(legal, { view: 'mine', procedure: 'detention-report' })).total).toBe(0)
  })

  it('is paged soonest due first without gap or repetition, also where due times are equal; the total is of all pages', async () => {
    const same = ahead(600)
    const caseNo = await openCase(db, no => Array.from({ length: 7 }, (_, i) => taskOpened(no, { ...(i < 5 ? same : ahead(i)), name: `step-${i}`, unit: 'tax', role: i % 2 ? 'handler' : 'unit-leader' })))
    const person: Who = { ...await who('tax-1'), roles: ['handler', 'unit-leader'] }
    const paged: string[] = []
    for (let after; ;) {
      const { tasks, total } = await tasksOf(person, { view: 'candidate', limit: 2, after })
      expect(total).toBe(7)
      const page = tasks.slice(0, 2).map(({ task }) => task)
      paged.push(...page.map(task => task.id))
      if (tasks.length <= 2) break
      after = { at: page[1]!.dueAt, id: page[1]!.id }
    }
    expect(paged).toEqual([5, 6, 0, 1, 2, 3, 4].map(i => id(caseNo, `step-${i}`)))
  })
})

it('sees a change at once: what was claimed is no longer offered', async () => {
  const caseNo = await openCase(db, no => [taskOpened(no, { unit: 'court' })])
  const [one, other] = [await who('court-1'), await who('court-2')]
  expect((await tasksOf(other, { view: 'candidate' })).total).toBe(1)
  await appendEvents(db, caseNo, 'claim', () => claimed(one.id)(caseNo))
  expect((await tasksOf(other, { view: 'candidate' })).total).toBe(0)
  expect((await tasksOf(one)).tasks.map(({ task }) => task.id)).toEqual([id(caseNo)])
})
