import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { append, event, officer, openCase, paper, taskOpened } from '../../test/sample-case.ts'
import { connect, type Db } from '../connect.ts'
import { findBreak } from '../../model/chain.ts'
import { fold } from '../../model/state.ts'
import { findDifferences, rebuildCase } from './rebuild.ts'
import { createStore, findCase } from './record.ts'
import { walkCases, type RecordedCase } from './walk.ts'

let database: TestDatabase
let db: Db
let owner: Db
beforeAll(async () => {
  database = await createTestDatabase()
  db = connect(database.appUrl)
  owner = connect(database.url, { max: 3 })
})
afterAll(async () => {
  await db.close()
  await owner.close()
  await database.drop()
})
beforeEach(() => owner.pool.query('TRUNCATE case_event, case_file, task, document, document_counter, document_file, notice'))

const walk = async (): Promise<RecordedCase[]> => {
  const found: RecordedCase[] = []
  for await (const c of walkCases(db)) found.push(c)
  return found
}
const differences = async () => (await walk()).flatMap(findDifferences)

/** A case with a claimed task, a second one and a document. */
async function busyCase(): Promise<string> {
  const caseNo = await openCase(db, no => [taskOpened(no), taskOpened(no, { name: 'co-handle', context: { a: [1.5, null] } })])
  await append(db, caseNo, event('task-claimed', { task: `${caseNo}.handle.1` }, officer('economic-crime-1')), event('noted', { name: 'n', facts: { 企业: ['x'] } }))
  await createStore(db).issue(caseNo, 'issue', paper({ content: { text: '准予' } }))
  return caseNo
}

