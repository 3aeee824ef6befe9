import { Temporal } from 'temporal-polyfill'
import { ClockError } from './clock-error.ts'

const zone = 'Asia/Shanghai'

/** An ISO 8601 instant (with offset) as the wall clock of Asia/Shanghai. */
export function parseInstant(iso: string): Temporal.ZonedDateTime {
  try {
    return Temporal.Instant.from(iso).toZonedDateTimeISO(zone)
  } catch {
    throw new ClockError('bad-instant', `“${iso}”不是带时区偏移的有效时间`)
  }
}

/** `YYYY-MM-DD` as a date; no other spelling, because calendars look dates up by it. */
export function parseDate(iso: string): Temporal.PlainDate {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(iso)) throw badDate(iso)
  try {
    return Temporal.PlainDate.from(iso)
  } catch {
    throw badDate(iso)
  }
}

function badDate(iso: string): ClockError {
  return new ClockError('bad-date', `“${iso}”不是有效日期，应写成 YYYY-MM-DD`)
}

/** ISO 8601 with the offset, as stored and sent. */
export function formatInstant(at: Temporal.ZonedDateTime): string {
  return at.toString({ timeZoneName: 'never' })
}

/** A time of day on a date. */
export function timeOn(date: Temporal.PlainDate, time: string): Temporal.ZonedDateTime {
  return date.toZonedDateTime({ timeZone: zone, plainTime: time })
}

/** Whether `a` comes before `b`. */
export function isBefore(a: Temporal.ZonedDateTime, b: Temporal.ZonedDateTime): boolean {
  return Temporal.ZonedDateTime.compare(a, b) < 0
}
