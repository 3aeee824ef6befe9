/** The rules in force, read from the database: calendar and overridden policies. */
import { makeCalendar, type Calendar } from '../../clock/calendar.ts'
import type { Policy } from '../../model/policy.ts'
import type { Db, Queryable } from '../connect.ts'

interface Override { task: string, patch: Partial<Policy> }

/** Reads a procedure's policy as overridden now, and the calendar as loaded now. */
export function createRules(db: Db, policyOf: (procedure: string) => Policy) {
  let calendar: { version: string | null, calendar: Calendar } | undefined

  /** `version` names the transaction that wrote each year, so that no change is missed, in whatever order they commit. */
  async function calendarNow(version: string | null): Promise<Calendar> {
    if (calendar?.version !== version) {
      const { rows } = await db.pool.query('SELECT year, off::text[], work::text[] FROM calendar_year')
      calendar = { version, calendar: makeCalendar(Object.fromEntries(rows.map(r => [r.year, { off: r.off, work: r.work }]))) }
    }
    return calendar.calendar
  }

  return async (procedure: string): Promise<{ policy: Policy, calendar: Calendar }> => {
    const { rows: [row] } = await db.pool.query({
      name: 'rules', values: [procedure],
      text: `SELECT (SELECT coalesce(jsonb_agg(jsonb_build_object('task', task, 'patch', patch)), '[]') FROM policy_override WHERE procedure = $1) AS overrides,
        (SELECT string_agg(year || ':' || xmin::text, ' ' ORDER BY year) FROM calendar_year) AS calendar`,
    })
    return { policy: override(policyOf(procedure), row.overrides), calendar: await calendarNow(row.calendar) }
  }
}

/** A policy with its overrides laid over it; an override replaces the fields it names, of `figures` each by itself. */
export function override(policy: Policy, overrides: Override[]): Policy {
  if (overrides.length === 0) return policy
  const tasks = Object.fromEntries(Object.entries(policy.tasks).map(([name, task]) =>
    [name, { ...task, ...overrides.find(o => o.task === name)?.patch }]))
  const patch = overrides.find(o => o.task === '')?.patch
  return { ...policy, ...patch, tasks, ...(policy.figures && { figures: { ...policy.figures, ...patch?.figures } }) }
}

/** The years whose days off are announced. */
export async function listCalendar(via: Queryable): Promise<{ year: number, off: string[], work: string[] }[]> {
  return (await via.query({ name: 'calendar', text: 'SELECT year, off::text[], work::text[] FROM calendar_year ORDER BY year' })).rows
}
