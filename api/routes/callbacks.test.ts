import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { maxCallbackBytes } from '../signed-callbacks.ts'
import { NO_KEYS, ODD_KEYS } from '../testing/odd-keys.ts'
import { startApi, type TestApi } from '../testing/test-api.ts'

let api: TestApi
let secrets: Record<string, string>
beforeAll(async () => {
  api = await startApi()
  const { rows } = await api.system.db.pool.query('SELECT id, secrets[1] AS secret FROM outside_system')
  secrets = Object.fromEntries(rows.map(row => [row.id, row.secret]))
})
afterAll(() => api.close())

interface Sent { system?: string, id?: string, by?: string, at?: Date }
let sent = 0

/** Posts a callback, signed as the system would. */
async function call(body: unknown, { system = 'four-platforms', id = `msg_${++sent}`, by = secrets['four-platforms']!, at = new Date() }: Sent = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const answer = await api.app.inject({
    method: 'POST', url: `/callbacks/${system}`, payload: text,
    headers: {
      'content-type': 'application/json', 'webhook-id': id, 'webhook-timestamp': String(Math.floor(at.getTime() / 1000)), 'webhook-signature': new Webhook(by).sign(id, at, text),
    },
  })
  return { status: answer.statusCode, body: answer.json() }
}

/** An appeal that the desk has sent to the four platforms, waiting for their receipt; answers the task's id. */
async function handOver(): Promise<{ caseNo: string, task: string }> {
  const { caseNo } = await api.file()
  const triage = await api.task('desk-1', caseNo, 'triage')
  await api.act('desk-1', triage.id, 'claim')
  expect((await api.act('desk-1', triage.id, 'complete', { decision: 'external', reason: '涉及用工争议，移送主管部门。' })).status).toBe(200)
  return { caseNo, task: (await api.task('desk-1', caseNo, 'external-acknowledge')).id }
}

const length = async (caseNo: string): Promise<number> => (await api.system.db.pool.query('SELECT count(*)::int AS n FROM case_event WHERE case_no = $1', [caseNo])).rows[0].n

/** Runs something that must leave the case as it is. */
async function unchanged<T>(caseNo: string, run: () => Promise<T>): Promise<T> {
  const before = await length(caseNo)
  const result = await run()
  expect(await length(caseNo)).toBe(before)
  return result
}

it('a receipt and then a result move the case on, each recorded as the system\'s own', async () => {
  const { caseNo, task } = await handOver()
  expect(await call({ task, type: 'acknowledged' })).toEqual({ status: 200, body: { task, action: 'acknowledge' } })
  const external = await api.task('desk-1', caseNo, 'external')
  expect(await call({ task: external.id, type: 'completed', result: { result: '已协调解决。' } })).toMatchObject({ status: 200 })
  const { rows } = await api.system.db.pool.query(`SELECT data->>'action' AS action, actor_id, key FROM case_event WHERE case_no = $1 AND type = 'task-completed' AND actor_id LIKE 'system:%' ORDER BY seq`, [caseNo])
  expect(rows).toEqual([
    { action: 'acknowledge', actor_id: 'system:four-platforms', key: `req/system%3Afour-platforms/msg_${sent - 1}` },
    { action: 'complete', actor_id: 'system:four-platforms', key: `req/system%3Afour-platforms/msg_${sent}` },
  ])
})

it('a refusal with its reason goes back to the desk', async () => {
  const { caseNo, task } = await handOver()
  expect((await call({ task, type: 'refused', reason: '不属于受理范围。' })).status).toBe(200)
  expect(await api.task('desk-1', caseNo, 'triage')).toMatchObject({ round: 2 })
})

it('a replay gets the same answer and does nothing twice; another content under its id is refused', async () => {
  const { caseNo, task } = await handOver()
  const body = { task, type: 'acknowledged' }
  const first = await call(body, { id: 'msg_replay' })
  expect(first.status).toBe(200)
  await unchanged(caseNo, async () => {
    expect(await call(body, { id: 'msg_replay' })).toEqual(first)
    expect(await call({ task, type: 'refused', reason: '改主意了。' }, { id: 'msg_replay' })).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } })
    expect(await call(body)).toMatchObject({ status: 409, body: { code: 'task-closed' } })
  })
})

it('a callback under an odd id is recorded once, or refused without a trace', async () => {
  const { caseNo, task } = await handOver()
  for (const id of [...ODD_KEYS, ...NO_KEYS].map(key => Buffer.from(key).toString('latin1'))) {
    const answer = await unchanged(caseNo, () => call({ task, type: 'completed', result: {} }, { id }))
    expect([400, 401, 409], `${id} ${JSON.stringify(answer.body)}`).toContain(answer.status)
  }
  for (const id of ['odd#1', 'odd/2', "odd'3", 'odd 4', 'o'.repeat(200)]) {
    const { caseNo: no, task: waiting } = await handOver()
    const first = await call({ task: waiting, type: 'acknowledged' }, { id })
    expect([200, 401], id).toContain(first.status)
    const recorded = await length(no)
    expect(await call({ task: waiting, type: 'acknowledged' }, { id }), id).toEqual(first.status === 200 ? first : expect.objectContaining({ status: 401 }))
    expect(await length(no), id).toBe(recorded)
  }
})

