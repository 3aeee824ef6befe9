import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { append, caseOpened, deadline, event, fresh, officer, openCase, taskOpened } from '../../test/sample-case.ts'
import { connect, type Db } from '../connect.ts'
import type { NewEvent } from '../../model/events.ts'
import { appendEvents, findCase, fromJson } from '../record/record.ts'
import { resolveNotices, type NoticeRow } from './notices.ts'
import { notice } from '../schema.ts'
import { seedOrganisation } from '../seed/index.ts'

let database: TestDatabase
/** Without and with a mail server. */
let db: Db
let mailing: Db
beforeAll(async () => {
  database = await createTestDatabase()
  await seedOrganisation(database.url)
  db = connect(database.appUrl)
  mailing = connect(database.appUrl, { mail: true })
})
afterAll(async () => {
  await db.close()
  await mailing.close()
  await database.drop()
})

/** The notices that these events cause, as they stand in the inbox and outbox. */
async function noticesOf(caseNo: string, via: Db, ...events: NewEvent[]): Promise<NoticeRow[]> {
  const known = new Set((await rowsOf(caseNo)).map(n => n.id))
  await append(via, caseNo, ...events)
  return (await rowsOf(caseNo)).filter(n => !known.has(n.id))
}
async function rowsOf(caseNo: string): Promise<NoticeRow[]> {
  const { rows } = await db.pool.query('SELECT to_jsonb(n) AS n FROM notice n WHERE case_no = $1 ORDER BY channel, person_id, address', [caseNo])
  return rows.map(r => fromJson(notice, r.n))
}
const inbox = (rows: NoticeRow[]) => rows.filter(n => n.channel === 'inbox').map(n => `${n.personId}: ${n.title}`)
const told = async (caseNo: string, ...events: NewEvent[]) => inbox(await noticesOf(caseNo, db, ...events))

const at = { clock: '', dueAt: deadline().dueAt }
const held = (no: string) => [taskOpened(no), event('task-claimed', { task: `${no}.handle.1` }, officer('economic-crime-1'))]

