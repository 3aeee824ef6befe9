import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProcedureTest, type ProcedureTest } from '../../test/procedure.ts'
import type { CreditGrade } from './credit-grade.ts'
import { accept, agree, ended, file, fulfilled, keepHistory, refuse, repair, today, told, upTo } from './test-repair.ts'

let t: ProcedureTest
beforeAll(async () => { t = await startProcedureTest() })
afterAll(() => t?.close())

describe('repaired', () => {
  it('is accepted, verified by the unit that penalised, reviewed and decided: numbered, pushed, graded anew', async () => {
    const day = await today(t)
    const c = await file(t)
    await c.complete('accept', 'legal-1', accept)
    expect((await c.task('verify')).unitId).toBe('traffic')
    await c.complete('verify', 'traffic-1', fulfilled)
    await c.complete('review', 'legal-2', agree)
    expect((await c.task('decide')).context).toEqual({ verified: fulfilled, reviewed: agree })
    await c.complete('decide', 'legal-leader', repair)
    const { outcome, result } = await ended(c)
    const number = c.find('document-issued')[0]!.data.number
    expect(number).toMatch(/^诸公信修〔20\d\d〕1号$/)
    expect(outcome).toBe('repaired')
    expect(result).toMatchObject({ documentNo: number, reason: '准予信用修复。' })
    const { decisionNo, decidedOn } = (await c.state()).file.application
    expect(c.find('pushed').map(e => e.data)).toEqual([
      { system: 'credit-platform', payload: { action: 'credit-repaired', documentNo: number, decisionNo, decidedOn, severity: 'minor', repairedOn: day } },
    ])
    expect((await c.state()).file).toMatchObject({ status: 'closed', outcome: 'repaired', card: 'none' })
    await keepHistory(c, 'repaired')
  })

  it('works the credit grade out from every accepted case of the enterprise, and from no other', async () => {
    const day = await today(t)
    await (await file(t, {}, 'ent-02')).complete('accept', 'legal-1', { decision: 'reject', reason: '不属于本机关。' })
    const open = await file(t, { severity: 'serious', decidedOn: '2025-01-10' }, 'ent-02')
    await open.complete('accept', 'legal-1', accept)
    const elsewhere = await file(t, {}, 'ent-03')
    await elsewhere.complete('accept', 'legal-1', accept)

    const c = await file(t, {}, 'ent-02')
    await upTo(c, 'decide')
    await c.complete('decide', 'legal-leader', repair)
    const { credit } = (await ended(c)).result as { credit: CreditGrade }
    expect(credit).toMatchObject({ score: 59, grade: 'D', before: { score: 55, grade: 'D' } })
    expect(credit.figures.map(f => [f.title, f.points])).toEqual([
      ['基础分', 100], [(await open.state()).file.application.decisionNo, -40], [(await c.state()).file.application.decisionNo, -1],
    ])
    expect(credit.figures[2]!.why).toBe(`轻微失信，${day} 决定，已于 ${day} 修复，扣分由 5 分减为 1 分`)

    await open.complete('verify', 'traffic-1', fulfilled)
    await open.complete('review', 'legal-2', agree)
    await open.complete('decide', 'legal-leader', repair)
    expect((await ended(open)).result!.credit).toMatchObject({ score: 91, grade: 'A', before: { score: 59 } })
    await elsewhere.onCase('withdraw', 'ent-03-contact', {})
  })

  it('is also the end of a refusal whose objection is upheld', async () => {
    const c = await upTo(await file(t), 'objection-review')
    await c.complete('objection-review', 'legal-3', { uphold: true, text: '经复查整改已完成。' })
    expect(await ended(c)).toMatchObject({ outcome: 'repaired', result: { reason: '经复查整改已完成。', documentNo: expect.stringMatching('诸公信修') } })
    expect(c.find('pushed')).toHaveLength(1)
    await keepHistory(c, 'refused-objection-upheld')
  })

  it('cannot be decided where the duties were found not fulfilled', async () => {
    const c = await file(t)
    await c.complete('accept', 'legal-1', accept)
    await c.complete('verify', 'traffic-1', { fulfilled: false, text: '罚款未缴清。' })
    await c.complete('review', 'legal-2', agree)
    await expect(c.complete('decide', 'legal-leader', repair)).rejects.toThrow('bad-form')
    await c.act('return', 'decide', 'legal-leader', { to: 'verify', reason: '企业已补缴，请复核。' })
    await c.complete('verify', 'traffic-1', fulfilled)
    await c.complete('review', 'legal-2', agree)
    await c.complete('decide', 'legal-leader', repair)
    expect((await ended(c)).outcome).toBe('repaired')
  })
})

