import { WithStartWorkflowOperation } from '@temporalio/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allocate } from '../db/allocation.ts'
import { hashOf } from '../db/chain.ts'
import { whoIs } from '../db/directory.ts'
import { findCase } from '../db/record.ts'
import { opened, taskUpdate } from '../workflows/kit/updates.ts'
import { startSystem, type TestSystem } from './system.ts'

let system: TestSystem
beforeAll(async () => { system = await startSystem() })
afterAll(() => system.close())

test('an appeal from filing to rating', async () => {
  const { client } = system.temporal
  const start = new WithStartWorkflowOperation('enterpriseAppeal', {
    workflowId: 'EA-1', taskQueue: system.taskQueue, workflowIdConflictPolicy: 'USE_EXISTING', staticSummary: 'x',
    args: [{ caseNo: 'EA-1', title: '测试', application: { kind: 'help', subject: '测试', description: 'x', contact: { name: 'a', phone: '12345678' } }, applicant: 'ent-01-contact', filedBy: { id: 'ent-01-contact' }, enterpriseId: 'ent-01' }],
  })
  await client.workflow.executeUpdateWithStart(opened, { startWorkflowOperation: start, args: [] })
  const step = async (name: string, person: string, form: object, claim = true) => {
    const state = (await findCase(system.db.pool, 'EA-1'))!
    const task = state.tasks.find(t => t.name === name && (t.status === 'open' || t.status === 'claimed'))!
    const who = await whoIs(system.db.pool, person)
    if (claim) await allocate(system.db, 'claim', 'EA-1', task.id, { who, key: `claim-${task.id}`, hash: '', form: {} })
    const key = `k-${task.id}`
    await client.workflow.getHandle('EA-1').executeUpdate(taskUpdate('complete'), { updateId: key, args: [{ key, actor: { id: person, unit: who.unit }, requestHash: hashOf(form), taskId: task.id, form: form as never }] })
  }
  await step('triage', 'desk-1', { decision: 'accept', unit: 'economic-crime', complexity: 'ordinary' })
  await step('handle', 'economic-crime-1', { result: 'ok' })
  await step('reply', 'economic-crime-1', { reply: '好' })
  await step('rate', 'ent-01-contact', { rating: 'satisfied' }, false)
  const result = await client.workflow.getHandle('EA-1').result()
  expect(result).toMatchObject({ outcome: 'resolved' })
  const { events } = await client.workflow.getHandle('EA-1').fetchHistory() as { events: { eventType: number }[] }
  console.log('events', events!.length, 'wft', events!.filter(e => e.eventType === 7).length)
  const after = (await findCase(system.db.pool, 'EA-1'))!
  expect(after.file).toMatchObject({ status: 'closed', outcome: 'resolved', rating: 'satisfied' })
})
