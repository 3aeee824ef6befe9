import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCalendarFile } from './calendar-file.ts'
import { makeCalendar } from './calendar.ts'
import { extendDeadline, openPause, pauseDeadline, planDeadline, replanDeadline, resumeDeadline } from './deadline.ts'
import { explainDeadline } from './explain.ts'
import { planLadder } from './ladder.ts'
import { LADDERS } from './ladders.ts'
import type { Clock, ClockUnit, Deadline } from './types.ts'

const { years } = readCalendarFile()
const calendar = makeCalendar(years)
/** As if only 2024 had been announced. */
const earlier = makeCalendar({ 2024: years['2024']! })

const dayMs = 86_400_000
const shanghaiMs = 8 * 3_600_000

// The tests count dates in their own way, on the plain Date, so that they do not repeat the code they test.
const dateOf = (at: string) => new Date(Date.parse(at) + shanghaiMs).toISOString().slice(0, 10)
const datesAfter = (start: string, until: string) =>
  Array.from({ length: (Date.parse(until) - Date.parse(start)) / dayMs }, (_, i) =>
    new Date(Date.parse(start) + (i + 1) * dayMs).toISOString().slice(0, 10),
  )
const countedIn = (d: Deadline) => datesAfter(dateOf(d.startAt), dateOf(d.dueAt))
const addMs = (at: string, ms: number) => new Date(Date.parse(at) + ms).toISOString()

const units: ClockUnit[] = ['second', 'hour', 'day', 'workday', 'month', 'year']
const clock = (...of: ClockUnit[]): fc.Arbitrary<Clock> =>
  fc.tuple(fc.integer({ min: 1, max: 45 }), fc.constantFrom(...of)).map(([n, unit]) => ({ n, unit, source: '[C]' }))
const custody: fc.Arbitrary<Clock> = clock('hour', 'day').map((of) => ({ ...of, custody: true }))
const anyClock = fc.oneof(clock(...units), custody)
const instant = fc.date({ min: new Date('2023-11-01'), max: new Date('2027-03-31'), noInvalidDate: true }).map((date) => date.toISOString())
/** A time of day, as a distance from midnight. */
const timeMs = fc.integer({ min: 0, max: dayMs - 1 })

type Step = { kind: 'pause' | 'extend'; waitMs: number; lastsMs: number; n: number }
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('pause', 'extend'),
    waitMs: fc.integer({ min: 0, max: 5 * dayMs }),
    lastsMs: fc.integer({ min: 0, max: 12 * dayMs }),
    n: fc.integer({ min: 1, max: 10 }),
  }),
  { maxLength: 4 },
)

/** A deadline after a history of pauses (the last one perhaps still open) and an extension where the rules allow one. */
const deadline = (...of: ClockUnit[]) =>
  fc.tuple(clock(...of), instant, steps, fc.boolean()).map(([c, startAt, history, leaveOpen]) => {
    let d = planDeadline(c, startAt, calendar)
    let now = d.startAt
    history.forEach(({ kind, waitMs, lastsMs, n }, i) => {
      now = addMs(now, waitMs)
      if (kind === 'pause') {
        d = pauseDeadline(d, now, '补正材料')
        if (leaveOpen && i === history.length - 1) return
        now = addMs(now, lastsMs)
        d = resumeDeadline(d, now, calendar)
      } else if (d.extensions.length === 0 && Date.parse(now) <= Date.parse(d.dueAt)) {
        d = extendDeadline(d, { n, unit: c.unit, reason: '案情复杂', by: 'office-1', at: now }, calendar)
      }
    })
    return d
  })

const check = <Ts extends [unknown, ...unknown[]]>(...args: [...{ [K in keyof Ts]: fc.Arbitrary<Ts[K]> }, (...values: Ts) => void]) =>
  fc.assert(fc.property(...args))

