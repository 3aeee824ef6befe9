/** Dates and hours of the duty roster: patterns laid over a month, what has to be covered, gaps, and when alarms ring. Pure; times are those of Asia/Shanghai. */
import type { Calendar } from '../clock/calendar.ts'
import { shanghaiDate } from './instants.ts'
import type { Pattern, PatternShift, Shift } from './roster.ts'

export interface Span { fromAt: Date, untilAt: Date }
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** 09:30 on a date, in Asia/Shanghai. */
export const atTime = (date: string, time: string): Date => new Date(`${date}T${time}:00+08:00`)
export const addDays = (date: string, days: number): string => new Date(Date.parse(date) + days * DAY_MS).toISOString().slice(0, 10)
/** The dates of a month `YYYY-MM`. */
export function datesOf(month: string): string[] {
  const first = `${month}-01`
  return Array.from({ length: 31 }, (_, i) => addDays(first, i)).filter(date => date.startsWith(month))
}
export const monthAfter = (month: string): string => addDays(`${month}-28`, 4).slice(0, 7)

/** The workday before a date; that date itself where it is one and may count. */
export function workdayBefore(date: string, calendar: Calendar, orItself = false): string {
  let day = orItself ? date : addDays(date, -1)
  while (!calendar.isWorkday(day)) day = addDays(day, -1)
  return day
}

/** The `n`th workday after a date, ending with that day (Asia/Shanghai). */
export function workdaysAfter(date: string, n: number, calendar: Calendar): Date {
  let day = date
  for (let left = n; left > 0;) {
    day = addDays(day, 1)
    if (calendar.isWorkday(day)) left--
  }
  return new Date(atTime(addDays(day, 1), '00:00').getTime() - 1000)
}

/** By when next month is to be drafted: the 25th, or the last workday before it [C]. */
export const draftDueOn = (month: string, calendar: Calendar): string => workdayBefore(`${addDays(`${month}-01`, -1).slice(0, 7)}-25`, calendar, true)

/** By when the person of a turn is to be named: 16:00 of the workday before [C]. */
export const turnDueAt = (date: string, calendar: Calendar): Date => atTime(workdayBefore(date, calendar), '16:00')

/** One of the shifts that a pattern comes to, in the order of the pattern. */
export interface Slot extends Span { date: string, member: string }

/** A pattern's shifts that begin in a month. Whoever is next is next: days off are no turn. */
export function layPattern({ members, shifts, days, from, startIndex }: Pattern, month: string, calendar: Calendar): Slot[] {
  const counts = (date: string) => days === 'every-day' || calendar.isWorkday(date)
  const inOrder = shifts.toSorted((a, b) => a.startsAt < b.startsAt ? -1 : 1)
  let turn = startIndex
  for (let date = from; date < `${month}-01`; date = addDays(date, 1)) if (counts(date)) turn += shifts.length
  return datesOf(month).filter(date => date >= from && counts(date)).flatMap(date => inOrder.map((shift): Slot => {
    const fromAt = atTime(date, shift.startsAt)
    return { date, member: members[turn++ % members.length]!, fromAt, untilAt: new Date(fromAt.getTime() + shift.hours * HOUR_MS) }
  }))
}

/** Whether the shifts of one day, or the last of one and the first of the next, are at the same time. */
export function overlaps(shifts: PatternShift[]): boolean {
  const minutes = shifts.map(({ startsAt, hours }) => ({ from: Number(startsAt.slice(0, 2)) * 60 + Number(startsAt.slice(3)), length: hours * 60 })).toSorted((a, b) => a.from - b.from)
  return minutes.some(({ from, length }, i) => from + length > (minutes[i + 1]?.from ?? minutes[0]!.from + 1440))
}

/** What has to be covered: every minute, or 09:00–17:00 of workdays [C]. */
export type Watch = 'always' | 'workdays'

export function dueSpans(watch: Watch, { fromAt, untilAt }: Span, calendar: Calendar): Span[] {
  if (watch === 'always') return [{ fromAt, untilAt }]
  const spans: Span[] = []
  for (let date = shanghaiDate(fromAt); atTime(date, '00:00') < untilAt; date = addDays(date, 1)) {
    if (calendar.isWorkday(date)) spans.push({ fromAt: later(fromAt, atTime(date, '09:00')), untilAt: earlier(untilAt, atTime(date, '17:00')) })
  }
  return spans.filter(span => span.fromAt < span.untilAt)
}

const later = (a: Date, b: Date) => a > b ? a : b
const earlier = (a: Date, b: Date) => a < b ? a : b

/** What of the spans nothing covers, in order; what adjoins is one gap. */
export function gapsOf(due: Span[], covered: Span[]): Span[] {
  const gaps: Span[] = []
  const inOrder = covered.toSorted((a, b) => a.fromAt.getTime() - b.fromAt.getTime())
  for (const { fromAt, untilAt } of due) {
    let at = fromAt
    for (const span of inOrder) {
      if (span.untilAt <= at || span.fromAt >= untilAt) continue
      if (span.fromAt > at) gaps.push({ fromAt: at, untilAt: span.fromAt })
      at = later(at, span.untilAt)
    }
    if (at < untilAt) gaps.push({ fromAt: at, untilAt })
  }
  return gaps.reduce<Span[]>((all, gap) => {
    const last = all.at(-1)
    return last && last.untilAt.getTime() === gap.fromAt.getTime() ? [...all.slice(0, -1), { ...last, untilAt: gap.untilAt }] : [...all, gap]
  }, [])
}

/** Shifts that cover their hours: with somebody who was not missed. Who is away by then covers nothing. */
export const covering = (shifts: Shift[], isAway: (person: string, span: Span) => boolean = () => false): Span[] =>
  shifts.filter(s => s.personId !== null && (s.state === 'published' || s.state === 'held' || s.state === 'ended') && s.outcome !== 'absent' && !isAway(s.personId, s)).map(s => ({ fromAt: s.fromAt, untilAt: s.extendedTo ?? s.untilAt }))

/** Hours before a gap at which its alarms ring: the leader's, again, with 护航办, with the bureau's leader [C]. */
export const ALARM_HOURS = [168, 72, 24, 2] as const

/** When the alarms of a gap ring. */
export const alarmTimes = (fromAt: Date): Date[] => ALARM_HOURS.map(hours => new Date(fromAt.getTime() - hours * HOUR_MS))

/** The alarm that has rung last for a gap: who is told later is told with those before. Null: none yet. */
export const rungNow = (fromAt: Date, now: Date): number | null => ALARM_HOURS.findLast(hours => fromAt.getTime() - hours * HOUR_MS <= now.getTime()) ?? null

/** By when a swap is to be accepted: 24 hours before the earlier of the shifts, or 12 hours after it was asked, whichever is sooner [C]. */
export const swapDueAt = (askedAt: Date, shifts: Span[]): Date =>
  new Date(Math.min(askedAt.getTime() + 12 * HOUR_MS, ...shifts.map(({ fromAt }) => fromAt.getTime() - 24 * HOUR_MS)))

/** Whether a shift touches the night, 22:00–06:00. */
export function touchesNight({ fromAt, untilAt }: Span): boolean {
  for (let date = addDays(shanghaiDate(fromAt), -1); date <= shanghaiDate(untilAt); date = addDays(date, 1)) {
    if (fromAt < atTime(addDays(date, 1), '06:00') && untilAt > atTime(date, '22:00')) return true
  }
  return false
}
