/** Lists of tasks, one task, and what may be done with it. */
import { z } from 'zod'
import { asPost, asWho, findMembers, listColleagues } from '../../db/directory/directory.ts'
import { dropDraftsOf } from '../../db/drafts.ts'
import { findCase } from '../../db/record/record.ts'
import { listTasks, orderOf, TASK_VIEWS } from '../../db/lists/search.ts'
import { isFreeCandidate, judgeTask, type TaskAction } from '../../model/actions.ts'
import { actOnTask, caseNoOf, getTaskIn, mayKnow } from '../cases/act-on-task.ts'
import { TASK_ACTION_TEXTS, taskPolicyOf } from '../cases/allowed-actions.ts'
import type { Routes } from '../http/app-types.ts'
import { choose, Choosing, namesOfPerson } from '../views/choosing.ts'
import { page, Paging } from '../views/cursor.ts'
import { problem } from '../http/errors.ts'
import { TaskFilterFields } from '../views/filter-fields.ts'
import { FormBody, IdempotencyHeader, readChange, refusing, type ApiDeps } from '../cases/requests.ts'
import { Colleague, Task, TaskWithForm } from '../http/schemas.ts'
import { viewTask, viewTasks } from '../views/views.ts'
import { noteAccess } from '../cases/visible-case.ts'

const Query = z.strictObject({
  view: z.enum(TASK_VIEWS).default('mine').meta({ title: '视图', description: 'todo 待我办（我的，以及所任岗位应办的），mine 我的，candidate 待签收，unit 本单位，overdue 已逾期，done 我已办，filed 我发起的案件所在环节，handed-on 我转办、委托、移送出去的，copied 知会我而不需我办的案件所在环节（这四种新的在前），all 可见单位的全部任务（含已办结）' }),
  ...TaskFilterFields,
  ...Paging,
})
const Id = z.strictObject({ id: z.string() })
const Handing = z.strictObject({ action: z.enum(['transfer', 'delegate']).meta({ title: '操作', description: 'transfer 转办，delegate 委托' }), ...Choosing })
const Receiver = Colleague.extend({ away: z.boolean().meta({ title: '缺勤', description: '缺勤期间由其代理人办理' }) }).meta({ id: 'Receiver', title: '可以接办的人员' })
const IdAndAction = z.strictObject({ id: z.string(), action: z.string() })

/** `/api/tasks`. */
export const taskRoutes = (deps: ApiDeps): Routes => async (app) => {
  const { pool } = deps.db
  const config = { access: 'signed-in' } as const
  const tags = ['任务']
  app.get('/api/tasks', {
    config,
    schema: { tags, summary: '任务列表，按到期时间先后（done、filed、handed-on、copied 新的在前）', querystring: Query, response: { 200: z.object({ items: z.array(Task), nextCursor: z.string().nullable(), total: z.int() }) } },
  }, async (request) => {
    const { cursor: after, ...query } = request.query
    const who = asWho(request.person)
    const { tasks, total } = await listTasks(pool, who, { ...query, after })
    const { rows, nextCursor } = page(tasks, query.limit, ({ task }) => ({ at: task[orderOf(query.view)]!, id: task.id }))
    return { items: await viewTasks(pool, who, rows), nextCursor, total }
  })

  app.get('/api/tasks/:id', { config, schema: { tags, summary: '任务及其表单', params: Id, response: { 200: TaskWithForm } } }, async (request) => {
    const who = asWho(request.person)
    const { id } = request.params
    const found = getTaskIn(await findCase(pool, caseNoOf(id)), id)
    await noteAccess(deps, who, found.state, 'task', mayKnow(who, found))
    return viewTask(pool, who, found)
  })

  app.get('/api/tasks/:id/people', { config, schema: { tags, summary: '该任务可以转给、委托哪些人', params: Id, querystring: Handing, response: { 200: z.array(Receiver) } } }, async ({ person, params: { id }, query: { action, ...query } }) => {
    const who = asWho(person)
    const found = getTaskIn(await findCase(pool, caseNoOf(id)), id)
    await noteAccess(deps, who, found.state, 'task', mayKnow(who, found))
    const { state: { file }, task } = found
    const refusal = judgeTask(action, who, file, task, taskPolicyOf(task))
    if (refusal) throw problem(refusal.code, refusal.message)
    const [colleagues, members] = [await listColleagues(pool, task.unitId), await findMembers(pool, [task.unitId])]
    const away = new Set(members.get(task.unitId)!.filter(one => one.standIns).map(one => one.id))
    const free = colleagues.filter(one => one.id !== task.holderId && isFreeCandidate(asPost(one), file, task))
    return choose(free, query, namesOfPerson).map(({ id, name, unit, roles }) => ({ id, name, unit, roles, away: away.has(id) }))
  })

  app.post('/api/tasks/:id/actions/:action', {
    config,
    schema: { tags, summary: '办理任务', params: IdAndAction, headers: IdempotencyHeader, body: FormBody, response: { 200: TaskWithForm } },
  }, async (request) => {
    const { id, action } = request.params
    const who = asWho(request.person)
    if (!isTaskAction(action)) throw problem('not-found')
    const change = readChange(request, `${id}/${action}`)
    const found = await refusing(deps.db, { personId: who.id, caseNo: caseNoOf(id), taskId: id, action }, () => actOnTask(deps, who, id, action, change))
    await dropDraftsOf(pool, who.id, id, action)
    return viewTask(pool, who, found)
  })
}

const isTaskAction = (name: string): name is TaskAction => Object.hasOwn(TASK_ACTION_TEXTS, name)
