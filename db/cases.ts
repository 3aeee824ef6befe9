import type { Queryable } from './connect.ts'

/** A fresh case number: the procedure's code and a running number, which says nothing of the person or the matter. */
export async function nextCaseNo(via: Queryable, code: string): Promise<string> {
  const { rows: [row] } = await via.query(`SELECT nextval('case_no_seq') AS n`)
  return `${code}-${String(row.n).padStart(6, '0')}`
}
