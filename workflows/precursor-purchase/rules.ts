/**
 * The checks that a purchase of precursor chemicals (易制毒化学品) goes through before anybody looks at it:
 * a table of rules, each explaining its hits with the figures. Pure: the history is given.
 */
import { Temporal } from 'temporal-polyfill'
import { addDecimals as sum, decimal } from '../../model/numbers.ts'
import type { Application } from './forms.ts'
import { policy } from './policy.ts'

/** An entry of the catalogue (`data/precursor-catalogue.json`). */
export interface Chemical { category: 1 | 2 | 3, name: string, cas: string, drugType?: boolean }

/** What makes an earlier purchase count together with this one. */
export type Relation = 'enterprise' | 'person' | 'address'

/** An earlier purchase, certified or still open; refused and withdrawn ones do not count. */
export interface EarlierPurchase {
  caseNo: string
  /** Date of the application, `YYYY-MM-DD`. */
  on: string
  /** What it shares with this application. */
  related: Relation[]
  items: { cas: string, quantityKg: number }[]
  /** The report of receipt and stock (30 days after the certificate). */
  usageReport: 'not-due' | 'reported' | 'reported-late' | 'overdue'
}

export interface History {
  purchases: EarlierPurchase[]
  /** Date of the enterprise's first filing known to the system, however long ago. */
  firstFiledOn?: string
}

/** `prohibit`: the law forbids it, refused at once · `refuse`: cannot be approved as it stands · `risk`: another officer examines too · `info`: to be known. */
type Severity = 'prohibit' | 'refuse' | 'risk' | 'info'

export interface Hit { rule: string, severity: Severity, items: string[], explanation: string, source: string }

export interface PurchaseCheck {
  /** The strictest category among the items. */
  category: 1 | 2 | 3
  /** Category 1 is not for a county: where to apply, and why. */
  notCompetent?: { where: string, why: string, source: string }
  hits: Hit[]
}

/** The figures that the rules go by: local practice [C], to be confirmed; the policy's, or what an administrator has set instead. */
export interface PurchaseLimits {
  /** How long a certificate is valid. */
  validMonths: ByMode
  /** Licences that expire within so many days are pointed out. */
  licenceDays: ByMode
  /** Kilograms of one chemical at which a purchase is large. */
  largeKg: ByCategory
  /** Kilograms of one chemical within a rolling window that call for a second look. */
  rolling: readonly { days: number, kg: ByCategory }[]
  /** Purchases below `largeKg` that add up to it within so many days look split. */
  splittingDays: number
  /** Stock and purchase together should last no longer than so many months. */
  stockMonths: number
  /** 个人自用少量高锰酸钾. */
  smallPermanganateKg: number
  /** A certificate for multiple use takes a year without breaches. */
  cleanYearDays: number
}
type ByMode = Record<Application['mode'], number>
type ByCategory = Record<2 | 3, number>

/** What is bought, with what the catalogue says of it. */
type Line = Application['items'][number] & Chemical

interface Purchase { application: Application, lines: Line[], history: History, today: string, limits: PurchaseLimits }

interface Finding { items: string[], explanation: string }

interface Rule { rule: string, severity: Severity, source: string, find: (purchase: Purchase) => Finding[] }

const practice = '[C] 本地易制毒化学品管理惯例，待确认'

const rules: Rule[] = [
  { rule: 'individual-buyer', severity: 'prohibit', source: '[L] 易制毒化学品管理条例第十六条', find: individualBuyer },
  { rule: 'individual-multiple', severity: 'refuse', source: '[C] 易制毒化学品购销和运输管理办法（公安部令第87号）', find: individualMultiple },
  { rule: 'licence-expired', severity: 'refuse', source: practice, find: licenceExpired },
  { rule: 'usage-report-missing', severity: 'refuse', source: practice, find: p => (p.application.mode === 'multiple' ? overdueReports(p) : []) },
  { rule: 'usage-report-late', severity: 'info', source: practice, find: p => (p.application.mode === 'single' ? overdueReports(p) : []) },
  { rule: 'breach-within-year', severity: 'refuse', source: practice, find: breachWithinYear },
  { rule: 'clean-year', severity: 'risk', source: practice, find: noCleanYear },
  { rule: 'licence-expiring', severity: 'risk', source: practice, find: licenceExpiring },
  { rule: 'large-purchase', severity: 'risk', source: practice, find: largePurchase },
  { rule: 'rolling-total', severity: 'risk', source: practice, find: rollingTotals },
  { rule: 'splitting', severity: 'risk', source: practice, find: splitting },
  { rule: 'stock-against-use', severity: 'risk', source: practice, find: stockAgainstUse },
  { rule: 'stock-unknown', severity: 'info', source: practice, find: stockUnknown },
  { rule: 'category-2', severity: 'info', source: practice, find: categoryTwo },
  { rule: 'small-permanganate', severity: 'info', source: '[L] 易制毒化学品管理条例第十七条', find: smallPermanganate },
]

