import { lazy, Suspense } from 'react'
import { Waiting } from '../waiting.tsx'
import type { JsonFormProps } from './json-form.tsx'

const Loaded = lazy(() => import('./json-form.tsx'))

/** The form of a JSON Schema; its libraries are loaded when the first form is shown. */
export const JsonForm = (props: JsonFormProps) => <Suspense fallback={<Waiting />}><Loaded {...props} /></Suspense>

export type { JsonFormProps }
