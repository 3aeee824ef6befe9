import { readdirSync } from 'node:fs'
import { Validator } from '@cfworker/json-schema'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { organisation } from '../../db/seed/organisation.ts'
import { checkForm } from './check-forms.ts'
import { actionForms, caseActionForms } from './action-forms.ts'
import { caseNumber, casNumber, Channel, choice, date, documentNo, dueDate, email, type Forms, id, idNumber, instant, line, pastDate, pastInstant, phone, prose, unitIds, uscc } from './fields.ts'

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }
interface Schema { title?: string, properties?: Record<string, Schema>, items?: Schema, enum?: string[], oneOf?: { const: string, title: string }[], examples?: Json[], maxLength?: number, maxItems?: number, type?: string, pattern?: string }

const folder = new URL('../', import.meta.url)
const procedures = readdirSync(folder, { withFileTypes: true })
  .filter(entry => entry.isDirectory() && readdirSync(new URL(`${entry.name}/`, folder)).includes('forms.ts')).map(entry => entry.name)

const schemas: [string, z.ZodType][] = [...Object.entries(actionForms), ...Object.entries(caseActionForms)].map(([name, form]) => [`kit: ${name}`, form])
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

/** Every text that somebody may write, with its pointer; lists by their first item. */
const texts = (schema: z.ZodType) => inner(jsonSchema(schema)).filter(([, part]) => part.type === 'string' && !part.enum && !part.oneOf).map(([path, part]) => ({ path: path.split('/').slice(1), part }))

/** A form of nothing but one text. */
const formOf = ([key, ...rest]: string[], text: string): unknown => key === undefined ? text : key === '*' ? [formOf(rest, text)] : { [key]: formOf(rest, text) }

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

  it('takes no text of nothing to see, of marks that deceive, or too long a one, and says so of that text', () => {
    for (const { path, part } of texts(schema)) {
      const pointer = `/${path.join('/')}`.replaceAll('*', '0')
      const saidOf = (text: string) => {
        const checked = checkForm(schema, formOf(path, text))
        return 'errors' in checked ? checked.errors.find(error => error.pointer === pointer)?.detail : undefined
      }
      for (const nothing of ['', ' \u3000\n', '\u200b', '\ufeff\u2060', '\u00ad', '\u3164', '\u2800', '\u200d', '\u{e0100}']) expect(saidOf(nothing), `${pointer} ${JSON.stringify(nothing)}`).toMatch(/：\p{Script=Han}|：CAS/u)
      expect(saidOf('甲\u202e乙'), pointer).toMatch(/改变文字方向/)
      expect(saidOf('甲\u2066乙\u2069'), pointer).toMatch(/改变文字方向/)
      expect(saidOf('甲\u001b乙'), pointer).toMatch(/控制字符/)
      if (part.maxLength) expect(saidOf('甲'.repeat(part.maxLength + 31)), pointer).toMatch(`最多 ${part.maxLength} 字，现有 ${part.maxLength + 31} 字`)
    }
  })

  it('keeps the same of a text that was pasted with invisible marks', () => {
    const { examples = [] } = jsonSchema(schema)
    const pasted = (value: Json): Json => typeof value === 'string' ? `\ufeff ${value.slice(0, 1)}\u200b${value.slice(1)}\u200e`
      : Array.isArray(value) ? value.map(pasted) : value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, pasted(part)])) : value
    for (const example of examples) expect(checkForm(schema, pasted(example))).toEqual(checkForm(schema, example))
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
      for (const name of held(example, ['unit', 'coUnits', 'participants', 'originUnit', 'decidedBy', 'enterpriseId'])) expect([...known, 'workday']).toContain(name)
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

