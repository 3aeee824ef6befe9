/** What a case costs in history, record and memory. */
import type { BenchSystem } from './system.ts'

/** Events and bytes of finished cases' histories: the mean of the given cases. */
export async function historySizes({ client }: BenchSystem, caseNos: string[]) {
  const described = await Promise.all(caseNos.map(caseNo => client.workflow.getHandle(caseNo).describe()))
  const mean = (xs: number[]) => Math.round(xs.reduce((a, b) => a + b, 0) / xs.length)
  return { events: mean(described.map(d => d.historyLength)), bytes: mean(described.map(d => d.historySize ?? 0)) }
}

/** Bytes of the whole database, after VACUUM FULL. */
export async function databaseBytes({ pool }: BenchSystem): Promise<number> {
  await pool.query('VACUUM FULL ANALYZE')
  return Number((await pool.query('SELECT pg_database_size(current_database()) AS n')).rows[0].n)
}

/** Bytes by table with its indexes, largest first, for the cases that are there. */
export async function tableBytes({ pool }: BenchSystem, cases: number) {
  const { rows } = await pool.query(`SELECT relname AS name, pg_total_relation_size(oid)::int AS bytes FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC LIMIT 5`)
  return Object.fromEntries(rows.map((r: { name: string, bytes: number }) => [r.name, Math.round(r.bytes / cases)]))
}
