import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startProcedureTest, type ProcedureTest } from '../../test/procedure.ts'
import { file, keepHistory, today, told } from './test-repair.ts'

let t: ProcedureTest
beforeAll(async () => { t = await startProcedureTest() })
afterAll(() => t?.close())

describe('too early', () => {
  it('is told at once from when on, with reasons; nobody is troubled', async () => {
    const day = await today(t)
    const c = await file(t, { severity: 'general' })
    const { status, outcome, result } = (await c.state()).file
    const { firstDate } = result as { firstDate: string }
    expect({ status, outcome }).toEqual({ status: 'closed', outcome: 'not-yet-eligible' })
    expect(result).toMatchObject({ reminded: false, explanation: expect.arrayContaining([`今天是 ${day}，未满最短公示期`]) })
    expect(told(c)).toEqual(['未到可以申请信用修复之日'])
    expect(c.find('told')[0]!.data.body).toContain(firstDate)
    expect(c.types()).not.toContain('task-opened')
    await t.skipTo(`${firstDate}T12:00:00+08:00`)
    expect(told(c)).toEqual(['未到可以申请信用修复之日'])
  })

  it('is accepted on the first possible day itself', async () => {
    const early = await file(t, { severity: 'general' })
    const { result, application: { decisionNo, decidedOn } } = (await early.state()).file
    const { firstDate } = result as { firstDate: string }
    await t.skipTo(`${firstDate}T00:00:00+08:00`)
    const c = await file(t, { severity: 'general', decisionNo, decidedOn })
    expect((await c.task('accept')).context).toMatchObject({ eligible: true, firstDate })
    await c.onCase('withdraw', 'ent-01-contact', {})
  })

  it('is reminded on the first possible day, when asked for, though the case has long been closed', async () => {
    const c = await file(t, { severity: 'general', remindWhenEligible: true })
    const { outcome, result } = (await c.state()).file
    const { firstDate } = result as { firstDate: string }
    expect({ outcome, result }).toMatchObject({ outcome: 'not-yet-eligible', result: { reminded: true } })
    await keepHistory(c, 'too-early-with-reminder')

    const remindAt = Date.parse(`${firstDate}T09:00:00+08:00`)
    await t.skipTo(new Date(remindAt - 60_000))
    expect(told(c)).toEqual(['未到可以申请信用修复之日'])
    await t.skipTo(new Date(remindAt))
    await expect.poll(() => told(c)).toEqual(['未到可以申请信用修复之日', '可以申请信用修复'])
    expect(c.find('told').at(-1)!.at.getTime()).toBeGreaterThanOrEqual(remindAt)
    expect((await c.state()).file).toMatchObject({ status: 'closed', outcome: 'not-yet-eligible' })
  })

  it('does not keep time from going on for other cases', async () => {
    const before = await t.env.currentTimeMs()
    await t.skip('30 days')
    expect(await t.env.currentTimeMs() - before).toBeGreaterThan(29 * 86_400_000)
  })
})
