/** Files that belong to a case: content in the database or on disk, its hash in the case's chain of events. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { caseByProxy, judgeCase, type Who } from '../model/actions.ts'
import { inTransaction, type Db, type Queryable } from './connect.ts'
import { keep } from './kept-files.ts'
import type { CaseEvent, Readership } from '../model/events.ts'
import { readershipOf } from './record/allocation.ts'
import { appendEvents } from './record/record.ts'
import { Refused } from '../model/refused.ts'

export interface Material { id: string, caseNo: string, name: string, type: string, size: number, hash: string, readers: Readership, addedBy: string, addedAt: Date }
/** `to`: who is to read it; see `readershipOf`. `filedAs`: the name as it was sent, where it is kept under another. */
export interface NewMaterial { to: Readership, name: string, filedAs?: string, type: string, content: Buffer }
interface Change { who: Who, key: string, hash: string }

/** Nobody needs more for one case; without a bound one could fill the disk. */
export const maxPerCase = 50

const COLUMNS = 'id, case_no AS "caseNo", name, type, size, hash, readers, added_by AS "addedBy", added_at AS "addedAt"'

/**
 * Adds a file to a case: whoever may comment on it may. The file, its row and the event that tells its hash come into being
 * together; a repeat under the same key changes nothing. `dir`: where content is kept; undefined: in the database.
 *
 * @throws Refused
 */
export async function addMaterial(db: Db, caseNo: string, { who, key, hash: requestHash }: Change, { to, name, filedAs, type, content }: NewMaterial, dir?: string): Promise<Material> {
  const hash = sha256(content)
  const id = materialId(caseNo, key)
  const size = content.length
  return inTransaction(db, async (client) => {
    const { events: [event], repeated } = await appendEvents(db, caseNo, key, async (state) => {
      if (!state) throw new Refused('not-found', '没有这个案件')
      const refusal = judgeCase('comment', who, state.file)
      if (refusal) throw new Refused(refusal.code, refusal.message)
      const { rows } = await client.query('SELECT FROM material WHERE case_no = $1', [caseNo])
      if (rows.length >= maxPerCase) throw tooMany()
      return [{ type: 'material-added', actor: { id: who.id, unit: who.unit }, data: { to: readershipOf(who, state, to), id, name, ...(filedAs !== undefined && { filedAs }), type, size, hash, ...caseByProxy('comment', who, state.file) } }]
    }, requestHash, { via: client })
    const addedAt = event!.at
    const readers = (event as CaseEvent & { type: 'material-added' }).data.to
    if (!repeated) {
      // Only now: what was refused leaves no file, and another file under a key that was used does not take the first one's place.
      if (dir !== undefined) await keep(dir, id, content)
      await client.query('INSERT INTO material (id, case_no, name, type, size, hash, content, added_by, enterprise_id, added_at, readers) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
        [id, caseNo, name, type, size, hash, dir === undefined ? content : null, who.id, who.enterprise, addedAt, readers])
    }
    return { id, caseNo, name, type, size, hash, readers, addedBy: who.id, addedAt }
  })
}

/**
 * Keeps a file for a case that is promised and not recorded yet; {@link recordKept} adds it. Whether `who` may is asked by whoever calls.
 *
 * @throws Refused
 */
export async function keepMaterial(db: Db, caseNo: string, { who, key, hash: requestHash }: Change, { name, filedAs, type, content }: NewMaterial, dir?: string): Promise<Material> {
  const [hash, id] = [sha256(content), materialId(caseNo, key)]
  return inTransaction(db, async (client) => {
    const { rows: kept } = await client.query(`SELECT ${COLUMNS}, waiting FROM material WHERE case_no = $1`, [caseNo])
    const before = kept.find(row => row.id === id)
    if (before) {
      if (before.waiting && before.waiting.requestHash !== requestHash) throw new Refused('idempotency-key-reused', '同一个 Idempotency-Key 已用于另一项请求')
      return before
    }
    if (kept.length >= maxPerCase) throw tooMany()
    if (dir !== undefined) await keep(dir, id, content)
    const { rows: [row] } = await client.query(`INSERT INTO material (id, case_no, name, type, size, hash, content, added_by, enterprise_id, readers, added_at, waiting)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'officers', date_trunc('milliseconds', clock_timestamp()), $10) ON CONFLICT (id) DO UPDATE SET waiting = excluded.waiting RETURNING ${COLUMNS}`,
    [id, caseNo, name, type, content.length, hash, dir === undefined ? content : null, who.id, who.enterprise, JSON.stringify({ key, requestHash, unit: who.unit, filedAs })])
    return row
  })
}

const KEPT = `SELECT ${COLUMNS}, waiting FROM material m
  WHERE waiting IS NOT NULL AND EXISTS (SELECT FROM case_file c WHERE c.case_no = m.case_no) AND ($1::text IS NULL OR case_no = $1) ORDER BY added_at, id LIMIT 100`

