import { describe, expect, test } from 'vitest'
import { readCalendarFile } from './calendar-file.ts'
import { makeCalendar } from './calendar.ts'
import { extendDeadline, pauseDeadline, planDeadline, replanDeadline, resumeDeadline } from './deadline.ts'
import type { Clock, ClockUnit, Deadline } from './types.ts'

const { years } = readCalendarFile()
const calendar = makeCalendar(years)

const clock = (n: number, unit: ClockUnit, custody?: true): Clock => ({ n, unit, source: '[C]', ...(custody && { custody }) })
const plan = (of: Clock, startAt: string) => planDeadline(of, startAt, calendar)
const pauseFor = (d: Deadline, from: string, to: string) => resumeDeadline(pauseDeadline(d, from, '补正材料'), to, calendar)
const extend = (d: Deadline, n: number, unit: ClockUnit, at: string) =>
  extendDeadline(d, { n, unit, reason: '案情复杂', by: 'office-1', at }, calendar)
const refusal = (code: string) => expect.objectContaining({ name: 'ClockError', code, message: expect.stringMatching(/\p{Script=Han}/u) })

describe('planDeadline, in workdays', () => {
  test.each([
    // Spring Festival 2026: off 02-15 to 02-23, worked Saturdays 02-14 and 02-28.
    [1, '2026-02-13T10:00:00+08:00', '2026-02-14', 'counts a worked Saturday'],
    [2, '2026-02-13T10:00:00+08:00', '2026-02-24', 'passes over Spring Festival'],
    [10, '2026-02-13T10:00:00+08:00', '2026-03-05', 'counts both worked Saturdays around Spring Festival'],
    [1, '2026-02-18T10:00:00+08:00', '2026-02-24', 'starts inside Spring Festival'],
    // National Day 2025: off 10-01 to 10-08, worked Sunday 09-28 and Saturday 10-11.
    [2, '2025-09-26T10:00:00+08:00', '2025-09-29', 'counts a worked Sunday before National Day'],
    [3, '2025-09-30T10:00:00+08:00', '2025-10-11', 'ends on a worked Saturday after National Day'],
    [4, '2025-09-30T10:00:00+08:00', '2025-10-13', 'has an ordinary Sunday after a worked Saturday'],
    // New Year 2026: off 01-01 to 01-03, worked Sunday 01-04.
    [3, '2025-12-30T10:00:00+08:00', '2026-01-05', 'crosses the end of the year'],
    [3, '2026-03-02T00:00:00+08:00', '2026-03-05', 'does not count a start day it had whole'],
    [3, '2026-03-02T23:59:59+08:00', '2026-03-05', 'does not count a start day it had a second of'],
    [3, '2026-03-01T16:00:00Z', '2026-03-05', 'takes the date in Shanghai, not in UTC'],
    [3, '2026-03-01T15:59:59Z', '2026-03-04', 'takes the date in Shanghai, a second before midnight'],
  ])('%i from %s is due at the end of %s: %s', (n, startAt, date) => {
    expect(plan(clock(n, 'workday'), startAt)).toMatchObject({ dueAt: `${date}T23:59:59+08:00`, provisional: false })
  })

  test('lists the days off it passed over', () => {
    const d = plan(clock(3, 'workday'), '2025-12-30T10:00:00+08:00')
    expect(d.skipped).toEqual(['2026-01-01', '2026-01-02', '2026-01-03'])
    expect(d).not.toHaveProperty('rolledFrom')
  })
})

describe('planDeadline, in natural days', () => {
  test('counts holidays', () => {
    expect(plan(clock(30, 'day'), '2026-02-10T10:00:00+08:00')).toMatchObject({ dueAt: '2026-03-12T23:59:59+08:00', skipped: [] })
  })

  test('rolls an end inside Spring Festival forward, and says from where', () => {
    const d = plan(clock(7, 'day'), '2026-02-13T10:00:00+08:00')
    expect(d).toMatchObject({ dueAt: '2026-02-24T23:59:59+08:00', rolledFrom: '2026-02-20' })
    expect(d.skipped).toEqual(['2026-02-20', '2026-02-21', '2026-02-22', '2026-02-23'])
  })

  test('does not roll off a worked Saturday', () => {
    expect(plan(clock(3, 'day'), '2025-10-08T10:00:00+08:00').dueAt).toBe('2025-10-11T23:59:59+08:00')
  })
})

