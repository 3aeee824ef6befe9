import { randomUUID } from 'node:crypto'
import { Client, Connection } from '@temporalio/client'
import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { keepPromisesOnce } from '../engine/promised.ts'
import { createActivities } from '../activities/index.ts'
import { createPress } from '../documents/press.ts'
import { testSigner } from '../documents/testing.ts'
import { createEngine } from '../engine/cases.ts'
import { freePort } from '../scripts/servers/ports.ts'
import { createTestDatabase, type TestDatabase } from '../test/database.ts'
import { createTestNamespace, type TestNamespace } from '../test/temporal.ts'
import { connect, type Db } from '../db/connect.ts'
import { findPerson, findPersonBySub } from '../db/directory/directory.ts'
import { createRules } from '../db/rules/rules.ts'
import { seedOrganisation } from '../db/seed/index.ts'
import { getProcedure } from '../workflows/catalogue.ts'
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
    authenticator, routes: allRoutes({ db, engine, rules: createRules(db, key => getProcedure(key).policy), press: createPress(db.pool, { office: '诸暨市公安局', publicUrl: 'http://127.0.0.1' }) }),
    checks: { database: () => db.pool.query('SELECT 1'), temporal: engine.checkService, worker: engine.checkWorker },
  })
  const signedIn = async (person: string) => ({ authorization: `Bearer ${await authenticator.issueDevToken!(person)}` })
  return {
    app,
    get: async (person: string, url: string) => app.inject({ url, headers: await signedIn(person) }),
    post: async (person: string, url: string, body: object, key: string) => app.inject({ method: 'POST', url, headers: { ...await signedIn(person), 'idempotency-key': key }, payload: body }),
    upload: async (person: string, caseNo: string, name: string, key: string) => app.inject({
      method: 'POST', url: `/api/cases/${caseNo}/materials`, payload: Buffer.from(`%PDF-1.7\n${name}`),
      headers: { ...await signedIn(person), 'idempotency-key': key, 'content-type': 'application/octet-stream', 'x-file-name': encodeURIComponent(`${name}.pdf`) },
    }),
  }
}

