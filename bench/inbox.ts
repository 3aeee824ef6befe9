/** The inbox page with its count, over open tasks copied into the read tables: a fifth claimed, spread over 30 queues. */
import { getTableColumns, getTableName, type Table } from 'drizzle-orm'
import { connect } from '../db/connect.ts'
import { listTasks } from '../db/lists/search.ts'
import { whoIs } from '../db/directory/directory.ts'
import { caseFile, task } from '../db/schema.ts'
import { measure } from './load.ts'
import type { BenchSystem } from './system.ts'

/** Fills up to `open` open tasks (read tables only), beside those that are there. */
export async function fillInbox({ pool }: BenchSystem, open: number): Promise<void> {
  const { rows: [{ n }] } = await pool.query(`SELECT count(*)::int AS n FROM case_file WHERE case_no LIKE 'BULK-%'`)
  const copies = (table: Table, row: string, changed: Record<string, string>) => {
    const names = Object.values(getTableColumns(table)).map(column => column.name)
    return pool.query(`INSERT INTO ${getTableName(table)} (${names.join(', ')}) SELECT ${names.map(name => changed[name] ?? `x.${name}`).join(', ')}
      FROM (${row} LIMIT 1) x, (SELECT ARRAY(SELECT id FROM unit ORDER BY id LIMIT 30) AS units) u, generate_series($1::int + 1, $2::int) i`, [n, open])
  }
  await copies(caseFile, `SELECT * FROM case_file WHERE status = 'open' AND case_no NOT LIKE 'BULK-%'`, { case_no: `'BULK-' || i`, opened_at: `now() - i * interval '1 second'` })
  await copies(task, `SELECT * FROM task WHERE status = 'open'`, {
    id: `'BULK-' || i || '.handle.1'`, case_no: `'BULK-' || i`, name: `'handle'`, role: `'handler'`, unit_id: `units[i % 30 + 1]`, due_at: `now() + (i * 7919::bigint % 1000000) * interval '1 second'`,
    status: `CASE WHEN i % 5 = 0 THEN 'claimed' ELSE 'open' END`, holder_id: `CASE WHEN i % 5 = 0 THEN 'economic-crime-2' END`,
  })
  await pool.query('VACUUM ANALYZE')
  // What the filling still has to write out is not the measured system's business.
  await pool.query('CHECKPOINT')
}

/** Page one of 20 and the total, for an officer with several queues' worth of work; once alone, then by eight at a time. */
export async function inboxFigures({ appUrl, pool }: BenchSystem, queries: number) {
  const db = connect(appUrl)
  try {
    const { rows: [{ unit_id: unit }] } = await pool.query(`SELECT unit_id FROM task WHERE case_no LIKE 'BULK-%' AND status = 'open' GROUP BY 1 ORDER BY count(*) DESC LIMIT 1`)
    const who = { ...await whoIs(db.pool, 'economic-crime-1'), unit }
    let total = 0
    const page = async () => { total = (await listTasks(db.pool, who, { view: 'candidate', limit: 20 })).total }
    await measure(20, 1, page)
    const alone = await measure(queries, 1, page)
    const together = await measure(queries, 8, page)
    return { alone, together, total }
  } finally {
    await db.close()
  }
}
