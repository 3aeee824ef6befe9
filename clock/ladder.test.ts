import { describe, expect, test } from 'vitest'
import { readCalendarFile } from './calendar-file.ts'
import { makeCalendar } from './calendar.ts'
import { extendDeadline, pauseDeadline, planDeadline, resumeDeadline } from './deadline.ts'
import { planLadder } from './ladder.ts'
import { LADDERS } from './ladders.ts'
import type { ClockUnit, Deadline, Ladder } from './types.ts'

const calendar = makeCalendar(readCalendarFile().years)
const plan = (n: number, unit: ClockUnit, startAt: string) => planDeadline({ n, unit, source: '[C]' }, startAt, calendar)
const rungs = (d: Deadline, ladder: Ladder = LADDERS[d.clock.unit]) =>
  planLadder(d, ladder, calendar).map(({ rung, at }) => `${rung} ${at.slice(5, 19).replace('T', ' ')}`)

describe('planLadder', () => {
  test('around workdays: 09:00 of the last day, due, two workdays, one more', () => {
    expect(rungs(plan(5, 'workday', '2026-03-02T10:00:00+08:00'))).toEqual([
      'reminder 03-09 09:00:00',
      'yellow 03-09 23:59:59',
      'red 03-11 23:59:59',
      'leader 03-12 23:59:59',
    ])
  })

  test('passes over Spring Festival', () => {
    expect(rungs(plan(10, 'workday', '2026-02-02T10:00:00+08:00'))).toEqual([
      'reminder 02-13 09:00:00',
      'yellow 02-14 23:59:59',
      'red 02-25 23:59:59',
      'leader 02-26 23:59:59',
    ])
  })

  test('around hours: the instant, due, two hours, one more', () => {
    expect(rungs(plan(4, 'hour', '2026-03-07T22:00:00+08:00'))).toEqual([
      'reminder 03-08 01:12:00',
      'yellow 03-08 02:00:00',
      'red 03-08 04:00:00',
      'leader 03-08 05:00:00',
    ])
  })

  test("takes a policy's own: reminders at 12 and 20 of 24 hours, the bureau leader with the red card", () => {
    const ladder: Ladder = { ...LADDERS.hour, reminders: [20 / 24, 12 / 24], leader: { n: 0, unit: 'hour' } }
    expect(rungs(plan(24, 'hour', '2026-03-07T10:00:00+08:00'), ladder)).toEqual([
      'reminder 03-07 22:00:00',
      'reminder 03-08 06:00:00',
      'yellow 03-08 10:00:00',
      'red 03-08 12:00:00',
      'leader 03-08 12:00:00',
    ])
  })

  test('runs through within a minute in a demonstration', () => {
    expect(rungs(plan(20, 'second', '2026-03-07T10:00:00+08:00'))).toEqual([
      'reminder 03-07 10:00:16',
      'yellow 03-07 10:00:20',
      'red 03-07 10:00:30',
      'leader 03-07 10:00:40',
    ])
  })

  test('reminds about natural days on the workday before, when the day itself is off', () => {
    // 80 % of 15 days end with Thursday 10-02; National Day lasts to 10-08, the end 10-05 rolls to 10-09.
    expect(rungs(plan(15, 'day', '2025-09-20T10:00:00+08:00')).slice(0, 2)).toEqual(['reminder 09-30 09:00:00', 'yellow 10-09 23:59:59'])
  })

  test('reminds about natural days on the workday after, when the clock starts no earlier', () => {
    expect(rungs(plan(1, 'day', '2026-03-06T18:00:00+08:00')).slice(0, 2)).toEqual(['reminder 03-09 09:00:00', 'yellow 03-09 23:59:59'])
  })

  test('reminds about custody on days off too', () => {
    const d = planDeadline({ n: 7, unit: 'day', source: '[L] 刑诉法91', custody: true }, '2026-02-13T10:00:00+08:00', calendar)
    expect(rungs(d).slice(0, 2)).toEqual(['reminder 02-19 09:00:00', 'yellow 02-20 23:59:59'])
  })

  test('gives reminders that coincide as one', () => {
    const ladder: Ladder = { ...LADDERS.workday, reminders: [0.5, 0.8] }
    expect(rungs(plan(1, 'workday', '2026-03-02T10:00:00+08:00'), ladder)[1]).toBe('yellow 03-03 23:59:59')
  })

  test('reckons reminders about natural days from where the end was, not from where it rolled to', () => {
    const d = plan(10, 'day', '2026-03-05T10:00:00+08:00')
    expect(rungs(d, { ...LADDERS.day, reminders: [0.5] }).slice(0, 2)).toEqual(['reminder 03-11 09:00:00', 'yellow 03-16 23:59:59'])
  })

  test('takes 0.29 of 100 days for 29 days', () => {
    const d = planDeadline({ n: 100, unit: 'day', source: '[L]', custody: true }, '2026-03-01T10:00:00+08:00', calendar)
    expect(rungs(d, { ...LADDERS.day, reminders: [0.29] })[0]).toBe('reminder 03-31 09:00:00')
  })

  test('reminds before due, however late', () => {
    const ladder: Ladder = { ...LADDERS.workday, reminders: [1 - 1e-12] }
    expect(rungs(plan(3, 'workday', '2026-03-02T10:00:00+08:00'), ladder)[0]).toBe('reminder 03-05 09:00:00')
    expect(planLadder(plan(1, 'second', '2026-03-02T10:00:00+08:00'), ladder, calendar)[0]?.at).toBe('2026-03-02T10:00:00.999+08:00')
  })

  test('moves with what remained after a pause', () => {
    const paused = pauseDeadline(plan(24, 'hour', '2026-03-02T10:00:00+08:00'), '2026-03-02T20:00:00+08:00', '补正材料')
    const resumed = resumeDeadline(paused, '2026-03-03T20:00:00+08:00', calendar)
    expect(rungs(resumed, { ...LADDERS.hour, reminders: [0.5] }).slice(0, 2)).toEqual(['reminder 03-03 22:00:00', 'yellow 03-04 10:00:00'])
  })

  test('counts an extension as time allowed', () => {
    const d = plan(5, 'workday', '2026-03-02T10:00:00+08:00')
    const extended = extendDeadline(d, { n: 5, unit: 'workday', reason: '案情复杂', by: 'office-1', at: '2026-03-03T10:00:00+08:00' }, calendar)
    expect(rungs(extended).slice(0, 2)).toEqual(['reminder 03-13 09:00:00', 'yellow 03-16 23:59:59'])
  })

  test('is empty while the clock is stopped', () => {
    const d = plan(5, 'workday', '2026-03-02T10:00:00+08:00')
    expect(rungs(pauseDeadline(d, '2026-03-03T10:00:00+08:00', '补正材料'))).toEqual([])
  })

  test('goes on when the clock is stopped only after due', () => {
    const d = plan(5, 'workday', '2026-03-02T10:00:00+08:00')
    expect(rungs(pauseDeadline(d, '2026-03-10T10:00:00+08:00', '补正材料'))).toEqual(rungs(d))
  })

  test('marks the rungs that need a year not announced, though the deadline does not', () => {
    const ladder = planLadder(plan(5, 'workday', '2026-12-23T10:00:00+08:00'), LADDERS.workday, calendar)
    expect(ladder.map(({ rung, at, provisional }) => [rung, at.slice(0, 10), provisional])).toEqual([
      ['reminder', '2026-12-30', undefined],
      ['yellow', '2026-12-30', undefined],
      ['red', '2027-01-01', true],
      ['leader', '2027-01-04', true],
    ])
  })

  test('marks every rung of a provisional deadline, even a reminder in the year before', () => {
    const ladder = planLadder(plan(30, 'day', '2026-12-03T10:00:00+08:00'), LADDERS.day, calendar)
    expect(ladder[0]?.at).toBe('2026-12-28T09:00:00+08:00')
    expect(ladder.every(({ provisional }) => provisional)).toBe(true)
  })

  test.each([0, 1, -0.2, 1.5, Number.NaN])('refuses a reminder at %d', (fraction) => {
    const d = plan(5, 'workday', '2026-03-02T10:00:00+08:00')
    expect(() => planLadder(d, { ...LADDERS.workday, reminders: [fraction] }, calendar)).toThrow(expect.objectContaining({ code: 'bad-ladder' }))
  })

  test('refuses a red card before the yellow one', () => {
    const d = plan(5, 'workday', '2026-03-02T10:00:00+08:00')
    expect(() => planLadder(d, { ...LADDERS.workday, red: { n: -1, unit: 'hour' } }, calendar)).toThrow(expect.objectContaining({ code: 'bad-clock' }))
  })
})
