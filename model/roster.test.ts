import { describe, expect, it } from 'vitest'
import { readCalendarFile } from '../clock/calendar-file.ts'
import { makeCalendar } from '../clock/calendar.ts'
import type { Role } from './person.ts'
import { against, checkFair, checkShift, type Proposed } from './roster-checks.ts'
import { alarmTimes, atTime, covering, draftDueOn, dueSpans, gapsOf, layPattern, overlaps, rungNow, swapDueAt, touchesNight, turnDueAt, workdaysAfter, type Span } from './roster-plan.ts'
import { judgeRoster, ROSTER_ACTIONS, rosterRelations, type Pattern, type RosterAction, type Shift } from './roster.ts'
import type { Who } from './actions.ts'
import { toIso } from './instants.ts'

const calendar = makeCalendar(readCalendarFile().years)
const at = (text: string) => atTime(text.slice(0, 10), text.slice(11))
const span = (from: string, until: string): Span => ({ fromAt: at(from), untilAt: at(until) })
const minute = (date: Date) => toIso(date).slice(0, 16)

const DEPARTMENTS = ['工商联', '市场监管局', '法院', '检察院', '税务局', '建设局']
const rotation = (from: string): Pattern => ({ members: DEPARTMENTS, shifts: [{ startsAt: '09:00', hours: 8 }], days: 'workdays', from, startIndex: 0 })
const turns = (from: string, ...months: string[]) => Object.fromEntries(months.flatMap(month => layPattern(rotation(from), month, calendar)).map(({ date, member }) => [date.slice(5), member]))

describe('the rotation of the six departments', () => {
  it('goes by workdays: a make-up Saturday is a turn, the Spring Festival is none, and nobody is moved up', () => {
    const days = turns('2026-02-09', '2026-02', '2026-03')
    expect(days).toMatchObject({ '02-09': '工商联', '02-10': '市场监管局', '02-11': '法院', '02-12': '检察院', '02-13': '税务局', '02-14': '建设局', '02-24': '工商联', '02-25': '市场监管局', '02-26': '法院', '02-27': '检察院', '02-28': '税务局', '03-02': '建设局' })
    expect(Object.keys(days).filter(day => day > '02-14' && day < '02-24')).toEqual([])
  })

  it('runs over Mid-Autumn and National Day', () => {
    const days = turns('2026-09-18', '2026-09', '2026-10')
    expect(days).toMatchObject({
      '09-18': '工商联', '09-20': '市场监管局', '09-21': '法院', '09-22': '检察院', '09-23': '税务局', '09-24': '建设局', '09-28': '工商联', '09-29': '市场监管局', '09-30': '法院', '10-08': '检察院', '10-09': '税务局', '10-10': '建设局',
    })
    for (const off of ['09-19', '09-25', '09-27', '10-01', '10-07']) expect(days).not.toHaveProperty(off)
  })

  it('is named by 16:00 of the workday before', () => {
    expect(minute(turnDueAt('2026-10-08', calendar))).toBe('2026-09-30T16:00')
    expect(minute(turnDueAt('2026-09-20', calendar))).toBe('2026-09-18T16:00')
  })
})

it('a month is drafted by the 25th, or the last workday before it', () => {
  expect([draftDueOn('2026-02', calendar), draftDueOn('2026-10', calendar), draftDueOn('2026-12', calendar)]).toEqual(['2026-01-23', '2026-09-24', '2026-11-25'])
})

it('what is asked on the last day before a holiday is answered by the next workday', () => {
  expect(minute(workdaysAfter('2026-09-30', 1, calendar))).toBe('2026-10-08T23:59')
})

