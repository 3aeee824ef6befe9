/** Times as people read them: always those of Asia/Shanghai by the server's clock, whatever the computer's own zone and clock. */

/** How far the server's clock is ahead of this computer's, in ms. */
let aheadMs = 0
/** What an answer takes on its way, and `Date` leaves out of a second, is no reason to set the clock anew. */
const toleratedMs = 2000

/** Sets the clock by what an answer says of its time (`Date` header); an answer without one changes nothing. */
export function setClock(said: string | null): void {
  const measured = Date.parse(said ?? '') - Date.now()
  if (Math.abs(measured - aheadMs) > toleratedMs) aheadMs = measured
}

/** Now, by the server's clock. Whatever is compared with now is compared with this. */
export const now = (): Date => new Date(Date.now() + aheadMs)

/** What this computer's clock shows at that instant: for what counts by it, in ms. */
export const onThisClock = (at: string): number => Date.parse(at) - aheadMs

const zone = { timeZone: 'Asia/Shanghai' } as const
const parts = new Intl.DateTimeFormat('zh-CN', { ...zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })

function read(at: string | Date): Record<string, string> {
  return Object.fromEntries(parts.formatToParts(new Date(at)).map(({ type, value }) => [type, value]))
}

/** 2026-03-02. */
export function date(at: string | Date): string {
  const { year, month, day } = read(at)
  return `${year}-${month}-${day}`
}

/** 2026-03-02 09:30. */
export function dateTime(at: string | Date): string {
  const { hour, minute } = read(at)
  return `${date(at)} ${hour}:${minute}`
}

/** As short as it stays clear: 今天 09:30, 昨天 09:30, 明天 09:30, 03-02 09:30, 2025-03-02. */
export function near(at: string | Date, from = now()): string {
  const { year, month, day, hour, minute } = read(at)
  const days = daysBetween(from, at)
  const word = ({ '-1': '昨天', '0': '今天', '1': '明天' } as Record<string, string>)[String(days)]
  if (word) return `${word} ${hour}:${minute}`
  return year === read(from).year ? `${month}-${day} ${hour}:${minute}` : `${year}-${month}-${day}`
}

/** Calendar days of Asia/Shanghai from one instant to another. */
const daysBetween = (from: string | Date, to: string | Date): number => (Date.parse(date(to)) - Date.parse(date(from))) / 86_400_000

/** 3 小时 20 分, 45 分, 2 天 3 小时: a length of time, rounded down, never “0 分”. */
function duration(ms: number): string {
  const minutes = Math.max(1, Math.floor(ms / 60_000))
  const [d, h, m] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60]
  if (d > 0) return h > 0 ? `${d} 天 ${h} 小时` : `${d} 天`
  return [h > 0 && `${h} 小时`, m > 0 && `${m} 分`].filter(Boolean).join(' ')
}

export type ClockUnit = 'second' | 'hour' | 'day' | 'workday' | 'month' | 'year'

/** A deadline and the unit of its clock. */
export interface Deadline { dueAt: string, unit: ClockUnit }

/** Counts the workdays after one date up to and including another. */
function workdaysBetween(from: string, to: string, isWorkday: (date: string) => boolean): number {
  let count = 0
  for (let day = Date.parse(from) + 86_400_000; day <= Date.parse(to); day += 86_400_000) if (isWorkday(new Date(day).toISOString().slice(0, 10))) count++
  return count
}

/** What is left, in the clock's own unit: 剩 3 个工作日, 剩 2 小时 10 分, 今天 23:59 到期, 逾期 2 个工作日. */
export function countdown({ dueAt, unit }: Deadline, isWorkday: (date: string) => boolean, at = now()): string {
  const left = Date.parse(dueAt) - at.getTime()
  const word = left < 0 ? '逾期' : '剩'
  if (unit === 'hour' || unit === 'second') return `${word} ${duration(Math.abs(left))}`
  const days = daysBetween(at, dueAt)
  if (days === 0) return left < 0 ? `今天 ${clockTime(dueAt)} 已到期` : `今天 ${clockTime(dueAt)} 到期`
  if (unit !== 'workday') return `${word} ${Math.abs(days)} 天`
  const [from, to] = left < 0 ? [dueAt, at] : [at, dueAt]
  const workdays = workdaysBetween(date(from), date(to), isWorkday)
  // On days off after the last workday none is overdue yet, though the time is up.
  return workdays === 0 ? `${near(dueAt, at)} 已到期` : `${word} ${workdays} 个工作日`
}

/** 09:30. */
const clockTime = (at: string): string => dateTime(at).slice(11)

/** 5 个工作日, 24 小时. */
export const span = (n: number, unit: ClockUnit): string => `${n} ${{ second: '秒', hour: '小时', day: '天', workday: '个工作日', month: '个月', year: '年' }[unit]}`

/** The time a rule allows: 5 个工作日; 冻结期限届满日前 10 天; 纪要确定的日期. */
export const allowed = ({ n, unit, before }: { n: number, unit: ClockUnit, before?: string | undefined }): string =>
  before === undefined ? span(n, unit) : n === 0 ? before : `${before}前 ${span(n, unit)}`
