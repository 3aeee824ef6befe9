import { fileURLToPath } from 'node:url'
import { Worker } from '@temporalio/worker'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from './database.ts'
import { decide, type sample } from './sample-workflow.ts'
import { createTestNamespace, type TestNamespace } from './temporal.ts'

async function ask(connectionString: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  return client.query(sql).then(({ rows }) => rows).finally(() => client.end())
}

test('gives each caller a database of its own, gone after the drop', async () => {
  const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()])
  await ask(one.url, 'create table scratch ()')
  await expect(ask(other.url, 'select from scratch')).rejects.toThrow('does not exist')
  await Promise.all([one.drop(), other.drop()])
  await expect(ask(one.url, 'select 1')).rejects.toThrow('does not exist')
})

test('signs the application in as a role that cannot create tables', async () => {
  const database: TestDatabase = await createTestDatabase()
  expect(await ask(database.appUrl, 'select current_user as role')).toEqual([{ role: 'anxin_app' }])
  await expect(ask(database.appUrl, 'create table scratch ()')).rejects.toThrow('permission denied')
  await database.drop()
})

let temporal: TestNamespace
beforeAll(async () => {
  temporal = await createTestNamespace()
})
afterAll(() => temporal.close())

test('runs a workflow with an Update and search attributes in a namespace of its own', async () => {
  const worker = await Worker.create({
    connection: temporal.nativeConnection,
    namespace: temporal.namespace,
    taskQueue: 'sample',
    workflowsPath: fileURLToPath(new URL('sample-workflow.ts', import.meta.url)),
  })
  await worker.runUntil(async () => {
    const handle = await temporal.client.workflow.start<typeof sample>('sample', { workflowId: 'one', taskQueue: 'sample', args: [60_000] })
    await handle.executeUpdate(decide, { args: ['agree'] })
    expect(await handle.result()).toBe('agree')
    const { searchAttributes } = await handle.describe()
    expect(searchAttributes).toMatchObject({ Stage: ['waiting'] })
  })
})
