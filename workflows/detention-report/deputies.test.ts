import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { deputyDuty } from './deputies.ts'
import { ago, report, startReportTest, type Change, type ReportTest } from './test-report.ts'

const deputy = (deputyOf: NonNullable<Change['suspect']>['deputyOf'], change: Change = {}): Change => ({ ...change, suspect: { deputyOf } })
const urgent = () => ({ detainedAt: ago(2) })

describe('what is owed for a deputy or member', () => {
  it.each<[string, Change, string | null]>([
    ['nobody', {}, null],
    ['a deputy of a county or above', deputy('npc-county-or-above'), 'prior'],
    ['the same with permission', deputy('npc-county-or-above', { permissionRef: '示例许〔2026〕1号' }), null],
    ['the same, urgent', deputy('npc-county-or-above', urgent()), 'prior'],
    ['the same, caught in the act', deputy('npc-county-or-above', { ...urgent(), caughtInTheAct: true }), 'at-once'],
    ['the same, reported already', deputy('npc-county-or-above', { ...urgent(), caughtInTheAct: true, permissionRef: '示例报〔2026〕1号' }), null],
    ['a deputy of a township', deputy('npc-township'), 'at-once'],
    ['the same, with a reference from before the detention', deputy('npc-township', { permissionRef: '示例报〔2026〕1号' }), 'at-once'],
    ['a member of the CPPCC', deputy('cppcc'), 'prior'],
    ['the same, told before', deputy('cppcc', { permissionRef: '示例通〔2026〕1号' }), null],
    ['the same, caught in the act', deputy('cppcc', { ...urgent(), caughtInTheAct: true }), 'at-once'],
  ])('%s', (_, change, when) => expect(deputyDuty(report(change))?.when ?? null).toBe(when))
})

describe('a deputy in a case', () => {
  let t: ReportTest
  beforeAll(async () => { t = await startReportTest() })
  afterAll(() => t?.close())

  it('cannot be decided on before the permission is there; opinions that were given stay', async () => {
    const c = await t.file(deputy('npc-county-or-above'))
    expect(await c.waiting()).toEqual(['impact-review.1', 'legal-review.1', 'permission.1'])
    await c.review()
    expect(await c.waiting()).toEqual(['permission.1'])
    expect(await c.task('permission')).toMatchObject({ title: '取得人大许可', holderId: 'economic-crime-1', context: { reason: expect.stringContaining('程序规定164') } })
    expect((await c.state()).file.facts.deputy).toMatchObject({ when: 'prior' })
    await c.complete('permission', 'economic-crime-1', { ref: '示例许〔2026〕1号', doneAt: ago(1) })
    expect((await c.task('decide')).context).toMatchObject({ opinions: [{}, {}, { ref: '示例许〔2026〕1号' }] })
    await c.decide('advise-alternative')
    expect(await c.result()).toMatchObject({ outcome: 'alternative-advised' })
    await c.keepHistory('deputy-with-permission')
  })

  it('takes the permission also as an amendment of the facts, which are then reviewed anew', async () => {
    const c = await t.file(deputy('cppcc'))
    await c.review()
    await c.onCase('amend', 'economic-crime-1', { changes: { permissionRef: '示例通〔2026〕1号' }, reason: '已通报。' })
    expect(await c.waiting()).toEqual(['impact-review.2', 'legal-review.2'])
    await c.review()
    await c.decide('advise-alternative')
    expect(await c.result()).toMatchObject({ outcome: 'alternative-advised' })
  })

  it('asks for the permission once, also when the report is returned', async () => {
    const c = await t.file(deputy('npc-county-or-above'))
    await c.complete('permission', 'economic-crime-1', { ref: '示例许〔2026〕1号', doneAt: ago(1) })
    await c.complete('impact-review', 'office-1', { opinion: 'return', text: '请补充工资安排。' })
    await c.complete('revise', 'economic-crime-1', { note: '已补充。' })
    expect(await c.waiting()).toEqual(['impact-review.2', 'legal-review.2'])
    await c.review()
    expect((await c.task('decide')).context).toMatchObject({ opinions: [{}, {}, { ref: '示例许〔2026〕1号' }] })
    await c.onCase('withdraw', 'economic-crime-1', {})
  })

  it('asks again for a permission that the return came before', async () => {
    const c = await t.file(deputy('npc-county-or-above'))
    await c.complete('legal-review', 'legal-1', { opinion: 'return', text: '请补充证据。' })
    await c.complete('revise', 'economic-crime-1', { note: '已补充。' })
    expect(await c.waiting()).toEqual(['impact-review.2', 'legal-review.2', 'permission.2'])
    await c.onCase('withdraw', 'economic-crime-1', {})
  })

  it('is reported at once when caught in the act, which holds up no decision', async () => {
    const c = await t.file(deputy('npc-county-or-above', { ...urgent(), caughtInTheAct: true }))
    expect(await c.task('permission')).toMatchObject({ title: '立即报告人大', deadline: { clock: { n: 2, unit: 'hour' } } })
    await c.review()
    await c.decide('agree')
    await c.confirm({ released: 0.1 })
    expect(await c.waiting()).toEqual(['permission.1'])
    await c.complete('permission', 'economic-crime-1', { ref: '示例报〔2026〕1号', doneAt: ago(1) })
    await c.complete('follow-up', 'office-1', { findings: '生产正常。' })
    expect(await c.result()).toMatchObject({ outcome: 'reviewed-after-the-fact' })
  })

  it('of a township is reported once the detention was carried out', async () => {
    const c = await t.file(deputy('npc-township'))
    await c.review()
    await c.decide('agree')
    expect(await c.waiting()).toEqual(['custody-milestones.1'])
    await t.skip('26 hours')
    await c.confirm({ detained: 1, released: 0.5 })
    expect(await c.waiting()).toEqual(['permission.1'])
    await c.complete('permission', 'economic-crime-1', { ref: '示例报〔2026〕2号', doneAt: ago(0.1) })
    await c.complete('follow-up', 'office-1', { findings: '生产正常。' })
    expect(await c.result()).toMatchObject({ outcome: 'agreed' })
  })

  it('detained urgently without permission is reviewed, but not decided on before it is there', async () => {
    const c = await t.file(deputy('npc-county-or-above', urgent()))
    await c.review()
    await c.confirm({ released: 0.1 })
    expect(await c.waiting()).toEqual(['permission.1'])
    expect((await c.task('permission')).context!.reason).toContain('立即解除')
    await c.onCase('cancel', 'office-1', { reason: '测试结束。' })
  })
})
