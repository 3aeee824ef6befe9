import { Temporal } from 'temporal-polyfill'
import type { Calendar } from './calendar.ts'
import { ClockError } from './clock-error.ts'
import { checkedSpan, countBack, countBetween, countFrom, daysOff, isNatural, isOfMonths, lastDayOf, shift, type DaysOff, type End } from './counting.ts'
import type { Clock, Deadline, Extension, Pause } from './types.ts'
import { formatInstant, isBefore, parseDate, parseInstant } from './zone.ts'

/** What a deadline follows from, besides the calendar. */
type Ledger = Pick<Deadline, 'clock' | 'startAt' | 'pauses' | 'extensions'>

/** The deadline of a clock that starts at `startAt`. */
export function planDeadline(clock: Clock, startAt: string, calendar: Calendar): Deadline {
  checkedSpan(clock)
  if (clock.custody && clock.unit === 'workday') {
    throw new ClockError('bad-clock', '羁押期限连续计算，不能以工作日计')
  }
  return settle({ clock: dated(clock, startAt), startAt: normalize(startAt), pauses: [], extensions: [] }, calendar)
}

/**
 * Stops the clock. `dueAt` stays as it is until the clock is resumed; a pause after it has no effect,
 * because overdue facts are never erased.
 */
export function pauseDeadline(d: Deadline, at: string, reason: string): Deadline {
  refuseCustody(d, '暂停')
  if (openPause(d)) throw new ClockError('already-paused', '时限已经暂停，不能重复暂停')
  return { ...d, pauses: [...d.pauses, { from: next(d, at), reason }] }
}

/**
 * Starts the clock again: the deadline moves by what remained. In days, the day of the pause is used up and
 * the day of resuming is not counted, so a pause that ends on its own day changes nothing; in months, years and by a date
 * it moves by the days the pause lasted. A clock stopped on its last day runs to the end of the next workday [C].
 */
export function resumeDeadline(d: Deadline, at: string, calendar: Calendar): Deadline {
  refuseCustody(d, '暂停')
  const open = openPause(d)
  if (!open) throw new ClockError('not-paused', '时限没有暂停，不能恢复')
  return settle({ ...d, pauses: [...d.pauses.slice(0, -1), { ...open, to: next(d, at) }] }, calendar)
}

/**
 * Grants an extension, counted from the deadline: once, before the time is up, in the clock's own unit (one by a date has none, and
 * the extension states its own). `by` is who granted it.
 */
export function extendDeadline(d: Deadline, extension: Omit<Extension, 'dueAt'>, calendar: Calendar): Deadline {
  refuseCustody(d, '延长')
  checkedSpan(extension)
  if (extension.unit !== d.clock.unit && d.clock.before === undefined) throw new ClockError('unit-mismatch', '延期的计时单位必须与原时限一致')
  if (d.extensions.length > 0) throw new ClockError('already-extended', '时限只能延长一次')
  const at = next(d, extension.at)
  if (isBefore(parseInstant(d.dueAt), parseInstant(openPause(d)?.from ?? at))) {
    throw new ClockError('already-due', '时限已经届满，不能再延长')
  }
  return settle({ ...d, extensions: [{ ...extension, at, dueAt: d.dueAt }] }, calendar)
}

/** Computes a deadline again, its pauses and extensions replayed: for when a year is announced, or an announced one is corrected. */
export function replanDeadline(d: Deadline, calendar: Calendar): Deadline {
  return settle(d, calendar)
}

/** The pause that has not ended, if there is one. */
export function openPause(d: Pick<Deadline, 'pauses'>): Pause | undefined {
  return d.pauses.find((pause) => pause.to === undefined)
}

/** Replays a ledger: the one place where a deadline comes from. */
function settle({ clock, startAt, pauses, extensions }: Ledger, calendar: Calendar): Deadline {
  const off = daysOff(calendar)
  const granted: Extension[] = []
  const ended = new Map<string, Pause>()
  const { date, before: _, endOf: __, ...span } = clock
  let end = date === undefined ? countFrom(parseInstant(startAt), clock, off) : countBack({ ...clock, date }, off)
  for (const entry of inOrderOfEffect(pauses, extensions)) {
    if ('from' in entry) {
      const before = end
      end = resume(before, clock, parseInstant(entry.from), parseInstant(entry.to), off)
      ended.set(entry.from, isNatural(clock) ? entry : effectOf(entry, before, end))
    } else {
      const more = countFrom(end.due, { ...span, n: entry.n, unit: entry.unit }, off)
      end = { ...more, skipped: [...end.skipped, ...more.skipped] }
      granted.push({ ...entry, dueAt: formatInstant(end.due) })
    }
  }
  const rolled = !isNatural(clock) && !end.last.equals(end.due.toPlainDate())
  const told = pauses.map(pause => ended.get(pause.from) ?? pause)
  const holidays = end.skipped.filter(date => calendar.kindOf(date) === 'holiday')
  const makeup = clock.unit === 'workday' ? makeupDays(parseInstant(startAt), end.due, told, calendar) : []
  const unannounced = off.guessed()
  return {
    clock,
    startAt,
    dueAt: formatInstant(end.due),
    skipped: end.skipped,
    ...(holidays.length > 0 && { holidays }),
    ...(makeup.length > 0 && { makeup }),
    ...(unannounced.length > 0 && { unannounced }),
    ...(rolled && { rolledFrom: end.last.toString() }),
    provisional: unannounced.length > 0,
    pauses: told,
    extensions: granted,
  }
}