/** What is kept of a text. */
const kept = (field: z.ZodType, input: unknown) => (checkForm(z.strictObject({ field }), { field: input }) as { form?: { field: unknown } }).form?.field

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
    expect(said(line('文字', 2), '甲乙丙')).toEqual(['最多 2 字，现有 3 字'])
  })

  it('is counted as a person counts: composed characters, emoji and forms of ideographs are one each', () => {
    expect(said(line('文字', 3), '葛\u{e0100}e\u0301👨‍👩‍👧‍👦')).toEqual([])
    expect(said(line('文字', 3), `葛\u{e0100}e\u0301👨‍👩‍👧‍👦${'𠮷'.repeat(2)}`)).toEqual(['最多 3 字，现有 5 字'])
    expect(said(line('文字', 200), 'a'.repeat(231))).toEqual(['最多 200 字，现有 231 字'])
    expect(said(line('文字', 3), `e${'\u0301'.repeat(500)}`), 'a pile of marks is no character').toEqual(['最多 3 字，现有 42 字'])
  })

  it.each([
    ['NUL', '甲\u0000乙'], ['escape', '甲\u001b乙'], ['C1 control', '甲\u0085乙'], ['half a surrogate pair', '甲\ud800乙'], ['no character', '甲\uffff乙'],
  ])('refuses %s, in one line and in many', (_, text) => {
    expect(said(line('文字', 9), text)).toEqual(['含有控制字符或者乱码，请删除后重新输入'])
    expect(said(prose('文字'), text)).toEqual(['含有控制字符或者乱码，请删除后重新输入'])
  })

  it.each([...'\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'])('refuses a mark that changes the direction of reading', (mark) => {
    for (const text of [`甲${mark}乙`, `${mark}甲`, `甲${mark}`]) expect(said(prose('文字'), text)).toEqual(['含有改变文字方向的隐藏符号，请删除后重新输入'])
  })

  it('has line breaks only where several lines are meant', () => {
    expect(kept(prose('文字'), '第一行\r\n第二行\u2028第三行')).toBe('第一行\n第二行\n第三行')
    expect(said(line('文字', 9), '第一行\n第二行')).toEqual(['只能写一行，不能换行'])
    expect(kept(line('文字', 9), '\n甲\t乙\n')).toBe('甲 乙')
  })

  it.each([...'\u00ad\u034f\u061c\u115f\u1160\u17b4\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2064\u2800\u3164\ufe0f\ufeff\uffa0\ufffc', '\u{e0041}', '\u{e0100}', ' \u3000\u200b\t', '\u0301'])('of nothing to see is nothing', (mark) => {
    for (const field of [line('文字', 9), prose('文字')]) for (const text of [mark, mark.repeat(3), ` ${mark}\n`]) expect(said(field, text)).toEqual(['不能为空'])
  })

  it.each([...'\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufe00\ufeff', '\u{e0001}'])('loses marks that mean nothing', (mark) => {
    expect(kept(line('文字', 9), `${mark}ab${mark}cd${mark}`)).toBe('abcd')
  })

  it('keeps marks that mean something: rare characters of names, joining scripts, emoji', () => {
    for (const text of ['𠮷', '葛\u{e0100}城', '邊\u{e0101}', '\ufa19', '\ue000', 'می\u200cخواهم', 'ᠠ\u180b', '👩‍🚒', '❤\ufe0f', '1\ufe0f\u20e3']) expect(kept(line('姓名', 9), text)).toBe(text)
  })

  it('is composed, so that the same text is the same', () => expect(kept(line('姓名', 9), 'e\u0301')).toBe('\u00e9'))
})

