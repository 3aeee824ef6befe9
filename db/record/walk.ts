/** Walks the whole record case by case, as of one instant and in batches, so that a million events pass through little memory. */
import type { PoolClient } from 'pg'
import type { Db } from '../connect.ts'
import type { CaseEvent } from '../../model/events.ts'
import type { CaseRow, DocumentRow, TaskRow } from '../../model/state.ts'
import { fromJson, toEvent } from './record.ts'
import { caseFile, document, task } from '../schema.ts'

/** A case as it is recorded, and as the read tables have it; without events where only the read tables know of it. */
export interface RecordedCase { caseNo: string, events: CaseEvent[], file: CaseRow | null, tasks: TaskRow[], documents: DocumentRow[] }

const BATCH = 1_000

/** Every case in the order of its number, and then what stands in the read tables without any event. */
export async function* walkCases(db: Db): AsyncGenerator<RecordedCase> {
  const client = await db.pool.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    yield* recorded(client)
    yield* unrecorded(client)
  } finally {
    await client.query('ROLLBACK').catch(() => {})
    client.release()
  }
}

async function* recorded(client: PoolClient): AsyncGenerator<RecordedCase> {
  await client.query('DECLARE walk NO SCROLL CURSOR FOR SELECT * FROM case_event ORDER BY case_no, seq')
  let last: CaseEvent[] = []
  for (;;) {
    const { rows } = await client.query(`FETCH ${BATCH} FROM walk`)
    const cases = new Map<string, CaseEvent[]>()
    for (const e of rows.map(toEvent)) {
      // The last case of a batch may go on in the next.
      if (last.length > 0 && last[0]!.caseNo !== e.caseNo) {
        cases.set(last[0]!.caseNo, last)
        last = []
      }
      last.push(e)
    }
    if (rows.length === 0 && last.length > 0) cases.set(last[0]!.caseNo, last)
    yield* withReadTables(client, cases)
    if (rows.length === 0) return
  }
}

async function* unrecorded(client: PoolClient): AsyncGenerator<RecordedCase> {
  const { rows } = await client.query(`SELECT case_no FROM case_file UNION SELECT case_no FROM task UNION SELECT case_no FROM document EXCEPT SELECT case_no FROM case_event ORDER BY 1`)
  yield* withReadTables(client, new Map(rows.map((r: { case_no: string }) => [r.case_no, []])))
}

async function* withReadTables(client: PoolClient, cases: Map<string, CaseEvent[]>): AsyncGenerator<RecordedCase> {
  if (cases.size === 0) return
  const { rows } = await client.query(`SELECT no, (SELECT to_jsonb(c) FROM case_file c WHERE c.case_no = no) AS file,
    (SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') FROM task t WHERE t.case_no = no) AS tasks,
    (SELECT coalesce(jsonb_agg(to_jsonb(d)), '[]') FROM document d WHERE d.case_no = no) AS documents FROM unnest($1::text[]) WITH ORDINALITY AS u (no, nth) ORDER BY nth`, [[...cases.keys()]])
  for (const { no, file, tasks, documents } of rows) {
    yield {
      caseNo: no, events: cases.get(no)!, file: file && fromJson(caseFile, file),
      tasks: tasks.map((t: unknown) => fromJson(task, t)), documents: documents.map((d: unknown) => fromJson(document, d)),
    }
  }
}
