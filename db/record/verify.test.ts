import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { append, event, officer, openCase, paper } from '../../test/sample-case.ts'
import { chainHash, CHAIN_START } from '../../model/chain.ts'
import { connect, type Db } from '../connect.ts'
import { shanghaiDate } from '../../model/instants.ts'
import { createStore, toEvent } from './record.ts'
import type { Anchor } from './anchor.ts'
import { compareWithTemporal, verifyRecord, type Engine } from './verify.ts'

let database: TestDatabase
let db: Db
let owner: Db
beforeAll(async () => {
  database = await createTestDatabase()
  db = connect(database.appUrl)
  owner = connect(database.url, { max: 1 })
})
afterAll(async () => {
  await db.close()
  await owner.close()
  await database.drop()
})
beforeEach(() => owner.pool.query('TRUNCATE case_event, case_file, task, document, document_counter, document_file, notice'))

const comment = (text = 'x') => event('commented', { text, to: 'officers' }, officer('legal-1'))
const now = async (): Promise<Date> => (await db.pool.query(`SELECT clock_timestamp() AS now`)).rows[0].now
const findings = async (...args: [until?: Date, former?: Anchor]) => (await verifyRecord(db, args[0] ?? await now(), { former: args[1] })).findings.map(f => `${f.check} ${f.caseNo}: ${f.what.replace(/ · .*/, '')}`)

/** What somebody with the owner's rights can do: change an event, and hash the rest of the chain anew. */
async function forge(caseNo: string, seq: number, data: object): Promise<void> {
  const { rows } = await owner.pool.query('SELECT * FROM case_event WHERE case_no = $1 ORDER BY seq', [caseNo])
  let prev = CHAIN_START
  for (const e of rows.map(toEvent)) {
    const forged = e.seq === seq ? { ...e, data } as typeof e : e
    prev = chainHash(prev, forged)
    await owner.pool.query('UPDATE case_event SET data = $3, hash = $4 WHERE case_no = $1 AND seq = $2', [caseNo, e.seq, JSON.stringify(forged.data), prev])
  }
  await owner.pool.query('UPDATE case_file SET last_hash = $2 WHERE case_no = $1', [caseNo, prev])
}

describe('a record', () => {
  it('that only its door was used on has nothing to find', async () => {
    const cases = [await openCase(db), await openCase(db)]
    for (const no of cases) await createStore(db).issue(no, 'k', paper())
    expect(await verifyRecord(db, await now())).toMatchObject({ cases: 2, events: 6, findings: [] })
  })

  it.each<[string, string, string]>([
    ['a changed event', `UPDATE case_event SET data = '{"text":"y"}' WHERE case_no = $1 AND seq = 4`, 'chain: 事件链在第 4 条断裂'],
    ['a changed time', `UPDATE case_event SET at = at - interval '1 hour' WHERE case_no = $1 AND seq = 3`, 'chain: 事件链在第 3 条断裂'],
    ['an event taken out', 'DELETE FROM case_event WHERE case_no = $1 AND seq = 3', 'chain: 事件链在第 3 条断裂'],
    ['an end cut off', 'DELETE FROM case_event WHERE case_no = $1 AND seq = 5', 'read-tables: 读表记到第 5 条，事件有 4 条'],
    ['a read table behind', 'UPDATE case_file SET last_seq = 4 WHERE case_no = $1', 'read-tables: 读表记到第 4 条，事件有 5 条'],
    ['another hash in the read table', `UPDATE case_file SET last_hash = repeat('0', 64) WHERE case_no = $1`, 'read-tables: 读表中的末条哈希不符'],
    ['changed columns', `UPDATE case_file SET card = 'red', stage = 'reply' WHERE case_no = $1`, 'read-tables: case_file $1：与事件不符 · different stage card'],
    ['a task taken out', 'DELETE FROM task WHERE case_no = $1', 'read-tables: task $1.handle.1：缺少 · missing'],
    ['a case missing in the read table', 'DELETE FROM case_file WHERE case_no = $1', 'read-tables: 读表中没有此案'],
    ['a case without events', 'DELETE FROM case_event WHERE case_no = $1', 'read-tables: 读表中有此案，事件中没有'],
  ])('shows %s', async (_, damage, expected) => {
    const caseNo = await openCase(db)
    await append(db, caseNo, comment(), comment(), comment())
    await openCase(db)
    await owner.pool.query(damage, [caseNo])
    const [check, what] = expected.split(': ')
    expect(await findings()).toEqual([`${check} ${caseNo}: ${what!.replace('$1', caseNo).replace(/ · .*/, '')}`])
  })

  it('shows a number that was given but has no document, and one that was never given', async () => {
    const store = createStore(db)
    const caseNo = await openCase(db)
    for (let i = 0; i < 3; i++) await store.issue(caseNo, `a${i}`, paper({ kind: 'a', prefix: '甲' }))
    await store.issue(caseNo, 'b', paper({ kind: 'b', prefix: '乙' }))
    await owner.pool.query(`DELETE FROM document WHERE kind = 'a' AND number LIKE '%〕2号'; UPDATE document SET number = replace(number, '〕1号', '〕7号') WHERE kind = 'b'`)
    const year = shanghaiDate(new Date()).slice(0, 4)
    expect((await findings()).filter(f => f.startsWith('numbers'))).toEqual([`numbers null: a ${year}：已编到 3 号，文书 2 份，最大 3 号`, `numbers null: b ${year}：已编到 1 号，文书 1 份，最大 7 号`])
  })
})

