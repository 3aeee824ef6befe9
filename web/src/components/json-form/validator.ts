/** Checks forms while they are filled in, without `eval` (Content-Security-Policy); the API's check is the one that counts. */
import { Validator, type OutputUnit, type Schema } from '@cfworker/json-schema'
import { createErrorHandler, toErrorList, toErrorSchema, unwrapErrorHandler, validationDataMerge, type RJSFSchema, type RJSFValidationError, type UiSchema, type ValidatorType } from '@rjsf/utils'

/** Without what was left empty: an optional part that somebody opened and did not fill in is not there. */
export function prune(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(prune)
  if (typeof value !== 'object' || value === null) return value
  const kept = Object.entries(value).map(([key, part]) => [key, prune(part)] as const).filter(([, part]) => !isEmpty(part))
  return Object.fromEntries(kept)
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (typeof value === 'object' && Object.keys(value).length === 0)

const check = (schema: RJSFSchema, data: unknown): OutputUnit[] => new Validator(schema as Schema, '2020-12', false).validate(prune(data) ?? {}).errors

export const validator: ValidatorType = {
  validateFormData(formData, schema, customValidate, transformErrors, uiSchema) {
    const found = check(schema, formData).flatMap(toError)
    const errors = transformErrors ? transformErrors(found, uiSchema as UiSchema) : found
    const data = { errors, errorSchema: toErrorSchema(errors) }
    if (!customValidate) return data
    const custom = unwrapErrorHandler(customValidate(formData, createErrorHandler(formData), uiSchema as UiSchema))
    return validationDataMerge(data, custom)
  },
  isValid: (schema, formData) => new Validator(schema as Schema, '2020-12').validate(formData ?? null).valid,
  rawValidation: (schema, formData) => ({ errors: toErrorList(toErrorSchema(check(schema, formData).flatMap(toError))) as never[] }),
}

/** What a keyword asks for; those that only say that something further down is wrong are left out. */
const SAYS: Record<string, string> = {
  required: '必须填写',
  minLength: '必须填写',
  minItems: '至少填写一项',
  maxItems: '填写的项太多',
  uniqueItems: '不能重复',
  maxLength: '太长，请精简',
  pattern: '格式不对，或含有不允许的字符',
  format: '格式不对',
  minimum: '太小',
  exclusiveMinimum: '必须大于 0',
  maximum: '太大',
  exclusiveMaximum: '太大',
  type: '填写的内容类型不对',
  enum: '请从列出的选项中选择',
  oneOf: '请从列出的选项中选择',
  const: '须确认此项',
}

function toError({ keyword, instanceLocation, keywordLocation, error }: OutputUnit): RJSFValidationError[] {
  const message = SAYS[keyword]
  if (!message || /\/(oneOf|anyOf)\/\d/.test(keywordLocation)) return []
  const missing = keyword === 'required' ? /"(.+)"/.exec(error)?.[1] : undefined
  const path = [...instanceLocation.split('/').slice(1), ...(missing === undefined ? [] : [missing])]
  return [{ name: keyword, property: path.map(key => `.${key}`).join(''), message, stack: message }]
}