describe('acceptance', () => {
  it('tells where to go when the decision is not this authority\'s', async () => {
    const c = await file(t, { decidedBy: 'market-regulation' })
    await c.complete('accept', 'legal-1', { decision: 'reject', reason: '该决定由市场监管部门作出，请向该部门申请。' })
    expect(await ended(c)).toEqual({ outcome: 'refused', result: { accepted: false, reason: '该决定由市场监管部门作出，请向该部门申请。' } })
    expect(c.find('told').map(e => e.data)).toEqual([{ to: 'applicant', title: '信用修复不予受理', body: '该决定由市场监管部门作出，请向该部门申请。' }])
  })

  it('asks for what is missing once, and a second time not', async () => {
    const c = await file(t)
    await c.complete('accept', 'legal-1', { decision: 'supplement', missing: '整改验收意见书' })
    expect(await c.task('supplement')).toMatchObject({ holderId: 'ent-01-contact', context: { missing: '整改验收意见书' } })
    expect((await c.state()).file.status).toBe('paused')
    expect(c.find('clock-paused')[0]!.actor).toEqual({ id: 'legal-1', unit: 'legal' })
    await c.complete('supplement', 'ent-01-contact', { text: '已补齐。' })
    expect((await c.state()).file).toMatchObject({ status: 'open', stage: 'accept' })
    const before = c.events().length
    await expect(c.complete('accept', 'legal-2', { decision: 'supplement', missing: '缴款凭证' })).rejects.toThrow('bad-form')
    expect(c.types().slice(before)).toEqual(['task-claimed'])
    await c.complete('accept', 'legal-2', accept)
    await c.onCase('withdraw', 'ent-01-contact', {})
  })

  it('lapses when nothing is supplemented in time', async () => {
    const c = await file(t)
    await c.complete('accept', 'legal-1', { decision: 'supplement', missing: '整改验收意见书' })
    const { dueAt, deadline } = await c.task('supplement')
    expect(deadline.clock).toMatchObject({ n: 10, unit: 'workday' })
    await t.skipTo(dueAt)
    expect(await ended(c)).toEqual({ outcome: 'lapsed', result: { missing: '整改验收意见书' } })
    expect((await c.state()).file.card).toBe('none')
    await keepHistory(c, 'supplement-lapsed')
  })

  it('can be withdrawn, also while the supplement is awaited', async () => {
    const c = await file(t)
    await c.complete('accept', 'legal-1', { decision: 'supplement', missing: '整改验收意见书' })
    await c.onCase('withdraw', 'ent-01-contact', { reason: '另行申请。' })
    expect(await ended(c)).toEqual({ outcome: 'withdrawn', result: null })
  })

  it('takes severity, date and unit from the decision where the enterprise wrote otherwise', async () => {
    const c = await file(t, { decidedBy: 'traffic', decidedOn: '2025-02-01' })
    await c.complete('accept', 'legal-1', { ...accept, severity: 'serious', decidedOn: '2025-01-02', decidedBy: 'public-order' })
    expect((await c.task('verify')).unitId).toBe('public-order')
    expect((await c.state()).file.facts.eligibility).toMatchObject({ severity: 'serious', decidedOn: '2025-01-02', firstDate: '2026-01-02' })
    await c.onCase('cancel', 'office-1', { reason: '测试结束。' })
    expect(await ended(c)).toEqual({ outcome: 'cancelled', result: null })
  })

  it('ends as too early when the decision turns out to be a graver one', async () => {
    const c = await file(t, { severity: 'minor' })
    await c.complete('accept', 'legal-1', { ...accept, severity: 'serious' })
    expect((await ended(c)).outcome).toBe('not-yet-eligible')
  })
})

