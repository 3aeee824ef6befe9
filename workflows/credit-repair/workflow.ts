import { runCase, type Case, type Ending } from '../kit/case.ts'
import type { CaseInput, Done } from '../kit/types.ts'
import type { Accept, Application, Decide, Objection, ObjectionReview } from './forms.ts'
import type { Found } from './procedure.ts'
import { policy } from './policy.ts'

type Repair = Case<typeof policy>

/** 信用修复: accepted and decided by 法制, verified by the unit that penalised; one objection against a refusal. */
export async function creditRepair(input: CaseInput<Application>): Promise<Ending> {
  return runCase(policy, input, async (c, application) => {
    let found = await mustBeEligible(c, application)
    const { decide } = await c.inOrder({
      accept: async () => {
        const accepted = await accept(c, found)
        // Once more: 法制 may have found another severity or date in the decision itself.
        found = await mustBeEligible(c, application)
        return accepted
      },
      verify: () => c.ask('verify', { unit: found.decidedBy }),
      review: ({ verify }) => c.ask('review', { context: { verified: verify!.form } }),
      decide: ({ verify, review }) => c.ask('decide', { context: { verified: verify!.form, reviewed: review!.form } }),
    })
    c.keepPromise()
    c.withdrawable = false
    const { decision, text } = decide.form as Decide
    return decision === 'repair' ? repaired(c, found, decide, text) : refused(c, found, text)
  })
}

/** Too early: told the first possible date at once, and reminded when it has come, where that was asked for. */
async function mustBeEligible(c: Repair, application: Application): Promise<Found> {
  const found = await c.check<Found>('eligibility')
  if (found.eligible) return found
  const { decisionNo, firstDate, explanation, source } = found
  const reminded = application.remindWhenEligible === true
  c.tell('applicant', '未到可以申请信用修复之日', `${decisionNo}最早可于 ${firstDate} 申请信用修复。`)
  if (reminded) c.tellLater(`${firstDate}T09:00:00+08:00`, 'applicant', '可以申请信用修复', `${decisionNo}自今日起可以申请信用修复，请重新提交申请。`)
  return c.end({ outcome: 'not-yet-eligible', result: { firstDate, reminded, explanation, source } })
}

/** 受理: what is missing is asked for once, while the clock stands still. Not this authority's decision: told where to go. */
async function accept(c: Repair, found: Found): Promise<Done> {
  for (;;) {
    const accepted = await c.ask('accept', { context: { ...found } })
    const { decision, complex, missing = '', reason = '' } = accepted.form as Accept
    if (decision === 'accept') {
      if (complex) c.chooseClock('complex')
      return accepted
    }
    if (decision === 'reject') {
      c.tell('applicant', '信用修复不予受理', reason)
      return c.end({ outcome: 'refused', result: { accepted: false, reason } })
    }
    c.pause('等待申请人补正材料')
    const supplement = await c.ask('supplement', { context: { missing } })
    if (supplement.action === 'lapse') return c.end({ outcome: 'lapsed', result: { missing } })
    c.resume()
  }
}

/** 准予修复: a numbered decision, made known to the credit platform, and the credit grade worked out anew. */
async function repaired(c: Repair, { decisionNo, decidedOn, severity }: Found, { at }: Done, reason: string): Promise<Ending<'repaired'>> {
  const repairedOn = at.slice(0, 'YYYY-MM-DD'.length)
  const documentNo = await c.issue('credit-repair-decision', { decisionNo, decidedOn, repairedOn, reason })
  c.push('credit-platform', { action: 'credit-repaired', documentNo, decisionNo, decidedOn, severity, repairedOn })
  const credit = await c.check('credit-grade')
  return { outcome: 'repaired', result: { documentNo, reason, credit } }
}

/** 不予修复: with reasons; the enterprise may object once, and other people than before look at it again. */
async function refused(c: Repair, found: Found, reason: string): Promise<Ending<'repaired' | 'refused'>> {
  c.tell('applicant', '不予信用修复', `${reason}\n如有异议，可在期限内提出一次。`)
  const { object, grounds } = (await c.ask('objection', { context: { reason } })).form as Partial<Objection>
  if (!object) return { outcome: 'refused', result: { accepted: true, reason, objection: null } }

  const reviewed = await c.ask('objection-review', { context: { reason, grounds: grounds! } })
  const { uphold, text } = reviewed.form as ObjectionReview
  if (uphold) return repaired(c, found, reviewed, text)
  c.tell('applicant', '异议不成立，维持不予修复的决定', text)
  return { outcome: 'refused', result: { accepted: true, reason, objection: { grounds: grounds!, answer: text } } }
}
