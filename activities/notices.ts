/** Delivery of notices outside the system, one workflow each. */
import { ApplicationFailure, Context } from '@temporalio/activity'
import { hrefOf } from '../db/notices/messages.ts'
import { appendEvents } from '../db/record/record.ts'
import { inTransaction, type Db } from '../db/connect.ts'
import type { NoticeActivities } from '../workflows/kit/activities.ts'
import { PermanentDeliveryError, TransientDeliveryError, type Notifier } from './notifiers/types.ts'
import { sendSigned } from './notifiers/webhook.ts'

/** `publicUrl`: how people reach the workbench. */
export interface NoticeDeps { db: Db, publicUrl: string, email?: Notifier, webhook: Notifier }

/** Makes the activities that deliver notices. */
export function createNoticeActivities({ db, publicUrl, email, webhook }: NoticeDeps): NoticeActivities {
  return {
    async deliver(id) {
      const { rows: [row] } = await db.pool.query('SELECT n.channel, n.address, n.person_id, p.email, n.case_no, n.task_id, n.href, n.title, n.body, n.state, c.restricted FROM notice n LEFT JOIN case_file c USING (case_no) LEFT JOIN person p ON p.id = n.person_id AND p.active WHERE n.id = $1', [id])
      if (!row || row.state === 'done') return
      const signal = Context.current().cancellationSignal
      try {
        if (row.channel === 'system') {
          const { rows: [system] } = await db.pool.query('SELECT url, secrets FROM outside_system WHERE id = $1', [row.address])
          if (!system) throw new PermanentDeliveryError('unknown-destination')
          await sendSigned({ url: system.url, secret: system.secrets[0], id, payload: { ...JSON.parse(row.body), type: row.title, id }, signal })
        } else {
          const notifier = row.channel === 'email' ? email : webhook
          if (!notifier) throw new PermanentDeliveryError('unknown-destination')
          // Where it goes is read when it goes: the address may have been corrected since.
          const to = row.person_id === null ? row.address : row.email
          if (!to) throw new PermanentDeliveryError('no-address')
          // A task's id names its step: of a restricted case the workbench finds the reader's task by the number.
          const url = new URL(row.href ?? hrefOf(row.case_no, row.restricted ? null : row.task_id), publicUrl).href
          const body = row.channel === 'email' ? mailText(row.body, row.case_no, url) : row.body
          await notifier.deliver({ id, channel: row.channel, to, title: row.title, body, data: { ...(row.case_no !== null && { caseNo: row.case_no }), url } }, signal)
        }
      } catch (e) {
        if (e instanceof TransientDeliveryError && e.retryAfterMs) throw ApplicationFailure.create({ message: e.message, type: e.name, nextRetryDelay: e.retryAfterMs })
        throw e
      }
      await db.pool.query(`UPDATE notice SET state = 'done', done_at = now(), failure = null WHERE id = $1`, [id])
    },
    async giveUp(id, failure) {
      await inTransaction(db, async (client) => {
        const { rows: [row] } = await client.query(`UPDATE notice SET state = 'failed', failure = $2 WHERE id = $1 AND state IN ('pending', 'sending') RETURNING case_no, channel, attempt`, [id, failure])
        if (!row) return
        // What belongs to no case is seen in the list of failed notices.
        if (row.case_no !== null) await appendEvents(db, row.case_no, `notice-failed/${id}/${row.attempt}`, () => [{ type: 'notice-failed', actor: null, data: { notice: id, channel: row.channel, failure } }], null, { via: client })
      })
    },
  }
}

/** What an e-mail says: the notice, the number of the case, where there is one, and where it is shown. */
const mailText = (body: string, caseNo: string | null, url: string) => `${body}

${caseNo === null ? '' : `案件编号：${caseNo}\n`}查看办理：${url}

本邮件由系统发出，请勿回复；登录后才能看到${caseNo === null ? '内容' : '案件'}。
`
