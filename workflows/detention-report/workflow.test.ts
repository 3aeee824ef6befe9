import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ago, agree, back, startReportTest, wholeCustody, type ReportTest } from './test-report.ts'

let t: ReportTest
beforeAll(async () => { t = await startReportTest() })
afterAll(() => t?.close())

const conditional = { opinion: 'conditional', text: '执行前完成印章交接。' }
const advise = { opinion: 'advise-alternative', text: '可以取保候审。' }

describe('report before a detention', () => {
  it('is reviewed side by side, decided, carried out, watched and followed up', async () => {
    const c = await t.file()
    expect(await c.waiting()).toEqual(['impact-review.1', 'legal-review.1'])
    await c.review(agree, conditional)
    expect((await c.task('decide')).context).toMatchObject({ opinions: [{ by: 'legal-1', ...agree }, { by: 'office-1', ...conditional }] })
    await c.decide('agree')
    expect(await c.task('custody-milestones')).toMatchObject({ unitId: 'economic-crime', holderId: 'economic-crime-1', context: { awaiting: ['detained', 'not-carried-out'] } })
    await t.skip('26 hours')
    await c.confirm({ detained: 1 })
    await c.confirm({ 'detention-house': 0.5, 'family-notified': 0.5, 'questioned': 0.4 })
    await c.confirm({ 'arrest-requested': 0.1 })
    await c.confirm({ 'arrest-decided': 0 })
    await c.complete('follow-up', 'office-2', { findings: '生产正常。' })
    expect(await c.result()).toEqual({ outcome: 'agreed', result: { decision: 'agree', text: '已阅。', afterTheFact: false, conditions: [conditional.text], carriedOut: true, findings: '生产正常。' } })
    expect((await c.state()).file).toMatchObject({ status: 'closed', card: 'none', outcome: 'agreed' })
    await c.keepHistory('agreed-and-carried-out')
  })

  it('holds no content in its title and is restricted', async () => {
    const c = await t.file()
    expect((await c.state()).file).toMatchObject({ title: '羁押事前报备', restricted: true, enterpriseId: 'ent-01' })
    await c.onCase('withdraw', 'economic-crime-1', {})
  })

  it('shows nothing in the Temporal Web UI of whose it is and what it waits for: summaries, details, search attributes', async () => {
    const c = await t.file({ suspect: { deputyOf: 'npc-county-or-above' } })
    await c.review()
    await c.complete('permission', 'economic-crime-1', { ref: '示例人常许〔2026〕1号', doneAt: ago(1) })
    await t.skip('10 hours')
    const { events } = await c.handle.fetchHistory()
    const shown = (events ?? []).flatMap(e => [e.userMetadata?.summary, e.userMetadata?.details, ...Object.values(e.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields ?? {})])
      .flatMap(payload => payload?.data ? Buffer.from(payload.data).toString() : [])
    const details = await c.handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata')
    const everything = [...shown, details.currentDetails ?? ''].join(' ')
    expect(everything).toContain('任务')
    expect(everything).not.toMatch(/人大|许可|审核|评估|决定|经侦|economic-crime|permission|legal-review|decide|bureau/)
    await c.onCase('withdraw', 'economic-crime-1', {})
  })

  it('ends with the alternative that the leader advises', async () => {
    const c = await t.file()
    await c.review(advise, agree)
    await c.decide('advise-alternative')
    expect(await c.result()).toMatchObject({ outcome: 'alternative-advised', result: { decision: 'advise-alternative', carriedOut: false } })
  })

  it('ends without a visit when the detention was not carried out', async () => {
    const c = await t.file()
    await c.review()
    await c.decide('agree')
    await c.confirm({ 'not-carried-out': { doneAt: ago(0), note: '已变更为取保候审。' } })
    expect(await c.result()).toMatchObject({ outcome: 'agreed', result: { carriedOut: false } })
  })

  it('may be withdrawn until it is decided', async () => {
    const early = await t.file()
    await early.complete('legal-review', 'legal-1', agree)
    await early.onCase('withdraw', 'economic-crime-1', { reason: '不再羁押。' })
    expect(await early.result()).toEqual({ outcome: 'withdrawn' })
    const late = await t.file()
    await late.review()
    await late.decide('agree')
    await expect(late.onCase('withdraw', 'economic-crime-1', {})).rejects.toThrow('action-not-allowed')
    await late.onCase('cancel', 'office-1', { reason: '测试结束。' })
    expect(await late.result()).toEqual({ outcome: 'cancelled' })
  })
})

