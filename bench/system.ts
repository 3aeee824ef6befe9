/** The system as in production, for measuring and for breaking it: PostgreSQL, Temporal, worker and API as processes of their own. */
import { fileURLToPath } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { migrate } from '../db/migrate.ts'
import { seedOrganisation } from '../db/seed/index.ts'
import { freePort } from '../scripts/servers/ports.ts'
import { startPostgres } from '../scripts/servers/postgres.ts'
import { startProcess, waitUntilReady, type RunningProcess } from '../scripts/servers/process.ts'
import { startTemporal } from '../scripts/servers/temporal.ts'
import { cpuSeconds } from './cpu.ts'

export type BenchSystem = Awaited<ReturnType<typeof startBenchSystem>>
export type Part = 'postgres' | 'temporal' | 'worker' | 'api' | 'bareWorker'

/**
 * Starts everything in a temporary folder. PostgreSQL is durable: a commit is a commit. Temporal keeps its state in memory
 * or, `durable`, in an SQLite file.
 */
export async function startBenchSystem({ durable = false, parts = ['postgres', 'temporal', 'worker', 'api'] }: { durable?: boolean, parts?: Part[] } = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'anxin-system-'))
  const [pgPort, temporalPort, httpPort] = [await freePort(), await freePort(), await freePort()]
  const logFile = (name: string) => join(dir, `${name}.log`)
  const url = `http://127.0.0.1:${httpPort}`
  const appUrl = `postgres://anxin_app@127.0.0.1:${pgPort}/anxin`
  const address = `127.0.0.1:${temporalPort}`
  const env = {
    ...process.env, DATABASE_URL: appUrl, TEMPORAL_ADDRESS: address, ANXIN_HTTP_PORT: String(httpPort), ANXIN_DEV_LOGIN: '1',
    ANXIN_LOG_LEVEL: 'warn', ANXIN_REQUESTS_PER_MINUTE: '100000000', ANXIN_DATA_DIR: dir,
  }
  const node = (name: string, script: string, ...flags: string[]) => startProcess({
    name, command: process.execPath, args: [...flags, '--import', 'tsx', fileURLToPath(new URL(script, import.meta.url))], logFile: logFile(name), env,
  })
  const start: Record<Part, () => Promise<RunningProcess>> = {
    postgres: () => startPostgres({ dataDir: join(dir, 'postgres'), port: pgPort, logFile: logFile('postgres') }),
    temporal: () => startTemporal({ port: temporalPort, logFile: logFile('temporal'), ...(durable && { dbFile: join(dir, 'temporal.db') }) }),
    worker: async () => node('worker', '../worker.ts', '--import', new URL('../worker-threads.mjs', import.meta.url).href),
    api: async () => node('api', '../api/server.ts'),
    bareWorker: async () => node('bare-worker', 'bare-worker.ts'),
  }
  const running = new Map<Part, RunningProcess>()
  for (const part of parts) {
    running.set(part, await start[part]())
    if (part === 'postgres') {
      const ownerUrl = `postgres://anxin_owner@127.0.0.1:${pgPort}/anxin`
      await migrate(ownerUrl)
      await seedOrganisation(ownerUrl)
    }
  }
  if (running.has('api')) await waitUntilReady(running.get('api')!, async () => { if (!(await fetch(`${url}/health/ready`)).ok) throw new Error('not ready') }, 90_000)
  const connection = Connection.lazy({ address })
  const pool = new pg.Pool({ connectionString: `postgres://postgres@127.0.0.1:${pgPort}/anxin`, max: 4 })
  pool.on('error', () => {})

  return {
    url, address, appUrl, pool, client: new Client({ connection }),
    /** Kills a part as a crash would, and starts it again on the same state. */
    async crash(part: Part) {
      const process_ = running.get(part)!
      process.kill(process_.pid, 'SIGKILL')
      await process_.exited
      running.set(part, await start[part]())
    },
    /** Asks a part to end, as a deployment does. */
    stopPart: (part: Part) => running.get(part)!.stop(),
    /** CPU milliseconds used so far, by process; `load` is this process, the clients. */
    cpuMs(): Record<string, number> {
      const { user, system } = process.cpuUsage()
      return { ...Object.fromEntries([...running].map(([part, p]) => [part, cpuSeconds(p.pid) * 1000])), load: (user + system) / 1000 }
    },
    log: (part: Part) => running.get(part)!.log(),
    async stop() {
      await pool.end()
      await connection.close()
      for (const part of ['api', 'worker', 'bareWorker', 'temporal', 'postgres'] as const) await running.get(part)?.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
