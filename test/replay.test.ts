import { historyFromJSON } from '@temporalio/common/lib/proto-utils'
import { bundleWorkflowCode, Worker } from '@temporalio/worker'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { WORKFLOWS } from '../workflows/bundle-options.ts'
import { PROCEDURES } from '../workflows/catalogue.ts'
import './quiet-temporal.ts'

const workflows = new URL('../workflows/', import.meta.url)
const histories = [...PROCEDURES.keys()].flatMap((key) => {
  const folder = new URL(`${key}/histories/`, workflows)
  return existsSync(folder) ? readdirSync(folder).map(name => ({ key, name, url: new URL(name, folder) })) : []
})

it('keeps a golden history of every procedure', () => {
  expect(new Set(histories.map(h => h.key))).toEqual(new Set(PROCEDURES.keys()))
})

it('replays every golden history with the workflows as they are now', async () => {
  const workflowBundle = await bundleWorkflowCode({ workflowsPath: WORKFLOWS.workflowsPath, ...WORKFLOWS.bundlerOptions, logger: undefined })
  for (const { key, name, url } of histories) {
    const history = historyFromJSON(JSON.parse(readFileSync(url, 'utf8')))
    await expect(Worker.runReplayHistory({ workflowBundle }, history, `${key}/${name}`).then(() => 'replayed')).resolves.toBe('replayed')
  }
})
