import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProcedureTest, type ProcedureTest, type TestCase } from '../../test/procedure.ts'
import { isLive } from '../../db/projector.ts'
import { replan } from '../kit/updates.ts'
import type { Hit, PurchaseCheck } from './rules.ts'

let t: ProcedureTest
beforeAll(async () => { t = await startProcedureTest() })
afterAll(() => t?.close())

const [toluene, ether, safrole] = ['108-88-3', '60-29-7', '94-59-7'] as [string, string, string]
const item = (cas: string, quantityKg: number) => ({ cas, quantityKg, stockKg: 0, monthlyUseKg: 1_000_000 })
const buyer = 'ent-01-contact'
const HOUR = 3_600_000

/** Enterprises and addresses are fresh for each purchase, unless a test says that they are shared. */
let count = 0
const fresh = () => `fresh-${++count}`
const purchase = (more: object = {}) => ({
  buyerType: 'enterprise', items: [item(toluene, 10)], use: '油墨稀释剂', supplier: { name: '示例经营部', licenceNo: '示例 0001' },
  deliverTo: fresh(), licence: { no: '示例 0001', validUntil: '2099-12-31' }, useProof: '示例证明 1 号', mode: 'single', ...more,
})
const file = (more: object = {}, enterpriseId: string | null = fresh()) => t.file('precursor-purchase', purchase(more), buyer, { enterpriseId })
const byIndividual = (more: object) => t.file('precursor-purchase', purchase({ buyerType: 'individual', ...more }), 'desk-1', { enterpriseId: null })

const approve = (c: TestCase, by = 'anti-drug-1', more: object = {}) => c.complete('examine', by, { decision: 'approve', ...more })
const report = (c: TestCase, receivedKg = [10], stockKg = [5]) => c.complete('usage-report', buyer, { receivedKg, stockKg })
/** A single purchase, approved and reported. */
async function bought(enterpriseId: string, more: object = {}) {
  const c = await file(more, enterpriseId)
  await approve(c)
  await report(c)
  return c
}
const hits = async (c: TestCase) => ((await c.state()).file.facts.purchase as unknown as PurchaseCheck).hits.map((hit: Hit) => `${hit.rule}:${hit.severity}`)
const withdraw = (c: TestCase) => c.onCase('withdraw', buyer, {})

const RUNGS = ['reminded', 'yellow-card', 'red-card', 'leader-alerted'] as const
/** The rungs that a clock has reached, with the hours since `from`. */
const rungs = (c: TestCase, clock: string, from: Date) =>
  c.events().flatMap(e => (RUNGS as readonly string[]).includes(e.type) && (e.data as { clock: string }).clock === clock ? [[e.type, Math.round((e.at.getTime() - from.getTime()) / HOUR * 10) / 10]] : [])

describe('checks at once', () => {
  it('refuses category 1 with where to go, before anybody examines it', async () => {
    const c = await file({ items: [item(safrole, 1), item(toluene, 1)] })
    expect(await c.result()).toEqual({ outcome: 'not-competent', result: { where: '省级公安机关（非药品类）', reasons: [expect.stringContaining('黄樟素属第一类，须向省级公安机关')] } })
    expect(c.find('told').map(e => e.data)).toEqual([{ to: 'applicant', title: '不属本机关管辖', body: expect.stringContaining('省级公安机关') }])
    expect((await c.state()).tasks).toEqual([])
    await c.keepHistory('not-competent')
  })

  it.each([['1', safrole], ['2', ether]])('rejects an individual who wants category %s, with the article that forbids it', async (_, cas) => {
    const c = await byIndividual({ items: [item(cas, 1)] })
    expect(await c.result()).toEqual({ outcome: 'rejected', result: { reasons: [expect.stringMatching(/^个人不得购买.*条例第十六条）$/)] } })
    expect(c.find('told')[0]!.data).toMatchObject({ to: 'applicant', title: '不予备案' })
  })

  it('lets an individual buy category 3', async () => {
    const c = await byIndividual({ items: [item(toluene, 1)] })
    await approve(c)
    await c.complete('usage-report', 'desk-1', { receivedKg: [1], stockKg: [0] })
    expect(await c.result()).toMatchObject({ outcome: 'approved' })
  })

  it('shows the examiner every hit', async () => {
    const c = await file({ licence: { no: '1', validUntil: '2020-01-01' }, items: [item(ether, 60)] })
    const { check } = (await c.task('examine')).context as unknown as { check: PurchaseCheck }
    expect(check).toMatchObject({ category: 2, hits: [{ rule: 'licence-expired' }, { rule: 'large-purchase' }, { rule: 'category-2' }] })
    await withdraw(c)
  })
})

