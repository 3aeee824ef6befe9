import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { createMemoryStore } from '../../test/memory-store.ts'
import { append, caseOpened, event, fresh, officer, openCase, paper, taskOpened } from '../../test/sample-case.ts'
import { findBreak } from '../../model/chain.ts'
import { connect, type Db } from '../connect.ts'
import type { CaseEvent, NewEvent } from '../../model/events.ts'
import { apply, type CaseState } from '../../model/state.ts'
import { appendEvents, createStore, findCase, readCase, toEvent, type Store } from './record.ts'

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

const comment = (text: string): NewEvent => event('commented', { text, to: 'officers' }, officer('economic-crime-1'))

async function eventsOf(caseNo: string): Promise<CaseEvent[]> {
  const { rows } = await db.pool.query('SELECT to_jsonb(e) AS event FROM case_event e WHERE case_no = $1 ORDER BY seq', [caseNo])
  return rows.map(r => toEvent(r.event))
}

const fold = (events: CaseEvent[]) => events.reduce<CaseState | null>(apply, null)

/** Everything the record holds, as text: equal before and after means that nothing was changed. */
async function dump(): Promise<string> {
  const { rows } = await db.pool.query(`SELECT (SELECT jsonb_agg(c ORDER BY case_no) FROM case_file c) AS files, (SELECT jsonb_agg(t ORDER BY id) FROM task t) AS tasks,
    (SELECT jsonb_agg(e ORDER BY case_no, seq) FROM case_event e) AS events, (SELECT jsonb_agg(n ORDER BY id) FROM notice n) AS notices,
    (SELECT jsonb_agg(d ORDER BY number) FROM document d) AS documents, (SELECT jsonb_agg(k ORDER BY kind, year) FROM document_counter k) AS counters`)
  return JSON.stringify(rows[0])
}

