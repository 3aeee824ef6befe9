/** Figures of a roster for leaders, counted from its lines. Pure. */
import type { Calendar } from '../clock/calendar.ts'
import { shanghaiDate } from './instants.ts'
import type { Shift } from './roster.ts'
import { covering, dueSpans, gapsOf, touchesNight, type Span, type Watch } from './roster-plan.ts'

const MINUTE_MS = 60_000
const minutesOf = (spans: Span[]) => spans.reduce((sum, { fromAt, untilAt }) => sum + (untilAt.getTime() - fromAt.getTime()) / MINUTE_MS, 0)

/** What was due and what was covered, in minutes; check-ins that were late; how shifts and turns ended; nights, days off and hours by person. */
export interface RosterFigures {
  dueMinutes: number, coveredMinutes: number, lateCheckIns: number, unrelieved: number, missed: number
  turns: { unit: string, kept: number, missed: number, madeUp: number }[]
  people: { person: string, shifts: number, hours: number, nights: number, daysOff: number }[]
}

/** Counts what lies in `span`. Somebody is late who checked in more than 15 minutes after the start. */
export function countRoster(shifts: Shift[], watch: Watch, span: Span, calendar: Calendar): RosterFigures {
  const due = dueSpans(watch, span, calendar)
  const turnUnits = [...new Set(shifts.filter(s => s.kind === 'rotation').map(s => s.unitId))]
  const live = shifts.filter(s => s.state === 'published' || s.state === 'held' || s.state === 'ended')
  const outcomes = (unit: string, ...of: Shift['outcome'][]) => live.filter(s => s.kind === 'rotation' && s.unitId === unit && of.includes(s.outcome)).length
  const people = [...new Set(live.flatMap(s => s.personId ?? []))]
  return {
    dueMinutes: minutesOf(due), coveredMinutes: minutesOf(due) - minutesOf(gapsOf(due, covering(shifts))),
    lateCheckIns: live.filter(s => s.checkedInAt && s.checkedInAt.getTime() - s.fromAt.getTime() > 15 * MINUTE_MS).length,
    unrelieved: live.filter(s => s.outcome === 'unrelieved').length, missed: live.filter(s => s.outcome === 'absent').length,
    turns: turnUnits.map(unit => ({ unit, kept: outcomes(unit, 'present'), missed: outcomes(unit, 'absent', 'made-up'), madeUp: outcomes(unit, 'made-up') })),
    people: people.map((person) => {
      const own = live.filter(s => s.personId === person && s.outcome !== 'absent')
      return { person, shifts: own.length, hours: Math.round(minutesOf(own) / 60), nights: own.filter(touchesNight).length, daysOff: own.filter(s => !calendar.isWorkday(shanghaiDate(s.fromAt))).length }
    }).toSorted((a, b) => b.hours - a.hours || (a.person < b.person ? -1 : 1)),
  }
}
