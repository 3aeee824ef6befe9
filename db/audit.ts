/** What auditors read: the logs of access, refusals and administration, newest first. */
import type { Json } from '../model/types.ts'
import type { Queryable } from './connect.ts'

/** Which entries; `before`: only those older than this one. */
export interface LogQuery {
  person?: string | undefined
  since?: Date | undefined
  until?: Date | undefined
  before?: number | undefined
  limit: number
}
interface Entry { id: number, at: Date, personId: string }
export interface AccessEntry extends Entry { caseNo: string, what: string, allowed: boolean }
export interface RefusalEntry extends Entry { caseNo: string | null, taskId: string | null, action: string, code: string }
export interface AdminEntry extends Entry { what: string, before: Json, after: Json }

/** A condition over its value's placeholder; one without a value is left out. */
type Condition = [sql: (placeholder: string) => string, value: unknown]
const equals = (column: string, value: unknown): Condition => [placeholder => `${column} = ${placeholder}`, value]

async function list<T extends Entry>(via: Queryable, table: string, columns: string, { person, since, until, before, limit }: LogQuery, ...more: Condition[]): Promise<T[]> {
  const conditions: Condition[] = [
    equals('person_id', person), [p => `at >= ${p}`, since], [p => `at < ${p}`, until], [p => `l.id < ${p}::bigint`, before], ...more,
  ]
  const given = conditions.filter(([, value]) => value !== undefined)
  const where = given.map(([sql], i) => `AND ${sql(`$${i + 2}`)}`).join(' ')
  const { rows } = await via.query(`SELECT l.id::float8 AS id, at, person_id AS "personId", ${columns} FROM ${table} l WHERE true ${where} ORDER BY l.id DESC LIMIT $1`,
    [limit + 1, ...given.map(([, value]) => value)])
  return rows
}

/** Who looked at restricted cases, and who was turned away. One entry more than `limit`, where there is one. */
export const listAccess = (via: Queryable, q: LogQuery & { caseNo?: string | undefined, allowed?: boolean | undefined }): Promise<AccessEntry[]> =>
  list(via, 'access_log', 'case_no AS "caseNo", what, allowed', q, equals('case_no', q.caseNo), equals('allowed', q.allowed))

/** Who was refused what for a reason of law. One entry more than `limit`, where there is one. */
export const listRefusals = (via: Queryable, q: LogQuery & { caseNo?: string | undefined, code?: string | undefined }): Promise<RefusalEntry[]> =>
  list(via, 'refusal', 'case_no AS "caseNo", task_id AS "taskId", action, code', q, equals('case_no', q.caseNo), equals('code', q.code))

/** Who changed what; `what` may be its beginning. One entry more than `limit`, where there is one. */
export const listAdministration = (via: Queryable, q: LogQuery & { what?: string | undefined }): Promise<AdminEntry[]> =>
  list(via, 'admin_log', 'what, before, after', q, [p => `starts_with(what, ${p})`, q.what])
