import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { checkForm, swallowsUnknownFields, type FieldError } from './check-forms.ts'

const Form = z.strictObject({
  kind: z.enum(['help', 'clue']).meta({ title: '类别' }),
  subject: z.string().min(1).max(20).regex(/^\S/).meta({ title: '事由' }),
  contact: z.strictObject({ phone: z.string().regex(/^1\d{10}$/, '应为 11 位手机号码').meta({ title: '联系电话' }) }).meta({ title: '联系人' }),
  grounds: z.array(z.strictObject({ evidence: z.string().meta({ title: '证据' }) })).min(1).max(2).meta({ title: '羁押理由' }),
  plannedAt: z.iso.datetime({ offset: true }).meta({ title: '拟执行时间' }),
  decidedOn: z.iso.date().optional().meta({ title: '决定日期' }),
  quantityKg: z.number().positive().optional().meta({ title: '数量' }),
  count: z.int().min(1).max(9).optional().meta({ title: '次数' }),
  commitment: z.literal(true).optional().meta({ title: '信用承诺' }),
  custody: z.discriminatedUnion('path', [
    z.strictObject({ path: z.literal('normal') }),
    z.strictObject({ path: z.literal('urgent'), at: z.string().meta({ title: '到案时间' }) }),
  ]).optional().meta({ title: '办理方式' }),
  period: z.union([z.strictObject({ from: z.string(), to: z.string().meta({ title: '止' }) }), z.number()]).optional().meta({ title: '期间' }),
}).meta({ title: '申请' })

const right = {
  kind: 'help',
  subject: '货车通行',
  contact: { phone: '13800000000' },
  grounds: [{ evidence: '卷一' }],
  plannedAt: '2026-03-01T09:00:00+08:00',
}

/** The wrong fields of a form, where `change` is put over a right one. */
function errorsOf(change: object | null, schema: z.ZodType = Form): FieldError[] {
  const checked = checkForm(schema, change && { ...right, ...change })
  return 'errors' in checked ? checked.errors : []
}

it('returns a right form as its schema reads it', () => {
  expect(checkForm(z.strictObject({ limit: z.coerce.number().default(20) }), {})).toEqual({ form: { limit: 20 } })
  expect(checkForm(Form, right)).toEqual({ form: right })
})

