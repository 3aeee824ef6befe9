/** A form drawn from a JSON Schema of the API: a new procedure needs no line here. Loaded on demand (`lazy.tsx`). */
import { withTheme, type FormProps } from '@rjsf/core'
import { Theme } from '@rjsf/antd'
import { englishStringTranslator, toErrorSchema, TranslatableString, type ErrorSchema } from '@rjsf/utils'
import type CoreForm from '@rjsf/core'
import { useEffect, useMemo, useRef, type ReactNode } from 'react'
import type { FieldError } from '../../api/problem.ts'
import './json-form.css'
import { prepareSchema, uiOf, type JsonSchema } from './prepare.ts'
import { prune, validator } from './validator.ts'
import { AddButton, RemoveButton } from './buttons.tsx'
import { ChoiceWidget, DayWidget, InstantWidget, ReferenceWidget, WholeArrayField, YesNoWidget } from './widgets.tsx'

const Form = withTheme({
  ...Theme, widgets: { ...Theme.widgets, ChoiceWidget, YesNoWidget, DayWidget, InstantWidget, ReferenceWidget }, fields: { WholeArrayField },
  templates: { ...Theme.templates, ButtonTemplates: { ...Theme.templates!.ButtonTemplates!, AddButton, RemoveButton } },
})

const TEXTS: Partial<Record<TranslatableString, string>> = {
  [TranslatableString.AddButton]: '添加', [TranslatableString.AddItemButton]: '添加一项', [TranslatableString.RemoveButton]: '删除', [TranslatableString.MoveUpButton]: '上移',
  [TranslatableString.MoveDownButton]: '下移', [TranslatableString.CopyButton]: '复制', [TranslatableString.YesLabel]: '是', [TranslatableString.NoLabel]: '否', [TranslatableString.ErrorsLabel]: '填写有误',
}

export interface JsonFormProps {
  schema: JsonSchema
  value: object
  onChange: (value: object) => void
  /** With everything left empty taken out. */
  onSubmit: (value: object) => void
  /** What the API found wrong, by JSON pointer. */
  errors?: FieldError[]
  /** Fields that are sent as they are and not shown. */
  hidden?: string[]
  disabled?: boolean
  /** Tells forms on one page apart. */
  id: string
  /** The buttons. */
  children: ReactNode
}

export default function JsonForm({ schema, value, onChange, onSubmit, errors, hidden, disabled = false, id, children }: JsonFormProps) {
  const prepared = useMemo(() => ({ ...prepareSchema(schema), title: '' }), [schema])
  const ui = useMemo(() => uiOf(prepared, hidden), [prepared, hidden])
  const form = useRef<CoreForm>(null)
  const refused = useMemo(() => value, [errors]) // what they were found wrong with
  const found = (errors ?? []).filter(({ pointer }) => at(value, pointer) === at(refused, pointer)).map(({ pointer, detail }) => ({ property: pointer.replaceAll('/', '.'), message: detail, stack: detail }))
  const first = errors?.[0]?.pointer
  useEffect(() => { if (first) form.current?.focusOnError({ property: first.replaceAll('/', '.'), stack: '' }) }, [errors, first])
  return (
    <Form
      ref={form} schema={prepared} uiSchema={ui} formData={withFirstItems(prepared, value)} validator={validator} disabled={disabled} idPrefix={id} className="json-form"
      onChange={({ formData }) => onChange(formData as object)} onSubmit={({ formData }) => onSubmit(prune(formData) as object)} onError={() => undefined}
      extraErrors={toErrorSchema(found) as ErrorSchema} showErrorList={false} noHtml5Validate liveValidate="onBlur" focusOnFirstError
      formContext={{ colSpan: 24, rowGutter: 16, labelAlign: 'left', colon: false }} translateString={translate as NonNullable<FormProps['translateString']>}
      // Nothing is chosen for anybody: neither the first of several choices nor a “no”.
      experimental_defaultFormStateBehavior={{ emptyObjectFields: 'skipDefaults', constAsDefaults: 'never' }}
    >
      {children}
    </Form>
  )
}

/** What a JSON pointer leads to. */
const at = (value: unknown, pointer: string): unknown =>
  pointer.split('/').slice(1).reduce<unknown>((within, name) => typeof within === 'object' && within !== null ? (within as Record<string, unknown>)[name] : undefined, value)

/** A list that must not be empty begins with one item to fill in. */
function withFirstItems(schema: JsonSchema, value: object): object {
  const lists = (schema.required ?? []).filter((name) => {
    const { type, minItems = 0, items } = (schema.properties?.[name] ?? {}) as JsonSchema
    return type === 'array' && minItems > 0 && !(items as JsonSchema).$comment
  })
  const firstOf = (name: string): unknown[] => ((schema.properties![name] as JsonSchema).items as JsonSchema).type === 'object' ? [{}] : [undefined]
  return { ...Object.fromEntries(lists.map(name => [name, firstOf(name)])), ...value }
}

const translate = (text: TranslatableString, params?: string[]): string => TEXTS[text] ?? englishStringTranslator(text, params)
