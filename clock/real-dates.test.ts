import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readCalendarFile } from './calendar-file.ts'
import { makeCalendar } from './calendar.ts'
import { extendDeadline, planDeadline } from './deadline.ts'
import { explainDeadline } from './explain.ts'
import { planLadder } from './ladder.ts'
import { LADDERS } from './ladders.ts'
import type { Clock, ClockUnit } from './types.ts'

/** One date of one procedure's clocks, worked out by hand and again by another program: rule, start, due and why. */
interface RealDate {
  procedure: string, task: string, rule: string, why: string
  /** None for one that is counted back from a date. */
  start?: string
  clock: Omit<Clock, 'source'>
  extension?: { n: number, unit?: ClockUnit, at: string }
  due: string, provisional: boolean
}

const dates = JSON.parse(readFileSync(new URL('real-dates.json', import.meta.url), 'utf8')) as RealDate[]
const calendar = makeCalendar(readCalendarFile().years)

test.each(dates)('$procedure, $task from $start: due $due ($why)', ({ rule, start, clock, extension, due, provisional }) => {
  // What is due by a date may start at any time before it.
  const planned = planDeadline({ ...clock, source: rule }, start ?? `${Number(clock.date!.slice(0, 4)) - 1}-06-01T09:00:00+08:00`, calendar)
  const d = extension ? extendDeadline(planned, { unit: clock.unit, ...extension, reason: '案情复杂', by: 'office-1' }, calendar) : planned
  expect(d).toMatchObject({ dueAt: due, provisional })
  expect(explainDeadline(d).lines.at(-1)).toMatch(/到期：/)
  expect(planLadder(d, LADDERS[clock.unit], calendar).map(({ rung }) => rung)).toEqual(expect.arrayContaining(['yellow', 'red', 'leader']))
})
