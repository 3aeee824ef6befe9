/** Every text that a notice can carry, in one place. */
import { shanghai } from './instants.ts'
import type { Audience, CaseEvent } from './events.ts'
import type { CaseState, TaskRow } from './projector.ts'

export interface Message { to: Audience, title: string, body: string, outside: boolean }

/**
 * The notices an event causes. `outside`: also by e-mail and webhook where those are set up. Of a restricted case they
 * say that there is something to do and by when, never what.
 */
export function messagesFor(e: CaseEvent, state: CaseState): Message[] {
  const { file } = state
  const task = taskOf(e, state)
  const name = file.restricted ? '受限案件' : `《${file.title}》`
  const what = !task ? '案件' : file.restricted ? '任务' : `“${task.title}”`
  const about = task ? `${name}的${what}` : name
  const due = task?.dueAt ?? file.dueAt
  const deadline = due ? `，期限 ${shanghai(due)}` : ''
  const say = (to: Audience, title: string, body: string, outside = false): Message => ({ to, title, body, outside })
  switch (e.type) {
    case 'case-opened': return [say('applicant', '案件已收到', `${name}已收到，编号 ${file.caseNo}。`)]
    case 'task-opened': if (e.data.offeredTo) return [say({ person: e.data.offeredTo }, `值班任务：${what}`, `${about}待您签收${deadline}。`)]
      return e.data.holder && !e.data.holder.startsWith('system:') ? [say({ person: e.data.holder }, `请办理${what}`, `${about}等您办理${deadline}。`, true)] : []
    case 'task-transferred': return [say({ person: e.data.to }, `任务转交给您：${what}`, `${about}已转交给您办理${deadline}。`, true)]
    case 'task-offered': return [say({ person: e.data.to }, `交接班：请签收${what}`, `${about}随交接班转由您签收${deadline}。`)]
    case 'task-delegated': return [say({ person: e.data.to }, `任务委托给您：${what}`, `${about}已委托您办理${deadline}。`, true)]
    case 'reminded': return [say('holder', `期限将至：${what}`, `${about}期限将至${deadline}，请抓紧办理。`)]
    case 'yellow-card': return ['holder' as const, 'leaders' as const].map(to => say(to, `黄牌：${what}已到期`, `${about}已到期未办结${deadline}，出示黄牌。`, true))
    case 'red-card': return ['leaders' as const, { role: 'office' as const }].map(to => say(to, `红牌：${what}严重逾期`, `${about}逾期后仍未办结${deadline}，出示红牌，请督办并签收红牌。`, true))
    case 'leader-alerted': return [say({ role: 'bureau-leader' }, `局领导预警：${what}红牌未签收`, `${about}红牌在规定时间内无人签收${deadline}，报请局领导处置。`, true)]
    case 'urged': return [say('holder', '企业催办', `${about}的申请人催办，请及时处理。`)]
    case 'deadline-extended': return [say('holder', `${what}已获准延期`, `${about}获准延期一次${deadline}。`)]
    case 'document-issued': return [say('applicant', '文书已出具', file.restricted ? `${name}的文书已出具，请登录系统查看。` : `${name}的文书已出具，文号 ${e.data.number}。`, true)]
    case 'told': return [file.restricted ? say(e.data.to, '受限案件有新情况', '受限案件有新情况，请登录系统查看。', true) : say(e.data.to, e.data.title, e.data.body, true)]
    case 'notice-failed': return [say({ role: 'office' }, '通知未能送达', `${name}的一条${e.data.channel === 'email' ? '邮件' : '系统'}通知多次投递失败，请核查后重试。`)]
    case 'case-closed': return [say('applicant', '案件已办结', `${name}（编号 ${file.caseNo}）已办结，请登录系统查看结果。`, true)]
    default: return []
  }
}

/** The task an event is about, when it is about one. */
export function taskOf(e: CaseEvent, state: CaseState): TaskRow | undefined {
  const data = e.data as { task?: string, clock?: string }
  return state.tasks.find(t => t.id === (data.task ?? data.clock))
}