describe('a planned deadline', () => {
  test('is never earlier for a longer clock', () => {
    check(anyClock, instant, fc.integer({ min: 1, max: 20 }), (c, startAt, more) => {
      const [shorter, longer] = [c, { ...c, n: c.n + more }].map((of) => Date.parse(planDeadline(of, startAt, calendar).dueAt)) as [number, number]
      // Only the roll of natural days can bring two lengths to the same day.
      if (c.unit === 'day' && !c.custody) expect(longer).toBeGreaterThanOrEqual(shorter)
      else expect(longer).toBeGreaterThan(shorter)
    })
  })

  test('is never earlier for a later start', () => {
    check(anyClock, instant, fc.integer({ min: 0, max: 10 * dayMs }), (c, startAt, ms) => {
      const [first, second] = [startAt, addMs(startAt, ms)].map((at) => Date.parse(planDeadline(c, at, calendar).dueAt)) as [number, number]
      expect(second).toBeGreaterThanOrEqual(first)
    })
  })

  test('counts n workdays after the start day, and skips just the days off among them', () => {
    check(clock('workday'), instant, (c, startAt) => {
      const d = planDeadline(c, startAt, calendar)
      expect(countedIn(d).filter((date) => calendar.isWorkday(date))).toHaveLength(c.n)
      expect(d.skipped).toEqual(countedIn(d).filter((date) => !calendar.isWorkday(date)))
    })
  })

  test('counts n natural days after the start day, and beyond them only days off', () => {
    check(clock('day'), instant, (c, startAt) => {
      const d = planDeadline(c, startAt, calendar)
      const beyond = countedIn(d).slice(c.n)
      // The days off it rolled over are the n-th and those after it; the day it rolled to is the last.
      expect(d.skipped).toEqual(beyond.length === 0 ? [] : countedIn(d).slice(c.n - 1, -1))
      expect(d.skipped.some((date) => calendar.isWorkday(date))).toBe(false)
    })
  })

  test('in custody counts n natural days and ends there', () => {
    check(custody.filter((c) => c.unit === 'day'), instant, (c, startAt) => {
      expect(countedIn(planDeadline(c, startAt, calendar))).toHaveLength(c.n)
    })
  })

  test('in hours and seconds is n of them', () => {
    check(clock('hour', 'second'), instant, (c, startAt) => {
      const d = planDeadline(c, startAt, calendar)
      expect(Date.parse(d.dueAt) - Date.parse(startAt)).toBe(c.n * (c.unit === 'hour' ? 3_600_000 : 1000))
    })
  })

  test('in days does not depend on the time of the start day', () => {
    check(fc.oneof(clock('day', 'workday'), custody.filter((c) => c.unit === 'day')), instant, timeMs, timeMs, (c, at, one, other) => {
      const midnight = `${dateOf(at)}T00:00:00+08:00`
      const [a, b] = [one, other].map((ms) => planDeadline(c, addMs(midnight, ms), calendar).dueAt)
      expect(a).toBe(b)
    })
  })

  test('is provisional just when a day it asked about lies in a year not announced', () => {
    check(clock('workday'), instant, (c, startAt) => {
      const d = planDeadline(c, startAt, calendar)
      expect(d.provisional).toBe(countedIn(d).some((date) => !['2024', '2025', '2026'].includes(date.slice(0, 4))))
    })
  })
})

