/** Actions on a whole case; those that are about one of its tasks are taken on that task. */
import { remark, REMARKS, type Remark } from '../../db/record/allocation.ts'
import { findReceived } from '../../db/record/cases.ts'
import type { NewEvent } from '../../model/events.ts'
import { isLive, type CaseState, type TaskRow } from '../../model/state.ts'
import { appendEvents, findCase, readCase } from '../../db/record/record.ts'
import { findForm } from '../../workflows/catalogue.ts'
import { judgeCase, sightOf, type CaseAction, type Who } from '../../model/actions.ts'
import type { Facts } from '../../model/types.ts'
import { actOnTask } from './act-on-task.ts'
import { taskFor } from './allowed-actions.ts'
import { Problem, problem } from '../http/errors.ts'
import { parseForm } from '../http/parse-form.ts'
import { checkReferences } from './references.ts'
import type { ApiDeps, ChangeRequest } from './requests.ts'
import { metNoWorkflow } from '../temporal.ts'
import { noteAccess } from './visible-case.ts'

const isRemark = (name: CaseAction): name is Remark => (REMARKS as readonly string[]).includes(name)

/** Takes an action on a case and answers with the case as it then is; a repeat under the same key changes nothing. @throws Problem */
export async function actOnCase(deps: ApiDeps, who: Who, caseNo: string, action: CaseAction, request: ChangeRequest): Promise<CaseState> {
  const { key, hash, body } = request
  const { done, state, refusal, decidedTask } = await look(deps, who, caseNo, action, request)
  // A decision that is recorded but whose Update may have been lost with a server is sent again: the procedure must hear of it.
  if (done && (isRemark(action) || action === 'resume')) return state
  if (!done && sightOf(who, state.file, state.tasks) === 'none') await noteAccess(deps, who, state, 'action', false)
  if (!done && refusal) throw refusal

  if (action === 'rate') return (await actOnTask(deps, who, decidedTask ?? getTaskToRate(who, state).id, 'complete', request)).state
  const form = await readForm(deps, who, state, action, body)
  if (action === 'extend') {
    const { task, ...span } = form
    return (await actOnTask(deps, who, decidedTask ?? getTaskNamed(state, String(task)).id, 'extend', { key, hash, body: span })).state
  }
  if (action === 'resume') {
    await deps.engine.resumeCase(deps.db, caseNo)
    const resumed: NewEvent = { type: 'workflow-resumed', actor: { id: who.id, unit: who.unit }, data: {} }
    return (await appendEvents(deps.db, caseNo, key, state => state!.file.haltedAt ? [resumed] : [], hash)).state
  }
  if (isRemark(action)) return (await remark(deps.db, action, caseNo, { who, key, hash, form })).state
  try {
    await deps.engine.decideCase(caseNo, action === 'acknowledge-card' ? 'acknowledge-case-card' : action, { key, actor: { id: who.id, unit: who.unit }, requestHash: hash, form })
  } catch (e) {
    if (!(e instanceof Problem)) throw e
    // The record knows better: the request was taken after all, or something stands against it by now.
    const now = await look(deps, who, caseNo, action, request)
    if (!now.done) throw (e.code === 'workflow-unavailable' && now.refusal) || e
    if (e.code === 'workflow-unavailable' && !(metNoWorkflow(e) && now.state.file.status === 'closed')) throw e
  }
  return (await findCase(deps.db.pool, caseNo))!
}

/** The case as it stands; whether this very request was recorded before; if not, what stands against it. @throws Problem */
async function look({ db }: ApiDeps, who: Who, caseNo: string, action: CaseAction, { key, hash }: ChangeRequest) {
  const { state, seen } = await readCase(db.pool, caseNo, key)
  if (!state) throw problem(await findReceived(db.pool, who.id, caseNo) ? 'being-recorded' : 'not-found')
  if (seen && seen.requestHash !== hash) throw problem('idempotency-key-reused')
  const refusal = judgeCase(action, who, state.file)
  // Rating and extending are decisions on a task: a repeat is about the task that was decided, though another may be open by now.
  const decidedTask = seen && 'task' in seen.data ? seen.data.task : null
  return { done: seen !== null, state, decidedTask, refusal: refusal && problem(refusal.code, refusal.message) }
}

async function readForm({ db }: ApiDeps, who: Who, { file }: CaseState, action: CaseAction, body: unknown): Promise<Facts> {
  const schema = findForm(file.procedure, null, action)
  if (!schema) throw problem('action-not-allowed')
  const form = parseForm(schema, body) as Facts
  await checkReferences(db.pool, schema, form, { enterpriseId: file.enterpriseId, outwards: who.roles.includes('enterprise') })
  if (action === 'link' && form.caseNo === file.caseNo) throw problem('bad-form', undefined, { errors: [{ pointer: '/caseNo', detail: '关联案件编号：不能是本案' }] })
  return form
}

function getTaskToRate(who: Who, { file, tasks }: CaseState): TaskRow {
  const task = taskFor('rate', who, file, tasks)
  if (!task) throw problem('action-not-allowed', '目前没有待您评价的事项。')
  return task
}

/** The live task of that id, or the first of that name. */
function getTaskNamed({ tasks }: CaseState, named: string): TaskRow {
  const task = tasks.find(t => isLive(t) && (t.id === named || t.name === named))
  if (!task) throw problem('bad-form', undefined, { errors: [{ pointer: '/task', detail: '任务：没有正在办理的这项任务' }] })
  return task
}