describe('return and amendment', () => {
  it('goes back to the reporter at the first return, who amends and confirms; then both review again', async () => {
    const c = await t.file()
    await c.complete('legal-review', 'legal-1', back)
    expect(await c.waiting()).toEqual(['revise.1'])
    expect(await c.task('revise')).toMatchObject({ holderId: 'economic-crime-1', context: { returnedBy: 'legal', text: back.text } })
    await c.onCase('amend', 'economic-crime-1', { changes: { continuityPlan: '工资照常发放。' }, reason: '补充。' })
    await c.onCase('amend', 'economic-crime-1', { changes: { economicDisputeTest: '不属经济纠纷。' }, reason: '补充。' })
    expect(await c.waiting()).toEqual(['revise.1'])
    await c.complete('revise', 'economic-crime-1', { note: '已补充。' })
    expect(await c.waiting()).toEqual(['impact-review.2', 'legal-review.2'])
    await c.review()
    await c.decide('advise-alternative', 'bureau-leader-2')
    expect(await c.result()).toMatchObject({ outcome: 'alternative-advised' })
    expect((await c.state()).file.application).toMatchObject({ continuityPlan: '工资照常发放。', economicDisputeTest: '不属经济纠纷。' })
    await c.keepHistory('returned-and-amended')
  })

  it.each([
    ['the impact reviewer', async (c: Awaited<ReturnType<ReportTest['file']>>) => { await c.complete('impact-review', 'office-1', back) }],
    ['the leader', async (c: Awaited<ReturnType<ReportTest['file']>>) => { await c.review(); await c.decide('return') }],
  ])('goes back to the reporter when %s returns it', async (_, send) => {
    const c = await t.file()
    await send(c)
    expect(await c.waiting()).toEqual(['revise.1'])
    await c.complete('revise', 'economic-crime-1', { note: '已说明。' })
    expect(await c.waiting()).toEqual(['impact-review.2', 'legal-review.2'])
    await c.onCase('withdraw', 'economic-crime-1', {})
  })

  it('refuses a decision on facts that are no longer those', async () => {
    const c = await t.file()
    await c.review()
    const seen = (await c.task('decide')).context!.contentHash
    await c.onCase('amend', 'economic-crime-1', { changes: { legalBasis: '刑事诉讼法第八十二条' }, reason: '更正。' })
    expect(await c.waiting()).toEqual(['impact-review.2', 'legal-review.2'])
    await c.review()
    await expect(c.complete('decide', 'bureau-leader-1', { decision: 'agree', text: '同意。', contentHash: seen })).rejects.toThrow('facts-changed')
    await c.decide('advise-alternative')
    expect(await c.result()).toMatchObject({ outcome: 'alternative-advised' })
  })

  it('voids opinions, and a decision that was not carried out, by any amendment; afterwards there is none', async () => {
    const c = await t.file()
    await c.complete('legal-review', 'legal-1', agree)
    await c.onCase('amend', 'economic-crime-1', { changes: { legalBasis: '刑事诉讼法第八十二条' }, reason: '更正。' })
    expect(await c.waiting()).toEqual(['impact-review.2', 'legal-review.2'])
    await c.review()
    await c.decide('agree')
    await c.onCase('amend', 'economic-crime-1', { changes: { plannedAt: ago(-48) }, reason: '改期。' })
    expect(await c.waiting()).toEqual(['impact-review.3', 'legal-review.3'])
    await c.review()
    await c.decide('agree')
    await t.skip('48 hours')
    await c.confirm({ detained: 1 })
    await expect(c.onCase('amend', 'economic-crime-1', { changes: { plannedAt: ago(-9) }, reason: '更正。' })).rejects.toThrow('action-not-allowed')
    await c.onCase('cancel', 'office-1', { reason: '测试结束。' })
  })

  it('refuses an amendment that makes a bad report of it', async () => {
    const c = await t.file()
    await expect(c.onCase('amend', 'economic-crime-1', { changes: { urgent: true }, reason: '更正。' })).rejects.toThrow('bad-form')
    await expect(c.onCase('amend', 'economic-crime-2', { changes: { legalBasis: '无' }, reason: '更正。' })).rejects.toThrow('not-permitted')
    expect(await c.waiting()).toEqual(['impact-review.1', 'legal-review.1'])
    await c.onCase('withdraw', 'economic-crime-1', {})
  })
})