describe('a pattern of persons', () => {
  const night: Pattern = { members: ['a', 'b', 'c'], shifts: [{ startsAt: '20:00', hours: 12 }, { startsAt: '08:00', hours: 12 }], days: 'every-day', from: '2026-09-30', startIndex: 1 }
  it('goes on from one month to the next where it stopped, and duty knows no holidays', () => {
    expect(layPattern(night, '2026-09', calendar).map(s => [minute(s.fromAt), minute(s.untilAt), s.member])).toEqual([['2026-09-30T08:00', '2026-09-30T20:00', 'b'], ['2026-09-30T20:00', '2026-10-01T08:00', 'c']])
    expect(layPattern(night, '2026-10', calendar).slice(0, 3).map(s => s.member)).toEqual(['a', 'b', 'c'])
    expect(layPattern(night, '2026-10', calendar)).toHaveLength(62)
    expect(layPattern(night, '2026-08', calendar)).toEqual([])
  })
  it('has no two shifts at once, also over midnight', () => {
    expect(overlaps(night.shifts)).toBe(false)
    expect(overlaps([{ startsAt: '08:00', hours: 12 }, { startsAt: '19:00', hours: 5 }])).toBe(true)
    expect(overlaps([{ startsAt: '08:00', hours: 12 }, { startsAt: '20:00', hours: 13 }])).toBe(true)
    expect(overlaps([{ startsAt: '08:00', hours: 24 }])).toBe(false)
  })
})

describe('gaps', () => {
  const day = span('2026-10-01T08:00', '2026-10-03T08:00')
  it('are what nothing covers, and what adjoins is one', () => {
    expect(gapsOf([day], [])).toEqual([day])
    expect(gapsOf([day], [span('2026-10-02T20:00', '2026-10-03T20:00'), span('2026-09-30T20:00', '2026-10-02T08:00')])).toEqual([span('2026-10-02T08:00', '2026-10-02T20:00')])
    expect(gapsOf([span('2026-10-01T08:00', '2026-10-02T08:00'), span('2026-10-02T08:00', '2026-10-03T08:00')], [])).toEqual([day])
    expect(gapsOf([day], [day])).toEqual([])
  })
  it('of a unit with workday duty lie between 09:00 and 17:00 of workdays, make-up days with them', () => {
    expect(dueSpans('workdays', span('2026-02-13T12:00', '2026-02-24T12:00'), calendar)).toEqual([span('2026-02-13T12:00', '2026-02-13T17:00'), span('2026-02-14T09:00', '2026-02-14T17:00'), span('2026-02-24T09:00', '2026-02-24T12:00')])
  })
  it('open where a shift is open, a draft, taken back or was missed, or its person is away; an extension covers', () => {
    const shift = (over: Partial<Shift>): Shift => ({ ...day, id: 'x', unitId: 'u', personId: 'p', kind: 'duty', state: 'published', checkedInAt: null, checkedInBy: null, staysOn: false, extendedTo: null, replaces: null, reason: null, outcome: null, ...over })
    expect(covering([shift({}), shift({ state: 'held' }), shift({ state: 'ended', outcome: 'unrelieved', extendedTo: at('2026-10-03T09:00') })]).at(-1)!.untilAt).toEqual(at('2026-10-03T09:00'))
    expect(covering([shift({ personId: null, state: 'open' }), shift({ state: 'draft' }), shift({ state: 'replaced' }), shift({ state: 'cancelled' }), shift({ state: 'ended', outcome: 'absent' })])).toEqual([])
    expect(covering([shift({})], () => true)).toEqual([])
  })
  it('ring seven days, 72, 24 and 2 hours before', () => {
    const from = at('2026-10-03T08:00')
    expect(alarmTimes(from).map(minute)).toEqual(['2026-09-26T08:00', '2026-09-30T08:00', '2026-10-02T08:00', '2026-10-03T06:00'])
    expect(rungNow(from, at('2026-09-26T07:59'))).toBeNull()
    expect(['2026-09-26T08:00', '2026-09-30T08:00', '2026-10-02T08:00', '2026-10-03T06:00', '2026-10-03T12:00'].map(now => rungNow(from, at(now)))).toEqual([168, 72, 24, 2, 2])
  })
})

