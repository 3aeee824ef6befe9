import { afterAll, beforeAll, expect, it } from 'vitest'
import { startProcedureTest, type ProcedureTest } from '../../test/procedure.ts'

let t: ProcedureTest
beforeAll(async () => { t = await startProcedureTest() })
afterAll(() => t?.close())

const appeal = { kind: 'help', subject: '货款被拖欠', description: '客户拖欠货款。', contact: { name: '示例袜业 联系人', phone: '0575-00000001' } }

it('goes on as if nothing had happened when its workflow is cancelled from the Web UI: decisions, extensions and clocks', async () => {
  const c = await t.file('enterprise-appeal', appeal, 'ent-01-contact')
  await c.handle.cancel()
  await c.complete('triage', 'desk-1', { decision: 'accept', unit: 'economic-crime', complexity: 'ordinary' })
  const before = (await c.task('handle')).dueAt
  await c.act('extend', 'handle', 'economic-crime-1', { n: 5, unit: 'workday', reason: '向外地调取材料。' })
  await c.complete('approve-extension', 'economic-crime-leader', { approve: true, reason: '属实。' })
  await expect.poll(async () => (await c.task('handle')).dueAt > before).toBe(true)
  await c.complete('handle', 'economic-crime-1', { result: '已调解' })
  await c.complete('reply', 'economic-crime-1', { reply: '已办结' })
  await t.skipTo((await c.task('rate')).dueAt)
  expect(await c.result()).toMatchObject({ outcome: 'resolved', result: { rating: null } })
})

it('still lets the applicant withdraw after its workflow was cancelled', async () => {
  const c = await t.file('enterprise-appeal', appeal, 'ent-01-contact')
  await c.handle.cancel()
  await c.onCase('withdraw', 'ent-01-contact', {})
  expect(await c.result()).toEqual({ outcome: 'withdrawn' })
})

it('waits for the step a decision is about when the record is ahead of an interrupted workflow', async () => {
  const c = await t.file('enterprise-appeal', appeal, 'ent-01-contact')
  const triage = await c.task('triage')
  await c.claim(triage, 'desk-1')
  await c.startAnewWith('complete', triage, 'desk-1', { decision: 'accept', unit: 'economic-crime', complexity: 'ordinary' })
  await expect(c.send('complete', triage, 'desk-1', {})).rejects.toThrow('task-closed')
  await c.complete('handle', 'economic-crime-1', { result: '已调解' })
  await c.complete('reply', 'economic-crime-1', { reply: '已办结' })
  expect(c.types().filter(type => type === 'task-opened' || type === 'task-completed')).toHaveLength(7)
  await t.skipTo((await c.task('rate')).dueAt)
  expect(await c.result()).toMatchObject({ outcome: 'resolved' })
})