describe('walking the record', () => {
  it('meets every case once, in order, whole, however its events fall into batches', async () => {
    const long = await openCase(db)
    await append(db, long, ...Array.from({ length: 2_500 }, (_, i) => event('commented', { text: String(i), to: 'officers' }, officer('legal-1'))))
    const others = [await busyCase(), await busyCase()]
    for (let i = 0; i < 5; i++) await append(db, long, event('commented', { text: 'x', to: 'officers' }, officer('legal-1')))
    const found = await walk()
    expect(found.map(c => c.caseNo)).toEqual([long, ...others].sort())
    expect(found.map(c => c.events.length)).toEqual([2_507, 6, 6])
    expect(found.map(c => findBreak(c.events))).toEqual([null, null, null])
    expect(found.map(c => [c.file?.caseNo, c.tasks.length, c.documents.length])).toEqual([[long, 1, 0], ...others.map(no => [no, 2, 1])])
  })

  it('sees one instant: what is appended meanwhile is not half there', async () => {
    const caseNos = [await busyCase(), await busyCase()]
    for await (const c of walkCases(db)) {
      await append(db, caseNos[1]!, event('commented', { text: 'late', to: 'officers' }, officer('legal-1')))
      expect([c.events.length, c.file!.lastSeq]).toEqual([6, 6])
    }
  })

  it('of an empty record meets nothing, and leaves its connection to others when it is broken off', async () => {
    expect(await walk()).toEqual([])
    await busyCase()
    const single = connect(database.appUrl, { max: 1 })
    for await (const c of walkCases(single)) if (c.caseNo) break
    expect((await single.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await single.close()
  })
})

describe('what differs', () => {
  it('is nothing as long as only the record’s door was used', async () => {
    await busyCase()
    await busyCase()
    expect(await differences()).toEqual([])
  })

  it.each<[string, (no: string) => string, (no: string) => object]>([
    ['a changed column', no => `UPDATE case_file SET status = 'closed', card = 'red' WHERE case_no = '${no}'`, no => ({ table: 'case_file', row: no, is: 'different', columns: ['status', 'card'] })],
    ['a change deep inside', no => `UPDATE case_file SET facts = jsonb_set(facts, '{n,企业,0}', '"y"') WHERE case_no = '${no}'`, no => ({ table: 'case_file', row: no, is: 'different', columns: ['facts'] })],
    ['a deadline moved by a millisecond', no => `UPDATE task SET due_at = due_at + interval '1 ms' WHERE id = '${no}.handle.1'`, no => ({ table: 'task', row: `${no}.handle.1`, is: 'different', columns: ['due_at'] })],
    ['a changed holder', no => `UPDATE task SET holder_id = 'economic-crime-2' WHERE id = '${no}.handle.1'`, no => ({ table: 'task', row: `${no}.handle.1`, is: 'different', columns: ['holder_id'] })],
    ['a missing task', no => `DELETE FROM task WHERE id = '${no}.co-handle.1'`, no => ({ table: 'task', row: `${no}.co-handle.1`, is: 'missing', columns: [] })],
    ['a task too many', no => `INSERT INTO task SELECT (jsonb_populate_record(t, '{"id":"${no}.ghost.1"}')).* FROM task t WHERE id = '${no}.handle.1'`, no => ({ table: 'task', row: `${no}.ghost.1`, is: 'superfluous', columns: [] })],
    ['another text of a document', no => `UPDATE document SET content = '{}' WHERE case_no = '${no}'`, () => ({ table: 'document', row: expect.stringContaining('证〔'), is: 'different', columns: ['content'] })],
    ['a missing case', no => `DELETE FROM case_file WHERE case_no = '${no}'`, no => ({ table: 'case_file', row: no, is: 'missing', columns: [] })],
  ])('names %s, and rebuilding mends it', async (_, damage, expected) => {
    const caseNo = await busyCase()
    const sound = await busyCase()
    const before = await findCase(db.pool, caseNo)
    await owner.pool.query(damage(caseNo))
    const found = await differences()
    expect(found).toEqual([{ caseNo, ...expected(caseNo) }])
    expect(JSON.stringify(found)).not.toMatch(/economic-crime|准予/)
    await rebuildCase(owner, caseNo)
    expect(await differences()).toEqual([])
    expect(await findCase(db.pool, caseNo)).toEqual(before)
    await append(db, caseNo, event('commented', { text: 'goes on', to: 'officers' }, officer('legal-1')))
    expect((await findCase(db.pool, sound))!.file.lastSeq).toBe(6)
  })

  it('includes rows of a case that was never opened', async () => {
    const caseNo = await busyCase()
    await owner.pool.query(`INSERT INTO case_file SELECT (jsonb_populate_record(c, '{"case_no":"EA-ghost"}')).* FROM case_file c WHERE case_no = $1`, [caseNo])
    expect(await differences()).toEqual([{ caseNo: 'EA-ghost', table: 'case_file', row: 'EA-ghost', is: 'superfluous', columns: [] }])
    await rebuildCase(owner, 'EA-ghost')
    expect(await differences()).toEqual([])
  })
})

describe('rebuilding', () => {
  it('does not believe a broken chain', async () => {
    const caseNo = await busyCase()
    await owner.pool.query(`UPDATE case_event SET data = '{"task":"x"}' WHERE case_no = $1 AND seq = 4`, [caseNo])
    await expect(rebuildCase(owner, caseNo)).rejects.toThrow('chain is broken')
    expect((await findCase(db.pool, caseNo))!.tasks).toHaveLength(2)
  })

  it('goes with a system at work: nothing that is appended meanwhile is lost', async () => {
    const caseNo = await busyCase()
    await Promise.all([
      ...Array.from({ length: 15 }, () => append(db, caseNo, event('commented', { text: 'x', to: 'officers' }, officer('legal-1')))),
      ...Array.from({ length: 4 }, () => rebuildCase(owner, caseNo)),
    ])
    const [c] = await walk()
    expect([c!.events.length, findBreak(c!.events)]).toEqual([21, null])
    expect(await findCase(db.pool, caseNo)).toEqual(fold(c!.events))
  })

  it('is not for the application’s role', async () => {
    const caseNo = await busyCase()
    await expect(rebuildCase(db, caseNo)).rejects.toMatchObject({ code: '42501' })
    expect(await differences()).toEqual([])
  })
})
