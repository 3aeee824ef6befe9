/** Every text that a notice can carry, in one place; an administrator may have other words for a procedure (`notice_text`). */
import { shanghai, shanghaiDate } from '../../model/instants.ts'
import type { Audience, CaseEvent } from '../../model/events.ts'
import { isLive, type CaseState, type TaskRow } from '../../model/state.ts'

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
  /**
   * Where there may be much of it: one unread notice a day, for a case or for a person, that counts up by this word. By e-mail with its
   * first, to webhooks not at all.
   */
  bundle?: { of: 'case' | 'person', each: string }
  /** Beside number, case and, where there is a clock, step and deadline. */
  with?: Placeholder
  /** What it says of a restricted case, where that is less. */
  restricted?: Text
}

const ofStep = ['案件', '编号', '事项', '环节', '期限'] as const satisfies Placeholder[]

/** The kinds of notice, with their standard texts. */
export const NOTICES = {
  'case-opened': { when: '案件收到', to: '提交人', title: '案件已收到', body: '{案件}已收到，编号 {编号}。' },
  'task-given': { when: '任务直接交办', to: '办理人', title: '请办理{环节}', body: '{事项}等您办理，期限 {期限}。', outside: true },
  'task-queued': { when: '任务待签收', to: '可以签收的人员', title: '待签收：{环节}', body: '{事项}待您或同岗人员签收，期限 {期限}。', bundle: { of: 'person', each: '件待签收' } },
  'task-queued-soon': { when: '任务待签收，时限以小时计', to: '可以签收的人员', title: '请尽快签收{环节}', body: '{事项}待您或同岗人员签收，期限 {期限}。', outside: true },
  'task-on-duty': { when: '任务交值班人员', to: '值班人员', title: '值班任务：{环节}', body: '{事项}待您签收，期限 {期限}。', outside: true },
  'task-offered': { when: '值班交接', to: '接班人员', title: '交接班：请签收{环节}', body: '{事项}随交接班转由您签收，期限 {期限}。', outside: true },
  'task-rerouted': { when: '原单位无人可以办理', to: '接手的负责人', title: '请办理{环节}', body: '{事项}在原单位无人可以办理，转由您签收，期限 {期限}。', outside: true },
  'task-transferred': { when: '任务转交', to: '接办人', title: '任务转交给您：{环节}', body: '{事项}已转交给您办理，期限 {期限}。', outside: true },
  'task-delegated': { when: '任务委托', to: '受托人', title: '任务委托给您：{环节}', body: '{事项}已委托您办理，期限 {期限}。', outside: true },
  'task-moved': { when: '任务转出', to: '原办理人', title: '任务已转出：{环节}', body: '{事项}已不再由您办理。', outside: true },
  'task-done': { when: '任务由代理人或者同企业联系人办结', to: '原办理人、委托人、企业其他联系人', title: '已代为办结：{环节}', body: '{事项}已由他人代为办结，您不必再办。' },
  'task-cancelled': { when: '任务不需再办', to: '办理人', title: '不需再办：{环节}', body: '{事项}不需再办。', outside: true },
  'task-lapsed': { when: '到期未办，视为放弃', to: '办理人', title: '{环节}逾期未办', body: '{事项}期限 {期限} 已过，视为放弃。' },
  'reminded': { when: '期限将至', to: '办理人；无人签收的，可以签收的人员和单位负责人', title: '期限将至：{环节}', body: '{事项}期限将至，期限 {期限}，请抓紧办理。' },
  'late': { when: '由企业办理的事项到期未办', to: '企业', title: '{环节}已过期限', body: '{事项}期限 {期限} 已过，请尽快办理。', outside: true },
  'yellow-card': { when: '出示黄牌', to: '办理人、单位负责人', title: '黄牌：{环节}已到期', body: '{事项}已到期未办结，期限 {期限}，出示黄牌。', outside: true },
  'red-card': { when: '出示红牌', to: '单位负责人、护航办', title: '红牌：{环节}严重逾期', body: '{事项}逾期后仍未办结，期限 {期限}，出示红牌，请督办并签收红牌。', outside: true },
  'leader-alerted': { when: '红牌无人签收', to: '局领导', title: '局领导预警：{环节}红牌未签收', body: '{事项}红牌在规定时间内无人签收，期限 {期限}，报请局领导处置。', outside: true },
  'urged': { when: '企业催办', to: '办理人；无人签收的，可以签收的人员', title: '企业催办', body: '{事项}的提交人催办，请及时处理。' },
  'deadline-extended': { when: '延期获准', to: '办理人、提交人', title: '{环节}已获准延期', body: '{事项}获准延期一次，期限 {期限}。', outside: true },
  'extension-refused': { when: '延期未获批准', to: '办理人', title: '{环节}延期未获批准', body: '{事项}的延期请求未获批准，期限仍为 {期限}。', outside: true },
  'deadline-replanned': { when: '期限按新的日历或者规则重新计算', to: '办理人、提交人', title: '期限调整：{环节}', body: '{事项}的期限重新计算，现为 {期限}。', bundle: { of: 'person', each: '项' } },
  'clock-chosen': { when: '确定全案期限', to: '提交人', title: '办理期限已确定', body: '{案件}的办理期限为 {期限}。' },
  'case-shown': { when: '案件向企业公开', to: '企业', title: '有一项与贵企业有关的事项', body: '{案件}现可查看，编号 {编号}。', outside: true },
  'clock-paused': { when: '全案期限暂停计算', to: '提交人', title: '办理期限暂停计算', body: '{案件}的办理期限暂停计算，恢复时另行通知。' },
  'clock-resumed': { when: '全案期限恢复计算', to: '提交人', title: '办理期限恢复计算', body: '{案件}的办理期限恢复计算，现为 {期限}。' },
  'linked': { when: '关联案件', to: '办理人', title: '案件已关联', body: '{案件}与另一案件关联，请在案件页查看。' },
  'message-received': { when: '企业留言', to: '办理人；无人签收的，可以签收的人员', title: '企业留言', body: '{案件}有企业的新留言，请查看并答复。', outside: true, bundle: { of: 'case', each: '条留言' } },
  'answered': { when: '答复企业', to: '提交人', title: '办理单位答复', body: '{案件}有办理单位的答复，请登录系统查看。', outside: true, bundle: { of: 'case', each: '条答复' } },
  'note-added': { when: '内部批注', to: '办理人', title: '内部批注', body: '{案件}有新的内部批注。', bundle: { of: 'case', each: '条批注' } },
  'files-received': { when: '企业提交材料', to: '办理人；无人签收的，可以签收的人员', title: '企业提交材料', body: '{案件}有企业提交的材料，请查看。', outside: true, bundle: { of: 'case', each: '份材料' } },
  'files-sent': { when: '向企业提供材料', to: '提交人', title: '办理单位提供材料', body: '{案件}有办理单位提供的材料，请登录系统查看。', outside: true, bundle: { of: 'case', each: '份材料' } },
  'files-added': { when: '添加内部材料', to: '办理人', title: '新的内部材料', body: '{案件}有新的内部材料。', bundle: { of: 'case', each: '份材料' } },
  'document-issued': {
    when: '文书出具', to: '提交人', title: '文书已出具', body: '{案件}的文书已出具，文号 {文号}。', outside: true, with: '文号',
    restricted: { title: '文书已出具', body: '{案件}的文书已出具，请登录系统查看。' },
  },
  'document-withdrawn': {
    when: '文书撤销', to: '申请人', title: '文书已撤销', body: '{案件}的文书 {文号} 已撤销，不再有效，理由请登录系统查看。', outside: true, with: '文号',
    restricted: { title: '文书已撤销', body: '{案件}的文书已撤销，请登录系统查看。' },
  },
  'document-replaced': {
    when: '文书被替换', to: '申请人', title: '文书已更换', body: '{案件}的文书 {文号} 已由新的文书替换，不再有效，请登录系统查看。', outside: true, with: '文号',
    restricted: { title: '文书已更换', body: '{案件}的文书已更换，请登录系统查看。' },
  },
  'notice-failed': { when: '通知未能送达', to: '护航办', title: '通知未能送达', body: '{案件}的一条{渠道}通知多次投递失败，请核查后重试。', with: '渠道' },
  'withdrawn': { when: '提交人撤回', to: '办理人、企业其他联系人', title: '案件已撤回', body: '{案件}（编号 {编号}）已由提交人撤回，不需再办。', outside: true },
  'cancelled': { when: '案件撤销', to: '办理人、提交人', title: '案件已撤销', body: '{案件}（编号 {编号}）已撤销，不再办理，理由请登录系统查看。', outside: true },
  'workflow-halted': { when: '流程停顿', to: '护航办', title: '流程停顿，请恢复', body: '{案件}（编号 {编号}）的流程停顿，目前不能办理，期限照常计算。请在案件页面恢复流程；仍不能恢复的，请通知系统管理员。', outside: true },
  'workflow-resumed': { when: '流程恢复', to: '护航办', title: '流程已恢复', body: '{案件}（编号 {编号}）的流程一度中断，现已按记录恢复，可以继续办理。' },
  'case-closed': { when: '案件办结', to: '提交人', title: '案件已办结', body: '{案件}（编号 {编号}）已办结，请登录系统查看结果。', outside: true },
} as const satisfies Record<string, Kind>
export type NoticeKind = keyof typeof NOTICES

