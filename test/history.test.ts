import { WithStartWorkflowOperation } from '@temporalio/client'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { allocate } from '../db/record/allocation.ts'
import { hashOf } from '../model/chain.ts'
import { whoIs } from '../db/directory/directory.ts'
import { isLive } from '../model/state.ts'
import { findCase } from '../db/record/record.ts'
import { freePort } from '../scripts/servers/ports.ts'
import { startTemporal, type TemporalServer } from '../scripts/servers/temporal.ts'
import type { Facts } from '../model/types.ts'
import { opened, taskUpdate } from '../workflows/kit/updates.ts'
import { startSystem, type TestSystem } from './system.ts'

const WORKFLOW_TASK_COMPLETED = 7
const LONG = 30
let server: TemporalServer
let system: TestSystem

beforeAll(async () => {
  // A server that finds histories long early: a case of two rounds is continued in a second run.
  server = await startTemporal({
    port: await freePort(), logFile: join(import.meta.dirname, '../.anxin/test/history-server.log'), dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': LONG },
  })
  system = await startSystem({ temporalAddress: server.address })
})
afterAll(async () => {
  await system?.close()
  await server?.stop()
})

type Step = [task: string, by: string, form: object]
const accept = { decision: 'accept', unit: 'economic-crime', complexity: 'ordinary' }
const answered = (handler: string, rating: string): Step[] => [['handle', handler, { result: '已办理' }], ['reply', handler, { reply: '已答复' }], ['rate', 'ent-01-contact', { rating }]]

/** Runs an appeal by its steps, each claimed in the database and decided by an Update. */
async function run(caseNo: string, steps: Step[]) {
  const { client } = system.temporal
  const application = { kind: 'help', subject: '测试', description: '测试', contact: { name: '联系人', phone: '0575-00000001' } }
  const input = { caseNo, title: '测试', application, applicant: 'ent-01-contact', filedBy: { id: 'ent-01-contact' }, enterpriseId: 'ent-01' }
  const startWorkflowOperation = new WithStartWorkflowOperation('enterpriseAppeal', { workflowId: caseNo, taskQueue: system.taskQueue, workflowIdConflictPolicy: 'FAIL', args: [input] })
  await client.workflow.executeUpdateWithStart(opened, { startWorkflowOperation, args: [] })
  return goOn(caseNo, steps)
}

async function goOn(caseNo: string, steps: Step[]) {
  const { client } = system.temporal
  for (const [name, by, form] of steps) {
    const task = (await findCase(system.db.pool, caseNo))!.tasks.find(t => t.name === name && isLive(t))!
    const who = await whoIs(system.db.pool, by)
    if (task.holderId !== by) await allocate(system.db, 'claim', caseNo, task.id, { who, key: `claim/${task.id}`, hash: '', form: {} })
    const key = `complete/${task.id}`
    await client.workflow.getHandle(caseNo).executeUpdate(taskUpdate('complete'), { updateId: key, args: [{ key, actor: { id: by, unit: who.unit }, requestHash: hashOf(form), taskId: task.id, form: form as Facts }] })
  }
  return client.workflow.getHandle(caseNo)
}

it('spends one workflow task for each human decision, plus one to open the case', async () => {
  const steps: Step[] = [['triage', 'desk-1', accept], ...answered('economic-crime-1', 'satisfied')]
  const handle = await run('EA-1', steps)
  expect(await handle.result()).toMatchObject({ outcome: 'resolved' })
  const { events } = await handle.fetchHistory()
  expect(events!.filter(e => e.eventType === WORKFLOW_TASK_COMPLETED)).toHaveLength(steps.length + 1)
})

it('continues a long case in a fresh history between two rounds, and forgets nothing', async () => {
  const rework: Step = ['return-visit', 'office-1', { findings: '未落实。', rework: true }]
  await run('EA-2', [['triage', 'desk-1', accept], ...answered('economic-crime-1', 'dissatisfied'), rework])
  // The new run opens the next round in its own first workflow task, a moment after the decision was answered.
  const again = async () => (await findCase(system.db.pool, 'EA-2'))!.tasks.find(t => t.name === 'handle' && isLive(t))
  await expect.poll(again, { timeout: 10_000 }).toMatchObject({ round: 2, notBy: ['economic-crime-1'] })
  const { events } = await system.temporal.client.workflow.getHandle('EA-2').fetchHistory()
  expect(events![0]!.workflowExecutionStartedEventAttributes!.continuedExecutionRunId).toBeTruthy()

  const who = await whoIs(system.db.pool, 'economic-crime-1')
  await expect(allocate(system.db, 'claim', 'EA-2', (await again())!.id, { who, key: 'again', hash: '', form: {} })).rejects.toMatchObject({ code: 'four-eyes' })
})

it('does not forget in the fresh history that the case was overdue', async () => {
  const setClock = (task: string) => system.db.pool.query(`INSERT INTO policy_override (procedure, task, patch, reason, changed_by) VALUES ('enterprise-appeal', $1, '{"clock":{"n":1,"unit":"second","source":"[C]"}}', 'x', 'admin-1')`, [task])
  const file = async () => (await findCase(system.db.pool, 'EA-3'))!
  const waits = async (name: string, round: number) => expect.poll(async () => (await file()).tasks.some(t => t.name === name && t.round === round && isLive(t)), { timeout: 20_000 }).toBe(true)
  await setClock('triage')
  const handle = await run('EA-3', [])
  await expect.poll(async () => (await file()).file.card, { timeout: 20_000 }).toBe('yellow')
  await goOn('EA-3', [['triage', 'desk-1', accept], ...answered('economic-crime-1', 'dissatisfied'), ['return-visit', 'office-1', { findings: '未落实。', rework: true }]])
  await waits('handle', 2)
  await setClock('rate')
  await goOn('EA-3', [['handle', 'economic-crime-2', { result: '已办理' }], ['reply', 'economic-crime-2', { reply: '已答复' }]])
  await waits('return-visit', 2)
  await goOn('EA-3', [['return-visit', 'office-1', { findings: '已落实。', rework: false }]])
  expect(await handle.result()).toMatchObject({ outcome: 'resolved', result: { rating: null, findings: '已落实。' } })
})
