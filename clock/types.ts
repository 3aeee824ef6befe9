/**
 * The words of the clocks, as plain data: no imports, so that workflows may use them.
 * Every instant is ISO 8601 in Asia/Shanghai with its offset (`2026-02-13T10:00:00+08:00`);
 * every date is `YYYY-MM-DD` in the same zone.
 */

/** `hour` and `second` are natural time; `day` natural days; `workday` days of work with 调休; `month` and `year` by the calendar. `second` is for demonstrations. */
export type ClockUnit = 'second' | 'hour' | 'day' | 'workday' | 'month' | 'year'

/** Where a last day goes that is a day off: to the next workday, to the last one before it, or nowhere. */
export type Roll = 'forward' | 'back' | 'none'

/** A length of time in its own unit: never converted into another. */
export interface Span {
  n: number
  unit: ClockUnit
}

/** The time a rule allows for something. */
export interface Clock extends Span {
  /** Where the number comes from, with its confidence: `[S]` the plan, `[L]` national law, `[C]` local practice. E.g. `[L] 行政许可法82`. */
  source: string
  /** 羁押期限: runs to its last day whatever day that is; never rolled, paused or extended (刑诉法105). */
  custody?: true
  /** What a last day does that is a day off. Default: `forward` (民法典203), counted backwards and in custody `none`. */
  roll?: Roll
  /**
   * 刑诉法解释202: a month that begins on a month's last day ends on a last day (2月28日 + 6个月 = 8月31日). Without it 民法典202: on the
   * corresponding day, or the last day of a month that has none.
   */
  monthEnds?: true
  /** Counted backwards from a date: what date that is, in words (冻结期限届满日). `n` may be 0: due with that very day. */
  before?: string
  /** That date: given when the clock starts (`dueOn`), or the last day of the period in which it starts. */
  date?: string
  endOf?: Period
}

/** A part of the year that something is due with the end of. */
export type Period = 'month' | 'quarter' | 'year'

/** What is opened by the calendar: every month, quarter or year, from the period on in which `since` lies. */
export interface Recurs {
  every: Period
  /** The n-th workday of the period, or its n-th day, which rolls to the next workday unless it says otherwise. */
  on: { workday: number } | { day: number, roll?: Roll }
  /** One for each: open case of a register (a procedure's key), enterprise of the directory, or unit of this list. Default: one. */
  forEach?: { register: string } | 'enterprises' | { units: string[] }
  /** `YYYY-MM-DD`: nothing is opened for periods before. */
  since: string
  /** Where it comes from, as a clock says it. */
  source: string
}

/** What happens around a deadline, and how far apart. */
export interface Ladder {
  /** Reminders to the holder, as fractions of the time allowed, each above 0 and below 1, e.g. `[0.8]`. */
  reminders: number[]
  /** Red card, after due. */
  red: Span
  /** Bureau leader, after the red card, when nobody has acknowledged it; 0: together with it. */
  leader: Span
}

export type Rung = 'reminder' | 'yellow' | 'red' | 'leader'

/** A rung of the ladder and the instant it falls on. */
export interface RungAt {
  rung: Rung
  at: string
  /** Set when the instant (and not only the deadline it follows) needed a year whose days off are not announced. */
  provisional?: true
}

/** A stop of the clock; without `to` it is still stopped. */
export interface Pause {
  from: string
  to?: string
  reason: string
  /** By how many days it moved a deadline that ends with a day; once it has ended. */
  movedDays?: number
  /** It began on the last day: what was left became the next workday. */
  onLastDay?: true
}

/** A granted extension: who granted it, when, and the deadline it was counted from. */
export interface Extension extends Span {
  reason: string
  by: string
  at: string
  dueAt: string
}

/** A deadline with everything that led to it: enough to explain it, and to compute it again. */
export interface Deadline {
  clock: Clock
  startAt: string
  dueAt: string
  /** Days off that were not counted, or over which the end rolled. Days of a pause are in `pauses`, not here. */
  skipped: string[]
  /** Of the days skipped those in a holiday, and the weekend days that 调休 made workdays and that were counted: as the calendar had it then. */
  holidays?: string[]
  makeup?: string[]
  /** Years that it rests on and whose days off were not announced; they had plain weekends. */
  unannounced?: string[]
  /** The date on which it would have ended, when that was a day off. */
  rolledFrom?: string
  /** True while the result rests on a year whose days off are not announced. */
  provisional: boolean
  pauses: Pause[]
  extensions: Extension[]
  /** When what was promised had been done; nothing is counted against it from then on. */
  keptAt?: string
}
