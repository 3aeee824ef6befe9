/** From when on a decision may be repaired: 最短公示期 and 最长公示期 by severity. */
import { Temporal } from 'temporal-polyfill'
import type { Application } from './forms.ts'
import { policy } from './policy.ts'

/** 失信程度, as it is called. */
export const severityTitles = { minor: '轻微', general: '一般', serious: '严重' } satisfies Record<Application['severity'], string>

/** Publication in months from the decision. Minor ones may be repaired as soon as the duties are done. */
export type PublicationMonths = Record<Application['severity'], { atLeast: number, atMost: number }>

const source = '[L] 信用修复管理办法（2026-04-01 起施行）'

export type Eligibility = {
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

/** First and last day of what the law makes of a decision's publication, `YYYY-MM-DD`. */
export function publication({ severity, decidedOn }: Pick<Application, 'severity' | 'decidedOn'>, months: PublicationMonths) {
  const { atLeast, atMost } = months[severity]
  const decided = Temporal.PlainDate.from(decidedOn)
  // Months end on the day of the same number, or on the last of a shorter month (民法典202): `add` does just that.
  return { atLeast, atMost, firstDate: decided.add({ months: atLeast }).toString(), lastDate: decided.add({ months: atMost }).toString() }
}

/** Whether the application comes too early (or its duties are not done) on `today`, a date of Asia/Shanghai. */
export function eligibility(
  decision: Pick<Application, 'severity' | 'decidedOn' | 'dutiesDone'>, today: string, months: PublicationMonths = policy.figures.publicationMonths,
): Eligibility {
  const { severity, decidedOn, dutiesDone } = decision
  const { atLeast, atMost, firstDate, lastDate } = publication(decision, months)
  const [early, expired, duties] = [today < firstDate, today > lastDate, dutiesDone.length > 0]
  const explanation = [
    `失信程度为${severityTitles[severity]}，决定日期为 ${decidedOn}，当日不计`,
    atLeast > 0 ? `最短公示期 ${atLeast} 个月，最早可于 ${firstDate} 修复` : '义务履行完毕即可修复',
    `最长公示期 ${atMost} 个月，至 ${lastDate} 止`,
    duties ? `已填报履行义务 ${dutiesDone.length} 项，待核查` : '未填报已履行的义务，须先履行义务',
  ]
  if (early) explanation.push(`今天是 ${today}，未满最短公示期`)
  if (expired) explanation.push(`今天是 ${today}，最长公示期已满，该信息应当停止公示`)
  return { eligible: duties && !early, firstDate, lastDate, expired, explanation, source }
}