describe('examination', () => {
  it('certifies category 3 without a hit after one examination, and closes with the report', async () => {
    const c = await file()
    await approve(c)
    expect(await c.find('document-issued')[0]!.data).toMatchObject({ kind: 'certificate', number: expect.stringMatching(/^易制毒购备〔\d{4}〕\d+号$/), content: { items: [{ cas: toluene, name: '甲苯', quantityKg: 10 }] } })
    await report(c)
    expect(await c.result()).toMatchObject({ outcome: 'approved', result: { certificate: expect.any(String), mode: 'single', receivedKg: [10], stockKg: [5] } })
    expect((await c.state()).file).toMatchObject({ status: 'closed', card: 'none' })
    await c.keepHistory('certified-and-reported')
  })

  it('takes one workflow task for each human decision, and one to open the case', async () => {
    const c = await file()
    await approve(c)
    await report(c)
    await c.result()
    const { events } = await c.handle.fetchHistory()
    expect(events!.filter(e => e.workflowTaskCompletedEventAttributes)).toHaveLength(3)
  })

  it('rejects with the reason', async () => {
    const c = await file()
    await c.complete('examine', 'anti-drug-1', { decision: 'reject', reason: '申购量与用途明显不符。' })
    expect(await c.result()).toEqual({ outcome: 'rejected', result: { reasons: ['申购量与用途明显不符。'] } })
    expect(c.find('told').map(e => e.data)).toEqual([{ to: 'applicant', title: '不予备案', body: '申购量与用途明显不符。' }])
  })

  it('cannot approve what a rule refuses: nothing changes', async () => {
    const c = await file({ licence: { no: '1', validUntil: '2020-01-01' } })
    expect(await hits(c)).toEqual(['licence-expired:refuse'])
    await c.claim(await c.task('examine'), 'anti-drug-1')
    const before = c.events().length
    await expect(approve(c)).rejects.toThrow('bad-form')
    expect(c.events()).toHaveLength(before)
    await c.complete('examine', 'anti-drug-1', { decision: 'reject', reason: '证照已过期。' })
    expect(await c.result()).toMatchObject({ outcome: 'rejected' })
  })

  it('is offered to whoever is on duty, except who may not do it', async () => {
    t.setOnDuty('anti-drug-2')
    const c = await file({ items: [item(ether, 1)] })
    await approve(c)
    await c.complete('second-examine', 'anti-drug-2', { agree: false, reason: '库存不明。' })
    t.setOnDuty('anti-drug-3')
    const other = await file()
    t.setOnDuty(null)
    const offers = (of: TestCase) => of.find('task-opened').map(e => `${e.data.name} ${e.data.offeredTo}`)
    expect(offers(c)).toEqual(['examine anti-drug-2', 'second-examine null', 'examine null'])
    expect(offers(other)).toEqual(['examine anti-drug-3'])
    for (const one of [c, other]) await withdraw(one)
  })
})

