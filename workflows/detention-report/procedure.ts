import { makeCalendar } from '../../clock/calendar.ts'
import { planDeadline } from '../../clock/deadline.ts'
import type { Clock } from '../../clock/types.ts'
import { toIso } from '../../model/instants.ts'
import type { CaseState } from '../../model/state.ts'
import type { CheckContext, FormContext } from '../kit/procedure.ts'
import type { FieldError } from '../kit/check-forms.ts'
import type { Facts, Json } from '../../model/types.ts'
import type { Policy } from '../../model/policy.ts'
import { arrest, arrestClock, confirm, detainedAt, firstDay, milestoneErrors, type Custody, type CustodyClock, type Milestone, type MilestoneName } from './custody.ts'
import type { Application } from './forms.ts'

export { forms } from './forms.ts'
export { picture } from './picture.ts'
export { policy } from './policy.ts'
export { shown } from './shown.ts'
export { words } from './words.ts'

/** The same for every report: who is concerned is for those to read who take part. */
export const titleOf = (_: Facts): string => '羁押事前报备'

/** The enterprise that the report names. */
export const enterpriseOf = (application: Facts): string => String(application.enterpriseId)

/** Whoever declares a conflict of his own cannot report: filing, too, is a step. */
export const filingRules = (application: Facts, filedBy: string): FieldError[] =>
  ((application as Partial<Application>).conflictDeclaration?.conflicts ?? []).flatMap(({ person }, i) =>
    person === filedBy ? [{ pointer: `/conflictDeclaration/conflicts/${i}/person`, detail: '应回避人员：您有应当回避的情形，须由其他承办人报备' }] : [])

export const formRules = {
  /** Milestones agree with those that were confirmed before. */
  'custody-milestones': (form: Facts, { state }: FormContext): FieldError[] => milestoneErrors(custodyOf(state), milestonesOf(form)),
}

export const checks = {
  /** 紧急情形: was the report made in time, counted from the detention that it states? */
  reporting({ state: { file }, at, policy }: CheckContext): Json {
    const detained = String(file.application.detainedAt)
    // Later amendments do not make the report later.
    const reportedAt = (file.facts.reporting as { reportedAt: string } | undefined)?.reportedAt ?? toIso(at)
    const clock = policy.figures!.reporting as unknown as Clock
    const dueAt = limit(clock, detained)
    return { detainedAt: detained, reportedAt, dueAt, source: clock.source, ...overdue(reportedAt, dueAt, '迟报：未在规定时限内报备') }
  },

  /** 羁押期限: each confirmed milestone against its limit, and what was left undone at a release; a decision that the detention did not wait for. */
  custody({ state, policy }: CheckContext): Json {
    const custody = custodyOf(state)
    const confirmed = Object.values(custody.confirmed).map(({ milestone, doneAt }) => {
      const dueAt = limitOf(milestone, custody, policy)
      return { milestone, doneAt, ...(dueAt && { dueAt, ...overdue(doneAt, dueAt, '超过法定羁押期限') }) }
    })
    const milestones = [...confirmed, ...leftUndone(custody, policy)]
    const decided = state.tasks.findLast(t => t.name === 'decide' && t.status === 'completed')?.completedAt
    const early = !state.file.application.urgent && decided && custody.confirmed.detained && Date.parse(custody.confirmed.detained.doneAt) < decided.getTime()
    const late = early || milestones.some(m => 'late' in m)
    return { milestones, ...(early && { early: '先于决定执行羁押' }), ...(late && { card: 'yellow' }) }
  },
}

/** What the record says of the custody: the report, and every milestone confirmed since, in their order. */
function custodyOf({ file, tasks }: CaseState): Custody {
  const custody: Custody = { reportedAt: (file.application as Partial<Application>).detainedAt, confirmed: {} }
  const confirmations = tasks.filter(t => t.name === 'custody-milestones' && t.status === 'completed')
  for (const t of confirmations.toSorted((a, b) => a.completedAt!.getTime() - b.completedAt!.getTime())) confirm(custody, milestonesOf(t.result!))
  return custody
}

const milestonesOf = (form: Facts) => form.milestones as unknown as Milestone[]

/** What was never done, though the release came after its limit. */
function leftUndone(custody: Custody, policy: Policy) {
  const { released, ...confirmed } = custody.confirmed
  if (!released) return []
  return [firstDay, arrest].flatMap(dueOf => dueOf({ ...custody, confirmed }) ?? []).flatMap(({ clock, from, awaiting }) => {
    const dueAt = limit(clocksOf(policy)[clock], from)
    const late = overdue(released.doneAt, dueAt, '超过法定羁押期限仍未办理')
    return late.late ? awaiting.map(milestone => ({ milestone, dueAt, ...late })) : []
  })
}

const clocksOf = (policy: Policy) => policy.tasks['custody-milestones']!.clock as Record<CustodyClock, Clock>

/** The milestone that ends a custody clock is late when it was done after its end. */
function limitOf(milestone: MilestoneName, custody: Custody, policy: Policy): string | null {
  const clocks = clocksOf(policy)
  const start = detainedAt(custody)
  if (!start) return null
  switch (milestone) {
    case 'detention-house':
    case 'family-notified':
    case 'questioned': return limit(clocks['first-day'], start)
    case 'arrest-requested': return limit(clocks[arrestClock(custody)], start)
    case 'arrest-decided': return limit(clocks['arrest-decision'], custody.confirmed['arrest-requested']!.doneAt)
    default: return null
  }
}

// Hours and custody run through days off, so no calendar is asked.
const limit = (clock: Clock, from: string) => planDeadline(clock, from, makeCalendar({})).dueAt

/** An overdue fact: shown as a yellow card, and never erased. */
const overdue = (at: string, dueAt: string, late: string): { late?: string, card?: 'yellow' } =>
  Date.parse(at) > Date.parse(dueAt) ? { late, card: 'yellow' } : {}
