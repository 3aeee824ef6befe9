import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import type { DataDir } from './data-dir.ts'
import { type RunningProcess, startProcess } from './process.ts'
import { createSupervisor } from './supervisor.ts'

const scratch = mkdtempSync(join(tmpdir(), 'anxin-supervisor-'))
afterAll(() => rmSync(scratch, { recursive: true }))
const noted = vi.fn<DataDir['note']>()
const dataDir: DataDir = { note: noted, release: () => undefined }

function launcher(name: string, script: string): () => Promise<RunningProcess> {
  return async () => startProcess({ name, command: 'sh', args: ['-c', script], logFile: join(scratch, `${name}.log`) })
}

test('starts a part again that was killed, and notes the new process', async () => {
  noted.mockClear()
  const supervisor = createSupervisor(dataDir)
  await supervisor.start(launcher('sleeper', 'exec sleep 600'))
  process.kill(noted.mock.calls[0]![0].pid, 'SIGKILL')
  await vi.waitFor(() => expect(noted).toHaveBeenCalledTimes(2), 5000)
  expect(noted.mock.calls[1]![0].isRunning()).toBe(true)
  await supervisor.stop()
})

test('gives up on a part that keeps ending, with the end of its log', async () => {
  const supervisor = createSupervisor(dataDir)
  await supervisor.start(launcher('broken', 'echo no such table; exit 3'))
  await expect(supervisor.failed).rejects.toThrow(/broken keeps ending \(exit code 3\)[^]*no such table/)
  await supervisor.stop()
})

test('stops the last started first, and starts nothing after that', async () => {
  noted.mockClear()
  const supervisor = createSupervisor(dataDir)
  const ended: string[] = []
  for (const name of ['database', 'worker', 'api']) await supervisor.start(launcher(name, 'exec sleep 600'))
  for (const [part] of noted.mock.calls) void part.exited.then(() => ended.push(part.name))
  await supervisor.stop()
  expect(ended).toEqual(['api', 'worker', 'database'])
  await expect(supervisor.start(launcher('late', 'exec sleep 600'))).rejects.toThrow()
})
