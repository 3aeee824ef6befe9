import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import catalogue from '../../data/precursor-catalogue.json' with { type: 'json' }
import { checkForm } from '../kit/check-forms.ts'
import { Application, Examine, SecondExamine, UsageReport } from './forms.ts'

const errors = (schema: z.ZodType, form: unknown) => {
  const checked = checkForm(schema, form)
  return 'errors' in checked ? checked.errors : []
}

const application = {
  buyerType: 'enterprise', items: [{ cas: '108-88-3', quantityKg: 5 }], use: '稀释剂', supplier: { name: '示例经营部', licenceNo: '1' },
  deliverTo: '示例路 1 号', licence: { no: '1', validUntil: '2020-01-01' }, useProof: '证明 1 号', mode: 'single',
}
const withItems = (...items: unknown[]) => errors(Application, { ...application, items })

describe('application', () => {
  it('may carry an expired licence: that is for the rules to say', () => expect(checkForm(Application, application)).toEqual({ form: application }))

  it('takes every chemical of the catalogue', () => {
    for (const { cas } of catalogue.chemicals) expect(withItems({ cas, quantityKg: 1 })).toEqual([])
  })

  it.each([
    ['not a CAS number', '甲苯', 'CAS 号格式不对，如 108-88-3'],
    ['a wrong check digit', '108-88-4', 'CAS 号校验位不对，请核对'],
    ['not in the catalogue', '64-17-5', '不在易制毒化学品目录内，无须备案或请核对 CAS 号'],
  ])('is refused: %s', (_, cas, detail) => {
    expect(withItems({ cas: '108-88-3', quantityKg: 1 }, { cas, quantityKg: 1 })).toEqual([{ pointer: '/items/1/cas', detail: `申购品种第 2 项·品名：${detail}` }])
  })

  it.each([0, -1, 1_000_001, Number.NaN, Number.POSITIVE_INFINITY, '5'])('is refused with a quantity of %s', quantityKg => {
    expect(withItems({ cas: '108-88-3', quantityKg })).toMatchObject([{ pointer: '/items/0/quantityKg' }])
  })

  it('has each chemical once, so that no limit is dodged', () => {
    expect(withItems({ cas: '108-88-3', quantityKg: 1 }, { cas: '108-88-3', quantityKg: 1 })).toMatchObject([{ pointer: '/items/1/cas' }])
  })

  it('has at least one item', () => expect(withItems()).toMatchObject([{ pointer: '/items' }]))
})

describe('further steps', () => {
  it.each([
    ['a supplement must say what is missing', Examine, { decision: 'supplement' }, '/reason'],
    ['a rejection needs a reason', Examine, { decision: 'reject' }, '/reason'],
    ['disagreement needs a reason', SecondExamine, { agree: false }, '/reason'],
    ['a report has as many stocks as receipts', UsageReport, { receivedKg: [1, 2], stockKg: [1] }, '/stockKg'],
    ['a stock is never negative', UsageReport, { receivedKg: [1], stockKg: [-1] }, '/stockKg/0'],
  ])('%s', (_, schema, form, pointer) => expect(errors(schema, form)).toMatchObject([{ pointer }]))
})
