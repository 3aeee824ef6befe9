/** From a procedure's JSON Schema to what the form library draws: which field is shown how. */
import type { RJSFSchema, UiSchema } from '@rjsf/utils'

export type JsonSchema = RJSFSchema

/** A text longer than this is written over several lines. */
export const longText = 500
/** So many choices are shown side by side; more go into a list. */
const fewChoices = 5

/** Values with their labels, where a field is a choice. */
export const choicesOf = (schema: JsonSchema): { value: unknown, label: string }[] | undefined =>
  schema.oneOf?.every(one => typeof one === 'object' && 'const' in one)
    ? schema.oneOf.map(one => ({ value: (one as JsonSchema).const, label: String((one as JsonSchema).title ?? (one as JsonSchema).const) }))
    : undefined

/** The schema without what would be taken for something else: `enum` beside the labelled `oneOf`, examples. */
export function prepareSchema(schema: JsonSchema): JsonSchema {
  const { $schema: _schema, examples: _examples, ...rest } = schema
  if (choicesOf(schema)) delete rest.enum
  // The picker makes no other dates; the pattern would only hide which field is empty.
  if (rest.format === 'date' || rest.format === 'date-time') delete rest.pattern
  return {
    ...rest,
    ...(schema.properties && { properties: mapValues(schema.properties, part => prepareSchema(part as JsonSchema)) }),
    ...(typeof schema.items === 'object' && !Array.isArray(schema.items) && { items: prepareSchema(schema.items as JsonSchema) }),
  }
}

/** Widgets by what a field holds. `hidden` fields are sent, not shown. */
export function uiOf(schema: JsonSchema, hidden: string[] = []): UiSchema {
  const own: UiSchema = { ...widgetOf(schema) }
  for (const [name, part] of Object.entries(schema.properties ?? {})) own[name] = hidden.includes(name) ? { 'ui:widget': 'hidden' } : uiOf(part as JsonSchema)
  if (schema.type === 'array' && !own['ui:widget']) Object.assign(own, { 'ui:options': { orderable: false } }).items = { ...uiOf(schema.items as JsonSchema), 'ui:title': '' }
  return own
}

/** What is chosen by name; other marks are for whoever reads the form later. */
const isReference = (mark: string | undefined): boolean => ['unit', 'person', 'enterprise', 'case'].includes(mark ?? '')

function widgetOf(schema: JsonSchema): UiSchema {
  const items = typeof schema.items === 'object' ? schema.items as JsonSchema : undefined
  if (isReference(items?.$comment)) return { 'ui:widget': 'ReferencesWidget', 'ui:field': 'WholeArrayField' }
  if (isReference(schema.$comment)) return { 'ui:widget': schema.$comment === 'case' ? 'CaseWidget' : 'ReferenceWidget' }
  const choices = choicesOf(schema)
  if (choices) return { 'ui:widget': choices.length <= fewChoices ? 'ChoiceWidget' : 'select' }
  if (schema.const === true) return { 'ui:widget': 'checkbox' }
  if (schema.type === 'boolean') return { 'ui:widget': 'YesNoWidget' }
  if (schema.type === 'number' || schema.type === 'integer') return { 'ui:widget': 'NumberWidget' }
  if (schema.format === 'date') return { 'ui:widget': 'DayWidget' }
  if (schema.format === 'date-time') return { 'ui:widget': 'InstantWidget' }
  if (schema.type === 'string' && (schema.maxLength ?? 0) >= longText) return { 'ui:widget': 'textarea', 'ui:options': { rows: 3 } }
  return {}
}

const mapValues = <From, To>(object: Record<string, From>, map: (value: From) => To): Record<string, To> =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]))