/** Kept ← typed; then what is refused. */
const CODES: [string, z.ZodType, [string, string[]][], string[]][] = [
  ['telephone numbers', phone('电话'), [
    ['13800138000', ['１３８００１３８０００', '138 0013 8000', ' 138\u200b00138000 ', '\u202d13800138000\u202c', '138\u00a00013\u30008000']],
    ['+8613800138000', ['＋８６ 138 0013 8000', '+86 13800138000']],
    ['0575-87011234', ['（0575）87011234', '(0575) 8701 1234', '0575－87011234', '0575—87011234', '0575 87011234', '0575 - 87011234']],
    ['0575-87011234转801', ['0575-87011234转801', '（０５７５）８７０１１２３４转８０１', '0575-87011234 转 801', '0575-87011234分机801', '0575-87011234 ext. 801', '0575-87011234#801', '0575-87011234，转801']],
    ['057587011234', ['057587011234']],
  ], ['', '110', '0575-abc', '电话', '0575-87011234转', '13800138000转1234567', '1380013800013800138000', '138;DROP', '--------', '138/0013']],
  ['numbers of identity documents', idNumber('证件'), [
    ['33068119900101123X', ['33068119900101123x', '３３０６８１１９９００１０１１２３Ｘ', '330681 19900101 123X', '\ufeff33068119900101123X']],
    ['H12345678(9)', ['h12345678（9）']],
  ], ['33', '330681，1990', '身份证', '1'.repeat(21), '330681<b>']],
  ['统一社会信用代码', uscc('代码'), [
    ['91330000MA0000001A', ['91330000ma0000001a', '９１３３００００ＭＡ０００００01Ａ', '91330000 MA0000001A', '91330000-MA0000001-A', '91330000MA0000001A\u200b']],
  ], ['91330000MA0000001B', '91330000MA0000001', '91330000MA000000IA']],
  ['CAS numbers', casNumber('品名'), [['108-88-3', ['１０８－８８－３', '108—88—3', '108 - 88 - 3', ' 108‑88‑3 ']]], ['108883', '108-88', 'x-88-3', '12345678-88-3']],
  ['dates', date('日期'), [['2026-01-05', ['2026-1-5', '2026/01/05', '2026.1.5', '2026年1月5日', '２０２６－０１－０５', '20260105', '2026 年 1 月 5 日']]], ['26-1-5', '2026-02-30', '5/1/2026', '2026年', '昨天', '2026-13-01']],
  ['ids', id('编号'), [['station-09', ['ｓｔａｔｉｏｎ－０９', ' station-09\u200b']]], ['Station-09', '9-station', '派出所', 'a', 'a b']],
  ['addresses of mail', email('邮箱'), [['a@example.cn', ['ａ＠example．cn', ' a@example.cn\u200b']]], ['a', 'a@', '@b.cn', 'a@b', 'a;b@c.cn']],
  ['numbers of cases', caseNumber('编号'), [['EA-000012', ['ea-12', 'EA 12', 'ea000012', 'ＥＡ－００００１２', 'EA—12', 'EA-000012\u200b']]], ['', '\u200b']],
  ['numbers of documents', documentNo('文号', 40), [
    ['示例公（治）行罚决字〔2026〕1号', ['示例公(治)行罚决字[2026]1号', '示例公（治）行罚决字（2026）１号', '示例公（治）行罚决字【2026】 1 号', '示例公（治）行罚决字 〔 2026 〕1号', '示例公（治）行罚决字〔２０２６年〕1号']],
    ['示例备案 0001', ['示例备案 ０００１']],
  ], ['', '甲\u202e乙']],
]
const typed = (field: z.ZodType, text: string) => new Validator(z.toJSONSchema(field, { io: 'input', unrepresentable: 'any' }) as object, '2020-12').validate(text).valid

describe.each(CODES)('%s', (_, field, accepted, refused) => {
  it.each(accepted)('are kept as %s, however they were typed, also by the schema that clients read', (kind, spellings) => {
    for (const text of [kind, ...spellings]) {
      expect(kept(field, text), text).toBe(kind)
      // A format is what a picker makes; it restricts nobody (JSON Schema 2020-12, 7.2.1).
      expect(typed(field.meta({ format: undefined }), text), text).toBe(true)
    }
  })

  it.each(refused)('are not %j', text => expect(said(field, text)).toEqual([expect.stringMatching(/\p{Script=Han}/u)]))
})

describe('values', () => {
  it.each([
    ['a missing field', line('文字', 9), undefined, '必须填写'],
    ['a number for text', line('文字', 9), 1, '应为文字'],
    ['text for a number', z.number(), '1', '应为数字'],
    ['another value than those to choose from', choice('选择', { a: '甲', b: '乙' }), 'c', '只能填写 a、b'],
    ['an unknown channel', Channel, 'fax', '只能填写 window、sub-centre、liaison-room、visit、forum、online、phone'],
    ['the same id twice', unitIds('单位'), ['legal', 'legal'], '不能重复'],
    ['letters in a telephone number', phone('电话'), '0575-abc', '电话号码格式不对，应如 13800000000、0575-87011234 或 0575-87011234转801'],
    ['a sign in the number of a document', idNumber('证件'), '33，0000', '证件号码格式不对，应为 5 至 20 位字母、数字'],
    ['a day that does not exist', pastDate('日期'), '2025-02-29', '须为有效日期，如 2026-01-31'],
    ['a time without offset', instant('时间'), '2026-01-31T09:00:00', '须为带时区的时间，如 2026-01-31T09:00:00+08:00'],
    ['a time too far off for a deadline', instant('时间'), '9999-12-31T23:59:59+08:00', '年份应在 1900 至 2199 之间'],
    ['a date that nobody can mean', pastDate('日期'), '0202-01-31', '年份应在 1900 至 2199 之间'],
    ['a figure that is too small', z.number().min(0), -1, '不能小于 0'],
    ['zero where more is needed', z.number().positive(), 0, '应大于 0'],
    ['a figure that is too big', z.number().max(5), 6, '不能大于 5'],
    ['an empty list', z.array(z.number()).min(1), [], '不能为空'],
    ['too long a list', z.array(z.number()).max(1), [1, 2], '最多 1 项，现有 2 项'],
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
