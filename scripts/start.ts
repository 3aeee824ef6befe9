// npm start [-- --empty]: the whole system on this machine. Brings up PostgreSQL and Temporal (unless DATABASE_URL and
// TEMPORAL_ADDRESS name others), worker and API as processes of their own, the sample organisation and sample cases.
// npm run dev: the same, with worker and API started anew when a source file changes.
import { Connection } from '@temporalio/client'
import { join } from 'node:path'
import pg from 'pg'
import { type Config, readConfig } from '../config.ts'
import { migrate } from '../db/migrate.ts'
import { seedOrganisation } from '../db/seed/index.ts'
import { readOptions } from './options.ts'
import { play } from './play.ts'
import { fail, say, SetupError } from './say.ts'
import { holdDataDir } from './servers/data-dir.ts'
import { assertPortFree } from './servers/ports.ts'
import { startPostgres } from './servers/postgres.ts'
import { type RunningProcess, startProcess } from './servers/process.ts'
import { registerSearchAttributes } from './servers/search-attributes.ts'
import { createSupervisor, type Supervisor } from './servers/supervisor.ts'
import { startTemporal } from './servers/temporal.ts'
import { waitForApi } from './servers/wait-for-api.ts'
import { printSummary } from './summary.ts'
import { buildWorkbench } from './workbench.ts'

const startedAt = Date.now()

/** `empty`: without sample cases. `watch`: worker and API are started anew when a source file changes. */
interface Mode { empty?: boolean, watch?: boolean }

async function main(): Promise<void> {
  const mode = readOptions({ empty: { type: 'boolean' }, watch: { type: 'boolean' } })
  const config = readConfig(process.env)
  const devLogin = config.devLogin || (config.embeddedPostgres && !config.oidc)
  const dataDir = await holdDataDir(config.dataDir)
  const supervisor = createSupervisor(dataDir)
  const shutDown = async (): Promise<void> => {
    await supervisor.stop()
    dataDir.release()
  }
  const stopSignal = onFirstSignal(shutDown)
  try {
    await Promise.race([bringUp(config, supervisor, devLogin, mode), supervisor.failed])
    printSummary(config, { devLogin, seconds: (Date.now() - startedAt) / 1000 })
    await supervisor.failed
  } catch (error) {
    // While stopping, whatever was still being brought up fails.
    if (stopSignal.aborted) return
    await shutDown()
    fail(error)
  }
}

async function bringUp(config: Config, supervisor: Supervisor, devLogin: boolean, { empty, watch = false }: Mode): Promise<void> {
  await assertPortFree(config.httpPort, 'ANXIN_HTTP_PORT')
  const baseUrl = `http://${config.httpHost === '0.0.0.0' ? '127.0.0.1' : config.httpHost}:${config.httpPort}`
  buildWorkbench()
  await startDatabase(config, supervisor, devLogin)
  await startTemporalService(config, supervisor)

  say('启动执行进程与接口服务', 'starting worker and API')
  const env = childEnvironment(config, devLogin)
  await supervisor.start(async () => startNode(config, '执行进程 worker', 'worker.ts', env, watch))
  await supervisor.start(async () => startNode(config, '接口服务 API', 'api/server.ts', env, watch))
  await waitForApi(baseUrl)
  if (!empty && devLogin && !(await hasCases(config))) await playSamples(baseUrl)
}

async function startDatabase(config: Config, supervisor: Supervisor, devLogin: boolean): Promise<void> {
  if (config.embeddedPostgres) {
    say('启动 PostgreSQL', 'starting PostgreSQL')
    const options = { dataDir: join(config.dataDir, 'postgres'), port: config.postgresPort, logFile: logFile(config, 'postgres') }
    await supervisor.start(() => startPostgres(options))
  } else {
    say('使用 DATABASE_URL 指定的数据库', 'using the database of DATABASE_URL')
  }
  await migrate(config.migrateDatabaseUrl)
  if (devLogin) await seedOrganisation(config.migrateDatabaseUrl)
}

async function startTemporalService(config: Config, supervisor: Supervisor): Promise<void> {
  const namespace = config.temporalNamespace
  if (config.embeddedTemporal) {
    say('启动 Temporal', 'starting Temporal')
    const dbFile = join(config.dataDir, 'temporal.db')
    const options = { port: config.temporalPort, uiPort: config.temporalUiPort, codecEndpoint: `${config.publicUrl}/codec`, dbFile, namespace, logFile: logFile(config, 'temporal') }
    await supervisor.start(() => startTemporal(options))
    return
  }
  say(`使用 Temporal 服务 ${config.temporalConnection.address}`, 'using the Temporal Service of TEMPORAL_ADDRESS')
  const connection = await Connection.connect(config.temporalConnection).catch((error: Error) => {
    throw new SetupError(`无法连接 TEMPORAL_ADDRESS（${config.temporalConnection.address}）。`, `TEMPORAL_ADDRESS cannot be reached: ${error.message}`)
  })
  await registerSearchAttributes(connection, namespace)
  await connection.close()
}

function startNode(config: Config, name: string, script: string, env: NodeJS.ProcessEnv, isWatching: boolean): RunningProcess {
  const log = logFile(config, script === 'worker.ts' ? 'worker' : 'api')
  // The workflows are bundled, not imported: the watcher would not know of them.
  const watch = ['node_modules/tsx/dist/cli.mjs', 'watch', '--clear-screen=false', '--include=workflows/**/*.ts', script]
  return startProcess({ name, command: process.execPath, args: isWatching ? watch : [...(script === 'worker.ts' ? ['--import', './worker-threads.mjs'] : []), '--import', 'tsx', script], logFile: log, env })
}

/** What worker and API run with: where the servers are, and not the owner's access to the database. */
function childEnvironment(config: Config, devLogin: boolean): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DATABASE_URL: config.databaseUrl,
    ANXIN_MIGRATE_DATABASE_URL: '',
    TEMPORAL_ADDRESS: config.temporalConnection.address,
    ANXIN_TEMPORAL_UI_URL: config.temporalUiUrl,
    ANXIN_PUBLIC_URL: config.publicUrl,
    ANXIN_DEV_LOGIN: devLogin ? '1' : '0',
  }
}

async function hasCases(config: Config): Promise<boolean> {
  const client = new pg.Client({ connectionString: config.databaseUrl })
  await client.connect()
  const { rowCount } = await client.query('select from case_file limit 1')
  await client.end()
  return Boolean(rowCount)
}

async function playSamples(baseUrl: string): Promise<void> {
  say('办理示例案件', 'playing sample cases')
  await play(baseUrl).catch((error: Error) => say(`! 示例案件未能办完：${error.message}`, 'the sample cases could not be played to the end'))
}

function logFile(config: Config, name: string): string {
  return join(config.dataDir, 'logs', `${name}.log`)
}

/** Shuts down on Ctrl-C or SIGTERM. npm passes on a Ctrl-C that also reaches us directly: only the first counts. */
function onFirstSignal(shutDown: () => Promise<void>): AbortSignal {
  const stopping = new AbortController()
  const stop = (): void => {
    if (stopping.signal.aborted) return
    stopping.abort()
    say('\n正在停止…', 'stopping…')
    shutDown().then(() => {
      say('已停止，案件已保存', 'stopped; the cases are kept')
      process.exit(0)
    }, fail)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)
  // A SIGTERM to npm ends npm and its shell but does not reach us.
  const npm = process.ppid
  if (process.env.npm_lifecycle_event) setInterval(() => process.ppid !== npm && stop(), 500).unref()
  return stopping.signal
}

main().catch(fail)
