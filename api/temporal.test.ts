import { randomUUID } from 'node:crypto'
import { Client, Connection } from '@temporalio/client'
import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createActivities } from '../activities/index.ts'
import { freePort } from '../scripts/servers/ports.ts'
import { createTestDatabase, type TestDatabase } from '../test/database.ts'
import { createTestNamespace, type TestNamespace } from '../test/temporal.ts'
import { connect, type Db } from '../db/connect.ts'
import { findPerson, findPersonBySub } from '../db/directory/directory.ts'
import { createRules } from '../db/rules/rules.ts'
import { seedOrganisation } from '../db/seed/index.ts'
import { getProcedure } from '../workflows/catalogue.ts'
import type { App } from './http/app-types.ts'
import { createAuthenticator } from './sign-in/auth.ts'
import { allRoutes } from './routes/index.ts'
import { createCaseEngine } from './temporal.ts'
import { appeal } from './testing/test-api.ts'
import { buildTestApp } from './testing/test-app.ts'
import { WORKFLOWS } from '../workflows/bundle-options.ts'

const taskQueue = 'anxin'
/** Long enough for a decision on a busy machine, short enough to wait for in a test. */
const timeoutMs = 3_000

let database: TestDatabase
let db: Db
let temporal: TestNamespace
beforeAll(async () => {
  database = await createTestDatabase()
  await seedOrganisation(database.url)
  db = connect(database.appUrl)
  temporal = await createTestNamespace()
})
afterAll(async () => {
  await temporal.close()
  await db.close()
  await database.drop()
})

async function startApp(client: Client) {
  const engine = createCaseEngine(client, taskQueue, timeoutMs)
  const authenticator = createAuthenticator({ devKey: new Uint8Array(32), findPersonById: id => findPerson(db.pool, id), findPersonBySub: sub => findPersonBySub(db.pool, sub) })
  const { app } = await buildTestApp({
    authenticator, routes: allRoutes({ db, engine, rules: createRules(db, key => getProcedure(key).policy) }),
    checks: { database: () => db.pool.query('SELECT 1'), temporal: engine.checkService, worker: engine.checkWorker },
  })
  return { app, post: async (person: string, url: string, body: object, key: string) => {
    const headers = { authorization: `Bearer ${await authenticator.issueDevToken!(person)}`, 'idempotency-key': key }
    return app.inject({ method: 'POST', url, headers, payload: body })
  } }
}

/** Runs a worker while `during` goes on. */
async function withWorker<T>(during: () => Promise<T>): Promise<T> {
  const { activities, close } = createActivities(db)
  const worker = await Worker.create({
    connection: temporal.nativeConnection, namespace: temporal.namespace, taskQueue, activities,
    ...WORKFLOWS,
  })
  try {
    return await worker.runUntil(during)
  } finally {
    close()
  }
}

const cases = '/api/procedures/enterprise-appeal/cases'
const events = async (caseNo: string): Promise<string[]> => (await db.pool.query('SELECT type FROM case_event WHERE case_no = $1 ORDER BY seq', [caseNo])).rows.map(r => r.type)

describe('while no worker is there', () => {
  let app: App
  let post: Awaited<ReturnType<typeof startApp>>['post']
  beforeAll(async () => { ({ app, post } = await startApp(temporal.client)) })
  afterAll(() => app.close())

  it('readiness says so', async () => {
    expect((await app.inject('/health/ready')).json()).toMatchObject({ status: 503, checks: { database: 'up', temporal: 'up', worker: 'down' } })
  })

  it('a filing that Temporal holds is answered 202 with where it will be; the repeat under the same key finds the one case', async () => {
    const key = randomUUID()
    const held = await post('ent-01-contact', cases, appeal, key)
    const { caseNo } = held.json()
    expect([held.statusCode, held.headers.location, held.json()]).toEqual([202, `/api/cases/${caseNo}`, { caseNo }])
    expect(await events(caseNo)).toEqual([])
    const again = await post('ent-01-contact', cases, appeal, key)
    expect([again.statusCode, again.json()]).toEqual([202, { caseNo }])
    const recorded = await withWorker(() => post('ent-01-contact', cases, appeal, key))
    expect([recorded.statusCode, recorded.json().caseNo]).toEqual([201, caseNo])
    expect(await events(caseNo)).toEqual(['case-opened', 'task-opened'])
  })

  it('a decision is answered 503 with when to try again; the repeat under the same key decides once', async () => {
    const { caseNo, id } = await withWorker(async () => {
      const filed = (await post('ent-01-contact', cases, appeal, randomUUID())).json()
      const { id } = filed.tasks[0]
      await post('desk-1', `/api/tasks/${id}/actions/claim`, {}, randomUUID())
      return { caseNo: filed.caseNo as string, id: id as string }
    })
    const [key, url, form] = [randomUUID(), `/api/tasks/${id}/actions/complete`, { decision: 'accept', unit: 'economic-crime', complexity: 'ordinary' }] as const
    const refused = await post('desk-1', url, form, key)
    expect([refused.statusCode, refused.json().code, refused.headers['retry-after']]).toEqual([503, 'workflow-unavailable', '5'])
    expect(await events(caseNo)).toEqual(['case-opened', 'task-opened', 'task-claimed'])
    // Claiming and the like need no workflow.
    expect((await post('desk-1', `/api/tasks/${id}/actions/claim`, {}, randomUUID())).statusCode).toBe(200)
    const answer = await withWorker(() => post('desk-1', url, form, key))
    expect([answer.statusCode, answer.json().status]).toEqual([200, 'completed'])
    expect((await events(caseNo)).filter(type => type === 'task-completed')).toHaveLength(1)
  })
})

describe('while Temporal cannot be reached', () => {
  let app: App
  let post: Awaited<ReturnType<typeof startApp>>['post']
  let connection: Connection
  beforeAll(async () => {
    connection = Connection.lazy({ address: `127.0.0.1:${await freePort()}` });
    ({ app, post } = await startApp(new Client({ connection })))
  })
  afterAll(async () => {
    await app.close()
    await connection.close()
  })

  it('the API is up, and readiness says what is missing', async () => {
    expect((await app.inject('/health/live')).statusCode).toBe(200)
    expect((await app.inject('/health/ready')).json()).toMatchObject({ status: 503, checks: { database: 'up', temporal: 'down', worker: 'down' } })
  })

  it('a filing is answered 503, and under the same key becomes one case when Temporal is back', async () => {
    const key = randomUUID()
    const refused = await post('ent-02-contact', cases, appeal, key)
    expect([refused.statusCode, refused.json().code, refused.headers['retry-after']]).toEqual([503, 'workflow-unavailable', '5'])
    const { rows: [{ case_no: promised }] } = await db.pool.query('SELECT case_no FROM start_request WHERE key = $1', [key])
    const back = await startApp(temporal.client)
    const filed = await withWorker(() => back.post('ent-02-contact', cases, appeal, key))
    await back.app.close()
    expect([filed.statusCode, filed.json().caseNo]).toEqual([201, promised])
  })
})

it('shows a case in Temporal under its number, with its procedure and, unless restricted, its title', async () => {
  const { post, app } = await startApp(temporal.client)
  const { caseNo } = (await withWorker(() => post('ent-01-contact', cases, appeal, randomUUID()))).json()
  await app.close()
  const described = await temporal.client.workflow.getHandle(caseNo).describe()
  expect([described.type, await described.staticSummary()]).toEqual(['enterpriseAppeal', appeal.subject])
  expect(described.typedSearchAttributes.getAll().find(a => a.key.name === 'Procedure')?.value).toBe('enterprise-appeal')
})
