import type { Temporal } from 'temporal-polyfill'
import type { Calendar } from './calendar.ts'
import { ClockError } from './clock-error.ts'
import type { Clock, Period, Roll, Span } from './types.ts'
import { parseDate, timeOn } from './zone.ts'

/** Tells days off, and remembers where it had to guess. */
export interface DaysOff {
  includes(date: Temporal.PlainDate): boolean
  /** The years that were asked for and are not announced. */
  guessed(): string[]
}

export function daysOff(calendar: Calendar): DaysOff {
  const guessed = new Set<string>()
  return {
    includes(day) {
      const date = day.toString()
      if (!calendar.isAnnounced(date)) guessed.add(date.slice(0, 4))
      return !calendar.isWorkday(date)
    },
    guessed: () => [...guessed].sort(),
  }
}

/** Where a count ends. */
export interface End {
  due: Temporal.ZonedDateTime
  /** The date on which the count ran out, before it rolled forward. */
  last: Temporal.PlainDate
  skipped: string[]
}

/** The clock of a deadline's own count; the kinds of date that only its first count has (`before`) play no part in an extension. */
type Count = Omit<Clock, 'source'>

/**
 * Counts a clock from an instant.
 * Hours and seconds run from that very instant, day and night. (刑诉法105 does not count the hour of the start:
 * counting from the instant is never later than that, so a custody clock errs towards the detained person.)
 * Days and workdays start on the next day and end with the last, at 23:59:59; months and years on the corresponding day
 * (see `Clock.monthEnds`). An end on a day off rolls as the clock says.
 */
export function countFrom(start: Temporal.ZonedDateTime, clock: Count, off: DaysOff): End {
  if (isNatural(clock)) {
    const due = start.add({ [`${clock.unit}s`]: clock.n })
    return { due, last: due.toPlainDate(), skipped: [] }
  }
  const { last, skipped } = isOfMonths(clock) ? { last: addMonths(start.toPlainDate(), clock, 1), skipped: [] } : walk(start.toPlainDate(), clock, 1, off)
  return roll(last, skipped, rollOf(clock), off)
}

/** Counts a clock backwards from its date: `n` before it, the date itself not counted. It ends with that day, and rolls only if it says so. */
export function countBack(clock: Count & { date: string }, off: DaysOff): End {
  const date = parseDate(clock.date)
  const { last, skipped } = isOfMonths(clock) ? { last: addMonths(date, clock, -1), skipped: [] } : walk(date, clock, -1, off)
  return roll(last, skipped, rollOf(clock), off)
}

/** The same day that many days later, rolled anew: what a pause does to a clock in months, years or by a date. */
export function shift({ last, skipped }: End, days: number, clock: Count, off: DaysOff): End {
  return roll(last.add({ days }), skipped.filter(date => date <= last.toString()), rollOf(clock), off)
}

/** The last day of the period that a date lies in. */
export function lastDayOf(period: Period, date: Temporal.PlainDate): Temporal.PlainDate {
  const month = { month: date.month, quarter: Math.ceil(date.month / 3) * 3, year: 12 }[period]
  return lastOfMonth(date.with({ day: 1, month }))
}

/** What a clock's last day does when it is a day off. */
export function rollOf(clock: Pick<Clock, 'roll' | 'custody' | 'before'>): Roll {
  return clock.custody ? 'none' : clock.roll ?? (clock.before === undefined ? 'forward' : 'none')
}

function walk(from: Temporal.PlainDate, { n, unit }: Span, step: 1 | -1, off: DaysOff): { last: Temporal.PlainDate; skipped: string[] } {
  const skipped: string[] = []
  let last = from
  for (let left = n; left > 0; ) {
    last = last.add({ days: step })
    if (unit === 'workday' && off.includes(last)) skipped.push(last.toString())
    else left--
  }
  return { last, skipped }
}

function addMonths(from: Temporal.PlainDate, { n, unit, monthEnds }: Count, sign: 1 | -1): Temporal.PlainDate {
  const to = from.add({ months: sign * n * (unit === 'year' ? 12 : 1) })
  return monthEnds && from.equals(lastOfMonth(from)) ? lastOfMonth(to) : to
}

const lastOfMonth = (date: Temporal.PlainDate): Temporal.PlainDate => date.with({ day: date.daysInMonth })

function roll(last: Temporal.PlainDate, skipped: string[], by: Roll, off: DaysOff): End {
  const passed: string[] = []
  let day = last
  while (by !== 'none' && off.includes(day)) {
    passed.push(day.toString())
    day = day.add({ days: by === 'back' ? -1 : 1 })
  }
  return { due: timeOn(day, '23:59:59'), last, skipped: [...skipped, ...passed].sort() }
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

/** Whether a clock is counted by the calendar's months rather than day by day. */
export function isOfMonths({ unit }: Span): boolean {
  return unit === 'month' || unit === 'year'
}

/** A longer span than this (in any unit) is a slip of the pen. */
const longest = 10_000

/** The span itself, when a rule may give it: a whole number, and not a slip of the pen. 0 is for the date itself that a clock is counted back from. */
export function checkedSpan<S extends Span>(span: S & { before?: string }): S {
  const least = span.before === undefined ? 1 : 0
  if (Number.isInteger(span.n) && span.n >= least && span.n <= longest) return span
  throw new ClockError('bad-clock', `时限应为 ${least} 至 ${longest} 的整数`)
}
