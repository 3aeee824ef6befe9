import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { TestCase } from '../../test/procedure.ts'
import type { PurchaseCheck } from './rules.ts'
import { approve, buyerOf, ether, hits, item, report, safrole, setUp, toluene, withdraw } from './test-purchase.ts'

const p = setUp()

describe('checks at once', () => {
  it('refuses category 1 with where to go, before anybody examines it', async () => {
    const c = await p.file({ items: [item(safrole, 1), item(toluene, 1)] })
    expect(await c.result()).toEqual({ outcome: 'not-competent', result: { where: '省级公安机关（非药品类）', reasons: [expect.stringContaining('黄樟素属第一类，须向省级公安机关')] } })
    expect(c.find('told').map(e => e.data)).toEqual([{ to: 'applicant', title: '不属本机关管辖', body: expect.stringContaining('省级公安机关') }])
    expect((await c.state()).tasks).toEqual([])
    await c.keepHistory('not-competent')
  })

  it.each([['1', safrole], ['2', ether]])('rejects an individual who wants category %s, with the article that forbids it', async (_, cas) => {
    const c = await p.byIndividual({ items: [item(cas, 1)] })
    expect(await c.result()).toEqual({ outcome: 'rejected', result: { reasons: [expect.stringMatching(/^个人不得购买.*条例第十六条）$/)] } })
    expect(c.find('told')[0]!.data).toMatchObject({ to: 'applicant', title: '不予备案' })
  })

  it('lets an individual buy category 3', async () => {
    const c = await p.byIndividual({ items: [item(toluene, 1)] })
    await approve(c)
    await c.complete('usage-report', 'desk-1', { receivedKg: [1], stockKg: [0] })
    expect(await c.result()).toMatchObject({ outcome: 'approved' })
  })

  it('shows the examiner every hit', async () => {
    const c = await p.file({ licence: { no: '1', validUntil: '2020-01-01' }, items: [item(ether, 60)] })
    const { check } = (await c.task('examine')).context as unknown as { check: PurchaseCheck }
    expect(check).toMatchObject({ category: 2, hits: [{ rule: 'licence-expired' }, { rule: 'large-purchase' }, { rule: 'category-2' }] })
    await withdraw(c)
  })
})

describe('examination', () => {
  it('certifies category 3 without a hit after one examination, and closes with the report', async () => {
    const c = await p.file()
    await approve(c)
    expect(await c.find('document-issued')[0]!.data).toMatchObject({ kind: 'certificate', number: expect.stringMatching(/^易制毒购备〔\d{4}〕\d+号$/), content: { items: [{ cas: toluene, name: '甲苯', quantityKg: 10 }] } })
    await report(c)
    expect(await c.result()).toMatchObject({ outcome: 'approved', result: { certificate: expect.any(String), mode: 'single', receivedKg: [10], stockKg: [5] } })
    expect((await c.state()).file).toMatchObject({ status: 'closed', card: 'none' })
    await c.keepHistory('certified-and-reported')
  })

  it('takes one workflow task for each human decision, and one to open the case', async () => {
    const c = await p.file()
    await approve(c)
    await report(c)
    await c.result()
    const { events } = await c.handle.fetchHistory()
    expect(events!.filter(e => e.workflowTaskCompletedEventAttributes)).toHaveLength(3)
  })

  it('rejects with the reason', async () => {
    const c = await p.file()
    await c.complete('examine', 'anti-drug-1', { decision: 'reject', reason: '申购量与用途明显不符。' })
    expect(await c.result()).toEqual({ outcome: 'rejected', result: { reasons: ['申购量与用途明显不符。'] } })
    expect(c.find('told').map(e => e.data)).toEqual([{ to: 'applicant', title: '不予备案', body: '申购量与用途明显不符。' }])
  })

  it('cannot approve what a rule refuses: nothing changes', async () => {
    const c = await p.file({ licence: { no: '1', validUntil: '2020-01-01' } })
    expect(await hits(c)).toEqual(['licence-expired:refuse'])
    await c.claim(await c.task('examine'), 'anti-drug-1')
    const before = c.events().length
    await expect(approve(c)).rejects.toThrow('bad-form')
    expect(c.events()).toHaveLength(before)
    await c.complete('examine', 'anti-drug-1', { decision: 'reject', reason: '证照已过期。' })
    expect(await c.result()).toMatchObject({ outcome: 'rejected' })
  })

  it('is offered to whoever is on duty, except who may not do it', async () => {
    p.t.setOnDuty('anti-drug-2')
    const c = await p.file({ items: [item(ether, 1)] })
    await approve(c)
    await c.complete('second-examine', 'anti-drug-2', { agree: false, reason: '库存不明。' })
    p.t.setOnDuty('anti-drug-3')
    const other = await p.file()
    p.t.setOnDuty(null)
    const offers = (of: TestCase) => of.find('task-opened').map(e => `${e.data.name} ${e.data.offeredTo}`)
    expect(offers(c)).toEqual(['examine anti-drug-2', 'second-examine null', 'examine null'])
    expect(offers(other)).toEqual(['examine anti-drug-3'])
    for (const one of [c, other]) await withdraw(one)
  })
})

