/** 企业信用等级: worked out anew from the penalties known here, every figure with its reason. */
import { publication, severityTitles, type PublicationMonths } from './eligibility.ts'
import type { Application } from './forms.ts'
import { policy } from './policy.ts'

/** A penalty of an enterprise; dates `YYYY-MM-DD`. */
export interface Penalty { decisionNo: string, decidedOn: string, severity: Application['severity'], repairedOn: string | null }

/** Points a penalty costs while it is published, by whether it was repaired, and the least score of each grade, best first. */
export type GradeFigures = Record<Application['severity'], { standing: number, repaired: number }> & { base: number, grades: Record<string, number> }

/** One line of the sum. */
type Figure = { title: string, points: number, why: string }

/** `score` is the sum of the figures, never below 0. */
export type CreditGrade = { grade: string, score: number, figures: Figure[], explanation: string, source: string }

const source = '[C] 企业公共信用评价试行口径，只计本系统已受理的处罚'

/** The grade on `today`, a date of Asia/Shanghai. A repaired penalty weighs less; one whose publication is over weighs nothing. */
export function creditGrade(
  penalties: Penalty[], today: string, points: GradeFigures = policy.figures.creditGrade, months: PublicationMonths = policy.figures.publicationMonths,
): CreditGrade {
  const figures: Figure[] = [{ title: '基础分', points: points.base, why: '无失信记录的企业得此分' }]
  for (const penalty of penalties) figures.push(figureOf(penalty, today, points, months))
  const sum = figures.reduce((total, f) => total + f.points, 0)
  if (sum < 0) figures.push({ title: '最低分', points: -sum, why: '扣分超过基础分的，按 0 分计' })
  const score = Math.max(0, sum)
  const grades = Object.entries(points.grades)
  // The last grade is for all who reach no other, whatever an administrator made its least score.
  const [grade, atLeast] = grades.find(([, least]) => score >= least) ?? [grades.at(-1)![0], 0]
  return { grade, score, figures, explanation: `得分 ${score}，不低于 ${atLeast} 分，评为 ${grade} 级`, source }
}

function figureOf({ decisionNo, decidedOn, severity, repairedOn }: Penalty, today: string, points: GradeFigures, months: PublicationMonths): Figure {
  const { lastDate } = publication({ severity, decidedOn }, months)
  const { standing, repaired } = points[severity]
  const what = `${severityTitles[severity]}失信，${decidedOn} 决定`
  if (today > lastDate) return { title: decisionNo, points: 0, why: `${what}，公示期已于 ${lastDate} 届满，不再扣分` }
  if (repairedOn) return { title: decisionNo, points: -repaired, why: `${what}，已于 ${repairedOn} 修复，扣分由 ${standing} 分减为 ${repaired} 分` }
  return { title: decisionNo, points: -standing, why: `${what}，尚未修复，扣 ${standing} 分` }
}
