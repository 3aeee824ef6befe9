import { expect, describe, it } from 'vitest'
import { creditGrade, type Penalty } from './credit-grade.ts'

const today = '2026-11-02'
const penalty = (severity: Penalty['severity'], more: Partial<Penalty> = {}): Penalty =>
  ({ decisionNo: `示例〔2026〕${severity}`, decidedOn: '2026-10-01', severity, repairedOn: null, ...more })

describe('credit grade', () => {
  it('is the best, at the full score, without penalties', () => {
    expect(creditGrade([], today)).toEqual({
      grade: 'A', score: 100, figures: [{ title: '基础分', points: 100, why: '无失信记录的企业得此分' }],
      explanation: '得分 100，不低于 90 分，评为 A 级', source: '[C] 企业公共信用评价试行口径，只计本系统已受理的处罚',
    })
  })

  it.each([
    ['minor', 'A', 95], ['general', 'B', 85], ['serious', 'C', 60],
  ] as const)('falls by a %s penalty to %s', (severity, grade, score) => expect(creditGrade([penalty(severity)], today)).toMatchObject({ grade, score }))

  it('is D below the last threshold, and never below nought', () => {
    expect(creditGrade([penalty('serious'), penalty('minor')], today)).toMatchObject({ grade: 'D', score: 55 })
    const worst = creditGrade([penalty('serious'), penalty('serious'), penalty('serious')], today)
    expect(worst).toMatchObject({ grade: 'D', score: 0 })
    expect(worst.figures.at(-1)).toEqual({ title: '最低分', points: 20, why: '扣分超过基础分的，按 0 分计' })
  })

  it.each(['minor', 'general', 'serious'] as const)('rises when a %s penalty is repaired, and says from what to what', (severity) => {
    const repaired = creditGrade([penalty(severity, { repairedOn: '2026-11-01' })], today)
    expect(repaired.score).toBeGreaterThan(creditGrade([penalty(severity)], today).score)
    expect(repaired.score).toBeLessThan(100)
    expect(repaired.figures[1]!.why).toMatch(/已于 2026-11-01 修复，扣分由 \d+ 分减为 \d+ 分$/)
  })

  it('lets a penalty weigh to the last day of its publication and not after', () => {
    const minor = penalty('minor', { decidedOn: '2026-08-02' })
    expect(creditGrade([minor], '2026-11-02').score).toBe(95)
    const over = creditGrade([minor], '2026-11-03')
    expect(over.score).toBe(100)
    expect(over.figures[1]).toMatchObject({ points: 0, why: '轻微失信，2026-08-02 决定，公示期已于 2026-11-02 届满，不再扣分' })
  })

  it('is the last one below every least score, also where an administrator raised the last', () => {
    const points = { base: 50, minor: { standing: 1, repaired: 0 }, general: { standing: 2, repaired: 1 }, serious: { standing: 3, repaired: 1 }, grades: { A: 90, D: 60 } }
    expect(creditGrade([], today, points)).toMatchObject({ grade: 'D', score: 50, explanation: '得分 50，不低于 0 分，评为 D 级' })
  })

  it('is the sum of its figures, each with a reason', () => {
    const { score, figures } = creditGrade([penalty('minor'), penalty('general', { repairedOn: today }), penalty('serious')], today)
    expect(figures.reduce((sum, f) => sum + f.points, 0)).toBe(score)
    expect(figures.every(f => f.why.length > 0)).toBe(true)
  })

  it('goes by the figures it is given', () => {
    const points = { base: 50, minor: { standing: 1, repaired: 0 }, general: { standing: 2, repaired: 1 }, serious: { standing: 3, repaired: 1 }, grades: { good: 48, bad: 0 } }
    expect(creditGrade([penalty('general')], today, points)).toMatchObject({ grade: 'good', score: 48 })
  })
})
