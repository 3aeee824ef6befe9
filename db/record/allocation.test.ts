import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { append, event, fresh, officer, openCase, taskOpened } from '../../test/sample-case.ts'
import type { Facts } from '../../model/types.ts'
import { allocate, remark, type Allocation, type Remark } from './allocation.ts'
import { findBreak } from '../../model/chain.ts'
import { connect, type Db } from '../connect.ts'
import { findMembers, whoIs } from '../directory/directory.ts'
import type { EventData, NewEvent } from '../../model/events.ts'
import type { TaskRow } from '../../model/state.ts'
import { findCase, toEvent } from './record.ts'
import { seedOrganisation } from '../seed/index.ts'

let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await createTestDatabase()
  await seedOrganisation(database.url)
  db = connect(database.appUrl)
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

const reason = '另有任务'

/** A case whose task `handle` of 经侦大队 waits; what is done to it, and how it stands. */
async function waiting(fields: Partial<EventData['task-opened']> = {}, ...more: ((no: string) => NewEvent)[]) {
  const caseNo = await openCase(db, no => [taskOpened(no, fields), ...more.map(e => e(no))])
  const id = `${caseNo}.${fields.name ?? 'handle'}.1`
  const act = async (action: Allocation, by: string, form: Facts = {}, key = fresh('key'), hash = 'hash') =>
    allocate(db, action, caseNo, id, { who: await whoIs(db.pool, by), key, hash, form })
  return {
    caseNo, id, act,
    refused: async (action: Allocation, by: string, form: Facts = {}) => {
      const before = await types()
      const code = await act(action, by, form).then(() => 'done', e => e.code)
      if (code !== 'done') expect(await types()).toEqual(before)
      return code
    },
    task: async (): Promise<TaskRow> => (await findCase(db.pool, caseNo))!.tasks.find(t => t.id === id)!,
    types,
  }
  async function types(): Promise<string[]> {
    return (await db.pool.query('SELECT type FROM case_event WHERE case_no = $1 ORDER BY seq', [caseNo])).rows.map(r => r.type)
  }
}
const absent = (person: string, proxy: string, from = '-1 day', until = '1 day') => db.pool.query(
  `INSERT INTO absence (id, person_id, proxy_id, from_at, until_at) VALUES ($1, $2, $3, now() + $4::interval, now() + $5::interval)`, [fresh('absence'), person, proxy, from, until])

describe('a task that waits', () => {
  it('is claimed by a member of its unit with its role', async () => {
    const t = await waiting()
    await t.act('claim', 'economic-crime-1')
    expect(await t.task()).toMatchObject({ status: 'claimed', holderId: 'economic-crime-1' })
  })

  it.each([
    ['somebody of another unit', 'traffic-1'], ['the leader, who has another role', 'economic-crime-leader'], ['the enterprise', 'ent-01-contact'],
    ['an administrator', 'admin-1'], ['an auditor', 'auditor-1'], ['somebody unknown', 'nobody-1'],
  ])('is not claimed by %s', async (_, by) => expect(await (await waiting()).refused('claim', by)).toBe('not-permitted'))

  it('is claimed once: a second claim of its holder changes nothing, another’s is refused', async () => {
    const t = await waiting()
    await t.act('claim', 'economic-crime-1')
    const before = await t.types()
    expect(await t.act('claim', 'economic-crime-1')).toMatchObject({ events: [], repeated: false })
    expect(await t.types()).toEqual(before)
    expect(await t.refused('claim', 'economic-crime-2')).toBe('already-claimed')
  })

  it('goes to exactly one of many who claim it at once; the others are told that it is taken', async () => {
    await Promise.all(Array.from({ length: 6 }, (_, i) =>
      db.pool.query(`INSERT INTO person (id, sub, name, unit_id, roles) VALUES ($1, $1, $1, 'cyber', '{handler}')`, [`racer-${i}`])))
    const t = await waiting({ unit: 'cyber' })
    const answers = await Promise.all(Array.from({ length: 6 }, (_, i) => t.act('claim', `racer-${i}`).then(() => 'won', e => e.code)))
    expect(answers.sort()).toEqual([...Array(5).fill('already-claimed'), 'won'])
    expect((await t.types()).filter(type => type === 'task-claimed')).toHaveLength(1)
  })

  it('is claimed once by a person who sends the same request twice at once, and not under the same key for another', async () => {
    const t = await waiting()
    await Promise.all([t.act('claim', 'economic-crime-1', {}, 'k-same'), t.act('claim', 'economic-crime-1', {}, 'k-same')])
    expect((await t.types()).filter(type => type === 'task-claimed')).toHaveLength(1)
    await expect(t.act('release', 'economic-crime-1', {}, 'k-same', 'another hash')).rejects.toMatchObject({ code: 'idempotency-key-reused' })
  })

  it('is assigned by the leader of its unit, also from the queue', async () => {
    const t = await waiting()
    await t.act('transfer', 'economic-crime-leader', { to: 'economic-crime-2', reason })
    expect(await t.task()).toMatchObject({ status: 'claimed', holderId: 'economic-crime-2' })
  })

  it.each(['release', 'delegate'] as const)('cannot be %sd, for nobody holds it', async (action) => {
    expect(await (await waiting()).refused(action, 'economic-crime-1', { to: 'economic-crime-2', reason })).toBe('action-not-allowed')
  })
})

