import type { Client } from '@temporalio/client'
import { temporal } from '@temporalio/proto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createCaseEngine, type CaseEngine, type TaskUpdate } from '../api/temporal.ts'
import { allocate } from '../db/record/allocation.ts'
import { findBreak, hashOf } from '../model/chain.ts'
import { whoIs } from '../db/directory/directory.ts'
import { isLive } from '../model/state.ts'
import { appendEvents, findCase, toEvent } from '../db/record/record.ts'
import { startSystem, type TestSystem } from '../test/system.ts'
import { getProcedure } from '../workflows/catalogue.ts'
import { openCases, resumeCase, sendAgain } from './resume.ts'

let system: TestSystem
let client: Client
let engine: CaseEngine
beforeAll(async () => {
  system = await startSystem()
  client = system.client
  engine = createCaseEngine(client, system.taskQueue)
})
afterAll(() => system?.close())

const application = { kind: 'help', subject: '货款被拖欠', description: '客户拖欠货款。', contact: { name: '示例袜业 联系人', phone: '0575-00000001' } }
const filed = { application, title: '货款被拖欠', applicant: 'ent-01-contact', filedBy: { id: 'ent-01-contact', unit: null }, enterpriseId: 'ent-01' }
const accept = { decision: 'accept', unit: 'economic-crime', complexity: 'ordinary' }

const file = (caseNo: string) => engine.startCase(getProcedure('enterprise-appeal').policy, { caseNo, ...filed })
const stageOf = async (caseNo: string) => (await findCase(system.db.pool, caseNo))!.file.stage
async function decisionOn(caseNo: string, name: string, person: string, form: object) {
  const task = (await findCase(system.db.pool, caseNo))!.tasks.find(t => t.name === name && isLive(t))!
  const who = await whoIs(system.db.pool, person)
  if (task.holderId !== person) await allocate(system.db, 'claim', caseNo, task.id, { who, key: `claim ${task.id}`, hash: '', form: {} })
  return { key: `req/${person}/${task.id}`, actor: { id: person, unit: who.unit }, requestHash: hashOf(form), taskId: task.id, form: form as never }
}
const decide = async (caseNo: string, name: string, person: string, form: object, action: TaskUpdate = 'complete') =>
  engine.decideTask(caseNo, action, await decisionOn(caseNo, name, person, form))
const resume = (caseNo: string) => resumeCase(system.db, client, system.taskQueue, caseNo)
const eventsOf = async (caseNo: string) =>
  (await system.db.pool.query('SELECT to_jsonb(e) AS e FROM case_event e WHERE case_no = $1 ORDER BY seq', [caseNo])).rows.map(row => toEvent(row.e))

async function toTheEnd(caseNo: string) {
  await decide(caseNo, 'reply', 'economic-crime-1', { reply: '已办结' })
  await rated(caseNo)
}
async function rated(caseNo: string) {
  await decide(caseNo, 'rate', 'ent-01-contact', { rating: 'satisfied' })
  expect(await client.workflow.getHandle(caseNo).result()).toMatchObject({ outcome: 'resolved' })
  const events = await eventsOf(caseNo)
  expect(findBreak(events)).toBeNull()
  expect(events.filter(e => e.type === 'task-opened').map(e => e.data.task)).toEqual(['triage', 'handle', 'reply', 'rate'].map(name => `${caseNo}.${name}.1`))
}

test('a terminated case goes on where its record is, and nothing is recorded twice', async () => {
  await file('EA-1')
  await decide('EA-1', 'triage', 'desk-1', accept)
  await decide('EA-1', 'handle', 'economic-crime-1', { result: '已调解' })
  const before = await eventsOf('EA-1')
  await client.workflow.getHandle('EA-1').terminate('by mistake')
  expect(await openCases(system.db)).toContain('EA-1')

  expect(await resume('EA-1')).toMatchObject({ started: true, recorded: [] })
  expect(await eventsOf('EA-1')).toEqual(before)
  await toTheEnd('EA-1')
  await expect(resume('EA-1')).rejects.toThrow('closed')
})

test('a case in step with its record is left as it is, its history too', async () => {
  await file('EA-2')
  await decide('EA-2', 'triage', 'desk-1', accept)
  await decide('EA-2', 'handle', 'economic-crime-1', { n: 5, unit: 'workday', reason: '调取材料。' }, 'extend')
  await expect.poll(() => stageOf('EA-2')).toBe('handle')
  const before = await eventsOf('EA-2')
  expect(await resume('EA-2')).toEqual({ started: false, caughtUp: false, recorded: [] })
  expect(await eventsOf('EA-2')).toEqual(before)
})