describe('who is told what', () => {
  it('the enterprise, that its case was received and closed', async () => {
    const caseNo = fresh()
    await appendEvents(db, caseNo, 'k', () => [caseOpened()])
    expect(inbox(await rowsOf(caseNo))).toEqual(['ent-01-contact: 案件已收到'])
    expect(await told(caseNo, event('case-closed', { outcome: 'resolved', result: null }))).toEqual(['ent-01-contact: 案件已办结'])
  })

  it.each<[string, (no: string) => NewEvent, string[]]>([
    ['a reminder: the holder', no => event('reminded', { ...at, clock: `${no}.handle.1` }), ['economic-crime-1: 期限将至：“办理”']],
    ['a yellow card: the holder and the unit’s leader', no => event('yellow-card', { ...at, clock: `${no}.handle.1` }), ['economic-crime-1: 黄牌：“办理”已到期', 'economic-crime-leader: 黄牌：“办理”已到期']],
    ['a red card: the unit’s leader and 护航办', no => event('red-card', { ...at, clock: `${no}.handle.1` }),
      ['economic-crime-leader', 'office-1', 'office-2', 'office-3', 'office-leader'].map(id => `${id}: 红牌：“办理”严重逾期`)],
    ['a red card that nobody acknowledges: the bureau leaders', no => event('leader-alerted', { ...at, clock: `${no}.handle.1` }),
      ['bureau-leader-1: 局领导预警：“办理”红牌未签收', 'bureau-leader-2: 局领导预警：“办理”红牌未签收']],
    ['a reminder of the case’s own promise: whoever holds a step', () => event('reminded', { ...at, clock: 'case' }), ['economic-crime-1: 期限将至：案件']],
    ['the enterprise urges: whoever holds a step', () => event('urged', { text: '请尽快' }, { id: 'ent-01-contact' }), ['economic-crime-1: 企业催办']],
    ['an extension was granted: the holder', no => event('deadline-extended', { task: `${no}.handle.1`, deadline: deadline() }), ['economic-crime-1: “办理”已获准延期']],
    ['a transfer: who receives', no => event('task-transferred', { task: `${no}.handle.1`, to: 'economic-crime-2', reason: 'x' }, officer('economic-crime-leader')), ['economic-crime-2: 任务转交给您：“办理”']],
    ['a task that goes on because nobody can do it: who heads the unit', no => event('task-rerouted', { task: `${no}.handle.1`, unit: 'economic-crime', role: 'unit-leader' }), ['economic-crime-leader: 请办理“办理”']],
    ['one that nobody of the unit can do: those it goes to', no => event('task-rerouted', { task: `${no}.handle.1`, unit: 'bureau', role: 'bureau-leader' }), ['bureau-leader-1', 'bureau-leader-2'].map(id => `${id}: 请办理“办理”`)],
    ['a delegation: who receives', no => event('task-delegated', { task: `${no}.handle.1`, to: 'economic-crime-2', reason: 'x' }, officer('economic-crime-1')), ['economic-crime-2: 任务委托给您：“办理”']],
    ['a change of shift: who is on duty now', no => event('task-offered', { task: `${no}.handle.1`, to: 'anti-drug-2', reason: '交接班' }), ['anti-drug-2: 交接班：请签收“办理”']],
    ['a task opened for somebody: that person', no => taskOpened(no, { name: 'rate', title: '评价', unit: 'applicant', role: 'enterprise', holder: 'ent-01-contact' }), ['ent-01-contact: 请办理“评价”']],
    ['a task offered to the officer on duty: that person', no => taskOpened(no, { name: 'examine', offeredTo: 'anti-drug-1' }), ['anti-drug-1: 值班任务：“办理”']],
    ['a task in its unit’s queue: nobody yet', no => taskOpened(no, { name: 'reply' }), []],
    ['a document: the enterprise', () => event('document-issued', { kind: 'k', number: fresh('证'), content: {} }), ['ent-01-contact: 文书已出具']],
    ['a notice that could not be delivered: 护航办', () => event('notice-failed', { notice: 'x', channel: 'email', failure: 'y' }), ['office-1', 'office-2', 'office-3', 'office-leader'].map(id => `${id}: 通知未能送达`)],
    ['what the procedure says: the person it names', () => event('told', { to: { person: 'legal-1' }, title: '请知悉', body: 'x' }), ['legal-1: 请知悉']],
    ['what the procedure says: everybody of the unit it names', () => event('told', { to: { unit: 'liaison-01' }, title: '反馈', body: 'x' }), ['liaison-01-1: 反馈']],
    ['what the procedure says: the role it names', () => event('told', { to: { role: 'bureau-leader' }, title: '请知悉', body: 'x' }), ['bureau-leader-1: 请知悉', 'bureau-leader-2: 请知悉']],
    ['a comment: nobody', () => event('commented', { text: 'x' }, officer('legal-1')), []],
  ])('%s', async (_, e, expected) => {
    const caseNo = await openCase(db, held)
    expect(await told(caseNo, e(caseNo))).toEqual(expected)
  })

  it('the leader, of a task that nobody holds', async () => {
    const caseNo = await openCase(db)
    expect(await told(caseNo, event('yellow-card', { ...at, clock: `${caseNo}.handle.1` }))).toEqual(['economic-crime-leader: 黄牌：“办理”已到期'])
  })

  it('护航办, of a task of an outside system, which has neither holder nor leader here', async () => {
    const caseNo = await openCase(db, no => [taskOpened(no, { unit: 'four-platforms', holder: 'system:four-platforms' })])
    expect(await told(caseNo, event('reminded', { ...at, clock: `${caseNo}.handle.1` }))).toEqual(['office-1', 'office-2', 'office-3', 'office-leader'].map(id => `${id}: 期限将至：“办理”`))
  })

  it('the leader of the unit that the case is with, of a task that the applicant is late with', async () => {
    const caseNo = await openCase(db, no => [taskOpened(no), taskOpened(no, { name: 'supplement', unit: 'applicant', role: 'enterprise', holder: 'ent-01-contact' })])
    expect(await told(caseNo, event('yellow-card', { ...at, clock: `${caseNo}.supplement.1` }))).toEqual(['economic-crime-leader: 黄牌：“办理”已到期', 'ent-01-contact: 黄牌：“办理”已到期'])
  })

  it('the leader of whoever hands it over, too, until it is received; of a restricted case the unit’s own alone', async () => {
    const late = (no: string) => event('yellow-card', { clock: `${no}.acknowledge.1`, dueAt: '2026-03-06T18:00:00+08:00' })
    const handedOver = (no: string) => [taskOpened(no, { name: 'triage', unit: 'service-centre' }), taskOpened(no, { name: 'acknowledge', unit: 'tax', from: 'service-centre' })]
    const caseNo = await openCase(db, handedOver)
    expect(await told(caseNo, late(caseNo))).toEqual(['service-centre-leader', 'tax-leader'].map(id => `${id}: 黄牌：“办理”已到期`))
    const restricted = await openCase(db, handedOver, { restricted: true })
    expect(await told(restricted, late(restricted))).toEqual(['tax-leader: 黄牌：任务已到期'])
  })

  it('every contact of the enterprise, also when an officer filed the case, and none that has left', async () => {
    await owner(`INSERT INTO person (id, sub, name, enterprise_id, roles, active) VALUES ('ent-02-second', 'ent-02-second', 'x', 'ent-02', '{enterprise}', true), ('ent-02-left', 'ent-02-left', 'x', 'ent-02', '{enterprise}', false)`)
    const caseNo = await openCase(db, () => [], { enterpriseId: 'ent-02', applicantId: 'ent-02-contact' })
    expect(inbox(await rowsOf(caseNo))).toEqual(['ent-02-contact: 案件已收到', 'ent-02-second: 案件已收到'])
  })

  it('once each, however many reasons there are', async () => {
    const caseNo = await openCase(db, no => [taskOpened(no, { holder: 'economic-crime-leader' })])
    expect(await told(caseNo, event('yellow-card', { ...at, clock: `${caseNo}.handle.1` }))).toEqual(['economic-crime-leader: 黄牌：“办理”已到期'])
  })

  it('whoever stands in for an absent holder, too', async () => {
    await owner(`INSERT INTO absence (id, person_id, proxy_id, from_at, until_at) VALUES
      ('a', 'traffic-1', 'traffic-2', now() - interval '1 day', now() + interval '1 day'), ('b', 'traffic-1', 'traffic-leader', now() - interval '2 days', now() - interval '1 day')`)
    const caseNo = await openCase(db, no => [taskOpened(no, { unit: 'traffic', holder: 'traffic-1' })])
    expect(await told(caseNo, event('reminded', { ...at, clock: `${caseNo}.handle.1` }))).toEqual(['traffic-1: 期限将至：“办理”', 'traffic-2: 期限将至：“办理”'])
  })

  it('nobody who declared a conflict of interest, nor a proxy for such a person', async () => {
    await owner(`INSERT INTO absence (id, person_id, proxy_id, from_at, until_at) VALUES ('c', 'cyber-1', 'cyber-2', now() - interval '1 day', now() + interval '1 day')`)
    const caseNo = await openCase(db, held)
    await append(db, caseNo, event('conflict-declared', { reason: 'x' }, officer('office-2')), event('conflict-declared', { reason: 'x' }, officer('cyber-1')))
    expect(await told(caseNo, event('red-card', { ...at, clock: `${caseNo}.handle.1` }))).toEqual(['economic-crime-leader', 'office-1', 'office-3', 'office-leader'].map(id => `${id}: 红牌：“办理”严重逾期`))
    expect(await told(caseNo, event('told', { to: { person: 'cyber-1' }, title: 'x', body: 'x' }))).toEqual([])
  })
})

