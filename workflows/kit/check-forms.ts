/**
 * The check of what somebody sent against a form: JSON pointers, and Chinese sentences that begin with the field's title
 * and repeat no input. Runs in Node only, never in the workflow sandbox.
 */
import { z } from 'zod'
import { cleanText, oddIn, withoutOdd } from '../../model/text.ts'
import type { Named } from './fields.ts'

/** What is wrong with which field: a JSON pointer (RFC 6901; `''` is the whole form) and what to put right. */
export interface FieldError { pointer: string, detail: string }

/** An officer corrects a form field by field; of more wrong ones than this, the rest is left out. */
export const maxFieldErrors = 50

type Issue = z.core.$ZodIssue
type RawIssue = z.core.$ZodRawIssue
type Path = readonly PropertyKey[]
type JsonSchema = z.core.JSONSchema.BaseSchema

z.config(z.locales.zhCN())

/** Schemas of what is taken as it was typed, marks and all: half-written texts, and forms that are checked later by their own schema. */
export const asTyped = z.registry()

/**
 * The form as its schema reads it (every text cleaned, defaults filled in), or what is wrong with it: one thing per field. `looking`:
 * nothing of it is kept, so that what no text may hold is passed over instead of refused.
 */
export function checkForm<Schema extends z.ZodType>(schema: Schema, input: unknown, looking = false): { form: z.output<Schema> } | { errors: FieldError[] } {
  const odd: Fault[] = []
  const parsed = schema.safeParse(asTyped.has(schema) ? input : cleaned(input, [], looking ? undefined : odd), { error: wording })
  if (parsed.success && odd.length === 0) return { form: parsed.data }
  const root = toJsonSchema(schema)
  const byPointer = new Map<string, FieldError>()
  for (const { path, message } of [...odd, ...parsed.error?.issues.flatMap(flatten) ?? []]) {
    const pointer = toPointer(path)
    // One thing to put right per field: an empty text is also too short and of the wrong pattern.
    if (!byPointer.has(pointer)) byPointer.set(pointer, { pointer, detail: labelled(root, path, message) })
    if (byPointer.size === maxFieldErrors) break
  }
  return { errors: [...byPointer.values()] }
}

/** An id in a form or fact that names something. */
export interface Reference { to: Named, id: string, path: Path }

const NAMED: ReadonlySet<unknown> = new Set<Named>(['unit', 'person', 'enterprise', 'case', 'task', 'step'])

/** The ids in a form or fact, which fits `schema`, that name something. */
export function findReferences(schema: z.ZodType, form: unknown): Reference[] {
  const root = toJsonSchema(schema)
  const visit = (node: JsonSchema, value: unknown, path: Path): Reference[] => {
    const nodes = alternatives(node, root)
    if (typeof value === 'string') return nodes.filter(n => NAMED.has(n.$comment)).slice(0, 1).map(n => ({ to: n.$comment as Named, id: value, path }))
    if (typeof value !== 'object' || value === null) return []
    const parts: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
    return parts.flatMap(([key, part]) => nodes.flatMap(n => child(n, key)).slice(0, 1).flatMap(n => visit(n, part, [...path, key])))
  }
  return visit(root, form, [])
}

/** What of a fact people could not read: a field without a Chinese title, an id or a code without a name. By its path. */
export function findUnreadable(schema: z.ZodType | undefined, fact: unknown): string[] {
  const root = schema ? toJsonSchema(schema) : {}
  const visit = (nodes: JsonSchema[], value: unknown, path: string): string[] => {
    if (value === null || typeof value === 'boolean' || nodes.some(n => n.$comment !== undefined)) return []
    if (typeof value === 'number') return []
    if (typeof value === 'string') return isCode(value) && !nodes.some(n => n.oneOf?.some(one => (one as JsonSchema).const === value)) ? [`${path} (${value})`] : []
    const parts: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value as object)
    return parts.flatMap(([key, part]) => {
      const own = nodes.flatMap(n => child(n, key)).flatMap(n => alternatives(n, root))
      const at = typeof key === 'number' ? path : `${path}.${key}`
      return typeof key === 'string' && !own.some(n => /\p{Script=Han}/u.test(n.title ?? '')) ? [at] : visit(own, part, at)
    })
  }
  return visit(alternatives(root, root), fact, '')
}