test('an extension asked for and granted before the case was lost is not asked for again', async () => {
  await file('EA-3')
  await decide('EA-3', 'triage', 'desk-1', accept)
  await decide('EA-3', 'handle', 'economic-crime-1', { n: 5, unit: 'workday', reason: '调取材料。' }, 'extend')
  await expect.poll(async () => (await findCase(system.db.pool, 'EA-3'))!.tasks.some(t => t.name === 'approve-extension')).toBe(true)
  await decide('EA-3', 'approve-extension', 'economic-crime-leader', { approve: true, reason: '属实。' })
  await expect.poll(async () => (await eventsOf('EA-3')).map(e => e.type)).toContain('deadline-extended')
  const before = await eventsOf('EA-3')
  await client.workflow.getHandle('EA-3').terminate('by mistake')

  expect(await resume('EA-3')).toMatchObject({ started: true, recorded: [] })
  expect(await eventsOf('EA-3')).toEqual(before)
  await engine.decideCase('EA-3', 'withdraw', { key: 'withdraw EA-3', actor: { id: 'ent-01-contact' }, form: {} })
  expect(await client.workflow.getHandle('EA-3').result()).toEqual({ outcome: 'withdrawn' })
})

async function reset(caseNo: string, exclude: temporal.api.enums.v1.ResetReapplyExcludeType[] = []) {
  const handle = client.workflow.getHandle(caseNo)
  const { runId } = await handle.describe()
  const { events } = await handle.fetchHistory()
  await client.workflowService.resetWorkflowExecution({
    namespace: system.temporal.namespace, workflowExecution: { workflowId: caseNo, runId }, reason: 'by mistake', requestId: `reset ${caseNo}`,
    workflowTaskFinishEventId: events!.find(e => e.workflowTaskCompletedEventAttributes)!.eventId!, resetReapplyExcludeTypes: exclude,
  })
}

test('a reset case takes the decisions after the reset again, and goes on by itself', async () => {
  await file('EA-4')
  await decide('EA-4', 'triage', 'desk-1', accept)
  await decide('EA-4', 'handle', 'economic-crime-1', { result: '已调解' })
  const before = await eventsOf('EA-4')
  await reset('EA-4')
  expect(await resume('EA-4')).toMatchObject({ started: false, recorded: [] })
  expect(await eventsOf('EA-4')).toEqual(before)
  await toTheEnd('EA-4')
})

test('a case that was reset without its decisions keeps new ones waiting until it is resumed', async () => {
  await file('EA-6')
  await decide('EA-6', 'triage', 'desk-1', accept)
  await decide('EA-6', 'handle', 'economic-crime-1', { result: '已调解' })
  const before = await eventsOf('EA-6')
  await reset('EA-6', [temporal.api.enums.v1.ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_UPDATE])
  const impatient = createCaseEngine(client, system.taskQueue, 500)
  const reply = await decisionOn('EA-6', 'reply', 'economic-crime-1', { reply: '已办结' })
  await expect(impatient.decideTask('EA-6', 'complete', reply)).rejects.toMatchObject({ code: 'workflow-unavailable' })
  expect(await eventsOf('EA-6')).toEqual([...before, expect.objectContaining({ type: 'task-claimed' })])
  expect(await resume('EA-6')).toMatchObject({ started: false, caughtUp: true })
  await engine.decideTask('EA-6', 'complete', reply)
  await rated('EA-6')
})

test('a decision that was recorded, but lost by Temporal before it had taken it, moves the case on', async () => {
  await file('EA-5')
  await decide('EA-5', 'triage', 'desk-1', accept)
  const { key, actor, requestHash, taskId, form } = await decisionOn('EA-5', 'handle', 'economic-crime-1', { result: '已调解' })
  await appendEvents(system.db, 'EA-5', key, () => [{ type: 'task-completed', actor, data: { task: taskId, action: 'complete', form } }], requestHash)
  expect(await resume('EA-5')).toEqual({ started: false, caughtUp: true, recorded: ['task-opened'] })
  await toTheEnd('EA-5')
})

test('a notice whose delivery was interrupted goes back to the outbox, one that is being delivered does not', async () => {
  const insert = (id: string) => system.db.pool.query(`INSERT INTO notice (kind, id, case_no, channel, address, title, body, state, attempt, created_at)
    VALUES ('told', $1, 'EA-1', 'webhook', 'https://receiver.test', '', '', 'sending', 0, now() - interval '1 hour')`, [id])
  await insert('lost')
  await insert('sending')
  await client.workflow.start('deliverNotice', { workflowId: 'notice-sending', taskQueue: 'nobody-polls', args: ['sending'] })
  expect(await sendAgain(system.db, client)).toBe(1)
  expect((await system.db.pool.query(`SELECT id, state, attempt FROM notice WHERE id IN ('lost', 'sending') ORDER BY id`)).rows)
    .toEqual([{ id: 'lost', state: 'pending', attempt: 1 }, { id: 'sending', state: 'sending', attempt: 0 }])
  await client.workflow.getHandle('notice-sending').terminate()
})
