/** Events of a case as a reader of the file would tell them. */
import type { Schemas } from '../../api/client.ts'
import { dateTime, span, type ClockUnit } from '../../time.ts'

export type CaseEvent = Schemas['CaseEvent']
export type Tone = 'plain' | 'step' | 'yellow' | 'red' | 'end'
export interface EventText { title: string, tone: Tone, /** What somebody said or why. */ words?: string | undefined }

/** What the procedure calls things; names for ids stand in the event itself. */
interface Words {
  outcome: (code: string) => string
  /** What was chosen in the form of a task; `unit` names units. */
  choices: (task: string, form: object, unit: (id: string) => string) => string
}

const ACTIONS: Record<string, string> = { complete: '办结', acknowledge: '签收', refuse: '拒收', return: '退回', lapse: '逾期未办' }

const string = (value: unknown): string | undefined => typeof value === 'string' && value !== '' ? value : undefined
const dueOf = (data: Record<string, unknown>): string => {
  const dueAt = string((data.deadline as { dueAt?: string } | null)?.dueAt)
  return dueAt ? `，期限 ${dateTime(dueAt)}` : ''
}

/** An event this page does not know yet is shown by its type. */
export function eventText({ type, data, names, actor }: CaseEvent, words: Words): EventText {
  const name = (kind: string) => (id: unknown): string => names[`${kind}/${String(id)}`] ?? String(id)
  const [unit, person] = [name('unit'), name('person')]
  const task = name('task')(data.task ?? data.clock ?? '')
  const reason = string(data.reason)
  const say = (title: string, tone: Tone = 'plain', words?: string): EventText => ({ title, tone, words })
  switch (type) {
    case 'case-opened': return say(data.ofOffice ? '发起，案件建立' : '提交申请，案件建立', 'step')
    case 'task-opened': return say(`转入“${data.title as string}”${(data.round as number) > 1 ? `第 ${data.round as number} 轮` : ''}，由${data.unit === 'applicant' ? '申请人' : unit(data.unit)}办理${dueOf(data)}`)
    case 'task-claimed': return say(`签收“${task}”`)
    case 'task-released': return say(`放回“${task}”，待他人签收`)
    case 'task-rerouted': return say(`“${task}”在原单位无人可以办理，转由 ${unit(data.unit)} 办理`, 'plain')
    case 'task-offered': return say(`“${task}”随交接班转给 ${person(data.to)}`, 'plain', reason)
    case 'task-transferred': return say(`“${task}”转交 ${person(data.to)}`, 'plain', reason)
    case 'task-delegated': return say(`“${task}”委托 ${person(data.to)} 办理`, 'plain', reason)
    case 'task-completed': {
      const form = (data.form ?? {}) as Record<string, unknown>
      const chosen = words.choices(String(data.task), form, unit)
      const to = data.action === 'return' ? `，到“${name('step')(form.to)}”` : ''
      return say(`${ACTIONS[String(data.action)] ?? '办理'}“${task}”${to}${chosen && `：${chosen}`}`, 'step', ['text', 'result', 'reply', 'findings', 'conclusion', 'reason', 'missing', 'comment'].map(key => string(form[key])).find(Boolean))
    }
    case 'task-cancelled': return say(`取消“${task}”`, 'plain', reason)
    case 'task-lapsed': return say(`“${task}”逾期未办，视为放弃`)
    case 'wait-begun': return say(string(data.text) ?? '等待')
    case 'wait-ended': return say('等待结束')
    case 'extension-requested': return say(`请求“${task}”延期 ${span(data.n as number, data.unit as ClockUnit)}`, 'plain', reason)
    case 'deadline-extended': return say(`“${task}”获准延期${dueOf(data)}`, 'step')
    case 'deadline-replanned': return say(`期限按新的日历或规则重新计算${dueOf(data)}`)
    case 'clock-chosen': return say(`确定全案期限${dueOf(data)}`)
    case 'case-shown': return say('自此企业可以查看本案', 'step')
    case 'clock-paused': return say('全案期限暂停计算', 'plain', reason)
    case 'clock-resumed': return say(`全案期限恢复计算${dueOf(data)}`)
    case 'promise-kept': return say('在承诺的期限内完成')
    case 'reminded': return say(`提醒办理人：“${task}”期限将至`)
    case 'yellow-card': return say(`出示黄牌：“${task}”到期未办结`, 'yellow')
    case 'red-card': return say(`出示红牌：“${task}”严重逾期`, 'red')
    case 'leader-alerted': return say(`报请局领导处置：“${task}”红牌无人签收`, 'red')
    case 'card-acknowledged': return say(`签收红牌：“${task}”`, 'plain', string(data.note))
    case 'noted': return say('系统核验并记录结果')
    case 'linked': return say(`关联案件 ${data.caseNo as string}`)
    case 'told': return say(`告知：${data.title as string}`, 'plain', string(data.body))
    case 'document-issued': return say(`出具文书 ${data.number as string}`, 'step')
    case 'document-withdrawn': return say(`撤销文书 ${data.number as string}`, 'step', reason)
    case 'document-replaced': return say(`文书 ${data.number as string} 由 ${data.by as string} 替换`, 'step', reason)
    case 'handed-over': return say(`移送${person(`system:${data.system as string}`)}`, 'step')
    case 'pushed': return say(`推送${person(`system:${data.system as string}`)}`)
    case 'conflict-declared': return say('申报回避', 'step', reason)
    case 'persons-excluded': return say(`登记应当回避的人员：${(data.persons as string[]).map(person).join('、')}`)
    case 'commented': return say(data.to === 'applicant' ? '答复企业' : actor?.unit == null ? '企业留言' : '内部批注', 'plain', string(data.text))
    case 'material-added': return say(`${data.to === 'applicant' ? '向企业提供材料' : '提交材料'} ${data.name as string}`)
    case 'urged': return say('企业催办', 'yellow', string(data.text))
    case 'application-amended': return say('变更报备事实', 'step', reason)
    case 'withdrawal-requested': return say('撤回', 'step', reason)
    case 'cancellation-ordered': return say('决定撤销案件', 'step', reason)
    case 'workflow-halted': return say('流程停顿，目前不能办理', 'red')
    case 'workflow-resumed': return say('流程按记录恢复')
    case 'notice-failed': return say('一条对外通知未能送达')
    case 'notice-retried': return say('重新发送未送达的通知')
    case 'case-closed': return say(`案件办结：${words.outcome(String(data.outcome))}`, 'end')
    default: return say(type)
  }
}
