/** The whole system in one process for tests: a database of its own, the real worker parts, the test file's own namespace. */
import { randomBytes } from 'node:crypto'
import { Client } from '@temporalio/client'
import { Worker } from '@temporalio/worker'
import { createActivities } from '../activities/index.ts'
import { dataConverterFor, type Secrecy } from '../codec/payload-codec.ts'
import { ofRestricted } from '../codec/secrecy.ts'
import { connect, type Db } from '../db/connect.ts'
import { createPress } from '../documents/press.ts'
import { testSigner } from '../documents/testing.ts'
import { createEngine } from '../engine/cases.ts'
import { seedOrganisation } from '../db/seed/index.ts'
import { createTestDatabase } from './database.ts'
import { createTestNamespace, type TestNamespace } from './temporal.ts'
import { WORKFLOWS } from '../workflows/bundle-options.ts'

export interface TestSystem {
  db: Db
  /** Speaks to Temporal as API and worker do by default: what belongs to restricted cases is encrypted. The one of `temporal` sees what is stored. */
  client: Client
  secrecy: Secrecy
  temporal: TestNamespace
  taskQueue: string
  close(): Promise<void>
}

/** Boots it; the worker polls until `close`. */
export async function startSystem({ mail = false, temporalAddress, workflows = WORKFLOWS }: { mail?: boolean, temporalAddress?: string, workflows?: typeof WORKFLOWS } = {}): Promise<TestSystem> {
  const database = await createTestDatabase()
  await seedOrganisation(database.url)
  const db = connect(database.appUrl, { mail })
  const temporal = await createTestNamespace(temporalAddress)
  const taskQueue = 'anxin'
  const secrecy = ofRestricted(randomBytes(32))
  const dataConverter = dataConverterFor(secrecy)
  const client = new Client({ connection: temporal.client.connection, namespace: temporal.namespace, dataConverter })
  const { activities, close } = createActivities(db, createEngine(client, taskQueue), { publicUrl: 'http://127.0.0.1', press: createPress(db.pool, { office: '诸暨市公安局', publicUrl: 'http://127.0.0.1', signer: await testSigner() }) })
  const worker = await Worker.create({
    dataConverter,
    connection: temporal.nativeConnection, namespace: temporal.namespace, taskQueue,
    ...workflows,
    activities,
  })
  const running = worker.run()
  return {
    db, temporal, taskQueue, secrecy, client,
    async close() {
      worker.shutdown()
      await running
      close()
      await temporal.close()
      await db.close()
      await database.drop()
    },
  }
}
