import { describe, expect, it } from 'vitest'
import type { Application } from './forms.ts'
import { eligibility } from './eligibility.ts'

const dutiesDone = [{ duty: '缴纳罚款', proof: '缴款凭证' }]
const at = (severity: Application['severity'], decidedOn: string, today: string) => eligibility({ severity, decidedOn, dutiesDone }, today)

describe('eligibility', () => {
  it.each([
    ['minor', '2026-05-10', '2026-05-10', '2026-08-10'],
    ['general', '2026-05-10', '2026-08-10', '2027-05-10'],
    ['serious', '2026-05-10', '2027-05-10', '2029-05-10'],
    ['general, to the last day of a shorter month', '2026-11-30', '2027-02-28', '2027-11-30'],
    ['serious, from 29 February', '2028-02-29', '2029-02-28', '2031-02-28'],
  ])('of %s: from the first day to the end of publication', (name, decidedOn, firstDate, lastDate) => {
    expect(at(name.split(',')[0] as Application['severity'], decidedOn, decidedOn)).toMatchObject({ firstDate, lastDate })
  })

  it('begins on the first day, not the day before', () => {
    expect(at('general', '2026-05-10', '2026-08-09')).toMatchObject({ eligible: false, explanation: expect.arrayContaining(['今天是 2026-08-09，未满最短公示期']) })
    expect(at('general', '2026-05-10', '2026-08-10').eligible).toBe(true)
  })

  it('of minor matters is at once, once the duties are done', () => {
    expect(at('minor', '2026-05-10', '2026-05-10').eligible).toBe(true)
    expect(eligibility({ severity: 'minor', decidedOn: '2026-05-10', dutiesDone: [] }, '2026-05-10').eligible).toBe(false)
  })

  it('is not lost when publication should have ended', () => {
    expect(at('general', '2025-05-10', '2026-05-10')).toMatchObject({ eligible: true, expired: false })
    expect(at('general', '2025-05-10', '2026-05-11')).toMatchObject({ eligible: true, expired: true, explanation: expect.arrayContaining(['今天是 2026-05-11，最长公示期已满，该信息应当停止公示']) })
  })
})