describe('planDeadline, in hours and seconds', () => {
  test('24 hours run through night, weekend and holiday', () => {
    expect(plan(clock(24, 'hour'), '2026-02-16T20:15:30.250+08:00').dueAt).toBe('2026-02-17T20:15:30.25+08:00')
  })

  test('20 seconds are 20 seconds', () => {
    expect(plan(clock(20, 'second'), '2026-12-31T23:59:50+08:00').dueAt).toBe('2027-01-01T00:00:10+08:00')
  })

  test('need no calendar, so an unannounced year leaves them certain', () => {
    expect(plan(clock(48, 'hour'), '2027-01-01T10:00:00+08:00').provisional).toBe(false)
  })
})

/** Due with a date, or `n` days before it. */
const onDate = (date: string, more: Partial<Clock> = {}): Clock => ({ n: 0, unit: 'day', before: '所定日期', date, source: '[C]', ...more })

describe('planDeadline, in months and years', () => {
  test.each<[number, ClockUnit, string, string, string]>([
    [1, 'month', '2026-01-31T10:00:00+08:00', '2026-02-28', 'has no 31st in February: its last day, a worked Saturday'],
    [3, 'month', '2026-07-01T10:00:00+08:00', '2026-10-08', 'rolls over National Day'],
    [12, 'month', '2024-02-29T10:00:00+08:00', '2025-02-28', 'starts on a leap day'],
    [1, 'year', '2024-02-29T10:00:00+08:00', '2025-02-28', 'starts on a leap day'],
    [6, 'month', '2026-02-28T10:00:00+08:00', '2026-08-28', 'from the last day of February: the corresponding day (民法典202)'],
  ])('%i %s from %s is due at the end of %s: %s', (n, unit, startAt, date) => {
    expect(plan(clock(n, unit), startAt).dueAt).toBe(`${date}T23:59:59+08:00`)
  })

  test('from a last day to a last day where the criminal rule is followed (刑诉法解释202)', () => {
    const criminal = (n: number, startAt: string) => plan({ ...clock(n, 'month'), monthEnds: true, roll: 'none' }, startAt).dueAt.slice(0, 10)
    expect(criminal(6, '2026-02-28T10:00:00+08:00')).toBe('2026-08-31')
    expect(criminal(6, '2026-08-31T10:00:00+08:00')).toBe('2027-02-28')
    expect(criminal(1, '2026-03-30T10:00:00+08:00')).toBe('2026-04-30')
    expect(criminal(1, '2026-04-29T10:00:00+08:00')).toBe('2026-05-29')
  })

  test('asks no calendar where the end never rolls', () => {
    expect(plan({ ...clock(12, 'month'), roll: 'none' }, '2026-02-16T10:00:00+08:00')).toMatchObject({ dueAt: '2027-02-16T23:59:59+08:00', provisional: false })
  })
})

describe('planDeadline, by a date', () => {
  test('is due with that day, rolls forward, back or not at all as it says, whenever it starts', () => {
    const due = (roll?: 'forward' | 'back' | 'none') => plan(onDate('2026-10-03', roll && { roll }), '2026-03-02T10:00:00+08:00').dueAt.slice(0, 10)
    expect([due(), due('none'), due('forward'), due('back')]).toEqual(['2026-10-03', '2026-10-03', '2026-10-08', '2026-09-30'])
  })

  test('counts backwards, the date itself not counted', () => {
    expect(plan(onDate('2026-10-03', { n: 1, unit: 'workday' }), '2026-03-02T10:00:00+08:00').dueAt).toBe('2026-09-30T23:59:59+08:00')
    expect(plan(onDate('2026-03-31', { n: 1, unit: 'month' }), '2026-01-02T10:00:00+08:00').dueAt).toBe('2026-02-28T23:59:59+08:00')
  })

  test.each([['month', '2026-10-30'], ['quarter', '2026-12-31'], ['year', '2026-12-31']] as const)('is the end of the %s it starts in, here by the last workday', (endOf, date) => {
    expect(plan({ n: 0, unit: 'day', before: '期末', endOf, roll: 'back', source: '[S]' }, '2026-10-09T10:00:00+08:00').dueAt).toBe(`${date}T23:59:59+08:00`)
  })

  test('needs the date', () => {
    expect(() => plan({ n: 0, unit: 'day', before: '所定日期', source: '[C]' }, '2026-03-02T10:00:00+08:00')).toThrow(refusal('bad-clock'))
    expect(() => plan({ n: 0, unit: 'day', source: '[C]' }, '2026-03-02T10:00:00+08:00')).toThrow(refusal('bad-clock'))
    expect(() => plan(onDate('2026-02-30'), '2026-01-02T10:00:00+08:00')).toThrow(refusal('bad-date'))
  })

  test('is extended in a unit of the extension\'s own', () => {
    expect(extend(plan(onDate('2026-09-30'), '2026-09-01T10:00:00+08:00'), 5, 'workday', '2026-09-28T09:00:00+08:00').dueAt).toBe('2026-10-13T23:59:59+08:00')
  })
})

