import { shanghaiDate } from '../../model/instants.ts'
import type { CaseState } from '../../model/state.ts'
import type { CheckContext, FormContext } from '../kit/procedure.ts'
import type { FieldError } from '../kit/check-forms.ts'
import type { Facts } from '../../model/types.ts'
import { creditGrade, type CreditGrade, type GradeFigures, type Penalty } from './credit-grade.ts'
import { eligibility, type Eligibility, type PublicationMonths } from './eligibility.ts'
import type { Accept, Application } from './forms.ts'

export { documents } from './documents.ts'
export { forms } from './forms.ts'
export { picture } from './picture.ts'
export { policy } from './policy.ts'
export { shown } from './shown.ts'
export { words } from './words.ts'

/** The decision that is to be repaired. */
export const titleOf = (application: Facts): string => `${application.decisionNo} 信用修复`

/** The decision to be repaired: where 法制 found otherwise at acceptance, that goes before what the enterprise wrote. */
export type Decision = Pick<Application, 'decisionNo' | 'decidedOn' | 'decidedBy' | 'severity'>

/** What the check of eligibility notes on the case. */
export type Found = Decision & Eligibility

/** Rules run on the recorded case. */
export const checks = {
  /** May the decision be repaired today? */
  'eligibility': ({ state, at, policy }: CheckContext): Found => {
    const decision = decisionOf(state)
    const { dutiesDone } = state.file.application as Application
    return { ...decision, ...eligibility({ ...decision, dutiesDone }, shanghaiDate(at), policy.figures!.publicationMonths as PublicationMonths) }
  },

  /** The enterprise's credit grade with this case's decision repaired, and what it was before. */
  'credit-grade': async ({ state, at, policy, history }: CheckContext): Promise<CreditGrade & { before: { grade: string, score: number } }> => {
    const today = shanghaiDate(at)
    const others = await history(policy.key, { since: new Date(0), enterpriseId: state.file.enterpriseId, like: [] })
    const known = penalties(others.filter(o => o.file.caseNo !== state.file.caseNo))
    const { decisionNo, decidedOn, severity } = decisionOf(state)
    const grade = (repairedOn: string | null) => creditGrade([...known.filter(p => p.decisionNo !== decisionNo), { decisionNo, decidedOn, severity, repairedOn }],
      today, policy.figures!.creditGrade as unknown as GradeFigures, policy.figures!.publicationMonths as PublicationMonths)
    const before = grade(null)
    return { ...grade(today), before: { grade: before.grade, score: before.score } }
  },
}

/** What a form cannot check by itself. */
export const formRules: Record<string, (form: Facts, context: FormContext) => FieldError[]> = {
  'accept': (form, { state: { tasks } }) => form.decision === 'supplement' && tasks.some(t => t.name === 'supplement')
    ? [{ pointer: '/decision', detail: '补正只能通知一次，请作出受理或不予受理的决定' }] : [],
  'decide': (form, { state: { tasks } }) => form.decision === 'repair' && completed(tasks, 'verify').at(-1)?.result?.fulfilled !== true
    ? [{ pointer: '/decision', detail: '经核查义务未履行完毕，不能准予修复；对核查有异议的，请退回核查' }] : [],
}

const completed = (tasks: CaseState['tasks'], name: string) => tasks.filter(t => t.name === name && t.status === 'completed' && t.action === 'complete')

function decisionOf({ file, tasks }: CaseState): Decision {
  const { decisionNo, decidedOn, decidedBy, severity } = file.application as Application
  return completed(tasks, 'accept').reduce<Decision>((found, { result }) => {
    const { severity = found.severity, decidedOn = found.decidedOn, decidedBy = found.decidedBy } = result as Accept
    return { ...found, severity, decidedOn, decidedBy }
  }, { decisionNo, decidedOn, decidedBy, severity })
}

/** The penalties that an enterprise's cases tell of: each decision once, and only where 法制 has accepted the case. */
function penalties(cases: CaseState[]): Penalty[] {
  const byDecision = new Map<string, Penalty>()
  for (const c of cases) {
    if (!completed(c.tasks, 'accept').some(t => t.result?.decision === 'accept')) continue
    const { decisionNo, decidedOn, severity } = decisionOf(c)
    const repairedOn = c.file.outcome === 'repaired' ? shanghaiDate(c.file.closedAt!) : byDecision.get(decisionNo)?.repairedOn ?? null
    byDecision.set(decisionNo, { decisionNo, decidedOn, severity, repairedOn })
  }
  return [...byDecision.values()]
}
