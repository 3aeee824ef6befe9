import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { openCase, taskOpened } from '../../test/sample-case.ts'
import { policy } from '../../workflows/precursor-purchase/policy.ts'
import { allocate, handOverShift } from './allocation.ts'
import { connect, type Db } from '../connect.ts'
import { whoIs } from '../directory/directory.ts'
import { findCase } from './record.ts'
import { seedOrganisation } from '../seed/index.ts'

let database: TestDatabase
let db: Db
let owner: Db
beforeAll(async () => {
  database = await createTestDatabase()
  await seedOrganisation(database.url)
  db = connect(database.appUrl)
  owner = connect(database.url, { max: 1 })
})
afterAll(async () => {
  await db?.close()
  await owner?.close()
  await database?.drop()
})
beforeEach(() => owner.pool.query('TRUNCATE roster, case_file, task, case_event, notice'))

const MINUTE = 60_000
let count = 0

/** A shift of the anti-drug brigade, in minutes from now; answers its id. */
async function shift(person: string, from: number, until: number): Promise<string> {
  const id = `shift-${++count}`
  await db.pool.query('INSERT INTO roster (id, unit_id, person_id, from_at, until_at) VALUES ($1, $2, $3, $4, $5)', [id, 'anti-drug', person, minutes(from), minutes(until)])
  return id
}
const minutes = (n: number) => new Date(Date.now() + n * MINUTE)
/** The shift is over as of now; cut off, for the column would round up to half a millisecond into the future. */
const end = (id: string) => db.pool.query(`UPDATE roster SET until_at = date_trunc('milliseconds', clock_timestamp()) WHERE id = $1`, [id])

/** A case with a task that is open. */
async function open(name: 'examine' | 'second-examine' = 'examine', { notBy = [] as string[] } = {}) {
  const caseNo = await openCase(db, no => [taskOpened(no, { name, title: '审查', unit: 'anti-drug', notBy })], { procedure: policy.key })
  const task = `${caseNo}.${name}.1`
  return {
    caseNo, task,
    claim: async (by: string) => allocate(db, 'claim', caseNo, task, { who: await whoIs(db.pool, by), key: `claim/${++count}`, hash: '', form: {} }),
    act: async (action: 'transfer' | 'declare-conflict', by: string, form: { to?: string, reason: string }) =>
      allocate(db, action, caseNo, task, { who: await whoIs(db.pool, by), key: `${action}/${++count}`, hash: '', form }),
    now: async () => (await findCase(db.pool, caseNo))!.tasks[0]!,
    types: async () => (await db.pool.query('SELECT type FROM case_event WHERE case_no = $1 ORDER BY seq', [caseNo])).rows.map(r => r.type as string),
    notices: async () => (await db.pool.query('SELECT person_id, title FROM notice WHERE case_no = $1 ORDER BY created_at, person_id', [caseNo])).rows as { person_id: string, title: string }[],
  }
}
const change = () => handOverShift(db, [policy])

