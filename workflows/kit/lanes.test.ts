import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCaseEngine, type CaseEngine } from '../../api/temporal.ts'
import { viewCase, viewTask } from '../../api/views/views.ts'
import { viewEvents } from '../../api/views/event-view.ts'
import { whoIs } from '../../db/directory/directory.ts'
import { listDocuments } from '../../db/lists/documents.ts'
import { listCases, listEvents, listTasks } from '../../db/lists/search.ts'
import { allocate } from '../../db/record/allocation.ts'
import { findCase } from '../../db/record/record.ts'
import { verifyRecord } from '../../db/record/verify.ts'
import { resumeCase } from '../../engine/resume.ts'
import { judgeTask, sightOf } from '../../model/actions.ts'
import { seenBy } from '../../model/lanes.ts'
import { isLive } from '../../model/state.ts'
import type { Facts, Party } from '../../model/types.ts'
import { policy } from '../../test/probe/policy.ts'
import { addProbe } from '../../test/probe/procedure.ts'
import { startSystem, type TestSystem } from '../../test/system.ts'

let system: TestSystem
let engine: CaseEngine
let count = 0
beforeAll(async () => {
  addProbe()
  const workflowsPath = fileURLToPath(new URL('../../test/probe/workflow.ts', import.meta.url))
  system = await startSystem({ workflows: { workflowsPath, bundlerOptions: { preloadModules: [workflowsPath] } } })
  engine = createCaseEngine(system.client, system.taskQueue)
})
afterAll(() => system?.close())

const pearls: Party = { id: 'pearls', name: '示例珍珠', kind: 'enterprise', enterprise: 'ent-02' }
const pipes: Party = { id: 'pipes', name: '示例管业', kind: 'enterprise', enterprise: 'ent-03' }
const traffic: Party = { id: 'traffic', name: '交警大队', kind: 'unit', unit: 'traffic' }
const vehicle: Party = { id: 'vehicle-1', name: '第一辆车', kind: 'item' }

const who = (id: string) => whoIs(system.db.pool, id)
const read = async (caseNo: string) => (await findCase(system.db.pool, caseNo))!
const live = async (caseNo: string) => (await findCase(system.db.pool, caseNo))?.tasks.filter(isLive) ?? []
const settled = (caseNo: string, n: number) => expect.poll(async () => (await live(caseNo)).length, { timeout: 20_000 }).toBe(n)

async function file(parties: Party[], steps = [['lanes']]): Promise<string> {
  const caseNo = `XX-8${String(++count).padStart(3, '0')}`
  // Filed by an officer: a case of the office, of no enterprise's.
  await engine.startCase(policy, { caseNo, application: { steps, parties } as unknown as Facts, title: '试验', applicant: 'economic-crime-1', filedBy: { id: 'economic-crime-1', unit: 'economic-crime' }, enterpriseId: null })
  await settled(caseNo, parties.length)
  return caseNo
}

async function complete(caseNo: string, taskId: string, by: string, form: Facts = {}): Promise<void> {
  const person = await who(by)
  const task = (await read(caseNo)).tasks.find(t => t.id === taskId)!
  if (task.status === 'open') await allocate(system.db, 'claim', caseNo, taskId, { who: person, key: `claim ${taskId} ${by}`, hash: '', form: {} })
  await engine.decideTask(caseNo, 'complete', { key: `complete ${taskId}`, actor: { id: by, unit: person.unit }, taskId, form })
}

/** Has `show` said: the enterprise parties see the case. */
const shown = [['show'], ['lanes']]

