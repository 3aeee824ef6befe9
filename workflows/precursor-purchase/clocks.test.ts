import { describe, expect, it } from 'vitest'
import type { TestCase } from '../../test/procedure.ts'
import { isLive } from '../../model/state.ts'
import { policy } from './policy.ts'
import { approve, askToSupplement, buyerOf, ether, found, fresh, hits, HOUR, item, report, rungs, setUp, toluene, withdraw } from './test-purchase.ts'

const p = setUp()

describe('24 hours', () => {
  const nextHolidayNight = async () => {
    const year = new Date(await p.t.env.currentTimeMs()).getUTCFullYear()
    const night = (y: number) => new Date(`${y}-09-30T22:00:00+08:00`)
    return night(year).getTime() > await p.t.env.currentTimeMs() ? night(year) : night(year + 1)
  }

  it('are natural hours, over the night before National Day: reminders at 12 and 20, yellow at 24, red at 26, to the bureau leader, too', async () => {
    await p.t.skipTo(await nextHolidayNight())
    const c = await p.file()
    const { openedAt, dueAt } = (await c.state()).file
    expect(dueAt!.getTime() - openedAt.getTime()).toBe(24 * HOUR)
    await p.t.skip('3 days')
    expect(rungs(c, 'case', openedAt)).toEqual([['reminded', 12], ['reminded', 20], ['yellow-card', 24], ['red-card', 26], ['leader-alerted', 26]])
    expect((await c.state()).file).toMatchObject({ status: 'open', stage: 'examine', card: 'red' })
    expect(c.types()).not.toContain('document-issued')
    await approve(c)
    await report(c)
    await c.result()
    expect((await c.state()).file.card).toBe('red')
    await c.keepHistory('overdue-then-certified')
  })

  it('are kept with the certificate: the thirty days of the report are not counted against them', async () => {
    const c = await p.file()
    await p.t.skip('1 hour')
    await approve(c)
    const { file: kept } = await c.state()
    expect(kept.deadline!.keptAt).toBeDefined()
    expect(kept.dueAt).toEqual((await c.task('usage-report')).dueAt)
    await p.t.skip('10 days')
    expect(rungs(c, 'case', kept.openedAt)).toEqual([])
    expect((await c.state()).file.card).toBe('none')
    await report(c)
  })
})

describe('supplement', () => {
  it('stops the clock, and lets it run on with what remained', async () => {
    const c = await p.file({ items: [item(ether, 1)] })
    const { openedAt } = (await c.state()).file
    await p.t.skip('6 hours')
    await askToSupplement(c)
    expect((await c.state()).file).toMatchObject({ status: 'paused', stage: 'supplement' })
    await p.t.skip('3 days')
    expect(rungs(c, 'case', openedAt)).toEqual([])
    await c.complete('supplement', buyerOf(c), { text: '已盖章。' })
    const { file: resumed } = await c.state()
    expect(resumed.status).toBe('open')
    expect(Math.round((resumed.dueAt!.getTime() - openedAt.getTime()) / HOUR)).toBe(24 + 72)
    await p.t.skip('7 hours')
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
    const c = await p.file()
    await askToSupplement(c)
    await c.complete('supplement', buyerOf(c), { text: '已盖章。' })
    await expect(askToSupplement(c)).rejects.toThrow('bad-form')
    await withdraw(c)
  })

  it('looks again at the rules when it comes in', async () => {
    const licence = { no: '1', validUntil: new Date(await p.t.env.currentTimeMs() + 5 * 24 * HOUR).toISOString().slice(0, 10) }
    const c = await p.file({ licence })
    expect(await hits(c)).toEqual(['licence-expiring:risk'])
    await askToSupplement(c)
    await p.t.skip('7 days')
    await c.complete('supplement', buyerOf(c), { text: '已盖章。' })
    expect(await hits(c)).toEqual(['licence-expired:refuse'])
    await withdraw(c)
  })

  it('reminds, and lapses after ten workdays without a card', async () => {
    const c = await p.file()
    await askToSupplement(c)
    const { id, dueAt, createdAt } = await c.task('supplement')
    expect(dueAt.getTime() - createdAt.getTime()).toBeGreaterThanOrEqual(12 * 24 * HOUR)
    await p.t.skipTo(dueAt)
    expect(rungs(c, id, createdAt).map(([rung]) => rung)).toEqual(['reminded'])
    expect(await c.result()).toEqual({ outcome: 'lapsed', result: { reasons: ['合法使用需要证明未盖章。'] } })
    expect((await c.state()).file.card).toBe('none')
  })

  it('does not stop a card when the time was already up', async () => {
    const c = await p.file()
    const { openedAt } = (await c.state()).file
    await p.t.skip('25 hours')
    await askToSupplement(c)
    await p.t.skip('3 hours')
    expect(rungs(c, 'case', openedAt)).toEqual([['reminded', 12], ['reminded', 20], ['yellow-card', 24], ['red-card', 26], ['leader-alerted', 26]])
    await withdraw(c)
  })
})