describe('change of shift', () => {
  it('takes a task from whoever has left, and offers it to whoever is on duty now', async () => {
    const before = await shift('anti-drug-1', -60, 60)
    const t = await open()
    await t.claim('anti-drug-1')
    expect(await change()).toBe(0)
    await end(before)
    await shift('anti-drug-2', 0, 60)
    expect(await change()).toBe(1)
    expect(await t.now()).toMatchObject({ status: 'open', holderId: null })
    expect(await t.notices()).toContainEqual({ person_id: 'anti-drug-2', title: '交接班：请签收“审查”' })
  })

  it('is acknowledged by the claim, and does nothing a second time', async () => {
    const before = await shift('anti-drug-1', -60, 60)
    const t = await open()
    await t.claim('anti-drug-1')
    await end(before)
    await shift('anti-drug-2', 0, 60)
    expect([await change(), await change()]).toEqual([1, 0])
    await t.claim('anti-drug-2')
    expect(await change()).toBe(0)
    expect(await t.now()).toMatchObject({ status: 'claimed', holderId: 'anti-drug-2' })
    expect((await t.types()).filter(type => type === 'task-offered')).toHaveLength(1)
  })

  it('happens once when two workers notice it at the same time', async () => {
    const before = await shift('anti-drug-1', -60, 60)
    const t = await open()
    await t.claim('anti-drug-1')
    await end(before)
    await shift('anti-drug-2', 0, 60)
    expect((await Promise.all([change(), change(), change()])).reduce((a, b) => a + b)).toBe(1)
    expect((await t.types()).filter(type => type === 'task-offered')).toHaveLength(1)
  })

  it('offers what nobody has claimed to each new shift, once', async () => {
    const t = await open()
    const first = await shift('anti-drug-1', 0, 60)
    expect([await change(), await change()]).toEqual([1, 0])
    await end(first)
    await shift('anti-drug-2', 0, 60)
    expect([await change(), await change()]).toEqual([1, 0])
    expect((await t.notices()).filter(n => n.title.startsWith('交接班')).map(n => n.person_id)).toEqual(['anti-drug-1', 'anti-drug-2'])
  })

  it('leaves alone what was opened within the present shift', async () => {
    await shift('anti-drug-1', -60, 60)
    await open()
    expect(await change()).toBe(0)
  })

  it('leaves a task with its holder when the next shift is his own, or somebody else is on duty beside him', async () => {
    const before = await shift('anti-drug-1', -60, 60)
    const t = await open()
    await t.claim('anti-drug-1')
    await end(before)
    await shift('anti-drug-1', -1, 60)
    await shift('anti-drug-2', 0, 60)
    expect(await change()).toBe(0)
    expect(await t.now()).toMatchObject({ holderId: 'anti-drug-1' })
  })

  it('leaves a task with whoever took it in his own time', async () => {
    await shift('anti-drug-1', -120, -60)
    await shift('anti-drug-2', -60, 60)
    const t = await open()
    await t.claim('anti-drug-1')
    expect(await change()).toBe(0)
    const never = await open()
    await never.claim('anti-drug-4')
    expect(await change()).toBe(0)
  })

  it('counts from when the present holder got the task, also by transfer', async () => {
    const before = await shift('anti-drug-1', -60, 60)
    const t = await open()
    await t.claim('anti-drug-4')
    await t.act('transfer', 'anti-drug-leader', { to: 'anti-drug-1', reason: '值班民警办理。' })
    await end(before)
    await shift('anti-drug-2', 0, 60)
    expect(await change()).toBe(1)
  })

  it('waits while nobody is on duty', async () => {
    const before = await shift('anti-drug-1', -60, 60)
    const t = await open()
    await t.claim('anti-drug-1')
    await end(before)
    expect(await change()).toBe(0)
    expect(await t.now()).toMatchObject({ holderId: 'anti-drug-1' })
  })

  it('hands over again what was taken and left once more within the same shift', async () => {
    const t = await open()
    const before = await shift('anti-drug-1', -60, 60)
    await shift('anti-drug-2', 0, 60)
    expect(await change()).toBe(1)
    await t.claim('anti-drug-1')
    await end(before)
    expect([await change(), await change()]).toEqual([1, 0])
  })

  it('is only for steps that are done by whoever is on duty', async () => {
    const before = await shift('anti-drug-1', -60, 60)
    const t = await open('second-examine')
    await t.claim('anti-drug-1')
    await end(before)
    await shift('anti-drug-2', 0, 60)
    expect(await change()).toBe(0)
  })

  it.each([
    ['four eyes', { notBy: ['anti-drug-2'] }, async () => {}],
    ['a declared conflict', {}, (t: Awaited<ReturnType<typeof open>>) => t.act('declare-conflict', 'anti-drug-2', { reason: '亲属关系。' })],
  ])('frees the task and tells the leader when the next officer may not do it: %s', async (_, how, before) => {
    const first = await shift('anti-drug-1', -60, 60)
    const t = await open('examine', how)
    await before(t)
    await t.claim('anti-drug-1')
    await end(first)
    await shift('anti-drug-2', 0, 60)
    expect([await change(), await change()]).toEqual([1, 0])
    expect(await t.now()).toMatchObject({ status: 'open', holderId: null })
    expect((await t.notices()).filter(n => n.title.startsWith('交接班'))).toEqual([{ person_id: 'anti-drug-leader', title: '交接班：请指派“审查”' }])
    await expect(t.claim('anti-drug-2')).rejects.toMatchObject({ code: 'notBy' in how ? 'four-eyes' : 'conflict-of-interest' })
    await t.claim('anti-drug-3')
    expect(await t.now()).toMatchObject({ holderId: 'anti-drug-3' })
  })
})