describe('lanes', () => {
  it('have rounds, stage and holder each of its own, and the case goes on when all have ended', async () => {
    const caseNo = await file([pearls, traffic, vehicle])
    const { tasks, file: { parties, stage } } = await read(caseNo)
    expect(tasks.map(t => [t.id, t.party, t.unitId, t.holderId])).toEqual(expect.arrayContaining([
      [`${caseNo}.reply.pearls.1`, 'pearls', 'party', 'ent-02-contact'], [`${caseNo}.theirs.traffic.1`, 'traffic', 'traffic', null], [`${caseNo}.one.vehicle-1.1`, 'vehicle-1', 'economic-crime', null],
    ]))
    expect(parties.map(p => [p.id, p.stage, p.closed])).toEqual([['pearls', 'reply', false], ['traffic', 'theirs', false], ['vehicle-1', 'one', false]])
    expect(stage.split('+').sort()).toEqual(['one', 'reply', 'theirs'])

    await complete(caseNo, `${caseNo}.reply.pearls.1`, 'ent-02-contact', { again: true })
    await expect.poll(async () => (await live(caseNo)).map(t => t.id)).toContain(`${caseNo}.reply.pearls.2`)
    expect((await live(caseNo)).find(t => t.party === 'traffic')!.round).toBe(1)
    await complete(caseNo, `${caseNo}.reply.pearls.2`, 'ent-02-contact', { says: '已知悉' })
    await expect.poll(async () => (await read(caseNo)).file.parties.find(p => p.id === 'pearls')).toMatchObject({ closed: true, stage: '' })
    await complete(caseNo, `${caseNo}.theirs.traffic.1`, 'traffic-1', { says: '已办' })
    await complete(caseNo, `${caseNo}.one.vehicle-1.1`, 'economic-crime-1', { says: '已验' })
    await expect.poll(async () => (await read(caseNo)).file.status).toBe('closed')
    const { facts } = (await read(caseNo)).file
    expect(facts).toMatchObject({ 'answers': ['已知悉', '已办', '已验'], 'asked.pearls': { of: '示例珍珠' } })
  })

  it('end with the others when enough have ended; what still waits is cancelled', async () => {
    const caseNo = await file([pearls, pipes], [['firstLane'], ['two']])
    await complete(caseNo, `${caseNo}.reply.pipes.1`, 'ent-03-contact')
    await expect.poll(async () => (await live(caseNo)).map(t => t.name)).toEqual(['two'])
    const { tasks, file: { parties } } = await read(caseNo)
    expect(tasks.find(t => t.party === 'pearls')).toMatchObject({ status: 'cancelled' })
    expect(parties.map(p => p.closed)).toEqual([true, true])
  })

  it('are brought back from the record half done, and nothing is recorded twice', async () => {
    const caseNo = await file([pearls, pipes, vehicle])
    await complete(caseNo, `${caseNo}.reply.pearls.1`, 'ent-02-contact', { again: true })
    await expect.poll(async () => (await live(caseNo)).map(t => t.id)).toContain(`${caseNo}.reply.pearls.2`)
    await complete(caseNo, `${caseNo}.one.vehicle-1.1`, 'economic-crime-1', { says: '已验' })
    await system.client.workflow.getHandle(caseNo).terminate('lost')
    await resumeCase(system.db, system.client, system.taskQueue, caseNo)
    await complete(caseNo, `${caseNo}.reply.pipes.1`, 'ent-03-contact', { says: '收到' })
    await complete(caseNo, `${caseNo}.reply.pearls.2`, 'ent-02-contact', { says: '知悉' })
    await expect.poll(async () => (await read(caseNo)).file.status, { timeout: 20_000 }).toBe('closed')
    const events = await listEvents(system.db.pool, caseNo)
    const { facts } = (await read(caseNo)).file
    expect(facts.answers).toEqual(['知悉', '收到', '已验'])
    expect(events.filter(e => e.type === 'task-opened').map(e => e.data.task).sort()).toEqual([`${caseNo}.one.vehicle-1.1`, `${caseNo}.reply.pearls.1`, `${caseNo}.reply.pearls.2`, `${caseNo}.reply.pipes.1`])
    expect(events.filter(e => e.type === 'party-left')).toHaveLength(3)
  })

  it('take two decisions at one instant, each in its own', async () => {
    const caseNo = await file([pearls, pipes])
    await Promise.all([complete(caseNo, `${caseNo}.reply.pearls.1`, 'ent-02-contact', { says: '甲' }), complete(caseNo, `${caseNo}.reply.pipes.1`, 'ent-03-contact', { says: '乙' })])
    await expect.poll(async () => (await read(caseNo)).file.status).toBe('closed')
    expect((await read(caseNo)).file.facts.answers).toEqual(['甲', '乙'])
  })

  it('of two hundred parties open together, and stand again after a loss', async () => {
    const caseNo = await file(Array.from({ length: 200 }, (_, i): Party => ({ id: `v-${i + 1}`, name: `第 ${i + 1} 辆`, kind: 'item' })))
    await system.client.workflow.getHandle(caseNo).terminate('lost')
    await resumeCase(system.db, system.client, system.taskQueue, caseNo)
    await complete(caseNo, `${caseNo}.one.v-200.1`, 'economic-crime-1', { says: '已验' })
    await expect.poll(async () => (await read(caseNo)).file.parties.filter(p => p.closed).map(p => p.id)).toEqual(['v-200'])
    await engine.decideCase(caseNo, 'cancel', { key: `cancel ${caseNo}`, actor: { id: 'office-1', unit: 'office' }, form: { reason: '测试结束。' } })
    await expect.poll(async () => (await read(caseNo)).file.status).toBe('closed')
    expect((await verifyRecord(system.db, new Date(Date.now() + 60_000))).findings.filter(f => f.caseNo === caseNo)).toEqual([])
  }, 60_000)
})

