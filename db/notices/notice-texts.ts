/** Notices' texts as an administrator has changed them, by procedure and kind; they hold for notices written later. */
import { logChange } from '../directory/admin.ts'
import { inTransaction, type Db, type Queryable } from '../connect.ts'
import type { NoticeKind, Text } from './messages.ts'
import { Refused } from '../../model/refused.ts'

/** A changed text, and how it came to be. */
export interface ChangedText extends Text { procedure: string, kind: NoticeKind, reason: string, changedBy: string, changedAt: Date }

/** A procedure's changed texts, by kind. */
export async function findTexts(via: Queryable, procedure: string): Promise<Record<string, Text>> {
  const { rows } = await via.query({ name: 'notice-texts', text: 'SELECT kind, title, body FROM notice_text WHERE procedure = $1', values: [procedure] })
  return Object.fromEntries(rows.map((row: ChangedText) => [row.kind, row]))
}

const TEXT = 'SELECT procedure, kind, title, body, reason, changed_by AS "changedBy", changed_at AS "changedAt" FROM notice_text'

/** All changed texts. */
export async function listTexts(via: Queryable): Promise<ChangedText[]> {
  return (await via.query(TEXT)).rows
}

/** Puts a text in the place of the one that was there. */
export async function saveText(db: Db, { procedure, kind, title, body, reason, changedBy }: Omit<ChangedText, 'changedAt'>): Promise<void> {
  await inTransaction(db, async (client) => {
    const { rows: [before] } = await client.query(`${TEXT} WHERE procedure = $1 AND kind = $2 FOR UPDATE`, [procedure, kind])
    await client.query(`INSERT INTO notice_text (procedure, kind, title, body, reason, changed_by) VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (procedure, kind) DO UPDATE SET title = excluded.title, body = excluded.body, reason = excluded.reason, changed_by = excluded.changed_by, changed_at = now()`,
    [procedure, kind, title, body, reason, changedBy])
    await logChange(client, changedBy, `notice-texts/${procedure}/${kind}`, before ?? null, { title, body, reason })
  })
}

/** Brings the standard text back. @throws Refused */
export async function removeText(db: Db, by: string, procedure: string, kind: NoticeKind): Promise<void> {
  await inTransaction(db, async (client) => {
    const { rows: [before] } = await client.query(`${TEXT} WHERE procedure = $1 AND kind = $2 FOR UPDATE`, [procedure, kind])
    if (!before) throw new Refused('not-found', '该通知现在用的就是标准文字')
    await client.query('DELETE FROM notice_text WHERE procedure = $1 AND kind = $2', [procedure, kind])
    await logChange(client, by, `notice-texts/${procedure}/${kind}`, before, null)
  })
}
