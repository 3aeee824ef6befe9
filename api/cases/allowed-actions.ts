/** What somebody may do now to a case or a task, as clients show it: the table of `actions.ts` with titles and forms. */
import { isLive, type CaseRow, type CaseState, type TaskRow } from '../../model/state.ts'
import { findForm, getProcedure } from '../../workflows/catalogue.ts'
import { isCandidate, judgeCase, judgeTask, judgeUrge, mayAnswer, mayWithdraw, type CaseAction, type CaseFacts, type TaskAction, type Who } from '../../model/actions.ts'
import type { TaskPolicy } from '../../model/policy.ts'
import type { Json } from '../../model/types.ts'
import { toJsonSchema } from '../../workflows/kit/check-forms.ts'
import type { Action } from '../http/schemas.ts'

type JsonSchema = NonNullable<Action['form']>
interface ActionText { title: string, irreversible: boolean }

/** Every action on a task, in the order in which it is offered. */
export const TASK_ACTION_TEXTS: Record<TaskAction, ActionText> = {
  'claim': { title: '签收', irreversible: false },
  'complete': { title: '提交', irreversible: true },
  'acknowledge': { title: '确认接收', irreversible: true },
  'refuse': { title: '拒收', irreversible: true },
  'return': { title: '退回', irreversible: true },
  'release': { title: '放回待办', irreversible: false },
  'transfer': { title: '转办', irreversible: false },
  'delegate': { title: '委托', irreversible: false },
  'extend': { title: '请求延期', irreversible: false },
  'acknowledge-card': { title: '签收红牌', irreversible: true },
  'declare-conflict': { title: '申报回避', irreversible: true },
}

/** Every action on a case, in the order in which it is offered. */
export const CASE_ACTION_TEXTS: Record<CaseAction, ActionText> = {
  'resume': { title: '恢复流程', irreversible: false },
  'rate': { title: '评价', irreversible: true },
  'urge': { title: '催办', irreversible: false },
  'comment': { title: '批注', irreversible: false },
  'amend': { title: '变更事实', irreversible: true },
  'extend': { title: '请求延期', irreversible: false },
  'link': { title: '关联案件', irreversible: true },
  'acknowledge-card': { title: '签收红牌', irreversible: true },
  'declare-conflict': { title: '申报回避', irreversible: true },
  'withdraw': { title: '撤回', irreversible: true },
  'cancel': { title: '撤销案件', irreversible: true },
}

/** Policy of a task; the kit's own `approve-extension` is in no policy and has nothing but its completion. */
export const taskPolicyOf = ({ procedure, name }: Pick<TaskRow, 'procedure' | 'name'>): Pick<TaskPolicy, 'actions' | 'returnsTo' | 'extendable' | 'submit' | 'begins'> =>
  getProcedure(procedure).policy.tasks[name] ?? { submit: '提交审批意见' }

/** The actions on a task that `who` may take now. `tasks`: those of its case, where they are known; a form may begin with what they came to. */
export function taskActions(who: Who, file: CaseFacts, task: TaskRow, tasks: TaskRow[] = []): Action[] {
  if (!isLive(task)) return []
  return names(TASK_ACTION_TEXTS)
    .filter(name => judgeTask(name, who, file, task, taskPolicyOf(task)) === null && !isDone(name, task))
    .map(name => action(name, textOf(name, task), taskForm(name, task, tasks)))
}

/** Why `who`, whose task it would be by unit and role, may not have it: four eyes or a conflict of interest; else null. */
export function barredFrom(who: Who, file: CaseFacts, task: TaskRow): string | null {
  const refusal = isLive(task) && isCandidate(who, task) ? judgeTask('claim', who, file, task, taskPolicyOf(task)) : null
  return refusal && ['four-eyes', 'conflict-of-interest'].includes(refusal.code) ? refusal.message : null
}

/** The form of an action on a task, with only what can be taken to choose from. */
function taskForm(name: TaskAction, task: TaskRow, tasks: TaskRow[]): JsonSchema | null {
  if (name === 'return') return returnForm(task)
  if (name === 'complete') return begun(task, tasks)
  const form = formOf(task.procedure, task.name, name)
  return name === 'extend' ? inUnitsOf(form, [task]) : form
}

/** Time is asked for in the unit of the clock that is to be extended. */
function inUnitsOf(form: JsonSchema | null, tasks: TaskRow[]): JsonSchema | null {
  const units = new Set<Json>(tasks.map(task => task.deadline.clock.unit))
  const { oneOf = [] } = ((form?.properties as Record<string, { oneOf?: { const: Json }[] }> | undefined)?.unit ?? {})
  return withField(form, 'unit', { enum: [...units], oneOf: oneOf.filter(unit => units.has(unit.const)), ...(units.size === 1 && { default: [...units][0] }) })
}

const textOf = (name: TaskAction, task: TaskRow): ActionText =>
  ({ ...TASK_ACTION_TEXTS[name], ...(name === 'complete' && { title: taskPolicyOf(task).submit ?? TASK_ACTION_TEXTS.complete.title }) })

/** The form that completes a task, begun with what the tasks came to that its policy names. */
function begun(task: TaskRow, tasks: TaskRow[]): JsonSchema | null {
  return Object.entries(taskPolicyOf(task).begins ?? {}).reduce((form, [field, from]) => {
    const [name, of = ''] = from.split('.')
    const value = tasks.filter(one => one.name === name && one.action === 'complete').sort((a, b) => b.round - a.round)[0]?.result?.[of]
    return value === undefined ? form : withField(form, field, { default: value })
  }, formOf(task.procedure, task.name, 'complete'))
}

