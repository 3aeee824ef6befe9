/** Lists of tasks, one task, and what may be done with it. */
import { z } from 'zod'
import { ALLOCATIONS, allocate, type Allocation } from '../../db/allocation.ts'
import { asWho, type PersonInOffice } from '../../db/directory.ts'
import type { CaseState, TaskRow } from '../../db/projector.ts'
import { findCase, readCase } from '../../db/record.ts'
import { listTasks, TASK_VIEWS } from '../../db/search.ts'
import { findForm, PROCEDURES } from '../../workflows/catalogue.ts'
import { judgeTask, maySee, taskRelations, type TaskAction, type Who } from '../../workflows/kit/actions.ts'
import type { Facts } from '../../workflows/kit/types.ts'
import { TASK_ACTION_TEXTS, taskPolicyOf } from '../allowed-actions.ts'
import type { Routes } from '../app.ts'
import { page, Paging } from '../cursor.ts'
import { problem } from '../errors.ts'
import { parseForm } from '../parse-form.ts'
import { checkReferences } from '../references.ts'
import { IdempotencyHeader, idempotencyKey, refusing, requestHash, requestKey, type ApiDeps } from '../requests.ts'
import { Task, TaskWithForm } from '../schemas.ts'
import type { TaskUpdate } from '../temporal.ts'
import { viewTask, viewTasks } from '../views.ts'

const Query = z.strictObject({
  view: z.enum(TASK_VIEWS).default('mine').meta({ title: '视图', description: 'mine 我的，candidate 待签收，unit 本单位，overdue 已逾期' }),
  procedure: z.enum([...PROCEDURES.keys()]).meta({ title: '流程' }).optional(),
  card: z.enum(['none', 'yellow', 'red']).meta({ title: '牌' }).optional(),
  ...Paging,
})
const Id = z.strictObject({ id: z.string() })
const IdAndAction = z.strictObject({ id: z.string(), action: z.string() })

/** `/api/tasks`. */
export const taskRoutes = (deps: ApiDeps): Routes => async (app) => {
  const { pool } = deps.db
  const config = { access: 'signed-in' } as const
  const tags = ['任务']
  app.get('/api/tasks', {
    config,
    schema: { tags, summary: '任务列表，按到期时间先后', querystring: Query, response: { 200: z.object({ items: z.array(Task), nextCursor: z.string().nullable(), total: z.int() }) } },
  }, async (request) => {
    const { cursor: after, ...query } = request.query
    const who = asWho(request.person)
    const { tasks, total } = await listTasks(pool, who, { ...query, after })
    const { rows, nextCursor } = page(tasks, query.limit, ({ task }) => ({ at: task.dueAt, id: task.id }))
    return { items: await viewTasks(pool, who, rows), nextCursor, total }
  })

  app.get('/api/tasks/:id', { config, schema: { tags, summary: '任务及其表单', params: Id, response: { 200: TaskWithForm } } }, async (request) => {
    const who = asWho(request.person)
    const found = await findTask(deps, request.params.id)
    if (!found || !mayKnow(who, found.state, found.task)) throw problem('not-found')
    return viewTask(pool, who, found.state, found.task)
  })

  app.post('/api/tasks/:id/actions/:action', {
    config,
    schema: { tags, summary: '办理任务', params: IdAndAction, headers: IdempotencyHeader, body: z.unknown(), response: { 200: TaskWithForm } },
  }, async (request) => {
    const { id, action } = request.params
    const { person } = request
    if (!isTaskAction(action)) throw problem('not-found')
    const key = requestKey(person, idempotencyKey(request))
    const { state, task } = await refusing(deps.db, { personId: person.id, caseNo: caseNoOf(id), taskId: id, action },
      () => act(deps, person, id, action, key, request.body ?? {}))
    return viewTask(pool, asWho(person), state, task)
  })
}

interface Found { state: CaseState, task: TaskRow }

/** A task's id begins with its case's number. */
const caseNoOf = (taskId: string) => taskId.split('.')[0]!

async function findTask({ db }: ApiDeps, id: string): Promise<Found | null> {
  const state = await findCase(db.pool, caseNoOf(id))
  return taskIn(state, id)
}

function taskIn(state: CaseState | null, id: string): Found | null {
  const task = state?.tasks.find(t => t.id === id)
  return state && task ? { state, task } : null
}

/** Whoever may see the case, do the task or assign it may know of it. */
function mayKnow(who: Who, { file, tasks }: CaseState, task: TaskRow): boolean {
  if (maySee(who, file, tasks)) return true
  const is = taskRelations(who, file, task)
  return !who.roles.includes('enterprise') && (is.has('holder') || is.has('candidate') || is.has('leader'))
}

const isTaskAction = (name: string): name is TaskAction => Object.hasOwn(TASK_ACTION_TEXTS, name)
const isAllocation = (name: TaskAction): name is Allocation => (ALLOCATIONS as readonly string[]).includes(name)

/** Takes an action on a task and answers with the task as it then is; a repeat under the same key changes nothing. */
async function act(deps: ApiDeps, person: PersonInOffice, id: string, action: TaskAction, key: string, body: unknown): Promise<Found> {
  const { pool } = deps.db
  const who = asWho(person)
  const hash = requestHash(`${id}/${action}`, body)
  const { state, seen } = await readCase(pool, caseNoOf(id), key)
  const found = taskIn(state, id)
  if (!found) throw problem('not-found')
  if (seen) {
    if (seen.requestHash !== hash) throw problem('idempotency-key-reused')
    return found
  }
  const refusal = judgeTask(action, who, found.state.file, found.task, taskPolicyOf(found.task))
  if (refusal) throw refusal.code === 'not-permitted' && isSecret(who, found) ? problem('not-found') : problem(refusal.code, refusal.message)
  const form = await readForm(deps, found.task, action, body)
  if (isAllocation(action)) await allocate(deps.db, action, found.state.file.caseNo, id, { who, key, hash, form })
  else await deps.engine.decideTask(found.state.file.caseNo, action satisfies TaskUpdate, { key, actor: { id: who.id, unit: who.unit }, requestHash: hash, taskId: id, form })
  return (await findTask(deps, id))!
}

/** Somebody outside is not told that an enterprise's or a restricted case exists. */
const isSecret = (who: Who, { state, task }: Found) => (who.roles.includes('enterprise') || state.file.restricted) && !mayKnow(who, state, task)

async function readForm({ db }: ApiDeps, { procedure, name }: TaskRow, action: TaskAction, body: unknown): Promise<Facts> {
  const schema = findForm(procedure, name, action)
  if (!schema) throw problem('action-not-allowed')
  const form = parseForm(schema, body) as Facts
  await checkReferences(db.pool, schema, form)
  return form
}
