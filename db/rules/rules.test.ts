import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { planDeadline } from '../../clock/deadline.ts'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import type { Policy } from '../../model/policy.ts'
import { connect, type Db } from '../connect.ts'
import { createRules, override } from './rules.ts'

const policy: Policy = {
  key: 'sample', code: 'SA', title: '样例', owner: 'legal', summary: '', legalBasis: [], confidentiality: 'internal', whoMayApply: ['handler'], withdrawable: true,
  clock: { n: 10, unit: 'workday', source: '[C]' },
  tasks: {
    accept: { title: '受理', unit: 'legal', role: 'legal-reviewer', clock: { n: 3, unit: 'workday', source: '[C]' }, returnsTo: ['file'] },
    decide: { title: '决定', unit: 'legal', role: 'unit-leader', clock: { n: 1, unit: 'workday', source: '[C]' } },
  },
  outcomes: { done: '办结' },
}

let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await createTestDatabase()
  db = connect(database.appUrl)
})
afterAll(async () => {
  await db.close()
  await database.drop()
})
beforeEach(() => db.pool.query('DELETE FROM policy_override; DELETE FROM calendar_year'))

const patch = (task: string, fields: object, procedure = 'sample') => db.pool.query(
  `INSERT INTO policy_override (procedure, task, patch, reason, changed_by) VALUES ($1, $2, $3, 'x', 'admin-1') ON CONFLICT (procedure, task) DO UPDATE SET patch = excluded.patch`, [procedure, task, fields])
const announce = (year: number, off: string[], work: string[] = [], via: pg.Pool | pg.Client = db.pool) => via.query(
  `INSERT INTO calendar_year (year, off, work, source) VALUES ($1, $2, $3, 'x') ON CONFLICT (year) DO UPDATE SET off = excluded.off, work = excluded.work`, [year, off, work])

describe('policies in force', () => {
  it('are those of the code while nobody has changed them', async () => {
    expect((await createRules(db, () => policy)('sample')).policy).toBe(policy)
  })

  it('have the fields that an override names replaced, of that task or the case, and nothing else', async () => {
    const rules = createRules(db, () => policy)
    const clock = { n: 30, unit: 'second', source: '演示' }
    await patch('accept', { clock })
    await patch('', { clock: { n: 20, unit: 'workday', source: '[C] 复杂' } })
    const { policy: now } = await rules('sample')
    expect(now).toEqual({ ...policy, clock: { n: 20, unit: 'workday', source: '[C] 复杂' }, tasks: { ...policy.tasks, accept: { ...policy.tasks.accept, clock } } })
    expect(policy.tasks.accept!.clock).toMatchObject({ n: 3 })
  })

  it('change at once, without a restart, and back', async () => {
    const rules = createRules(db, () => policy)
    const title = async () => (await rules('sample')).policy.tasks.accept!.title
    await patch('accept', { title: '收件' })
    expect(await title()).toBe('收件')
    await patch('accept', { title: '接件' })
    expect(await title()).toBe('接件')
    await db.pool.query('DELETE FROM policy_override')
    expect(await title()).toBe('受理')
  })

  it('are not touched by an override of another procedure, or of a task that there is not', async () => {
    await patch('accept', { title: 'x' }, 'other')
    await patch('no-such-task', { title: 'x' })
    expect((await createRules(db, () => policy)('sample')).policy).toEqual(policy)
  })

  it('have figures replaced one by one', () => {
    const withFigures = { ...policy, figures: { a: { title: 'A', n: 1 }, b: { title: 'B', n: 2 } } } as unknown as Policy
    expect(override(withFigures, [{ task: '', patch: { figures: { b: { title: 'B', n: 3 } } } as never }])).toMatchObject({ figures: { a: { n: 1 }, b: { n: 3 } } })
  })
})

describe('the calendar in force', () => {
  const dueAt = async (rules: ReturnType<typeof createRules>) => {
    const deadline = planDeadline({ n: 1, unit: 'workday', source: 'x' }, '2027-10-07T10:00:00+08:00', (await rules('sample')).calendar)
    return `${deadline.dueAt.slice(0, 10)}${deadline.provisional ? ' provisional' : ''}`
  }

  it('has plain weekends, provisionally, where no year is announced', async () => {
    expect(await dueAt(createRules(db, () => policy))).toBe('2027-10-08 provisional')
  })

  it('is read again when a year is announced, corrected or withdrawn', async () => {
    const rules = createRules(db, () => policy)
    await announce(2027, ['2027-10-08'])
    expect(await dueAt(rules)).toBe('2027-10-11')
    await announce(2027, ['2027-10-08'], ['2027-10-09'])
    expect(await dueAt(rules)).toBe('2027-10-09')
    await db.pool.query('DELETE FROM calendar_year')
    expect(await dueAt(rules)).toBe('2027-10-08 provisional')
  })

  it('misses no change, even one that began before another and was committed after it', async () => {
    await announce(2026, [])
    await announce(2027, [])
    const rules = createRules(db, () => policy)
    const slow = new pg.Client({ connectionString: database.appUrl })
    await slow.connect()
    await slow.query('BEGIN')
    await announce(2027, ['2027-10-08'], [], slow)
    await announce(2026, ['2026-01-01'])
    expect(await dueAt(rules)).toBe('2027-10-08')
    await slow.query('COMMIT')
    await slow.end()
    expect(await dueAt(rules)).toBe('2027-10-11')
  })

  it('is read once while it does not change', async () => {
    const rules = createRules(db, () => policy)
    const { calendar } = await rules('sample')
    expect((await rules('sample')).calendar).toBe(calendar)
  })
})