/** A task is returned to one of the steps that its policy names: clients offer them by title. */
function returnForm(task: TaskRow): JsonSchema | null {
  const { tasks } = getProcedure(task.procedure).policy
  return withChoices(formOf(task.procedure, task.name, 'return'), 'to', (taskPolicyOf(task).returnsTo ?? []).map(name => ({ const: name, title: tasks[name]?.title ?? name })))
}

/** A form in which one field is a choice between a few values, of which the form as such does not know. */
const withChoices = (form: JsonSchema | null, field: string, oneOf: { const: string, title: string }[]): JsonSchema | null => withField(form, field, { oneOf })

/** A form of whose field more is known. */
const withField = (form: JsonSchema | null, field: string, more: object): JsonSchema | null =>
  form && { ...form, properties: { ...form.properties as object, [field]: { ...(form.properties as Record<string, object>)[field], ...more } } }

/** A form without a field that the caller has no use for. */
function without(form: JsonSchema | null, field: string): JsonSchema | null {
  const { [field]: _, ...properties } = (form?.properties ?? {}) as JsonSchema
  return form && { ...form, properties }
}

/** What can be amended is the application, field by field; it begins as it stands. */
function amendable({ procedure, application }: CaseRow): object {
  const { properties } = toJsonSchema(getProcedure(procedure).forms.application) as JsonSchema
  return { properties, additionalProperties: false, default: application }
}

/** What would change nothing or be refused: claiming what is held, extending a second time, too late, or custody. */
const isDone = (name: TaskAction, { status, deadline, dueAt }: TaskRow) =>
  (name === 'claim' && status === 'claimed') || (name === 'extend' && (deadline.extensions.length > 0 || deadline.clock.custody === true || dueAt <= new Date()))

/** The actions on a case that `who` may take now. */
export function caseActions(who: Who, { file, tasks }: CaseState): Action[] {
  return names(CASE_ACTION_TEXTS)
    .filter(name => judgeCase(name, who, file) === null && isOffered(name, who, file, tasks))
    .map(name => action(name, CASE_ACTION_TEXTS[name], caseForm(name, who, file, tasks)))
}

function caseForm(name: CaseAction, who: Who, file: CaseRow, tasks: TaskRow[]): JsonSchema | null {
  if (name === 'rate') return formOf(file.procedure, 'rate', 'complete')
  const form = formOf(file.procedure, null, name)
  if (name === 'comment' && !mayAnswer(who, file)) return without(form, 'to')
  if (name === 'amend') return withField(form, 'changes', amendable(file))
  if (name !== 'extend') return form
  const extendable = tasks.filter(task => isFor('extend', who, file, task))
  return withChoices(inUnitsOf(form, extendable), 'task', extendable.map(({ id, title }) => ({ const: id, title })))
}

/** Whether the procedure has the action at all, and where it is about a task, whether there is one for the caller. */
function isOffered(name: CaseAction, who: Who, file: CaseRow, tasks: TaskRow[]): boolean {
  const { policy } = getProcedure(file.procedure)
  if (name === 'urge') return judgeUrge(file.urgedAt, tasks, new Date()) === null
  if (name === 'withdraw') return mayWithdraw(policy, file.application, tasks.filter(isLive).map(task => task.name))
  // Facts are amended where a decision is bound to them.
  if (name === 'amend') return Object.values(policy.tasks).some(task => task.boundToFacts)
  return !isByTask(name) || taskFor(name, who, file, tasks) !== undefined
}

/** Actions on a case that are actions on one of its tasks: offered only where the caller has that task. */
const BY_TASK = { rate: 'complete', extend: 'extend' } as const satisfies Partial<Record<CaseAction, TaskAction>>

const isByTask = (name: CaseAction): name is keyof typeof BY_TASK => name in BY_TASK

/** The task of the case that `who` rates or asks to extend. */
export function taskFor(name: keyof typeof BY_TASK, who: Who, file: CaseRow, tasks: TaskRow[]): TaskRow | undefined {
  return tasks.find(task => isFor(name, who, file, task))
}

const isFor = (name: keyof typeof BY_TASK, who: Who, file: CaseRow, task: TaskRow): boolean =>
  isLive(task) && (name !== 'rate' || task.name === 'rate') && judgeTask(BY_TASK[name], who, file, task, taskPolicyOf(task)) === null && !isDone(BY_TASK[name], task)

const names = <Name extends string>(texts: Record<Name, ActionText>) => Object.keys(texts) as Name[]

const action = (name: string, text: ActionText, form: JsonSchema | null): Action => ({ name, ...text, form })

/** JSON Schema of the form that finishes a task: what `complete` takes, or `acknowledge` where there is no `complete`. */
export function finishingForm(procedure: string, task: string): JsonSchema {
  const [action = 'complete'] = getProcedure(procedure).policy.tasks[task]?.actions ?? []
  return toJsonSchema(findForm(procedure, task, action)!) as JsonSchema
}

/** JSON Schema of an action's form (`task` null: on the case); null where there is nothing to fill in. */
function formOf(procedure: string, task: string | null, action: string): JsonSchema | null {
  const form = findForm(procedure, task, action)
  const schema = form && toJsonSchema(form) as JsonSchema
  return schema && Object.keys(schema.properties ?? {}).length > 0 ? schema : null
}
