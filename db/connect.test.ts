import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../test/database.ts'
import { connect, type Db } from './connect.ts'

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