describe('the texts', () => {
  it('say what it is about, and by when in Shanghai', async () => {
    const caseNo = await openCase(db, held)
    const [n] = await noticesOf(caseNo, db, event('reminded', { ...at, clock: `${caseNo}.handle.1` }))
    expect(n!.body).toBe('《货车被扣》的“办理”期限将至，期限 2026年3月12日 23:59，请抓紧办理。')
  })

  it('of a restricted case hold no content, in any channel', async () => {
    await owner(`INSERT INTO webhook_destination (url, secret, procedures) VALUES ('http://127.0.0.1/restricted', 'x', '{detention-report}')`)
    const caseNo = fresh()
    await appendEvents(mailing, caseNo, 'k', () => [caseOpened({ procedure: 'detention-report', title: '机密标题', restricted: true, applicantId: 'criminal-1', application: { suspect: '机密' } })])
    const task = { task: `${caseNo}.handle.1` }
    const clock = { ...at, clock: task.task }
    await append(mailing, caseNo, taskOpened(caseNo, { title: '机密任务', holder: 'criminal-1' }), taskOpened(caseNo, { name: 'duty', title: '机密任务', offeredTo: 'criminal-2' }))
    for (const e of [
      event('task-transferred', { ...task, to: 'criminal-2', reason: '机密' }), event('task-delegated', { ...task, to: 'criminal-1', reason: '机密' }), event('task-offered', { ...task, to: 'criminal-2', reason: '机密' }), event('task-rerouted', { ...task, unit: 'bureau', role: 'bureau-leader' }),
      event('reminded', clock), event('yellow-card', clock), event('red-card', clock), event('leader-alerted', clock), event('urged', { text: '机密' }), event('deadline-extended', { ...task, deadline: deadline() }),
      event('document-issued', { kind: 'k', number: '机密文号', content: { text: '机密' } }), event('told', { to: 'applicant', title: '机密标题', body: '机密' }),
      event('notice-failed', { notice: 'x', channel: 'email', failure: '机密' }), event('case-closed', { outcome: '机密', result: { text: '机密' } }),
    ]) await append(mailing, caseNo, e)
    const rows = await rowsOf(caseNo)
    expect(new Set(rows.map(n => n.channel))).toEqual(new Set(['inbox', 'email', 'webhook']))
    expect(JSON.stringify(rows)).not.toContain('机密')
  })
})