/** The weekend days that 调休 made workdays of, among those a clock in workdays counted. */
function makeupDays(start: Temporal.ZonedDateTime, due: Temporal.ZonedDateTime, pauses: Pause[], calendar: Calendar): string[] {
  const first = start.toPlainDate()
  const dates = Array.from({ length: first.until(due.toPlainDate()).days }, (_, i) => first.add({ days: i + 1 }).toString())
  return dates.filter((date) => calendar.kindOf(date) === 'makeup' && !pauses.some((pause) => isWithin(date, pause)))
}

/** Whether a date was not counted because of a pause: after the day it began, up to the day it ended. */
function isWithin(date: string, { from, to }: Pause): boolean {
  const [paused, resumed] = [from, to ?? from].map((at) => parseInstant(at).toPlainDate().toString()) as [string, string]
  return paused < date && date <= resumed
}

type ClosedPause = Pause & { to: string }

/** A pause takes effect when it ends, an extension when it is granted. */
function inOrderOfEffect(pauses: Pause[], extensions: Extension[]): (ClosedPause | Extension)[] {
  const closed = pauses.filter((pause): pause is ClosedPause => pause.to !== undefined)
  const inForceAt = (entry: ClosedPause | Extension): Temporal.ZonedDateTime => parseInstant('from' in entry ? entry.to : entry.at)
  return [...closed, ...extensions].sort((a, b) => Temporal.ZonedDateTime.compare(inForceAt(a), inForceAt(b)))
}

/** The pause, with what it did to a deadline that ends with a day. */
function effectOf({ from, to, reason }: ClosedPause, before: End, after: End): Pause {
  const plain = { from, to, reason }
  if (after === before) return plain
  return { ...plain, movedDays: dayOf(before).until(dayOf(after)).days, ...(isOnLastDay(before, parseInstant(from)) && { onLastDay: true }) }
}

const dayOf = ({ due }: End): Temporal.PlainDate => due.toPlainDate()
const isOnLastDay = (end: End, at: Temporal.ZonedDateTime): boolean => Temporal.PlainDate.compare(at.toPlainDate(), end.last) >= 0

function resume(end: End, clock: Clock, from: Temporal.ZonedDateTime, to: Temporal.ZonedDateTime, off: DaysOff): End {
  if (!isBefore(from, end.due)) return end
  if (isNatural(clock)) return { ...end, due: end.due.add(from.until(to)) }
  const [paused, resumed] = [from.toPlainDate(), to.toPlainDate()]
  // Stopped on its last day it runs to the end of the next workday, never for minutes [C].
  const onLastDay = isOnLastDay(end, from)
  if (!onLastDay && paused.equals(resumed)) return end
  if (!onLastDay && (isOfMonths(clock) || clock.date !== undefined)) return shift(end, paused.until(resumed).days, clock, off)
  const rest = countFrom(to, onLastDay ? { n: 1, unit: 'workday' } : { ...clock, n: countBetween(paused, end.last, clock, off) }, off)
  return { ...rest, skipped: [...end.skipped.filter((date) => date <= paused.toString()), ...rest.skipped] }
}

/** The clock with the date that it is counted back from, where it is one of those. */
function dated(clock: Clock, startAt: string): Clock {
  const date = clock.date ?? (clock.endOf && lastDayOf(clock.endOf, parseInstant(startAt).toPlainDate()).toString())
  if ((date === undefined) !== (clock.before === undefined)) throw new ClockError('bad-clock', '自某日倒推的时限须有该日的日期')
  return date === undefined ? clock : { ...clock, date: parseDate(date).toString() }
}

function refuseCustody(d: Deadline, verb: string): void {
  if (d.clock.custody) throw new ClockError('custody-fixed', `羁押期限不得${verb}（刑诉法105）`)
}

/** The instant of the next entry in the ledger, which cannot lie before the last one. */
function next(d: Deadline, at: string): string {
  const entries = [d.startAt, ...d.pauses.flatMap(({ from, to = from }) => [from, to]), ...d.extensions.map((e) => e.at)]
  if (entries.some((entry) => isBefore(parseInstant(at), parseInstant(entry)))) {
    throw new ClockError('out-of-order', '时间早于该时限已有的记录')
  }
  return normalize(at)
}

function normalize(at: string): string {
  return formatInstant(parseInstant(at))
}
