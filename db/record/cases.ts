import type { Queryable } from '../connect.ts'

/** A fresh case number: the procedure's code and a running number, which says nothing of the person or the matter. */
export async function nextCaseNo(via: Queryable, code: string): Promise<string> {
  const { rows: [row] } = await via.query(`SELECT nextval('case_no_seq') AS n`)
  return `${code}-${String(row.n).padStart(6, '0')}`
}

/** A start that was asked for under an idempotency key. `input`: what its case, `caseNo`, is started with; null once that is in the record. */
export interface Start<Input = unknown> { caseNo: string, bodyHash: string, input: Input | null, procedure: string, createdAt: Date }

const START = 'case_no AS "caseNo", body_hash AS "bodyHash", procedure, input, created_at AS "createdAt"'

/** The start that a person asked for under this key before. */
export async function findStart<Input>(via: Queryable, personId: string, key: string): Promise<Start<Input> | undefined> {
  return (await via.query({ name: 'find-start', text: `SELECT ${START} FROM start_request WHERE person_id = $1 AND key = $2`, values: [personId, key] })).rows[0]
}

const RESERVE = `INSERT INTO start_request (person_id, key, body_hash, procedure, input, case_no)
  SELECT $1, $2, $3, $4, $5, $6 || '-' || lpad(n, greatest(6, length(n)), '0') FROM (SELECT nextval('case_no_seq')::text AS n) number
  ON CONFLICT DO NOTHING RETURNING ${START}`

/**
 * Reserves a case number for a request, and keeps what its case is to be started with: from here on it is a promise. The same
 * person and key get the same number, however often and fast they ask.
 */
export async function reserveStart<Input>(via: Queryable, request: { personId: string, key: string, bodyHash: string, procedure: string, code: string, input: Input }): Promise<Start<Input>> {
  const { personId, key, bodyHash, procedure, code, input } = request
  const { rows: [row] } = await via.query({ name: 'reserve-start', text: RESERVE, values: [personId, key, bodyHash, procedure, JSON.stringify(input), code] })
  return row ?? (await findStart<Input>(via, personId, key))!
}

/** An application under a number that was given out, while its case is not in the record yet. */
export interface Received { caseNo: string, procedure: string, title: string, receivedAt: Date }

/** What this person has filed under that number and is being recorded. */
export async function findReceived(via: Queryable, personId: string, caseNo: string): Promise<Received | undefined> {
  const { rows: [row] } = await via.query({
    name: 'find-received', text: `SELECT case_no AS "caseNo", procedure, input->>'title' AS title, created_at AS "receivedAt" FROM start_request WHERE case_no = $2 AND person_id = $1 AND input IS NOT NULL`,
    values: [personId, caseNo],
  })
  return row
}

const PROMISED = `SELECT ${START}, EXISTS (SELECT FROM case_file c WHERE c.case_no = s.case_no) AS recorded
  FROM start_request s WHERE input IS NOT NULL AND created_at < now() - $1 * interval '1 millisecond' ORDER BY created_at LIMIT $2`

/** Starts promised at least so long ago whose case is not in the record, oldest first. Forgets what those were started with that are. */
export async function findPromised<Input>(via: Queryable, olderThanMs: number, limit: number): Promise<Start<Input>[]> {
  const { rows } = await via.query({ name: 'promised-starts', text: PROMISED, values: [olderThanMs, limit] })
  const recorded = rows.filter(row => row.recorded).map(row => row.caseNo)
  if (recorded.length > 0) await via.query('UPDATE start_request SET input = NULL WHERE case_no = ANY($1) AND input IS NOT NULL', [recorded])
  return rows.filter(row => !row.recorded)
}