describe('a task that somebody holds', () => {
  const held = async () => {
    const t = await waiting()
    await t.act('claim', 'economic-crime-1')
    return t
  }

  it('goes back to the queue when its holder releases it, and only then', async () => {
    const t = await held()
    expect(await t.refused('release', 'economic-crime-2')).toBe('already-claimed')
    expect(await t.refused('release', 'economic-crime-leader')).toBe('not-permitted')
    await t.act('release', 'economic-crime-1')
    expect(await t.task()).toMatchObject({ status: 'open', holderId: null })
    await t.act('claim', 'economic-crime-2')
  })

  it('is transferred by the unit’s leader with a reason, which is recorded', async () => {
    const t = await held()
    expect(await t.refused('transfer', 'economic-crime-1', { to: 'economic-crime-2', reason })).toBe('not-permitted')
    expect(await t.refused('transfer', 'traffic-leader', { to: 'economic-crime-2', reason })).toBe('not-permitted')
    const { events } = await t.act('transfer', 'economic-crime-leader', { to: 'economic-crime-2', reason })
    expect(events).toMatchObject([{ type: 'task-transferred', actor: { id: 'economic-crime-leader', unit: 'economic-crime' }, data: { to: 'economic-crime-2', reason } }])
  })

  it('is delegated by its holder, who stays answerable', async () => {
    const t = await held()
    expect(await t.refused('delegate', 'economic-crime-leader', { to: 'economic-crime-2', reason })).toBe('not-permitted')
    await t.act('delegate', 'economic-crime-1', { to: 'economic-crime-2', reason })
    expect(await t.task()).toMatchObject({ holderId: 'economic-crime-2', delegatedBy: 'economic-crime-1' })
    expect(await t.refused('release', 'economic-crime-1')).toBe('already-claimed')
  })

  it.each<[string, string, string]>([
    ['who holds it already', 'economic-crime-1', 'bad-form'],
    ['of another unit', 'traffic-1', 'bad-form'],
    ['without the role', 'economic-crime-leader', 'bad-form'],
    ['unknown', 'nobody-1', 'bad-form'],
    ['who is kept out by four eyes', 'economic-crime-3', 'four-eyes'],
    ['who declared a conflict', 'economic-crime-4', 'conflict-of-interest'],
    ['who has left', 'economic-crime-5', 'bad-form'],
  ])('is not given to somebody %s', async (_, to, code) => {
    await db.pool.query(`INSERT INTO person (id, sub, name, unit_id, roles, active) SELECT id, id, id, 'economic-crime', '{handler}', id <> 'economic-crime-5'
      FROM unnest('{economic-crime-3,economic-crime-4,economic-crime-5}'::text[]) id ON CONFLICT DO NOTHING`)
    const t = await waiting({ notBy: ['economic-crime-3'] }, () => event('conflict-declared', { reason: 'x' }, officer('economic-crime-4')))
    await t.act('claim', 'economic-crime-1')
    expect(await t.refused('transfer', 'economic-crime-leader', { to, reason })).toBe(code)
    expect(await t.refused('delegate', 'economic-crime-1', { to, reason })).toBe(code)
  })

  it('is nobody’s to take once it is completed, or its case closed', async () => {
    const t = await held()
    await append(db, t.caseNo, event('task-completed', { task: t.id, action: 'complete', form: {} }, officer('economic-crime-1')))
    for (const action of ['claim', 'release', 'transfer', 'delegate', 'declare-conflict'] as const) {
      expect(await t.refused(action, action === 'transfer' ? 'economic-crime-leader' : 'economic-crime-1', { to: 'economic-crime-2', reason })).toBe('task-closed')
    }
  })
})