describe('an anchor', () => {
  it('holds while the record only grows: new events, new cases, closed ones', async () => {
    const cases = [await openCase(db), await openCase(db)]
    const until = await now()
    const { anchor } = await verifyRecord(db, until)
    expect(anchor).toMatchObject({ cases: 2, events: 4, until: until.toISOString() })
    await append(db, cases[0]!, comment(), event('case-closed', { outcome: 'resolved', result: null }))
    await openCase(db)
    expect(await findings(await now(), anchor)).toEqual([])
    expect((await verifyRecord(db, until)).anchor).toEqual(anchor)
  })

  it('shows what no chain can: an event changed and the whole chain hashed anew', async () => {
    const caseNo = await openCase(db)
    await append(db, caseNo, comment('甲'), comment('乙'))
    await openCase(db)
    const { anchor } = await verifyRecord(db, await now())
    await forge(caseNo, 3, { text: '丙' })
    expect(await findings()).toEqual([])
    expect(await findings(await now(), anchor)).toEqual([`anchor ${caseNo}: ${anchor.until} 之前的事件被改动`])
  })

  it('shows a case that vanished without a trace, and one put in under an earlier time', async () => {
    const [gone] = [await openCase(db), await openCase(db)]
    const { anchor } = await verifyRecord(db, await now())
    await owner.pool.query(`WITH e AS (DELETE FROM case_event WHERE case_no = '${gone}') , t AS (DELETE FROM task WHERE case_no = '${gone}') DELETE FROM case_file WHERE case_no = '${gone}'`)
    expect(await findings(await now(), anchor)).toEqual([`anchor ${gone}: ${anchor.until} 之前有此案，现在没有`])

    const late = await openCase(db)
    const { anchor: second } = await verifyRecord(db, await now())
    const added = await openCase(db)
    await owner.pool.query(`UPDATE case_event SET at = at - interval '1 day' WHERE case_no = $1`, [added])
    await forge(added, 1, { title: 'x' })
    expect(late).not.toBe(added)
    expect((await findings(await now(), second)).filter(f => f.startsWith('anchor'))).toEqual([`anchor ${added}: ${second.until} 之前没有此案，现在有`])
  })

  it('does not hold for what happened after it', async () => {
    const caseNo = await openCase(db)
    const { anchor } = await verifyRecord(db, await now())
    await append(db, caseNo, comment('甲'))
    await forge(caseNo, 3, { text: '乙' })
    expect(await findings(await now(), anchor)).toEqual([])
  })

  it('is recognised when it was changed itself', async () => {
    await openCase(db)
    const { anchor } = await verifyRecord(db, await now())
    expect(await findings(await now(), { ...anchor, cases: 2 })).toEqual(['anchor null: 锚点文件本身被改动'])
  })
})

describe('against Temporal', () => {
  /** Which workflows run, and which of them the index lists. */
  const engine = (running: string[], listed = running): Engine => ({
    async* listRunning() { yield* listed },
    isRunning: async id => running.includes(id),
  })
  const compared = async (...args: Parameters<typeof engine>) => (await compareWithTemporal(db, engine(...args), 50)).findings.map(f => `${f.check} ${f.caseNo}: ${f.what.replace(/ · .*/, '')}`)

  it('every open case runs and no other does, even where the index lags behind', async () => {
    const [open, closed] = [await openCase(db), await openCase(db)]
    await append(db, closed, event('case-closed', { outcome: 'resolved', result: null }))
    expect(await compareWithTemporal(db, engine([open]), 50)).toEqual({ open: 1, findings: [] })
    expect(await compared([open], [])).toEqual([])
    expect(await compared([open], [open, closed, 'EA-long-gone'])).toEqual([])
  })

  it('shows an open case without a workflow, a closed one with, and a workflow without a record', async () => {
    const [lost, closed] = [await openCase(db), await openCase(db)]
    await append(db, closed, event('case-closed', { outcome: 'resolved', result: null }))
    expect(await compared([closed, 'EA-unrecorded'])).toEqual([
      `temporal ${lost}: 案件未办结，但没有正在运行的流程`, `temporal ${closed}: 案件已办结，但流程仍在运行`, 'temporal EA-unrecorded: 流程在运行，但没有立案记录',
    ])
  })

  it('is not misled by a case that closes while it looks', async () => {
    const caseNo = await openCase(db)
    const closing: Engine = { async* listRunning() { await append(db, caseNo, event('case-closed', { outcome: 'resolved', result: null })); yield caseNo }, isRunning: async () => false }
    expect((await compareWithTemporal(db, closing, 50)).findings).toEqual([])
  })

  it('shows notices that nobody delivers', async () => {
    const caseNo = await openCase(db)
    const notice = (id: string, state: string, minutes: number, attempt = 0) => db.pool.query(
      `INSERT INTO notice (kind, id, case_no, channel, title, body, state, attempt, created_at) VALUES ('told', $1, $2, 'webhook', 'x', 'x', $3, $4, now() - make_interval(mins => $5))`, [id, caseNo, state, attempt, minutes])
    await notice('on-its-way', 'sending', 5)
    await notice('again', 'sending', 5, 2)
    await notice('new', 'pending', 1)
    await notice('done', 'done', 600)
    await notice('failed', 'failed', 600)
    const running = [caseNo, 'notice-on-its-way', 'notice-again-2']
    expect(await compared(running, [caseNo])).toEqual([])
    expect(await compared([caseNo, 'notice-on-its-way'], [caseNo])).toEqual([`notices ${caseNo}: 有通知正在投递，但没有投递流程`])
    await notice('left', 'pending', 11)
    expect(await compared(running, [caseNo])).toEqual([`notices ${caseNo}: 有通知超过十分钟无人投递`])
  })
})