describe('second examination', () => {
  it('is for category 2, by another officer', async () => {
    const c = await file({ items: [item(ether, 1)] })
    await approve(c)
    expect(c.types()).not.toContain('document-issued')
    await expect(c.complete('second-examine', 'anti-drug-1', { agree: true })).rejects.toThrow('four-eyes')
    await c.complete('second-examine', 'anti-drug-2', { agree: true })
    expect(c.types()).toContain('document-issued')
    await report(c, [1], [0])
    expect(await c.result()).toMatchObject({ outcome: 'approved' })
  })

  it('is for any risk hit', async () => {
    const c = await file({ items: [item(toluene, 1000)] })
    expect(await hits(c)).toEqual(['large-purchase:risk'])
    await approve(c)
    expect((await c.state()).file.stage).toBe('second-examine')
    await withdraw(c)
  })

  it.each([
    ['disagreement', (c: TestCase) => c.complete('second-examine', 'anti-drug-2', { agree: false, reason: '库存足够三个月。' })],
    ['a return', (c: TestCase) => c.act('return', 'second-examine', 'anti-drug-2', { to: 'examine', reason: '库存足够三个月。' })],
  ])('goes back to the examination by %s, with the reason, never to its own author', async (_, back) => {
    const c = await file({ items: [item(ether, 1)] })
    await approve(c)
    await back(c)
    const again = await c.task('examine')
    expect(again).toMatchObject({ round: 2, notBy: ['anti-drug-2'], context: { objection: '库存足够三个月。' } })
    await expect(approve(c, 'anti-drug-2')).rejects.toThrow('four-eyes')
    await c.complete('examine', 'anti-drug-3', { decision: 'reject', reason: '同意复核意见。' })
    expect(await c.result()).toMatchObject({ outcome: 'rejected' })
  })

  it('never runs out of officers: who examined and who examined second stay apart', async () => {
    const c = await file({ items: [item(ether, 1)] })
    for (const examiner of ['anti-drug-1', 'anti-drug-3', 'anti-drug-1']) {
      await approve(c, examiner)
      await c.complete('second-examine', 'anti-drug-2', { agree: false, reason: '仍不同意。' })
    }
    await approve(c, 'anti-drug-4')
    expect((await c.task('second-examine')).notBy.toSorted()).toEqual(['anti-drug-1', 'anti-drug-3', 'anti-drug-4'])
    await c.complete('second-examine', 'anti-drug-2', { agree: true })
    await report(c, [1], [1])
    expect(await c.result()).toMatchObject({ outcome: 'approved' })
  })
})

describe('supplement', () => {
  const missing = { decision: 'supplement', reason: '合法使用需要证明未盖章。' }

  it('stops the clock, and lets it run on with what remained', async () => {
    const c = await file({ items: [item(ether, 1)] })
    const { openedAt } = (await c.state()).file
    await t.skip('6 hours')
    await c.complete('examine', 'anti-drug-1', missing)
    expect((await c.state()).file).toMatchObject({ status: 'paused', stage: 'supplement' })
    await t.skip('3 days')
    expect(rungs(c, 'case', openedAt)).toEqual([])
    await c.complete('supplement', buyer, { text: '已盖章。' })
    const { file: resumed } = await c.state()
    expect(resumed.status).toBe('open')
    expect(Math.round((resumed.dueAt!.getTime() - openedAt.getTime()) / HOUR)).toBe(24 + 72)
    await t.skip('7 hours')
    expect(rungs(c, 'case', openedAt)).toEqual([['reminded', 84]])
    await approve(c)
    await c.complete('second-examine', 'anti-drug-2', { agree: false, reason: '库存不明。' })
    await approve(c)
    await c.complete('second-examine', 'anti-drug-2', { agree: true })
    await report(c, [1], [0])
    expect(await c.result()).toMatchObject({ outcome: 'approved' })
    await c.keepHistory('supplemented-and-second-examined')
  })

  it('may be asked for once', async () => {
    const c = await file()
    await c.complete('examine', 'anti-drug-1', missing)
    await c.complete('supplement', buyer, { text: '已盖章。' })
    await expect(c.complete('examine', 'anti-drug-1', missing)).rejects.toThrow('bad-form')
    await withdraw(c)
  })

  it('looks again at the rules when it comes in', async () => {
    const licence = { no: '1', validUntil: new Date(await t.env.currentTimeMs() + 5 * 24 * HOUR).toISOString().slice(0, 10) }
    const c = await file({ licence })
    expect(await hits(c)).toEqual(['licence-expiring:risk'])
    await c.complete('examine', 'anti-drug-1', missing)
    await t.skip('7 days')
    await c.complete('supplement', buyer, { text: '已盖章。' })
    expect(await hits(c)).toEqual(['licence-expired:refuse'])
    await withdraw(c)
  })

  it('reminds, and lapses after ten workdays without a card', async () => {
    const c = await file()
    await c.complete('examine', 'anti-drug-1', missing)
    const { id, dueAt, createdAt } = await c.task('supplement')
    expect(dueAt.getTime() - createdAt.getTime()).toBeGreaterThanOrEqual(12 * 24 * HOUR)
    await t.skipTo(dueAt)
    expect(rungs(c, id, createdAt).map(([rung]) => rung)).toEqual(['reminded'])
    expect(await c.result()).toEqual({ outcome: 'lapsed', result: { reasons: ['合法使用需要证明未盖章。'] } })
    expect((await c.state()).file.card).toBe('none')
  })

  it('does not stop a card when the time was already up', async () => {
    const c = await file()
    const { openedAt } = (await c.state()).file
    await t.skip('25 hours')
    await c.complete('examine', 'anti-drug-1', missing)
    await t.skip('3 hours')
    expect(rungs(c, 'case', openedAt)).toEqual([['reminded', 12], ['reminded', 20], ['yellow-card', 24], ['red-card', 26], ['leader-alerted', 27]])
    await withdraw(c)
  })
})

