/** What recurs by the calendar: which periods there are, and on which day what belongs to each is opened. */
import { Temporal } from 'temporal-polyfill'
import type { Calendar } from './calendar.ts'
import { ClockError } from './clock-error.ts'
import type { Period, Recurs } from './types.ts'
import { parseDate } from './zone.ts'

/** One month, quarter or year: its key (`2026-03`, `2026Q1`, `2026`), its first and last day. */
export interface Span { period: string, from: string, until: string }

/** A period, and the day on which what belongs to it is opened. `provisional`: counted on a year whose days off are not announced. */
export interface Opening extends Span { opensOn: string, provisional: boolean }

/**
 * The openings from the first period on whose day is in `[from, until]` (`YYYY-MM-DD`), in their order.
 * @throws ClockError for a day that the shortest period may not have
 */
export function openingsOf(recurs: Recurs, calendar: Calendar, { from, until }: { from: string, until: string }): Opening[] {
  const openings: Opening[] = []
  // A day that rolls back may lie before its period, one that rolls forward after it: a period on each side is looked at, too.
  let span = spanOf(recurs.every, parseDate(from < recurs.since ? recurs.since : from))
  if (from > recurs.since) span = spanOf(recurs.every, parseDate(span.from).subtract({ days: 1 }))
  for (; span.from <= parseDate(until).add({ months: 1 }).toString(); span = spanOf(recurs.every, parseDate(span.until).add({ days: 1 }))) {
    if (span.from < spanOf(recurs.every, parseDate(recurs.since)).from) continue
    const opensOn = openingDay(recurs, parseDate(span.from), calendar)
    if (opensOn >= from && opensOn <= until) openings.push({ ...span, opensOn, provisional: !calendar.isAnnounced(opensOn) })
  }
  return openings
}

/** The period in which a date lies. */
export function spanOf(every: Period, date: Temporal.PlainDate): Span {
  const first = date.with({ day: 1, month: { month: date.month, quarter: date.month - (date.month - 1) % 3, year: 1 }[every] })
  const last = first.add({ months: { month: 1, quarter: 3, year: 12 }[every] }).subtract({ days: 1 })
  const period = { month: first.toString().slice(0, 7), quarter: `${first.year}Q${Math.ceil(first.month / 3)}`, year: String(first.year) }[every]
  return { period, from: first.toString(), until: last.toString() }
}

/** The period before that one: what a report of the first quarter is about that opens in the second. */
export const spanBefore = (every: Period, { from }: Span): Span => spanOf(every, parseDate(from).subtract({ days: 1 }))

/** A period as people read it: 2026年3月, 2026年第1季度, 2026年. */
export function readPeriod(period: string): string {
  const [, year, quarter, month] = /^(\d{4})(?:Q(\d)|-(\d\d))?$/.exec(period) ?? []
  return `${year}年${quarter ? `第${quarter}季度` : month ? `${Number(month)}月` : ''}`
}

/** Days that a period of this kind has for certain. */
const SHORTEST = { month: 28, quarter: 90, year: 365 }
const WORKDAYS = { month: 15, quarter: 50, year: 240 }

function openingDay({ every, on }: Recurs, first: Temporal.PlainDate, calendar: Calendar): string {
  const [n, most] = 'workday' in on ? [on.workday, WORKDAYS[every]] : [on.day, SHORTEST[every]]
  if (!Number.isInteger(n) || n < 1 || n > most) throw new ClockError('bad-clock', `开立日应为 1 至 ${most} 的整数`)
  if ('day' in on) {
    let day = first.add({ days: n - 1 })
    const { roll = 'forward' } = on
    while (roll !== 'none' && !calendar.isWorkday(day.toString())) day = day.add({ days: roll === 'back' ? -1 : 1 })
    return day.toString()
  }
  let day = first.subtract({ days: 1 })
  for (let left = n; left > 0;) {
    day = day.add({ days: 1 })
    if (calendar.isWorkday(day.toString())) left--
  }
  return day.toString()
}