describe('four eyes', () => {
  it('keep whoever did an earlier step from claiming', async () => {
    const t = await waiting({ notBy: ['economic-crime-1'] })
    expect(await t.refused('claim', 'economic-crime-1')).toBe('four-eyes')
    await t.act('claim', 'economic-crime-2')
  })
})

describe('a conflict of interest', () => {
  it('declared on a task lets go of every task of the case that the person holds, and keeps them from all of it', async () => {
    const t = await waiting({}, no => taskOpened(no, { name: 'reply' }), no => event('task-claimed', { task: `${no}.reply.1` }, officer('economic-crime-1')))
    await t.act('claim', 'economic-crime-1')
    await t.act('declare-conflict', 'economic-crime-1', { reason: '亲属' })
    const { file, tasks } = (await findCase(db.pool, t.caseNo))!
    expect(file.excluded).toEqual(['economic-crime-1'])
    expect(tasks.map(x => [x.status, x.holderId])).toEqual([['open', null], ['open', null]])
    for (const action of ['claim', 'release', 'delegate', 'transfer', 'declare-conflict'] as const) {
      expect(await t.refused(action, 'economic-crime-1', { to: 'economic-crime-2', reason })).toBe('conflict-of-interest')
    }
  })

  it.each<[string, string[], [unit: string, role: string, able: string]]>([
    ['stays with the unit while somebody is left there', ['station-05-1'], ['station-05', 'handler', 'station-05-2']],
    ['goes to the leader when nobody else is left', ['station-05-1', 'station-05-2'], ['station-05', 'unit-leader', 'station-05-leader']],
    ['goes to the bureau leader when not even that one is', ['station-05-1', 'station-05-2', 'station-05-leader'], ['bureau', 'bureau-leader', 'bureau-leader-1']],
    ['goes to the desk in the end: it is never nobody’s', ['station-05-1', 'station-05-2', 'station-05-leader', 'bureau-leader-1', 'bureau-leader-2'], ['service-centre', 'duty-desk', 'desk-1']],
  ])('of one after the other: the task %s', async (_, persons, [unit, role, able]) => {
    const t = await waiting({ unit: 'station-05' })
    for (const person of persons) await t.act('declare-conflict', person, { reason: '亲属' })
    expect(await t.task()).toMatchObject({ status: 'open', unitId: unit, role })
    for (const person of persons) expect(await t.refused('claim', person)).toBe('conflict-of-interest')
    expect((await t.act('claim', able)).events).toMatchObject([{ type: 'task-claimed', actor: { id: able } }])
  })

  it('counts four eyes in: who is left but may not, is not left', async () => {
    const t = await waiting({ unit: 'station-05', notBy: ['station-05-2'] })
    await t.act('claim', 'station-05-1')
    await t.act('declare-conflict', 'station-05-1', { reason: '亲属' })
    expect(await t.task()).toMatchObject({ status: 'open', holderId: null, unitId: 'station-05', role: 'unit-leader' })
  })

  it('may be declared before a task is taken', async () => {
    const t = await waiting()
    await t.act('declare-conflict', 'economic-crime-2', { reason: '亲属' })
    expect(await t.refused('claim', 'economic-crime-2')).toBe('conflict-of-interest')
  })

  it('is found on the state that is written over: a claim and a declaration at once cannot both come first', async () => {
    for (let i = 0; i < 10; i++) {
      const t = await waiting()
      await Promise.allSettled([t.act('claim', 'economic-crime-1'), t.act('declare-conflict', 'economic-crime-1', { reason: '亲属' })])
      expect(await t.task()).toMatchObject({ status: 'open', holderId: null })
    }
  })
})

