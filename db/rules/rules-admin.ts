/** Changes of the rules in force: announced years of the calendar, and overrides of policies. */
import type { Json } from '../../model/types.ts'
import type { Policy } from '../../model/policy.ts'
import { logChange } from '../directory/admin.ts'
import { askRecount } from './recounts.ts'
import { inTransaction, type Db, type Queryable } from '../connect.ts'
import { Refused } from '../../model/refused.ts'

/** An announced year as it is loaded; dates are `YYYY-MM-DD`. */
export interface Year { year: number, off: string[], work: string[], source: string, loadedAt: Date }

const YEAR = 'SELECT year, off::text[], work::text[], source, loaded_at AS "loadedAt" FROM calendar_year'

/** The loaded years, the latest first. */
export async function listYears(via: Queryable): Promise<Year[]> {
  return (await via.query(`${YEAR} ORDER BY year DESC`)).rows
}

/** Loads a year, or loads it anew, and has the running deadlines that it concerns computed again: answers with the recount's id. */
export async function saveYear(db: Db, by: string, { year, off, work, source }: Omit<Year, 'loadedAt'>): Promise<Year & { recount: string }> {
  return inTransaction(db, async (client) => {
    const { rows: [before] } = await client.query(`${YEAR} WHERE year = $1 FOR UPDATE`, [year])
    await client.query(`INSERT INTO calendar_year (year, off, work, source) VALUES ($1, $2, $3, $4)
      ON CONFLICT (year) DO UPDATE SET off = excluded.off, work = excluded.work, source = excluded.source, loaded_at = now()`, [year, off, work, source])
    const { rows: [after] } = await client.query(`${YEAR} WHERE year = $1`, [year])
    await logChange(client, by, `calendar/${year}`, before ?? null, after)
    return { ...after, recount: await askRecount(client, by, year) }
  })
}

/** An override as it was made; `task` is '' for the case itself. */
export interface Override { procedure: string, task: string, patch: Partial<Policy>, reason: string, changedBy: string, changedAt: Date }

const OVERRIDE = 'SELECT procedure, task, patch, reason, changed_by AS "changedBy", changed_at AS "changedAt" FROM policy_override'

/** All overrides in force. */
export async function listOverrides(via: Queryable): Promise<Override[]> {
  return (await via.query(`${OVERRIDE} ORDER BY procedure, task`)).rows
}

/** Puts an override in the place of the one that was there. */
export async function saveOverride(db: Db, by: string, procedure: string, task: string, patch: Json, reason: string): Promise<void> {
  await inTransaction(db, async (client) => {
    const { rows: [before] } = await client.query(`${OVERRIDE} WHERE procedure = $1 AND task = $2 FOR UPDATE`, [procedure, task])
    await client.query(`INSERT INTO policy_override (procedure, task, patch, reason, changed_by) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (procedure, task) DO UPDATE SET patch = excluded.patch, reason = excluded.reason, changed_by = excluded.changed_by, changed_at = now()`,
    [procedure, task, JSON.stringify(patch), reason, by])
    await logChange(client, by, `policies/${procedure}/${task}`, before ?? null, { patch, reason })
  })
}

/** Takes an override away. @throws Refused */
export async function removeOverride(db: Db, by: string, procedure: string, task: string): Promise<void> {
  await inTransaction(db, async (client) => {
    const { rows: [before] } = await client.query(`${OVERRIDE} WHERE procedure = $1 AND task = $2 FOR UPDATE`, [procedure, task])
    if (!before) throw new Refused('not-found', '没有这项配置')
    await client.query('DELETE FROM policy_override WHERE procedure = $1 AND task = $2', [procedure, task])
    await logChange(client, by, `policies/${procedure}/${task}`, before, null)
  })
}

/** Whether anybody could do the tasks of a unit and role. */
export async function isManned(via: Queryable, unit: string, role: string): Promise<boolean> {
  const { rows } = await via.query('SELECT FROM person p JOIN unit u ON u.id = p.unit_id AND u.active WHERE p.active AND u.id = $1 AND $2 = ANY(p.roles) LIMIT 1', [unit, role])
  return rows.length > 0
}
