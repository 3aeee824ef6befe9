import { proxyActivities } from '@temporalio/workflow'
import type { CalendarActivities } from './activities.ts'

const { openDue } = proxyActivities<CalendarActivities>({ startToCloseTimeout: '5m', retry: { maximumInterval: '5m' } })

/** Opens what recurs of a procedure and is due by today, batch after batch. Fired daily by a Schedule; run twice it opens nothing twice. */
export async function openRecurring(procedure: string): Promise<void> {
  while (await openDue(procedure)) { /* The record knows how far it has come. */ }
}
