import { ActivityFailure, proxyActivities, proxyLocalActivities } from '@temporalio/workflow'
import type { NoticeActivities } from './activities.ts'

// A dead receiver is tried for three days before somebody has to look; a slow one never holds a case up.
const outside = proxyActivities<Pick<NoticeActivities, 'deliver'>>({
  startToCloseTimeout: '1m', scheduleToCloseTimeout: '3d',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1h', nonRetryableErrorTypes: ['PermanentDeliveryError'] },
})
const record = proxyLocalActivities<Pick<NoticeActivities, 'giveUp'>>({ startToCloseTimeout: '30s', retry: { maximumInterval: '10s' } })

/** Delivers one notice outside the system; its id is the workflow's, so a notice is never delivered by two. */
export async function deliverNotice(noticeId: string): Promise<'delivered' | 'given-up'> {
  try {
    await outside.deliver(noticeId)
    return 'delivered'
  } catch (e) {
    if (!(e instanceof ActivityFailure)) throw e
    await record.giveUp(noticeId, e.cause?.message ?? e.message)
    return 'given-up'
  }
}
