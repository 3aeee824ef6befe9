import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeCalendar } from '../../clock/calendar.ts'
import { readCalendarFile } from '../../clock/calendar-file.ts'
import { planDeadline } from '../../clock/deadline.ts'
import { shanghaiDate, toIso } from '../../model/instants.ts'
import { startProcedureTest, type ProcedureTest, type TestCase } from '../../test/procedure.ts'
import { policy } from './policy.ts'
import { file, upTo } from './test-repair.ts'

let t: ProcedureTest
beforeAll(async () => { t = await startProcedureTest() })
afterAll(() => t?.close())

const calendar = makeCalendar(readCalendarFile().years)
/** The end of the n-th workday after an instant, as the calendar alone has it. */
const workdaysAfter = (n: number, at: Date) => planDeadline({ n, unit: 'workday', source: '' }, toIso(at), calendar).dueAt
const now = async () => new Date(await t.env.currentTimeMs())
/** Skips to noon of the n-th workday from now. */
const skipWorkdays = async (n: number) => t.skipTo(`${workdaysAfter(n, await now()).slice(0, 10)}T12:00:00+08:00`)

const finish = (c: TestCase) => c.onCase('cancel', 'office-1', { reason: '测试结束。' })
const caseDueAt = async (c: TestCase) => (await c.state()).file.deadline!.dueAt
/** Rungs that a clock (`case`, or a task's id) has reached, in their order. */
const rungs = (c: TestCase, clock: string) => c.events().flatMap(e =>
  ['reminded', 'yellow-card', 'red-card', 'leader-alerted'].includes(e.type) && (e.data as { clock: string }).clock === clock ? [[e.type, e.at] as const] : [])

describe('each task', () => {
  it.each([['accept', 3], ['verify', 3], ['review', 2], ['decide', 2], ['objection-review', 5]])('%s has %i workdays, and climbs its ladder when nobody acts', async (task, n) => {
    const c = await upTo(await file(t), task)
    const { id, createdAt, dueAt, deadline } = await c.task(task)
    expect(deadline.dueAt).toBe(workdaysAfter(n, createdAt))
    await t.skip('30 days')
    const reached = rungs(c, id)
    expect(reached.map(([type]) => type)).toEqual(['reminded', 'yellow-card', 'red-card', 'leader-alerted'])
    const [reminded, yellow, red, leader] = reached.map(([, at]) => at.getTime())
    expect(reminded).toBeLessThan(dueAt.getTime())
    expect(Math.abs(yellow! - dueAt.getTime())).toBeLessThan(60_000)
    expect(Math.abs(red! - Date.parse(workdaysAfter(2, dueAt)))).toBeLessThan(60_000)
    expect(leader).toBeGreaterThan(red!)
    expect((await c.task(task)).card).toBe('red')
    await finish(c)
  })

  it.each(['supplement', 'objection'])('%s, which the enterprise may do but need not, is reminded of once and shown no card', async (task) => {
    const c = await upTo(await file(t), task === 'supplement' ? 'accept' : task)
    if (task === 'supplement') await c.complete('accept', 'legal-1', { decision: 'supplement', missing: '验收意见书' })
    const { id, dueAt } = await c.task(task)
    await t.skipTo(dueAt)
    await expect.poll(async () => (await c.state()).file.status).toBe('closed')
    expect(rungs(c, id).map(([type]) => type)).toEqual(['reminded'])
    expect((await c.state()).file.card).toBe('none')
  })

  it('does not trouble the bureau leader when the red card was acknowledged in time', async () => {
    const c = await file(t)
    const { id } = await c.task('accept')
    while (!rungs(c, id).some(([type]) => type === 'red-card')) await t.skip('6 hours')
    await c.act('acknowledge-card', 'accept', 'office-1')
    await t.skip('6 days')
    expect(rungs(c, id).map(([type]) => type)).not.toContain('leader-alerted')
    await finish(c)
  })
})

describe('the whole case', () => {
  it('has ten workdays and a ladder of its own', async () => {
    const c = await file(t)
    expect(await caseDueAt(c)).toBe(workdaysAfter(10, (await c.state()).file.openedAt))
    await t.skip('45 days')
    expect(rungs(c, 'case').map(([type]) => type)).toEqual(['reminded', 'yellow-card', 'red-card', 'leader-alerted'])
    await finish(c)
  })

  it('has twenty from its start when 法制 finds it complex', async () => {
    const c = await file(t)
    await skipWorkdays(1)
    await c.complete('accept', 'legal-1', { decision: 'accept', complex: true })
    expect(await caseDueAt(c)).toBe(workdaysAfter(20, (await c.state()).file.openedAt))
    expect((await c.state()).file.deadline!.clock).toEqual(policy.clock.complex)
    await finish(c)
  })

  it('stands still while the supplement waits, and goes on with what remained', async () => {
    const c = await file(t)
    await skipWorkdays(2)
    await c.complete('accept', 'legal-1', { decision: 'supplement', missing: '验收意见书' })
    const paused = await now()
    await skipWorkdays(6)
    await c.complete('supplement', 'ent-01-contact', { text: '已补齐。' })
    expect(await caseDueAt(c)).toBe(workdaysAfter(8, await now()))
    expect((await c.state()).file.deadline!.pauses).toEqual([{ from: expect.stringContaining(shanghaiDate(paused)), to: expect.stringContaining(shanghaiDate(await now())), reason: '等待申请人补正材料', movedDays: 8 }])
    expect((await c.task('accept')).deadline.dueAt).toBe(workdaysAfter(3, await now()))

    await c.complete('accept', 'legal-2', { decision: 'accept', complex: true })
    expect(await caseDueAt(c), 'the pause counts for the complex clock as well').toBe(workdaysAfter(18, await now()))
    await finish(c)
  })

  it('shows no card for the time in which the clock stood still', async () => {
    const c = await file(t)
    await c.complete('accept', 'legal-1', { decision: 'supplement', missing: '验收意见书' })
    const before = new Date(await caseDueAt(c))
    t.override('supplement', { clock: { n: 30, unit: 'workday', source: '[C] 测试' } })
    await skipWorkdays(9)
    await c.complete('supplement', 'ent-01-contact', { text: '已补齐。' })
    await c.complete('accept', 'legal-2', { decision: 'accept' })
    await t.skipTo(before)
    expect(rungs(c, 'case')).toEqual([])
    await t.skipTo(await caseDueAt(c))
    expect(rungs(c, 'case').map(([type]) => type)).toEqual(['reminded', 'yellow-card'])
    await finish(c)
  })

  it('is kept with the decision: waiting for an objection and reviewing it are not held against it', async () => {
    const c = await upTo(await file(t), 'objection')
    expect((await c.state()).file.deadline!.keptAt).toBeDefined()
    await skipWorkdays(4)
    await c.complete('objection', 'ent-01-contact', { object: true, grounds: '已整改。' })
    await t.skip('40 days')
    expect(rungs(c, 'case')).toEqual([])
    await finish(c)
  })
})
