/** Notices as people read them, and the outside ones that were given up. */
import { inTransaction, type Db, type Queryable } from '../connect.ts'
import type { NoticeRow } from './notices.ts'
import { appendEvents, fromJson } from '../record/record.ts'
import { Refused } from '../../model/refused.ts'
import { notice } from '../schema.ts'
import type { Actor } from '../../model/types.ts'

/** Which page: newest first, after this row; of one case, or all. */
export interface InboxQuery { unread: boolean, caseNo?: string | undefined, after?: { at: Date, id: string } | undefined, limit: number }

/** A page of somebody's inbox and one row more, where there is one. */
export async function listInbox(via: Queryable, personId: string, { unread, caseNo, after, limit }: InboxQuery): Promise<NoticeRow[]> {
  const { rows } = await via.query({
    name: unread ? 'inbox-unread' : 'inbox', values: [personId, after?.at ?? null, after?.id ?? null, limit + 1, caseNo ?? null],
    text: `SELECT to_jsonb(n) AS row FROM notice n WHERE channel = 'inbox' AND person_id = $1 ${unread ? 'AND read_at IS NULL' : ''} AND ($5::text IS NULL OR case_no = $5)
      AND (created_at, id) < (coalesce($2::timestamptz, 'infinity'), coalesce($3, '')) ORDER BY created_at DESC, id DESC LIMIT $4`,
  })
  return rows.map(r => fromJson(notice, r.row))
}

/** How many notices somebody has not read. */
export async function countUnread(via: Queryable, personId: string): Promise<number> {
  const { rows } = await via.query({ name: 'unread', text: `SELECT count(*)::int AS n FROM notice WHERE channel = 'inbox' AND person_id = $1 AND read_at IS NULL`, values: [personId] })
  return rows[0].n
}

/** Marks a notice of somebody's inbox as read, the first time only; undefined when it is not there. */
export async function markRead(via: Queryable, personId: string, id: string): Promise<NoticeRow | undefined> {
  const { rows } = await via.query({
    name: 'mark-read', text: `UPDATE notice n SET read_at = coalesce(read_at, now()) WHERE id = $2 AND channel = 'inbox' AND person_id = $1 RETURNING to_jsonb(n) AS row`, values: [personId, id],
  })
  return rows[0] && fromJson(notice, rows[0].row)
}

/** Marks all of somebody's unread notices as read; answers how many. */
export async function markAllRead(via: Queryable, personId: string): Promise<number> {
  // In the order in which those lock them who count up bundles.
  const { rowCount } = await via.query({
    name: 'mark-all-read', values: [personId],
    text: `UPDATE notice SET read_at = now() WHERE id IN (SELECT id FROM notice WHERE channel = 'inbox' AND person_id = $1 AND read_at IS NULL ORDER BY bundle COLLATE "C" FOR UPDATE)`,
  })
  return rowCount ?? 0
}

/** A notice that was given up, without its content: whoever mends the channel need not know what it said. */
export interface FailedNotice {
  id: string
  /** Null for a restricted case, which is listed nowhere, and for what is about none. */
  caseNo: string | null
  channel: NoticeRow['channel']
  /** Person, outside system or address of a webhook. */
  recipient: string
  failure: string
  attempt: number
  createdAt: Date
}

const FAILED = `SELECT n.id, CASE WHEN c.restricted THEN NULL ELSE n.case_no END AS "caseNo", n.channel, coalesce(p.name, s.name, w.url, n.address) AS recipient,
  coalesce(n.failure, '') AS failure, n.attempt, n.created_at AS "createdAt"
  FROM notice n LEFT JOIN case_file c USING (case_no) LEFT JOIN person p ON p.id = n.person_id LEFT JOIN outside_system s ON n.channel = 'system' AND s.id = n.address LEFT JOIN webhook_destination w ON n.channel = 'webhook' AND w.id = n.address`

/** A page of the outside notices that were given up, newest first, and one row more, where there is one. */
export async function listFailed(via: Queryable, { after, limit }: Omit<InboxQuery, 'unread' | 'caseNo'>): Promise<FailedNotice[]> {
  const { rows } = await via.query({
    name: 'failed-notices', values: [after?.at ?? null, after?.id ?? null, limit + 1],
    text: `${FAILED} WHERE n.state = 'failed' AND (n.created_at, n.id) < (coalesce($1::timestamptz, 'infinity'), coalesce($2, '')) ORDER BY n.created_at DESC, n.id DESC LIMIT $3`,
  })
  return rows
}

/** Puts a notice that was given up back into the outbox, and notes that on its case, where it has one. @throws Refused */
export async function retryNotice(db: Db, actor: Actor, id: string): Promise<FailedNotice> {
  return inTransaction(db, async (client) => {
    const { rows: [known] } = await client.query(`SELECT case_no, state, attempt FROM notice WHERE id = $1 AND channel <> 'inbox' FOR UPDATE`, [id])
    if (!known) throw new Refused('not-found', '没有这条通知')
    if (known.state !== 'failed') throw new Refused('action-not-allowed', '这条通知没有投递失败，无须重发')
    await client.query(`UPDATE notice SET state = 'pending', attempt = attempt + 1 WHERE id = $1`, [id])
    if (known.case_no !== null) await appendEvents(db, known.case_no, `notice-retried/${id}/${known.attempt + 1}`, () => [{ type: 'notice-retried', actor, data: { notice: id } }], null, { via: client })
    return (await client.query(`${FAILED} WHERE n.id = $1`, [id])).rows[0]
  })
}
