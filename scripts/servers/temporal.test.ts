import { Client, Connection } from '@temporalio/client'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { freePort } from './ports.ts'
import { startTemporal, type TemporalServer } from './temporal.ts'

const scratch = mkdtempSync(join(tmpdir(), 'anxin-temporal-'))
const options = { port: await freePort(), dbFile: join(scratch, 'temporal.db'), logFile: join(scratch, 'temporal.log') }
let server: TemporalServer
afterAll(async () => {
  await server.stop()
  rmSync(scratch, { recursive: true })
})

test('keeps every acknowledged case over kill -9 and a new start', async () => {
  server = await startTemporal(options)
  const connection = await Connection.connect({ address: server.address })
  const { workflow } = new Client({ connection })
  const ids = Array.from({ length: 20 }, (_, index) => `case-${index}`)
  await Promise.all(ids.map((workflowId) => workflow.start('nobodyRunsThis', { workflowId, taskQueue: 'none' })))
  process.kill(server.pid, 'SIGKILL')
  expect(await server.exited).toBe('signal SIGKILL')

  server = await startTemporal(options)
  const kept = await Promise.all(ids.map(async (id) => (await workflow.getHandle(id).describe()).status.name))
  expect(kept).toEqual(ids.map(() => 'RUNNING'))
  // What has ended is not forgotten after a day, as a dev server would.
  const { config } = await connection.workflowService.describeNamespace({ namespace: 'default' })
  expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBeGreaterThan(9 * 365 * 86_400)
  await connection.close()
})

test('names the setting when a port is taken', async () => {
  await expect(startTemporal(options)).rejects.toThrow('ANXIN_TEMPORAL_PORT')
  await expect(startTemporal({ ...options, port: await freePort(), uiPort: options.port })).rejects.toThrow('ANXIN_TEMPORAL_UI_PORT')
})