it('a swap is answered 24 hours before the earlier shift, or 12 hours after it was asked', () => {
  expect(minute(swapDueAt(at('2026-10-01T08:00'), [span('2026-10-08T08:00', '2026-10-08T20:00')]))).toBe('2026-10-01T20:00')
  expect(minute(swapDueAt(at('2026-10-01T08:00'), [span('2026-10-08T08:00', '2026-10-08T20:00'), span('2026-10-02T10:00', '2026-10-02T20:00')]))).toBe('2026-10-01T10:00')
})

it('the night is 22:00 to 06:00', () => {
  expect([span('2026-10-01T08:00', '2026-10-01T22:00'), span('2026-10-01T06:00', '2026-10-01T18:00')].map(touchesNight)).toEqual([false, false])
  expect([span('2026-10-01T14:00', '2026-10-01T22:30'), span('2026-10-01T00:00', '2026-10-01T08:00'), span('2026-10-01T05:30', '2026-10-01T12:00')].map(touchesNight)).toEqual([true, true, true])
})

describe('checks', () => {
  const person = { id: 'anti-drug-1', name: '民警甲', unit: 'anti-drug', roles: ['handler'] as Role[] }
  const check = (over: Partial<Proposed>, from = '2026-10-02T16:00', until = '2026-10-02T23:00') => checkShift({ kind: 'duty', unitId: 'anti-drug', person, others: [], absences: [], ...span(from, until), ...over }, calendar).map(({ rule, effect }) => `${rule} ${effect}`)
  const other = (from: string, until: string) => ({ ...span(from, until), what: '值班' })

  it('let a rested member of the unit be put on duty', () => expect(check({})).toEqual([]))
  it('want rest: 12 hours after a night, 8 after another shift, before and after', () => {
    const night = [other('2026-10-01T20:00', '2026-10-02T08:00')]
    expect(check({ others: night })).toEqual(['rest sign'])
    expect(check({ others: night }, '2026-10-02T20:00', '2026-10-03T08:00')).toEqual([])
    expect(check({ others: [other('2026-10-02T00:00', '2026-10-02T08:00')] }, '2026-10-01T10:00', '2026-10-01T18:00')).toEqual(['rest sign'])
    expect(check({ others: [other('2026-10-01T08:00', '2026-10-01T16:00')] }, '2026-10-02T00:00', '2026-10-02T08:00')).toEqual([])
  })
  it('refuse two places at once, absences, strangers, administrators and 值班 by who is no 值班员', () => {
    expect(check({ others: [other('2026-10-02T22:00', '2026-10-03T08:00')] })).toEqual(['overlap refuse'])
    expect(check({ absences: [span('2026-10-01T00:00', '2026-10-03T00:00')] })).toEqual(['absent refuse'])
    expect(check({ person: null })).toEqual(['role refuse'])
    for (const over of [{ unit: 'traffic' }, { roles: ['admin'] as Role[] }, { roles: ['auditor'] as Role[] }]) expect(check({ person: { ...person, ...over } })).toEqual(['role refuse'])
    const atDesk = { ...person, unit: 'service-centre' }
    expect(check({ unitId: 'service-centre', person: atDesk })).toEqual(['role refuse'])
    expect(check({ unitId: 'service-centre', person: { ...atDesk, roles: ['duty-desk'] } })).toEqual([])
    expect(check({ unitId: 'bureau', person: { ...person, unit: 'bureau', roles: ['bureau-leader'] } })).toEqual([])
  })
  it('take a turn on a make-up Sunday, not on a holiday Friday', () => {
    const turn = (date: string) => check({ kind: 'rotation' }, `${date}T09:00`, `${date}T17:00`)
    expect([turn('2026-09-20'), turn('2026-09-25')]).toEqual([[], ['rotation-day refuse']])
  })
  it('tell of more than 60 hours and of more than three nights in seven days', () => {
    const days = [1, 2, 3, 4].map(n => other(`2026-10-0${n}T08:00`, `2026-10-0${n}T20:00`))
    expect(check({ others: days }, '2026-10-05T08:00', '2026-10-05T20:00')).toEqual([])
    expect(check({ others: days }, '2026-10-05T08:00', '2026-10-05T21:00')).toEqual(['week risk'])
    const nights = [1, 2, 3].map(n => other(`2026-10-0${n}T00:00`, `2026-10-0${n}T08:00`))
    expect(check({ others: nights }, '2026-10-04T00:00', '2026-10-04T08:00')).toEqual(['week risk'])
    expect(check({ others: nights }, '2026-10-08T00:00', '2026-10-08T08:00')).toEqual([])
  })
  it('tell when nights or days off are not shared', () => {
    const of = (...nights: number[]) => checkFair(new Map(nights.map((n, i) => [`p${i}`, { name: `民警${i}`, nights: n, daysOff: 0 }]))).map(({ rule }) => rule)
    expect([of(4, 2), of(5, 2), of()]).toEqual([[], ['fair'], []])
  })
  it('stand against it: what is refused always, short rest unless it is signed', () => {
    const found = [{ rule: 'rest', effect: 'sign', message: '' }, { rule: 'week', effect: 'risk', message: '' }] as const
    expect([against([...found], false).length, against([...found], true).length, against([{ rule: 'overlap', effect: 'refuse', message: '' }], true).length]).toEqual([1, 0, 1])
  })
})

