import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCaseActivities } from '../../activities/case.ts'
import { makeCalendar } from '../../clock/calendar.ts'
import { createMemoryStore } from '../../test/memory-store.ts'
import { NO_ENGINE, NO_PRESS, sampleWho } from '../../test/procedure.ts'
import type { Facts } from '../../model/types.ts'
import { policy } from './policy.ts'
import { filingRules } from './procedure.ts'
import { ago, agree, back, report, startReportTest, type ReportTest } from './test-report.ts'

let t: ReportTest
beforeAll(async () => { t = await startReportTest() })
afterAll(() => t?.close())

const conflicts = (...persons: string[]) => ({ conflictDeclaration: { none: false, conflicts: persons.map(person => ({ person, relation: '近亲属' })) } })
const end = { reason: '测试结束。' }

describe('four eyes', () => {
  it('keeps the reporter from reviewing, also where he is a reviewer of that unit', async () => {
    const c = await t.file({}, 'legal-1')
    await expect(c.complete('legal-review', 'legal-1', agree)).rejects.toThrow('four-eyes')
    await c.complete('legal-review', 'legal-2', agree)
    await c.onCase('withdraw', 'legal-1', {})
  })

  it('lets the same people review another round', async () => {
    const c = await t.file()
    await c.review()
    await c.decide('return')
    await c.complete('revise', 'economic-crime-1', { note: '已补充。' })
    await c.review()
    await c.decide('advise-alternative')
    expect(await c.result()).toMatchObject({ outcome: 'alternative-advised' })
  })

  it('keeps a proxy from reviewing for both absent reviewers side by side', async () => {
    const store = createMemoryStore(async () => Date.now())
    const activities = createCaseActivities({
      store, rules: async () => ({ policy, calendar: makeCalendar({}) }), who: async id => ({ ...sampleWho(id), standsInFor: ['legal-1', 'office-1'].map(sampleWho) }),
      unitName: async id => id, onDuty: async () => null, members: async () => new Map(), contact: async () => null, engine: NO_ENGINE, press: NO_PRESS, nextCaseNo: async () => 'DR-1',
    })
    const input = { caseNo: 'DR-1', application: report() as unknown as Facts, title: policy.title, applicant: 'economic-crime-1', filedBy: { id: 'economic-crime-1' }, enterpriseId: 'ent-01' }
    await activities.advance('DR-1', [{ key: '1', drafts: [
      { type: 'open-case', procedure: policy.key, input },
      { type: 'open-task', name: 'legal-review', round: 1, place: 1, clock: 'ordinary', holder: 'legal-1' }, { type: 'open-task', name: 'impact-review', round: 1, place: 1, clock: 'ordinary', holder: 'office-1' },
    ] }])
    const complete = (task: string) => activities.settle('DR-1', task, 'complete', { key: task, actor: { id: 'political-1' }, taskId: `DR-1.${task}.1`, form: agree })
    await complete('legal-review')
    await expect(complete('impact-review')).rejects.toMatchObject({ type: 'four-eyes' })
  })
})

describe('declared conflicts', () => {
  it('exclude the persons that the report names from every step', async () => {
    const c = await t.file(conflicts('legal-1', 'office-1', 'bureau-leader-1', 'economic-crime-2'))
    expect((await c.state()).file.excluded).toEqual(['legal-1', 'office-1', 'bureau-leader-1', 'economic-crime-2'])
    await expect(c.complete('legal-review', 'legal-1', agree)).rejects.toThrow('conflict-of-interest')
    await expect(c.complete('impact-review', 'office-1', agree)).rejects.toThrow('conflict-of-interest')
    await c.complete('legal-review', 'legal-2', agree)
    await c.complete('impact-review', 'office-2', agree)
    await expect(c.decide('agree', 'bureau-leader-1')).rejects.toThrow('conflict-of-interest')
    await c.decide('agree', 'bureau-leader-2')
    await expect(c.onCase('cancel', 'office-1', end)).rejects.toThrow('conflict-of-interest')
    await t.skip('25 hours')
    await c.confirm({ detained: 1, released: 0.5 })
    await expect(c.complete('follow-up', 'office-1', { findings: '生产正常。' })).rejects.toThrow('conflict-of-interest')
    await c.complete('follow-up', 'office-3', { findings: '生产正常。' })
    expect(await c.result()).toMatchObject({ outcome: 'agreed' })
  })

  it('exclude also those whom only an amendment names, and take from them what they hold', async () => {
    const c = await t.file({ detainedAt: ago(2) })
    await c.claim(await c.task('legal-review'), 'legal-1')
    await c.onCase('amend', 'economic-crime-1', { changes: conflicts('legal-1', 'economic-crime-1'), reason: '补充申报。' })
    await expect(c.complete('legal-review', 'legal-1', agree)).rejects.toThrow('conflict-of-interest')
    const [first] = await c.rounds('custody-milestones')
    expect(first).toMatchObject({ status: 'open', holderId: null, unitId: 'economic-crime' })
    await expect(c.claim(first!, 'economic-crime-1')).rejects.toThrow('conflict-of-interest')
    await c.claim(first!, 'economic-crime-2')
    await c.confirm({ questioned: 1 }, { by: 'economic-crime-2' })
    expect((await c.rounds('custody-milestones')).at(-1)).toMatchObject({ holderId: 'economic-crime-2', context: { awaiting: ['detention-house', 'family-notified'] } })
    await c.complete('legal-review', 'legal-2', back)
    expect(await c.task('revise')).toMatchObject({ status: 'open', holderId: null, unitId: 'economic-crime' })
    await c.complete('revise', 'economic-crime-2', { note: '已补充。' })
    await c.complete('impact-review', 'office-1', agree)
    await c.onCase('cancel', 'office-1', end)
  })

  it('keep the reporter from filing who declares his own', () => {
    expect(filingRules(report(conflicts('legal-1', 'economic-crime-1')) as unknown as Facts, 'economic-crime-1').map(e => e.pointer)).toEqual(['/conflictDeclaration/conflicts/1/person'])
    expect(filingRules(report() as unknown as Facts, 'economic-crime-1')).toEqual([])
  })

  it('end a report at once whose reporter declares his own and got past the filing', async () => {
    const c = await t.file(conflicts('economic-crime-1'))
    expect(await c.result()).toMatchObject({ outcome: 'cancelled', result: { reason: expect.stringContaining('回避') } })
    expect((await c.state()).file).toMatchObject({ excluded: ['economic-crime-1'], status: 'closed' })
    expect((await c.state()).tasks).toEqual([])
  })
})
