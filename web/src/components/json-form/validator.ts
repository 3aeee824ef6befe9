/** Checks forms while they are filled in, without `eval` (Content-Security-Policy); the API's check is the one that counts. */
import { Validator, type OutputUnit, type Schema } from '@cfworker/json-schema'
import type { RJSFSchema, ValidatorType } from '@rjsf/utils'
import { at, type FieldError } from '../../api/problem.ts'

/** Without what was left empty: an optional part that somebody opened and did not fill in is not there. */
export function prune(value: unknown): unknown {
  // An item that is still empty keeps its place.
  if (Array.isArray(value)) return value.map(item => prune(item) ?? null)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).map(([key, part]) => [key, prune(part)] as const).filter(([, part]) => !isEmpty(part))
  return Object.fromEntries(kept)
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || (typeof value === 'string' && !visible.test(value)) || (typeof value === 'object' && Object.keys(value).length === 0)

/** Something that a reader sees: blanks and invisible marks are nothing, as for the API. */
const visible = /(?!\p{Default_Ignorable_Code_Point}|[\u2800\ufff9-\ufffc])[\p{L}\p{N}\p{P}\p{S}\p{Co}\p{Cn}]/u

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/** What is wrong with a form as it is filled in so far, in the words and by the pointers of the API. */
export const findErrors = (schema: RJSFSchema, value: unknown): FieldError[] =>
  new Validator(schema as Schema, '2020-12', false).validate(prune(value) ?? {}).errors.flatMap(unit => toError(unit, value))

/** For the form library, which is told what is wrong and does not look for itself: it would say so of fields that nobody has come to yet. */
export const validator: ValidatorType = {
  validateFormData: () => ({ errors: [], errorSchema: {} }),
  isValid: (schema, formData) => new Validator(schema as Schema, '2020-12').validate(formData ?? null).valid,
  rawValidation: () => ({}),
}

/** What a keyword asks for; those that only say that something further down is wrong are left out. */
const SAYS: Record<string, string> = {
  required: '必须填写',
  minLength: '必须填写',
  minItems: '至少填写一项',
  maxItems: '填写的项太多',
  uniqueItems: '不能重复',
  maxLength: '太长',
  pattern: '格式不对，或含有不允许的字符',
  format: '格式不对',
  minimum: '太小',
  exclusiveMinimum: '必须大于 0',
  maximum: '太大',
  exclusiveMaximum: '太大',
  type: '必须填写', // of another type is only what is still empty
  enum: '请从列出的选项中选择',
  oneOf: '请从列出的选项中选择',
  const: '须确认此项',
}

function toError({ keyword, instanceLocation, keywordLocation, error }: OutputUnit, value: unknown): FieldError[] {
  const message = SAYS[keyword]
  if (!message || /\/(oneOf|anyOf)\/\d/.test(keywordLocation)) return []
  const missing = keyword === 'required' ? /"(.+)"/.exec(error)?.[1] : undefined
  const pointer = `${instanceLocation.slice(1)}${missing === undefined ? '' : `/${missing}`}`
  if (keyword !== 'maxLength') return [{ pointer, detail: message }]
  // The schema counts code points; people, and the API, count what they see.
  const [max, count] = [Number(/> (\d+)/.exec(error)?.[1]), [...graphemes.segment(String(at(value, pointer)).trim())].length]
  return count > max ? [{ pointer, detail: `最多 ${max} 字，现有 ${count} 字` }] : []
}