describe('a deadline after any history', () => {
  test('never falls on a day off', () => {
    check(deadline('day', 'workday'), (d) => {
      expect(calendar.isWorkday(dateOf(d.dueAt))).toBe(true)
      expect(d.dueAt).toMatch(/T23:59:59\+08:00$/)
    })
  })

  test('has counted n workdays and the extension, outside the pauses that stopped it', () => {
    check(deadline('workday'), (d) => {
      const stopping = d.pauses.filter(({ from, to }) => to && Date.parse(from) < Date.parse(d.dueAt))
      const paused = (date: string) => stopping.some(({ from, to }) => dateOf(from) < date && date <= dateOf(to!))
      const counted = countedIn(d).filter((date) => calendar.isWorkday(date) && !paused(date))
      const allowed = d.clock.n + (d.extensions[0]?.n ?? 0)
      // Stopped on its last day, which it had used up, it has the next workday on top of those allowed.
      expect(counted.length).toBe(allowed + stopping.filter(({ onLastDay }) => onLastDay).length)
    })
  })

  test('has run n hours or seconds and the extension, outside the pauses that stopped it', () => {
    check(deadline('hour', 'second'), (d) => {
      const stopping = d.pauses.filter(({ from, to }) => to && Date.parse(from) < Date.parse(d.dueAt))
      const pausedMs = stopping.reduce((sum, { from, to }) => sum + Date.parse(to!) - Date.parse(from), 0)
      const allowed = d.clock.n + (d.extensions[0]?.n ?? 0)
      const ranMs = Date.parse(d.dueAt) - Date.parse(d.startAt) - pausedMs
      expect(ranMs).toBe(allowed * (d.clock.unit === 'hour' ? 3_600_000 : 1000))
    })
  })

  test('stays when it is paused and resumed at once', () => {
    check(deadline(...units).filter((d) => !openPause(d)), fc.integer({ min: 0, max: 30 * dayMs }), (d, ms) => {
      const entries = [d.startAt, ...d.pauses.map((p) => p.to!), ...d.extensions.map((e) => e.at)]
      const at = new Date(Math.max(...entries.map((entry) => Date.parse(entry))) + ms).toISOString()
      const { pauses, ...resumed } = resumeDeadline(pauseDeadline(d, at, '补正材料'), at, calendar)
      const { pauses: _, ...before } = d
      if (pauses.at(-1)!.onLastDay) expect(resumed.dueAt >= before.dueAt).toBe(true)
      else expect(resumed).toEqual(before)
    })
  })

  test('is never earlier after a longer pause', () => {
    check(clock(...units), instant, fc.integer({ min: 0, max: 20 * dayMs }), fc.integer({ min: 0, max: 20 * dayMs }), (c, startAt, afterMs, lastsMs) => {
      const d = planDeadline(c, startAt, calendar)
      const from = addMs(startAt, afterMs)
      const [shorter, longer] = [lastsMs, lastsMs + dayMs].map((ms) =>
        Date.parse(resumeDeadline(pauseDeadline(d, from, '补正材料'), addMs(from, ms), calendar).dueAt),
      ) as [number, number]
      expect(shorter).toBeGreaterThanOrEqual(Date.parse(d.dueAt))
      expect(longer).toBeGreaterThanOrEqual(shorter)
    })
  })

  test('is never due before it resumed, when the pause stopped it', () => {
    check(deadline(...units), (d) => {
      for (const { from, to } of d.pauses) {
        if (to && Date.parse(from) < Date.parse(d.dueAt)) expect(Date.parse(d.dueAt)).toBeGreaterThan(Date.parse(to))
      }
    })
  })

  test('is later for an extension, by as many workdays as were granted', () => {
    check(clock('workday', 'day', 'hour'), instant, fc.integer({ min: 1, max: 20 }), (c, startAt, n) => {
      const d = planDeadline(c, startAt, calendar)
      const extended = extendDeadline(d, { n, unit: c.unit, reason: '案情复杂', by: 'office-1', at: startAt }, calendar)
      expect(Date.parse(extended.dueAt)).toBeGreaterThan(Date.parse(d.dueAt))
      if (c.unit === 'workday') expect(extended).toMatchObject({ dueAt: planDeadline({ ...c, n: c.n + n }, startAt, calendar).dueAt })
    })
  })

  test('is the same when planned again on the same calendar, and after a journey through JSON', () => {
    check(deadline(...units), (d) => {
      expect(replanDeadline(d, calendar)).toEqual(d)
      expect(JSON.parse(JSON.stringify(d))).toStrictEqual(d)
    })
  })

  test('comes out the same whether the calendar was known at first or loaded later', () => {
    check(anyClock, instant, (c, startAt) => {
      expect(replanDeadline(planDeadline(c, startAt, earlier), calendar)).toEqual(planDeadline(c, startAt, calendar))
    })
  })

  test('can be explained, from the rule to the result', () => {
    check(deadline(...units), (d) => {
      const { lines } = explainDeadline(d)
      expect(lines[0]).toMatch(/^时限：/)
      expect(lines.at(-1)).toMatch(/到期(时间)?：\d{4}年/)
      expect(lines.join()).not.toMatch(/undefined|NaN|Invalid/)
    })
  })
})

describe('a ladder', () => {
  const fractions = fc.array(fc.double({ min: 0.001, max: 0.999, noNaN: true }), { maxLength: 4 })

  test('climbs: reminders between start and due, yellow at due, then red, then the leader', () => {
    const any = fc.oneof(deadline(...units), fc.tuple(custody, instant).map(([c, startAt]) => planDeadline(c, startAt, calendar)))
    check(any.filter((d) => !openPause(d)), fractions, (d, reminders) => {
      const ladder = planLadder(d, { ...LADDERS[d.clock.unit], reminders }, calendar)
      const times = ladder.map(({ at }) => Date.parse(at))
      expect(times).toEqual([...new Set(times)].sort((a, b) => a - b))
      expect(times[0]).toBeGreaterThanOrEqual(Date.parse(d.startAt))
      expect(ladder.slice(-3).map(({ rung }) => rung)).toEqual(['yellow', 'red', 'leader'])
      expect(ladder.at(-3)?.at).toBe(d.dueAt)
      expect(ladder.slice(0, -3).every(({ rung }) => rung === 'reminder')).toBe(true)
    })
  })

  test('reminds at 09:00 on a workday, for clocks in days that are not custody', () => {
    check(deadline('day', 'workday').filter((d) => !openPause(d)), fractions, (d, reminders) => {
      for (const { rung, at } of planLadder(d, { ...LADDERS.workday, reminders }, calendar)) {
        if (rung !== 'reminder') continue
        expect(at).toMatch(/T09:00:00\+08:00$/)
        expect(calendar.isWorkday(dateOf(at))).toBe(true)
      }
    })
  })
})
