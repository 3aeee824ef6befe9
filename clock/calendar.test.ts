import { writeFileSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readCalendarFile } from './calendar-file.ts'
import { CalendarYears, makeCalendar } from './calendar.ts'

const calendar = makeCalendar(readCalendarFile().years)

describe('calendar', () => {
  test.each([
    ['2026-02-13', 'workday', 'an ordinary Friday'],
    ['2026-02-14', 'makeup', 'a Saturday worked for Spring Festival'],
    ['2026-02-15', 'holiday', 'a Sunday inside Spring Festival'],
    ['2026-02-23', 'holiday', 'the last day of Spring Festival, a Monday'],
    ['2026-03-07', 'weekend', 'an ordinary Saturday'],
    ['2025-09-28', 'makeup', 'a Sunday worked for National Day'],
    ['2027-01-01', 'workday', 'a Friday of a year not announced'],
    ['2027-01-02', 'weekend', 'a Saturday of a year not announced'],
  ])('%s is a %s: %s', (date, kind) => {
    expect(calendar.kindOf(date)).toBe(kind)
    expect(calendar.isWorkday(date)).toBe(kind === 'workday' || kind === 'makeup')
  })

  test('knows which years are announced', () => {
    expect(['2023', '2024', '2025', '2026', '2027-01-01'].map(calendar.isAnnounced)).toEqual([false, true, true, true, false])
  })

  test.each(['2026-02-30', '2026-2-3', '20260203', '2026-02-03T10:00:00+08:00', '明天', ''])('refuses the date “%s”', (date) => {
    expect(() => calendar.isWorkday(date)).toThrow(expect.objectContaining({ code: 'bad-date' }))
  })
})

describe('CalendarYears', () => {
  const year = { off: ['2026-01-01'], work: ['2026-01-04'] }
  const faultsOf = (years: unknown) =>
    CalendarYears.safeParse(years).error?.issues.map((issue) => `${issue.path.join('/')} ${issue.message}`)

  test('accepts a year as announced', () => {
    expect(CalendarYears.parse({ 2026: year })).toEqual({ 2026: year })
  })

  test.each([
    ['a date of another year', { ...year, off: ['2025-12-31'] }, ['2026/off/0 2025-12-31 不在 2026 年，请填到它所在的年份']],
    ['work on a weekday', { ...year, work: ['2026-01-05'] }, ['2026/work/0 2026-01-05 是周一，调休上班日只能是周六或周日']],
    ['a date both off and worked', { off: ['2026-01-04'], work: ['2026-01-04'] }, ['2026/work/0 2026-01-04 不能既放假又上班']],
    ['a year without days off', { off: [], work: [] }, ['2026/off 2026 年没有放假日期：尚未公布的年份不要载入']],
    ['a date that does not exist', { ...year, off: ['2026-02-30'] }, ['2026/off/0 日期应写成 YYYY-MM-DD，且确有其日']],
    ['a date that is no text', { ...year, off: [20260101] }, ['2026/off/0 日期应写成 YYYY-MM-DD，且确有其日']],
    ['a missing list', { off: ['2026-01-01'] }, ['2026/work 应为日期列表']],
    ['an unknown field', { ...year, rest: [] }, ['2026 每个年份只含 off（放假）和 work（调休上班）两个列表']],
    ['no year at all', 'x', ['2026 每个年份只含 off（放假）和 work（调休上班）两个列表']],
  ])('refuses %s', (_, lists, faults) => {
    expect(faultsOf({ 2026: lists })).toEqual(faults)
  })

  test('refuses a key that is no year', () => {
    expect(faultsOf({ '26': year })?.[0]).toBe('26 “26”不是四位数的年份')
  })

  test('refuses what is no table of years', () => {
    expect(faultsOf([])).toEqual([' 应为年份到放假安排的对照表'])
  })
})

describe('readCalendarFile', () => {
  test('reads the file delivered, with its source', () => {
    const file = readCalendarFile()
    expect(file.source).toContain('国务院办公厅')
    expect(Object.keys(file.years)).toEqual(['2024', '2025', '2026'])
  })

  test('refuses a file without a source', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'calendar-')), 'years.json')
    writeFileSync(path, JSON.stringify({ note: '', years: {} }))
    expect(() => readCalendarFile(path)).toThrow('缺少来源')
  })
})
