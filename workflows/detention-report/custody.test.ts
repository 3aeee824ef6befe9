import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { arrest, firstDay, milestoneErrors, type Custody, type Milestone } from './custody.ts'
import { ago, startReportTest, wholeCustody, type Change, type ReportTest } from './test-report.ts'

const at = (hour: number) => `2026-03-02T${String(hour).padStart(2, '0')}:00:00+08:00`
const done = (milestone: Milestone['milestone'], hour: number, more: Partial<Milestone> = {}): Milestone => ({ milestone, doneAt: at(hour), ...more })
const custody = (...milestones: Milestone[]): Custody => ({ confirmed: Object.fromEntries(milestones.map(m => [m.milestone, m])) })

describe('custody clocks', () => {
  it('run from the detention, and from the request of arrest', () => {
    expect([firstDay(custody()), arrest(custody())]).toEqual([null, null])
    const detained = done('detained', 1)
    expect(firstDay(custody(detained, done('questioned', 2)))).toEqual({ clock: 'first-day', from: at(1), awaiting: ['detention-house', 'family-notified'] })
    expect(arrest(custody(detained))).toEqual({ clock: 'arrest-request', from: at(1), awaiting: ['arrest-requested'] })
    expect(arrest(custody(detained, done('request-extended', 2, { term: '30-days' })))).toMatchObject({ clock: 'arrest-request-30-days', from: at(1) })
    expect(arrest(custody(detained, done('arrest-requested', 3)))).toEqual({ clock: 'arrest-decision', from: at(3), awaiting: ['arrest-decided'] })
  })

  it('end with release, and with the decision on the arrest', () => {
    const released = custody(done('detained', 1), done('released', 2))
    expect([firstDay(released), arrest(released)]).toEqual([null, null])
    expect(arrest(custody(done('detained', 1), done('arrest-requested', 2), done('arrest-decided', 3)))).toBeNull()
  })

  it('run from the time that was reported as long as none is confirmed', () => {
    expect(firstDay({ reportedAt: at(4), confirmed: {} })?.from).toBe(at(4))
    expect(firstDay({ ...custody(done('detained', 3)), reportedAt: at(4) })?.from).toBe(at(3))
  })
})

describe('further milestones', () => {
  const detained = custody(done('detained', 1))
  it.each<[string, Custody, Milestone[], string[]]>([
    ['one that is in order', detained, [done('questioned', 2)], []],
    ['all at once, in any order', custody(), [done('arrest-decided', 4), done('arrest-requested', 3), done('detained', 1)], []],
    ['a longer term again', custody(done('detained', 1), done('request-extended', 2, { term: '7-days' })), [done('request-extended', 3, { term: '30-days' })], []],
    ['before any detention', custody(), [done('questioned', 2)], ['须先填报执行拘留']],
    ['earlier than the detention', detained, [done('questioned', 0)], ['不能早于执行拘留的时间']],
    ['earlier than the reported detention', { reportedAt: at(5), confirmed: {} }, [done('questioned', 2)], ['不能早于执行拘留的时间']],
    ['the same again', detained, [done('detained', 2)], ['该节点已经确认']],
    ['not carried out after all', detained, [done('not-carried-out', 2)], ['已执行羁押的，不能再填未执行']],
    ['a decision that nobody requested', detained, [done('arrest-decided', 3)], ['须先填报提请批准逮捕']],
    ['a decision before its request', custody(done('detained', 1), done('arrest-requested', 3)), [done('arrest-decided', 2)], ['不能早于提请批准逮捕的时间']],
    ['a longer term after the request', custody(done('detained', 1), done('arrest-requested', 3)), [done('request-extended', 4, { term: '7-days' })], ['已提请批准逮捕，不能再延长提请期限']],
  ])('%s', (_, before, milestones, expected) => {
    expect(milestoneErrors(before, milestones).map(e => e.detail)).toEqual(expected.map(detail => expect.stringMatching(new RegExp(`^已完成节点第 \\d 项：${detail}$`))))
  })
})

