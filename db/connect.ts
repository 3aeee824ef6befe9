import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { Pool, type PoolClient } from 'pg'
import * as schema from './schema.ts'

/** A connection pool, with drizzle on top for everything but the hottest statements. */
export interface Db {
  pool: Pool
  orm: NodePgDatabase<typeof schema>
  /** Whether notices are also written for e-mail; false where no mail server is set. */
  mail: boolean
  close(): Promise<void>
}

/** Either the pool or one client inside a transaction. */
export type Queryable = Pick<Pool | PoolClient, 'query'>

/** Opens a pool. A connection lost while idle is not fatal: the next query opens another. */
export function connect(url: string, { mail = false, max = 10 } = {}): Db {
  const pool = new Pool({
    connectionString: url, max, application_name: 'anxin', connectionTimeoutMillis: 5_000, statement_timeout: 30_000,
    // Statements are few, prepared, and made for their indexes: planned once, not with each run, which takes longer than the query;
    // and too short for the help of other processes or a compiler, which a planner that knows no values calls in at a million rows.
    options: '-c plan_cache_mode=force_generic_plan -c max_parallel_workers_per_gather=0 -c jit=off',
  })
  pool.on('error', () => {})
  // The pool hears of connections that lie idle only; one that is lost while somebody holds it would end the process. Its next query says so.
  pool.on('connect', client => { client.on('error', () => {}) })
  return { pool, orm: drizzle(pool, { schema }), mail, close: () => pool.end() }
}

/** Whether a query failed because the database cannot be reached, or cannot take it, now: it was not wrong, and may be repeated. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code = '', message, cause } = error as Error & { code?: string }
  // 08: connection exceptions; 57P: the server shuts down or starts up; 53: out of disk, memory or connections; 58030: it cannot write;
  // 25006: read only, as a standby is and as a full one is made.
  return /^(ECONN|EPIPE|ETIMEDOUT|08|57P0|53|58030|25006)/.test(code) || /^(Connection terminated|timeout exceeded when trying to connect)/.test(message) || isUnavailable(cause)
}

/** Runs in one transaction; rolled back when it throws. */
export async function inTransaction<T>(db: Db, run: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await db.pool.connect()
  try {
    await client.query('BEGIN')
    const result = await run(client)
    await client.query('COMMIT')
    return result
  } catch (e) {
    await client.query('ROLLBACK').catch(() => {})
    throw e
  } finally {
    client.release()
  }
}