describe('the door', () => {
  it('records a step once: a second run under its key asks nobody and changes nothing', async () => {
    const caseNo = await openCase(db)
    const first = await appendEvents(db, caseNo, 'k', () => [comment('已联系企业'), comment('已联系交警')], 'hash')
    const before = await dump()
    const second = await appendEvents(db, caseNo, 'k', () => { throw new Error('asked again') }, 'hash')
    expect(second).toMatchObject({ repeated: true, events: [first.events[0]], state: first.state })
    expect(await dump()).toBe(before)
  })

  it('refuses a key that was used for another body, and changes nothing', async () => {
    const caseNo = await openCase(db)
    await appendEvents(db, caseNo, 'k', () => [comment('a')], 'hash of a')
    const before = await dump()
    await expect(appendEvents(db, caseNo, 'k', () => [comment('b')], 'hash of b')).rejects.toMatchObject({ name: 'Refused', code: 'idempotency-key-reused' })
    expect(await dump()).toBe(before)
  })

  it('takes the same key on another case for another step', async () => {
    const [one, other] = [await openCase(db), await openCase(db)]
    expect(await appendEvents(db, one, 'k', () => [comment('a')], 'x')).toMatchObject({ repeated: false })
    expect(await appendEvents(db, other, 'k', () => [comment('b')], 'y')).toMatchObject({ repeated: false })
  })

  it('writes nothing when the decision is refused or comes to nothing', async () => {
    const caseNo = await openCase(db)
    const before = await dump()
    await expect(appendEvents(db, caseNo, 'k', () => { throw new Error('refused') })).rejects.toThrow('refused')
    expect(await appendEvents(db, caseNo, 'k', () => [])).toMatchObject({ events: [], repeated: false })
    expect(await dump()).toBe(before)
  })

  it('writes all or nothing: events go with the read tables that cannot be written', async () => {
    const caseNo = await openCase(db)
    const before = await dump()
    await expect(append(db, caseNo, comment('a'), taskOpened(caseNo, { name: 'reply', unit: null as never }))).rejects.toMatchObject({ code: '23502' })
    await expect(append(db, caseNo, comment('a\u0000b'))).rejects.toMatchObject({ code: '22P05' })
    expect(await dump()).toBe(before)
  })

  it('records every one of fifty writers who come to one case at once, without a gap, on two pools', async () => {
    const caseNo = await openCase(db)
    const other = connect(database.appUrl)
    await Promise.all(Array.from({ length: 50 }, (_, i) => appendEvents(i % 2 ? db : other, caseNo, `writer-${i}`, () => [comment(String(i))])))
    await other.close()
    const events = await eventsOf(caseNo)
    expect(events.map(e => e.seq)).toEqual(Array.from({ length: 52 }, (_, i) => i + 1))
    expect(new Set(events.map(e => e.key)).size).toBe(52)
    expect(findBreak(events)).toBeNull()
    expect(await findCase(db.pool, caseNo)).toEqual(fold(events))
  })

  it('runs a step once when it comes twice at once, also the one that opens the case', async () => {
    const caseNo = fresh()
    const opened = await Promise.all(Array.from({ length: 8 }, () => appendEvents(db, caseNo, 'step-1', () => [caseOpened(), taskOpened(caseNo)])))
    expect(opened.filter(o => !o.repeated)).toHaveLength(1)
    const commented = await Promise.all(Array.from({ length: 8 }, () => appendEvents(db, caseNo, 'k', () => [comment('a')], 'x')))
    expect(commented.filter(o => !o.repeated)).toHaveLength(1)
    expect(await eventsOf(caseNo)).toHaveLength(3)
  })

  it('shows the loser of a race what the winner has written', async () => {
    const caseNo = await openCase(db)
    const seen: (string | null)[] = []
    await Promise.all(['economic-crime-1', 'economic-crime-2'].map(id => appendEvents(db, caseNo, id, (state) => {
      const { holderId } = state!.tasks[0]!
      seen.push(holderId)
      return holderId ? [] : [event('task-claimed', { task: `${caseNo}.handle.1` }, officer(id))]
    })))
    expect((await eventsOf(caseNo)).filter(e => e.type === 'task-claimed')).toHaveLength(1)
    expect(seen.filter(id => id !== null)).toEqual([(await findCase(db.pool, caseNo))!.tasks[0]!.holderId])
  })

  it('writes over what its caller has read, and reads again where that is outdated', async () => {
    const caseNo = await openCase(db)
    const read = await readCase(db.pool, caseNo, 'k')
    await append(db, caseNo, comment('a'))
    const seqs: number[] = []
    await appendEvents(db, caseNo, 'k', (state) => {
      seqs.push(state!.file.lastSeq)
      return [comment('b')]
    }, null, { read })
    expect(seqs).toEqual([read.state!.file.lastSeq, read.state!.file.lastSeq + 1])
    expect(findBreak(await eventsOf(caseNo))).toBeNull()
  })

  it('keeps the time of the database, to the millisecond, never that of an event', async () => {
    const caseNo = await openCase(db)
    const { rows: [{ before }] } = await db.pool.query('SELECT clock_timestamp() AS before')
    const { events: [e] } = await append(db, caseNo, comment('a'))
    expect(e!.at.getTime()).toBeGreaterThanOrEqual(before.getTime())
    expect((await eventsOf(caseNo)).at(-1)!.at).toEqual(e!.at)
  })

  it.each<[string, Record<string, never>]>([
    ['numbers that JSON writes in several ways', { a: 1.0, b: -0, c: 1e21, d: 0.1 + 0.2, e: Number.MAX_SAFE_INTEGER, f: 5e-324, g: Number.MAX_VALUE } as never],
    ['texts beyond the first plane, quotes, backslashes, line breaks', { 企业: '𠮷野家 "引号" \\ \n\t', '': 'é', é: '‮' } as never],
    ['nested and empty values', { z: { y: [[], {}, [null, { x: null }]] }, a: [], b: null, c: undefined } as never],
  ])('reads back %s as they were hashed', async (_, facts) => {
    const caseNo = await openCase(db, () => [])
    const { state } = await append(db, caseNo, event('noted', { name: 'odd', facts }))
    const events = await eventsOf(caseNo)
    expect(findBreak(events)).toBeNull()
    expect(await findCase(db.pool, caseNo)).toEqual(state)
    expect(fold(events)).toEqual(state)
  })

  it('touches neither application nor title when it appends, and both when they are amended', async () => {
    const caseNo = await openCase(db, () => [], { application: { description: '很长的说明'.repeat(5000) } })
    await append(db, caseNo, comment('a'))
    expect((await findCase(db.pool, caseNo))!.file).toMatchObject({ title: '货车被扣', application: { description: '很长的说明'.repeat(5000) } })
    await append(db, caseNo, event('application-amended', { application: { description: '短' }, title: '已变更', reason: '补充' }, officer('economic-crime-1')))
    expect((await findCase(db.pool, caseNo))!.file).toMatchObject({ title: '已变更', application: { description: '短' } })
  })
})

