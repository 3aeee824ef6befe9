import { Temporal } from 'temporal-polyfill'
import type { Calendar } from './calendar.ts'
import { ClockError } from './clock-error.ts'
import { checkedSpan, countBetween, countFrom, daysOff, isNatural, type DaysOff, type End } from './counting.ts'
import type { Clock, Deadline, Extension, Pause } from './types.ts'
import { formatInstant, isBefore, parseInstant } from './zone.ts'

/** What a deadline follows from, besides the calendar. */
type Ledger = Pick<Deadline, 'clock' | 'startAt' | 'pauses' | 'extensions'>

/** The deadline of a clock that starts at `startAt`. */
export function planDeadline(clock: Clock, startAt: string, calendar: Calendar): Deadline {
  checkedSpan(clock)
  if (clock.custody && clock.unit === 'workday') {
    throw new ClockError('bad-clock', '羁押期限连续计算，不能以工作日计')
  }
  return settle({ clock, startAt: normalize(startAt), pauses: [], extensions: [] }, calendar)
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
 * the day of resuming is not counted, so a pause that ends on its own day changes nothing.
 */
export function resumeDeadline(d: Deadline, at: string, calendar: Calendar): Deadline {
  refuseCustody(d, '暂停')
  const open = openPause(d)
  if (!open) throw new ClockError('not-paused', '时限没有暂停，不能恢复')
  return settle({ ...d, pauses: [...d.pauses.slice(0, -1), { ...open, to: next(d, at) }] }, calendar)
}

/** Grants an extension, counted from the deadline: once, in the clock's own unit, before the time is up. `by` is who granted it. */
export function extendDeadline(d: Deadline, extension: Omit<Extension, 'dueAt'>, calendar: Calendar): Deadline {
  refuseCustody(d, '延长')
  checkedSpan(extension)
  if (extension.unit !== d.clock.unit) throw new ClockError('unit-mismatch', '延期的计时单位必须与原时限一致')
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
  let end = countFrom(parseInstant(startAt), clock, off)
  for (const entry of inOrderOfEffect(pauses, extensions)) {
    if ('from' in entry) {
      end = resume(end, clock, parseInstant(entry.from), parseInstant(entry.to), off)
    } else {
      const more = countFrom(end.due, { ...clock, n: entry.n }, off)
      end = { ...more, skipped: [...end.skipped, ...more.skipped] }
      granted.push({ ...entry, dueAt: formatInstant(end.due) })
    }
  }
  const rolled = !isNatural(clock) && !end.last.equals(end.due.toPlainDate())
  return {
    clock,
    startAt,
    dueAt: formatInstant(end.due),
    skipped: end.skipped,
    ...(rolled && { rolledFrom: end.last.toString() }),
    provisional: off.guessed(),
    pauses,
    extensions: granted,
  }
}

type ClosedPause = Required<Pause>

/** A pause takes effect when it ends, an extension when it is granted. */
function inOrderOfEffect(pauses: Pause[], extensions: Extension[]): (ClosedPause | Extension)[] {
  const closed = pauses.filter((pause): pause is ClosedPause => pause.to !== undefined)
  const effectOf = (entry: ClosedPause | Extension): Temporal.ZonedDateTime => parseInstant('from' in entry ? entry.to : entry.at)
  return [...closed, ...extensions].sort((a, b) => Temporal.ZonedDateTime.compare(effectOf(a), effectOf(b)))
}

function resume(end: End, clock: Clock, from: Temporal.ZonedDateTime, to: Temporal.ZonedDateTime, off: DaysOff): End {
  if (!isBefore(from, end.due)) return end
  if (isNatural(clock)) return { ...end, due: end.due.add(from.until(to)) }
  const [paused, resumed] = [from.toPlainDate(), to.toPlainDate()]
  if (paused.equals(resumed)) return end
  const rest = countFrom(to, { ...clock, n: countBetween(paused, end.last, clock, off) }, off)
  return { ...rest, skipped: [...end.skipped.filter((date) => date <= paused.toString()), ...rest.skipped] }
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