/**
 * Every rule that the application hits on `today` (a date of Asia/Shanghai).
 * Throws RangeError for a CAS number that the catalogue does not hold; the form has refused it before.
 */
export function checkPurchase({ application, catalogue, history, today, limits = policy.figures }: {
  application: Application, catalogue: Chemical[], history: History, today: string, limits?: PurchaseLimits
}): PurchaseCheck {
  const lines = application.items.map(item => ({ ...item, ...getChemical(catalogue, item.cas) }))
  const purchase = { application, lines, history, today, limits }
  const hits = rules.flatMap(({ rule, severity, source, find }) =>
    find(purchase).map(finding => ({ rule, severity, ...finding, source })))
  const elsewhere = notCompetent(lines)
  return {
    category: lines.map(line => line.category).reduce((a, b) => (a < b ? a : b)),
    ...(elsewhere && { notCompetent: elsewhere }),
    hits,
  }
}

/** What a certificate says: issued on `today`, valid from then on for whole months. */
export function certify({ application, catalogue, today, limits = policy.figures }: { application: Application, catalogue: Chemical[], today: string, limits?: PurchaseLimits }) {
  const { mode, buyerType, supplier, deliverTo, use } = application
  return {
    mode, buyerType, supplier: supplier.name, deliverTo, use, validFrom: today,
    validUntil: Temporal.PlainDate.from(today).add({ months: limits.validMonths[mode] }).toString(),
    items: application.items.map(({ cas, quantityKg }) => ({ cas, name: getChemical(catalogue, cas).name, quantityKg })),
  }
}
export type Certificate = ReturnType<typeof certify>

function getChemical(catalogue: Chemical[], cas: string): Chemical {
  const chemical = catalogue.find(one => one.cas === cas)
  if (!chemical) throw new RangeError(`CAS ${cas} is not in the catalogue`)
  return chemical
}

// ─── the rules ──────────────────────────────────────────────────────────────────────────────────

function notCompetent(lines: Line[]): PurchaseCheck['notCompetent'] {
  const first = lines.filter(line => line.category === 1)
  if (first.length === 0) return undefined
  const where = [
    ...(first.some(line => line.drugType) ? ['省级药品监督管理部门（药品类）'] : []),
    ...(first.some(line => !line.drugType) ? ['省级公安机关（非药品类）'] : []),
  ].join('、')
  return {
    where,
    why: `${names(first)}属第一类，须向${where}申请购买许可证，不由县级公安机关备案；其余品种可另行申报`,
    source: '[L] 易制毒化学品管理条例第十五条',
  }
}

function individualBuyer({ application, lines }: Purchase): Finding[] {
  const forbidden = lines.filter(line => line.category < 3)
  if (application.buyerType !== 'individual' || forbidden.length === 0) return []
  return [{ items: forbidden.map(line => line.cas), explanation: `个人不得购买第一类、第二类易制毒化学品：${names(forbidden)}` }]
}

function individualMultiple({ application }: Purchase): Finding[] {
  if (application.buyerType !== 'individual' || application.mode !== 'multiple') return []
  return [{ items: [], explanation: '个人购买只办理一次使用的备案证明' }]
}

function licenceExpired({ application: { licence }, today }: Purchase): Finding[] {
  return licence.validUntil < today ? [{ items: [], explanation: `证照有效期至 ${licence.validUntil}，今天是 ${today}，已过期` }] : []
}

function licenceExpiring({ application: { licence, mode }, today, limits }: Purchase): Finding[] {
  const days = daysBetween(today, licence.validUntil)
  if (days < 0 || days >= limits.licenceDays[mode]) return []
  return [{ items: [], explanation: `证照有效期至 ${licence.validUntil}，还有 ${days} 天，不足 ${limits.licenceDays[mode]} 天` }]
}

function overdueReports({ history }: Purchase): Finding[] {
  const overdue = history.purchases.filter(earlier => earlier.related.includes('enterprise') && earlier.usageReport === 'overdue')
  if (overdue.length === 0) return []
  return [{ items: [], explanation: `有 ${overdue.length} 次购买逾期未报告购入和库存：${overdue.map(earlier => earlier.caseNo).join('、')}` }]
}

function breachWithinYear({ application, history, today, limits }: Purchase): Finding[] {
  if (application.mode !== 'multiple') return []
  const late = history.purchases.filter(earlier =>
    earlier.related.includes('enterprise') && earlier.usageReport === 'reported-late' && daysBetween(earlier.on, today) < limits.cleanYearDays)
  if (late.length === 0) return []
  return [{ items: [], explanation: `近一年内有 ${late.length} 次购买逾期才报告购入和库存：${late.map(earlier => earlier.caseNo).join('、')}` }]
}

