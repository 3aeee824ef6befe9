import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { migrate } from '../db/migrate.ts'
import { holdDataDir, stopLeftovers } from '../scripts/servers/data-dir.ts'
import { freePort } from '../scripts/servers/ports.ts'
import { startPostgres } from '../scripts/servers/postgres.ts'
import { startTemporal } from '../scripts/servers/temporal.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Port of the PostgreSQL that all test files share; its database `anxin` is migrated and stays empty. */
    postgresPort: number
    /** host:port of the Temporal dev server that all test files share. */
    temporalAddress: string
  }
}

const root = join(import.meta.dirname, '..', '.anxin', 'test')

/** Starts one PostgreSQL and one Temporal dev server for the whole run, on free ports, in a directory of their own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await sweep()
  const path = join(root, String(process.pid))
  const dataDir = await holdDataDir(path)
  const logs = join(path, 'logs')
  const [postgresPort, temporalPort] = [await freePort(), await freePort()]
  const [postgres, temporal] = await Promise.all([
    startPostgres({ dataDir: join(path, 'postgres'), port: postgresPort, logFile: join(logs, 'postgres.log'), durable: false }),
    startTemporal({ port: temporalPort, logFile: join(logs, 'temporal.log') }),
  ])
  dataDir.note(postgres)
  dataDir.note(temporal)
  await migrate(postgres.url)
  project.provide('postgresPort', postgresPort)
  project.provide('temporalAddress', temporal.address)

  return async () => {
    await Promise.all([postgres.stop(), temporal.stop()])
    rmSync(path, { recursive: true, force: true })
  }
}

/** Removes what runs that were killed have left. */
async function sweep(): Promise<void> {
  if (!existsSync(root)) return
  for (const name of readdirSync(root)) {
    const owner = await stopLeftovers(join(root, name))
    if (!owner) rmSync(join(root, name), { recursive: true, force: true })
  }
}
