import type { Queryable } from '../connect.ts'

/** A fresh case number: the procedure's code and a running number, which says nothing of the person or the matter. */
export async function nextCaseNo(via: Queryable, code: string): Promise<string> {
  const { rows: [row] } = await via.query(`SELECT nextval('case_no_seq') AS n`)
  return `${code}-${String(row.n).padStart(6, '0')}`
}

/** A start that was asked for under an idempotency key: its case's number, and the hash of its body. */
export interface Start { caseNo: string, bodyHash: string }

/** The start that a person asked for under this key before. */
export async function findStart(via: Queryable, personId: string, key: string): Promise<Start | undefined> {
  const { rows: [row] } = await via.query({ name: 'find-start', text: 'SELECT case_no, body_hash FROM start_request WHERE person_id = $1 AND key = $2', values: [personId, key] })
  return row && { caseNo: row.case_no, bodyHash: row.body_hash }
}

const RESERVE = `INSERT INTO start_request (person_id, key, body_hash, case_no)
  SELECT $1, $2, $3, $4 || '-' || lpad(n, greatest(6, length(n)), '0') FROM (SELECT nextval('case_no_seq')::text AS n) number
  ON CONFLICT DO NOTHING RETURNING case_no, body_hash`

/** Reserves a case number for a request; the same person and key get the same number, however often and fast they ask. */
export async function reserveStart(via: Queryable, request: { personId: string, key: string, bodyHash: string, code: string }): Promise<Start> {
  const { personId, key, bodyHash, code } = request
  const { rows: [row] } = await via.query({ name: 'reserve-start', text: RESERVE, values: [personId, key, bodyHash, code] })
  return row ? { caseNo: row.case_no, bodyHash: row.body_hash } : (await findStart(via, personId, key))!
}
