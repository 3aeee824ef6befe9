import { readdirSync } from 'node:fs'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { organisation } from '../../db/seed/organisation.ts'
import { checkForm } from './check-forms.ts'
import { ApproveExtension, Channel, choice, type Forms, dueDate, idNumber, instant, line, pastDate, pastInstant, phone, prose, unitIds } from './fields.ts'

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
interface Schema { title?: string, properties?: Record<string, Schema>, items?: Schema, enum?: string[], oneOf?: { const: string, title: string }[], examples?: Json[], maxLength?: number, maxItems?: number, type?: string, pattern?: string }

const folder = new URL('../', import.meta.url)
const procedures = readdirSync(folder, { withFileTypes: true })
  .filter(entry => entry.isDirectory() && readdirSync(new URL(`${entry.name}/`, folder)).includes('forms.ts')).map(entry => entry.name)

const schemas: [string, z.ZodType][] = [['kit: extension', ApproveExtension]]
for (const procedure of procedures) {
  const { forms } = await import(new URL(`${procedure}/forms.ts`, folder).href) as { forms: Forms }
  schemas.push([`${procedure}: application`, forms.application])
  for (const [task, form] of Object.entries(forms.tasks)) schemas.push([`${procedure}: ${task}`, form])
  for (const [task, actions] of Object.entries(forms.actions ?? {})) {
    for (const [action, form] of Object.entries(actions)) schemas.push([`${procedure}: ${task} / ${action}`, form])
  }
}

const jsonSchema = (schema: z.ZodType) => z.toJSONSchema(schema, { io: 'input' }) as Schema

/** Every schema below this one, with its path. */
function inner(schema: Schema, path = ''): [string, Schema][] {
  const properties = Object.entries(schema.properties ?? {}).flatMap(([name, one]) => inner(one, `${path}/${name}`))
  return [[path, schema], ...properties, ...(schema.items ? inner(schema.items, `${path}/*`) : [])]
}

/** Every value held under one of these keys, however deep. */
function held(value: Json, keys: string[], key = ''): string[] {
  if (Array.isArray(value)) return value.flatMap(one => held(one, keys, key))
  if (value !== null && typeof value === 'object') return Object.entries(value).flatMap(([name, one]) => held(one, keys, name))
  return keys.includes(key) && typeof value === 'string' ? [value] : []
}

describe('the forms of all procedures', () => {
  it('are found', () => expect(procedures).toEqual(expect.arrayContaining(['enterprise-appeal', 'detention-report', 'credit-repair', 'precursor-purchase'])))
})

describe.each(schemas)('%s', (_, schema) => {
  const parts = inner(jsonSchema(schema))

  it('has a Chinese title on every property', () => {
    expect(parts.filter(([, part]) => !/\p{Script=Han}|CAS/u.test(part.title ?? '')).map(([path]) => path)).toEqual([])
  })

  it('bounds every text and every list', () => {
    const unbounded = parts.filter(([, part]) => (part.type === 'string' && !part.enum && part.maxLength === undefined && part.pattern === undefined)
      || (part.items && part.maxItems === undefined))
    expect(unbounded.map(([path]) => path)).toEqual([])
  })

  it('labels every value that may be chosen', () => {
    for (const [, part] of parts) if (part.enum) expect(part.oneOf?.map(one => one.const)).toEqual(part.enum)
  })

  it('has examples that are valid and name units and enterprises that exist', () => {
    const { examples = [] } = jsonSchema(schema)
    expect(examples.length).toBeGreaterThan(0)
    for (const example of examples) {
      expect(checkForm(schema, example)).not.toHaveProperty('errors')
      const known = [...organisation.units, ...organisation.enterprises].map(one => one.id)
      for (const name of held(example, ['unit', 'coUnits', 'participants', 'originUnit', 'decidedBy', 'enterpriseId'])) expect(known).toContain(name)
    }
  })

  it('refuses an unknown field', () => {
    const [example] = jsonSchema(schema).examples as object[]
    expect(checkForm(schema, { ...example, 'a/b~c': 1 })).toEqual({ errors: [{ pointer: '/a~1b~0c', detail: 'a/b~c：没有这一项，请删除' }] })
  })

  it('refuses anything but an object', () => {
    for (const input of [undefined, null, 'x', 1, []]) expect(checkForm(schema, input)).toHaveProperty('errors.0.pointer', '')
  })
})

/** The sentences said about one field, without its title before them. */
const said = (field: z.ZodType, input: unknown) => {
  const checked = checkForm(z.strictObject({ field }), { field: input })
  return 'errors' in checked ? checked.errors.map(error => error.detail.replace(/^[^：]*：/, '')) : []
}