describe('deadlines of the steps', () => {
  it.each(['examine', 'second-examine'] as const)('%s: two hours; reminder, yellow, red after two more, leader after one more', async (name) => {
    const c = await p.file({ items: [item(ether, 1)] })
    if (name === 'second-examine') await approve(c)
    const { id, createdAt } = await c.task(name)
    await p.t.skip('6 hours')
    expect(rungs(c, id, createdAt)).toEqual([['reminded', 1.6], ['yellow-card', 2], ['red-card', 4], ['leader-alerted', 5]])
    expect((await c.state()).tasks.find(isLive)).toMatchObject({ name, card: 'red' })
    await withdraw(c)
  })

  it('usage-report: thirty days; two reminders, yellow when due, red and leader a week of workdays later each; the case stays open until it is reported', async () => {
    const c = await p.file()
    await approve(c)
    const { id, createdAt, dueAt } = await c.task('usage-report')
    const days = (dueAt.getTime() - createdAt.getTime()) / 24 / HOUR
    expect(days).toBeGreaterThanOrEqual(29)
    await p.t.skip('80 days')
    const reached = rungs(c, id, createdAt)
    expect(reached.map(([rung]) => rung)).toEqual(['reminded', 'reminded', 'yellow-card', 'red-card', 'leader-alerted'])
    expect(Math.abs(reached[2]![1] / 24 - days)).toBeLessThan(0.1)
    expect((await c.state()).file).toMatchObject({ status: 'open', card: 'red' })
    await report(c)
    expect(await c.result()).toMatchObject({ outcome: 'approved' })
  })
})

describe('certificate', () => {
  const content = (c: TestCase) => c.find('document-issued')[0]!.data.content as { validFrom: string, validUntil: string, mode: string }
  const monthsBetween = ({ validFrom: a, validUntil: b }: { validFrom: string, validUntil: string }) => (Number(b.slice(0, 4)) - Number(a.slice(0, 4))) * 12 + Number(b.slice(5, 7)) - Number(a.slice(5, 7))

  it('for single use is valid for a month from the day of issue in Shanghai, and the applicant is told', async () => {
    const c = await p.file()
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
    const c = await p.file({ mode: 'multiple' })
    await expect(approve(c)).rejects.toThrow('bad-form')
    await approve(c, 'anti-drug-1', { cleanYearConfirmed: true })
    await c.complete('second-examine', 'anti-drug-2', { agree: true })
    expect(monthsBetween(content(c))).toBe(6)
    await report(c)
  })

  it('for multiple use follows from a clean year on record', async () => {
    const enterprise = fresh()
    await p.bought(enterprise)
    await p.t.skip('364 days')
    const early = await p.file({ mode: 'multiple' }, enterprise)
    expect(await hits(early)).toEqual(['clean-year:risk'])
    await withdraw(early)
    await p.t.skip('2 days')
    const c = await p.file({ mode: 'multiple' }, enterprise)
    expect(await hits(c)).toEqual([])
    await approve(c)
    expect(monthsBetween(content(c))).toBe(6)
    await report(c)
  })

  it('for multiple use is refused while a report is missing, and for a year after a late one', async () => {
    const enterprise = fresh()
    await p.bought(enterprise)
    await p.t.skip('365 days')
    const owing = await p.file({}, enterprise)
    await approve(owing)
    await p.t.skipTo((await owing.task('usage-report')).dueAt)
    const c = await p.file({ mode: 'multiple' }, enterprise)
    expect(await hits(c)).toEqual(['usage-report-missing:refuse'])
    await expect(approve(c)).rejects.toThrow('bad-form')
    await withdraw(c)
    const single = await p.file({}, enterprise)
    expect(await hits(single)).toEqual(['usage-report-late:info'])
    await withdraw(single)
    await report(owing)
    const late = await p.file({ mode: 'multiple' }, enterprise)
    expect(await hits(late)).toEqual(['breach-within-year:refuse'])
    await withdraw(late)
    await p.t.skip('365 days')
    const clean = await p.file({ mode: 'multiple' }, enterprise)
    expect(await hits(clean)).toEqual([])
    await withdraw(clean)
  })
})

