import { join } from 'node:path'
import pg from 'pg'
import type { Config } from '../config.ts'
import { say, SetupError } from './say.ts'
import { holdDataDir } from './servers/data-dir.ts'
import { startPostgres } from './servers/postgres.ts'

/** Runs while the database of the settings is there: the embedded one is started for the time where nobody runs it. */
export async function withDatabase<T>(config: Config, run: () => Promise<T>): Promise<T> {
  if (await isThere(config.databaseUrl)) return run()
  if (!config.embeddedPostgres) throw new SetupError('DATABASE_URL 指定的数据库无法连接。', 'the database of DATABASE_URL cannot be reached')
  const dataDir = await holdDataDir(config.dataDir)
  say('系统未在运行，临时启动 PostgreSQL', 'the system is not running: starting PostgreSQL for the time')
  const postgres = await startPostgres({ dataDir: join(config.dataDir, 'postgres'), port: config.postgresPort, logFile: join(config.dataDir, 'logs', 'postgres.log') })
  dataDir.note(postgres)
  try {
    return await run()
  } finally {
    await postgres.stop()
    dataDir.release()
  }
}

/** Whether a server answers, be it that it refuses us. */
async function isThere(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  return client.connect().then(() => true, (error: { severity?: string }) => error.severity !== undefined).finally(() => client.end().catch(() => {}))
}
