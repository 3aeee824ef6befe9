/** The rules of a procedure as the page shows and changes them. */
import type { Schemas } from '../../api/client.ts'
import { ROLES, type Role } from '../../session/roles.ts'
import { span, type ClockUnit } from '../../time.ts'

export type InForce = Schemas['PolicyInForce']
export interface Span { n: number, unit: ClockUnit }
export interface Clock extends Span { source: string, before?: string }
export interface Ladder { reminders: number[], red: Span, leader: Span }
export interface Doer { unit: string, role: Role }
export interface Unit { id: string, name: string, kind: string }
export type Ladders = Record<ClockUnit, Ladder>

/** One time that can be changed: of the case (`task` empty) or a task, by its name where there are several. */
export interface Timed {
  policy: InForce
  task: string
  title: string
  doer: string
  /** Who does it, where that is a rule. */
  assigned: Doer | null
  kind: string | null
  clock: Clock
  /** null: that of the clock's unit. */
  ladder: Ladder | null
  lapses: boolean
}

/** Units of time that a rule can be given in. */
export const UNITS: { value: ClockUnit, label: string }[] = [{ value: 'workday', label: '工作日' }, { value: 'day', label: '自然日' }, { value: 'month', label: '个月' }, { value: 'year', label: '年' }, { value: 'hour', label: '小时' }]

export function timesOf(policy: InForce, units: Unit[]): Timed[] {
  const each = ({ clock, ladder, ...of }: Omit<Timed, 'policy' | 'kind' | 'clock' | 'ladder'> & { clock: unknown, ladder: unknown }): Timed[] => {
    const kinds = clock === null ? [] : typeof clock === 'object' && 'n' in clock! ? [[null, clock] as const] : Object.entries(clock as object)
    return kinds.map(([kind, one]) => ({ ...of, policy, kind, clock: one as Clock, ladder: ladder as Ladder | null }))
  }
  return [...each({ task: '', title: '全案', doer: '', assigned: null, lapses: false, clock: policy.clock, ladder: policy.ladder }), ...policy.tasks.flatMap(({ name, unit: unitId, role, ...task }) => {
    const unit = units.find(one => one.id === unitId)
    const ofTask = { ...task, task: name }
    if (unitId === 'applicant') return each({ ...ofTask, doer: '申请人', assigned: null })
    if (unit?.kind === 'outside') return each({ ...ofTask, doer: unit.name, assigned: null })
    return each({ ...ofTask, doer: `${unitId === '' ? '办理时指定的单位' : unit?.name ?? unitId} · ${ROLES[role as Role].title}`, assigned: { unit: unitId, role: role as Role } })
  })]
}

const percent = (part: number): string => `${Math.round(part * 100)}%`

/** What happens around a deadline, in a sentence. */
export function ladderText({ reminders, red, leader }: Ladder, lapses: boolean): string {
  const reminding = reminders.length === 0 ? '不提醒' : `用去 ${reminders.map(percent).join('、')} 时提醒`
  if (lapses) return `${reminding}，到期视为放弃`
  return `${reminding}，到期黄牌，再过 ${span(red.n, red.unit)}红牌，${leader.n === 0 ? '同时' : `再过 ${span(leader.n, leader.unit)}`}报局领导`
}

/** Parts of a time allowed that can be chosen for a reminder, beside those that are chosen. */
export const partsOf = (chosen: number[]): { value: number, label: string }[] =>
  [...new Set([...Array.from({ length: 19 }, (_, i) => (i + 1) * 5 / 100), ...chosen])].toSorted((a, b) => a - b).map(value => ({ value, label: percent(value) }))
