import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Json } from '../../model/types.ts'
import { toJsonSchema } from './check-forms.ts'
import { choice, idNumber, line, prose } from './fields.ts'
import { asRead, forApplicant, forOfficers, masked } from './readers-of-forms.ts'

const form = z.strictObject({
  name: line('姓名', 50), idNumber: masked(idNumber('证件号码')), memo: forOfficers(prose('内部意见')).optional(),
  people: z.array(z.strictObject({ passportNo: masked(idNumber('护照号码')).optional(), note: forOfficers(line('备注', 50)) }).meta({ title: '人员' })).meta({ title: '人员' }),
  how: z.discriminatedUnion('kind', [z.strictObject({ kind: choice('方式', { own: '本人' }), code: masked(line('代码', 20)) }), z.strictObject({ kind: choice('方式', { agent: '代办' }), agent: forOfficers(line('代办人', 50)) })]).meta({ title: '方式' }),
}).refine(() => true).meta({ title: '申请' })
const value = { name: '示例人员', idNumber: 'E00001234', memo: '内部', people: [{ passportNo: 'P1', note: '内部' }], how: { kind: 'own', code: '0123456789' } }
const hidden = { name: '示例人员', idNumber: '*****1234', people: [{ passportNo: '**' }], how: { kind: 'own', code: '******6789' } }

describe('what somebody reads of a form', () => {
  it.each<[string, { outside: boolean, takesPart: boolean }, Json]>([
    ['an officer who takes part: all', { outside: false, takesPart: true }, value],
    ['another officer: masked', { outside: false, takesPart: false }, { ...hidden, memo: '内部', people: [{ passportNo: '**', note: '内部' }] }],
    ['an enterprise, by whoever filed: what is for it', { outside: true, takesPart: true }, { name: '示例人员', idNumber: 'E00001234', people: [{ passportNo: 'P1' }], how: { kind: 'own', code: '0123456789' } }],
    ['another of its contacts: that, masked', { outside: true, takesPart: false }, hidden],
  ])('%s', (_, reader, expected) => {
    expect(asRead(form, value, reader)).toEqual(expected)
    expect(asRead(form, { ...value, how: { kind: 'agent', agent: '示例' } }, reader)).toMatchObject({ how: reader.outside ? { kind: 'agent' } : { agent: '示例' } })
  })

  it('a fact is for officers unless it says otherwise, anything else for both', () => {
    const outside = { outside: true, takesPart: true }
    const plain = z.object({ text: line('内容', 10) })
    expect([asRead(plain, { text: 'a' }, outside), asRead(plain, { text: 'a' }, outside, 'officers'), asRead(forApplicant(plain), { text: 'a' }, outside, 'officers'), asRead(forOfficers(plain), { text: 'a' }, outside)])
      .toEqual([{ text: 'a' }, undefined, { text: 'a' }, undefined])
    expect([asRead(undefined, { text: 'a' }, outside), asRead(undefined, { text: 'a' }, outside, 'officers'), asRead(forOfficers(plain), { text: 'a' }, { outside: false, takesPart: false })]).toEqual([{ text: 'a' }, undefined, { text: 'a' }])
  })

  it('is nothing that a client or a validator has to know', () => expect(JSON.stringify(toJsonSchema(form))).not.toMatch(/"(for|masked)":/))
})
