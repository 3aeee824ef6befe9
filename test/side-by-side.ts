/** Records cases of which two words of the kit run side by side, on a real server and under load, and replays what was recorded. */
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode, DefaultLogger, Worker, type ReplayHistoriesIterable } from '@temporalio/worker'
import { createCaseActivities } from '../activities/case.ts'
import { makeCalendar } from '../clock/calendar.ts'
import { readCalendarFile } from '../clock/calendar-file.ts'
import { organisation } from '../db/seed/organisation.ts'
import { createEngine } from '../engine/cases.ts'
import { hashOf } from '../model/chain.ts'
import { isLive, type TaskRow } from '../model/state.ts'
import type { Facts } from '../model/types.ts'
import type { CaseActivities } from '../workflows/kit/activities.ts'
import { caseUpdate, taskUpdate, type CASE_UPDATES, type TASK_UPDATES } from '../workflows/kit/updates.ts'
import { createMemoryStore } from './memory-store.ts'
import { policy } from './probe/policy.ts'
import { addProbe } from './probe/procedure.ts'
import { sampleWho } from './procedure.ts'
import { createTestNamespace } from './temporal.ts'

const workflowsPath = fileURLToPath(new URL('probe/workflow.ts', import.meta.url))
const TASK_QUEUE = 'side-by-side'

/** How slow an activity is: a little; where `nowAndThen` is given, so long now and then, in ms. */
const slowness = (nowAndThen: number) => Math.random() < 0.005 ? nowAndThen : Math.random() * 40

/**
 * Runs each of these sets of branches so many times, `atOnce` cases at a time; answers what did not end or did not replay. `nowAndThenMs`: how long
 * an activity takes now and then; from 4 s on that is longer than a workflow task may take without a sign of life.
 */
