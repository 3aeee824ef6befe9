import { describe, expect, it } from 'vitest'
import { makeCalendar } from './calendar.ts'
import { readCalendarFile } from './calendar-file.ts'
import { openingsOf, readPeriod, spanBefore } from './recurrence.ts'
import type { Recurs } from './types.ts'

const calendar = makeCalendar(readCalendarFile().years)
const opensOn = (recurs: Partial<Recurs>, year = '2026') =>
  Object.fromEntries(openingsOf({ every: 'month', on: { workday: 1 }, since: '2020-01-01', source: '[C]', ...recurs }, calendar, { from: `${year}-01-01`, until: `${year}-12-31` }).map(o => [o.period, o.opensOn]))

describe('what recurs', () => {
  it('opens on the first workday of each month, a worked Sunday included, whatever holidays stand before it', () => {
    expect(opensOn({})).toMatchObject({ '2026-01': '2026-01-04', '2026-02': '2026-02-02', '2026-05': '2026-05-06', '2026-10': '2026-10-08' })
    expect(Object.keys(opensOn({}))).toHaveLength(12)
  })
  it.each([
    ['the next workday', { day: 1 }, { '2026-01': '2026-01-04', '2026-05': '2026-05-06', '2026-10': '2026-10-08' }],
    ['the last workday before it, also of the year before', { day: 1, roll: 'back' }, { '2026-02': '2026-01-30', '2026-10': '2026-09-30' }],
    ['nowhere', { day: 1, roll: 'none' }, { '2026-01': '2026-01-01', '2026-10': '2026-10-01' }],
  ] as const)('rolls a day off to %s', (_, on, days) => expect(opensOn({ on })).toMatchObject(days))
  it('opens what belongs to the first day of January in the old year when it rolls back', () => {
    expect(opensOn({ on: { day: 1, roll: 'back' } }, '2025')['2026-01']).toBe('2025-12-31')
  })
  it('knows quarters and years by their own days', () => {
    expect(opensOn({ every: 'quarter', on: { workday: 10 } })).toEqual({ '2026Q1': '2026-01-15', '2026Q2': '2026-04-15', '2026Q3': '2026-07-14', '2026Q4': '2026-10-20' })
    expect(opensOn({ every: 'year', on: { day: 60 } })).toEqual({ 2026: '2026-03-02' })
  })
  it('opens nothing for periods before it began, and the one in which it began', () => {
    expect(Object.keys(opensOn({ since: '2026-10-20' }))).toEqual(['2026-10', '2026-11', '2026-12'])
  })
  it.each([{ day: 29 }, { workday: 0 }, { workday: 16 }, { day: 1.5 }])('refuses %j, which not every month has', on => expect(() => opensOn({ on })).toThrow('整数'))
  it('says so when the days off of the year are not announced', () => {
    expect(openingsOf({ every: 'year', on: { workday: 1 }, since: '2020-01-01', source: '' }, calendar, { from: '2031-01-01', until: '2031-12-31' })[0]!.provisional).toBe(true)
  })
  it('names a period as people do', () => {
    expect(['2026-03', '2026Q1', '2026'].map(readPeriod)).toEqual(['2026年3月', '2026年第1季度', '2026年'])
    expect(spanBefore('quarter', { period: '2026Q1', from: '2026-01-01', until: '2026-03-31' }).period).toBe('2025Q4')
  })
})
