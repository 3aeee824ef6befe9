/** Where a case stands, in the words of whoever has applied. */
import type { Schemas } from '../../api/client.ts'
import { allowed, type ClockUnit } from '../../time.ts'

type Summary = Schemas['CaseSummary'] | Schemas['Case']

/** 经侦大队正在办理：办理. */
export function progress({ status, stageTitle, unitName, enterpriseSees }: Summary, isMyTurn: boolean): string {
  if (enterpriseSees === 'window') return isMyTurn ? '等待您办理' : stageTitle
  if (status === 'closed') return stageTitle
  if (isMyTurn) return `等待您办理：${stageTitle}`
  return status === 'paused' ? `${stageTitle}，办理期限暂停计算` : `${unitName ?? '服务中心'}正在办理：${stageTitle}`
}

type Clock = { n: number, unit: ClockUnit, before?: string }

/** 24 小时; of several, the usual one. */
export function promised(clock: Schemas['ProcedureDetail']['clock']): string | undefined {
  if (!clock) return undefined
  const usual = 'n' in clock ? clock as Clock : Object.values(clock as Record<string, Clock>)[0]
  return usual && allowed(usual)
}

/** Which tasks wait for the applicant. */
export const awaiting = (tasks: Schemas['Task'][]): Schemas['Task'][] => tasks.filter(task => task.unit === 'applicant' && task.status === 'claimed' && task.actions.length > 0)

/** What an action is called by whoever has applied, where the office calls it otherwise. */
const OWN_TITLES: Record<string, string> = { comment: '留言' }

export const inOwnWords = (action: Schemas['Action']): Schemas['Action'] =>
  ({ ...action, title: OWN_TITLES[action.name] ?? action.title, ...(action.name === 'comment' && { form: relabelled(action.form, '留言内容') }) })

/** The form with its fields under another name. */
const relabelled = (form: Schemas['Action']['form'], title: string): Schemas['Action']['form'] =>
  form && { ...form, properties: Object.fromEntries(Object.entries(form.properties as object).map(([name, field]) => [name, { ...field, title }])) }