it('two replays at once are recorded once', async () => {
  const { caseNo, task } = await handOver()
  const before = await length(caseNo)
  const answers = await Promise.all([1, 2, 3].map(() => call({ task, type: 'refused', reason: '不属于受理范围。' }, { id: 'msg_race' })))
  expect(answers.map(a => a.status)).toEqual([200, 200, 200])
  const completed = await api.system.db.pool.query(`SELECT FROM case_event WHERE case_no = $1 AND type = 'task-completed' AND seq > $2`, [caseNo, before])
  expect(completed.rows).toHaveLength(1)
})

it('a bad signature, a stale one, or a system that nobody knows is refused, and nothing changes', async () => {
  const { caseNo, task } = await handOver()
  const body = { task, type: 'acknowledged' }
  await unchanged(caseNo, async () => {
    for (const how of [
      { by: secrets['credit-platform']! }, { system: 'nobody' }, { system: 'credit-platform' }, { system: '../four-platforms' }, { at: new Date(Date.now() - 400_000) }, { id: 'a.b' },
    ]) {
      const answer = await call(body, how)
      expect(answer.body.code).toBe(how.system?.includes('/') ? 'not-found' : 'bad-signature')
    }
    const unsigned = await api.app.inject({ method: 'POST', url: '/callbacks/four-platforms', payload: body })
    expect([unsigned.statusCode, unsigned.json().code]).toEqual([401, 'bad-signature'])
  })
})

it('a system answers only for tasks that it holds', async () => {
  const { caseNo, task } = await handOver()
  const { caseNo: other } = await api.file()
  const triage = await api.task('desk-1', other, 'triage')
  await unchanged(caseNo, async () => {
    expect(await call({ task, type: 'acknowledged' }, { system: 'credit-platform', by: secrets['credit-platform']! })).toMatchObject({ status: 404 })
    expect(await call({ task: triage.id, type: 'completed', result: {} })).toMatchObject({ status: 404 })
    for (const nothing of ['EA-999999.external.1', 'x', '..', `${caseNo}.external.9`]) expect(await call({ task: nothing, type: 'acknowledged' })).toMatchObject({ status: 404 })
  })
})

it('bad content is refused field by field, and nothing changes', async () => {
  const { caseNo, task } = await handOver()
  await unchanged(caseNo, async () => {
    for (const [body, pointer] of [
      [{ task, type: 'refused' }, '/reason'], [{ task, type: 'refused', reason: ' ' }, '/reason'], [{ task, type: 'done' }, '/type'], [{ type: 'acknowledged' }, '/task'],
      [{ task, type: 'acknowledged', more: 1 }, '/more'], [{ task, type: 'acknowledged', reason: '\u0000' }, '/reason'], [{ task: 1, type: 'acknowledged' }, '/task'],
      [{ task, type: 'completed', result: [] }, '/result'], [[], ''],
    ] as const) {
      expect(await call(body)).toMatchObject({ status: 400, body: { code: 'bad-form', errors: [{ pointer, detail: expect.stringMatching(/\p{Script=Han}/u) }] } })
    }
    expect(await call('{"task":')).toMatchObject({ status: 400, body: { code: 'bad-form' } })
    expect(await call({ task, type: 'completed', result: { result: '越过签收。' } })).toMatchObject({ status: 409, body: { code: 'action-not-allowed' } })
  })
})

it('what the result lacks is told with a pointer into the callback', async () => {
  const { caseNo, task } = await handOver()
  await call({ task, type: 'acknowledged' })
  const external = await api.task('desk-1', caseNo, 'external')
  expect(await call({ task: external.id, type: 'completed' })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/result/result' }] } })
})

it('more than 256 KiB is not read', async () => {
  expect(await call({ task: 'x', type: 'acknowledged', reason: 'x'.repeat(maxCallbackBytes) })).toMatchObject({ status: 413 })
})

it('an old secret is valid beside the new one while it is changed', async () => {
  const { task } = await handOver()
  const fresh = `whsec_${Buffer.from('another-secret-of-32-bytes-size!').toString('base64')}`
  await api.system.db.pool.query(`UPDATE outside_system SET secrets = ARRAY[$1, secrets[1]] WHERE id = 'four-platforms'`, [fresh])
  expect((await call({ task, type: 'acknowledged' })).status).toBe(200)
  const { task: another } = await handOver()
  expect((await call({ task: another, type: 'acknowledged' }, { by: fresh })).status).toBe(200)
})