describe('a proxy', () => {
  it('takes the absent person’s tasks as if they were his own while the absence lasts, in that person’s name', async () => {
    await absent('public-order-1', 'public-order-2')
    const t = await waiting({ unit: 'public-order' })
    await t.act('claim', 'public-order-1')
    expect(await t.act('claim', 'public-order-2'), 'is held for him').toMatchObject({ events: [] })
    expect(await t.refused('release', 'prevention-2')).toBe('not-permitted')
    const { events: [released] } = await t.act('release', 'public-order-2')
    expect(released).toMatchObject({ actor: { id: 'public-order-2' }, data: { onBehalfOf: 'public-order-1' } })
  })

  it.each([['over', '-2 days', '-1 day'], ['still to come', '1 day', '2 days']])('does not act when the absence is %s', async (_, from, until) => {
    await absent('prevention-1', 'prevention-2', from, until)
    const t = await waiting({ unit: 'prevention' })
    await t.act('claim', 'prevention-1')
    expect(await t.refused('release', 'prevention-2')).toBe('already-claimed')
  })

  it('takes what is addressed to the post: claims it for the absent leader, who holds it from then on, and assigns in his name', async () => {
    const t = await waiting({ unit: 'cyber', role: 'unit-leader', name: 'approve-extension' })
    const other = await waiting({ unit: 'cyber' })
    expect(await t.refused('claim', 'cyber-1')).toBe('not-permitted')
    expect(await other.refused('transfer', 'cyber-1', { to: 'cyber-2', reason })).toBe('not-permitted')
    await absent('cyber-leader', 'cyber-1')
    expect((await t.act('claim', 'cyber-1')).events).toMatchObject([{ actor: { id: 'cyber-1', unit: 'cyber' }, data: { onBehalfOf: 'cyber-leader' } }])
    expect(await t.task()).toMatchObject({ status: 'claimed', holderId: 'cyber-leader' })
    expect((await other.act('transfer', 'cyber-1', { to: 'cyber-2', reason })).events).toMatchObject([{ data: { to: 'cyber-2', onBehalfOf: 'cyber-leader' } }])
    expect(await t.refused('claim', 'cyber-2')).toBe('not-permitted')
    await db.pool.query(`DELETE FROM absence WHERE person_id = 'cyber-leader'`)
    expect(await t.refused('release', 'cyber-1'), 'when the leader is back').toBe('not-permitted')
    await t.act('release', 'cyber-leader')
  })

  it('has the absent person’s own limits as well as his: of four eyes or a conflict of either', async () => {
    await absent('traffic-leader', 'traffic-1')
    const post = { unit: 'traffic', role: 'unit-leader' } as const
    expect(await (await waiting({ ...post, notBy: ['traffic-leader'] })).refused('claim', 'traffic-1')).toBe('four-eyes')
    expect(await (await waiting({ ...post, notBy: ['traffic-1'] })).refused('claim', 'traffic-1')).toBe('four-eyes')
    const conflict = (by: string) => waiting(post, () => event('conflict-declared', { reason: 'x' }, officer(by)))
    expect(await (await conflict('traffic-leader')).refused('claim', 'traffic-1')).toBe('not-permitted')
    expect(await (await conflict('traffic-1')).refused('claim', 'traffic-1')).toBe('conflict-of-interest')
    expect(await (await waiting(post)).act('claim', 'traffic-1')).toMatchObject({ events: [{ type: 'task-claimed' }] })
  })

  it('of a proxy who is away too stands in for both; not longer than both absences last', async () => {
    const t = await waiting({ unit: 'food-drug-env', role: 'unit-leader' })
    await absent('food-drug-env-leader', 'food-drug-env-1')
    await absent('food-drug-env-1', 'food-drug-env-2')
    expect((await whoIs(db.pool, 'food-drug-env-2')).standsInFor.map(as => as.id)).toEqual(['food-drug-env-1', 'food-drug-env-leader'])
    await db.pool.query(`UPDATE absence SET until_at = now() - interval '1 second' WHERE person_id = 'food-drug-env-leader'`)
    expect((await whoIs(db.pool, 'food-drug-env-2')).standsInFor.map(as => as.id)).toEqual(['food-drug-env-1'])
    expect(await t.refused('claim', 'food-drug-env-2')).toBe('not-permitted')
  })

  it.each([
    ['is of another unit', `unit_id = 'tax'`], ['keeps the system', `roles = '{admin}'`], ['reads the trail', `roles = '{auditor}'`], ['is no longer active', 'active = false'],
  ])('who %s by now does not act', async (_, change) => {
    await db.pool.query(`INSERT INTO person (id, sub, name, unit_id, roles) VALUES ($1, $1, $1, 'counter-terror', '{handler}')`, [fresh('left')])
    const { rows: [{ id }] } = await db.pool.query(`SELECT id FROM person WHERE id LIKE 'left-%' ORDER BY id DESC LIMIT 1`)
    await absent('counter-terror-leader', id)
    const t = await waiting({ unit: 'counter-terror', role: 'unit-leader' })
    await db.pool.query(`UPDATE person SET ${change} WHERE id = $1`, [id])
    expect(await t.refused('claim', id)).toBe('not-permitted')
    expect((await findMembers(db.pool, ['counter-terror'])).get('counter-terror')!.find(m => m.id === 'counter-terror-leader')!.standIns).toEqual([])
    await db.pool.query(`DELETE FROM absence WHERE person_id = 'counter-terror-leader'`)
  })

  it('does not act for somebody who declared a conflict, even on a task that was given to that person before', async () => {
    await absent('entry-exit-1', 'entry-exit-leader')
    const t = await waiting({ unit: 'entry-exit', holder: 'entry-exit-1' }, () => event('conflict-declared', { reason: 'x' }, officer('entry-exit-1')))
    expect(await t.refused('release', 'entry-exit-leader')).toBe('not-permitted')
    expect(await t.refused('delegate', 'entry-exit-leader', { to: 'entry-exit-2', reason })).toBe('not-permitted')
  })

  it('does not act against four eyes, nor when the proxy declared a conflict', async () => {
    await absent('approval-1', 'approval-2')
    const barred = await waiting({ unit: 'approval', notBy: ['approval-2'] })
    await barred.act('claim', 'approval-1')
    expect(await barred.refused('release', 'approval-2')).toBe('four-eyes')
    const conflict = await waiting({ unit: 'approval' }, () => event('conflict-declared', { reason: 'x' }, officer('approval-2')))
    await conflict.act('claim', 'approval-1')
    expect(await conflict.refused('release', 'approval-2')).toBe('conflict-of-interest')
  })
})