/** Kinds by which somebody is asked to do something; of the rest he is only told. */
export const ASKING: NoticeKind[] = [
  'task-given', 'task-queued', 'task-queued-soon', 'task-on-duty', 'task-offered', 'task-rerouted', 'task-transferred', 'task-delegated',
  'reminded', 'late', 'urged', 'message-received', 'files-received', 'red-card', 'leader-alerted', 'notice-failed', 'workflow-halted',
]

/** What whoever has a window on a case is told: what is for him, nothing of how it is handled. */
export const THROUGH_WINDOW: (NoticeKind | 'told')[] = [
  'case-opened', 'told', 'answered', 'files-sent', 'task-given', 'reminded', 'late', 'task-done', 'task-lapsed', 'task-cancelled', 'case-closed', 'withdrawn', 'cancelled',
]

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

/** Whom a notice reaches: an audience as events name it; these persons, or where none of them is there `orElse`; whoever may claim a task. */
export type Reader = Audience | { people: string[], orElse?: Audience } | { queue: TaskRow }

/** One notice to some readers. `about`: the task, where it is not the one that the event names. `inboxOnly`: whatever its kind. */
export interface Telling { kind: NoticeKind | 'told', to: Reader, about?: string, inboxOnly?: boolean }

/** A notice's words, and what becomes of it: outside too, or in which bundle. */
export interface Message extends Text { kind: string, taskId: string | null, outside: boolean, bundle: string | null }

