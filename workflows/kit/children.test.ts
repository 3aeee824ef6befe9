import { fileURLToPath } from 'node:url'
import type { Client } from '@temporalio/client'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createCaseEngine, type CaseEngine } from '../../api/temporal.ts'
import { stageTitle } from '../../api/views/views.ts'
import { whoIs } from '../../db/directory/directory.ts'
import { allocate } from '../../db/record/allocation.ts'
import { appendEvents, findCase, toEvent } from '../../db/record/record.ts'
import { findBreak } from '../../model/chain.ts'
import { isLive } from '../../model/state.ts'
import { resumeCase } from '../../engine/resume.ts'
import { policy } from '../../test/probe/policy.ts'
import { addProbe } from '../../test/probe/procedure.ts'
import { startSystem, type TestSystem } from '../../test/system.ts'

let system: TestSystem
let client: Client
let engine: CaseEngine
let parent = ''
let child = ''
let count = 0
beforeAll(async () => {
  addProbe()
  const workflowsPath = fileURLToPath(new URL('../../test/probe/workflow.ts', import.meta.url))
  system = await startSystem({ workflows: { workflowsPath, bundlerOptions: { preloadModules: [workflowsPath] } } })
  client = system.client
  engine = createCaseEngine(client, system.taskQueue)
})
afterAll(() => system?.close())

// Each test begins with a case that waits for one which it has opened.
beforeEach(async () => {
  parent = `XX-9${++count}`
  await file(parent, [['child'], ['two']])
  child = (await fileOf(parent)).links[0]!.caseNo
  await expect.poll(async () => (await tasksOf(child)).map(t => t.name), { timeout: 10_000 }).toEqual(['one'])
})

const file = (caseNo: string, steps: string[][]) =>
  engine.startCase(policy, { caseNo, application: { steps }, title: '试验', applicant: 'ent-01-contact', filedBy: { id: 'ent-01-contact', unit: null }, enterpriseId: 'ent-01' })
const fileOf = async (caseNo: string) => (await findCase(system.db.pool, caseNo))!.file
const tasksOf = async (caseNo: string) => (await findCase(system.db.pool, caseNo))?.tasks.filter(isLive) ?? []
const eventsOf = async (caseNo: string) => (await system.db.pool.query('SELECT to_jsonb(e) AS e FROM case_event e WHERE case_no = $1 ORDER BY seq', [caseNo])).rows.map(row => toEvent(row.e))
const resume = (caseNo: string) => resumeCase(system.db, client, system.taskQueue, caseNo)
const terminate = (caseNo: string) => client.workflow.getHandle(caseNo).terminate('by mistake')
const cancel = (caseNo: string) => engine.decideCase(caseNo, 'cancel', { key: `cancel ${caseNo}`, actor: { id: 'office-1', unit: 'office' }, form: { reason: '重复立案。' } })

async function complete(caseNo: string, name: string) {
  await expect.poll(async () => (await tasksOf(caseNo)).map(t => t.name), { timeout: 10_000 }).toContain(name)
  const task = (await tasksOf(caseNo)).find(t => t.name === name)!
  const who = await whoIs(system.db.pool, name === 'one' ? 'economic-crime-1' : 'traffic-1')
  await allocate(system.db, 'claim', caseNo, task.id, { who, key: `claim ${task.id}`, hash: '', form: {} })
  await engine.decideTask(caseNo, 'complete', { key: `complete ${task.id}`, actor: { id: who.id, unit: who.unit }, taskId: task.id, form: {} })
}
const completeChild = async () => {
  await complete(child, 'one')
  await complete(child, 'two')
}
/** The parent goes on, to its end; nothing that was recorded was recorded twice. */
async function parentGoesOn() {
  await complete(parent, 'two')
  await expect.poll(async () => (await fileOf(parent)).outcome, { timeout: 10_000 }).toBe('done')
  const events = await eventsOf(parent)
  expect(events.map(e => e.type)).toEqual(['case-opened', 'linked', 'wait-begun', 'wait-ended', 'task-opened', 'task-claimed', 'task-completed', 'case-closed'])
  expect(findBreak(events)).toBeNull()
}

test('a case that waits for another says so, until the record has its end', async () => {
  const waiting = await fileOf(parent)
  expect(waiting).toMatchObject({ stage: 'wait', waits: [{ id: child, text: `等待试验案件 ${child} 办结` }] })
  expect(stageTitle({ roles: [] }, waiting)).toBe(`等待试验案件 ${child} 办结`)
  const handle = client.workflow.getHandle(parent)
  expect(JSON.stringify(await handle.query('__temporal_workflow_metadata'))).toContain(`等待试验案件 ${child} 办结`)
  expect((await handle.describe()).searchAttributes.Stage).toEqual(['wait'])
  expect((await fileOf(child)).links).toEqual([{ caseNo: parent, kind: 'parent' }])
  await completeChild()
  await expect.poll(async () => (await fileOf(parent)).stage, { timeout: 10_000 }).toBe('two')
  expect((await fileOf(parent)).waits).toEqual([])
  await parentGoesOn()
})