/** What programs call something by: the id of a person or a unit, of a round of a task, a value of a choice. */
const isCode = (text: string) => /^[a-z][a-z0-9-]*$/.test(text) || /^[A-Z]{2}-\d+\./.test(text) || text.startsWith('system:')

/** Says of a field of `schema`, by its title, what is wrong with it. */
export function fieldError(schema: z.ZodType, path: Path, message: string): FieldError {
  return { pointer: toPointer(path), detail: labelled(toJsonSchema(schema), path, message) }
}

/** Whether a form, or a part of it, would swallow fields that it does not know: it is made of `z.object` instead of `z.strictObject`. */
export function swallowsUnknownFields(schema: z.ZodType): boolean {
  const swallows = (node: unknown): boolean => {
    if (typeof node !== 'object' || node === null) return false
    if ('properties' in node && !('additionalProperties' in node)) return true
    return Object.values(node).some(swallows)
  }
  return swallows(toJsonSchema(schema))
}

const jsonSchemas = new WeakMap<z.ZodType, JsonSchema>()

/** JSON Schema of what may be sent; made once, and not to be changed. */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  const known = jsonSchemas.get(schema)
  if (known) return known
  const made = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', override: ({ jsonSchema }) => { for (const mark of MARKS) delete jsonSchema[mark] } })
  jsonSchemas.set(schema, made)
  return made
}

/** What a form says of who reads it (`readers-of-forms.ts`): of no use to whoever fills it in, and nothing that validators know. */
const MARKS = ['for', 'masked'] as const
const markedSchemas = new WeakMap<z.ZodType, JsonSchema | null>()

/** The JSON Schema with the marks of who reads what; undefined where there are none. */
export function markedSchema(schema: z.ZodType): JsonSchema | undefined {
  let found = markedSchemas.get(schema)
  if (found === undefined) {
    const made = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
    found = isMarked(made) ? made : null
    markedSchemas.set(schema, found)
  }
  return found ?? undefined
}

const isMarked = (node: unknown): boolean => typeof node === 'object' && node !== null && (MARKS.some(mark => mark in node && typeof (node as JsonSchema)[mark] !== 'object') || Object.values(node).some(isMarked))

/** All that a schema says of a part of what fits `nodes` (null: of the whole). */
export const partsOfSchema = (nodes: JsonSchema[] | null, key: string | number, root: JsonSchema): JsonSchema[] =>
  nodes === null ? alternatives(root, root) : nodes.flatMap(node => child(node, key)).flatMap(node => alternatives(node, root))

/** JSON pointer of a path (RFC 6901). */
export function toPointer(path: Path): string {
  return path.map(key => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

interface Fault { path: Path, message: string }

/** A value with every text in it as it is kept; what no text may hold is added to `odd`, or dropped where nobody asks for it. */
function cleaned(value: unknown, path: Path, odd: Fault[] | undefined): unknown {
  if (typeof value === 'string') {
    if (!odd) return withoutOdd(value)
    const text = cleanText(value)
    const message = oddIn(text)
    if (message) odd.push({ path, message })
    return text
  }
  if (Array.isArray(value)) return value.map((part, i) => cleaned(part, [...path, i], odd))
  // Bytes are no form.
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, cleaned(part, [...path, key], odd)]))
}

/** An unknown field is an error of that field; of a choice that nothing fits, the branch that came closest is told. */
function flatten(issue: Issue): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(key => ({ path: [...issue.path, key], message: '没有这一项，请删除' }))
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const closest = issue.errors.reduce((best, errors) => (errors.length < best.length ? errors : best))
    return closest.flatMap(flatten).map(({ path, message }) => ({ path: [...issue.path, ...path], message }))
  }
  return [issue]
}

