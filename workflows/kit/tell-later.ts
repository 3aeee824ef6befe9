import { proxyLocalActivities, sleep, workflowInfo } from '@temporalio/workflow'
import type { CaseActivities } from './activities.ts'
import type { Told } from './types.ts'

const record = proxyLocalActivities<CaseActivities>({ startToCloseTimeout: '30s', localRetryThreshold: '5m', retry: { maximumInterval: '10s' } })

/** Waits for an instant, months if need be, and then tells what it was given, on the case's record. */
export async function tellLater(caseNo: string, at: string, what: Told): Promise<void> {
  await sleep(Math.max(1, Date.parse(at) - Date.now()), { summary: what.title })
  await record.advance(caseNo, [{ key: workflowInfo().workflowId, drafts: [what] }])
}
