/** The baseline: a workflow that waits for one Update per task and does nothing else. */
import { condition, defineUpdate, setHandler } from '@temporalio/workflow'

export const opened = defineUpdate<void, []>('opened')
export const complete = defineUpdate<number, [number]>('complete')

/** Waits for `tasks` completions, one after the other. */
export async function bare(tasks: number): Promise<number> {
  let done = 0
  setHandler(opened, () => {})
  setHandler(complete, task => done = task)
  for (let task = 1; task <= tasks; task++) await condition(() => done >= task)
  return done
}

/** One timer that fires at an instant: what an escalation costs Temporal alone. */
export async function bareTimer(at: number): Promise<number> {
  await condition(() => false, Math.max(1, at - Date.now()))
  return Date.now()
}
