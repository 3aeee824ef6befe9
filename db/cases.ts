import type { Queryable } from './connect.ts'

/** A fresh case number: the procedure's code and a running number, which says nothing of the person or the matter. */
export async function nextCaseNo(via: Queryable, code: string): Promise<string> {
  const { rows: [row] } = await via.query(`SELECT nextval('case_no_seq') AS n`)
  return `${code}-${String(row.n).padStart(6, '0')}`
}

/** A start that was asked for: under which number, and with which body. */
export interface StartRequest { caseNo: string, bodyHash: string, repeated: boolean }

const RESERVE = `WITH fresh AS (
  INSERT INTO start_request (person_id, key, body_hash, case_no)
  SELECT $1, $2, $3, $4 || '-' || lpad(n, greatest(6, length(n)), '0') FROM (SELECT nextval('case_no_seq')::text AS n) number
  WHERE NOT EXISTS (SELECT FROM start_request WHERE person_id = $1 AND key = $2)
  ON CONFLICT DO NOTHING RETURNING case_no, body_hash)
  SELECT case_no, body_hash, false AS repeated FROM fresh
  UNION ALL SELECT case_no, body_hash, true FROM start_request WHERE person_id = $1 AND key = $2`

/** Reserves a case number for a request; the same person and key get the same number again, however often they ask. */
export async function reserveCaseNo(via: Queryable, request: { personId: string, key: string, bodyHash: string, code: string }): Promise<StartRequest> {
  const { personId, key, bodyHash, code } = request
  for (;;) {
    const { rows: [row] } = await via.query({ name: 'reserve', text: RESERVE, values: [personId, key, bodyHash, code] })
    // No row: another request under the same key was faster and is not yet visible to this statement.
    if (row) return { caseNo: row.case_no, bodyHash: row.body_hash, repeated: row.repeated }
  }
}