describe('earlier purchases', () => {
  const large = { items: [item(toluene, 900)] }

  it('count by enterprise, person and address, open or certified', async () => {
    const enterprise = fresh()
    await p.bought(enterprise, large)
    expect(await splitWith({}, enterprise)).toEqual(['同一企业'])
    const buyerAt = { name: '示例 经办人', idNumber: 'X0000001' }
    const byPerson = await p.file({ ...large, buyer: buyerAt })
    expect(await splitWith({ buyer: { ...buyerAt, name: '示例 另一写法' } })).toEqual(['同一经办人'])
    expect(await splitWith({ deliverTo: (await byPerson.state()).file.application.deliverTo })).toEqual(['同一收货地址'])
    await withdraw(byPerson)
  })

  it('do not count when they were withdrawn or rejected', async () => {
    const enterprise = fresh()
    await withdraw(await p.file(large, enterprise))
    await (await p.file(large, enterprise)).complete('examine', 'anti-drug-1', { decision: 'reject', reason: '材料不实。' })
    expect(await splitWith({}, enterprise)).toEqual([])
  })

  it('count when they were certified, though cancelled afterwards', async () => {
    const enterprise = fresh()
    const c = await p.file(large, enterprise)
    await approve(c)
    await c.onCase('cancel', 'office-1', { reason: '证明作废。' })
    expect(await splitWith({}, enterprise)).toEqual(['同一企业'])
  })

  it('without an enterprise are not those of one another', async () => {
    const one = await p.byIndividual({ items: [item(toluene, 900)] })
    const two = await p.byIndividual({ items: [item(toluene, 900)] })
    expect(await hits(two)).toEqual([])
    for (const c of [one, two]) await c.onCase('withdraw', 'desk-1', {})
  })

  /** What joins a purchase of 200 kg more with earlier ones into a split one. */
  async function splitWith(more: object, enterpriseId?: string) {
    const c = await p.file({ items: [item(toluene, 200)], ...more }, enterpriseId)
    await withdraw(c)
    return (await found(c)).filter(hit => hit.rule === 'splitting').map(hit => hit.explanation.split(' ')[0])
  }
})

it('spares the bureau leader when the red card was acknowledged, where an administrator leaves time for that', async () => {
  p.t.override('', { ladder: { ...policy.ladder, leader: { n: 1, unit: 'hour' } } })
  const c = await p.file()
  const { openedAt } = (await c.state()).file
  await p.t.skip('26.5 hours')
  await c.onCase('acknowledge-case-card', 'office-1', {})
  await p.t.skip('1 day')
  expect(rungs(c, 'case', openedAt).map(([rung]) => rung)).toEqual(['reminded', 'reminded', 'yellow-card', 'red-card'])
  await withdraw(c)
})
