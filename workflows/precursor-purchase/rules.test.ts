import { describe, expect, it } from 'vitest'
import data from '../../data/precursor-catalogue.json' with { type: 'json' }
import type { Application } from './forms.ts'
import { certify, type Chemical, checkPurchase, type EarlierPurchase, type History } from './rules.ts'

const catalogue = data.chemicals as Chemical[]
const today = '2026-06-15'
const [toluene, ether, permanganate, ephedrine, safrole] = ['108-88-3', '60-29-7', '7722-64-7', '299-42-3', '94-59-7'] as [string, string, string, string, string]

const application = (change: Partial<Application> = {}): Application => ({
  buyerType: 'enterprise', items: [item(toluene, 10)], use: '稀释剂', supplier: { name: '示例经营部', licenceNo: '1' },
  deliverTo: '示例路 1 号', licence: { no: '1', validUntil: '2028-01-01' }, useProof: '证明 1 号', mode: 'single', ...change,
})
const item = (cas: string, quantityKg: number, stockKg = 0, monthlyUseKg = 1_000_000) => ({ cas, quantityKg, stockKg, monthlyUseKg })
const bought = (on: string, quantityKg: number, change: Partial<EarlierPurchase> = {}): EarlierPurchase =>
  ({ caseNo: `PP-${on}`, on, related: ['enterprise'], items: [{ cas: toluene, quantityKg }], usageReport: 'reported', ...change })

const check = (change: Partial<Application> = {}, history: Partial<History> = {}) =>
  checkPurchase({ application: application(change), catalogue, history: { purchases: [], ...history }, today })
const rulesHit = (...input: Parameters<typeof check>) => check(...input).hits.map(hit => `${hit.rule}:${hit.severity}`)

describe('category', () => {
  it('3 with everything in order hits no rule', () => expect(check()).toEqual({ category: 3, hits: [] }))

  it('2 is named for the second examination', () => {
    expect(check({ items: [item(toluene, 1), item(ether, 1)] })).toMatchObject({ category: 2, hits: [{ rule: 'category-2', severity: 'info', items: [ether] }] })
  })

  it('1 is for the provincial police, or for the medical products authority when it is a drug', () => {
    expect(check({ items: [item(safrole, 1), item(toluene, 1)] })).toMatchObject({ category: 1, notCompetent: { where: '省级公安机关（非药品类）', why: expect.stringContaining('黄樟素') } })
    expect(check({ items: [item(ephedrine, 1)] }).notCompetent?.where).toBe('省级药品监督管理部门（药品类）')
    expect(check({ items: [item(ephedrine, 1), item(safrole, 1)] }).notCompetent?.where).toBe('省级药品监督管理部门（药品类）、省级公安机关（非药品类）')
  })

  it('is unknown for a chemical outside the catalogue', () => expect(() => check({ items: [item('64-17-5', 1)] })).toThrow(RangeError))
})

describe('individual buyers', () => {
  it('may not buy categories 1 and 2', () => {
    expect(rulesHit({ buyerType: 'individual', items: [item(ether, 1)] })).toContain('individual-buyer:prohibit')
    expect(rulesHit({ buyerType: 'individual', items: [item(safrole, 1)] })).toContain('individual-buyer:prohibit')
    expect(rulesHit({ buyerType: 'individual' })).toEqual([])
  })

  it('get no certificate for multiple use', () => expect(rulesHit({ buyerType: 'individual', mode: 'multiple' })).toEqual(['individual-multiple:refuse']))

  it('need not file a little potassium permanganate', () => {
    expect(rulesHit({ buyerType: 'individual', items: [item(permanganate, 1)] })).toEqual(['small-permanganate:info'])
    expect(rulesHit({ buyerType: 'individual', items: [item(permanganate, 1.1)] })).toEqual([])
  })
})

describe('licence', () => {
  const until = (validUntil: string, mode: Application['mode'] = 'single') =>
    rulesHit({ mode, licence: { no: '1', validUntil } }, { firstFiledOn: '2020-01-01' })

  it('counts as valid on its last day, as expired on the next', () => {
    expect(until('2026-06-15')).toEqual(['licence-expiring:risk'])
    expect(until('2026-06-14')).toEqual(['licence-expired:refuse'])
  })

  it('must outlast the certificate', () => {
    expect(until('2026-07-14')).toEqual(['licence-expiring:risk'])
    expect(until('2026-07-15')).toEqual([])
    expect(until('2026-07-15', 'multiple')).toEqual(['licence-expiring:risk'])
  })
})