describe('custody', () => {
  test.each([
    [3, '2026-02-13T10:00:00+08:00', '2026-02-16', 'ends inside Spring Festival'],
    [7, '2026-02-13T10:00:00+08:00', '2026-02-20', 'ends inside Spring Festival'],
    [30, '2026-01-20T10:00:00+08:00', '2026-02-19', 'ends inside Spring Festival'],
    [3, '2025-10-01T00:00:00+08:00', '2025-10-04', 'ends inside National Day'],
    [3, '2027-01-06T10:00:00+08:00', '2027-01-09', 'ends on a Saturday of a year not announced, and is certain'],
  ])('%i days from %s end on %s, whatever day that is: %s', (n, startAt, date) => {
    expect(plan(clock(n, 'day', true), startAt)).toMatchObject({ dueAt: `${date}T23:59:59+08:00`, skipped: [], provisional: false })
  })

  test('cannot be paused, resumed or extended', () => {
    const d = plan(clock(24, 'hour', true), '2026-02-16T10:00:00+08:00')
    const at = '2026-02-16T11:00:00+08:00'
    expect(() => pauseDeadline(d, at, '补正材料')).toThrow(refusal('custody-fixed'))
    expect(() => resumeDeadline(d, at, calendar)).toThrow(refusal('custody-fixed'))
    expect(() => extend(d, 1, 'hour', at)).toThrow(refusal('custody-fixed'))
  })

  test('does not count in workdays', () => {
    expect(() => plan(clock(3, 'workday', true), '2026-02-13T10:00:00+08:00')).toThrow(refusal('bad-clock'))
  })
})

describe('a year not announced', () => {
  const startAt = '2026-12-30T10:00:00+08:00'
  // Not an announcement: invented for the test.
  const later = makeCalendar({ ...years, 2027: { off: ['2027-01-01', '2027-01-02', '2027-01-03'], work: [] } })

  test('is reckoned on plain weekends and marked provisional', () => {
    const d = plan(clock(3, 'workday'), startAt)
    expect(d).toMatchObject({ dueAt: '2027-01-04T23:59:59+08:00', skipped: ['2027-01-02', '2027-01-03'], provisional: true })
  })

  test('does not trouble a deadline that ends on the last announced day', () => {
    expect(plan(clock(1, 'workday'), startAt)).toMatchObject({ dueAt: '2026-12-31T23:59:59+08:00', provisional: false })
  })

  test('makes a natural-day deadline provisional only when it ends there', () => {
    expect(plan(clock(1, 'day'), startAt).provisional).toBe(false)
    expect(plan(clock(2, 'day'), startAt).provisional).toBe(true)
  })

  test('is reckoned again when it is loaded', () => {
    const d = replanDeadline(plan(clock(3, 'workday'), startAt), later)
    expect(d).toMatchObject({ dueAt: '2027-01-05T23:59:59+08:00', provisional: false })
    expect(d).toEqual(planDeadline(clock(3, 'workday'), startAt, later))
  })

  test('is reckoned again with its pauses and extension', () => {
    const paused = pauseFor(plan(clock(5, 'workday'), startAt), '2026-12-31T10:00:00+08:00', '2027-01-04T10:00:00+08:00')
    const d = extend(paused, 2, 'workday', '2027-01-05T10:00:00+08:00')
    // 12-31 | paused | 01-05 … 01-08 | 01-11, 01-12: the invented holiday lies inside the pause.
    expect(replanDeadline(d, later)).toMatchObject({ dueAt: '2027-01-12T23:59:59+08:00', provisional: false })
    expect(replanDeadline(d, later).extensions[0]?.dueAt).toBe('2027-01-12T23:59:59+08:00')
  })

  test('leaves an open pause open', () => {
    const d = pauseDeadline(plan(clock(3, 'workday'), startAt), '2026-12-30T11:00:00+08:00', '补正材料')
    expect(replanDeadline(d, later)).toMatchObject({ dueAt: '2027-01-05T23:59:59+08:00', pauses: [{ reason: '补正材料' }] })
  })
})

