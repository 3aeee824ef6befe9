/** Delivery of notices outside the system, one workflow each. */
import { ApplicationFailure, Context } from '@temporalio/activity'
import { appendEvents } from '../db/record/record.ts'
import { inTransaction, type Db } from '../db/connect.ts'
import type { NoticeActivities } from '../workflows/kit/activities.ts'
import { PermanentDeliveryError, TransientDeliveryError, type Notifier } from './notifiers/types.ts'
import { sendSigned } from './notifiers/webhook.ts'

export interface NoticeDeps { db: Db, email?: Notifier, webhook: Notifier }

/** Makes the activities that deliver notices. */
export function createNoticeActivities({ db, email, webhook }: NoticeDeps): NoticeActivities {
  return {
    async deliver(id) {
      const { rows: [row] } = await db.pool.query('SELECT channel, address, case_no, title, body, state FROM notice WHERE id = $1', [id])
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
          await notifier.deliver({ id, channel: row.channel, to: row.address, title: row.title, body: row.body, data: { caseNo: row.case_no } }, signal)
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
        await appendEvents(db, row.case_no, `notice-failed/${id}/${row.attempt}`, () => [{ type: 'notice-failed', actor: null, data: { notice: id, channel: row.channel, failure } }], null, { via: client })
      })
    },
  }
}
