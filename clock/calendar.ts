import { z } from 'zod'
import type { Temporal } from 'temporal-polyfill'
import { parseDate } from './zone.ts'

const isoDates = z.array(z.iso.date('日期应写成 YYYY-MM-DD，且确有其日'), '应为日期列表')

/** One year's notice: `off` = 放假, `work` = 调休上班. */
export const CalendarYear = z.strictObject({ off: isoDates, work: isoDates }, '每个年份只含 off（放假）和 work（调休上班）两个列表')
export type CalendarYear = z.infer<typeof CalendarYear>

function isWeekend(date: Temporal.PlainDate): boolean {
  return date.dayOfWeek > 5
}

function* faultsOf(year: string, { off, work }: CalendarYear): Generator<{ path: (string | number)[]; message: string }> {
  if (!/^\d{4}$/.test(year)) yield { path: [year], message: `“${year}”不是四位数的年份` }
  // An announced year always has days off; an empty one would pass for announced and hide that it is not.
  if (off.length === 0) yield { path: [year, 'off'], message: `${year} 年没有放假日期：尚未公布的年份不要载入` }
  for (const [list, dates] of Object.entries({ off, work })) {
    for (const [i, date] of dates.entries()) {
      if (date.slice(0, 4) !== year) yield { path: [year, list, i], message: `${date} 不在 ${year} 年，请填到它所在的年份` }
    }
  }
  for (const [i, date] of work.entries()) {
    if (off.includes(date)) yield { path: [year, 'work', i], message: `${date} 不能既放假又上班` }
    const day = parseDate(date)
    if (!isWeekend(day)) {
      const weekday = day.toLocaleString('zh-CN', { weekday: 'short' })
      yield { path: [year, 'work', i], message: `${date} 是${weekday}，调休上班日只能是周六或周日` }
    }
  }
}

/** The announced years, by year: what the database holds and an administrator may load. */
export const CalendarYears = z.record(z.string(), CalendarYear, '应为年份到放假安排的对照表').superRefine((years, ctx) => {
  for (const [year, lists] of Object.entries(years)) {
    for (const fault of faultsOf(year, lists)) ctx.addIssue({ code: 'custom', ...fault })
  }
})
export type CalendarYears = z.infer<typeof CalendarYears>

/** 调休上班 is `makeup`: a weekend day that is worked. A weekend day inside a holiday is `holiday`. */
export type DayKind = 'workday' | 'makeup' | 'weekend' | 'holiday'

/** Which days are worked. Dates are `YYYY-MM-DD`; a year that is not announced has plain weekends. */
export interface Calendar {
  isWorkday(date: string): boolean
  kindOf(date: string): DayKind
  /** Whether the days off of the date's year are known. Takes a date or a year. */
  isAnnounced(dateOrYear: string): boolean
}

/** A calendar of the announced years. Expects years that have passed `CalendarYears`. */
export function makeCalendar(years: CalendarYears): Calendar {
  const lists = Object.values(years)
  const off = new Set(lists.flatMap((year) => year.off))
  const work = new Set(lists.flatMap((year) => year.work))
  const kindOf = (date: string): DayKind => {
    if (off.has(date)) return 'holiday'
    if (work.has(date)) return 'makeup'
    return isWeekend(parseDate(date)) ? 'weekend' : 'workday'
  }
  return {
    kindOf,
    isWorkday: (date) => ['workday', 'makeup'].includes(kindOf(date)),
    isAnnounced: (dateOrYear) => Object.hasOwn(years, dateOrYear.slice(0, 4)),
  }
}
