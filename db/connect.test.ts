import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../test/database.ts'
import { connect, isUnavailable, type Db } from './connect.ts'
import { endedSessions } from './directory/sessions.ts'

let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await createTestDatabase()
  db = connect(database.url)
})
afterAll(async () => {
  await db?.close()
  await database?.drop()
})

it('a connection that is lost while it is held ends no process: its next query fails, another connection serves', async () => {
  const held = await db.pool.connect()
  const { rows: [{ pid }] } = await held.query('SELECT pg_backend_pid() AS pid')
  const lost = new Promise(resolve => held.once('end', resolve))
  await db.pool.query('SELECT pg_terminate_backend($1)', [pid])
  await lost
  await expect(held.query('SELECT 1')).rejects.toThrow()
  held.release(true)
  expect((await db.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
})

it('a database that only reads is unavailable, and what it refused may be asked again; what is wrong is not', async () => {
  const client = await db.pool.connect()
  await client.query('BEGIN READ ONLY')
  const refused: unknown = await client.query(`INSERT INTO ended_session VALUES ('x', now())`).catch((e: unknown) => e)
  await client.query('ROLLBACK')
  const wrong: unknown = await client.query('SELECT nothing').catch((e: unknown) => e)
  client.release()
  expect([refused, wrong].map(isUnavailable)).toEqual([true, false])
})

it('a session that was signed out is known as ended, twice as well, and forgotten when its time is over', async () => {
  const ended = endedSessions(db.pool)
  const later = new Date(Date.now() + 60_000)
  await ended.add('over', new Date(Date.now() - 1000))
  await ended.add('s1', later)
  await ended.add('s1', later)
  expect(await Promise.all(['s1', 's2', 'over'].map(ended.has))).toEqual([true, false, false])
})
