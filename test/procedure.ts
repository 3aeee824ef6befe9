/**
 * Runs procedures with skipped time: the real workflows and case activities over a record in memory and the sample
 * organisation. Time is one for all cases of an environment, so tests go one after the other and skip it themselves.
 */
import { WithStartWorkflowOperation, WorkflowUpdateFailedError, type Workflow, type WorkflowHandle } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import { historyToJSON } from '@temporalio/common/lib/proto-utils'
import { Worker } from '@temporalio/worker'
import { expect } from 'vitest'
import { createCaseActivities, type CaseDeps } from '../activities/case.ts'
import { createEngine } from '../engine/cases.ts'
import { mkdir, writeFile } from 'node:fs/promises'
import { makeCalendar } from '../clock/calendar.ts'
import { readCalendarFile } from '../clock/calendar-file.ts'
import { hashOf } from '../model/chain.ts'
import type { CaseEvent, EventType } from '../model/events.ts'
import { movesOf, stepOf } from '../model/journey.ts'
import { documentsOf, isLive, type CaseState, type TaskRow } from '../model/state.ts'
import { override } from '../db/rules/rules.ts'
import { organisation } from '../db/seed/organisation.ts'
import { judgeTask, mayWithdraw, type Who } from '../model/actions.ts'
import { getProcedure, titleFor, partsOf, workflowName } from '../workflows/catalogue.ts'
import { findUnreadable } from '../workflows/kit/check-forms.ts'
import type { Facts } from '../model/types.ts'
import type { Picture } from '../model/policy.ts'
import type { Decision } from '../workflows/kit/types.ts'
import { caseUpdate, opened, taskUpdate, type CASE_UPDATES, type TASK_UPDATES } from '../workflows/kit/updates.ts'
import { createMemoryStore } from './memory-store.ts'
import { createTimeSkippingEnv } from './time-skipping.ts'
import { WORKFLOWS } from '../workflows/bundle-options.ts'

type TaskUpdate = (typeof TASK_UPDATES)[number]
type CaseUpdate = (typeof CASE_UPDATES)[number]

export type ProcedureTest = Awaited<ReturnType<typeof startProcedureTest>>
export type TestCase = Awaited<ReturnType<ProcedureTest['file']>>

/** A person of the sample organisation, as the rules see it; or `contact of` an enterprise of the test's own. */
export function sampleWho(id: string): Who {
  const [, enterprise] = /^contact of (.+)$/.exec(id) ?? []
  if (enterprise !== undefined) return { id, unit: null, enterprise, roles: ['enterprise'], standsInFor: [] }
  const p = organisation.people.find(p => p.id === id)
  return { id, unit: p?.unit ?? null, enterprise: p?.enterprise ?? null, roles: p?.roles ?? [], standsInFor: [] }
}

const refuse = async () => { throw new Error('no engine in this test') }
/** For tests of activities in which no case is started and none told of another. */
export const NO_ENGINE: CaseDeps['engine'] = { startCase: refuse, tellLater: refuse, tellOfChild: refuse, tellOfParent: refuse }

/** For tests that look at no document: time is skipped, and what is kept in memory has no files. */
export const NO_PRESS: CaseDeps['press'] = { prepare: refuse, preview: refuse, draft: refuse, check: async () => {} }

