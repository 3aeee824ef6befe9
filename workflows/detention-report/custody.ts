/** 羁押期限 (刑诉法85, 86, 91): which custody clocks run, from when, and until what is confirmed. Pure; runs in the sandbox. */
import type { CustodyMilestones } from './forms.ts'
import type { policy } from './policy.ts'

export type Milestone = CustodyMilestones['milestones'][number]
export type MilestoneName = Milestone['milestone']
export type CustodyClock = keyof (typeof policy)['tasks']['custody-milestones']['clock']

/** What is known of a custody. */
export interface Custody {
  /** Time of the detention by the report (urgent path), as long as no milestone says it. */
  reportedAt?: string
  confirmed: Partial<Record<MilestoneName, Milestone>>
}

/** A custody clock that runs: from when, and what ends it. */
export interface Due { clock: CustodyClock, from: string, awaiting: MilestoneName[] }

/** When the detention was carried out; undefined while it was not. */
export const detainedAt = ({ confirmed, reportedAt }: Custody): string | undefined => confirmed.detained?.doneAt ?? reportedAt

/** Takes milestones into what is known. */
export function confirm({ confirmed }: Custody, milestones: Milestone[]): void {
  for (const one of milestones) confirmed[one.milestone] = one
}

/** 24 hours for three things (85, 86), which may be confirmed one by one. */
export function firstDay(custody: Custody): Due | null {
  const from = detainedAt(custody)
  const awaiting = (['detention-house', 'family-notified', 'questioned'] as const).filter(name => !custody.confirmed[name])
  return from && !custody.confirmed.released && awaiting.length > 0 ? { clock: 'first-day', from, awaiting } : null
}

/** 3 days to request the arrest, longer where that was confirmed; then 7 days for the procuratorate to decide (91). */
export function arrest(custody: Custody): Due | null {
  const from = detainedAt(custody)
  const { released, 'arrest-requested': requested, 'arrest-decided': decided } = custody.confirmed
  if (!from || released || decided) return null
  if (requested) return { clock: 'arrest-decision', from: requested.doneAt, awaiting: ['arrest-decided'] }
  return { clock: arrestClock(custody), from, awaiting: ['arrest-requested'] }
}

/** The clock in which the arrest is to be requested: the longer one that was confirmed, else 3 days. */
export function arrestClock({ confirmed: { 'request-extended': extended } }: Custody): CustodyClock {
  return extended ? `arrest-request-${extended.term!}` : 'arrest-request'
}

/** What is wrong with further milestones, as the custody stands: JSON pointers and sentences. */
export function milestoneErrors(before: Custody, milestones: Milestone[]): { pointer: string, detail: string }[] {
  const after: Custody = { ...before, confirmed: { ...before.confirmed } }
  confirm(after, milestones)
  const start = detainedAt(after)
  const requested = after.confirmed['arrest-requested']
  const wrong = ({ milestone, doneAt }: Milestone): string | null => {
    const at = Date.parse(doneAt)
    if (milestone === 'not-carried-out') return detainedAt(before) ? '已执行羁押的，不能再填未执行' : null
    if (before.confirmed[milestone] && milestone !== 'request-extended') return '该节点已经确认'
    if (!start) return '须先填报执行拘留'
    if (at < Date.parse(start)) return '不能早于执行拘留的时间'
    if (milestone === 'request-extended' && before.confirmed['arrest-requested']) return '已提请批准逮捕，不能再延长提请期限'
    if (milestone !== 'arrest-decided') return null
    if (!requested) return '须先填报提请批准逮捕'
    return at < Date.parse(requested.doneAt) ? '不能早于提请批准逮捕的时间' : null
  }
  return milestones.flatMap((one, i) => {
    const detail = wrong(one)
    return detail ? [{ pointer: `/milestones/${i}`, detail: `已完成节点第 ${i + 1} 项：${detail}` }] : []
  })
}
