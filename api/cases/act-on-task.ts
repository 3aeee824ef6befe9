/** Actions on a task: checked against the read tables first, so that refusals are fast, and again by whoever records them. */
import { whoIs } from '../../db/directory/directory.ts'
import { ALLOCATIONS, allocate, type Allocation } from '../../db/record/allocation.ts'
import { isLive, type CaseState, type TaskRow } from '../../model/state.ts'
import { findCase, readCase } from '../../db/record/record.ts'
import { findForm, getProcedure } from '../../workflows/catalogue.ts'
import { judgeTask, maySee, sightOf, taskRelations, type TaskAction, type Who } from '../../model/actions.ts'
import type { FieldError } from '../../workflows/kit/check-forms.ts'
import type { Facts } from '../../model/types.ts'
import { taskPolicyOf } from './allowed-actions.ts'
import { Problem, problem } from '../http/errors.ts'
import { parseForm } from '../http/parse-form.ts'
import { checkReferences } from './references.ts'
import type { ApiDeps, ChangeRequest } from './requests.ts'
import { metNoWorkflow } from '../temporal.ts'
import { noteAccess } from './visible-case.ts'

/** A task in its case. */
export interface TaskInCase { state: CaseState, task: TaskRow }

/** A task's id begins with the number of its case. */
export const caseNoOf = (taskId: string): string => taskId.split('.')[0]!

/** The task of that id in a case as it stands. @throws Problem `not-found` */
export function getTaskIn(state: CaseState | null, id: string): TaskInCase {
  const task = state?.tasks.find(t => t.id === id)
  if (!state || !task) throw problem('not-found')
  return { state, task }
}

/** Whoever may see the case, do the task or assign it may know of it. */
export function mayKnow(who: Who, { state: { file, tasks }, task }: TaskInCase): boolean {
  if (maySee(who, file, tasks)) return true
  const is = taskRelations(who, file, task)
  if (who.roles.includes('enterprise')) return is.has('holder') && (task.party !== null || (sightOf(who, file, tasks) === 'window' && task.holderId === who.id))
  return is.has('holder') || is.has('candidate') || is.has('leader') || is.has('answerable')
}

const isAllocation = (name: TaskAction): name is Allocation => (ALLOCATIONS as readonly string[]).includes(name)

/** Takes an action on a task and answers with the task as it then is; a repeat under the same key changes nothing. @throws Problem */
export async function actOnTask(deps: ApiDeps, who: Who, id: string, action: TaskAction, request: ChangeRequest): Promise<TaskInCase> {
  const { key, hash, body } = request
  const caseNo = caseNoOf(id)
  const { read, done, found, refusal } = await look(deps, who, id, action, request)
  // A decision that is recorded but whose Update may have been lost with a server is sent again: the procedure must hear of it.
  if (done && isAllocation(action)) return found
  // Whatever stands against it: the reason would tell that there is such a task.
  if (!done && refusal && !isBarred(refusal) && isSecret(who, found)) await noteAccess(deps, who, found.state, 'action', false)
  if (!done && refusal) throw refusal

  const form = done ? parseForm(findForm(found.task.procedure, found.task.name, action)!, body) as Facts : await readForm(deps, who, found, action, body)
  try {
    if (isAllocation(action)) return getTaskIn((await allocate(deps.db, action, caseNo, id, { who, key, hash, form }, read)).state, id)
    await deps.engine.decideTask(caseNo, action, { key, actor: { id: who.id, unit: who.unit }, requestHash: hash, taskId: id, form })
  } catch (e) {
    if (!(e instanceof Problem)) throw e
    // The record knows better: the request was taken after all, or something stands against it by now. Without an answer it is
    // not acknowledged, though recorded: the client's repeat makes sure that the procedure has it.
    const now = await look(deps, who, id, action, request)
    const unheard = e.code === 'workflow-unavailable' && !(metNoWorkflow(e) && now.found.state.file.status === 'closed')
    if (!now.done) throw (e.code === 'workflow-unavailable' && now.refusal) || e
    if (unheard) throw e
  }
  return getTaskIn(await findCase(deps.db.pool, caseNo), id)
}

/** The task as it stands; whether this very request was recorded before; if not, what stands against it. @throws Problem */
async function look({ db }: ApiDeps, who: Who, id: string, action: TaskAction, { key, hash }: ChangeRequest) {
  const read = await readCase(db.pool, caseNoOf(id), key)
  const { state, seen } = read
  const found = getTaskIn(state, id)
  if (seen && seen.requestHash !== hash) throw problem('idempotency-key-reused')
  const refusal = judgeTask(action, who, found.state.file, found.task, taskPolicyOf(found.task))
  const code = refusal?.code === 'task-closed' && isOutdated(found) ? 'stale-round' : refusal?.code
  return { read, done: seen !== null, found, refusal: code && problem(code, code === refusal?.code ? refusal.message : undefined) }
}

/** Whether the same task is open in a later round. */
const isOutdated = ({ state, task }: TaskInCase) => state.tasks.some(t => isLive(t) && t.name === task.name && t.round > task.round)

/** Whoever has to keep out of a case or a step knows why. */
const isBarred = ({ code }: Problem) => code === 'conflict-of-interest' || code === 'four-eyes'

/** Somebody outside is not told that an enterprise's or a restricted case exists. */
const isSecret = (who: Who, found: TaskInCase) => (who.roles.includes('enterprise') || found.state.file.restricted) && !mayKnow(who, found)

/** The form as it is kept, checked by itself, against the directory and against the case. @throws Problem */
export async function readForm(deps: ApiDeps, who: Who, { state, task }: TaskInCase, action: TaskAction, body: unknown): Promise<Facts> {
  const schema = findForm(task.procedure, task.name, action)
  if (!schema) throw problem('action-not-allowed')
  const form = parseForm(schema, body) as Facts
  await checkReferences(deps.db.pool, schema, form, { enterpriseId: state.file.enterpriseId, outwards: who.roles.includes('enterprise') })
  const errors = await caseErrors(deps, state, task, action, form)
  if (errors.length > 0) throw problem('bad-form', undefined, { errors })
  return form
}

/** What is wrong with a form as the case stands. */
async function caseErrors({ db, rules }: ApiDeps, state: CaseState, { procedure, name, deadline }: TaskRow, action: TaskAction, form: Facts): Promise<FieldError[]> {
  const rule = getProcedure(procedure).formRules?.[name]
  if (action === 'complete') return await rule?.(form, { state, at: new Date(), ...await rules(procedure), who: id => whoIs(db.pool, id) }) ?? []
  if (action === 'extend' && form.unit !== deadline.clock.unit) return [{ pointer: '/unit', detail: '单位：延期的计时单位必须与原时限一致' }]
  if (action === 'return' && !getProcedure(procedure).policy.tasks[name]?.returnsTo?.includes(String(form.to))) return [{ pointer: '/to', detail: '退回到哪一环节：不能退回到该环节' }]
  return []
}