describe('a pause', () => {
  test('moves hours by exactly as long as it lasted', () => {
    const d = pauseFor(plan(clock(24, 'hour'), '2026-03-02T10:00:00+08:00'), '2026-03-02T12:00:00+08:00', '2026-03-03T09:30:00+08:00')
    expect(d.dueAt).toBe('2026-03-04T07:30:00+08:00')
  })

  test('leaves the remaining workdays to be counted after it', () => {
    // One of five used on 02-11; after 02-25 come 02-26, 02-27, the worked Saturday 02-28 and 03-02.
    const d = pauseFor(plan(clock(5, 'workday'), '2026-02-10T10:00:00+08:00'), '2026-02-11T16:00:00+08:00', '2026-02-25T09:00:00+08:00')
    expect(d).toMatchObject({ dueAt: '2026-03-02T23:59:59+08:00', skipped: ['2026-03-01'] })
  })

  test('leaves the remaining natural days to be counted after it, and rolls the new end', () => {
    // 13 of 15 days remain: 02-22 and 13 is Saturday 03-07.
    const d = pauseFor(plan(clock(15, 'day'), '2026-02-10T10:00:00+08:00'), '2026-02-12T16:00:00+08:00', '2026-02-22T09:00:00+08:00')
    expect(d).toMatchObject({ dueAt: '2026-03-09T23:59:59+08:00', rolledFrom: '2026-03-07' })
  })

  test('on a day off keeps that day among the skipped, and drops those it covers', () => {
    const d = pauseFor(plan(clock(5, 'workday'), '2026-03-05T10:00:00+08:00'), '2026-03-07T16:00:00+08:00', '2026-03-16T09:00:00+08:00')
    expect(d).toMatchObject({ dueAt: '2026-03-20T23:59:59+08:00', skipped: ['2026-03-07'] })
  })

  test('on the last day leaves the next workday, never minutes', () => {
    const d = plan(clock(3, 'workday'), '2026-03-02T10:00:00+08:00')
    const onLastDay = (until: string) => pauseFor(d, '2026-03-05T09:00:00+08:00', until)
    expect(onLastDay('2026-03-10T23:50:00+08:00')).toMatchObject({ dueAt: '2026-03-11T23:59:59+08:00', pauses: [{ onLastDay: true, movedDays: 6 }] })
    expect(onLastDay('2026-03-07T09:00:00+08:00').dueAt).toBe('2026-03-09T23:59:59+08:00')
    expect(onLastDay('2026-03-05T23:50:00+08:00').dueAt).toBe('2026-03-06T23:59:59+08:00')
    expect(pauseFor(plan(clock(1, 'month'), '2026-02-05T10:00:00+08:00'), '2026-03-05T09:00:00+08:00', '2026-03-10T23:50:00+08:00').dueAt).toBe('2026-03-11T23:59:59+08:00')
  })

  test('says by how many days it moved the deadline: a second over midnight is a day', () => {
    const d = plan(clock(5, 'workday'), '2026-03-02T10:00:00+08:00')
    expect(pauseFor(d, '2026-03-03T23:59:59+08:00', '2026-03-04T00:00:00+08:00').pauses).toEqual([expect.objectContaining({ movedDays: 1 })])
    expect(pauseFor(d, '2026-03-03T09:00:00+08:00', '2026-03-03T18:00:00+08:00').pauses[0]).not.toHaveProperty('movedDays')
  })

  test('moves a clock in months, years or by a date by the days it lasted, and rolls the new end', () => {
    // Corresponding day 2026-04-02; five days more is Tuesday 04-07.
    expect(pauseFor(plan(clock(1, 'month'), '2026-03-02T10:00:00+08:00'), '2026-03-10T09:00:00+08:00', '2026-03-15T09:00:00+08:00').dueAt).toBe('2026-04-07T23:59:59+08:00')
    // Two days more is Saturday 04-04, 清明: to 04-07.
    expect(pauseFor(plan(clock(1, 'month'), '2026-03-02T10:00:00+08:00'), '2026-03-10T09:00:00+08:00', '2026-03-12T09:00:00+08:00')).toMatchObject({ dueAt: '2026-04-07T23:59:59+08:00', rolledFrom: '2026-04-04' })
    expect(pauseFor(plan(clock(1, 'year'), '2025-03-02T10:00:00+08:00'), '2025-03-10T09:00:00+08:00', '2025-03-20T09:00:00+08:00').dueAt).toBe('2026-03-12T23:59:59+08:00')
    expect(pauseFor(plan(onDate('2026-03-20'), '2026-03-02T10:00:00+08:00'), '2026-03-10T09:00:00+08:00', '2026-03-13T09:00:00+08:00').dueAt).toBe('2026-03-23T23:59:59+08:00')
  })

  test('while the end is rolling forward leaves the next workday', () => {
    const d = plan(clock(5, 'day'), '2026-03-02T10:00:00+08:00')
    expect(d).toMatchObject({ dueAt: '2026-03-09T23:59:59+08:00', rolledFrom: '2026-03-07' })
    expect(pauseFor(d, '2026-03-08T09:00:00+08:00', '2026-03-11T09:00:00+08:00').dueAt).toBe('2026-03-12T23:59:59+08:00')
  })

  test('may come twice', () => {
    const once = pauseFor(plan(clock(5, 'workday'), '2026-03-02T10:00:00+08:00'), '2026-03-03T09:00:00+08:00', '2026-03-05T09:00:00+08:00')
    expect(once.dueAt).toBe('2026-03-11T23:59:59+08:00')
    const twice = pauseFor(once, '2026-03-10T09:00:00+08:00', '2026-03-12T09:00:00+08:00')
    expect(twice.dueAt).toBe('2026-03-13T23:59:59+08:00')
    expect(twice.pauses).toHaveLength(2)
  })

  test('leaves the deadline as it is until it ends', () => {
    const d = plan(clock(5, 'workday'), '2026-03-02T10:00:00+08:00')
    const paused = pauseDeadline(d, '2026-03-03T01:00:00Z', '补正材料')
    expect(paused).toEqual({ ...d, pauses: [{ from: '2026-03-03T09:00:00+08:00', reason: '补正材料' }] })
  })

  test('after due changes nothing: what is overdue stays overdue', () => {
    for (const unit of ['hour', 'day', 'workday'] as const) {
      const d = plan(clock(2, unit), '2026-03-02T10:00:00+08:00')
      expect(pauseFor(d, '2026-03-06T09:00:00+08:00', '2026-03-20T09:00:00+08:00').dueAt).toBe(d.dueAt)
    }
  })

  test('is not opened twice, nor ended when none is open', () => {
    const d = plan(clock(5, 'workday'), '2026-03-02T10:00:00+08:00')
    const paused = pauseDeadline(d, '2026-03-03T09:00:00+08:00', '补正材料')
    expect(() => pauseDeadline(paused, '2026-03-04T09:00:00+08:00', '补正材料')).toThrow(refusal('already-paused'))
    expect(() => resumeDeadline(d, '2026-03-04T09:00:00+08:00', calendar)).toThrow(refusal('not-paused'))
  })
})