describe('amendment', () => {
  const single = { changes: { mode: 'single' }, reason: '改为一次使用。' }

  it('is checked and examined anew, on the clock that runs already', async () => {
    const c = await file({ mode: 'multiple' })
    expect(await hits(c)).toEqual(['clean-year:risk'])
    const { dueAt } = (await c.state()).file
    await t.skip('1 hour')
    await c.onCase('amend', buyer, single)
    expect(await c.task('examine')).toMatchObject({ round: 2 })
    expect(await hits(c)).toEqual([])
    expect((await c.state()).file.dueAt).toEqual(dueAt)
    await approve(c)
    expect(c.find('document-issued')[0]!.data.content).toMatchObject({ mode: 'single' })
    await report(c)
    expect(await c.result()).toMatchObject({ outcome: 'approved' })
  })

  it('instead of a supplement lets the clock run on', async () => {
    const c = await file({ mode: 'multiple' })
    await c.complete('examine', 'anti-drug-1', { decision: 'supplement', reason: '缺少既往档案。' })
    await t.skip('1 day')
    await c.onCase('amend', buyer, single)
    expect((await c.state()).file).toMatchObject({ status: 'open', stage: 'examine' })
    await withdraw(c)
  })

  it('into what the law forbids ends the case', async () => {
    const c = await file()
    await c.onCase('amend', buyer, { changes: { items: [item(safrole, 1)] }, reason: '更换品种。' })
    expect(await c.result()).toMatchObject({ outcome: 'not-competent' })
  })

  it('comes too late once the certificate is issued, as does a withdrawal', async () => {
    const c = await file()
    await approve(c)
    await expect(c.onCase('amend', buyer, single)).rejects.toThrow('action-not-allowed')
    await expect(withdraw(c)).rejects.toThrow('action-not-allowed')
    expect((await c.state()).file.stage).toBe('usage-report')
    await report(c)
  })
})