/** Adds the files that were kept for cases which are recorded by now (for this one; null: for all). However often it runs, each is added once. */
export async function recordKept(db: Db, caseNo: string | null): Promise<void> {
  const { rows } = await db.pool.query<Material & { waiting: { key: string, requestHash: string, unit: string | null, filedAs?: string } }>({ name: 'kept-materials', text: KEPT, values: [caseNo] })
  for (const { id, caseNo, name, type, size, hash, readers, addedBy, waiting: { key, requestHash, unit, filedAs } } of rows) {
    await inTransaction(db, async (client) => {
      // It was taken when it was sent, so it is added whatever has become of the case meanwhile.
      const { events: [event] } = await appendEvents(db, caseNo, key, () => [{ type: 'material-added', actor: { id: addedBy, unit }, data: { to: readers, id, name, ...(filedAs !== undefined && { filedAs }), type, size, hash } }], requestHash, { via: client })
      await client.query('UPDATE material SET waiting = NULL, added_at = $2 WHERE id = $1', [id, event!.at])
    })
  }
}

/** Materials of a case, oldest first; to an enterprise, those that its own people have added or that were added for it. */
export async function listMaterials(via: Queryable, who: Who, caseNo: string): Promise<Material[]> {
  const { rows } = await via.query(`SELECT ${COLUMNS} FROM material WHERE case_no = $1 AND ($2::text IS NULL OR enterprise_id = $2 OR readers = 'applicant') ORDER BY added_at, id`, [caseNo, who.enterprise])
  return rows
}

/**
 * One of them with its content.
 * @throws Altered when the content is not what the case's event says was added
 */
export async function findMaterial(via: Queryable, who: Who, caseNo: string, id: string, dir?: string): Promise<Material & { content: Buffer } | undefined> {
  const { rows: [row] } = await via.query(`SELECT ${COLUMNS}, content FROM material WHERE case_no = $1 AND id = $3 AND ($2::text IS NULL OR enterprise_id = $2 OR readers = 'applicant')`, [caseNo, who.enterprise, id])
  if (!row) return undefined
  const content: Buffer = row.content ?? await readFile(join(dir ?? '', row.id))
  // The row could have been changed together with the content; the event could not, without its chain.
  const { rows: [event] } = await via.query(`SELECT data->>'hash' AS hash FROM case_event WHERE case_no = $1 AND type = 'material-added' AND data->>'id' = $2`, [caseNo, id])
  if (sha256(content) !== (event?.hash ?? row.hash)) throw new Altered()
  return { ...row, content }
}

/** A material that is not what the record says was added. */
export class Altered extends Error {
  constructor() { super('a material is not what was added') }
}

/** What of the materials is not as the cases' events have it: by case and material, never by name. */
export async function findAltered(via: Queryable, dir?: string): Promise<{ caseNo: string, id: string, is: 'missing' | 'unrecorded' | 'different' | 'altered' }[]> {
  const { rows } = await via.query(`SELECT coalesce(e.case_no, m.case_no) AS "caseNo", coalesce(e.id, m.id) AS id, m.id AS found, e.hash, m.content_hash AS "contentHash",
      e.case_no IS NULL AS unrecorded, e.case_no = m.case_no AND e.hash = m.hash AND e.size = m.size AND e.name = m.name AND e.type = m.type AND e.readers = m.readers AS same
    FROM (SELECT case_no, data->>'id' AS id, data->>'hash' AS hash, (data->>'size')::int AS size, data->>'name' AS name, data->>'type' AS type, data->>'to' AS readers
      FROM case_event WHERE type = 'material-added') e
    FULL JOIN (SELECT id, case_no, hash, size, name, type, readers, encode(sha256(content), 'hex') AS content_hash FROM material WHERE waiting IS NULL) m USING (id) ORDER BY 1, 2`)
  const found = []
  for (const { caseNo, id, found: row, hash, contentHash, unrecorded, same } of rows) {
    const is = row === null ? 'missing' : unrecorded ? 'unrecorded' : !same ? 'different' : (contentHash ?? await hashOnDisk(dir, id)) !== hash ? 'altered' : null
    if (is !== null) found.push({ caseNo, id, is } as const)
  }
  return found
}

const hashOnDisk = (dir: string | undefined, id: string) => readFile(join(dir ?? '', id)).then(sha256, () => null)

/** It follows from what is asked, so that a second run finds the same file. */
const materialId = (caseNo: string, key: string) => sha256(Buffer.from(`${caseNo}/${key}`)).slice(0, 32)
const tooMany = () => new Refused('action-not-allowed', `一个案件最多 ${maxPerCase} 份材料`)
const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex')
