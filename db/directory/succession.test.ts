import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { append, event, officer, openCase, taskOpened } from '../../test/sample-case.ts'
import { connect, inTransaction, type Db } from '../connect.ts'
import { seedOrganisation } from '../seed/index.ts'
import { releaseTasks } from './succession.ts'

let database: TestDatabase
let db: Db
beforeAll(async () => {
  database = await createTestDatabase()
  await seedOrganisation(database.url)
  db = connect(database.appUrl, { max: 10 })
})
afterAll(async () => {
  await db.close()
  await database.drop()
})

/** Waits until so many writers wait for each other. */
async function waiting(n: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const { rows } = await db.pool.query(`SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
    if (rows[0].n >= n) return
    await sleep(25)
  }
  throw new Error(`never ${n} that wait`)
}

it('lets go of a colleague’s tasks while others write notices of the same bundle: both come through, each counted once', async () => {
  const held = ['handle', 'reply']
  const id = (no: string, name: string) => `${no}.${name}.1`
  const cases = [await openCase(db, no => held.map(name => taskOpened(no, { name, unit: 'traffic' }))), await openCase(db, no => held.map(name => taskOpened(no, { name, unit: 'traffic' })))]
  for (const no of cases) {
    await append(db, no, event('task-claimed', { task: id(no, 'handle') }, officer('traffic-1')))
    await append(db, no, event('task-claimed', { task: id(no, 'reply') }, officer('traffic-leader')))
  }
  const count = async () => (await db.pool.query(`SELECT count FROM notice WHERE person_id = 'traffic-2' AND bundle LIKE 'task-queued/%'`)).rows
  expect(await count()).toEqual([{ count: 4 }])
  const reader = await db.pool.connect()
  // Whoever reads his notices just now holds their rows.
  await reader.query('BEGIN')
  await reader.query(`SELECT FROM notice WHERE person_id = 'traffic-2' FOR UPDATE`)
  const tasks = cases.map(no => ({ id: id(no, 'handle'), caseNo: no, isHeld: true, others: true, heir: null }))
  const leaving = inTransaction(db, client => releaseTasks(db, client, { id: 'admin-1', unit: null }, 'traffic-1', tasks))
  await waiting(1)
  const other = append(db, cases[1]!, event('task-released', { task: id(cases[1]!, 'reply') }, officer('traffic-leader')))
  await waiting(2)
  await reader.query('COMMIT')
  reader.release()
  expect((await Promise.allSettled([leaving, other])).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
  expect(await count()).toEqual([{ count: 7 }])
  const { rows } = await db.pool.query(`SELECT status, holder_id FROM task WHERE case_no = ANY($1) ORDER BY id`, [cases])
  expect(rows.map((row: { status: string }) => row.status)).toEqual(['open', 'claimed', 'open', 'open'])
})
