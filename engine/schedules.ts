/** The Schedules by which Temporal opens what recurs: one for each procedure that does, none for others. */
import { ScheduleNotFoundError, type Client, type ScheduleOptions } from '@temporalio/client'
import type { Policy } from '../model/policy.ts'

const PREFIX = 'recurs-'

/**
 * Makes or updates the Schedule of every procedure that recurs, removes those of others, and fires each once: what was missed while
 * nobody worked is made up for now. The day is asked of the calendar when it fires, for a Schedule knows no 调休.
 */
export async function keepSchedules({ schedule }: Client, taskQueue: string, policies: Iterable<Policy>): Promise<void> {
  const wanted = new Map([...policies].filter(({ recurs }) => recurs).map(policy => [PREFIX + policy.key, optionsFor(policy, taskQueue)]))
  for await (const { scheduleId } of schedule.list()) {
    if (scheduleId.startsWith(PREFIX) && !wanted.has(scheduleId)) await schedule.getHandle(scheduleId).delete()
  }
  for (const [scheduleId, options] of wanted) {
    const handle = schedule.getHandle(scheduleId)
    const isThere = await handle.describe().then(() => true, (e: unknown) => { if (!(e instanceof ScheduleNotFoundError)) throw e; return false })
    // Of two workers that start at once one is later: it finds what the other has made.
    if (!isThere) await schedule.create({ scheduleId, ...options }).catch(async () => { await handle.describe() })
    else await handle.update(({ state }) => ({ ...options, state }))
    await handle.trigger('SKIP')
  }
}

/** Missed for a day it still fires; after a longer outage one firing makes up for all. */
function optionsFor({ key, title }: Policy, taskQueue: string): Pick<ScheduleOptions, 'spec' | 'policies'> & { action: { type: 'startWorkflow', workflowType: string, workflowId: string, taskQueue: string, args: string[], staticSummary: string } } {
  return {
    spec: { calendars: [{ hour: 0, minute: 5, comment: '每日 00:05' }], timezone: 'Asia/Shanghai' },
    action: { type: 'startWorkflow', workflowType: 'openRecurring', workflowId: `recurs-${key}`, taskQueue, args: [key], staticSummary: `按计划开立：${title}` },
    policies: { overlap: 'SKIP', catchupWindow: '1 day' },
  }
}
