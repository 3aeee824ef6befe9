/** What the calendar opens: which periods were opened, for whom, and whom it alarms that one was not. */
import { createHash } from 'node:crypto'
import { hashOf } from '../model/chain.ts'
import type { Facts } from '../model/types.ts'
import type { Recurs } from '../clock/types.ts'
import type { Queryable } from './connect.ts'
import { standIns } from './directory/proxies.ts'

/** Who files what the calendar opens. */
export const SCHEDULE = 'system:schedule'

/** A period as far as it was opened; `openedAt` null: something of it could not be, see `failure`. */
export interface Recurrence { procedure: string, period: string, opensOn: string, openedAt: Date | null, cases: number, failure: string | null }

const COLUMNS = `procedure, period, opens_on::text AS "opensOn", opened_at AS "openedAt", cases, failure`

/** Of a procedure, or of all; those whose day is in `[from, until]`. */
export async function listRecurrences(via: Queryable, { procedure, from, until }: { procedure?: string, from: string, until: string }): Promise<Recurrence[]> {
  const { rows } = await via.query({
    name: 'recurrences', values: [procedure ?? null, from, until],
    text: `SELECT ${COLUMNS} FROM recurrence WHERE opens_on BETWEEN $2 AND $3 AND ($1::text IS NULL OR procedure = $1) ORDER BY opens_on`,
  })
  return rows
}

/** Keeps how a period stands; answers whether that is news. Once opened it stays so. */
export async function keepRecurrence(via: Queryable, { procedure, period, opensOn, openedAt, cases, failure }: Recurrence): Promise<boolean> {
  const { rowCount } = await via.query(`INSERT INTO recurrence AS r (procedure, period, opens_on, opened_at, cases, failure) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (procedure, period) DO UPDATE SET opened_at = excluded.opened_at, cases = excluded.cases, failure = excluded.failure
    WHERE r.opened_at IS NULL AND (excluded.opened_at IS NOT NULL OR r.failure IS DISTINCT FROM excluded.failure)`, [procedure, period, opensOn, openedAt, cases, failure])
  return rowCount === 1
}

/** For whom a period's cases are opened: open entries of the register that were there by the end of its day, active enterprises, or these units. */
export async function listSubjects(via: Queryable, forEach: NonNullable<Recurs['forEach']>, opensOn: string): Promise<{ kind: 'case' | 'unit' | 'enterprise', id: string, name: string, enterpriseId: string | null, application?: Facts, facts?: Facts }[]> {
  const { rows } = await (forEach === 'enterprises'
    ? via.query(`SELECT 'enterprise' AS kind, id, name, id AS "enterpriseId" FROM enterprise WHERE active ORDER BY id`)
    : 'units' in forEach
      ? via.query(`SELECT 'unit' AS kind, id, name, NULL AS "enterpriseId" FROM unit WHERE active AND id = ANY($1) ORDER BY id`, [forEach.units])
      : via.query(`SELECT 'case' AS kind, case_no AS id, title AS name, enterprise_id AS "enterpriseId", application, facts FROM case_file
          WHERE procedure = $1 AND status <> 'closed' AND outcome IS NULL AND opened_at < ($2::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai' ORDER BY case_no`, [forEach.register, opensOn]))
  return rows
}

/** Something to be opened under a key of its own. */
export interface ToOpen<Input> { key: string, input: Input }

/** Which of these keys were filed by the calendar before. */
export async function listFiled(via: Queryable, keys: string[]): Promise<Set<string>> {
  const { rows } = await via.query('SELECT key FROM start_request WHERE person_id = $1 AND key = ANY($2)', [SCHEDULE, keys])
  return new Set(rows.map((row: { key: string }) => row.key))
}

/** Promises cases, each under its key: what is promised by then is a case soon, and none of it twice. Answers with those that are new. */
export async function promiseCases<Input>(via: Queryable, { procedure, code, cases }: { procedure: string, code: string, cases: ToOpen<Input>[] }): Promise<{ caseNo: string, input: Input }[]> {
  const { rows } = await via.query(`INSERT INTO start_request (person_id, key, body_hash, procedure, input, case_no)
    SELECT $1, r.key, r.hash, $2, r.input, $3 || '-' || lpad(n, greatest(6, length(n)), '0')
    FROM (SELECT r.*, nextval('case_no_seq')::text AS n FROM jsonb_to_recordset($4) AS r (key text, hash text, input jsonb)) r
    ON CONFLICT DO NOTHING RETURNING case_no AS "caseNo", input`,
  [SCHEDULE, procedure, code, JSON.stringify(cases.map(({ key, input }) => ({ key, hash: hashOf(input as never), input })))])
  return rows
}

/** Puts an alarm that belongs to no case before the leaders of a unit and 护航办, and whoever stands in for them; once under a key. */
export async function alarm(via: Queryable, { key, unit, title, body, at }: { key: string, unit: string, title: string, body: string, at: Date }): Promise<void> {
  const { rows } = await via.query(`WITH named AS (SELECT id, ${standIns('p.id')} AS stand_ins FROM person p WHERE active AND (unit_id = $1 AND 'unit-leader' = ANY(roles) OR 'office' = ANY(roles)))
    SELECT id FROM named UNION SELECT unnest(stand_ins) FROM named ORDER BY 1`, [unit])
  const ids = rows.map(({ id }: { id: string }) => id)
  await via.query(`INSERT INTO notice (id, channel, person_id, href, kind, title, body, state, created_at, done_at)
    SELECT n, 'inbox', p, '/plan', 'told', $3, $4, 'done', $5, $5 FROM unnest($1::text[], $2::text[]) AS u (n, p) ON CONFLICT DO NOTHING`,
  [ids.map((id: string) => createHash('sha256').update(`alarm/${key}/${id}`).digest('hex').slice(0, 32)), ids, title, body, at])
}
