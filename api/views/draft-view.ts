/** Drafts as their author sees them, with what has happened meanwhile to what they were for. */
import { z } from 'zod'
import type { Queryable } from '../../db/connect.ts'
import type { Draft as DraftRow } from '../../db/drafts.ts'
import { nameAll, type Names } from '../../db/directory/directory.ts'
import { listEvents } from '../../db/lists/search.ts'
import { findCase } from '../../db/record/record.ts'
import type { Who } from '../../model/actions.ts'
import type { CaseEvent } from '../../model/events.ts'
import { toIso } from '../../model/instants.ts'
import type { CaseState } from '../../model/state.ts'
import { getProcedure } from '../../workflows/catalogue.ts'
import { placeTitle } from './change-words.ts'
import { CASE_ACTION_TEXTS, caseActions, TASK_ACTION_TEXTS, taskActions } from '../cases/allowed-actions.ts'

export const DraftForm = z.record(z.string(), z.json()).meta({ title: '已填写的内容' })

const instant = z.iso.datetime({ offset: true })
const Gone = z.object({ what: z.string().meta({ title: '发生了什么、由谁' }), at: instant.nullable() })

export const Draft = z.object({
  id: z.string(),
  version: z.int().meta({ title: '版本', description: '保存时说明所依据的版本。' }),
  procedure: z.string().nullable(),
  place: z.string().nullable().meta({ title: '管理页面的表单' }),
  caseNo: z.string().nullable(),
  task: z.string().nullable(),
  action: z.string().nullable(),
  title: z.string(),
  form: DraftForm,
  savedAt: instant,
  gone: Gone.nullable().meta({ title: '已经不能提交', description: '该任务或者案件已由他人办理、转办、撤回等；内容仍在，可以复制。' }),
}).meta({ id: 'Draft', title: '草稿' })
export type Draft = z.infer<typeof Draft>

/** Drafts of `who`. */
export const viewDrafts = (via: Queryable, who: Who, rows: DraftRow[]): Promise<Draft[]> => Promise.all(rows.map(row => viewDraft(via, who, row)))

export async function viewDraft(via: Queryable, who: Who, { taskId: task, savedAt, ...row }: DraftRow): Promise<Draft> {
  const state = row.caseNo === null ? null : await findCase(via, row.caseNo)
  return { ...row, task, savedAt: toIso(savedAt), title: titleOf({ ...row, task }, state), gone: state && await goneFrom(via, who, state, task, row.action) }
}

function titleOf({ procedure, caseNo, task, action, place }: Pick<Draft, 'procedure' | 'caseNo' | 'task' | 'action' | 'place'>, state: CaseState | null): string {
  if (procedure === null) return `管理：${placeTitle(place!)}`
  if (caseNo === null) return getProcedure(procedure).policy.title
  const name = state?.tasks.find(one => one.id === task)?.title
  const texts: Record<string, { title: string }> = task === null ? CASE_ACTION_TEXTS : TASK_ACTION_TEXTS
  return [caseNo, name, name !== undefined && action === 'complete' ? undefined : texts[action ?? '']?.title].filter(Boolean).join(' ')
}

/** Why it can no longer be sent: what happened, and by whom; null while it can. */
async function goneFrom(via: Queryable, who: Who, state: CaseState, taskId: string | null, action: string | null): Promise<Draft['gone']> {
  const task = state.tasks.find(one => one.id === taskId)
  const offered = task ? taskActions(who, state.file, task) : caseActions(who, state)
  if (offered.some(({ name }) => name === action)) return null
  const events = (await listEvents(via, state.file.caseNo)).reverse()
  const actors = events.flatMap(e => [...(e.actor ? [e.actor.id] : []), ...('to' in e.data && typeof e.data.to === 'string' ? [e.data.to] : [])])
  const names = await nameAll(via, { people: new Set(actors), units: new Set(events.flatMap(e => e.actor?.unit ?? [])), enterprises: [] })
  for (const event of events) {
    const what = happened(event, { who, names, title: task?.title ?? '', taskId, state })
    if (what) return { what, at: toIso(event.at) }
  }
  return { what: '目前不能再提交这项内容', at: null }
}

interface About { who: Who, names: Names, title: string, taskId: string | null, state: CaseState }

/** What an event did to a task (or to the whole case), in a sentence; null where it took nothing from anybody. */
function happened(e: CaseEvent, { who, names, title, taskId, state }: About): string | null {
  const outside = who.roles.includes('enterprise')
  const by = e.actor === null ? '系统' : e.actor.id === who.id ? '您' : outside && e.actor.unit ? `${names.unit(e.actor.unit).name} 工作人员` : names.person(e.actor.id).name
  if (e.type === 'withdrawal-requested') return `${by}已撤回本案`
  if (e.type === 'cancellation-ordered') return `${by}已撤销本案：${e.data.reason}`
  if (e.type === 'conflict-declared' && e.actor?.id === who.id) return '您已就本案申报回避'
  if (taskId === null) return e.type === 'case-closed' ? '本案已办结' : null
  if (!('task' in e.data) || e.data.task !== taskId) return null
  switch (e.type) {
    case 'task-claimed': return `“${title}”已由${by}签收`
    case 'task-released': return `“${title}”已由${by}放回待办`
    case 'task-transferred': return `${by}已将“${title}”转给${outside ? '他人' : names.person(e.data.to).name}办理：${e.data.reason}`
    case 'task-delegated': return `${by}已将“${title}”委托${outside ? '他人' : names.person(e.data.to).name}办理：${e.data.reason}`
    case 'task-offered': return `“${title}”已交${outside ? '他人' : names.person(e.data.to).name}办理：${e.data.reason}`
    case 'task-completed': return `“${title}”已由${by}办结`
    case 'task-cancelled': return state.tasks.some(one => one.id === taskId) ? `“${title}”已取消：${e.data.reason}` : null
    case 'task-lapsed': return `“${title}”已逾期，视为放弃`
    default: return null
  }
}
