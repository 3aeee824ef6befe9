/** The rules in force: a procedure's policy with its overrides, and the calendar. */
import type { Calendar } from '../clock/calendar.ts'
import { LADDERS } from '../clock/ladders.ts'
import type { Clock, Ladder } from '../clock/types.ts'
import type { Policy, TaskPolicy } from '../model/policy.ts'

/** What a deadline is computed from. */
export interface Rules { policy: Policy, calendar: Calendar }

/** Picks the clock to run by: the only one, the one named, or one given outright. */
export function chooseClock(clock: Clock | Record<string, Clock>, choice: string | Clock | undefined): Clock {
  if (typeof choice === 'object') return choice
  if (isClock(clock)) return clock
  const chosen = choice === undefined ? Object.values(clock)[0] : clock[choice]
  if (!chosen) throw new Error(`no clock named ${choice}`)
  return chosen
}

const isClock = (c: Clock | Record<string, Clock>): c is Clock => typeof c.n === 'number'

/** The ladder of a task or case: its policy's own, else the one of the clock's unit. */
export const ladderFor = (policy: { ladder?: Ladder }, clock: Clock): Ladder => policy.ladder ?? LADDERS[clock.unit]

/** The policy of a task; `approve-extension` is the kit's own and the same for every procedure. */
export function taskPolicy(policy: Policy, name: string): TaskPolicy {
  const found = name === 'approve-extension' ? APPROVE_EXTENSION : policy.tasks[name]
  if (!found) throw new Error(`${policy.key} has no task ${name}`)
  return found
}

/** An extension is approved by somebody else: a leader of the unit that asks. */
const APPROVE_EXTENSION: TaskPolicy = {
  title: '审批延期', unit: '', role: 'unit-leader', clock: { n: 1, unit: 'workday', source: '[C] 延期审批1个工作日' },
}
