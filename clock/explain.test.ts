import { describe, expect, test } from 'vitest'
import { readCalendarFile } from './calendar-file.ts'
import { makeCalendar } from './calendar.ts'
import { extendDeadline, pauseDeadline, planDeadline, replanDeadline, resumeDeadline } from './deadline.ts'
import { explainDeadline } from './explain.ts'
import type { Clock } from './types.ts'

const { years } = readCalendarFile()
const calendar = makeCalendar(years)
const plan = (clock: Clock, startAt: string) => planDeadline(clock, startAt, calendar)
const linesOf = (clock: Clock, startAt: string) => explainDeadline(plan(clock, startAt)).lines

describe('explainDeadline', () => {
  test('tells a deadline in workdays line by line: rule, source, start, days, pause, extension, result', () => {
    const d = plan({ n: 5, unit: 'workday', source: '[L] 行政许可法82' }, '2026-02-13T10:00:00+08:00')
    const resumed = resumeDeadline(pauseDeadline(d, '2026-02-24T09:30:00+08:00', '补正材料'), '2026-03-03T16:00:00+08:00', calendar)
    const extension = { n: 2, unit: 'workday', reason: '案情复杂', by: 'office-1', at: '2026-03-05T10:00:00+08:00' } as const
    expect(explainDeadline(extendDeadline(resumed, extension, calendar))).toEqual({
      rule: '5 个工作日，工作日，开始当日不计，周末和法定节假日不计，调休上班日计入',
      source: '行政许可法82（国家法律）',
      startAt: '2026-02-13T10:00:00+08:00',
      dueAt: '2026-03-10T23:59:59+08:00',
      provisional: false,
      lines: [
        '时限：5 个工作日，工作日，开始当日不计，周末和法定节假日不计，调休上班日计入。',
        '依据：行政许可法82（国家法律）。',
        '起算：2026年2月13日周五 10:00:00 开始，当日不计，自 2026年2月14日周六 起算。',
        '不计：2026年2月15日周日 至 2026年2月23日周一，法定节假日，9 天。',
        '不计：2026年3月7日周六 至 2026年3月8日周日，周末，2 天。',
        '计入：2026年2月14日周六，调休上班。',
        '暂停：2026年2月24日周二 09:30:00 至 2026年3月3日周二 16:00:00，期间不计，剩余时间自恢复后接着计算，到期日后移 7 天。原因：补正材料。',
        '延长：2026年3月5日周四 10:00:00 批准延长 2 个工作日，延长至 2026年3月10日周二 23:59:59。原因：案情复杂。',
        '到期：2026年3月10日周二 23:59:59。',
      ],
    })
  })

  test('tells weekends from holidays when they meet', () => {
    const lines = linesOf({ n: 2, unit: 'workday', source: '[C]' }, '2024-06-06T10:00:00+08:00')
    expect(lines.filter((line) => line.startsWith('不计'))).toEqual([
      '不计：2024年6月8日周六 至 2024年6月9日周日，周末，2 天。',
      '不计：2024年6月10日周一，法定节假日。',
    ])
  })

  test('says that hours run through nights and holidays', () => {
    expect(linesOf({ n: 24, unit: 'hour', source: '[S] 24小时绿色通道' }, '2026-02-16T20:00:00+08:00')).toEqual([
      '时限：24 小时，自然小时，自起算时刻连续计算，夜间、周末和节假日都计入，到期不顺延。',
      '依据：24小时绿色通道（实施方案）。',
      '起算：2026年2月16日周一 20:00:00，即时起算。',
      '到期：2026年2月17日周二 20:00:00。',
    ])
  })

  test('says that custody does not roll', () => {
    const lines = linesOf({ n: 7, unit: 'day', source: '[L] 刑诉法91', custody: true }, '2026-02-13T10:00:00+08:00')
    expect(lines[0]).toBe('时限：7 日，羁押期限，开始当日不计，节假日计入且到期不顺延，不得暂停、延长（刑诉法105）。')
    expect(lines.at(-1)).toBe('到期：2026年2月20日周五 23:59:59。')
    expect(lines).toHaveLength(4)
  })

  test('says from where an end rolled, and over what', () => {
    expect(linesOf({ n: 5, unit: 'day', source: '[C]' }, '2026-03-02T10:00:00+08:00').slice(3)).toEqual([
      '顺延越过：2026年3月7日周六 至 2026年3月8日周日，周末，2 天。',
      '顺延：原应于 2026年3月7日周六 届满，当日休息，顺延到其后第一个工作日。',
      '到期：2026年3月9日周一 23:59:59。',
    ])
  })

  test('says by which rule months are counted, and that an end stays on a day off', () => {
    expect(linesOf({ n: 6, unit: 'month', roll: 'none', monthEnds: true, source: '[L] 刑诉规定243' }, '2026-04-03T10:00:00+08:00')).toEqual([
      '时限：6 个月，自月末日起算的，到期月的月末日届满，其余按对应日，没有对应日的，月末日届满（刑诉法解释202），最后一日是休息日的，也不顺延。',
      '依据：刑诉规定243（国家法律）。',
      '起算：2026年4月3日周五 10:00:00 开始，当日不计，自 2026年4月4日周六 起算。',
      '到期：2026年10月3日周六 23:59:59。',
    ])
    expect(linesOf({ n: 3, unit: 'month', source: '[L] 商标法33' }, '2026-06-27T10:00:00+08:00')[0]).toContain('没有对应日的，月末日届满（民法典202），最后一日是休息日的，顺延')
  })

  test('says from which date it is counted back, and that it rolled back', () => {
    const byDate = { before: '停留期满日', date: '2026-11-05', n: 30, unit: 'day', source: '[L] 出境入境管理法32' } as const
    expect(linesOf({ ...byDate, roll: 'back' }, '2026-08-01T10:00:00+08:00')).toEqual([
      '时限：停留期满日（2026年11月5日周四）前 30 日，当日不计，最后一日是休息日的，提前到其前最后一个工作日。',
      '依据：出境入境管理法32（国家法律）。',
      '开始：2026年8月1日周六 10:00:00，期限按日期确定，与开始时间无关。',
      '提前越过：2026年10月1日周四 至 2026年10月6日周二，法定节假日，6 天。',
      '提前：原应于 2026年10月6日周二 届满，当日休息，提前到其前最后一个工作日。',
      '到期：2026年9月30日周三 23:59:59。',
    ])
    expect(linesOf({ ...byDate, n: 0, before: '纪要确定的日期' }, '2026-08-01T10:00:00+08:00')[0]).toBe('时限：纪要确定的日期（2026年11月5日周四）当日届满，最后一日是休息日的，也不顺延。')
  })

  test('says that a clock stopped on its last day has the next workday', () => {
    const d = plan({ n: 3, unit: 'workday', source: '[C]' }, '2026-03-02T10:00:00+08:00')
    const resumed = resumeDeadline(pauseDeadline(d, '2026-03-05T16:00:00+08:00', '补正材料'), '2026-03-10T23:50:00+08:00', calendar)
    expect(explainDeadline(resumed).lines.at(-2)).toBe('暂停：2026年3月5日周四 16:00:00 至 2026年3月10日周二 23:50:00，暂停时已是最后一日，至恢复后第一个工作日届满，到期日后移 6 天。原因：补正材料。')
  })

  test('says what is not certain yet', () => {
    expect(linesOf({ n: 3, unit: 'workday', source: '[C]' }, '2026-12-30T10:00:00+08:00').slice(-2)).toEqual([
      '暂定：2027 年的放假安排尚未公布，暂按周六、周日休息推算，公布并载入后重新计算。',
      '暂定到期：2027年1月4日周一 23:59:59。',
    ])
  })

  test('says that the clock is stopped, and what the deadline was', () => {
    const d = pauseDeadline(plan({ n: 5, unit: 'workday', source: '[C]' }, '2026-03-02T10:00:00+08:00'), '2026-03-03T10:00:00+08:00', '补正材料')
    expect(explainDeadline(d).lines.slice(-2)).toEqual([
      '暂停：自 2026年3月3日周二 10:00:00 起，尚未恢复，剩余时间自恢复后接着计算。原因：补正材料。',
      '暂停前的到期时间：2026年3月9日周一 23:59:59。',
    ])
  })

  test('says that a pause after due moved nothing', () => {
    const d = pauseDeadline(plan({ n: 5, unit: 'workday', source: '[C]' }, '2026-03-02T10:00:00+08:00'), '2026-03-10T10:00:00+08:00', '补正材料')
    expect(explainDeadline(d).lines.at(-2)).toContain('当时已经届满，到期时间不变')
  })

  test('lists a worked weekend on which a pause began, which was counted, and not one on which it ended', () => {
    const d = plan({ n: 5, unit: 'workday', source: '[C]' }, '2026-02-12T10:00:00+08:00')
    const resumed = resumeDeadline(pauseDeadline(d, '2026-02-14T10:00:00+08:00', '补正材料'), '2026-02-28T10:00:00+08:00', calendar)
    const counted = explainDeadline(resumed).lines.filter((line) => line.startsWith('计入'))
    expect(counted).toEqual(['计入：2026年2月14日周六，调休上班。'])
  })

  test('speaks of the calendar that it was computed on, whatever is corrected since', () => {
    const asAnnounced = makeCalendar({ ...years, 2026: { off: [...years['2026']!.off, '2026-03-09'], work: years['2026']!.work } })
    const d = planDeadline({ n: 5, unit: 'workday', source: '[C]' }, '2026-03-05T10:00:00+08:00', asAnnounced)
    expect(explainDeadline(d).lines).toContain('不计：2026年3月9日周一，法定节假日。')
    const corrected = replanDeadline(d, calendar)
    expect(explainDeadline(corrected).lines.join()).not.toContain('3月9日')
    expect(corrected.dueAt < d.dueAt).toBe(true)
  })

  test('ends with when a promise was kept, in time or not', () => {
    const d = plan({ n: 24, unit: 'hour', source: '[S]' }, '2026-02-14T22:00:00+08:00')
    const last = (keptAt: string) => explainDeadline({ ...d, keptAt }).lines.at(-1)
    expect(last('2026-02-15T22:00:00+08:00')).toBe('办结：2026年2月15日周日 22:00:00，在期限内。')
    expect(last('2026-02-15T22:00:01+08:00')).toBe('办结：2026年2月15日周日 22:00:01，已超过期限。')
  })

  test('leaves out who granted an extension', () => {
    const d = plan({ n: 5, unit: 'workday', source: '[C]' }, '2026-03-02T10:00:00+08:00')
    const extension = { n: 1, unit: 'workday', reason: '案情复杂', by: 'office-1', at: '2026-03-03T10:00:00+08:00' } as const
    expect(JSON.stringify(explainDeadline(extendDeadline(d, extension, calendar)))).not.toContain('office-1')
  })

  test('gives a source without a mark as it stands', () => {
    expect(explainDeadline(plan({ n: 1, unit: 'hour', source: '局长办公会纪要' }, '2026-03-02T10:00:00+08:00')).source).toBe('局长办公会纪要')
  })
})
