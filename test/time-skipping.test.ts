import { fileURLToPath } from 'node:url'
import type { TestWorkflowEnvironment } from '@temporalio/testing'
import { Worker } from '@temporalio/worker'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { decide, type sample } from './sample-workflow.ts'
import { createTimeSkippingEnv } from './time-skipping.ts'

const DAY_MS = 86_400_000
let env: TestWorkflowEnvironment
let worker: Worker
let running: Promise<void>

beforeAll(async () => {
  env = await createTimeSkippingEnv()
  const workflowsPath = fileURLToPath(new URL('sample-workflow.ts', import.meta.url))
  worker = await Worker.create({ connection: env.nativeConnection, taskQueue: 'sample', workflowsPath })
  running = worker.run()
})
afterAll(async () => {
  worker?.shutdown()
  await running
  await env?.teardown()
})

function start(workflowId: string) {
  return env.client.workflow.start<typeof sample>('sample', { workflowId, taskQueue: 'sample', args: [10 * DAY_MS] })
}

test('answers an Update without skipping time', async () => {
  const before = await env.currentTimeMs()
  const handle = await start('in-time')
  expect(await handle.executeUpdate(decide, { args: ['agree'] })).toBe('decided: agree')
  expect((await env.currentTimeMs()) - before).toBeLessThan(DAY_MS)
  expect(await handle.result()).toBe('agree')
})

test('skips days when told to sleep', async () => {
  const handle = await start('too-late')
  await env.sleep(9 * DAY_MS)
  expect(await handle.executeUpdate(decide, { args: ['agree'] })).toBe('decided: agree')
  const late = await start('later-still')
  await env.sleep(11 * DAY_MS)
  expect(await late.result()).toBe('too late')
})