describe('second examination', () => {
  it('is for category 2, by another officer', async () => {
    const c = await p.file({ items: [item(ether, 1)] })
    await approve(c)
    expect(c.types()).not.toContain('document-issued')
    await expect(c.complete('second-examine', 'anti-drug-1', { agree: true })).rejects.toThrow('four-eyes')
    await c.complete('second-examine', 'anti-drug-2', { agree: true })
    expect(c.types()).toContain('document-issued')
    await report(c, [1], [0])
    expect(await c.result()).toMatchObject({ outcome: 'approved' })
  })

  it('is for any risk hit', async () => {
    const c = await p.file({ items: [item(toluene, 1000)] })
    expect(await hits(c)).toEqual(['large-purchase:risk'])
    await approve(c)
    expect((await c.state()).file.stage).toBe('second-examine')
    await withdraw(c)
  })

  it.each([
    ['disagreement', (c: TestCase) => c.complete('second-examine', 'anti-drug-2', { agree: false, reason: '库存足够三个月。' })],
    ['a return', (c: TestCase) => c.act('return', 'second-examine', 'anti-drug-2', { to: 'examine', reason: '库存足够三个月。' })],
  ])('goes back to the examination by %s, with the reason, never to its own author', async (_, back) => {
    const c = await p.file({ items: [item(ether, 1)] })
    await approve(c)
    await back(c)
    const again = await c.task('examine')
    expect(again).toMatchObject({ round: 2, notBy: ['anti-drug-2'], context: { objection: '库存足够三个月。' } })
    await expect(approve(c, 'anti-drug-2')).rejects.toThrow('four-eyes')
    await c.complete('examine', 'anti-drug-3', { decision: 'reject', reason: '同意复核意见。' })
    expect(await c.result()).toMatchObject({ outcome: 'rejected' })
  })

  it('never runs out of officers: who examined and who examined second stay apart', async () => {
    const c = await p.file({ items: [item(ether, 1)] })
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

describe('amendment', () => {
  const single = { changes: { mode: 'single' }, reason: '改为一次使用。' }

  it('is checked and examined anew, on the clock that runs already', async () => {
    const c = await p.file({ mode: 'multiple' })
    expect(await hits(c)).toEqual(['clean-year:risk'])
    const { dueAt } = (await c.state()).file
    await p.t.skip('1 hour')
    await c.onCase('amend', buyerOf(c), single)
    expect(await c.task('examine')).toMatchObject({ round: 2 })
    expect(await hits(c)).toEqual([])
    expect((await c.state()).file.dueAt).toEqual(dueAt)
    await approve(c)
    expect(c.find('document-issued')[0]!.data.content).toMatchObject({ mode: 'single' })
    await report(c)
    expect(await c.result()).toMatchObject({ outcome: 'approved' })
  })

  it('instead of a supplement lets the clock run on', async () => {
    const c = await p.file({ mode: 'multiple' })
    await c.complete('examine', 'anti-drug-1', { decision: 'supplement', reason: '缺少既往档案。' })
    await p.t.skip('1 day')
    await c.onCase('amend', buyerOf(c), single)
    expect((await c.state()).file).toMatchObject({ status: 'open', stage: 'examine' })
    await withdraw(c)
  })

  it('into what the law forbids ends the case', async () => {
    const c = await p.file()
    await c.onCase('amend', buyerOf(c), { changes: { items: [item(safrole, 1)] }, reason: '更换品种。' })
    expect(await c.result()).toMatchObject({ outcome: 'not-competent' })
  })

  it('comes too late once the certificate is issued, as does a withdrawal', async () => {
    const c = await p.file()
    await approve(c)
    await expect(c.onCase('amend', buyerOf(c), single)).rejects.toThrow('action-not-allowed')
    await expect(withdraw(c)).rejects.toThrow('action-not-allowed')
    expect((await c.state()).file.stage).toBe('usage-report')
    await report(c)
  })
})

describe('endings from outside', () => {
  it('is withdrawn by the applicant', async () => {
    const c = await p.file()
    await withdraw(c)
    expect(await c.result()).toEqual({ outcome: 'withdrawn' })
  })

  it('is withdrawn, not certified, when the withdrawal comes in while the approval is being recorded', async () => {
    const c = await p.file()
    await c.claim(await c.task('examine'), 'anti-drug-1')
    const { append } = p.t.store
    // While one decision is being recorded, those that come in wait, and reach the workflow together, in their order.
    p.t.store.append = async (...args) => (await setTimeout(args[1].startsWith('acknowledge') ? 1000 : 0), append(...args))
    const refused = expect(c.onCase('acknowledge-case-card', 'office-1', {})).rejects.toThrow('action-not-allowed')
    await setTimeout(100)
    const approved = approve(c)
    await setTimeout(100)
    await Promise.all([refused, approved, withdraw(c)])
    p.t.store.append = append
    expect(await c.result()).toEqual({ outcome: 'withdrawn' })
    expect(c.types()).toEqual(expect.arrayContaining(['task-completed', 'withdrawal-requested']))
    expect(c.types()).not.toContain('document-issued')
  })

  it('is cancelled by the office, also after the certificate', async () => {
    const c = await p.file()
    await approve(c)
    await c.onCase('cancel', 'office-1', { reason: '证明作废。' })
    expect(await c.result()).toEqual({ outcome: 'cancelled' })
  })
})

describe('usage report', () => {
  it('has one figure for each chemical applied for', async () => {
    const c = await p.file({ items: [item(toluene, 10), item('67-64-1', 20)] })
    await approve(c)
    await expect(report(c, [10], [5])).rejects.toThrow('bad-form')
    await expect(report(c, [10, 20], [5])).rejects.toThrow('bad-form')
    await report(c, [10, 20], [5, 5])
    expect(await c.result()).toMatchObject({ outcome: 'approved', result: { receivedKg: [10, 20] } })
    expect(c.find('told').map(e => e.data.title)).not.toContain('实际购入超过备案数量')
  })

  it('of more than was certified is taken, and shown to the unit', async () => {
    const c = await p.file()
    await approve(c)
    await report(c, [12], [5])
    expect(c.find('told').at(-1)!.data).toMatchObject({ to: 'leaders', title: '实际购入超过备案数量', body: expect.stringContaining('甲苯备案 10 千克，报告购入 12 千克') })
  })

  it('is the applicant\'s alone', async () => {
    const c = await p.file()
    await approve(c)
    await expect(c.send('complete', await c.task('usage-report'), 'anti-drug-1', { receivedKg: [1], stockKg: [1] })).rejects.toThrow('not-permitted')
    await report(c)
  })
})

describe('figures of the policy', () => {
  it('may be set by an administrator, each by itself', async () => {
    p.t.override('', { figures: { largeKg: { 2: 5, 3: 5 } } })
    const c = await p.file()
    expect(await hits(c)).toEqual(['large-purchase:risk'])
    await approve(c)
    await c.complete('second-examine', 'anti-drug-2', { agree: true })
    expect(c.types()).toContain('document-issued')
    await report(c)
  })
})
