/** Running deadlines computed anew after the calendar changed: what is to be looked at, how far it has come, and what moved. */
import { randomUUID } from 'node:crypto'
import { inTransaction, type Db, type Queryable } from '../connect.ts'
import type { CaseEvent } from '../../model/events.ts'
import { replannedUnder } from '../record/record.ts'

/** One recount as it stands; `waiting`: open cases whose workflow has not answered yet. */
export interface Recount { id: string, year: number, by: string, at: Date, looked: number, moved: number, waiting: number, doneAt: Date | null }

/** A deadline that was moved: of a task, by its id, or of a whole case, by its number. */
export interface Move { id: string, caseNo: string, from: Date, to: Date }

/** Has the deadlines that a year concerns computed again; answers with the recount's id. */
export async function askRecount(via: Queryable, by: string, year: number): Promise<string> {
  const id = randomUUID()
  await via.query('INSERT INTO recount (id, year, by) VALUES ($1, $2, $3)', [id, year, by])
  return id
}

/** The last recounts, the latest first. */
export async function listRecounts(via: Queryable, limit: number): Promise<Recount[]> {
  const { rows } = await via.query(`SELECT id, year, by, at, looked, cardinality(waiting) AS waiting, done_at AS "doneAt",
    (SELECT count(DISTINCT case_no)::int FROM recount_move WHERE recount_id = r.id) AS moved FROM recount r ORDER BY at DESC, id LIMIT $1`, [limit])
  return rows
}

/** What a recount has moved, what is due first before the rest; after a position in that order. */
export async function listMoves(via: Queryable, recount: string, after: { at: Date, id: string } | undefined, limit: number): Promise<Move[]> {
  const { rows } = await via.query(`SELECT id, case_no AS "caseNo", from_at AS "from", to_at AS "to" FROM recount_move
    WHERE recount_id = $1 AND ($2::timestamptz IS NULL OR (to_at, id) > ($2, $3)) ORDER BY to_at, id LIMIT $4`, [recount, after?.at ?? null, after?.id ?? '', limit])
  return rows
}

/**
 * Open cases after one, in the order of their numbers, with a deadline that the year concerns: one that rests on a year not announced,
 * or that runs in it or up to a month before, so that its cards may fall into it.
 */
async function listConcerned(via: Queryable, year: number, after: string, limit: number): Promise<string[]> {
  const concerned = `deadline @> '{"provisional": true}' OR due_at >= $1 AND begun < $2`
  const { rows } = await via.query(`SELECT case_no FROM case_file c WHERE status <> 'closed' AND case_no > $3 AND (${concerned.replace('begun', 'opened_at')} OR EXISTS (
    SELECT FROM task t WHERE t.case_no = c.case_no AND t.status IN ('open', 'claimed') AND (${concerned.replaceAll(/deadline|due_at/g, 't.$&').replace('begun', 't.created_at')}))) ORDER BY case_no LIMIT $4`,
  [`${year - 1}-12-01T00:00:00+08:00`, `${year + 1}-01-01T00:00:00+08:00`, after, limit])
  return rows.map((row: { case_no: string }) => row.case_no)
}

/**
 * Takes an unfinished recount a step further, one with cases still to be looked at before one that only waits for an answer: `replan` is asked for each of its next cases and answers once it is recorded.
 * What it moved is written down with the step, so that a step that was cut off is taken again and changes nothing twice. Answers
 * whether there is more to do at once; where another process is at it, there is not.
 */
export async function recountStep(db: Db, replan: (recount: string, caseNo: string) => Promise<void>, batch: number, keyOf: (recount: string) => string): Promise<boolean> {
  return inTransaction(db, async (client) => {
    const { rows: [row] } = await client.query('SELECT id, year, cursor, waiting FROM recount WHERE done_at IS NULL ORDER BY cursor IS NULL, at, id LIMIT 1 FOR UPDATE SKIP LOCKED')
    if (!row) return false
    const { id, year, cursor, waiting } = row as { id: string, year: number, cursor: string | null, waiting: string[] }
    const fresh = cursor === null ? [] : await listConcerned(client, year, cursor, batch)
    const asked = cursor === null ? await stillOpen(client, waiting) : fresh
    const answers = await Promise.all(asked.map(caseNo => replan(id, caseNo).then(() => true, () => false)))
    const failed = asked.filter((_, i) => !answers[i])
    const moves = await replannedUnder(client, asked, keyOf(id))
    await client.query(`INSERT INTO recount_move (recount_id, id, case_no, from_at, to_at)
      SELECT $1, * FROM unnest($2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[]) ON CONFLICT DO NOTHING`, [id, ...columnsOf(moves.filter(isMove))])
    const isLast = cursor === null || fresh.length < batch
    const left = cursor === null ? failed : [...waiting, ...failed]
    await client.query(`UPDATE recount SET cursor = $2, waiting = $3, looked = looked + $4, done_at = CASE WHEN $5 THEN now() END WHERE id = $1`,
      [id, isLast ? null : fresh.at(-1), left, cursor === null ? 0 : fresh.length, isLast && left.length === 0])
    return !isLast
  })
}

type Replanned = CaseEvent & { type: 'deadline-replanned' }
const isMove = ({ data }: Replanned) => data.from !== data.deadline.dueAt
const columnsOf = (moves: Replanned[]) => [moves.map(e => e.data.clock === 'case' ? e.caseNo : e.data.clock), moves.map(e => e.caseNo), moves.map(e => e.data.from), moves.map(e => e.data.deadline.dueAt)]

async function stillOpen(via: Queryable, caseNos: string[]): Promise<string[]> {
  const { rows } = await via.query(`SELECT case_no FROM case_file WHERE case_no = ANY($1) AND status <> 'closed'`, [caseNos])
  return rows.map((row: { case_no: string }) => row.case_no)
}