describe('endings from outside', () => {
  it('is withdrawn by the applicant', async () => {
    const c = await file()
    await withdraw(c)
    expect(await c.result()).toEqual({ outcome: 'withdrawn' })
  })

  it('is withdrawn, not certified, when both come at once and the withdrawal is the slower to record', async () => {
    const c = await file()
    await c.claim(await c.task('examine'), 'anti-drug-1')
    const { append } = t.store
    let busyMs = 500
    const pause = (ms: number) => new Promise(go => setTimeout(go, ms))
    t.store.append = async (caseNo, key, ...rest) => {
      // What comes while the first step is being recorded waits, and is then heard together.
      if (key.startsWith('step-')) await pause(busyMs)
      busyMs = 0
      if (key.startsWith('withdraw/')) await pause(250)
      return append(caseNo, key, ...rest)
    }
    const busy = c.handle.executeUpdate(replan)
    await pause(250)
    await Promise.all([busy, approve(c), withdraw(c)])
    t.store.append = append
    expect(await c.result()).toEqual({ outcome: 'withdrawn' })
    expect(c.types()).toEqual(expect.arrayContaining(['task-completed', 'withdrawal-requested']))
    expect(c.types()).not.toContain('document-issued')
  })

  it('is cancelled by the office, also after the certificate', async () => {
    const c = await file()
    await approve(c)
    await c.onCase('cancel', 'office-1', { reason: '证明作废。' })
    expect(await c.result()).toEqual({ outcome: 'cancelled' })
  })
})

describe('certificate', () => {
  const content = (c: TestCase) => c.find('document-issued')[0]!.data.content as { validFrom: string, validUntil: string, mode: string }
  const monthsBetween = ({ validFrom: a, validUntil: b }: { validFrom: string, validUntil: string }) => (Number(b.slice(0, 4)) - Number(a.slice(0, 4))) * 12 + Number(b.slice(5, 7)) - Number(a.slice(5, 7))

  it('for single use is valid for a month from the day of issue in Shanghai, and the applicant is told', async () => {
    const c = await file()
    await approve(c)
    const { at, data } = c.find('document-issued')[0]!
    expect(content(c).validFrom).toBe(new Date(at.getTime() + 8 * HOUR).toISOString().slice(0, 10))
    expect(monthsBetween(content(c))).toBe(1)
    const { validFrom, validUntil } = content(c)
    expect(c.find('told').at(-1)!.data).toMatchObject({ to: 'applicant', body: expect.stringContaining(`${data.number}，一次使用，有效期 ${validFrom} 至 ${validUntil}`) })
    expect((await c.task('usage-report')).context).toMatchObject({ certificate: data.number, validUntil })
    await report(c)
  })

  it('for multiple use in the first year takes two officers, who have looked at the files', async () => {
    const c = await file({ mode: 'multiple' })
    await expect(approve(c)).rejects.toThrow('bad-form')
    await approve(c, 'anti-drug-1', { cleanYearConfirmed: true })
    await c.complete('second-examine', 'anti-drug-2', { agree: true })
    expect(monthsBetween(content(c))).toBe(6)
    await report(c)
  })

  it('for multiple use follows from a clean year on record', async () => {
    const enterprise = fresh()
    await bought(enterprise)
    await t.skip('364 days')
    const early = await file({ mode: 'multiple' }, enterprise)
    expect(await hits(early)).toEqual(['clean-year:risk'])
    await withdraw(early)
    await t.skip('2 days')
    const c = await file({ mode: 'multiple' }, enterprise)
    expect(await hits(c)).toEqual([])
    await approve(c)
    expect(monthsBetween(content(c))).toBe(6)
    await report(c)
  })

  it('for multiple use is refused while a report is missing, and for a year after a late one', async () => {
    const enterprise = fresh()
    await bought(enterprise)
    await t.skip('365 days')
    const owing = await file({}, enterprise)
    await approve(owing)
    await t.skipTo((await owing.task('usage-report')).dueAt)
    const c = await file({ mode: 'multiple' }, enterprise)
    expect(await hits(c)).toEqual(['usage-report-missing:refuse'])
    await expect(approve(c)).rejects.toThrow('bad-form')
    await withdraw(c)
    const single = await file({}, enterprise)
    expect(await hits(single)).toEqual(['usage-report-late:info'])
    await withdraw(single)
    await report(owing)
    const late = await file({ mode: 'multiple' }, enterprise)
    expect(await hits(late)).toEqual(['breach-within-year:refuse'])
    await withdraw(late)
    await t.skip('365 days')
    const clean = await file({ mode: 'multiple' }, enterprise)
    expect(await hits(clean)).toEqual([])
    await withdraw(clean)
  })
})

