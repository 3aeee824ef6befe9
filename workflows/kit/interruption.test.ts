import { setTimeout } from 'node:timers/promises'
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

it('is cancelled at the next reminder when the cancellation is on record but never came back to its workflow; nothing is decided until then', async () => {
  const c = await t.file('enterprise-appeal', appeal, 'ent-01-contact')
  const triage = await c.task('triage')
  await c.claim(triage, 'desk-1')
  await t.store.append(c.caseNo, 'lost', () => [{ type: 'cancellation-ordered', actor: { id: 'office-1', unit: 'office' }, data: { reason: '重复立案。' } }])
  await expect(c.send('complete', triage, 'desk-1', { decision: 'accept', unit: 'economic-crime', complexity: 'ordinary' })).rejects.toThrow('task-closed')
  await t.skipTo(triage.dueAt)
  expect(await c.result()).toEqual({ outcome: 'cancelled' })
  expect(c.types()).toEqual(['case-opened', 'task-opened', 'task-claimed', 'cancellation-ordered', 'case-closed'])
})

it('ends as cancelled when the last step is decided while the cancellation is being recorded', async () => {
  const c = await t.file('enterprise-appeal', appeal, 'ent-01-contact')
  await c.complete('triage', 'desk-1', { decision: 'accept', unit: 'economic-crime', complexity: 'ordinary' })
  await c.complete('handle', 'economic-crime-1', { result: '已调解' })
  await c.complete('reply', 'economic-crime-1', { reply: '已办结' })
  const rate = await c.task('rate')
  // While one decision is being recorded, those that come in wait, and reach the workflow together.
  const { append } = t.store
  t.store.append = async (...args) => (await setTimeout(/^(acknowledge|cancel)/.test(args[1]) ? 500 : 0), append(...args))
  const first = c.onCase('acknowledge-case-card', 'office-1', {})
  await setTimeout(100)
  const [, rated, cancelled] = await Promise.allSettled([first, c.send('complete', rate, 'ent-01-contact', { rating: 'satisfied' }), c.onCase('cancel', 'office-1', { reason: '重复立案。' })])
  t.store.append = append
  expect([rated.status, cancelled.status]).toEqual(['fulfilled', 'fulfilled'])
  expect([await c.result(), (await c.state()).file.outcome]).toEqual([{ outcome: 'cancelled' }, 'cancelled'])
  expect(c.types().slice(-3)).toEqual(['task-completed', 'cancellation-ordered', 'case-closed'])
})