test('one that waits for an instant says until when, and for what', async () => {
  const caseNo = `XX-8${count}`
  await file(caseNo, [['later']])
  const waiting = await fileOf(caseNo)
  expect(stageTitle({ roles: [] }, waiting)).toMatch(/^等待回访日（\d{4}-\d\d-\d\d \d\d:\d\d）$/)
  await cancel(caseNo)
  await expect.poll(async () => (await fileOf(caseNo)).outcome, { timeout: 10_000 }).toBe('cancelled')
})

test('a terminated parent is resumed beside its living child, and hears of its end', async () => {
  await terminate(parent)
  expect(await resume(parent)).toMatchObject({ started: true, recorded: [] })
  await completeChild()
  await parentGoesOn()
})

test('a parent that was gone when its child ended finds that in the record', async () => {
  await terminate(parent)
  await completeChild()
  await expect.poll(async () => (await fileOf(child)).status, { timeout: 10_000 }).toBe('closed')
  await resume(parent)
  await parentGoesOn()
})

test('a terminated child is resumed alone; its parent waits on', async () => {
  await complete(child, 'one')
  await terminate(child)
  expect(await resume(child)).toMatchObject({ started: true, recorded: [] })
  await complete(child, 'two')
  await parentGoesOn()
})

test('of both terminated each is resumed alone, whichever comes first', async () => {
  const order = count % 2 ? [parent, child] : [child, parent]
  for (const caseNo of order) await terminate(caseNo)
  for (const caseNo of order.toReversed()) expect(await resume(caseNo)).toMatchObject({ started: true, recorded: [] })
  await completeChild()
  await parentGoesOn()
})

test('a child whose end never reached its running parent is told of when that is resumed', async () => {
  await terminate(child)
  await appendEvents(system.db, child, 'lost', () => [{ type: 'case-closed', actor: null, data: { outcome: 'done', result: null } }])
  expect(await resume(parent)).toMatchObject({ started: false, caughtUp: true })
  await parentGoesOn()
})

test('when a parent is cancelled or withdrawn its child ends too, and the record says why', async () => {
  await cancel(parent)
  await expect.poll(async () => (await fileOf(child)).outcome, { timeout: 10_000 }).toBe('cancelled')
  await expect.poll(async () => (await fileOf(child)).status, { timeout: 10_000 }).toBe('closed')
  const told = (await eventsOf(child)).find(e => e.type === 'cancellation-ordered')!
  expect(told).toMatchObject({ actor: null, data: { reason: `主案 ${parent} 已撤销，本案随之撤销。` } })
  expect(await tasksOf(child)).toEqual([])
})

test('a child that was gone when its parent was withdrawn ends when it is resumed', async () => {
  await terminate(child)
  await engine.decideCase(parent, 'withdraw', { key: `withdraw ${parent}`, actor: { id: 'ent-01-contact' }, form: {} })
  await expect.poll(async () => (await fileOf(parent)).status, { timeout: 10_000 }).toBe('closed')
  expect((await fileOf(child)).status).toBe('open')
  await resume(child)
  await expect.poll(async () => (await fileOf(child)).status, { timeout: 10_000 }).toBe('closed')
  expect((await eventsOf(child)).find(e => e.type === 'cancellation-ordered')!.data).toEqual({ reason: `主案 ${parent} 已撤回，本案随之撤销。` })
})

test('what cannot be resumed is not said to be', async () => {
  // As a fault in a procedure would have it: it comes to a step that it cannot run.
  const caseNo = `XX-7${count}`
  await appendEvents(system.db, caseNo, 'step/1', () => [{
    type: 'case-opened', actor: { id: 'ent-01-contact' },
    data: { procedure: 'probe', title: '试验', restricted: false, applicantId: 'ent-01-contact', enterpriseId: 'ent-01', channel: null, application: { steps: [['until'], ['no such word']] }, deadline: null },
  }])
  await resume(caseNo).catch(() => {})
  await expect.poll(() => resume(caseNo).then(() => 'resumed', (e: Error) => e.message), { timeout: 20_000 }).toContain('its workflow task fails again and again')
  await terminate(caseNo)
})

test('a first step that is the applicant\'s opens, and is the applicant\'s', async () => {
  const caseNo = `XX-6${count}`
  await file(caseNo, [['mine']])
  expect((await tasksOf(caseNo)).map(t => [t.name, t.holderId])).toEqual([['mine', 'ent-01-contact']])
  await cancel(caseNo)
})