/** Runs a worker while `during` goes on. */
async function withWorker<T>(during: () => Promise<T>): Promise<T> {
  const { activities, close } = createActivities(db, createEngine(temporal.client, taskQueue), { publicUrl: 'http://127.0.0.1', press: createPress(db.pool, { office: '诸暨市公安局', publicUrl: 'http://127.0.0.1', signer: await testSigner() }) })
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

/** Enough for a worker that has just started. */
const recording = { timeout: 30_000 }
const cases = '/api/procedures/enterprise-appeal/cases'
const events = async (caseNo: string): Promise<string[]> => (await db.pool.query('SELECT type FROM case_event WHERE case_no = $1 ORDER BY seq', [caseNo])).rows.map(r => r.type)

describe('while no worker is there', () => {
  let { app, get, post, upload } = {} as Awaited<ReturnType<typeof startApp>>
  beforeAll(async () => { ({ app, get, post, upload } = await startApp(temporal.client)) })
  afterAll(() => app.close())

  it('readiness says so', async () => {
    expect((await app.inject('/health/ready')).json()).toMatchObject({ status: 503, checks: { database: 'up', temporal: 'up', worker: 'down' } })
  })

  it('a filing is answered 202 with its number; the repeat under the same key finds the one case', async () => {
    const key = randomUUID()
    const held = await post('ent-01-contact', cases, appeal, key)
    const { caseNo } = held.json()
    const received = { caseNo, status: 'received', procedure: 'enterprise-appeal', title: appeal.subject, receivedAt: expect.stringMatching(/\+08:00$/) }
    expect([held.statusCode, held.headers.location, held.json()]).toEqual([202, `/api/cases/${caseNo}`, received])
    expect(await events(caseNo)).toEqual([])
    const again = await post('ent-01-contact', cases, appeal, key)
    expect([again.statusCode, again.json()]).toEqual([202, held.json()])
    const recorded = await withWorker(() => post('ent-01-contact', cases, appeal, key))
    expect([recorded.statusCode, recorded.json().caseNo]).toEqual([201, caseNo])
    expect(await events(caseNo)).toEqual(['case-opened', 'task-opened'])
  })

  it('what was filed is found under its number by whoever filed it, takes files, and becomes a case with them by itself, once', async () => {
    const { caseNo } = (await post('ent-01-contact', cases, appeal, randomUUID())).json()
    const url = `/api/cases/${caseNo}`
    const received = await get('ent-01-contact', url)
    expect([received.statusCode, received.json()]).toMatchObject([202, { caseNo, status: 'received', title: appeal.subject }])
    for (const person of ['ent-02-contact', 'office-1', 'desk-1']) for (const path of [url, `${url}/materials`, `${url}/events`]) expect((await get(person, path)).statusCode, `${person} ${path}`).toBe(404)
    for (const path of [`${url}/events`, `${url}/clock`, `${url}/journey`]) expect((await get('ent-01-contact', path)).json(), path).toMatchObject({ status: 409, code: 'being-recorded' })
    expect((await post('ent-01-contact', `${url}/actions/urge`, {}, randomUUID())).json()).toMatchObject({ status: 409, code: 'being-recorded' })
    expect((await post('office-1', `${url}/actions/cancel`, { reason: '误报' }, randomUUID())).statusCode).toBe(404)

    const [one, two] = [await upload('ent-01-contact', caseNo, '证据一', 'file-key-1'), await upload('ent-01-contact', caseNo, '证据二', 'file-key-2')]
    expect([one.statusCode, two.statusCode]).toEqual([200, 200])
    expect((await upload('ent-01-contact', caseNo, '证据一', 'file-key-1')).json()).toEqual(one.json())
    expect((await upload('ent-01-contact', caseNo, '另一份', 'file-key-1')).json().code).toBe('idempotency-key-reused')
    expect((await upload('ent-02-contact', caseNo, '证据', 'file-key-3')).statusCode).toBe(404)
    expect((await get('ent-01-contact', `${url}/materials`)).json()).toEqual([one.json(), two.json()])
    expect(await events(caseNo)).toEqual([])

    await withWorker(async () => {
      // Several workers do it at once, and again.
      for (let i = 0; i < 2; i++) await Promise.all([1, 2, 3].map(() => keepPromisesOnce(db, temporal.client, taskQueue, 0)))
      await expect.poll(() => events(caseNo), recording).toContain('task-opened')
      await Promise.all([1, 2, 3].map(() => keepPromisesOnce(db, temporal.client, taskQueue, 0)))
    })
    expect((await events(caseNo)).toSorted()).toEqual(['case-opened', 'material-added', 'material-added', 'task-opened'])
    expect((await get('ent-01-contact', url)).json()).toMatchObject({ caseNo, status: 'open', title: appeal.subject })
    expect((await get('ent-01-contact', `${url}/materials`)).json().map((m: { name: string }) => m.name).toSorted()).toEqual(['证据一.pdf', '证据二.pdf'])
    expect((await upload('ent-01-contact', caseNo, '证据一', 'file-key-1')).json()).toMatchObject({ id: one.json().id })
    expect((await get('ent-01-contact', `${url}/events/verify`)).json()).toMatchObject({ ok: true, length: 4 })
    expect((await db.pool.query('SELECT input FROM start_request WHERE case_no = $1', [caseNo])).rows, 'kept no longer than needed').toEqual([{ input: null }])
  })

  it('a filing whose workflow was ended before any worker saw it becomes a case all the same', async () => {
    const { caseNo } = (await post('ent-01-contact', cases, appeal, randomUUID())).json()
    await temporal.client.workflow.getHandle(caseNo).terminate('by mistake')
    await keepPromisesOnce(db, temporal.client, taskQueue, 0)
    await withWorker(() => expect.poll(() => events(caseNo), recording).toEqual(['case-opened', 'task-opened']))
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
  let { app, get, post } = {} as Awaited<ReturnType<typeof startApp>>
  let connection: Connection
  beforeAll(async () => {
    connection = Connection.lazy({ address: `127.0.0.1:${await freePort()}` });
    ({ app, get, post } = await startApp(new Client({ connection })))
  })
  afterAll(async () => {
    await app.close()
    await connection.close()
  })

  it('the API is up, and readiness says what is missing', async () => {
    expect((await app.inject('/health/live')).statusCode).toBe(200)
    expect((await app.inject('/health/ready')).json()).toMatchObject({ status: 503, checks: { database: 'up', temporal: 'down', worker: 'down' } })
  })

  it('a filing is kept and answered 202, and becomes one case when Temporal is back: by itself, and by the same key', async () => {
    const key = randomUUID()
    const held = await post('ent-02-contact', cases, appeal, key)
    const { caseNo } = held.json()
    expect([held.statusCode, held.json()]).toMatchObject([202, { status: 'received' }])
    expect((await get('ent-02-contact', `/api/cases/${caseNo}`)).statusCode).toBe(202)
    const back = await startApp(temporal.client)
    const filed = await withWorker(async () => {
      const again = back.post('ent-02-contact', cases, appeal, key)
      await keepPromisesOnce(db, temporal.client, taskQueue, 0)
      return again
    })
    await back.app.close()
    expect([filed.statusCode, filed.json().caseNo]).toEqual([201, caseNo])
    expect(await events(caseNo)).toEqual(['case-opened', 'task-opened'])
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