/** Boots an environment; `close` it after the file's tests. */
export async function startProcedureTest() {
  const env = await createTimeSkippingEnv()
  const store = createMemoryStore(() => env.currentTimeMs())
  const calendar = makeCalendar(readCalendarFile().years)
  const overrides: Parameters<typeof override>[1] = []
  let onDuty: string | null = null
  let caseCount = 0
  const deps: CaseDeps = {
    store,
    rules: async key => ({ policy: override(getProcedure(key).policy, overrides), calendar }),
    who: async id => sampleWho(id),
    unitName: async id => organisation.units.find(u => u.id === id)?.name ?? id,
    onDuty: async () => onDuty,
    members: async units => new Map(units.map(unit => [unit, organisation.people.filter(p => p.unit === unit)])),
    contact: async enterprise => organisation.enterprises.find(e => e.id === enterprise)?.contact ?? null,
    press: { ...NO_PRESS, prepare: async () => async () => ({ title: '', pdf: Buffer.from('') }) },
    engine: createEngine(env.client, 'anxin'),
    nextCaseNo: async key => `${getProcedure(key).policy.code}-${++caseCount}`,
  }
  const worker = await Worker.create({
    connection: env.nativeConnection, taskQueue: 'anxin', activities: createCaseActivities(deps),
    ...WORKFLOWS,
  })
  const running = worker.run()

  return {
    env, store,
    /** Lays a policy override over a procedure's task (`''`: the case). */
    override(task: string, patch: object) { overrides.push({ task, patch }) },
    setOnDuty(id: string | null) { onDuty = id },
    /** Skips time; timers in between fire. Takes milliseconds or `'3 days'`. */
    skip: (time: number | string) => env.sleep(time as number),
    /** Skips to shortly after an instant. */
    async skipTo(at: Date | string) { await env.sleep(Math.max(1000, new Date(at).getTime() - await env.currentTimeMs() + 1000)) },
    /** Files a case and waits until it is recorded. */
    async file(procedure: string, application: object, by: string, { enterpriseId = sampleWho(by).enterprise }: { enterpriseId?: string | null } = {}) {
      const caseNo = await deps.nextCaseNo(procedure)
      const input = { caseNo, application, title: titleFor(getProcedure(procedure), application as Facts), applicant: by, filedBy: { id: by, unit: sampleWho(by).unit }, enterpriseId }
      const start = () => new WithStartWorkflowOperation(workflowName(procedure), { workflowId: caseNo, taskQueue: 'anxin', workflowIdConflictPolicy: 'USE_EXISTING', args: [input] })
      await env.client.workflow.executeUpdateWithStart(opened, { startWorkflowOperation: start(), args: [] })
      return testCase(env.client.workflow.getHandle(caseNo), caseNo, start)
    },
    /** Throws when a case of this run went from step to step as its procedure's picture does not show, or keeps what people could not read. */
    async close() {
      worker.shutdown()
      await running
      await env.teardown()
      const unseen = store.all().flatMap(({ state, events }) => offPicture(getProcedure(state.file.procedure).picture, events))
      if (unseen.length > 0) throw new Error(`not in the picture: ${[...new Set(unseen)].join(', ')}`)
      const unread = store.all().flatMap(({ state, events }) => unreadable(state, events))
      if (unread.length > 0) throw new Error(`no title or name in shown.ts for: ${[...new Set(unread)].join(', ')}`)
    },
  }

  function testCase(handle: WorkflowHandle, caseNo: string, start: () => WithStartWorkflowOperation<Workflow>) {
    let requests = 0
    const state = async (): Promise<CaseState> => (await store.find(caseNo))!
    /** The live round of a task (the first, where several units have one). */
    const task = async (name: string, unit?: string): Promise<TaskRow> => {
      const { file, tasks } = await state()
      const found = tasks.find(t => t.name === name && isLive(t) && (!unit || t.unitId === unit))
      if (!found) throw new Error(`no live task ${name}; stage ${file.stage}, live: ${tasks.filter(isLive).map(t => t.name)}`)
      return found
    }
    /** Claims like the API does; throws the refusal's code. */
    const claim = async (t: TaskRow, by: string) => {
      if (t.holderId === by) return
      await store.append(caseNo, `claim/${t.id}/${by}/${++requests}`, (before) => {
        const now = before!.tasks.find(x => x.id === t.id)!
        const refusal = judgeTask('claim', sampleWho(by), before!.file, now, { actions: [] })
        if (refusal) throw new Error(refusal.code)
        return [{ type: 'task-claimed', actor: { id: by, unit: sampleWho(by).unit }, data: { task: t.id } }]
      })
    }
    const decision = (name: string, by: string, form: object, taskId?: string) => {
      const key = `${name}/${taskId ?? caseNo}/${by}/${++requests}`
      return { updateId: key, args: [{ key, actor: { id: by, unit: sampleWho(by).unit }, requestHash: hashOf(form), ...(taskId && { taskId }), form: form as Facts }] as [Decision] }
    }
    const send = (name: TaskUpdate, t: TaskRow, by: string, form: object) => handle.executeUpdate(taskUpdate(name), decision(name, by, form, t.id)).catch(rethrowCode)
    return {
      caseNo, handle, state, task, claim, send,
      events: () => store.events(caseNo),
      types: (): EventType[] => store.events(caseNo).map(e => e.type),
      find: <T extends EventType>(type: T) => store.events(caseNo).filter(e => e.type === type) as (CaseEvent & { type: T })[],
      /** Claims (where not held) and completes the live round of a task. */
      async complete(name: string, by: string, form: object, unit?: string) {
        const t = await task(name, unit)
        await claim(t, by)
        return send('complete', t, by, form)
      },
      /** Claims and takes another deciding action: acknowledge, refuse, return, extend. */
      async act(action: TaskUpdate, name: string, by: string, form: object = {}, unit?: string) {
        const t = await task(name, unit)
        if (action !== 'acknowledge-card') await claim(t, by)
        return send(action, t, by, form)
      },
      /** A decision on the whole case: withdraw, cancel, amend. */
      async onCase(action: CaseUpdate, by: string, form: object) {
        const { file, tasks } = await state()
        const isOffered = mayWithdraw(getProcedure(file.procedure).policy, file.application, tasks.filter(isLive).map(task => task.name))
        await handle.executeUpdate(caseUpdate(action), decision(action, by, form)).catch((e: unknown) => {
          // What a page offers the workflow takes.
          if (action === 'withdraw' && file.status !== 'closed') expect(isOffered, 'withdrawal is offered').toBe(false)
          rethrowCode(e)
        })
        if (action === 'withdraw') expect(isOffered, 'withdrawal is not offered').toBe(true)
      },
      /** Loses the workflow and starts it anew on the same record; a decision arrives with the start, before any step is run. */
      async startAnewWith(name: TaskUpdate, t: TaskRow, by: string, form: object) {
        await handle.terminate()
        await env.client.workflow.executeUpdateWithStart(taskUpdate(name), { startWorkflowOperation: start(), ...decision(name, by, form, t.id) }).catch(rethrowCode)
      },
      /** Keeps this run as a golden history of its procedure, when `ANXIN_RECORD_HISTORIES=1`; replayed by every test run. */
      async keepHistory(name: string) {
        if (process.env.ANXIN_RECORD_HISTORIES !== '1') return
        const folder = new URL(`../workflows/${(await state()).file.procedure}/histories/`, import.meta.url)
        await mkdir(folder, { recursive: true })
        await writeFile(new URL(`${name}.json`, folder), historyToJSON(await handle.fetchHistory()))
      },
      /** Waits for the case's end (skipping time as needed) and answers how it ended. */
      result: () => handle.result() as Promise<{ outcome: string, result?: Facts }>,
    }
  }
}

/** The moves that are not in the picture, as `from → to`. */
function offPicture({ paths }: Picture, events: CaseEvent[]): string[] {
  const moves = movesOf(events).map(({ from, to, outcome }) => [from ? stepOf(from) : 'start', outcome ? to : stepOf(to)] as const)
  return moves.filter(([from, to]) => paths[from]?.[to] === undefined).map(move => move.join(' → '))
}

/** What people could not read of a case: facts without a form, fields without a title, ids without a name. */
function unreadable(state: CaseState, events: CaseEvent[]): string[] {
  return partsOf(state, documentsOf(events)).flatMap(({ what, form, fact }) => findUnreadable(form, fact).map(path => `${state.file.procedure} ${what}${path}`))
}

/** A refused Update is thrown as an error whose message is the refusal's code. */
function rethrowCode(e: unknown): never {
  if (e instanceof WorkflowUpdateFailedError && e.cause instanceof ApplicationFailure) throw new Error(e.cause.type ?? 'unknown', { cause: e })
  throw e
}
