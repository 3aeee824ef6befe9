/** What the tests of this procedure share: purchases filed, approved and reported with few words. */
import { afterAll, beforeAll } from 'vitest'
import { startProcedureTest, type ProcedureTest, type TestCase } from '../../test/procedure.ts'
import type { Hit, PurchaseCheck } from './rules.ts'

export const [toluene, ether, safrole] = ['108-88-3', '60-29-7', '94-59-7'] as [string, string, string]
/** A chemical in a quantity that its stock and use explain. */
export const item = (cas: string, quantityKg: number) => ({ cas, quantityKg, stockKg: 0, monthlyUseKg: 1_000_000 })
/** Who has filed a purchase: a contact of its enterprise. */
export const buyerOf = (c: TestCase) => buyers.get(c.caseNo)!
const buyers = new Map<string, string>()
export const HOUR = 3_600_000

let count = 0
/** Enterprises and addresses are fresh for each purchase, unless a test says that they are shared. */
export const fresh = () => `示例仓库 ${++count} 号`

const purchase = (more: object) => ({
  buyerType: 'enterprise', items: [item(toluene, 10)], use: '油墨稀释剂', supplier: { name: '示例经营部', licenceNo: '示例 0001' },
  deliverTo: fresh(), licence: { no: '示例 0001', validUntil: '2099-12-31' }, useProof: '示例证明 1 号', mode: 'single', ...more,
})

/** Boots an environment for the file's tests. */
export function setUp() {
  let t: ProcedureTest
  beforeAll(async () => { t = await startProcedureTest() })
  afterAll(() => t?.close())
  async function file(more: object = {}, enterpriseId = fresh()): Promise<TestCase> {
    const buyer = `contact of ${enterpriseId}`
    const c = await t.file('precursor-purchase', purchase(more), buyer, { enterpriseId })
    buyers.set(c.caseNo, buyer)
    return c
  }
  return {
    /** Known once the tests run. */
    get t() { return t },
    file,
    byIndividual: (more: object) => t.file('precursor-purchase', purchase({ buyerType: 'individual', ...more }), 'desk-1', { enterpriseId: null }),
    /** A purchase for single use, approved and reported. */
    async bought(enterpriseId: string, more: object = {}) {
      const c = await file(more, enterpriseId)
      await approve(c)
      await report(c)
    },
  }
}

export const approve = (c: TestCase, by = 'anti-drug-1', more: object = {}) => c.complete('examine', by, { decision: 'approve', ...more })
export const report = (c: TestCase, receivedKg = [10], stockKg = [5]) => c.complete('usage-report', buyerOf(c), { receivedKg, stockKg })
export const withdraw = (c: TestCase) => c.onCase('withdraw', buyerOf(c), {})
export const askToSupplement = (c: TestCase) => c.complete('examine', 'anti-drug-1', { decision: 'supplement', reason: '合法使用需要证明未盖章。' })

/** What the rules have found, as `rule:severity`. */
export const hits = async (c: TestCase) => (await found(c)).map(hit => `${hit.rule}:${hit.severity}`)
export const found = async (c: TestCase): Promise<Hit[]> => ((await c.state()).file.facts.purchase as unknown as PurchaseCheck).hits

const RUNGS: string[] = ['reminded', 'yellow-card', 'red-card', 'leader-alerted']
/** The rungs that a clock has reached, with the hours since `from`. */
export const rungs = (c: TestCase, clock: string, from: Date): [string, number][] =>
  c.events().flatMap(e => RUNGS.includes(e.type) && (e.data as { clock: string }).clock === clock ? [[e.type, Math.round((e.at.getTime() - from.getTime()) / HOUR * 10) / 10]] : [])
