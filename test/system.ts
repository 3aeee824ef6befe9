/** The whole system in one process for tests: a database of its own, the real worker parts, the test file's own namespace. */
import { Worker } from '@temporalio/worker'
import { createActivities } from '../activities/index.ts'
import { createNotifiers } from '../activities/notifiers/index.ts'
import { nextCaseNo } from '../db/cases.ts'
import { connect, type Db } from '../db/connect.ts'
import { findNames, findOnDuty, whoIs } from '../db/directory.ts'
import { createStore } from '../db/record.ts'
import { createRules } from '../db/rules.ts'
import { seedOrganisation } from '../db/seed/index.ts'
import { getProcedure } from '../workflows/catalogue.ts'
import { createTestDatabase } from './database.ts'
import { createTestNamespace, type TestNamespace } from './temporal.ts'

export interface TestSystem {
  db: Db
  temporal: TestNamespace
  taskQueue: string
  close(): Promise<void>
}

/** Boots it; the worker polls until `close`. */
export async function startSystem({ mail = false } = {}): Promise<TestSystem> {
  const database = await createTestDatabase()
  await seedOrganisation(database.url)
  const db = connect(database.appUrl, { mail })
  const temporal = await createTestNamespace()
  const notifiers = createNotifiers({ webhook: { findDestination: async url => (await db.pool.query('SELECT url, secret FROM webhook_destination WHERE url = $1', [url])).rows[0] } })
  const taskQueue = 'anxin'
  const worker = await Worker.create({
    connection: temporal.nativeConnection, namespace: temporal.namespace, taskQueue,
    workflowsPath: new URL('../workflows/index.ts', import.meta.url).pathname,
    activities: createActivities({
      db, store: createStore(db), rules: createRules(db, key => getProcedure(key).policy), ...notifiers, who: id => whoIs(db.pool, id),
      personName: async id => (await findNames(db.pool, [id])).get(id) ?? null, onDuty: unit => findOnDuty(db.pool, unit),
      nextCaseNo: key => nextCaseNo(db.pool, getProcedure(key).policy.code),
    }),
  })
  const running = worker.run()
  return {
    db, temporal, taskQueue,
    async close() {
      worker.shutdown()
      await running
      await temporal.close()
      await db.close()
      await database.drop()
    },
  }
}