export async function recordAndReplay(sets: string[][], rounds: number, atOnce: number, nowAndThenMs = 40): Promise<string[]> {
  addProbe()
  const temporal = await createTestNamespace()
  const store = createMemoryStore(async () => Date.now())
  const calendar = makeCalendar(readCalendarFile().years)
  let count = 0
  const activities = createCaseActivities({
    store, rules: async () => ({ policy, calendar }), who: async id => sampleWho(id), unitName: async id => id, onDuty: async () => null,
    members: async units => new Map(units.map(unit => [unit, organisation.people.filter(p => p.unit === unit)])), contact: async () => null,
    nextCaseNo: async () => `XX-${++count}`, engine: createEngine(temporal.client, TASK_QUEUE),
    press: { prepare: async () => async () => ({ title: '', pdf: Buffer.from('') }), preview: async () => Buffer.from(''), draft: async () => Buffer.from(''), check: async () => {} },
  })
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, preloadModules: [workflowsPath], logger: new DefaultLogger('WARN') })
  const worker = await Worker.create({ connection: temporal.nativeConnection, namespace: temporal.namespace, taskQueue: TASK_QUEUE, workflowBundle, activities: slowed(activities, nowAndThenMs) })
  const running = worker.run()

  const faults: string[] = []
  const names = new Map<string, string>()
  async function* histories(): ReplayHistoriesIterable {
    for (const workflowId of names.keys()) yield { workflowId, history: await temporal.client.workflow.getHandle(workflowId).fetchHistory() }
  }
  try {
    const todo = sets.flatMap(branches => Array.from({ length: rounds }, () => branches))
    await Promise.all(Array.from({ length: atOnce }, async () => {
      for (let branches = todo.pop(); branches; branches = todo.pop()) {
        const caseNo = `XX-${++count}`
        names.set(caseNo, branches.join(' beside '))
        await runCase(caseNo, branches).catch((e: unknown) => faults.push(`${branches.join(' beside ')}: ${String(e)}`))
      }
    }))
    for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories())) {
      if (error) faults.push(`${names.get(workflowId)}: ${error.message}`)
    }
    return faults
  } finally {
    worker.shutdown()
    await running
    await temporal.close()
  }

  /** Files a case and does whatever waits in it and in those it opened, in any order, until it has ended. */
  async function runCase(caseNo: string, branches: string[]): Promise<void> {
    const filed = { caseNo, application: { steps: [branches] }, title: '试验', applicant: 'ent-01-contact', filedBy: { id: 'ent-01-contact', unit: null }, enterpriseId: 'ent-01' }
    const handle = await temporal.client.workflow.start('probe', { workflowId: caseNo, taskQueue: TASK_QUEUE, workflowTaskTimeout: '5s', args: [filed] })
    let over = false
    const ended = handle.result().finally(() => { over = true })
    const acted = new Set<string>()
    let lastRefusal = ''
    // A workflow task that a busy machine is too slow for is tried again, after a while.
    const deadlineMs = Date.now() + 150_000
    while (!over && Date.now() < deadlineMs) {
      const family = [caseNo, ...(await store.find(caseNo))?.file.links.flatMap(l => l.kind === 'child' ? [l.caseNo] : []) ?? []]
      for (const no of family) for (const task of (await store.find(no))?.tasks ?? []) {
        const shown = task.name === 'hurried' ? task.card === 'red' : task.name !== 'fleeting'
        if (!isLive(task) || !shown || acted.has(task.id)) continue
        acted.add(task.id)
        void act(no, task).catch((e: unknown) => {
          lastRefusal = `${task.id}: ${String(e)} ${String((e as Error).cause)}`
          acted.delete(task.id)
        })
      }
      if (branches.includes('untilUnchanged') && !acted.has('amend') && (await store.find(caseNo))?.tasks.some(isLive)) {
        acted.add('amend')
        void onCase(caseNo, 'amend', { changes: { steps: [branches] }, reason: '变更。' }).catch(() => {})
      }
      await sleep(20)
    }
    const told = [caseNo, ...(await store.find(caseNo))?.file.links.map(l => l.caseNo) ?? []].map(no => `${no}: ${store.events(no).map(e => e.type)}`)
    if (!over) throw new Error(`stands still; ${told.join('; ')}; last refusal ${lastRefusal}`)
    await ended
  }

  async function act(caseNo: string, task: TaskRow): Promise<void> {
    await sleep(Math.random() * 100)
    const by = task.holderId ?? organisation.people.find(p => p.unit === task.unitId && p.roles.includes(task.role) && !task.notBy.includes(p.id))!.id
    // Refused where the matter was decided in the meantime.
    if (task.context?.withdraw && await onCase(caseNo, 'withdraw', {}).then(() => true, () => false)) return
    if (task.holderId === null) await store.append(caseNo, `claim/${task.id}`, () => [{ type: 'task-claimed', actor: { id: by, unit: task.unitId }, data: { task: task.id } }])
    if (task.context?.extend) await send(caseNo, 'extend', task, by, { n: 1, unit: 'workday', reason: '调取材料。' })
    // Sometimes before the extension is decided, sometimes after.
    if (task.context?.extend) await sleep(Math.random() * 400)
    await send(caseNo, 'complete', task, by, task.name === 'approve-extension' ? { approve: Math.random() < 0.5, reason: '属实。' } : {})
  }

  async function send(caseNo: string, name: (typeof TASK_UPDATES)[number], task: TaskRow, by: string, form: Facts): Promise<void> {
    const key = `${name}/${task.id}`
    await temporal.client.workflow.getHandle(caseNo).executeUpdate(taskUpdate(name), { updateId: key, args: [{ key, actor: { id: by, unit: task.unitId }, requestHash: hashOf(form), taskId: task.id, form }] })
  }

  async function onCase(caseNo: string, name: (typeof CASE_UPDATES)[number], form: Facts): Promise<void> {
    await temporal.client.workflow.getHandle(caseNo).executeUpdate(caseUpdate(name), { updateId: `${name}/${caseNo}`, args: [{ key: `${name}/${caseNo}`, actor: { id: 'ent-01-contact' }, form }] })
  }
}

/** Words that are recorded with the next step, all in the same way. */
export const DRAFTED = ['note', 'tell', 'resume', 'chooseClock', 'keepPromise', 'link', 'exclude', 'push', 'flush']

/** Every pair of these, each also beside itself. */
export const pairsOf = (words: string[]): string[][] => words.flatMap((left, i) => words.slice(i).map(right => [left, right]))

const slowed = (activities: CaseActivities, nowAndThenMs: number): CaseActivities => Object.fromEntries(Object.entries(activities).map(([name, run]) => [name, async (...args: never[]) => {
  await sleep(slowness(nowAndThenMs))
  const done = await (run as (...args: never[]) => Promise<unknown>)(...args)
  await sleep(slowness(nowAndThenMs))
  return done
}])) as unknown as CaseActivities