describe('four eyes', () => {
  it('wants another person at each step', async () => {
    const c = await file(t, { decidedBy: 'legal' })
    await c.complete('accept', 'legal-1', accept)
    await expect(c.complete('verify', 'legal-1', fulfilled)).rejects.toThrow('four-eyes')
    await c.complete('verify', 'legal-2', fulfilled)
    for (const before of ['legal-1', 'legal-2']) await expect(c.complete('review', before, agree)).rejects.toThrow('four-eyes')
    await c.complete('review', 'legal-3', agree)
    await expect(c.complete('decide', 'legal-3', refuse)).rejects.toThrow('not-permitted')
    await c.complete('decide', 'legal-leader', refuse)
    await c.complete('objection', 'ent-01-contact', { object: true, grounds: '整改已完成。' })
    for (const before of ['legal-1', 'legal-2', 'legal-3', 'legal-leader']) {
      await expect(c.complete('objection-review', before, { uphold: true, text: '成立。' })).rejects.toThrow('four-eyes')
    }
    await c.complete('objection-review', 'legal-4', { uphold: false, text: '不成立。' })
    expect((await ended(c)).outcome).toBe('refused')
  })

  it('holds over returned rounds: whoever has reviewed does not verify', async () => {
    const c = await upTo(await file(t, { decidedBy: 'legal' }), 'verify')
    await c.complete('verify', 'legal-2', fulfilled)
    await c.act('return', 'review', 'legal-3', { to: 'verify', reason: '缺复查照片。' })
    await expect(c.complete('verify', 'legal-3', fulfilled)).rejects.toThrow('four-eyes')
    await c.onCase('withdraw', 'ent-01-contact', {})
  })

  it('leaves the decision to the bureau leader when the leader of 法制 has reviewed', async () => {
    const c = await upTo(await file(t), 'review')
    await c.complete('review', 'legal-leader', agree)
    expect(await c.task('decide')).toMatchObject({ unitId: 'bureau', role: 'bureau-leader' })
    await c.complete('decide', 'bureau-leader-1', repair)
    expect((await ended(c)).outcome).toBe('repaired')
  })

  it.each([
    ['the unit\'s leader, where it has no handlers', 'office', 'office', 'unit-leader', 'office-leader'],
    ['the bureau leader, where it has no leader either', 'bureau', 'bureau', 'bureau-leader', 'bureau-leader-1'],
  ])('leaves verifying to %s', async (_, decidedBy, unitId, role, by) => {
    const c = await upTo(await file(t, { decidedBy }), 'verify')
    expect(await c.task('verify')).toMatchObject({ unitId, role })
    await c.complete('verify', by, fulfilled)
    await c.onCase('withdraw', 'ent-01-contact', {})
  })
})