describe('the applicant’s task', () => {
  it('is any contact’s of the enterprise, by name, and of no other', async () => {
    await db.pool.query(`INSERT INTO person (id, sub, name, enterprise_id, roles) VALUES ('ent-01-second', 'ent-01-second', 'x', 'ent-01', '{enterprise}')`)
    const t = await waiting({ name: 'rate', unit: 'applicant', role: 'enterprise', holder: 'ent-01-contact' })
    for (const by of ['ent-02-contact', 'economic-crime-1', 'office-1']) expect(await t.refused('claim', by), by).toBe('not-permitted')
    await t.act('claim', 'ent-01-second')
    expect(await t.task()).toMatchObject({ status: 'claimed', holderId: 'ent-01-second' })
    for (const action of ['release', 'delegate', 'transfer'] as const) expect(await t.refused(action, 'ent-01-second', { to: 'ent-01-contact', reason })).toBe('action-not-allowed')
  })
  it('stays with the applicant: it is nobody else’s to claim, and cannot be let go of', async () => {
    const t = await waiting({ name: 'rate', unit: 'applicant', role: 'enterprise', holder: 'ent-01-contact' })
    expect(await t.act('claim', 'ent-01-contact')).toMatchObject({ events: [] })
    expect(await t.refused('claim', 'economic-crime-1')).toBe('not-permitted')
    for (const action of ['release', 'delegate', 'declare-conflict'] as const) expect(await t.refused(action, 'ent-01-contact', { to: 'economic-crime-1', reason })).toBe('action-not-allowed')
  })
})

