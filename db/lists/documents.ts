/** Documents that were issued, as they stand now. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { visible } from './filters.ts'
import { Where } from './where.ts'
import { bare, holdsWords, wordsOf } from './words.ts'
import type { Queryable } from '../connect.ts'
import type { Who } from '../../model/actions.ts'
import type { DocumentRow, Standing } from '../../model/state.ts'
import { fromJson, STANDING, toStanding } from '../record/record.ts'
import { document } from '../schema.ts'

/** A document as it stands. */
export type StandingDocument = DocumentRow & Standing

const DOCUMENT = `row_to_json(d) AS doc, ${STANDING}`
const toDocument = (row: { doc: unknown, past: unknown }): StandingDocument => ({ ...fromJson(document, row.doc), ...toStanding(row) })

/** To an enterprise, those that are for it: for the applicant, or of its own lane; officers read whatever is in a case that they may see. */
const READS = `($2::text IS NULL OR d.readers = 'applicant' AND EXISTS (SELECT FROM case_file c WHERE c.case_no = d.case_no
  AND (d.party IS NULL AND c.enterprise_id = $2 OR c.parties @> jsonb_build_array(jsonb_build_object('id', d.party, 'enterprise', $2::text)))))`

/** Documents issued in a case that `who` may see, oldest first. */
export async function listDocuments(via: Queryable, who: Who, caseNo: string): Promise<StandingDocument[]> {
  const { rows } = await via.query({ name: 'documents', text: `SELECT ${DOCUMENT} FROM document d WHERE case_no = $1 AND ${READS} ORDER BY issued_at, number`, values: [caseNo, who.enterprise] })
  return rows.map(toDocument)
}

/** One of them. */
export async function findDocument(via: Queryable, who: Who, caseNo: string, number: string): Promise<StandingDocument | undefined> {
  const { rows: [row] } = await via.query({ name: 'document', text: `SELECT ${DOCUMENT} FROM document d WHERE case_no = $1 AND ${READS} AND number = $3`, values: [caseNo, who.enterprise, number] })
  return row && toDocument(row)
}

/** A document with the procedure that issued it. */
export type FoundDocument = StandingDocument & { procedure: string }

const FOUND = `SELECT ${DOCUMENT}, c.procedure FROM document d JOIN case_file c USING (case_no)`
const toFound = (row: { doc: unknown, past: unknown, procedure: string } | undefined): FoundDocument | undefined => row && { ...toDocument(row), procedure: row.procedure }

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

/** A line of the register; `sees`: the reader may see the case that it belongs to. */
export type Registered = FoundDocument & { caseTitle: string, enterpriseId: string | null, sees: boolean }
export interface RegisterQuery { procedure?: string | undefined, kind?: string | undefined, year?: number | undefined, q?: string | undefined, limit: number, after?: { at: Date, id: string } | undefined }

/**
 * 文书登记: documents, the latest first; one more than `limit` when there are more. Whoever keeps the register sees every number, and what is
 * behind those of the cases that he may see; others see only these.
 */
export async function listRegister(via: Queryable, who: Who, keeps: boolean, { procedure, kind, year, q, limit, after }: RegisterQuery): Promise<{ documents: Registered[], total: number }> {
  const where = new Where()
  const own = (enterprise: string) => `c.enterprise_sees = 'all' AND c.parties @> jsonb_build_array(jsonb_build_object('id', d.party, 'enterprise', ${where.value(enterprise)}::text))`
  const sees = who.enterprise === null ? `(${visible(where, who)})` : `(d.readers = 'applicant' AND (${visible(where, who)} AND d.party IS NULL OR ${own(who.enterprise)}))`
  if (!keeps) where.and(sees)
  if (procedure !== undefined) where.and(`c.procedure = ${where.value(procedure)}`)
  if (kind !== undefined) where.and(`d.kind = ${where.value(kind)}`)
  if (year !== undefined) where.and(`d.number LIKE ${where.value(`%〔${year}〕%`)}`)
  // What is not shown is not found either, but for the number itself.
  if (q !== undefined) where.and(wordsOf(q).length === 0 ? 'false' : `${holdsWords('d.number', where.value([bare(q)]))} OR ${sees} AND ${holdsWords(`concat_ws(' ', d.title, c.title, (SELECT e.name FROM enterprise e WHERE e.id = c.enterprise_id))`, where.value(wordsOf(q)))}`)
  const all = `FROM document d JOIN case_file c USING (case_no)${String(where) === '' ? '' : ` WHERE ${where}`}`
  const total = `SELECT count(*)::int ${all}`
  const from = after === undefined ? '' : `${String(where) === '' ? ' WHERE' : ' AND'} (d.issued_at, d.number) < (${where.value(after.at)}, ${where.value(after.id)})`
  const { rows: [row] } = await via.query(`SELECT (${total}) AS total, (SELECT coalesce(json_agg(p), '[]') FROM (SELECT ${DOCUMENT}, c.procedure, c.title AS "caseTitle", c.enterprise_id AS "enterpriseId", (${sees}) AS sees
    ${all}${from} ORDER BY d.issued_at DESC, d.number DESC LIMIT ${where.value(limit + 1)}) p) AS found`, where.values)
  return { total: row.total, documents: row.found.map(({ doc, past, ...more }: { doc: unknown, past: unknown }) => ({ ...toDocument({ doc, past }), ...more })) }
}

/** How far each kind was numbered in each year, and how many documents there are: the same where no number is missing. */
export async function countRegister(via: Queryable): Promise<{ kind: string, year: number, last: number, issued: number }[]> {
  return (await via.query(`SELECT n.kind, n.year, n.last, (SELECT count(*)::int FROM document d WHERE d.kind = n.kind AND d.number LIKE '%〔' || n.year || '〕%') AS issued FROM document_counter n ORDER BY n.year DESC, n.kind`)).rows
}