describe('a party', () => {
  it('sees what is its own and nothing of the others, not even that there are any', async () => {
    const caseNo = await file([pearls, pipes, traffic], shown)
    await system.db.pool.query('SELECT 1')
    const state = await read(caseNo)
    const [pearl, pipe] = [await who('ent-02-contact'), await who('ent-03-contact')]
    expect([pearl, pipe, await who('ent-01-contact'), await who('office-1')].map(one => sightOf(one, state.file, state.tasks))).toEqual(['lane', 'lane', 'none', 'all'])

    const seen = seenBy(pearl, state)!
    const view = await viewCase(system.db.pool, pearl, seen, await listDocuments(system.db.pool, pearl, caseNo))
    const events = await viewEvents(system.db.pool, pearl, seen, await listEvents(system.db.pool, caseNo))
    for (const text of [JSON.stringify(view), JSON.stringify(events)]) for (const other of ['ent-03', 'pipes', '示例管业', 'traffic', '交警']) expect(text, other).not.toContain(other)
    expect(view).toMatchObject({ parties: [{ id: 'pearls' }], enterprise: null, application: {}, facts: {}, links: [] })
    expect(view.tasks.map(t => [t.id, t.party, t.actions.map(a => a.name)])).toEqual([[`${caseNo}.reply.pearls.1`, { id: 'pearls', name: '示例珍珠' }, ['complete']]])
    expect(events.map(e => e.type)).toEqual(['task-opened'])

    expect((await listCases(system.db.pool, pearl, { limit: 50 })).map(c => c.caseNo)).toContain(caseNo)
    expect((await listCases(system.db.pool, pearl, { limit: 50, unit: 'economic-crime' })).map(c => c.caseNo)).not.toContain(caseNo)
    const mine = (await listTasks(system.db.pool, pearl, { view: 'mine', limit: 50 })).tasks.filter(t => t.task.caseNo === caseNo)
    expect(mine.map(t => [t.task.id, t.file.parties.map(p => p.id)])).toEqual([[`${caseNo}.reply.pearls.1`, ['pearls']]])
  })

  it('that is an enterprise has any of its contacts do it, by name; nobody of another', async () => {
    await system.db.pool.query(`INSERT INTO person (id, sub, name, enterprise_id, roles) VALUES ('ent-02-second', 'ent-02-second', '示例珍珠 联系人乙', 'ent-02', '{enterprise}') ON CONFLICT DO NOTHING`)
    const caseNo = await file([pearls, pipes], shown)
    const { file: f, tasks } = await read(caseNo)
    const task = tasks.find(t => t.party === 'pearls')!
    const judged = async (id: string) => judgeTask('complete', await who(id), f, task, {})?.code ?? null
    expect([await judged('ent-02-second'), await judged('ent-03-contact'), await judged('economic-crime-1')]).toEqual([null, 'not-permitted', 'not-permitted'])
    expect(await viewTask(system.db.pool, await who('ent-02-second'), { state: { file: f, tasks }, task })).toMatchObject({ party: { id: 'pearls' }, holder: { id: 'ent-02-contact' } })
    await complete(caseNo, task.id, 'ent-02-second', { says: '代为答复' })
    await expect.poll(async () => (await read(caseNo)).tasks.find(t => t.id === task.id)).toMatchObject({ status: 'completed', completedBy: 'ent-02-second' })
  })
})
