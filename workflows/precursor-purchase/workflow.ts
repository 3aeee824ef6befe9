import { runCase, type Case, type Ending } from '../kit/case.ts'
import { decimal } from '../../model/numbers.ts'
import type { Facts } from '../../model/types.ts'
import type { CaseInput } from '../kit/types.ts'
import type { Application, Examine, SecondExamine, UsageReport } from './forms.ts'
import { policy } from './policy.ts'
import type { Certificate, Hit, PurchaseCheck } from './rules.ts'

type Purchase = Case<typeof policy>

/** 易制毒化学品购买备案: checked at once, examined (twice where it is called for), certified within 24 hours, reported on within 30 days. */
export async function precursorPurchase(input: CaseInput<Application>): Promise<Ending> {
  return runCase(policy, input, async (c) => {
    // An amended application is checked and examined anew; its clock runs on.
    await c.untilUnchanged(() => examine(c))
    const certificate = await certify(c)
    const report = (await c.ask('usage-report', { context: certificate })).form as UsageReport
    tellOfExcess(c, certificate, report)
    return { outcome: 'approved', result: { ...certificate, receivedKg: report.receivedKg, stockKg: report.stockKg } }
  })
}

/** 即时核验、审查、补正、复核: comes back when the purchase is approved, and ends the case where it is not. Nothing is approved by silence. */
async function examine(c: Purchase): Promise<void> {
  for (let objection = {}; ;) {
    const check = await checkAtOnce(c)
    const context = { check: check as unknown as Facts, ...objection }

    const { decision, reason = '' } = (await c.ask('examine', { context })).form as Examine
    if (decision === 'reject') refuse(c, 'rejected', '不予备案', [reason])
    if (decision === 'supplement') {
      await supplement(c, reason)
      continue
    }

    if (check.category !== 2 && !hitsOf(check, 'risk').length) return
    const second = await c.ask('second-examine', { context })
    const { agree, reason: against = '' } = second.form as SecondExamine
    if (second.action === 'complete' && agree) return
    objection = { objection: against }
  }
}

/** 即时核验: refuses at once what the law forbids, and what only the province may permit. */
async function checkAtOnce(c: Purchase): Promise<PurchaseCheck> {
  const check = await c.check<PurchaseCheck>('purchase')
  const prohibited = hitsOf(check, 'prohibit')
  if (prohibited.length > 0) refuse(c, 'rejected', '不予备案', prohibited.map(hit => `${hit.explanation}（${hit.source}）`))
  if (check.notCompetent) refuse(c, 'not-competent', '不属本机关管辖', [check.notCompetent.why], { where: check.notCompetent.where })
  return check
}

/** 补正: the case's clock stands still until the applicant has answered, and runs on with what remained. */
async function supplement(c: Purchase, missing: string): Promise<void> {
  c.pause(`补正：${missing}`)
  try {
    const supplemented = await c.ask('supplement', { context: { missing } })
    if (supplemented.action === 'lapse') refuse(c, 'lapsed', '逾期未补正，申请终止', [missing])
  } finally {
    // Also when the applicant amended the application instead.
    c.resume()
  }
}

/** 出具备案证明; the promise of 24 hours is kept with it. */
async function certify(c: Purchase): Promise<Certificate & { certificate: string }> {
  const content = await c.check<Certificate>('certificate-content')
  const number = await c.issue('certificate', content)
  const certificate = { certificate: number, ...content }
  c.note('certificate', certificate)
  c.keepPromise()
  c.tell('applicant', '购买备案证明已出具', `证明文号 ${number}，${content.mode === 'single' ? '一次使用' : '多次使用'}，有效期 ${content.validFrom} 至 ${content.validUntil}。请在期限内报告实际购入和库存，逾期未报告的不再办理多次使用备案。`)
  return certificate
}

function refuse(c: Purchase, outcome: 'rejected' | 'not-competent' | 'lapsed', title: string, reasons: string[], more: Facts = {}): never {
  c.tell('applicant', title, reasons.join('；'))
  c.end({ outcome, result: { reasons, ...more } })
}

/** More received than was certified is for the unit to look into; the report itself is taken as it is. */
function tellOfExcess(c: Purchase, { items, certificate }: Certificate & { certificate: string }, { receivedKg }: UsageReport) {
  const excess = items.flatMap(({ name, quantityKg }, i) => receivedKg[i]! > quantityKg ? [`${name}备案 ${decimal(quantityKg)} 千克，报告购入 ${decimal(receivedKg[i]!)} 千克`] : [])
  if (excess.length > 0) c.tell('leaders', '实际购入超过备案数量', `${certificate}：${excess.join('；')}，请核查。`)
}

const hitsOf = (check: PurchaseCheck, severity: Hit['severity']) => check.hits.filter(hit => hit.severity === severity)