describe('an extension', () => {
  const d = plan(clock(5, 'workday'), '2026-02-10T10:00:00+08:00')

  test('counts on from the deadline, over the holiday', () => {
    expect(d.dueAt).toBe('2026-02-24T23:59:59+08:00')
    const extended = extend(d, 5, 'workday', '2026-02-24T10:00:00+08:00')
    // 02-25, 02-26, 02-27, the worked Saturday 02-28, 03-02.
    expect(extended.dueAt).toBe('2026-03-02T23:59:59+08:00')
    expect(extended.extensions).toEqual([
      { n: 5, unit: 'workday', reason: '案情复杂', by: 'office-1', at: '2026-02-24T10:00:00+08:00', dueAt: '2026-03-02T23:59:59+08:00' },
    ])
  })

  test('in hours is exact', () => {
    const hours = plan(clock(24, 'hour'), '2026-03-02T10:00:00+08:00')
    expect(extend(hours, 12, 'hour', '2026-03-03T09:00:00+08:00').dueAt).toBe('2026-03-03T22:00:00+08:00')
  })

  test('of a rolled end counts from the day it rolled to', () => {
    const rolled = plan(clock(5, 'day'), '2026-03-02T10:00:00+08:00')
    const extended = extend(rolled, 2, 'day', '2026-03-08T10:00:00+08:00')
    expect(extended).toMatchObject({ dueAt: '2026-03-11T23:59:59+08:00', skipped: ['2026-03-07', '2026-03-08'] })
    expect(extended).not.toHaveProperty('rolledFrom')
  })

  test('granted during a pause adds to what remained', () => {
    const paused = pauseDeadline(d, '2026-02-11T10:00:00+08:00', '补正材料')
    const extended = extend(paused, 2, 'workday', '2026-03-02T10:00:00+08:00')
    // 4 + 2 workdays after 03-03.
    expect(resumeDeadline(extended, '2026-03-03T10:00:00+08:00', calendar).dueAt).toBe('2026-03-11T23:59:59+08:00')
  })

  test('is granted once', () => {
    const extended = extend(d, 1, 'workday', '2026-02-11T10:00:00+08:00')
    expect(() => extend(extended, 1, 'workday', '2026-02-12T10:00:00+08:00')).toThrow(refusal('already-extended'))
  })

  test('is granted in the unit of the clock', () => {
    expect(() => extend(d, 1, 'day', '2026-02-11T10:00:00+08:00')).toThrow(refusal('unit-mismatch'))
  })

  test('is granted up to the last second, and not after', () => {
    expect(() => extend(d, 1, 'workday', '2026-02-24T23:59:59+08:00')).not.toThrow()
    expect(() => extend(d, 1, 'workday', '2026-02-25T00:00:00+08:00')).toThrow(refusal('already-due'))
  })

  test('is refused during a pause that began after due', () => {
    const paused = pauseDeadline(d, '2026-02-25T10:00:00+08:00', '补正材料')
    expect(() => extend(paused, 1, 'workday', '2026-02-26T10:00:00+08:00')).toThrow(refusal('already-due'))
  })
})

