import { lazy, Suspense } from 'react'
import { Waiting } from '../waiting.tsx'
import type { JsonFormProps } from './json-form.tsx'
import { onlyText, PlainForm } from './plain-form.tsx'

const Loaded = lazy(() => import('./json-form.tsx'))

/** The form of a JSON Schema; its libraries are loaded when the first form is shown that is more than one text. */
export function JsonForm(props: JsonFormProps) {
  const name = onlyText(props.schema, props.hidden)
  return name === undefined ? <Suspense fallback={<Waiting />}><Loaded {...props} /></Suspense> : <PlainForm {...props} name={name} />
}

export type { JsonFormProps }