describe.each<[string, () => Store]>([
  ['PostgreSQL', () => createStore(db)],
  ['memory, where workflow tests skip time', () => createMemoryStore(async () => Date.now())],
])('the store in %s', (_, create) => {
  let store: Store
  beforeAll(() => { store = create() })
  const open = async (fields = {}) => {
    const caseNo = fresh('ST')
    await store.append(caseNo, 'step-1', () => [caseOpened(fields)])
    return caseNo
  }

  it('knows no case before it is opened', async () => expect(await store.find('ST-none')).toBeNull())

  it('repeats a key and refuses it for another body', async () => {
    const caseNo = await open()
    const first = await store.append(caseNo, 'k', () => [comment('a')], 'x')
    expect(await store.append(caseNo, 'k', () => [comment('a')], 'x')).toEqual({ ...first, repeated: true })
    await expect(store.append(caseNo, 'k', () => [comment('b')], 'y')).rejects.toMatchObject({ code: 'idempotency-key-reused' })
    expect((await store.find(caseNo))!.file.lastSeq).toBe(2)
  })

  it('numbers documents of a kind without gaps, by year, and a second run gives the same number', async () => {
    const year = new Date(Date.now() + 8 * 3600_000).getUTCFullYear()
    const cases = [await open(), await open()]
    const doc = paper({ kind: `decision-${cases[0]}`, prefix: '诸公信修', content: { text: '准予修复' } })
    const issued = await Promise.all(Array.from({ length: 10 }, (_, i) => store.issue(cases[i % 2]!, `issue-${i}`, doc)))
    expect(issued.map(d => d.number).sort()).toEqual(Array.from({ length: 10 }, (_, i) => `诸公信修〔${year}〕${i + 1}号`).sort())
    const again = await Promise.all([store.issue(cases[0]!, 'issue-0', doc), store.issue(cases[0]!, 'issue-0', doc)])
    expect(again).toEqual([issued[0], issued[0]])
    expect((await store.issue(cases[1]!, 'issue-next', doc)).number).toBe(`诸公信修〔${year}〕11号`)
  })

  it('looks back at cases of the procedure: of the enterprise, or with an application that holds one of the parts', async () => {
    const procedure = fresh('procedure')
    const since = new Date(Date.now() - 60_000)
    const own = await open({ procedure, application: { deliverTo: { town: '甲' } } })
    const alike = await open({ procedure, enterpriseId: 'ent-02', application: { deliverTo: { town: '乙', street: '一' }, kind: 'x' } })
    await open({ procedure, enterpriseId: 'ent-02', application: { deliverTo: { town: '丙' } } })
    await open({ enterpriseId: 'ent-01' })
    const found = async (q: Parameters<Store['history']>[1]) => (await store.history(procedure, q)).map(s => s.file.caseNo)
    expect(await found({ since, enterpriseId: 'ent-01', like: [{ deliverTo: { town: '乙' } }] })).toEqual([own, alike])
    expect(await found({ since, enterpriseId: null, like: [{ kind: 'x' }, { kind: 'y' }] })).toEqual([alike])
    expect(await found({ since: new Date(Date.now() + 60_000), enterpriseId: 'ent-01', like: [] })).toEqual([])
  })
})

