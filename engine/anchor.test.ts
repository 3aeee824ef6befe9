import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { connect, type Db } from '../db/connect.ts'
import { createTestDatabase, type TestDatabase } from '../test/database.ts'
import { openCase } from '../test/sample-case.ts'
import { anchorOnce } from './anchor.ts'

let database: TestDatabase
let db: Db
let owner: Db
let dir: string
let copy: string
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
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'anxin-anchors-'))
  copy = join(dir, 'second')
})
afterEach(() => rmSync(dir, { recursive: true }))

const anchors = (of = dir) => readdirSync(of).filter(file => file.endsWith('.json'))
/** As if it had been taken the day before. */
const age = () => renameSync(join(dir, anchors()[0]!), join(dir, 'anchor-2000-01-01.json'))
const settle = () => owner.pool.query(`UPDATE case_event SET at = at - interval '1 hour'`)

it('takes one a day, in both places, and checks the last one', async () => {
  expect(await anchorOnce(db, { dir, copy })).toEqual([])
  expect([anchors(), anchors(copy)]).toEqual([[expect.stringMatching(/^anchor-\d{4}-\d\d-\d\d\.json$/)], anchors()])
  expect(readFileSync(join(dir, anchors()[0]!), 'utf8')).toBe(readFileSync(join(copy, anchors()[0]!), 'utf8'))
  expect(await anchorOnce(db, { dir, copy })).toBeNull()
  age()
  expect(await anchorOnce(db, { dir })).toEqual([])
  expect(anchors()).toHaveLength(2)
})

it('names what was changed since the last one, and writes none over it', async () => {
  const caseNo = await openCase(db)
  await settle()
  await owner.pool.query('DELETE FROM case_event WHERE case_no = $1 AND seq = 2', [caseNo])
  expect(await anchorOnce(db, { dir })).toContainEqual(expect.objectContaining({ check: 'chain', caseNo }))
  expect(anchors()).toEqual([])
  await owner.pool.query('TRUNCATE case_event, case_file, task, notice')
})

it('says when the last one is not readable', async () => {
  writeFileSync(join(dir, 'anchor-2000-01-01.json'), '{}')
  expect(await anchorOnce(db, { dir })).toEqual([expect.objectContaining({ check: 'anchor', what: expect.stringContaining('anchor-2000-01-01.json') })])
})