describe('urgent path', () => {
  it('is reviewed after the fact by the same people, marked, while custody is already watched', async () => {
    const c = await t.file({ detainedAt: ago(2) })
    expect((await c.state()).tasks.map(x => [x.name, x.title])).toEqual(expect.arrayContaining([
      ['legal-review', '法制审核（事后）'], ['impact-review', '影响评估（事后）'],
      ['custody-milestones', '羁押节点确认（24小时内）'], ['custody-milestones', '羁押节点确认（提请批准逮捕）'],
    ]))
    await c.review()
    await c.confirm({ 'family-notified': 1 })
    await c.decide('agree')
    await c.confirm({ 'detention-house': 0.5, 'questioned': 0.2, 'arrest-requested': 0.1, 'arrest-decided': 0 })
    await c.complete('follow-up', 'office-1', { findings: '生产正常。' })
    expect(await c.result()).toMatchObject({ outcome: 'reviewed-after-the-fact', result: { decision: 'agree', afterTheFact: true, carriedOut: true } })
    expect((await c.state()).file).toMatchObject({ card: 'none', facts: { reporting: { source: '[C] 紧急情形采取措施后12小时内报备' } } })
    await c.keepHistory('urgent-reviewed-after-the-fact')
  })

  it('ends the same way when an alternative is advised: what was lawful and urgent is not vetoed', async () => {
    const c = await t.file({ detainedAt: ago(2) })
    await c.confirm({ released: 0 })
    await c.review(advise, advise)
    await c.decide('advise-alternative')
    await c.complete('follow-up', 'office-1', { findings: '生产正常。' })
    expect(await c.result()).toMatchObject({ outcome: 'reviewed-after-the-fact', result: { decision: 'advise-alternative' } })
  })

  it('notes and shows a report made later than twelve hours, also to those who review it', async () => {
    const c = await t.file({ detainedAt: ago(13) })
    expect((await c.state()).file).toMatchObject({ card: 'yellow', facts: { reporting: { late: '迟报：未在规定时限内报备' } } })
    expect((await c.task('legal-review')).context).toMatchObject({ late: '迟报：未在规定时限内报备' })
    await c.onCase('amend', 'economic-crime-1', { changes: { detainedAt: ago(1) }, reason: '更正。' })
    expect((await c.state()).file.card).toBe('yellow')
    await c.complete('impact-review', 'office-1', agree)
    await c.onCase('cancel', 'office-1', { reason: '测试结束。' })
  })

  it('does not call a report late because it was amended later', async () => {
    const c = await t.file({ detainedAt: ago(11) })
    await t.skip('150 minutes')
    await c.onCase('amend', 'economic-crime-1', { changes: { legalBasis: '刑事诉讼法第八十二条' }, reason: '更正。' })
    expect((await c.state()).file.facts.reporting).not.toHaveProperty('late')
    await c.complete('impact-review', 'office-1', agree)
    await c.onCase('cancel', 'office-1', { reason: '测试结束。' })
  })

  it('cannot be withdrawn: the review after the fact is owed', async () => {
    const c = await t.file({ detainedAt: ago(2) })
    await expect(c.onCase('withdraw', 'economic-crime-1', {})).rejects.toThrow('action-not-allowed')
    await c.complete('impact-review', 'office-1', agree)
    await c.onCase('cancel', 'office-1', { reason: '测试结束。' })
  })

  it('takes over a report whose detention could not wait', async () => {
    const c = await t.file()
    await c.complete('legal-review', 'legal-1', agree)
    await c.onCase('amend', 'economic-crime-1', { changes: { urgent: true, detainedAt: ago(1) }, reason: '嫌疑人企图逃跑，已先行拘留。' })
    expect(await c.waiting()).toEqual(['custody-milestones.1', 'custody-milestones.1', 'impact-review.2', 'legal-review.2'])
    await c.confirm({ released: 0 })
    await c.review()
    await c.decide('agree')
    await c.complete('follow-up', 'office-1', { findings: '生产正常。' })
    expect(await c.result()).toMatchObject({ outcome: 'reviewed-after-the-fact' })
  })

  it('returns for supplement like any other, with custody watched on', async () => {
    const c = await t.file({ detainedAt: ago(2) })
    await c.complete('impact-review', 'office-1', back)
    expect(await c.waiting()).toEqual(['custody-milestones.1', 'custody-milestones.1', 'revise.1'])
    await c.complete('revise', 'economic-crime-1', { note: '已补充。' })
    expect(await c.waiting()).toEqual(['custody-milestones.1', 'custody-milestones.1', 'impact-review.2', 'legal-review.2'])
    await c.confirm(wholeCustodySince(2))
    expect(await c.waiting()).toEqual(['impact-review.2', 'legal-review.2'])
    await c.onCase('cancel', 'office-1', { reason: '测试结束。' })
  })
})

/** The whole custody, squeezed into the hours since the detention. */
const wholeCustodySince = (hours: number) => Object.fromEntries(Object.entries(wholeCustody).filter(([name]) => name !== 'detained').map(([name, done]) => [name, done * hours / 20]))
