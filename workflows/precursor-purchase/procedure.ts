import { Temporal } from 'temporal-polyfill'
import data from '../../data/precursor-catalogue.json' with { type: 'json' }
import { shanghaiDate } from '../../model/instants.ts'
import { isLive, type CaseState } from '../../model/state.ts'
import type { CheckContext, FormContext } from '../kit/procedure.ts'
import type { FieldError } from '../kit/check-forms.ts'
import type { Facts } from '../../model/types.ts'
import type { Application, Examine, UsageReport } from './forms.ts'
import { policy } from './policy.ts'
import { certify, checkPurchase, type Chemical, type EarlierPurchase, type History, type PurchaseCheck, type PurchaseLimits, type Relation } from './rules.ts'

export { documents } from './documents.ts'
export { forms } from './forms.ts'
export { picture } from './picture.ts'
export { policy }
export { shown } from './shown.ts'
export { words } from './words.ts'

const catalogue = data.chemicals as Chemical[]

/** The chemicals, not who buys them. */
export function titleOf(application: Facts): string {
  const names = (application as unknown as Application).items.map(({ cas }) => catalogue.find(one => one.cas === cas)?.name ?? cas)
  return `易制毒化学品购买备案：${names.slice(0, 3).join('、')}${names.length > 3 ? `等${names.length}种` : ''}`
}

export const checks = {
  /** The table of rules, on the application as it is now and the purchases known now. */
  'purchase': async (context: CheckContext) => checkPurchase({ ...factsOf(context), history: await historyFor(context) }) as unknown as Facts,
  /** What the certificate is to say. */
  'certificate-content': (context: CheckContext) => certify(factsOf(context)) as Facts,
}

const factsOf = ({ state, at, policy }: CheckContext) => ({
  application: applicationOf(state), catalogue, today: shanghaiDate(at), limits: policy.figures as unknown as PurchaseLimits,
})

// ─── earlier purchases ──────────────────────────────────────────────────────────────────────────

/** Totals look back over the longest window; multiple use also asks for the first filing and for reports missing since whenever. */
async function historyFor({ state, at, policy, history }: CheckContext): Promise<History> {
  const { file } = state
  const { mode, deliverTo, buyer } = applicationOf(state)
  const { rolling } = policy.figures as unknown as PurchaseLimits
  const since = mode === 'multiple' ? new Date(0) : daysBefore(at, Math.max(...rolling.map(({ days }) => days)))
  const found = await history(file.procedure, { since, enterpriseId: file.enterpriseId, like: [{ deliverTo }, ...(buyer ? [{ buyer: { idNumber: buyer.idNumber } }] : [])] })
  const earlier = found.filter(one => one.file.caseNo !== file.caseNo && counts(one))
  const certified = earlier.filter(one => isCertified(one) && sharedWith(state, one).includes('enterprise'))
  return {
    purchases: earlier.map(one => purchaseOf(one, state, at)),
    ...(certified[0] && { firstFiledOn: shanghaiDate(certified.reduce((first, one) => (one.file.openedAt < first.file.openedAt ? one : first)).file.openedAt) }),
  }
}

const daysBefore = (at: Date, days: number) =>
  new Date(Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO('Asia/Shanghai').startOfDay().subtract({ days }).epochMilliseconds)

/** What is asked for or was certified; what was refused, withdrawn or lapsed bought nothing. A certificate counts also when its case was cancelled later. */
const counts = (one: CaseState) => one.file.status !== 'closed' || isCertified(one)

const isCertified = ({ file }: CaseState) => file.facts.certificate !== undefined

function purchaseOf(one: CaseState, present: CaseState, at: Date): EarlierPurchase {
  return {
    caseNo: one.file.caseNo, on: shanghaiDate(one.file.openedAt), related: sharedWith(present, one), usageReport: reportOf(one, at),
    items: applicationOf(one).items.map(({ cas, quantityKg }) => ({ cas, quantityKg })),
  }
}

function sharedWith(present: CaseState, one: CaseState): Relation[] {
  const [mine, theirs] = [applicationOf(present), applicationOf(one)]
  const same: Record<Relation, boolean> = {
    enterprise: present.file.enterpriseId !== null && present.file.enterpriseId === one.file.enterpriseId,
    person: mine.buyer !== undefined && mine.buyer.idNumber === theirs.buyer?.idNumber,
    address: mine.deliverTo === theirs.deliverTo,
  }
  return (Object.keys(same) as Relation[]).filter(relation => same[relation])
}

/** A report that its case was closed without is nobody's debt: the case was cancelled. */
function reportOf({ tasks }: CaseState, at: Date): EarlierPurchase['usageReport'] {
  const report = tasks.find(t => t.name === 'usage-report')
  if (report?.status === 'completed') return report.completedAt! > report.dueAt ? 'reported-late' : 'reported'
  return report && isLive(report) && report.dueAt < at ? 'overdue' : 'not-due'
}

const applicationOf = ({ file }: CaseState) => file.application as unknown as Application

// ─── forms against their case ───────────────────────────────────────────────────────────────────

export const formRules = {
  'examine': (form: Facts, { state }: FormContext): FieldError[] => {
    const { decision, cleanYearConfirmed } = form as Examine
    const { hits } = state.file.facts.purchase as unknown as PurchaseCheck
    if (decision === 'supplement' && state.tasks.some(t => t.name === 'supplement' && t.status === 'completed')) {
      return [{ pointer: '/decision', detail: '审查意见：补正须一次告知（行政许可法第三十二条），申请人已补正过一次，请决定同意或不予备案' }]
    }
    if (decision !== 'approve') return []
    const refused = hits.filter(hit => hit.severity === 'refuse').map(hit => ({ pointer: '/decision', detail: `审查意见：不能同意，${hit.explanation}` }))
    const unconfirmed = hits.some(hit => hit.rule === 'clean-year') && !cleanYearConfirmed
    return [...refused, ...(unconfirmed ? [{ pointer: '/cleanYearConfirmed', detail: '既往档案已核对：多次使用须备案满一年且无违规，请核对后确认' }] : [])]
  },
  'usage-report': (form: Facts, { state }: FormContext): FieldError[] => {
    const { length } = applicationOf(state).items
    const { receivedKg, stockKg } = form as UsageReport
    return [['receivedKg', '实际购入（千克）', receivedKg] as const, ['stockKg', '当前库存（千克）', stockKg] as const].filter(([, , figures]) => figures.length !== length)
      .map(([field, title]) => ({ pointer: `/${field}`, detail: `${title}：申购 ${length} 个品种，须按申购顺序填写 ${length} 个数` }))
  },
}