describe('earlier purchases', () => {
  const large = { items: [item(toluene, 900)] }

  it('count by enterprise, person and address, open or certified', async () => {
    const enterprise = fresh()
    await bought(enterprise, large)
    expect(await splitWith({}, enterprise)).toEqual(['同一企业'])
    const buyerAt = { name: '示例 经办人', idNumber: 'X0000001' }
    const byPerson = await file({ ...large, buyer: buyerAt })
    expect(await splitWith({ buyer: { ...buyerAt, name: '示例 另一写法' } })).toEqual(['同一经办人'])
    expect(await splitWith({ deliverTo: (await byPerson.state()).file.application.deliverTo })).toEqual(['同一收货地址'])
    await withdraw(byPerson)
  })

  it('do not count when they were withdrawn or rejected', async () => {
    const enterprise = fresh()
    await withdraw(await file(large, enterprise))
    await (await file(large, enterprise)).complete('examine', 'anti-drug-1', { decision: 'reject', reason: '材料不实。' })
    expect(await splitWith({}, enterprise)).toEqual([])
  })

  it('count when they were certified, though cancelled afterwards', async () => {
    const enterprise = fresh()
    const c = await file(large, enterprise)
    await approve(c)
    await c.onCase('cancel', 'office-1', { reason: '证明作废。' })
    expect(await splitWith({}, enterprise)).toEqual(['同一企业'])
  })

  it('without an enterprise are not those of one another', async () => {
    const one = await byIndividual({ items: [item(toluene, 900)] })
    const two = await byIndividual({ items: [item(toluene, 900)] })
    expect(await hits(two)).toEqual([])
    for (const c of [one, two]) await c.onCase('withdraw', 'desk-1', {})
  })

  /** What joins a purchase of 200 kg more with earlier ones into a split one. */
  async function splitWith(more: object, enterpriseId?: string) {
    const c = await file({ items: [item(toluene, 200)], ...more }, enterpriseId)
    const { hits } = (await c.state()).file.facts.purchase as unknown as PurchaseCheck
    await withdraw(c)
    return hits.filter(hit => hit.rule === 'splitting').map(hit => hit.explanation.split(' ')[0])
  }
})

describe('24 hours', () => {
  const nextHolidayNight = async () => {
    const year = new Date(await t.env.currentTimeMs()).getUTCFullYear()
    const night = (y: number) => new Date(`${y}-09-30T22:00:00+08:00`)
    return night(year).getTime() > await t.env.currentTimeMs() ? night(year) : night(year + 1)
  }

  it('are natural hours, over the night before National Day: reminders at 12 and 20, yellow at 24, red at 26, then the bureau leader', async () => {
    await t.skipTo(await nextHolidayNight())
    const c = await file()
    const { openedAt, dueAt } = (await c.state()).file
    expect(dueAt!.getTime() - openedAt.getTime()).toBe(24 * HOUR)
    await t.skip('3 days')
    expect(rungs(c, 'case', openedAt)).toEqual([['reminded', 12], ['reminded', 20], ['yellow-card', 24], ['red-card', 26], ['leader-alerted', 27]])
    expect((await c.state()).file).toMatchObject({ status: 'open', stage: 'examine', card: 'red' })
    expect(c.types()).not.toContain('document-issued')
    await approve(c)
    await report(c)
    await c.result()
    expect((await c.state()).file.card).toBe('red')
    await c.keepHistory('overdue-then-certified')
  })

  it('spare the bureau leader when the red card was acknowledged', async () => {
    const c = await file()
    const { openedAt } = (await c.state()).file
    await t.skip('26.5 hours')
    await c.onCase('acknowledge-case-card', 'office-1', {})
    await t.skip('1 day')
    expect(rungs(c, 'case', openedAt).map(([rung]) => rung)).not.toContain('leader-alerted')
    await withdraw(c)
  })

  it('are kept with the certificate: the thirty days of the report are not counted against them', async () => {
    const c = await file()
    await t.skip('1 hour')
    await approve(c)
    const { file: kept } = await c.state()
    expect(kept.deadline!.keptAt).toBeDefined()
    expect(kept.dueAt).toEqual((await c.task('usage-report')).dueAt)
    await t.skip('10 days')
    expect(rungs(c, 'case', kept.openedAt)).toEqual([])
    expect((await c.state()).file.card).toBe('none')
    await report(c)
  })
})