describe('who may', () => {
  const who = (over: Partial<Who>): Who => ({ id: 'x', unit: 'anti-drug', enterprise: null, roles: ['handler'], standsInFor: [], ...over })
  const PEOPLE: Record<string, Who> = {
    'its person': who({ id: 'own' }), 'its leader': who({ roles: ['unit-leader'] }), 'another leader': who({ unit: 'traffic', roles: ['unit-leader'] }), 'a colleague': who({}),
    'an administrator': who({ unit: 'it', roles: ['admin'] }), 'an auditor': who({ unit: 'inspectorate', roles: ['auditor'] }), 'an enterprise': who({ unit: null, enterprise: 'ent-01', roles: ['enterprise'] }),
  }
  const may = (name: string) => Object.entries(ROSTER_ACTIONS).flatMap(([place, rules]) => Object.keys(rules).filter(action => judgeRoster(action as RosterAction, place, rosterRelations(PEOPLE[name]!, { unitId: 'anti-drug', own: 'own' })) === null).map(action => `${place} ${action}`))

  it('administrators, auditors and enterprises may nothing at all', () => {
    for (const name of ['an administrator', 'an auditor', 'an enterprise']) expect(may(name)).toEqual([])
  })
  it('plan, publish and fill: the leader of the own unit; swap and come: whose shift it is', () => {
    expect(may('its leader')).toEqual(expect.arrayContaining(['unit plan', 'unit publish', 'shift:open fill', 'swap:accepted confirm', 'alarm:open respond']))
    expect(may('its leader')).not.toContain('shift:published swap')
    expect(may('its person')).toEqual(expect.arrayContaining(['shift:published swap', 'shift:published check-in', 'shift:held hand-over']))
    expect(may('its person')).not.toContain('shift:published fill')
    for (const name of ['another leader', 'a colleague']) expect(may(name).filter(one => /plan|publish|swap|fill|check-in|hand-over|receive|confirm|respond/.test(one)), name).toEqual([])
  })
  it('a proxy acts for an absent leader, and inherits no shift', () => {
    const proxy = who({ id: 'proxy', standsInFor: [{ id: 'own', unit: 'anti-drug', enterprise: null, roles: ['unit-leader'] }] })
    const is = rosterRelations(proxy, { unitId: 'anti-drug', own: 'own' })
    expect([judgeRoster('publish', 'unit', is), judgeRoster('check-in', 'shift:published', is)?.code]).toEqual([null, 'not-permitted'])
  })
  it('says why not', () => {
    expect(judgeRoster('swap', 'shift:ended', new Set(['own']))).toEqual({ code: 'action-not-allowed', message: '该班已经结束' })
    expect(judgeRoster('fill', 'shift:replaced', new Set(['leader']))?.message).toMatch('另一班')
  })
})
