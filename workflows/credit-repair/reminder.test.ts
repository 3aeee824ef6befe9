import { afterAll, beforeAll, expect, it } from 'vitest'
import { shanghaiDate } from '../../db/instants.ts'
import { startProcedureTest, type ProcedureTest } from '../../test/procedure.ts'

// In an environment of its own: the time-skipping server skips no more once a child has ended after its parent.
let t: ProcedureTest
beforeAll(async () => { t = await startProcedureTest() })
afterAll(() => t?.close())

it('reminds on the first possible day, when asked to, though the case has long been closed', async () => {
  const c = await t.file('credit-repair', {
    decisionNo: '示例〔2026〕1号', decidedOn: shanghaiDate(new Date(await t.env.currentTimeMs())), decidedBy: 'traffic', severity: 'general',
    dutiesDone: [{ duty: '缴纳罚款', proof: '缴款凭证' }], commitment: true, remindWhenEligible: true,
  }, 'ent-01-contact')
  const told = () => c.find('told').map(e => e.data.title)
  const { outcome, result } = (await c.state()).file
  const { firstDate } = result as { firstDate: string }
  expect({ outcome, result }).toMatchObject({ outcome: 'not-yet-eligible', result: { reminded: true } })
  // Not by waiting for the result, which would skip the months until the reminder.
  await expect.poll(async () => (await c.handle.describe()).status.name).toBe('COMPLETED')
  await c.keepHistory('too-early-with-reminder')

  const remindAt = Date.parse(`${firstDate}T09:00:00+08:00`)
  await t.skipTo(new Date(remindAt - 60_000))
  expect(told()).toEqual(['未到可以申请信用修复之日'])
  await t.skipTo(new Date(remindAt))
  await expect.poll(told).toEqual(['未到可以申请信用修复之日', '可以申请信用修复'])
  expect(c.find('told').at(-1)!.at.getTime()).toBeGreaterThanOrEqual(remindAt)
  expect((await c.state()).file).toMatchObject({ status: 'closed', outcome: 'not-yet-eligible' })
})
