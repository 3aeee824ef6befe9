/** What is looked at before somebody is put on duty (排班核查). Pure: facts in, findings in Chinese out. */
import type { Calendar } from '../clock/calendar.ts'
import { shanghai, shanghaiDate } from './instants.ts'
import type { Role } from './person.ts'
import { fitsShift, type ShiftKind } from './roster.ts'
import { touchesNight, type Span } from './roster-plan.ts'

const HOUR_MS = 3_600_000

/** `refuse`: not at all; `sign`: only when the leader signs for an emergency; `risk`, `inform`: shown, kept, no hindrance. */
export interface RosterFinding { rule: string, effect: 'refuse' | 'sign' | 'risk' | 'inform', message: string }

/** A shift that somebody is to have, with what is known of that person: who it is, what else there is, when he is away. */
export interface Proposed extends Span {
  kind: ShiftKind, unitId: string
  /** Null: no such person in office. */
  person: { id: string, name: string, unit: string | null, roles: Role[] } | null
  /** The person's other shifts and attendances, in any unit. */
  others: (Span & { what: string })[]
  absences: Span[]
}

/** [S] the turns go by workdays; 内务条令 and [C]: rest 12 hours after a night, else 8; at most 60 hours and 3 nights in 7 days. */
export function checkShift(p: Proposed, calendar: Calendar): RosterFinding[] {
  const found: RosterFinding[] = []
  const say = (rule: string, effect: RosterFinding['effect'], message: string) => { found.push({ rule, effect, message }) }
  if (!p.person || !fitsShift(p.kind, p.unitId, p.person)) {
    say('role', 'refuse', `值班人：应为该单位${p.kind === 'duty' && p.unitId === 'service-centre' ? '的值班员' : '的在用办案人员'}`)
    return found
  }
  const { name } = p.person
  if (p.kind === 'rotation' && !calendar.isWorkday(shanghaiDate(p.fromAt))) say('rotation-day', 'refuse', `${shanghaiDate(p.fromAt)} 不是工作日，部门轮驻只排工作日`)
  if (p.absences.some(away => meet(away, p))) say('absent', 'refuse', `${name}在这段时间内已登记缺勤`)
  const same = p.others.find(other => meet(other, p))
  if (same) say('overlap', 'refuse', `${name}在这段时间内已有安排：${same.what} ${spanOf(same)}`)
  else for (const short of restBetween(p)) say('rest', 'sign', `${name}休息不足：与 ${spanOf(short.other)} 的班只隔 ${short.hours} 小时，须满 ${short.need} 小时`)
  found.push(...checkWeek(p, name))
  return found
}

const meet = (a: Span, b: Span) => a.fromAt < b.untilAt && a.untilAt > b.fromAt
const spanOf = ({ fromAt, untilAt }: Span) => `${shanghai(fromAt)}至${shanghai(untilAt)}`

/** Whatever is too near, before or after. */
function restBetween(p: Proposed): { other: Span, hours: number, need: number }[] {
  return p.others.flatMap((other) => {
    const [first, second] = other.fromAt < p.fromAt ? [other, p] : [p, other]
    const need = touchesNight(first) ? 12 : 8
    const hours = (second.fromAt.getTime() - first.untilAt.getTime()) / HOUR_MS
    return hours < need ? [{ other, hours: Math.round(hours * 10) / 10, need }] : []
  })
}

/** More than 60 hours, or three nights, in any seven days with this shift in it. */
function checkWeek(p: Proposed, name: string): RosterFinding[] {
  const all = [...p.others, p]
  const worst = all.map(({ fromAt }) => {
    const week = { fromAt, untilAt: new Date(fromAt.getTime() + 168 * HOUR_MS) }
    if (!meet(week, p)) return { hours: 0, nights: 0 }
    const inside = all.filter(one => meet(one, week))
    const hours = inside.reduce((sum, one) => sum + Math.min(one.untilAt.getTime(), week.untilAt.getTime()) - Math.max(one.fromAt.getTime(), fromAt.getTime()), 0) / HOUR_MS
    return { hours, nights: inside.filter(touchesNight).length }
  })
  const hours = Math.max(...worst.map(one => one.hours))
  const nights = Math.max(...worst.map(one => one.nights))
  return [
    ...(hours > 60 ? [{ rule: 'week', effect: 'risk', message: `${name}七天内值班 ${Math.round(hours)} 小时，超过 60 小时` } as const] : []),
    ...(nights > 3 ? [{ rule: 'week', effect: 'risk', message: `${name}七天内值 ${nights} 个夜班，超过 3 个` } as const] : []),
  ]
}

/** Nights and days off of a quarter are shared: told when they differ by more than two [C]. */
export function checkFair(counts: Map<string, { name: string, nights: number, daysOff: number }>): RosterFinding[] {
  const inform = (what: 'nights' | 'daysOff', title: string): RosterFinding[] => {
    const sorted = [...counts.values()].toSorted((a, b) => a[what] - b[what])
    const [least, most] = [sorted[0], sorted.at(-1)]
    return least && most && most[what] - least[what] > 2 ? [{ rule: 'fair', effect: 'inform', message: `本季度${title}：${most.name} ${most[what]} 个，${least.name} ${least[what]} 个，相差超过 2 个` }] : []
  }
  return [...inform('nights', '夜班'), ...inform('daysOff', '节假日班')]
}

/** Findings that stand against it: refused ones, and those that need a signature and have none. */
export const against = (findings: RosterFinding[], signed: boolean): RosterFinding[] => findings.filter(({ effect }) => effect === 'refuse' || (effect === 'sign' && !signed))