describe('a remark', () => {
  const remarked = async (caseNo: string, action: Remark, by: string, form: Facts) =>
    remark(db, action, caseNo, { who: await whoIs(db.pool, by), key: fresh('key'), hash: 'hash', form }).then(r => r.events, e => e.code)

  it.each<[Remark, string, Facts, unknown]>([
    ['urge', 'ent-01-contact', { text: '请尽快' }, { type: 'urged', data: { text: '请尽快' } }],
    ['urge', 'ent-01-contact', {}, { type: 'urged', data: { text: null } }],
    ['comment', 'office-1', { text: '已核实' }, { type: 'commented', data: { text: '已核实', to: 'officers' }, actor: { id: 'office-1', unit: 'office' } }],
    ['comment', 'office-1', { text: '本周内答复', to: 'applicant' }, { type: 'commented', data: { text: '本周内答复', to: 'applicant' } }],
    ['comment', 'ent-01-contact', { text: '请尽快', to: 'officers' }, { type: 'commented', data: { text: '请尽快', to: 'officers' } }],
    ['link', 'desk-1', { caseNo: 'EA-9' }, { type: 'linked', data: { caseNo: 'EA-9', kind: 'duplicate-of' } }],
  ])('%s by %s is recorded', async (action, by, form, expected) => {
    expect(await remarked((await waiting()).caseNo, action, by, form)).toMatchObject([expected])
  })

  it.each<[Remark, string]>([['urge', 'economic-crime-1'], ['urge', 'ent-02-contact'], ['comment', 'ent-02-contact'], ['link', 'ent-01-contact'], ['declare-conflict', 'ent-01-contact'], ['comment', 'admin-1']])(
    '%s is not for %s', async (action, by) => expect(await remarked((await waiting()).caseNo, action, by, { text: 'x', reason: 'x' })).toBe('not-permitted'))

  it('answers an enterprise where one reads the case: not in a restricted one, nor by the enterprise to itself', async () => {
    expect(await remarked((await waiting()).caseNo, 'comment', 'ent-01-contact', { text: 'x', to: 'applicant' })).toBe('bad-form')
    const restricted = await openCase(db, no => [taskOpened(no, { holder: 'economic-crime-1' })], { restricted: true })
    expect(await remarked(restricted, 'comment', 'economic-crime-1', { text: 'x', to: 'applicant' })).toBe('bad-form')
    expect(await remarked(restricted, 'comment', 'economic-crime-1', { text: 'x' })).toMatchObject([{ data: { to: 'officers' } }])
  })

  it('urges once a day, however often it is pressed, and is told when that was; nobody urges himself', async () => {
    const { caseNo } = await waiting()
    const many = await Promise.all(Array.from({ length: 50 }, () => remarked(caseNo, 'urge', 'ent-01-contact', {})))
    expect(many.filter(r => Array.isArray(r))).toHaveLength(1)
    expect(new Set(many.filter(r => !Array.isArray(r)))).toEqual(new Set(['action-not-allowed']))
    const { rows } = await db.pool.query(`SELECT person_id, count FROM notice WHERE case_no = $1 AND kind = 'urged' ORDER BY 1`, [caseNo])
    expect(rows).toContainEqual({ person_id: 'economic-crime-1', count: 1 })
    expect(new Set(rows.map(n => n.person_id)).size).toBe(rows.length)
    const who = await whoIs(db.pool, 'ent-01-contact')
    await expect(remark(db, 'urge', caseNo, { who, key: fresh('key'), hash: '', form: {} })).rejects.toThrow(/今天已经催办过（\d+年\d+月\d+日 \d\d:\d\d）/)
    await db.pool.query(`UPDATE case_file SET urged_at = urged_at - interval '1 day' WHERE case_no = $1`, [caseNo])
    expect(await remarked(caseNo, 'urge', 'ent-01-contact', {})).toMatchObject([{ type: 'urged' }])
    const own = await openCase(db, no => [taskOpened(no, { name: 'supplement', unit: 'applicant', role: 'enterprise', holder: 'ent-01-contact' })])
    await expect(remark(db, 'urge', own, { who, key: fresh('key'), hash: '', form: {} })).rejects.toThrow('现在等待您办理')
  })

  it('of a conflict by somebody who takes part lets go of what they hold', async () => {
    const t = await waiting()
    await t.act('claim', 'economic-crime-1')
    expect(await remarked(t.caseNo, 'declare-conflict', 'economic-crime-1', { reason: '亲属' })).toMatchObject([{ type: 'conflict-declared' }, { type: 'task-released' }])
  })

  it('on a case or task that does not exist is refused', async () => {
    expect(await remarked('EA-none', 'comment', 'office-1', { text: 'x' })).toBe('not-found')
    const who = await whoIs(db.pool, 'office-1')
    await expect(allocate(db, 'claim', (await waiting()).caseNo, 'EA-none.handle.1', { who, key: fresh('key'), hash: '', form: {} })).rejects.toMatchObject({ code: 'not-found' })
  })
})

it('leaves chains that hold', async () => {
  const { rows } = await db.pool.query('SELECT case_no, jsonb_agg(to_jsonb(e) ORDER BY seq) AS events FROM case_event e GROUP BY case_no')
  expect(rows.length).toBeGreaterThan(30)
  expect(rows.filter(r => findBreak(r.events.map(toEvent)) !== null)).toEqual([])
})