describe('returned', () => {
  it('goes back a step, and on from there in new rounds', async () => {
    const c = await upTo(await file(t), 'review')
    await c.act('return', 'review', 'legal-2', { to: 'verify', reason: '缺复查照片。' })
    expect((await c.task('verify')).round).toBe(2)
    await c.complete('verify', 'traffic-1', fulfilled)
    await c.complete('review', 'legal-2', agree)
    await c.act('return', 'decide', 'legal-leader', { to: 'review', reason: '请补充法律依据。' })
    expect((await c.task('review')).round).toBe(3)
    await c.complete('review', 'legal-2', { agree: true, text: '依据已补充。' })
    expect((await c.task('decide')).context).toMatchObject({ reviewed: { text: '依据已补充。' } })
    await c.complete('decide', 'legal-leader', repair)
    expect((await ended(c)).outcome).toBe('repaired')
  })

  it('goes back to acceptance when it was not that unit\'s decision, and then to the right unit', async () => {
    const c = await upTo(await file(t), 'verify')
    await c.act('return', 'verify', 'traffic-1', { to: 'accept', reason: '该决定由治安大队作出。' })
    await c.complete('accept', 'legal-1', { ...accept, decidedBy: 'public-order' })
    expect((await c.task('verify')).unitId).toBe('public-order')
    await c.onCase('withdraw', 'ent-01-contact', {})
  })

  it.each([['verify', 'traffic-1', 'review'], ['review', 'legal-2', 'accept'], ['decide', 'legal-leader', 'accept']])('from %s not to where it may not go', async (task, by, to) => {
    const c = await upTo(await file(t), task)
    await expect(c.act('return', task, by, { to, reason: '退回。' })).rejects.toThrow('bad-form')
    await c.onCase('withdraw', 'ent-01-contact', {})
  })
})

describe('refused', () => {
  it('tells the reasons and stands when nobody objects in time', async () => {
    const c = await upTo(await file(t), 'objection')
    expect(c.find('told').at(-1)!.data).toMatchObject({ to: 'applicant', title: '不予信用修复', body: expect.stringContaining('整改未到位。') })
    const { dueAt, deadline, holderId } = await c.task('objection')
    expect(holderId).toBe('ent-01-contact')
    expect(deadline.clock).toMatchObject({ n: 5, unit: 'workday' })
    await t.skipTo(dueAt)
    expect(await ended(c)).toEqual({ outcome: 'refused', result: { accepted: true, reason: '整改未到位。', objection: null } })
    expect(c.types()).toContain('task-lapsed')
    expect(c.types()).not.toContain('document-issued')
    expect(c.types()).not.toContain('pushed')
  })

  it('stands when the enterprise does not object', async () => {
    const c = await upTo(await file(t), 'objection')
    await c.complete('objection', 'ent-01-contact', { object: false })
    expect(await ended(c)).toMatchObject({ outcome: 'refused', result: { objection: null } })
  })

  it('stands when the objection is dismissed, with the answer; there is no second objection', async () => {
    const c = await upTo(await file(t), 'objection-review')
    expect((await c.task('objection-review')).context).toEqual({ reason: '整改未到位。', grounds: '整改已完成。' })
    await c.complete('objection-review', 'legal-3', { uphold: false, text: '整改确未完成。' })
    expect(await ended(c)).toEqual({
      outcome: 'refused', result: { accepted: true, reason: '整改未到位。', objection: { grounds: '整改已完成。', answer: '整改确未完成。' } },
    })
    expect((await c.state()).tasks.filter(x => x.name === 'objection')).toHaveLength(1)
    expect(told(c).at(-1)).toBe('异议不成立，维持不予修复的决定')
  })

  it('cannot be undone by withdrawing', async () => {
    const c = await upTo(await file(t), 'objection')
    await expect(c.onCase('withdraw', 'ent-01-contact', {})).rejects.toThrow('action-not-allowed')
    expect(c.types()).not.toContain('withdrawal-requested')
    await c.complete('objection', 'ent-01-contact', { object: false })
  })

  it('does not take amendments of the application, at any step', async () => {
    const c = await file(t)
    await expect(c.onCase('amend', 'ent-01-contact', { changes: { severity: 'minor' }, reason: '更正。' })).rejects.toThrow('action-not-allowed')
    await c.complete('accept', 'legal-1', accept)
    await c.onCase('withdraw', 'ent-01-contact', {})
  })
})

it('goes by the figures that an administrator has set', async () => {
  t.override('', { figures: { publicationMonths: { minor: { atLeast: 1, atMost: 3 }, general: { atLeast: 3, atMost: 12 }, serious: { atLeast: 12, atMost: 36 } } } })
  expect(await ended(await file(t))).toMatchObject({ outcome: 'not-yet-eligible' })
})