describe('a wrong field is named by its title, with what to put right', () => {
  it.each<[string, object, FieldError]>([
    ['missing', { subject: undefined }, { pointer: '/subject', detail: '事由：必须填写' }],
    ['null', { subject: null }, { pointer: '/subject', detail: '事由：必须填写' }],
    ['missing choice', { kind: undefined }, { pointer: '/kind', detail: '类别：必须填写' }],
    ['of another type', { subject: 5 }, { pointer: '/subject', detail: '事由：应为文字' }],
    ['no list', { grounds: {} }, { pointer: '/grounds', detail: '羁押理由：应为列表' }],
    ['empty', { subject: '' }, { pointer: '/subject', detail: '事由：不能为空' }],
    ['too long', { subject: '长'.repeat(21) }, { pointer: '/subject', detail: '事由：最多 20 字，现有 21 字' }],
    ['not one of a choice', { kind: 'other' }, { pointer: '/kind', detail: '类别：只能填写 help、clue' }],
    ['an empty list', { grounds: [] }, { pointer: '/grounds', detail: '羁押理由：不能为空' }],
    ['a list too long', { grounds: [1, 2, 3].map(String).map(evidence => ({ evidence })) }, { pointer: '/grounds', detail: '羁押理由：最多 2 项，现有 3 项' }],
    ['inside a list', { grounds: [{ evidence: '卷一' }, {}] }, { pointer: '/grounds/1/evidence', detail: '羁押理由第 2 项·证据：必须填写' }],
    ['with words of the form itself', { contact: { phone: '0' } }, { pointer: '/contact/phone', detail: '联系人·联系电话：应为 11 位手机号码' }],
    ['a time without offset', { plannedAt: '2026-03-01T09:00:00' }, { pointer: '/plannedAt', detail: '拟执行时间：时间应写明时区，如 2026-03-01T09:00:00+08:00' }],
    ['no date', { decidedOn: '2026-02-30' }, { pointer: '/decidedOn', detail: '决定日期：日期应写作 2026-03-01' }],
    ['not above zero', { quantityKg: 0 }, { pointer: '/quantityKg', detail: '数量：应大于 0' }],
    ['not whole', { count: 1.5 }, { pointer: '/count', detail: '次数：应为整数' }],
    ['too great', { count: 10 }, { pointer: '/count', detail: '次数：不能大于 9' }],
    ['too small', { count: 0 }, { pointer: '/count', detail: '次数：不能小于 1' }],
    ['no commitment', { commitment: false }, { pointer: '/commitment', detail: '信用承诺：只能填写 true' }],
    ['a choice of forms that nothing fits', { custody: { path: 'other' } }, { pointer: '/custody/path', detail: '办理方式·path：只能填写 normal、urgent' }],
    ['missing in the chosen form', { custody: { path: 'urgent' } }, { pointer: '/custody/at', detail: '办理方式·到案时间：必须填写' }],
  ])('%s', (_case, change, expected) => {
    expect(errorsOf(change)).toEqual([expected])
  })

  it('unknown, at any depth, each by itself', () => {
    expect(errorsOf({ foo: 1, 'a/b~c': 2, contact: { phone: '13800000000', fax: '1' } })).toEqual([
      { pointer: '/contact/fax', detail: '联系人·fax：没有这一项，请删除' },
      { pointer: '/foo', detail: 'foo：没有这一项，请删除' },
      { pointer: '/a~1b~0c', detail: 'a/b~c：没有这一项，请删除' },
    ])
  })

  it('in the closest of several possible forms', () => {
    expect(errorsOf({ period: { from: '1' } }, z.object({ period: Form.shape.period }))).toEqual([{ pointer: '/period/to', detail: '期间·止：必须填写' }])
  })

  it('once, however many rules it breaks', () => {
    expect(errorsOf({ subject: ` ${'长'.repeat(21)}` })).toHaveLength(1)
  })
})

it('tells at most fifty wrong fields', () => {
  expect(errorsOf({ list: Array(1000).fill(1) }, z.object({ list: z.array(z.string()) }))).toHaveLength(50)
})

it('says that nothing was sent', () => {
  expect(errorsOf(null)).toEqual([{ pointer: '', detail: '必须填写' }])
})

it('finds titles in forms that refer to themselves', () => {
  const Node = z.strictObject({ name: z.string().meta({ title: '名称' }), get children() { return z.array(Node).optional().meta({ title: '下级' }) } })
  expect(checkForm(Node, { name: '甲', children: [{ name: '乙', children: [{}] }] })).toEqual({
    errors: [{ pointer: '/children/0/children/0/name', detail: '下级第 1 项·下级第 1 项·名称：必须填写' }],
  })
})

it('does not repeat what was sent', () => {
  const secret = '330681199001011234'
  const errors = errorsOf({ subject: secret.repeat(3), kind: secret, count: secret, contact: { phone: secret }, decidedOn: secret })
  expect(errors).toHaveLength(5)
  expect(JSON.stringify(errors)).not.toContain(secret)
})

it('knows a form that would swallow unknown fields, at any depth', () => {
  expect(swallowsUnknownFields(Form)).toBe(false)
  expect(swallowsUnknownFields(z.object({ a: z.string() }))).toBe(true)
  expect(swallowsUnknownFields(z.strictObject({ list: z.array(z.object({ a: z.string() })).optional() }))).toBe(true)
  expect(swallowsUnknownFields(z.record(z.string(), z.number()))).toBe(false)
})
