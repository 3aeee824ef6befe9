/** A form drawn from a JSON Schema of the API: a new procedure needs no line here. Loaded on demand (`lazy.tsx`). */
import { withTheme, type FormProps } from '@rjsf/core'
import { Theme } from '@rjsf/antd'
import { englishStringTranslator, toErrorSchema, TranslatableString, type ErrorSchema } from '@rjsf/utils'
import type CoreForm from '@rjsf/core'
import { useEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import { at, type FieldError } from '../../api/problem.ts'
import './json-form.css'
import { prepareSchema, uiOf, type JsonSchema } from './prepare.ts'
import { findErrors, prune, validator } from './validator.ts'
import { AddButton, RemoveButton } from './buttons.tsx'
import { CaseWidget, ChoiceWidget, DayWidget, InstantWidget, NumberWidget, ReferenceWidget, WholeArrayField, YesNoWidget } from './widgets.tsx'
import type { Handing } from '../reference-select.tsx'

const Form = withTheme({
  ...Theme, widgets: { ...Theme.widgets, CaseWidget, ChoiceWidget, YesNoWidget, DayWidget, InstantWidget, NumberWidget, ReferenceWidget }, fields: { WholeArrayField },
  templates: { ...Theme.templates, ButtonTemplates: { ...Theme.templates!.ButtonTemplates!, AddButton, RemoveButton } },
})

const TEXTS: Partial<Record<TranslatableString, string>> = {
  [TranslatableString.AddButton]: '添加', [TranslatableString.AddItemButton]: '添加一项', [TranslatableString.RemoveButton]: '删除', [TranslatableString.MoveUpButton]: '上移',
  [TranslatableString.MoveDownButton]: '下移', [TranslatableString.CopyButton]: '复制', [TranslatableString.YesLabel]: '是', [TranslatableString.NoLabel]: '否', [TranslatableString.ErrorsLabel]: '填写有误',
}

const NONE: FieldError[] = []

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
  /** The case that it is about. */
  caseNo?: string
  /** The task that it hands on: only who can take it is offered. */
  handing?: Handing | undefined
  /** Only its people are offered. */
  unit?: string | undefined
  /** Tells forms on one page apart. */
  id: string
  /** The buttons. */
  children: ReactNode
}

export default function JsonForm({ schema, value, onChange, onSubmit, errors = NONE, hidden, disabled = false, caseNo, handing, unit, id, children }: JsonFormProps) {
  const prepared = useMemo(() => ({ ...prepareSchema(schema), title: '' }), [schema])
  const ui = useMemo(() => uiOf(prepared, hidden), [prepared, hidden])
  const form = useRef<CoreForm>(null)
  const focus = ({ pointer }: FieldError): void => form.current?.focusOnError({ property: dotted(pointer), stack: '' })
  // A field is told what is wrong once its reader has left it, or has tried to send.
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [tried, setTried] = useState(false)
  const own = findErrors(prepared, value).filter(({ pointer }) => tried || left.has(id + pointer.replaceAll('/', '_')))
  // What the API has refused stands until it is changed.
  const refused = useMemo(() => value, [errors])
  const found = [...own, ...errors.filter(({ pointer }) => at(value, pointer) === at(refused, pointer))]
  useEffect(() => { if (errors[0]) focus(errors[0]) }, [errors])
  const submit = (filled: object): void => {
    const wrong = findErrors(prepared, filled)
    setTried(true)
    const names = Object.keys(prepared.properties ?? {})
    const [first] = wrong.sort((a, b) => names.indexOf(a.pointer.split('/')[1]!) - names.indexOf(b.pointer.split('/')[1]!))
    if (first) focus(first)
    else onSubmit(prune(filled) as object)
  }
  return (
    // Enter in a field of one line ends what is typed there; it is no decision to send the whole.
    <div onKeyDown={(e) => { if (e.key === 'Enter' && e.target instanceof HTMLInputElement) e.preventDefault() }} onBlur={({ target }) => setLeft(before => new Set([...before, target.id, (target as HTMLInputElement).name]))}>
      <Form
        ref={form} schema={prepared} uiSchema={ui} formData={withFirstItems(prepared, value)} validator={validator} disabled={disabled} idPrefix={id} className="json-form"
        onChange={({ formData }) => onChange(formData as object)} onSubmit={({ formData }) => submit(formData as object)}
        extraErrors={toErrorSchema(found.map(({ pointer, detail }) => ({ property: dotted(pointer), message: detail, stack: detail }))) as ErrorSchema} showErrorList={false} noHtml5Validate
        formContext={{ colSpan: 24, rowGutter: 16, labelAlign: 'left', colon: false, caseNo, handing, unit }} translateString={translate as NonNullable<FormProps['translateString']>}
        // Nothing is chosen for anybody: neither the first of several choices nor a “no”.
        experimental_defaultFormStateBehavior={{ emptyObjectFields: 'skipDefaults', constAsDefaults: 'never' }}
      >
        {tried && own.length > 0 && <p role="alert" className="still-wrong">还没有填好：{[...new Set(own.map(({ pointer }) => titleOf(prepared, pointer)))].join('、')}</p>}
        {children}
      </Form>
    </div>
  )
}

/** A JSON pointer, as the form library writes it. */
const dotted = (pointer: string): string => pointer.replaceAll('/', '.')

/** What the field is called that a JSON pointer leads to; of a list's items, the list. */
const titleOf = ({ properties = {} }: JsonSchema, pointer: string): string => (properties[pointer.split('/')[1] ?? ''] as JsonSchema | undefined)?.title ?? '本表'

/** A list that must not be empty begins with one item to fill in. */
function withFirstItems(schema: JsonSchema, value: object): object {
  const lists = (schema.required ?? []).filter((name) => {
    const { type, minItems = 0, items } = (schema.properties?.[name] ?? {}) as JsonSchema
    // What is chosen from a list is one field.
    return type === 'array' && minItems > 0 && !(items as JsonSchema).$comment && !(items as JsonSchema).oneOf
  })
  const firstOf = (name: string): unknown[] => ((schema.properties![name] as JsonSchema).items as JsonSchema).type === 'object' ? [{}] : [undefined]
  return { ...Object.fromEntries(lists.map(name => [name, firstOf(name)])), ...value }
}

const translate = (text: TranslatableString, params?: string[]): string => TEXTS[text] ?? englishStringTranslator(text, params)
