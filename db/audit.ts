/** What auditors read: the logs of access, refusals and administration, newest first. */
import type { Json } from '../model/types.ts'
import type { Queryable } from './connect.ts'
import { holdsWords, wordsOf } from './lists/words.ts'

/** Which entries; `people`: of one of these; `before`: only those older than this one. */
export interface LogQuery {
  people?: string[] | undefined
  since?: Date | undefined
  until?: Date | undefined
  before?: number | undefined
  limit: number
}
interface Entry { id: number, at: Date, personId: string }
/** One look: `id` and `at` of its first entry, and every part that was read, in that order. `caseNo` is null where no case was looked at but these logs. */
export interface AccessEntry extends Entry { caseNo: string | null, what: string[], allowed: boolean }
export interface RefusalEntry extends Entry { caseNo: string | null, taskId: string | null, action: string, code: string }
export interface AdminEntry extends Entry { what: string, before: Json, after: Json }

/** Persons and outside systems of this id, or whose name, today's or a former one, holds every word of it. */
export async function findCalled(via: Queryable, typed: string): Promise<string[]> {
  const called = `cardinality($2::text[]) > 0 AND ${holdsWords('name', '$2')}`
  const { rows } = await via.query(`SELECT id FROM person WHERE id = $1 OR ${called}
    UNION SELECT 'system:' || id FROM outside_system WHERE $1 IN (id, 'system:' || id) OR ${called}
    UNION SELECT id FROM former_name WHERE kind = 'person' AND ${called}`, [typed, wordsOf(typed)])
  return rows.map(({ id }: { id: string }) => id)
}

/** A condition over its value's placeholder; one without a value is left out. */
type Condition = [sql: (placeholder: string) => string, value: unknown]
const equals = (column: string, value: unknown): Condition => [placeholder => `${column} = ${placeholder}`, value]

async function list<T extends Entry>(via: Queryable, table: string, columns: string, { people, since, until, before, limit }: LogQuery, more: Condition[], joined = ''): Promise<T[]> {
  const conditions: Condition[] = [[p => `person_id = ANY(${p})`, people], [p => `at >= ${p}`, since], [p => `at < ${p}`, until], ...more]
  const given = conditions.filter(([, value]) => value !== undefined)
  const where = given.map(([sql], i) => `AND ${sql(`$${i + 3}`)}`).join(' ')
  const { rows } = await via.query(`WITH found AS NOT MATERIALIZED (SELECT * FROM ${table} WHERE true ${where})
    SELECT l.id::float8 AS id, l.at, l.person_id AS "personId", ${columns} FROM found l ${joined} WHERE ($2::bigint IS NULL OR l.id < $2) ORDER BY l.id DESC LIMIT $1`,
  [limit + 1, before ?? null, ...given.map(([, value]) => value)])
  return rows
}

/** What one person read of one case within a minute, with one outcome, is one look. It stands where its first entry does, which later ones do not move. */
const LOOK = `JOIN LATERAL (SELECT min(first) AS first, array_agg(what ORDER BY first) AS what FROM (
    SELECT e.what, min(e.id) AS first FROM found e
    WHERE e.person_id = l.person_id AND e.case_no IS NOT DISTINCT FROM l.case_no AND e.allowed = l.allowed
      AND e.at >= date_trunc('minute', l.at) AND e.at < date_trunc('minute', l.at) + interval '1 minute'
    GROUP BY e.what) parts) look ON look.first = l.id`

/** Who looked at restricted cases, who was turned away, and who took these logs along, look by look. One look more than `limit`, where there is one. */
export const listAccess = (via: Queryable, q: LogQuery & { caseNo?: string | undefined, allowed?: boolean | undefined }): Promise<AccessEntry[]> =>
  list(via, 'access_log', 'l.case_no AS "caseNo", look.what, l.allowed', q, [equals('case_no', q.caseNo), equals('allowed', q.allowed)], LOOK)

/** Who was refused what for a reason of law. One entry more than `limit`, where there is one. */
export const listRefusals = (via: Queryable, q: LogQuery & { caseNo?: string | undefined, code?: string | undefined }): Promise<RefusalEntry[]> =>
  list(via, 'refusal', 'case_no AS "caseNo", task_id AS "taskId", action, code', q, [equals('case_no', q.caseNo), equals('code', q.code)])

/** Who changed what; `what` may be its beginning. One entry more than `limit`, where there is one. */
export const listAdministration = (via: Queryable, q: LogQuery & { what?: string | undefined }): Promise<AdminEntry[]> =>
  list(via, 'admin_log', 'what, before, after', q, [[p => `starts_with(what, ${p})`, q.what]])
