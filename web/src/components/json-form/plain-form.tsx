/** A form that is one text: drawn without the form library, so that a word can be said at once. */
import { useEffect, useRef, useState } from 'react'
import type { JsonFormProps } from './json-form.tsx'
import { longText, type JsonSchema } from './prepare.ts'
import './plain-form.css'

const isText = ({ type, maxLength = 0, $comment, oneOf, format }: JsonSchema): boolean => type === 'string' && maxLength >= longText && !$comment && !oneOf && !format

/** The name of the text, where a form is one over several lines, apart from what is hidden. */
export function onlyText({ properties = {} }: JsonSchema, hidden: string[] = []): string | undefined {
  const [field, ...more] = Object.entries(properties as Record<string, JsonSchema>).filter(([name]) => !hidden.includes(name))
  return field && more.length === 0 && isText(field[1]) ? field[0] : undefined
}

/** @param name of the field, as {@link onlyText} found it */
export function PlainForm({ schema, value, onChange, onSubmit, errors = [], disabled = false, id, children, name }: JsonFormProps & { name: string }) {
  const field = schema.properties![name] as JsonSchema
  const text = String((value as Record<string, unknown>)[name] ?? '')
  const [empty, setEmpty] = useState(false)
  const [refused, setRefused] = useState<string>()
  const box = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    setRefused(errors.length > 0 ? JSON.stringify(value) : undefined)
    if (errors.length > 0) box.current?.focus()
  }, [errors])
  const isRefused = refused === JSON.stringify(value)
  const wrong = empty && text.trim() === '' ? '必须填写' : isRefused ? errors.map(({ detail }) => detail).join('；') : ''
  const submit = (): void => {
    const isMissing = text.trim() === '' && schema.required?.includes(name) === true
    setEmpty(isMissing)
    if (isMissing) box.current?.focus()
    else onSubmit({ ...value, [name]: text.trim() === '' ? undefined : text })
  }
  const fieldId = `${id}_${name}`
  return (
    <form className="plain-form" noValidate onSubmit={(e) => { e.preventDefault(); submit() }}>
      <label htmlFor={fieldId}>{field.title ?? name}</label>
      <textarea ref={box} id={fieldId} rows={3} value={text} disabled={disabled} {...(wrong && { 'aria-invalid': true, 'aria-describedby': `${fieldId}-wrong` })} onChange={e => onChange({ ...value, [name]: e.target.value })} />
      {wrong && <div id={`${fieldId}-wrong`} className="plain-wrong" role="alert">{wrong}</div>}
      {field.description && <small className="muted">{field.description}</small>}
      {children}
    </form>
  )
}
