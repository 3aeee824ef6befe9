import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { checkForm } from '../kit/check-forms.ts'
import { daysFromToday } from '../kit/fields.ts'
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
    ['decided tomorrow', { decidedOn: daysFromToday(1) }, '/decidedOn', '处罚决定日期：不能晚于今天'],
    ['decided on a day that does not exist', { decidedOn: '2026-02-30' }, '/decidedOn', '处罚决定日期：须为有效日期，如 2026-01-31'],
    ['without commitment', { commitment: false }, '/commitment', '信用承诺：须作出信用承诺'],
    ['without any duty done', { dutiesDone: [] }, '/dutiesDone', '义务履行情况：不能为空'],
    ['with a duty not proved', { dutiesDone: [{ duty: '缴纳罚款' }] }, '/dutiesDone/0/proof', '义务履行情况第 1 项·证明材料：必须填写'],
    ['of unknown severity', { severity: 'grave' }, '/severity', '失信程度：只能填写 minor、general、serious'],
  ])('is refused: %s', (_, change, pointer, detail) => expect(errors(Application, { ...application, ...change })).toEqual([{ pointer, detail }]))
})

describe('further steps', () => {
  it.each([
    ['a supplement must say what is missing', Accept, { decision: 'supplement' }, '/missing'],
    ['a refusal to accept needs a reason', Accept, { decision: 'reject' }, '/reason'],
    ['an objection needs grounds', Objection, { object: true }, '/grounds'],
  ])('%s', (_, schema, form, pointer) => expect(errors(schema, form)).toMatchObject([{ pointer }]))
})