describe('certificates for multiple use', () => {
  const overdue = bought('2026-03-01', 1, { usageReport: 'overdue' })

  it('are refused while a report on an earlier purchase is missing', () => {
    expect(check({ mode: 'multiple' }, { firstFiledOn: '2020-01-01', purchases: [overdue] }).hits).toMatchObject([
      { rule: 'usage-report-missing', severity: 'refuse', explanation: '有 1 次购买逾期未报告购入和库存：PP-2026-03-01' },
    ])
  })

  it('are refused when a report came late within the year, and not after it', () => {
    const late = (on: string) => rulesHit({ mode: 'multiple' }, { firstFiledOn: '2020-01-01', purchases: [bought(on, 1, { usageReport: 'reported-late' })] })
    expect(late('2025-06-16')).toEqual(['breach-within-year:refuse'])
    expect(late('2025-06-15')).toEqual([])
    expect(rulesHit({}, { purchases: [bought('2026-05-01', 1, { usageReport: 'reported-late' })] })).toEqual([])
  })

  it('do not depend on the reports of others at the same address', () => {
    expect(rulesHit({ mode: 'multiple' }, { firstFiledOn: '2020-01-01', purchases: [{ ...overdue, related: ['address'] }] })).toEqual([])
  })

  it('leave single use open, where a missing report is only told', () => {
    expect(rulesHit({}, { purchases: [overdue] })).toEqual(['usage-report-late:info'])
  })

  it('need a look at the files when no clean year is on record', () => {
    expect(rulesHit({ mode: 'multiple' })).toEqual(['clean-year:risk'])
    expect(rulesHit({ mode: 'multiple' }, { firstFiledOn: '2025-06-16' })).toEqual(['clean-year:risk'])
    expect(rulesHit({ mode: 'multiple' }, { firstFiledOn: '2025-06-15' })).toEqual([])
  })
})

describe('quantities', () => {
  it('are large from the threshold on', () => {
    expect(rulesHit({ items: [item(toluene, 999.999)] })).toEqual([])
    expect(rulesHit({ items: [item(toluene, 1000)] })).toEqual(['large-purchase:risk'])
    expect(rulesHit({ items: [item(ether, 50)] })).toEqual(['large-purchase:risk', 'category-2:info'])
  })

  it('are added up over thirty days, above the limit only', () => {
    const purchases = [bought('2026-05-17', 4000), bought('2026-05-16', 4000)]
    expect(rulesHit({ items: [item(toluene, 1000)] }, { purchases })).toEqual(['large-purchase:risk'])
    expect(check({ items: [item(toluene, 1000.5)] }, { purchases }).hits[1]).toEqual({
      rule: 'rolling-total', severity: 'risk', items: [toluene], source: expect.stringContaining('[C]'),
      explanation: '同一企业近 30 天申购甲苯累计 5000.5 千克（含本次 1000.5 千克），超过 5000 千克',
    })
  })

  it('are added up over a year, and no longer', () => {
    expect(rulesHit({}, { purchases: [bought('2025-06-16', 30_000)] })).toEqual(['rolling-total:risk'])
    expect(rulesHit({}, { purchases: [bought('2025-06-15', 30_000)] })).toEqual([])
  })

  it.each([['person', '同一经办人'], ['address', '同一收货地址']] as const)('are added up by %s too', (relation, label) => {
    const { hits } = check({}, { purchases: [bought('2026-06-01', 5000, { related: [relation] })] })
    expect(hits).toMatchObject([{ rule: 'rolling-total', explanation: expect.stringMatching(`^${label}近 30 天`) }])
  })

  it('of another chemical do not count', () => {
    expect(rulesHit({}, { purchases: [bought('2026-06-01', 40_000, { items: [{ cas: permanganate, quantityKg: 40_000 }] })] })).toEqual([])
  })
})

describe('splitting', () => {
  const purchases = [bought('2026-06-12', 400), bought('2026-06-14', 400)]

  it('is several purchases below the threshold that reach it within a week', () => {
    expect(check({ items: [item(toluene, 300)] }, { purchases }).hits).toMatchObject([
      { rule: 'splitting', severity: 'risk', explanation: '同一企业 7 天内 3 次申购甲苯，每次均低于 1000 千克，合计 1100 千克，疑似拆分' },
    ])
  })

  it('is not a sum below the threshold, nor purchases further apart', () => {
    expect(rulesHit({ items: [item(toluene, 199)] }, { purchases })).toEqual([])
    expect(rulesHit({ items: [item(toluene, 900)] }, { purchases: [bought('2026-06-08', 900)] })).toEqual([])
  })

  it('does not count a purchase that was large and so looked at anyway', () => {
    expect(rulesHit({ items: [item(toluene, 300)] }, { purchases: [bought('2026-06-14', 1200)] })).toEqual([])
  })
})

describe('stock against use', () => {
  it('allows three months of use, and explains what is more', () => {
    for (const monthly of [0.1, 0.7]) expect(rulesHit({ items: [item(toluene, 2 * monthly, monthly, monthly)] })).toEqual([])
    expect(check({ items: [item(toluene, 250, 100, 100)] }).hits).toMatchObject([
      { rule: 'stock-against-use', severity: 'risk', explanation: '甲苯库存 100 千克，加本次 250 千克 共 350 千克，月均用量 100 千克，超过 3 个月用量' },
    ])
  })

  it('asks for the figures when they are not given', () => {
    expect(rulesHit({ items: [{ cas: toluene, quantityKg: 1 }] })).toEqual(['stock-unknown:info'])
  })
})

describe('certificate', () => {
  const until = (mode: Application['mode'], day: string) => certify({ application: application({ mode }), catalogue, today: day }).validUntil

  it('is valid for one month in single use, for six in multiple use', () => {
    expect(until('single', '2026-06-15')).toBe('2026-07-15')
    expect(until('multiple', '2026-06-15')).toBe('2026-12-15')
  })

  it('ends with the month where that has no such day', () => {
    expect(until('single', '2026-01-31')).toBe('2026-02-28')
    expect(until('multiple', '2025-08-31')).toBe('2026-02-28')
  })

  it('names what may be bought', () => {
    expect(certify({ application: application(), catalogue, today }).items).toEqual([{ cas: toluene, name: '甲苯', quantityKg: 10 }])
  })
})