describe('documents', () => {
  it('leave no gap when some of twenty issues at once fail, run twice or meet other writers of their case', async () => {
    const store = createStore(db)
    const cases = await Promise.all(Array.from({ length: 4 }, () => openCase(db)))
    const kind = 'certificate'
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, async (_, i) => {
      const caseNo = cases[i % 4]!
      // Every fifth holds what jsonb refuses, after its number was taken; every third comes twice under one key.
      const issue = () => store.issue(caseNo, `issue-${i}`, paper({ kind, content: { text: i % 5 === 0 ? 'a\u0000b' : 'ok' } }))
      const [first] = await Promise.all([issue(), ...(i % 3 === 0 ? [issue()] : []), append(db, caseNo, comment(String(i)))])
      return first.number
    }))
    const numbers = outcomes.flatMap(o => o.status === 'fulfilled' ? [Number(/(\d+)号$/.exec(o.value)![1])] : [])
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, i) => i + 1))
    const { rows: [kept] } = await db.pool.query('SELECT count(*)::int AS n FROM document WHERE kind = $1', [kind])
    const { rows: [counter] } = await db.pool.query('SELECT last FROM document_counter WHERE kind = $1', [kind])
    expect([kept.n, counter.last]).toEqual([16, 16])
  })

  it('that replace another one say so in the same moment; of none of this case, or of one that no longer holds, no number is taken', async () => {
    const store = createStore(db)
    const [caseNo, other] = [await openCase(db), await openCase(db)]
    const doc = (number?: string) => paper({ kind: 'replacing', prefix: '换', ...(number !== undefined && { replaces: { number, reason: '更正笔误' } }) })
    const first = await store.issue(caseNo, 'one', doc())
    const second = await store.issue(caseNo, 'two', doc(first.number))
    expect(await store.issue(caseNo, 'two', doc(first.number))).toEqual(second)
    expect(await store.document(caseNo, first.number)).toMatchObject({ state: 'replaced', replacedBy: second.number, reason: '更正笔误' })
    expect(await store.document(caseNo, second.number)).toMatchObject({ state: 'valid', since: null })
    await expect(store.issue(other, 'three', doc(second.number))).rejects.toMatchObject({ code: 'not-found' })
    await expect(store.issue(caseNo, 'four', doc(first.number))).rejects.toMatchObject({ code: 'action-not-allowed' })
    expect((await store.issue(other, 'five', doc())).number).toMatch(/〕3号$/)
  })

  it('of a case that does not exist are not issued', async () => {
    await expect(createStore(db).issue('EA-none', 'k', paper({ kind: 'ghost', prefix: '鬼' }))).rejects.toThrow('before case-opened')
    expect((await db.pool.query(`SELECT FROM document_counter WHERE kind = 'ghost'`)).rowCount).toBe(0)
  })
})

describe('what the application may do', () => {
  it.each([
    `UPDATE case_event SET data = '{}'`,
    'DELETE FROM case_event',
    'TRUNCATE case_event',
    `UPDATE document SET number = 'x'`,
    'DELETE FROM document',
    `UPDATE start_request SET case_no = 'x'`,
    'DELETE FROM access_log',
    `UPDATE refusal SET code = 'x'`,
    `UPDATE admin_log SET person_id = 'x'`,
    'DELETE FROM case_file',
    'DELETE FROM task',
    'DELETE FROM notice',
    'DELETE FROM document_counter',
    'ALTER TABLE case_event DROP COLUMN hash',
    'DROP TABLE case_event',
    'SET ROLE anxin_owner',
    'CREATE TABLE case_event_copy (a int)',
  ])('is not: %s', async (statement) => {
    await expect(db.pool.query(statement)).rejects.toMatchObject({ code: '42501' })
  })

  it('is exactly to read and append, for every log', async () => {
    const { rows } = await db.pool.query(`SELECT table_name AS name, string_agg(privilege_type, ' ' ORDER BY privilege_type) AS may
      FROM information_schema.table_privileges WHERE grantee = 'anxin_app' AND table_name = ANY($1) GROUP BY 1`, [LOGS])
    expect(Object.fromEntries(rows.map(r => [r.name, r.may]))).toEqual(Object.fromEntries(LOGS.map(name => [name, 'INSERT SELECT'])))
  })
})

const LOGS = ['case_event', 'document', 'start_request', 'access_log', 'refusal', 'admin_log']