describe('custody in a case', () => {
  let t: ReportTest
  beforeAll(async () => { t = await startReportTest() })
  afterAll(() => t?.close())

  const detained = async (hours: number, change: Change = {}) => t.file({ detainedAt: ago(hours), ...change })
  const end = async (c: Awaited<ReturnType<typeof detained>>) => {
    if (!c.types().some(type => type === 'task-claimed')) await c.complete('impact-review', 'office-1', { opinion: 'agree', text: '同意。' })
    await c.onCase('cancel', 'office-1', { reason: '测试结束。' })
  }

  it('asks on for what is not yet confirmed, under the same deadline', async () => {
    const c = await detained(2)
    const [first] = await c.rounds('custody-milestones')
    await c.confirm({ 'family-notified': 1 })
    const again = (await c.rounds('custody-milestones')).at(-1)!
    expect(again).toMatchObject({ status: 'claimed', holderId: 'economic-crime-1', context: { awaiting: ['detention-house', 'questioned'] }, dueAt: first!.dueAt })
    expect(again.deadline).toMatchObject({ clock: { n: 24, unit: 'hour', custody: true }, startAt: expect.stringMatching(/\+08:00$/) })
    expect(Date.parse(again.deadline.startAt)).toBe(Date.parse(String((await c.state()).file.application.detainedAt)))
    await end(c)
  })

  it('takes any milestone in any round, and ends the round that waits for nothing any more', async () => {
    const c = await detained(2)
    await c.confirm({ 'detention-house': 1, 'family-notified': 1, 'questioned': 1 }, { awaiting: 'arrest-requested' })
    const rounds = await c.rounds('custody-milestones')
    expect(rounds.map(r => [r.context!.awaiting, r.status])).toEqual([
      [['detention-house', 'family-notified', 'questioned'], 'cancelled'], [['arrest-requested'], 'completed'], [['arrest-requested'], 'claimed'],
    ])
    await end(c)
  })

  it('goes on under the longer term once it is confirmed', async () => {
    const c = await detained(2)
    const clocks = async () => (await c.rounds('custody-milestones')).filter(r => r.status === 'claimed').map(r => [r.deadline.clock.n, r.deadline.clock.unit])
    expect(await clocks()).toEqual([[24, 'hour'], [3, 'day']])
    await c.confirm({ 'request-extended': { doneAt: ago(1), term: '7-days' } })
    expect(await clocks()).toEqual(expect.arrayContaining([[24, 'hour'], [7, 'day']]))
    await c.confirm({ 'request-extended': { doneAt: ago(0.5), term: '30-days' } })
    expect(await clocks()).toEqual(expect.arrayContaining([[24, 'hour'], [30, 'day']]))
    await c.confirm({ released: 0.1 })
    expect(await c.waiting()).toEqual(['impact-review.1', 'legal-review.1'])
    await end(c)
  })

  it('refuses a milestone out of order; nothing changes', async () => {
    const c = await detained(2)
    const before = c.events().length
    await expect(c.confirm({ questioned: 3 })).rejects.toThrow('bad-form')
    await expect(c.confirm({ 'arrest-decided': 1 })).rejects.toThrow('bad-form')
    await expect(c.confirm({ 'not-carried-out': 1 })).rejects.toThrow('bad-form')
    expect(c.events().length).toBe(before)
    await end(c)
  })

  it('follows a correction of the time of detention', async () => {
    const c = await detained(2)
    await c.onCase('amend', 'economic-crime-1', { changes: { detainedAt: ago(5) }, reason: '更正。' })
    expect((await c.rounds('custody-milestones')).filter(r => r.status === 'claimed').map(r => Math.round((Date.now() - Date.parse(r.deadline.startAt)) / 3_600_000))).toEqual([5, 5])
    await end(c)
  })

  it('notes and shows a limit of law that was exceeded, though it was confirmed at once', async () => {
    const c = await detained(30)
    await c.confirm({ 'detention-house': 20, 'family-notified': 1, 'questioned': 20 })
    expect((await c.state()).file.facts.custody).toMatchObject({ card: 'yellow', milestones: [
      { milestone: 'detention-house', dueAt: expect.any(String) }, { milestone: 'family-notified', late: '超过法定羁押期限' }, { milestone: 'questioned' },
    ] })
    await end(c)
  })

  it('goes by the longer term, and by the request for the decision, when it looks for what was exceeded', async () => {
    const c = await detained(24 * 20)
    await c.confirm({ 'request-extended': { doneAt: ago(24 * 19), term: '7-days' }, 'arrest-requested': 24 * 14, 'arrest-decided': 24 * 3 })
    const { milestones } = (await c.state()).file.facts.custody as { milestones: { milestone: string, late?: string }[] }
    expect(milestones.map(m => [m.milestone, m.late !== undefined])).toEqual([['request-extended', false], ['arrest-requested', false], ['arrest-decided', true]])
    await end(c)
  })

  it('notes what was left undone when the release came after its limit', async () => {
    const c = await detained(24 * 5)
    await c.confirm({ 'detention-house': 24 * 5 - 2, 'released': 1 })
    const { milestones } = (await c.state()).file.facts.custody as { milestones: { milestone: string, late?: string }[] }
    expect(milestones.filter(m => m.late).map(m => m.milestone)).toEqual(['family-notified', 'questioned', 'arrest-requested'])
    await end(c)
    const quick = await detained(5)
    await quick.confirm({ released: 1 })
    expect((await quick.state()).file).toMatchObject({ card: 'none' })
    await end(quick)
  })

  it('notes a detention that did not wait for its decision', async () => {
    const c = await t.file()
    await c.review()
    await c.decide('agree')
    await c.confirm(wholeCustody)
    expect((await c.state()).file).toMatchObject({ card: 'yellow', facts: { custody: { early: '先于决定执行羁押' } } })
    await c.complete('follow-up', 'office-1', { findings: '生产正常。' })
    expect(await c.result()).toMatchObject({ outcome: 'agreed' })
  })
})
