/** Forms begun and not yet sent: kept for their author alone, so that nothing typed is lost. */
import type { Json } from '../model/types.ts'
import type { Queryable } from './connect.ts'

/** What a draft is for: an application (`caseNo` null), an action on a case (`taskId` null) or a task, or a form of administration (`place`, `procedure` null). */
export interface DraftSubject { procedure: string | null, caseNo: string | null, taskId: string | null, action: string | null, place: string | null }
export interface Draft extends DraftSubject { id: string, version: number, form: Record<string, Json>, savedAt: Date }

/** What was begun and never sent is forgotten. */
const keptDays = 90

const FIELDS = 'id, version, procedure, case_no AS "caseNo", task_id AS "taskId", action, place, form, saved_at AS "savedAt"'

interface Row extends DraftSubject { id: string, version: number, form: string, savedAt: Date }
const read = (row: Row): Draft => ({ ...row, form: JSON.parse(row.form) })

/** The drafts of a person, the newest first; of one procedure, about one case or of one form of administration only. */
export async function listDrafts(via: Queryable, personId: string, { procedure, caseNo, place }: { procedure?: string | undefined, caseNo?: string | undefined, place?: string | undefined }): Promise<Draft[]> {
  const { rows } = await via.query<Row>(`SELECT ${FIELDS} FROM draft WHERE person_id = $1 AND ($2::text IS NULL OR procedure = $2) AND ($3::text IS NULL OR case_no = $3) AND ($4::text IS NULL OR place = $4)
    ORDER BY saved_at DESC, id`, [personId, procedure, caseNo, place])
  return rows.map(read)
}

export async function findDraft(via: Queryable, personId: string, id: string): Promise<Draft | undefined> {
  const { rows: [row] } = await via.query<Row>(`SELECT ${FIELDS} FROM draft WHERE person_id = $1 AND id = $2`, [personId, id])
  return row && read(row)
}

/** Keeps a new draft as version 1; undefined when the person has one of that id. */
export async function addDraft(via: Queryable, personId: string, id: string, { procedure, caseNo, taskId, action, place }: DraftSubject, form: Draft['form']): Promise<Draft | undefined> {
  await via.query('DELETE FROM draft WHERE saved_at < now() - make_interval(days => $1)', [keptDays])
  const { rows: [row] } = await via.query<Row>(`INSERT INTO draft (person_id, id, version, procedure, case_no, task_id, action, place, form) VALUES ($1, $2, 1, $3, $4, $5, $6, $7, $8)
    ON CONFLICT DO NOTHING RETURNING ${FIELDS}`, [personId, id, procedure, caseNo, taskId, action, place, JSON.stringify(form)])
  return row && read(row)
}

/** Writes over the version that the writer has seen; undefined when it is another by now, or there is none. */
export async function changeDraft(via: Queryable, personId: string, id: string, seen: number, form: Draft['form']): Promise<Draft | undefined> {
  const { rows: [row] } = await via.query<Row>(`UPDATE draft SET form = $4, version = version + 1, saved_at = now() WHERE person_id = $1 AND id = $2 AND version = $3 RETURNING ${FIELDS}`, [personId, id, seen, JSON.stringify(form)])
  return row && read(row)
}

/** Forgets a draft; with `seen`, only as that version. Answers whether it is gone. */
export async function dropDraft(via: Queryable, personId: string, id: string, seen?: number): Promise<boolean> {
  await via.query('DELETE FROM draft WHERE person_id = $1 AND id = $2 AND version = coalesce($3, version)', [personId, id, seen])
  return (await findDraft(via, personId, id)) === undefined
}

/** Forgets what a person had begun to write for an action that they have now taken. */
export async function dropDraftsOf(via: Queryable, personId: string, taskId: string, action: string): Promise<void> {
  await via.query('DELETE FROM draft WHERE person_id = $1 AND task_id = $2 AND action = $3', [personId, taskId, action])
}