const TYPES: Record<string, string> = {
  string: '文字', number: '数字', int: '整数', boolean: '“是”或“否”（true、false）', array: '列表', object: '一组填写项', record: '一组填写项',
}

const FORMATS: Record<string, string> = {
  date: '日期应写作 2026-03-01',
  datetime: '时间应写明时区，如 2026-03-01T09:00:00+08:00',
  email: '电子邮箱格式不正确',
  url: '网址格式不正确',
}

const COUNTED: Record<string, string> = { string: '字', array: '项' }

/** What to put right, without the title. Undefined: zod's own Chinese text serves. A message of the form itself goes before. */
function wording(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined || issue.input === null ? '必须填写' : typeWording(issue.expected)
    case 'invalid_value':
      return issue.input === undefined ? '必须填写' : `只能填写 ${issue.values.map(String).join('、')}`
    case 'invalid_union':
      return Array.isArray(issue.options) ? `只能填写 ${issue.options.join('、')}` : '填写有误'
    case 'too_small':
    case 'too_big':
      return sizeWording(issue)
    case 'invalid_format':
      return FORMATS[issue.format] ?? '格式不正确'
    case 'not_multiple_of':
      return `应为 ${issue.divisor} 的倍数`
    case 'custom':
      return '填写有误'
    default:
      return undefined
  }
}

function typeWording(expected: string): string {
  const type = TYPES[expected]
  return type ? `应为${type}` : '填写有误'
}

function sizeWording(issue: RawIssue & { code: 'too_small' | 'too_big' }): string {
  const least = issue.code === 'too_small'
  const bound = least ? issue.minimum : issue.maximum
  const unit = COUNTED[issue.origin]
  if (unit) {
    if (issue.exact) return `应为 ${bound} ${unit}`
    if (least && bound === 1) return '不能为空'
    return `${least ? '至少' : '最多'} ${bound} ${unit}，现有 ${(issue.input as { length: number }).length} ${unit}`
  }
  if (issue.inclusive === false) return least ? `应大于 ${bound}` : `应小于 ${bound}`
  return least ? `不能小于 ${bound}` : `不能大于 ${bound}`
}

/** `羁押理由第 2 项·证据：必须填写`: the titles on the way to the field, then the message. */
function labelled(root: JsonSchema, path: Path, message: string): string {
  let nodes = alternatives(root, root)
  let label = ''
  for (const key of path) {
    nodes = nodes.flatMap(node => child(node, key)).flatMap(node => alternatives(node, root))
    if (typeof key === 'number') label += `第 ${key + 1} 项`
    else label += (label && '·') + (nodes.find(node => node.title)?.title ?? shortened(String(key)))
  }
  return label ? `${label}：${message}` : message
}

/** A key may be anything that somebody sent. */
function shortened(key: string): string {
  return key.length > 40 ? `${key.slice(0, 40)}…` : key
}

/** A schema with all that it refers to or is made of. */
function alternatives(node: JsonSchema, root: JsonSchema, seen = new Set<JsonSchema>()): JsonSchema[] {
  if (seen.has(node)) return []
  seen.add(node)
  const referred = node.$ref === '#' ? root : root.$defs?.[node.$ref?.replace('#/$defs/', '') ?? '']
  const parts = [referred, ...(node.anyOf ?? []), ...(node.oneOf ?? []), ...(node.allOf ?? [])]
  return [node, ...parts.flatMap(part => (typeof part === 'object' ? alternatives(part, root, seen) : []))]
}

function child(node: JsonSchema, key: PropertyKey): JsonSchema[] {
  const found = typeof key === 'number' ? (node.prefixItems?.[key] ?? node.items) : (node.properties?.[String(key)] ?? node.additionalProperties)
  return typeof found === 'object' && !Array.isArray(found) ? [found] : []
}
