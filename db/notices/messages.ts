/** Every text that a notice can carry, in one place; an administrator may have other words for a procedure (`notice_text`). */
import { shanghai } from '../../model/instants.ts'
import type { Audience, CaseEvent } from '../../model/events.ts'
import type { CaseState, TaskRow } from '../../model/state.ts'

export interface Message extends Text { to: Audience, outside: boolean }

/** What a notice says; `{案件}` and the like stand for what is known of the case. */
export interface Text { title: string, body: string }

/** What can stand in a text, and what for. Of a restricted case they say that there is something to do and by when, never what. */
export const PLACEHOLDERS = {
  案件: '案件名称，带书名号；受限案件写作“受限案件”',
  编号: '案件编号',
  环节: '任务名称，带引号；说的是全案的写作“案件”',
  事项: '案件及其环节，如“《某案件》的‘办理’”',
  期限: '到期时间',
  文号: '所出具文书的文号',
  渠道: '未送达的是邮件还是系统通知',
} as const
export type Placeholder = keyof typeof PLACEHOLDERS

interface Kind extends Text {
  /** When it is sent, and to whom, as an administrator reads it. */
  when: string
  to: string
  /** Also by e-mail and webhook where those are set up. */
  outside?: boolean
  /** Beside number, case and, where there is a clock, step and deadline. */
  with?: Placeholder
  /** What it says of a restricted case, where that is less. */
  restricted?: Text
}

const ofStep = ['案件', '编号', '事项', '环节', '期限'] as const satisfies Placeholder[]

/** The kinds of notice, with their standard texts. */
export const NOTICES = {
  'case-opened': { when: '案件收到', to: '申请人', title: '案件已收到', body: '{案件}已收到，编号 {编号}。' },
  'task-given': { when: '任务直接交办', to: '办理人', title: '请办理{环节}', body: '{事项}等您办理，期限 {期限}。', outside: true },
  'task-on-duty': { when: '任务交值班人员', to: '值班人员', title: '值班任务：{环节}', body: '{事项}待您签收，期限 {期限}。' },
  'task-offered': { when: '值班交接', to: '接班人员', title: '交接班：请签收{环节}', body: '{事项}随交接班转由您签收，期限 {期限}。' },
  'task-rerouted': { when: '原单位无人可以办理', to: '接手的负责人', title: '请办理{环节}', body: '{事项}在原单位无人可以办理，转由您签收，期限 {期限}。', outside: true },
  'task-transferred': { when: '任务转交', to: '接办人', title: '任务转交给您：{环节}', body: '{事项}已转交给您办理，期限 {期限}。', outside: true },
  'task-delegated': { when: '任务委托', to: '受托人', title: '任务委托给您：{环节}', body: '{事项}已委托您办理，期限 {期限}。', outside: true },
  'reminded': { when: '期限将至', to: '办理人', title: '期限将至：{环节}', body: '{事项}期限将至，期限 {期限}，请抓紧办理。' },
  'yellow-card': { when: '出示黄牌', to: '办理人、单位负责人', title: '黄牌：{环节}已到期', body: '{事项}已到期未办结，期限 {期限}，出示黄牌。', outside: true },
  'red-card': { when: '出示红牌', to: '单位负责人、护航办', title: '红牌：{环节}严重逾期', body: '{事项}逾期后仍未办结，期限 {期限}，出示红牌，请督办并签收红牌。', outside: true },
  'leader-alerted': { when: '红牌无人签收', to: '局领导', title: '局领导预警：{环节}红牌未签收', body: '{事项}红牌在规定时间内无人签收，期限 {期限}，报请局领导处置。', outside: true },
  'urged': { when: '企业催办', to: '办理人', title: '企业催办', body: '{事项}的申请人催办，请及时处理。' },
  'deadline-extended': { when: '延期获准', to: '办理人', title: '{环节}已获准延期', body: '{事项}获准延期一次，期限 {期限}。' },
  'document-issued': {
    when: '文书出具', to: '申请人', title: '文书已出具', body: '{案件}的文书已出具，文号 {文号}。', outside: true, with: '文号',
    restricted: { title: '文书已出具', body: '{案件}的文书已出具，请登录系统查看。' },
  },
  'notice-failed': { when: '通知未能送达', to: '护航办', title: '通知未能送达', body: '{案件}的一条{渠道}通知多次投递失败，请核查后重试。', with: '渠道' },
  'case-closed': { when: '案件办结', to: '申请人', title: '案件已办结', body: '{案件}（编号 {编号}）已办结，请登录系统查看结果。', outside: true },
} as const satisfies Record<string, Kind>
export type NoticeKind = keyof typeof NOTICES

