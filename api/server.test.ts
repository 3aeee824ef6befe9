import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { inject, it, expect } from 'vitest'
import { freePort } from '../scripts/servers/ports.ts'
import { seedOrganisation } from '../db/seed/index.ts'
import { createTestDatabase } from '../test/database.ts'
import { createTestNamespace } from '../test/temporal.ts'
import { appeal } from './testing/test-api.ts'

it('told to stop, it answers what is under way, takes nothing new, and ends without error', async () => {
  const [database, temporal, port] = [await createTestDatabase(), await createTestNamespace(), await freePort()]
  await seedOrganisation(database.url)
  const dataDir = await mkdtemp(join(tmpdir(), 'anxin-'))
  const server = spawn(process.execPath, ['--import', 'tsx', 'api/server.ts'], { env: {
    ...process.env, ANXIN_HTTP_PORT: String(port), DATABASE_URL: database.appUrl, ANXIN_DEV_LOGIN: '1', ANXIN_LOG_LEVEL: 'silent',
    TEMPORAL_ADDRESS: inject('temporalAddress'), TEMPORAL_NAMESPACE: temporal.namespace, ANXIN_DATA_DIR: dataDir,
  } })
  try {
    const base = `http://127.0.0.1:${port}`
    const up = async () => fetch(`${base}/health/live`).then(answer => answer.ok, () => false)
    await expect.poll(up, { timeout: 45_000 }).toBe(true)
    const post = (url: string, body: object, headers = {}) => fetch(base + url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) })
    const { token } = await (await post('/api/dev/login', { person: 'ent-01-contact' })).json() as { token: string }

    // No worker is there: the filing waits for the record, until it is held by Temporal alone.
    const filing = post('/api/procedures/enterprise-appeal/cases', appeal, { authorization: `Bearer ${token}`, 'idempotency-key': 'while-it-stops' })
    await sleep(500)
    const ended = once(server, 'exit')
    server.kill('SIGTERM')
    await expect.poll(up).toBe(false)
    expect((await filing).status).toBe(202)
    expect(await ended).toEqual([0, null])
  } finally {
    server.kill('SIGKILL')
    await temporal.close()
    await database.drop()
    await rm(dataDir, { recursive: true })
  }
}, 60_000)
