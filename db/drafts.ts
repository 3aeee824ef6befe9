/** Applications begun and not yet filed: kept for their author alone, so that nothing typed is lost. */
import type { Json } from '../model/types.ts'
import type { Queryable } from './connect.ts'

export interface Draft { form: Record<string, Json>, savedAt: Date }

/** What was begun and never filed is forgotten. */
const keptDays = 90

export async function findDraft(via: Queryable, personId: string, procedure: string): Promise<Draft | undefined> {
  const { rows: [row] } = await via.query('SELECT form, saved_at AS "savedAt" FROM draft WHERE person_id = $1 AND procedure = $2', [personId, procedure])
  return row
}

export async function saveDraft(via: Queryable, personId: string, procedure: string, form: Draft['form']): Promise<Date> {
  await via.query('DELETE FROM draft WHERE saved_at < now() - make_interval(days => $1)', [keptDays])
  const { rows: [row] } = await via.query(`INSERT INTO draft (person_id, procedure, form) VALUES ($1, $2, $3)
    ON CONFLICT (person_id, procedure) DO UPDATE SET form = excluded.form, saved_at = now() RETURNING saved_at AS "savedAt"`, [personId, procedure, JSON.stringify(form)])
  return row.savedAt
}

export async function dropDraft(via: Queryable, personId: string, procedure: string): Promise<void> {
  await via.query('DELETE FROM draft WHERE person_id = $1 AND procedure = $2', [personId, procedure])
}