/**
 * What a telling says; `texts` are an administrator's own for the procedure. What a procedure itself tells somebody is written there,
 * and recorded.
 */
export function messageOf({ kind, about, inboxOnly = false }: Telling, e: CaseEvent, after: CaseState, texts: Partial<Record<string, Text>>): Message {
  const task = about === undefined ? taskOf(e, after) : after.tasks.find(t => t.id === about)
  const taskId = task?.id ?? null
  if (kind === 'told') return { kind, taskId, outside: true, bundle: null, ...toldIn(e as CaseEvent & { type: 'told' }, after) }
  const { title, body } = texts[kind] ?? standardText(kind, after.file.restricted)
  const { outside = false, bundle }: Kind = NOTICES[kind]
  const values = valuesOf(e, after, task)
  return { kind, taskId, title: fill(title, values), body: fill(body, values), outside: outside && !inboxOnly, bundle: bundle ? [kind, ...(bundle.of === 'case' ? [e.caseNo] : []), shanghaiDate(e.at)].join('/') : null }
}

/** Of a restricted case: that there is something to read, and by when something is to be done. */
function toldIn({ data }: CaseEvent & { type: 'told' }, { file, tasks }: CaseState): Text {
  if (!file.restricted) return { title: data.title, body: data.body }
  const [due] = tasks.filter(isLive).map(t => t.dueAt.getTime()).toSorted((a, b) => a - b)
  return { title: '受限案件有事项请您查看', body: `受限案件（编号 ${file.caseNo}）有事项请您登录系统查看${due === undefined ? '' : `；在办任务期限 ${shanghai(new Date(due))}`}。` }
}

/** The title with how many there are of a bundle. */
export function titleOf({ kind, title, count }: { kind: string, title: string, count: number }): string {
  const { bundle }: Kind = NOTICES[kind as NoticeKind] ?? {}
  const each = kind === 'roster' ? '处' : bundle?.each
  return count > 1 && each !== undefined ? `${title}（共 ${count} ${each}）` : title
}

function valuesOf(e: CaseEvent, { file }: CaseState, task: TaskRow | undefined): Partial<Record<Placeholder, string>> {
  const 案件 = file.restricted ? '受限案件' : `《${file.title}》`
  const 环节 = !task ? '案件' : file.restricted ? '任务' : `“${task.title}”`
  const due = task?.dueAt ?? file.dueAt
  return {
    案件, 环节, 编号: file.caseNo, 事项: task ? `${案件}的${环节}` : 案件, 期限: due ? shanghai(due) : '未定',
    ...((e.type === 'document-issued' || e.type === 'document-withdrawn' || e.type === 'document-replaced') && !file.restricted && { 文号: e.data.number }),
    ...(e.type === 'notice-failed' && { 渠道: e.data.channel === 'email' ? '邮件' : '系统' }),
  }
}

/** Where the workbench shows a case, with the very task. */
export const hrefOf = (caseNo: string, taskId: string | null): string =>
  `/cases/${encodeURIComponent(caseNo)}${taskId === null ? '' : `?task=${encodeURIComponent(taskId)}`}`

/** Where the workbench shows what a notice of the inbox is about; a bundle of several cases is a list. */
export function placeOf({ kind, count, caseNo, taskId, href }: { kind: string, count: number, caseNo: string | null, taskId: string | null, href: string | null }): string {
  const { bundle }: Kind = NOTICES[kind as NoticeKind] ?? {}
  if (count > 1 && bundle?.of === 'person') return kind === 'task-queued' ? '/?view=candidate' : '/'
  return href ?? hrefOf(caseNo!, taskId)
}

/** The task an event is about, when it is about one. */
export function taskOf(e: CaseEvent, state: CaseState): TaskRow | undefined {
  const data = e.data as { task?: string, clock?: string }
  return state.tasks.find(t => t.id === (data.task ?? data.clock))
}