/** What it says while nobody has changed it. */
export function standardText(kind: NoticeKind, restricted: boolean): Text {
  const { title, body, restricted: less }: Kind = NOTICES[kind]
  return restricted && less ? less : { title, body }
}

/** What may stand in a text of that kind; a document's number is content. */
export function placeholdersOf(kind: NoticeKind, restricted: boolean): Placeholder[] {
  const { title, body, with: more, restricted: less }: Kind = NOTICES[kind]
  const steps = /\{(环节|事项|期限)\}/.test(title + body) ? ofStep : ofStep.slice(0, 2)
  return more && !(restricted && less) ? [...steps, more] : [...steps]
}

const PLACE = /\{([^{}]*)\}/g

/** A text with what stands in its places. */
const fill = (text: string, values: Partial<Record<string, string>>): string => text.replace(PLACE, (place, name: string) => values[name] ?? place)

/** Whether a text has none but known places, and no brace that belongs to none. */
export const hasOnly = (text: string, known: readonly string[]): boolean =>
  [...text.matchAll(PLACE)].every(([, name]) => known.includes(name!)) && !/[{}]/.test(text.replace(PLACE, ''))

/**
 * The notices an event causes; `texts` are an administrator's own for the procedure. What a procedure itself tells somebody is
 * written there, and recorded.
 */
export function messagesFor(e: CaseEvent, state: CaseState, texts: Partial<Record<string, Text>> = {}): Message[] {
  const { file } = state
  if (e.type === 'told') {
    const said = file.restricted ? { title: '受限案件有新情况', body: '受限案件有新情况，请登录系统查看。' } : { title: e.data.title, body: e.data.body }
    return [{ ...said, to: e.data.to, outside: true }]
  }
  const caused = causedBy(e)
  if (!caused) return []
  const { title, body } = texts[caused.kind] ?? standardText(caused.kind, file.restricted)
  const values = valuesOf(e, state)
  const { outside = false }: Kind = NOTICES[caused.kind]
  return caused.to.map(to => ({ to, title: fill(title, values), body: fill(body, values), outside }))
}

/** Whether an event causes a notice whose text an administrator may have changed. */
export const hasText = (e: CaseEvent): boolean => causedBy(e) !== undefined

function causedBy(e: CaseEvent): { kind: NoticeKind, to: Audience[] } | undefined {
  switch (e.type) {
    case 'task-opened':
      if (e.data.offeredTo) return { kind: 'task-on-duty', to: [{ person: e.data.offeredTo }] }
      return e.data.holder && !e.data.holder.startsWith('system:') ? { kind: 'task-given', to: [{ person: e.data.holder }] } : undefined
    case 'task-transferred': case 'task-offered': case 'task-delegated': return { kind: e.type, to: [{ person: e.data.to }] }
    case 'task-rerouted': return { kind: e.type, to: [e.data.role === 'unit-leader' ? 'leaders' : { role: e.data.role }] }
    case 'case-opened': case 'document-issued': case 'case-closed': return { kind: e.type, to: ['applicant'] }
    case 'reminded': case 'urged': case 'deadline-extended': return { kind: e.type, to: ['holder'] }
    case 'yellow-card': return { kind: e.type, to: ['holder', 'leaders'] }
    case 'red-card': return { kind: e.type, to: ['leaders', { role: 'office' }] }
    case 'leader-alerted': return { kind: e.type, to: [{ role: 'bureau-leader' }] }
    case 'notice-failed': return { kind: e.type, to: [{ role: 'office' }] }
  }
}

function valuesOf(e: CaseEvent, state: CaseState): Partial<Record<Placeholder, string>> {
  const { file } = state
  const task = taskOf(e, state)
  const 案件 = file.restricted ? '受限案件' : `《${file.title}》`
  const 环节 = !task ? '案件' : file.restricted ? '任务' : `“${task.title}”`
  const due = task?.dueAt ?? file.dueAt
  return {
    案件, 环节, 编号: file.caseNo, 事项: task ? `${案件}的${环节}` : 案件, 期限: due ? shanghai(due) : '未定',
    ...(e.type === 'document-issued' && !file.restricted && { 文号: e.data.number }),
    ...(e.type === 'notice-failed' && { 渠道: e.data.channel === 'email' ? '邮件' : '系统' }),
  }
}

/** Where the workbench shows what a notice is about: the case, with the very task. */
export const hrefOf = (caseNo: string, taskId: string | null): string =>
  `/cases/${encodeURIComponent(caseNo)}${taskId === null ? '' : `?task=${encodeURIComponent(taskId)}`}`

/** The task an event is about, when it is about one. */
export function taskOf(e: CaseEvent, state: CaseState): TaskRow | undefined {
  const data = e.data as { task?: string, clock?: string }
  return state.tasks.find(t => t.id === (data.task ?? data.clock))
}