describe('deadlines of the steps', () => {
  it.each(['examine', 'second-examine'] as const)('%s: two hours; reminder, yellow, red after two more, leader after one more', async (name) => {
    const c = await file({ items: [item(ether, 1)] })
    if (name === 'second-examine') await approve(c)
    const { id, createdAt } = await c.task(name)
    await t.skip('6 hours')
    expect(rungs(c, id, createdAt)).toEqual([['reminded', 1.6], ['yellow-card', 2], ['red-card', 4], ['leader-alerted', 5]])
    expect((await c.state()).tasks.find(isLive)).toMatchObject({ name, card: 'red' })
    await withdraw(c)
  })

  it('usage-report: thirty days; two reminders, yellow when due, red and leader a week of workdays later each; the case stays open until it is reported', async () => {
    const c = await file()
    await approve(c)
    const { id, createdAt, dueAt } = await c.task('usage-report')
    const days = (dueAt.getTime() - createdAt.getTime()) / 24 / HOUR
    expect(days).toBeGreaterThanOrEqual(29)
    await t.skip('80 days')
    const reached = rungs(c, id, createdAt) as [string, number][]
    expect(reached.map(([rung]) => rung)).toEqual(['reminded', 'reminded', 'yellow-card', 'red-card', 'leader-alerted'])
    expect(Math.abs(reached[2]![1] / 24 - days)).toBeLessThan(0.1)
    expect((await c.state()).file).toMatchObject({ status: 'open', card: 'red' })
    await report(c)
    expect(await c.result()).toMatchObject({ outcome: 'approved' })
  })
})

describe('usage report', () => {
  it('has one figure for each chemical applied for', async () => {
    const c = await file({ items: [item(toluene, 10), item('67-64-1', 20)] })
    await approve(c)
    await expect(report(c, [10], [5])).rejects.toThrow('bad-form')
    await expect(report(c, [10, 20], [5])).rejects.toThrow('bad-form')
    await report(c, [10, 20], [5, 5])
    expect(await c.result()).toMatchObject({ outcome: 'approved', result: { receivedKg: [10, 20] } })
    expect(c.find('told').map(e => e.data.title)).not.toContain('实际购入超过备案数量')
  })

  it('of more than was certified is taken, and shown to the unit', async () => {
    const c = await file()
    await approve(c)
    await report(c, [12], [5])
    expect(c.find('told').at(-1)!.data).toMatchObject({ to: 'leaders', title: '实际购入超过备案数量', body: expect.stringContaining('甲苯备案 10 千克，报告购入 12 千克') })
  })

  it('is the applicant\'s alone', async () => {
    const c = await file()
    await approve(c)
    await expect(c.send('complete', await c.task('usage-report'), 'anti-drug-1', { receivedKg: [1], stockKg: [1] })).rejects.toThrow('not-permitted')
    await report(c)
  })
})

describe('figures of the policy', () => {
  it('may be set by an administrator, each by itself', async () => {
    t.override('', { figures: { largeKg: { 2: 5, 3: 5 } } })
    const c = await file()
    expect(await hits(c)).toEqual(['large-purchase:risk'])
    await approve(c)
    await c.complete('second-examine', 'anti-drug-2', { agree: true })
    expect(c.types()).toContain('document-issued')
    await report(c)
  })
})
