import type { Temporal } from 'temporal-polyfill'
import type { Calendar } from './calendar.ts'
import { ClockError } from './clock-error.ts'
import { checkedSpan, countFrom, daysOff, isNatural, isOfMonths, type DaysOff } from './counting.ts'
import { openPause } from './deadline.ts'
import type { Deadline, Ladder, Rung, RungAt } from './types.ts'
import { formatInstant, isBefore, parseDate, parseInstant, timeOn } from './zone.ts'

/**
 * The instants of the ladder around a deadline, sorted: reminders, yellow at due, red, leader.
 * Reminders that coincide are one. A rung may already lie in the past, when a deadline is planned again late.
 * While the clock is stopped there are none, unless it was stopped after due, which stops nothing.
 */
export function planLadder(d: Deadline, ladder: Ladder, calendar: Calendar): RungAt[] {
  const off = daysOff(calendar)
  const due = parseInstant(d.dueAt)
  const stopped = openPause(d)
  if (stopped && isBefore(parseInstant(stopped.from), due)) return []

  const rung = (name: Rung, at: Temporal.ZonedDateTime): RungAt => ({
    rung: name,
    at: formatInstant(at),
    ...((d.provisional || off.guessed().length > 0) && { provisional: true }),
  })
  // In this order: a rung is provisional from the first guess on.
  const reminders = ladder.reminders.toSorted((a, b) => a - b).map((fraction) => reminderAt(d, fraction, off))
    .filter((at) => isBefore(parseInstant(d.startAt), at)).map((at) => rung('reminder', at))
  const yellow = rung('yellow', due)
  const redAt = countFrom(due, checkedSpan(ladder.red), off).due
  const red = rung('red', redAt)
  const leader = rung('leader', ladder.leader.n === 0 ? redAt : countFrom(redAt, checkedSpan(ladder.leader), off).due)
  return [...reminders.filter(({ at }, i) => at !== reminders[i - 1]?.at), yellow, red, leader]
}

/**
 * When a fraction of the time allowed (extension included, pauses not) has gone; before due.
 * Natural time: that instant. Days and workdays: 09:00 on the day after that many whole days, so that the holder
 * reads it at the start of a working day: 4 of 5 workdays gone → 09:00 on the fifth. Months, years and dates are taken
 * as the days they come to; one that is due on the day it starts has no reminder.
 */
function reminderAt(d: Deadline, fraction: number, off: DaysOff): Temporal.ZonedDateTime {
  if (!(fraction > 0 && fraction < 1)) throw new ClockError('bad-ladder', '提醒时点应大于 0 且小于 1')
  const due = parseInstant(d.dueAt)
  if (isOfMonths(d.clock) || d.clock.date !== undefined) {
    const days = Math.max(0, parseInstant(d.startAt).toPlainDate().until(lastDay(d)).days)
    return timeOn(workingDayNear(d, lastDay(d).subtract({ days: Math.max(0, days - Math.floor(days * fraction + 1e-9) - 1) }), off), '09:00')
  }
  const allowed = d.extensions.reduce((sum, extension) => sum + extension.n, d.clock.n)
  if (isNatural(d.clock)) {
    const allowedMs = allowed * (d.clock.unit === 'hour' ? 3_600_000 : 1000)
    return due.subtract({ milliseconds: Math.max(1, Math.round(allowedMs * (1 - fraction))) })
  }
  // The tiny term mends products such as 0.29 × 100 = 28.999…96.
  const gone = Math.floor(allowed * fraction + 1e-9)
  return timeOn(workingDayNear(d, daysBeforeEnd(d, allowed - gone - 1, off), off), '09:00')
}

/** The last day of the count, before it rolled forward; where it rolled back, the day it rolled to. */
function lastDay(d: Deadline): Temporal.PlainDate {
  const due = parseInstant(d.dueAt).toPlainDate()
  return d.rolledFrom && d.rolledFrom < due.toString() ? parseDate(d.rolledFrom) : due
}

/** The day that many counted days before the last. */
function daysBeforeEnd(d: Deadline, n: number, off: DaysOff): Temporal.PlainDate {
  let day = lastDay(d)
  for (let left = n; left > 0; ) {
    day = day.subtract({ days: 1 })
    if (d.clock.unit === 'day' || !off.includes(day)) left--
  }
  return day
}

/**
 * A reminder that falls on a day off comes on the workday before it, or, when the clock had not started by then,
 * on the first one after it. Custody runs on days off, and so do its reminders.
 */
function workingDayNear(d: Deadline, day: Temporal.PlainDate, off: DaysOff): Temporal.PlainDate {
  if (d.clock.custody) return day
  const startDay = parseInstant(d.startAt).toPlainDate()
  let [before, after] = [day, day]
  while (off.includes(before)) before = before.subtract({ days: 1 })
  while (off.includes(after)) after = after.add({ days: 1 })
  return before.since(startDay).days > 0 ? before : after
}