describe('bad input', () => {
  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 10_001])('a clock of %d is refused', (n) => {
    expect(() => plan(clock(n, 'workday'), '2026-03-02T10:00:00+08:00')).toThrow(refusal('bad-clock'))
    const d = plan(clock(5, 'workday'), '2026-03-02T10:00:00+08:00')
    expect(() => extend(d, n, 'workday', '2026-03-02T10:00:00+08:00')).toThrow(refusal('bad-clock'))
  })

  test.each(['2026-03-02T10:00:00', '2026-03-02', '2026-02-30T10:00:00+08:00', '昨天', ''])('the instant “%s” is refused', (at) => {
    expect(() => plan(clock(5, 'workday'), at)).toThrow(refusal('bad-instant'))
  })

  test('an entry before the last one is refused', () => {
    const d = plan(clock(5, 'workday'), '2026-03-02T10:00:00+08:00')
    expect(() => pauseDeadline(d, '2026-03-02T09:59:59+08:00', '补正材料')).toThrow(refusal('out-of-order'))
    const paused = pauseDeadline(d, '2026-03-03T10:00:00+08:00', '补正材料')
    expect(() => resumeDeadline(paused, '2026-03-03T09:00:00+08:00', calendar)).toThrow(refusal('out-of-order'))
    const extended = extend(d, 1, 'workday', '2026-03-04T10:00:00+08:00')
    expect(() => pauseDeadline(extended, '2026-03-03T10:00:00+08:00', '补正材料')).toThrow(refusal('out-of-order'))
  })
})
