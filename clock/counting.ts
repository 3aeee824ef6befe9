import type { Temporal } from 'temporal-polyfill'
import type { Calendar } from './calendar.ts'
import { ClockError } from './clock-error.ts'
import type { Clock, Span } from './types.ts'
import { timeOn } from './zone.ts'

/** Tells days off, and remembers whether it had to guess. */
export interface DaysOff {
  includes(date: Temporal.PlainDate): boolean
  /** Whether a year was asked for that is not announced. */
  guessed(): boolean
}

export function daysOff(calendar: Calendar): DaysOff {
  let guessed = false
  return {
    includes(day) {
      const date = day.toString()
      guessed ||= !calendar.isAnnounced(date)
      return !calendar.isWorkday(date)
    },
    guessed: () => guessed,
  }
}

/** Where a count ends. */
export interface End {
  due: Temporal.ZonedDateTime
  /** The date on which the count ran out, before it rolled forward. */
  last: Temporal.PlainDate
  skipped: string[]
}

/**
 * Counts a clock from an instant.
 * Hours and seconds run from that very instant, day and night. (刑诉法105 does not count the hour of the start:
 * counting from the instant is never later than that, so a custody clock errs towards the detained person.)
 * Days and workdays start on the next day and end with the last, at 23:59:59.
 * An end on a day off rolls forward to the next workday, except in custody.
 */
export function countFrom(start: Temporal.ZonedDateTime, clock: Omit<Clock, 'source'>, off: DaysOff): End {
  if (isNatural(clock)) {
    const due = start.add({ [`${clock.unit}s`]: clock.n })
    return { due, last: due.toPlainDate(), skipped: [] }
  }
  const skipped: string[] = []
  let last = start.toPlainDate()
  for (let left = clock.n; left > 0; ) {
    last = last.add({ days: 1 })
    if (clock.unit === 'workday' && off.includes(last)) skipped.push(last.toString())
    else left--
  }
  let day = last
  while (!clock.custody && off.includes(day)) {
    skipped.push(day.toString())
    day = day.add({ days: 1 })
  }
  return { due: timeOn(day, '23:59:59'), last, skipped }
}

/** How many days or workdays a clock in days counts after one date, up to and including another. */
export function countBetween(after: Temporal.PlainDate, until: Temporal.PlainDate, { unit }: Span, off: DaysOff): number {
  const days = Math.max(0, after.until(until).days)
  if (unit === 'day') return days
  return Array.from({ length: days }, (_, i) => after.add({ days: i + 1 })).filter((day) => !off.includes(day)).length
}

/** Whether a clock runs in natural time (hours, seconds) rather than by dates. */
export function isNatural({ unit }: Span): boolean {
  return unit === 'hour' || unit === 'second'
}

/** A longer span than this (in any unit) is a slip of the pen. */
const longest = 10_000

/** The span itself, when a rule may give it: a whole number, and not a slip of the pen. */
export function checkedSpan<S extends Span>(span: S): S {
  if (Number.isInteger(span.n) && span.n >= 1 && span.n <= longest) return span
  throw new ClockError('bad-clock', `时限应为 1 至 ${longest} 的整数`)
}
