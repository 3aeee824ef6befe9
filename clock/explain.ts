import type { Temporal } from 'temporal-polyfill'
import { isNatural, rollOf } from './counting.ts'
import { openPause } from './deadline.ts'
import type { Clock, ClockUnit, Deadline, Pause, Roll, Span } from './types.ts'
import { isBefore, parseDate, parseInstant } from './zone.ts'

/** 为什么是这个时间: the reasons of a deadline, line by line, in Chinese. `rule` and `source` also open `lines`. */
export interface Explanation {
  rule: string
  source: string
  startAt: string
  dueAt: string
  provisional: boolean
  lines: string[]
}

const unitNames: Record<ClockUnit, string> = { second: '秒', hour: '小时', day: '日', workday: '个工作日', month: '个月', year: '年' }

const rules: Record<ClockUnit, string> = {
  second: '自起算时刻连续计算（演示用）',
  hour: '自然小时，自起算时刻连续计算，夜间、周末和节假日都计入，到期不顺延',
  day: '自然日，开始当日不计',
  workday: '工作日，开始当日不计，周末和法定节假日不计，调休上班日计入',
  month: '开始当日不计，到期月的对应日届满，没有对应日的，月末日届满（民法典202）',
  year: '开始当日不计，到期年的对应日届满，没有对应日的，月末日届满（民法典202）',
}
const monthEnds = '自月末日起算的，到期月的月末日届满，其余按对应日，没有对应日的，月末日届满（刑诉法解释202）'

/** Said of clocks that end with a day, other than workdays, which always end on one. */
const rolls: Record<Roll, string> = {
  forward: '最后一日是休息日的，顺延到其后第一个工作日',
  back: '最后一日是休息日的，提前到其前最后一个工作日',
  none: '最后一日是休息日的，也不顺延',
}

const custodyRules: Partial<Record<ClockUnit, string>> = {
  hour: '羁押期限，自起算时刻连续计算，不因节假日顺延，不得暂停、延长（刑诉法105）',
  day: '羁押期限，开始当日不计，节假日计入且到期不顺延，不得暂停、延长（刑诉法105）',
}

const sourceNames: Record<string, string> = { S: '实施方案', L: '国家法律', C: '本地惯例，待法制部门确认' }

/**
 * Why a deadline falls when it does: rule, source, start, days not counted, worked weekends, pauses, extension,
 * roll-forward, what is not certain yet, result, when it was done. It speaks of the calendar that it was computed on, whatever
 * has been corrected since; names of persons are left out, because enterprises read this too.
 */
export function explainDeadline(d: Deadline): Explanation {
  const rule = ruleText(d.clock)
  const source = sourceText(d.clock.source)
  const stopped = openPause(d)
  return {
    rule,
    source,
    startAt: d.startAt,
    dueAt: d.dueAt,
    provisional: d.provisional,
    lines: [
      `时限：${rule}。`,
      `依据：${source}。`,
      startLine(d),
      ...runsOf(d.skipped, d.holidays).map((run) => `${d.clock.unit === 'workday' ? '不计' : isRolledBack(d) ? '提前越过' : '顺延越过'}：${run}。`),
      ...(d.makeup ?? []).map((date) => `计入：${dateText(parseDate(date))}，调休上班。`),
      ...d.pauses.map((pause) => pauseLine(d, pause)),
      ...d.extensions.map((e) => `延长：${timeText(e.at)} 批准延长 ${spanText(e)}，延长至 ${timeText(e.dueAt)}。原因：${e.reason}。`),
      ...(d.rolledFrom ? [`${isRolledBack(d) ? '提前' : '顺延'}：原应于 ${dateText(parseDate(d.rolledFrom))} 届满，当日休息，${isRolledBack(d) ? '提前到其前最后一个工作日' : '顺延到其后第一个工作日'}。`] : []),
      ...(d.provisional ? [provisionalLine(d)] : []),
      `${stopped ? '暂停前的到期时间' : d.provisional ? '暂定到期' : '到期'}：${timeText(d.dueAt)}。`,
      ...(d.keptAt ? [`办结：${timeText(d.keptAt)}，${isBefore(parseInstant(d.dueAt), parseInstant(d.keptAt)) ? '已超过期限' : '在期限内'}。`] : []),
    ],
  }
}

