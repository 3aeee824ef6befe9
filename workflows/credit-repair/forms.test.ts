import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { checkForm, daysFromToday } from '../kit/fields.ts'
import { Accept, Application, Objection } from './forms.ts'

const errors = (schema: z.ZodType, form: unknown) => {
  const checked = checkForm(schema, form)
  return 'errors' in checked ? checked.errors : []
}

const application = {
  decisionNo: '示例〔2026〕1号', decidedOn: daysFromToday(0), decidedBy: 'traffic', severity: 'minor',
  dutiesDone: [{ duty: '缴纳罚款', proof: '缴款凭证' }], commitment: true,
}

describe('application', () => {
  it('may follow a decision of today', () => expect(checkForm(Application, application)).toEqual({ form: application }))

  it.each([
    ['decided tomorrow', { decidedOn: daysFromToday(1) }, '/decidedOn', '不能晚于今天'],
    ['decided on a day that does not exist', { decidedOn: '2026-02-30' }, '/decidedOn', '须为有效日期，如 2026-01-31'],
    ['without commitment', { commitment: false }, '/commitment', '须作出信用承诺'],
    ['without any duty done', { dutiesDone: [] }, '/dutiesDone', '至少 1 项'],
    ['with a duty not proved', { dutiesDone: [{ duty: '缴纳罚款' }] }, '/dutiesDone/0/proof', '必填'],
    ['of unknown severity', { severity: 'grave' }, '/severity', '须为下列之一：minor、general、serious'],
  ])('is refused: %s', (_, change, pointer, detail) => expect(errors(Application, { ...application, ...change })).toEqual([{ pointer, detail }]))
})

describe('further steps', () => {
  it.each([
    ['a supplement must say what is missing', Accept, { decision: 'supplement' }, '/missing'],
    ['a refusal to accept needs a reason', Accept, { decision: 'reject' }, '/reason'],
    ['an objection needs grounds', Objection, { object: true }, '/grounds'],
  ])('%s', (_, schema, form, pointer) => expect(errors(schema, form)).toMatchObject([{ pointer }]))
})