function noCleanYear({ application, history, today, limits }: Purchase): Finding[] {
  if (application.mode !== 'multiple' || application.buyerType !== 'enterprise') return []
  const since = history.firstFiledOn
  if (since !== undefined && daysBetween(since, today) >= limits.cleanYearDays) return []
  const known = since === undefined ? '系统内没有该单位的备案记录' : `该单位首次备案为 ${since}，不满一年`
  return [{ items: [], explanation: `${known}；多次使用须备案满一年且无违规，请核对既往档案` }]
}

function largePurchase({ lines, limits }: Purchase): Finding[] {
  return lines.flatMap(line => {
    const large = figureFor(line, limits.largeKg)
    return line.quantityKg < large ? [] : [{ items: [line.cas], explanation: `${line.name}本次 ${kg(line.quantityKg)}，达到大额标准 ${kg(large)}` }]
  })
}

function rollingTotals(purchase: Purchase): Finding[] {
  return forEachRelation(purchase, (line, label, relation) => purchase.limits.rolling.flatMap(({ days, kg: figures }) => {
    const limit = figureFor(line, figures)
    const total = sum([line.quantityKg, ...earlier(purchase, line.cas, relation, days)])
    return total <= limit ? [] : [{ items: [line.cas], explanation: `${label}近 ${days} 天申购${line.name}累计 ${kg(total)}（含本次 ${kg(line.quantityKg)}），超过 ${kg(limit)}` }]
  }))
}

function splitting(purchase: Purchase): Finding[] {
  const { splittingDays, largeKg } = purchase.limits
  return forEachRelation(purchase, (line, label, relation) => {
    const large = figureFor(line, largeKg)
    const small = [line.quantityKg, ...earlier(purchase, line.cas, relation, splittingDays)].filter(quantity => quantity < large)
    const total = sum(small)
    if (line.quantityKg >= large || small.length < 2 || total < large) return []
    return [{ items: [line.cas], explanation: `${label} ${splittingDays} 天内 ${small.length} 次申购${line.name}，每次均低于 ${kg(large)}，合计 ${kg(total)}，疑似拆分` }]
  })
}

function stockAgainstUse({ lines, limits }: Purchase): Finding[] {
  return lines.flatMap(({ cas, name, quantityKg, stockKg, monthlyUseKg }) => {
    if (stockKg === undefined || monthlyUseKg === undefined) return []
    const held = sum([stockKg, quantityKg])
    if (held <= sum([limits.stockMonths * monthlyUseKg])) return []
    return [{ items: [cas], explanation: `${name}库存 ${kg(stockKg)}，加本次 ${kg(quantityKg)} 共 ${kg(held)}，月均用量 ${kg(monthlyUseKg)}，超过 ${limits.stockMonths} 个月用量` }]
  })
}

function stockUnknown({ lines }: Purchase): Finding[] {
  const unknown = lines.filter(line => line.stockKg === undefined || line.monthlyUseKg === undefined)
  return unknown.length === 0 ? [] : [{ items: unknown.map(line => line.cas), explanation: `未填报库存或月均用量，请审查时核对：${names(unknown)}` }]
}

function categoryTwo({ lines }: Purchase): Finding[] {
  const second = lines.filter(line => line.category === 2)
  return second.length === 0 ? [] : [{ items: second.map(line => line.cas), explanation: `${names(second)}属第二类，须由另一名民警复核` }]
}

function smallPermanganate({ application, lines, limits }: Purchase): Finding[] {
  const [only] = lines
  if (application.buyerType !== 'individual' || lines.length > 1 || only?.cas !== '7722-64-7' || only.quantityKg > limits.smallPermanganateKg) return []
  return [{ items: [only.cas], explanation: `个人自用少量高锰酸钾（${kg(only.quantityKg)}）无须备案，可告知申请人` }]
}

// ─── sums ───────────────────────────────────────────────────────────────────────────────────────

const relations: Record<Relation, string> = { enterprise: '同一企业', person: '同一经办人', address: '同一收货地址' }

/** For every item that a county files (categories 2 and 3) and everything that joins purchases together. */
function forEachRelation({ lines }: Purchase, find: (line: Line, label: string, relation: Relation) => Finding[]): Finding[] {
  return lines.filter(line => line.category > 1).flatMap(line =>
    (Object.keys(relations) as Relation[]).flatMap(relation => find(line, relations[relation], relation)))
}

/** Quantities of a chemical in each earlier purchase of the last `days`. */
function earlier({ history, today }: Purchase, cas: string, relation: Relation, days: number): number[] {
  return history.purchases
    .filter(one => one.related.includes(relation) && daysBetween(one.on, today) < days)
    .flatMap(one => one.items.filter(item => item.cas === cas).map(item => item.quantityKg))
}

/** Category 1 has no figures: it is never filed here. */
const figureFor = (line: Line, figures: ByCategory) => (line.category === 1 ? Infinity : figures[line.category])

const daysBetween = (from: string, to: string) => Temporal.PlainDate.from(from).until(to).days

const kg = (quantity: number) => `${decimal(quantity)} 千克`

const names = (lines: Line[]) => lines.map(line => line.name).join('、')