/** A clock in words: how long, counted how, and what becomes of a last day off. */
function ruleText(clock: Clock): string {
  const byDay = !isNatural(clock) && clock.unit !== 'workday'
  const counted = (clock.custody && custodyRules[clock.unit]) ?? (clock.monthEnds ? monthEnds : rules[clock.unit])
  const rolled = byDay && !clock.custody ? `，${rolls[rollOf(clock)]}` : ''
  if (clock.date === undefined) return `${spanText(clock)}，${counted}${rolled}`
  const date = `${clock.before}（${dateText(parseDate(clock.date))}）`
  return clock.n === 0 ? `${date}当日届满${rolled}` : `${date}前 ${spanText(clock)}，当日不计${rolled}`
}

const isRolledBack = ({ rolledFrom, dueAt }: Deadline): boolean => rolledFrom !== undefined && rolledFrom > parseInstant(dueAt).toPlainDate().toString()

function startLine(d: Deadline): string {
  if (d.clock.date !== undefined) return `开始：${timeText(d.startAt)}，期限按日期确定，与开始时间无关。`
  if (isNatural(d.clock)) return `起算：${timeText(d.startAt)}，即时起算。`
  const nextDay = parseInstant(d.startAt).toPlainDate().add({ days: 1 })
  return `起算：${timeText(d.startAt)} 开始，当日不计，自 ${dateText(nextDay)} 起算。`
}

function pauseLine(d: Deadline, { from, to, reason, movedDays, onLastDay }: Pause): string {
  const when = to ? `${timeText(from)} 至 ${timeText(to)}` : `自 ${timeText(from)} 起，尚未恢复`
  // A pause that stopped anything began before the deadline of its time, which was never later than today's.
  const late = !isBefore(parseInstant(from), parseInstant(d.dueAt))
  const rest = onLastDay ? '暂停时已是最后一日，至恢复后第一个工作日届满' : `${to ? '期间不计，' : ''}剩余时间自恢复后接着计算`
  const effect = late ? '当时已经届满，到期时间不变' : `${rest}${movedDays ? `，到期日后移 ${movedDays} 天` : ''}`
  return `暂停：${when}，${effect}。原因：${reason}。`
}

function provisionalLine({ unannounced = [] }: Deadline): string {
  return `暂定：${unannounced.join('、')} 年的放假安排尚未公布，暂按周六、周日休息推算，公布并载入后重新计算。`
}

/** Days off as runs of neighbours of one kind, in words: `2026年2月15日周日 至 2026年2月23日周一，法定节假日，9 天`. */
function runsOf(dates: string[], holidays: string[] = []): string[] {
  const runs: { first: Temporal.PlainDate; last: Temporal.PlainDate; kind: string }[] = []
  for (const date of dates) {
    const [day, kind, run] = [parseDate(date), holidays.includes(date) ? '法定节假日' : '周末', runs.at(-1)]
    if (run?.kind === kind && run.last.add({ days: 1 }).equals(day)) run.last = day
    else runs.push({ first: day, last: day, kind })
  }
  return runs.map(({ first, last, kind }) => {
    if (first.equals(last)) return `${dateText(first)}，${kind}`
    return `${dateText(first)} 至 ${dateText(last)}，${kind}，${first.until(last).days + 1} 天`
  })
}

function sourceText(source: string): string {
  const [, letter = '', rule = ''] = /^\[(.)\]\s*(.*)$/.exec(source) ?? []
  const name = sourceNames[letter]
  if (!name) return source
  return rule ? `${rule}（${name}）` : name
}

function spanText({ n, unit }: Span): string {
  return `${n} ${unitNames[unit]}`
}

function dateText(date: Temporal.PlainDate): string {
  return date.toLocaleString('zh-CN', { year: 'numeric', month: 'long', day: 'numeric', weekday: 'short' })
}

function timeText(at: string): string {
  const time = parseInstant(at)
  return `${dateText(time.toPlainDate())} ${time.toPlainTime().toString({ smallestUnit: 'second' })}`
}
