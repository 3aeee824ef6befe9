/** Documents that were issued, as they stand now. */
import type { Queryable } from '../connect.ts'
import type { Who } from '../../model/actions.ts'
import type { DocumentRow } from '../../model/state.ts'
import { fromJson } from '../record/record.ts'
import { document } from '../schema.ts'

/** To an enterprise, those that are for it; officers read whatever is in a case that they may see. */
const READS = `($2::boolean OR d.readers = 'applicant')`
const readsAll = (who: Who) => who.enterprise === null

/** Documents issued in a case that `who` may see, oldest first. */
export async function listDocuments(via: Queryable, who: Who, caseNo: string): Promise<DocumentRow[]> {
  const { rows } = await via.query({ name: 'documents', text: `SELECT row_to_json(d) AS doc FROM document d WHERE case_no = $1 AND ${READS} ORDER BY issued_at, number`, values: [caseNo, readsAll(who)] })
  return rows.map(r => fromJson(document, r.doc))
}

/** One of them. */
export async function findDocument(via: Queryable, who: Who, caseNo: string, number: string): Promise<DocumentRow | undefined> {
  const { rows: [row] } = await via.query({ name: 'document', text: `SELECT row_to_json(d) AS doc FROM document d WHERE case_no = $1 AND ${READS} AND number = $3`, values: [caseNo, readsAll(who), number] })
  return row && fromJson(document, row.doc)
}