describe('outside channels', () => {
  const reminded = (no: string) => event('reminded', { ...at, clock: `${no}.handle.1` })
  const yellow = (no: string) => event('yellow-card', { ...at, clock: `${no}.handle.1` })
  const channels = (rows: NoticeRow[]) => rows.map(n => `${n.channel} ${n.address ?? n.personId} ${n.state}`)

  it('are used for what is worth it; the inbox has everything and is done at once', async () => {
    const caseNo = await openCase(mailing, held)
    expect(channels(await noticesOf(caseNo, mailing, reminded(caseNo)))).toEqual(['inbox economic-crime-1 done'])
    expect(channels(await noticesOf(caseNo, mailing, yellow(caseNo)))).toEqual([
      'email economic-crime-1@example.com pending', 'email economic-crime-leader@example.com pending', 'inbox economic-crime-1 done', 'inbox economic-crime-leader done',
    ])
  })

  it('leave e-mail out without a mail server, or without an address', async () => {
    await owner(`UPDATE person SET email = NULL WHERE id = 'prevention-1'`)
    const caseNo = await openCase(mailing, no => [taskOpened(no, { unit: 'prevention', holder: 'prevention-1' })])
    expect(channels(await noticesOf(caseNo, db, yellow(caseNo))).filter(c => c.startsWith('email'))).toEqual([])
    expect(channels(await noticesOf(caseNo, mailing, yellow(caseNo))).filter(c => c.startsWith('email'))).toEqual(['email prevention-leader@example.com pending'])
  })

  it('send webhooks only to destinations that are active and subscribed to the procedure, once for an event', async () => {
    await owner(`INSERT INTO webhook_destination (url, secret, procedures, active) VALUES ('http://127.0.0.1/a', 'x', '{hooked,other}', true),
      ('http://127.0.0.1/b', 'x', '{other}', true), ('http://127.0.0.1/c', 'x', '{hooked}', false), ('http://127.0.0.1/d', 'x', '{}', true)`)
    const caseNo = await openCase(db, held, { procedure: 'hooked' })
    expect(channels(await noticesOf(caseNo, db, yellow(caseNo)))).toEqual(['inbox economic-crime-1 done', 'inbox economic-crime-leader done', 'webhook http://127.0.0.1/a pending'])
  })

  it('carry hand-overs to the outside system they name, with the enterprise by its credit code, which cannot be told another case or task by their content', async () => {
    const caseNo = await openCase(db, held)
    const [n] = await noticesOf(caseNo, db, event('handed-over', { task: 't', system: 'four-platforms', payload: { application: { a: 1 }, caseNo: 'other', task: 'other', enterprise: 'other' } }))
    const enterprise = { name: '示例袜业有限公司', uscc: '91999999MA0000001N' }
    expect(n).toMatchObject({ channel: 'system', address: 'four-platforms', personId: null, state: 'pending' })
    expect(JSON.parse(n!.body)).toEqual({ caseNo, task: 't', application: { a: 1 }, enterprise })
    const [pushed] = await noticesOf(caseNo, db, event('pushed', { system: 'credit-platform', payload: { decision: 'x' } }))
    expect([pushed!.address, JSON.parse(pushed!.body)]).toEqual(['credit-platform', { caseNo, decision: 'x', enterprise }])
  })
})

describe('the id of a notice', () => {
  it('follows from the step, the channel and the recipient: working it out again comes to the same', async () => {
    const caseNo = await openCase(mailing, held)
    const { state, events } = await append(mailing, caseNo, event('yellow-card', { ...at, clock: `${caseNo}.handle.1` }), event('urged', { text: null }))
    const first = await resolveNotices(mailing.pool, events, state, true)
    expect(await resolveNotices(mailing.pool, events, state, true)).toEqual(first)
    const ids = first.map(n => n.id)
    expect(new Set(ids).size).toBe(5)
    expect((await rowsOf(caseNo)).map(n => n.id)).toEqual(expect.arrayContaining(ids))
    // The webhook's signature joins id, time and body by full stops.
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/)
  })

  it('is another for the same event of another case or step', async () => {
    const [one, other] = [await openCase(db, held), await openCase(db, held)]
    const urged = event('urged', { text: null })
    for (const no of [one, other]) await appendEvents(db, no, 'same-key', () => [urged])
    await append(db, one, urged)
    const ids = [...await rowsOf(one), ...await rowsOf(other)].filter(n => n.title === '企业催办').map(n => n.id)
    expect(new Set(ids).size).toBe(3)
  })
})

it('writes no notice when the events are not written', async () => {
  const caseNo = await openCase(db, held)
  const before = await rowsOf(caseNo)
  await expect(append(db, caseNo, event('urged', { text: 'a\u0000' }))).rejects.toThrow()
  expect(await rowsOf(caseNo)).toEqual(before)
  expect((await findCase(db.pool, caseNo))!.file.lastSeq).toBe(3)
})

async function owner(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
