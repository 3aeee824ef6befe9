import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { holdDataDir } from './data-dir.ts'
import { findStartTime } from './process-table.ts'

let scratch: string
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'anxin-data-dir-'))
})
afterEach(() => rmSync(scratch, { recursive: true }))

/** A process that takes the directory, starts a server on it and goes on; resolves to both process ids. */
async function startOwner(): Promise<{ owner: number; server: number }> {
  const script = `
    const { holdDataDir } = await import('${import.meta.dirname}/data-dir.ts')
    const { startProcess } = await import('${import.meta.dirname}/process.ts')
    const dataDir = await holdDataDir('${scratch}')
    const server = startProcess({ name: 'server', command: 'sleep', args: ['600'], logFile: '${scratch}/log' })
    dataDir.note(server)
    console.log(server.pid)`
  const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(owner.stdout, 'data')) as [Buffer]
  return { owner: owner.pid!, server: Number(line) }
}

test('refuses a directory whose owner is alive, naming the setting', async () => {
  const { owner, server } = await startOwner()
  await expect(holdDataDir(scratch)).rejects.toThrow('ANXIN_DATA_DIR')
  expect(findStartTime(server)).toBeDefined()
  process.kill(owner, 'SIGKILL')
  process.kill(server, 'SIGKILL')
})

test('refuses a directory that cannot be written to, naming the setting', async () => {
  writeFileSync(join(scratch, 'file'), '')
  await expect(holdDataDir(join(scratch, 'file/dir'))).rejects.toThrow(/ENOTDIR.*ANXIN_DATA_DIR/)
})

test('stops the servers that a killed owner left behind', async () => {
  const { owner, server } = await startOwner()
  process.kill(owner, 'SIGKILL')
  while (findStartTime(owner)) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(findStartTime(server)).toBeDefined()
  const dataDir = await holdDataDir(scratch)
  expect(findStartTime(server)).toBeUndefined()
  dataDir.release()
})

test('can be taken again after its release', async () => {
  const first = await holdDataDir(scratch)
  first.release()
  await expect(holdDataDir(scratch)).resolves.toBeDefined()
})
