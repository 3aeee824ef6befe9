/** From when on a decision may be repaired: 最短公示期 and 最长公示期 by severity. */
import { Temporal } from 'temporal-polyfill'
import type { Application } from './forms.ts'

/** Publication in months from the decision. Minor ones may be repaired as soon as the duties are done. */
export const publicationMonths = {
  minor: { title: '轻微', atLeast: 0, atMost: 3 },
  general: { title: '一般', atLeast: 3, atMost: 12 },
  serious: { title: '严重', atLeast: 12, atMost: 36 },
} satisfies Record<Application['severity'], { title: string, atLeast: number, atMost: number }>

const source = '[L] 信用修复管理办法（2026-04-01 起施行）'

export interface Eligibility {
  eligible: boolean
  /** First day on which the decision may be repaired, `YYYY-MM-DD`. */
  firstDate: string
  /** Last day of publication. After it the information has to be taken down without any repair. */
  lastDate: string
  /** The longest publication is over: not a reason to refuse, but to have the information taken down at once. */
  expired: boolean
  /** How the dates come about, line by line. */
  explanation: string[]
  source: string
}

/** Whether the application comes too early (or its duties are not done) on `today`, a date of Asia/Shanghai. */
export function eligibility({ severity, decidedOn, dutiesDone }: Pick<Application, 'severity' | 'decidedOn' | 'dutiesDone'>, today: string): Eligibility {
  const { title, atLeast, atMost } = publicationMonths[severity]
  const decided = Temporal.PlainDate.from(decidedOn)
  // Months end on the day of the same number, or on the last of a shorter month (民法典202): `add` does just that.
  const firstDate = decided.add({ months: atLeast }).toString()
  const lastDate = decided.add({ months: atMost }).toString()
  const [early, expired, duties] = [today < firstDate, today > lastDate, dutiesDone.length > 0]
  const explanation = [
    `失信程度为${title}，决定日期为 ${decidedOn}，当日不计`,
    atLeast > 0 ? `最短公示期 ${atLeast} 个月，最早可于 ${firstDate} 修复` : '义务履行完毕即可修复',
    `最长公示期 ${atMost} 个月，至 ${lastDate} 止`,
    duties ? `已填报履行义务 ${dutiesDone.length} 项，待核查` : '未填报已履行的义务，须先履行义务',
  ]
  if (early) explanation.push(`今天是 ${today}，未满最短公示期`)
  if (expired) explanation.push(`今天是 ${today}，最长公示期已满，该信息应当停止公示`)
  return { eligible: duties && !early, firstDate, lastDate, expired, explanation, source }
}
