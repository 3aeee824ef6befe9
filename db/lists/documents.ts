/** Documents that were issued, as they stand now. */
import { createHash, timingSafeEqual } from 'node:crypto'
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

/** A document with the procedure that issued it. */
export interface FoundDocument extends DocumentRow { procedure: string }

const FOUND = 'SELECT row_to_json(d) AS doc, c.procedure FROM document d JOIN case_file c USING (case_no)'
const toFound = (row: { doc: unknown, procedure: string } | undefined): FoundDocument | undefined => row && { ...fromJson(document, row.doc), procedure: row.procedure }

/**
 * The document of that number, to whoever knows its code. A number that nobody has and a code that is wrong take the same way to the
 * same answer.
 */
export async function findByCode(via: Queryable, number: string, code: string): Promise<FoundDocument | undefined> {
  const found = toFound((await via.query({ name: 'document-by-number', text: `${FOUND} WHERE number = $1`, values: [number] })).rows[0])
  const digest = (text: string) => createHash('sha256').update(text).digest()
  // Also where there is none: the digest of no code is no digest of one that somebody sends.
  return timingSafeEqual(digest(found?.code ?? 'none'), digest(code)) ? found : undefined
}

/** The document whose file has this hash: whoever has the file has what stands in it. */
export async function findByHash(via: Queryable, hash: string): Promise<FoundDocument | undefined> {
  return toFound((await via.query({ name: 'document-by-hash', text: `${FOUND} WHERE hash = $1`, values: [hash] })).rows[0])
}
