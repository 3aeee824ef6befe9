/** Documents as files: kept as they were issued, and handed out only as that. */
import { createHash, randomInt } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Queryable } from '../connect.ts'
import { keep } from '../kept-files.ts'

/** Letters and digits that nobody mistakes for others. */
const CODE = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'

/** A new code, which only who holds the document knows: 80 bits, in groups of four. */
export const newCode = (): string => Array.from({ length: 4 }, () => Array.from({ length: 4 }, () => CODE[randomInt(CODE.length)]).join('')).join('-')

/** Keeps a document's file with its number, in the transaction that issues it; answers its hash. */
export async function keepFile(client: Queryable, number: string, content: Buffer, dir?: string): Promise<string> {
  const hash = sha256(content)
  // On disk a file may be left of a transaction that failed: nobody knows of it.
  if (dir !== undefined) await keep(dir, hash, content)
  await client.query('INSERT INTO document_file (number, content) VALUES ($1, $2)', [number, dir === undefined ? content : null])
  return hash
}

/** The file of a document. @throws Error when it is not what was issued */
export async function readDocumentFile(via: Queryable, { number, hash }: { number: string, hash: string }, dir?: string): Promise<Buffer> {
  const { rows: [row] } = await via.query('SELECT content FROM document_file WHERE number = $1', [number])
  const content: Buffer = row?.content ?? await readFile(join(dir ?? '', hash))
  if (sha256(content) !== hash) throw new Error('a document is not what was issued')
  return content
}

/** Files that are not what the cases' events have issued: missing, altered, or of no document. */
export async function findAlteredFiles(via: Queryable, dir?: string): Promise<{ caseNo: string | null, number: string, is: 'missing' | 'altered' | 'unrecorded' }[]> {
  const { rows } = await via.query(`SELECT coalesce(e.number, f.number) AS number, e.case_no AS "caseNo", e.hash, f.number AS found, encode(sha256(f.content), 'hex') AS "contentHash"
    FROM (SELECT case_no, data->>'number' AS number, data->>'hash' AS hash FROM case_event WHERE type = 'document-issued') e FULL JOIN document_file f ON f.number = e.number ORDER BY 1`)
  const found = []
  for (const { number, caseNo, hash, found: row, contentHash } of rows) {
    const is = hash === null ? 'unrecorded' : row === null ? 'missing' : (contentHash ?? await readFile(join(dir ?? '', hash)).then(sha256, () => null)) !== hash ? 'altered' : null
    if (is !== null) found.push({ caseNo, number, is } as const)
  }
  return found
}

const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex')
