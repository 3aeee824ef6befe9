import type { Client } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { bundleWorkflowCode, DefaultLogger, Worker, type WorkflowBundleWithSourceMap } from '@temporalio/worker'
import pino from 'pino'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createNoticeActivities } from '../activities/notices.ts'
import { createWebhookNotifier } from '../activities/notifiers/webhook.ts'
import { connect, type Db } from '../db/connect.ts'
import { retryNotice } from '../db/notices/inbox.ts'
import { seedOrganisation } from '../db/seed/index.ts'
import { createLogger } from '../logging.ts'
import { relayNotices, relayOnce } from './relay.ts'
import { WORKFLOWS } from '../workflows/bundle-options.ts'
import { createTestDatabase, type TestDatabase } from '../test/database.ts'
import { startReceiver } from '../test/receiver.ts'
import { append, deadline, event, fresh, openCase, taskOpened } from '../test/sample-case.ts'
import { createTestNamespace, type TestNamespace } from '../test/temporal.ts'
import { createTimeSkippingEnv } from '../test/time-skipping.ts'

const secret = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`

let database: TestDatabase
let db: Db
let temporal: TestNamespace
let client: Client
let receiver: Awaited<ReturnType<typeof startReceiver>>
let workflowBundle: WorkflowBundleWithSourceMap
let stopWorker: () => Promise<void>
beforeAll(async () => {
  database = await createTestDatabase()
  await seedOrganisation(database.url)
  db = connect(database.appUrl)
  receiver = await startReceiver()
  temporal = await createTestNamespace()
  workflowBundle = await bundleWorkflowCode({ workflowsPath: WORKFLOWS.workflowsPath, ...WORKFLOWS.bundlerOptions, logger: new DefaultLogger('WARN') })
  client = temporal.client
  const webhook = createWebhookNotifier({ timeoutMs: 1_000, findDestination: async id => (await db.pool.query('SELECT url, secret FROM webhook_destination WHERE id = $1 AND active', [id])).rows[0] })
  const worker = await Worker.create({
    connection: temporal.nativeConnection, namespace: temporal.namespace, taskQueue: 'relay', workflowBundle, activities: createNoticeActivities({ db, publicUrl: 'http://127.0.0.1', webhook }),
  })
  const running = worker.run()
  stopWorker = async () => { worker.shutdown(); await running }
})
afterAll(async () => {
  await stopWorker?.()
  await temporal?.close()
  await receiver?.close()
  await db?.close()
  await database?.drop()
})

const relay = () => relayOnce(db, client, 'relay')

/** A notice in the outbox for a destination of its own. */
async function outgoing(...answers: (number | 'hang')[]) {
  const path = `/${fresh('hook')}`
  if (answers.length > 0) receiver.answer(path, ...answers)
  await db.pool.query('INSERT INTO webhook_destination (url, secret, procedures) VALUES ($1, $2, $3)', [receiver.origin + path, secret, [path]])
  const caseNo = await openCase(db, no => [taskOpened(no)], { procedure: path })
  await append(db, caseNo, event('yellow-card', { clock: `${caseNo}.handle.1`, dueAt: deadline().dueAt }))
  const { rows: [{ id }] } = await db.pool.query(`SELECT id FROM notice WHERE case_no = $1 AND channel = 'webhook'`, [caseNo])
  const state = async (): Promise<string> => (await db.pool.query('SELECT state FROM notice WHERE id = $1', [id])).rows[0].state
  return {
    id: id as string, caseNo, state,
    ids: () => receiver.at(path).map(r => r.headers['webhook-id']),
    workflow: (attempt = 0) => client.workflow.getHandle(attempt > 0 ? `notice-${id}-${attempt}` : `notice-${id}`),
    becomes: (wanted: string) => vi.waitFor(async () => expect(await state()).toBe(wanted), { timeout: 15_000, interval: 50 }),
  }
}

describe('a notice in the outbox', () => {
  it('becomes one workflow, which delivers it and says so', async () => {
    const n = await outgoing()
    expect(await relay()).toBe(1)
    expect(await n.workflow().result()).toBe('delivered')
    await n.becomes('done')
    expect(n.ids()).toEqual([n.id])
    expect(await relay()).toBe(0)
  })

  it('is met once by two relays at once, and by a relay that runs again', async () => {
    const notices = await Promise.all(Array.from({ length: 5 }, () => outgoing()))
    await Promise.all([relay(), relay(), relay()])
    await relay()
    for (const n of notices) {
      await n.becomes('done')
      expect(n.ids()).toEqual([n.id])
    }
  })

  it('is not sent again by a relay that crashed after it had started the workflow', async () => {
    const n = await outgoing('hang', 204)
    await relay()
    await db.pool.query(`UPDATE notice SET state = 'pending' WHERE id = $1`, [n.id])
    expect(await relay()).toBe(1)
    expect(await n.state()).toBe('sending')
    await n.becomes('done')
    expect(new Set(n.ids())).toEqual(new Set([n.id]))
  })

  it('is tried again after an error of the receiver, under the same id, and delivered once', async () => {
    const n = await outgoing(500, 200)
    await relay()
    expect(await n.workflow().result()).toBe('delivered')
    expect(n.ids()).toEqual([n.id, n.id])
    await n.becomes('done')
  })

  it('is tried again when the receiver hangs, and does not hold up the others', async () => {
    const slow = await outgoing('hang', 204)
    const quick = await outgoing()
    await relay()
    await quick.becomes('done')
    expect(await slow.state()).toBe('sending')
    await slow.becomes('done')
    expect(slow.ids()).toEqual([slow.id, slow.id])
  })

  it('is given up when it is refused for good: recorded, shown to 护航办, and delivered when somebody has it sent again', async () => {
    const n = await outgoing(410, 204)
    await relay()
    expect(await n.workflow().result()).toBe('given-up')
    await n.becomes('failed')
    expect(n.ids()).toEqual([n.id])
    const { rows: [failed] } = await db.pool.query(`SELECT data FROM case_event WHERE case_no = $1 AND type = 'notice-failed'`, [n.caseNo])
    expect(failed.data).toEqual({ notice: n.id, channel: 'webhook', failure: '接收方拒收（410）' })
    expect((await db.pool.query(`SELECT FROM notice WHERE case_no = $1 AND person_id = 'office-1' AND title = '通知未能送达'`, [n.caseNo])).rowCount).toBe(1)

    await retryNotice(db, { id: 'office-1', unit: 'office' }, n.id)
    await relay()
    expect(await n.workflow(1).result()).toBe('delivered')
    await n.becomes('done')
    expect(n.ids()).toEqual([n.id, n.id])
  })

  it('says in the Temporal Web UI which case and channel it is about, and nothing more', async () => {
    const n = await outgoing()
    await relay()
    await n.workflow().result()
    const description = await n.workflow().describe()
    expect(await description.staticSummary()).toBe(`webhook ${n.caseNo}`)
    const history = JSON.stringify(await n.workflow().fetchHistory())
    expect(history).not.toContain('货车')
    expect(history).not.toContain(Buffer.from('货车').toString('base64').slice(0, 6))
  })
})

describe('the relay', () => {
  it('carries notices as they come, until it is stopped', async () => {
    const stop = new AbortController()
    const running = relayNotices(db, client, 'relay', pino({ level: 'silent' }), stop.signal)
    const [first, second] = [await outgoing(), await outgoing()]
    await first.becomes('done')
    await second.becomes('done')
    stop.abort()
    await running
    const late = await outgoing()
    await sleep(700)
    expect(await late.state()).toBe('pending')
    await relay()
  })

  it('says what is wrong while the database is away, without what was in it, and tries again', async () => {
    const lines: string[] = []
    const gone = connect('postgres://anxin_app@127.0.0.1:1/anxin')
    const stop = new AbortController()
    const running = relayNotices(gone, client, 'relay', createLogger('worker', 'warn', { write: line => { lines.push(line) } }), stop.signal)
    await vi.waitFor(() => expect(lines.length).toBeGreaterThan(1), { timeout: 5_000 })
    stop.abort()
    await running
    await gone.close()
    expect(JSON.parse(lines[0]!)).toMatchObject({ process: 'worker', msg: 'relay: will try again', err: { code: 'ECONNREFUSED' } })
    expect(lines.join('')).not.toContain('127.0.0.1')
  })
})

describe('a dead receiver', () => {
  it('is tried for three days at most an hour apart, and then given up', async () => {
    const env = await createTimeSkippingEnv()
    const attempts: number[] = []
    const givenUp: string[] = []
    const worker = await Worker.create({
      connection: env.nativeConnection, taskQueue: 'relay', workflowBundle,
      activities: {
        async deliver() {
          attempts.push(await env.currentTimeMs())
          throw ApplicationFailure.create({ message: '接收方暂时不可用', type: 'TransientDeliveryError', category: 'BENIGN' })
        },
        async giveUp(_: string, failure: string) { givenUp.push(failure) },
      },
    })
    const start = await env.currentTimeMs()
    const result = await worker.runUntil(env.client.workflow.execute('deliverNotice', { workflowId: 'n', taskQueue: 'relay', args: ['n'] }))
    const last = attempts.at(-1)! - start
    await env.teardown()
    expect(result).toBe('given-up')
    expect(givenUp).toEqual(['接收方暂时不可用'])
    const gaps = attempts.slice(1).map((at, i) => at - attempts[i]!)
    expect(Math.max(...gaps)).toBeLessThan(3_700_000)
    expect(last / 3_600_000).toBeGreaterThan(70)
    expect(last / 3_600_000).toBeLessThanOrEqual(72)
  }, 90_000)
})