describe('text', () => {
  it('is trimmed and then must not be empty', () => {
    expect(checkForm(z.strictObject({ field: line('文字', 5) }), { field: '  甲乙 ' })).toEqual({ form: { field: '甲乙' } })
    expect(said(line('文字', 5), ' \t ')).toEqual(['不能为空'])
  })

  it('has at most so many characters', () => {
    expect(said(line('文字', 2), '甲乙')).toEqual([])
    expect(said(line('文字', 2), '甲乙丙')).toEqual(['最多 2 个字'])
  })

  it.each([
    ['NUL', '甲\u0000乙'], ['escape', '甲\u001b乙'], ['C1 control', '甲\u0085乙'], ['half a surrogate pair', '甲\ud800乙'], ['reversed reading direction', '甲\u202e乙'],
  ])('refuses %s, in one line and in many', (_, text) => {
    expect(said(line('文字', 9), text)).toEqual(['含有控制字符等不允许的字符'])
    expect(said(prose('文字'), text)).toEqual(['含有控制字符等不允许的字符'])
  })

  it('has line breaks only where several lines are meant', () => {
    expect(said(prose('文字'), '第一行\r\n第二行')).toEqual([])
    expect(said(line('文字', 9), '第一行\n第二行')).toEqual(['含有控制字符等不允许的字符'])
  })

  it('keeps rare characters of names', () => expect(said(line('姓名', 9), '𠮷')).toEqual([]))
})

describe('values', () => {
  it.each([
    ['a missing field', line('文字', 9), undefined, '必须填写'],
    ['a number for text', line('文字', 9), 1, '应为文字'],
    ['text for a number', z.number(), '1', '应为数字'],
    ['another value than those to choose from', choice('选择', { a: '甲', b: '乙' }), 'c', '只能填写 a、b'],
    ['an unknown channel', Channel, 'fax', '只能填写 window、sub-centre、liaison-room、visit、forum、online、phone'],
    ['the same id twice', unitIds('单位'), ['legal', 'legal'], '不能重复'],
    ['letters in a telephone number', phone('电话'), '0575-abc', '电话号码格式不对'],
    ['spaces in the number of a document', idNumber('证件'), '33 0000', '证件号码格式不对'],
    ['a day that does not exist', pastDate('日期'), '2025-02-29', '须为有效日期，如 2026-01-31'],
    ['a time without offset', instant('时间'), '2026-01-31T09:00:00', '须为带时区的时间，如 2026-01-31T09:00:00+08:00'],
    ['a time too far off for a deadline', instant('时间'), '9999-12-31T23:59:59+08:00', '年份应在 1900 至 2199 之间'],
    ['a date that nobody can mean', pastDate('日期'), '0202-01-31', '年份应在 1900 至 2199 之间'],
    ['a figure that is too small', z.number().min(0), -1, '不能小于 0'],
    ['zero where more is needed', z.number().positive(), 0, '应大于 0'],
    ['a figure that is too big', z.number().max(5), 6, '不能大于 5'],
    ['an empty list', z.array(z.number()).min(1), [], '不能为空'],
    ['too long a list', z.array(z.number()).max(1), [1, 2], '最多 1 项'],
  ])('are refused with a Chinese sentence: %s', (_, field, input, sentence) => expect(said(field, input)).toEqual([sentence]))

  it('are pointed at, however deep', () => {
    const checked = checkForm(z.strictObject({ items: z.array(z.strictObject({ name: line('名称', 9) })) }), { items: [{ name: '甲' }, {}] })
    expect(checked).toEqual({ errors: [{ pointer: '/items/1/name', detail: 'items第 2 项·名称：必须填写' }] })
  })
})

describe('time', () => {
  afterEach(() => void vi.useRealTimers())

  it('goes by the date in Shanghai, not in UTC', () => {
    vi.useFakeTimers({ now: new Date('2026-01-01T16:30:00Z') })
    expect(said(pastDate('日期'), '2026-01-02')).toEqual([])
    expect(said(pastDate('日期'), '2026-01-03')).toEqual(['不能晚于今天'])
    expect(said(dueDate('期限'), '2026-01-02')).toEqual([])
    expect(said(dueDate('期限'), '2026-01-01')).toEqual(['不能早于今天'])
  })

  it('compares instants across offsets', () => {
    vi.useFakeTimers({ now: new Date('2026-01-01T16:30:00Z') })
    expect(said(pastInstant('时间'), '2026-01-02T00:30:00+08:00')).toEqual([])
    expect(said(pastInstant('时间'), '2026-01-02T00:31:00+08:00')).toEqual(['不能晚于现在'])
  })
})
