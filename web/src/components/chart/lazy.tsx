import { lazy, Suspense } from 'react'
import { Waiting } from '../waiting.tsx'
import type { ChartProps } from './chart.tsx'

const Loaded = lazy(() => import('./chart.tsx'))

/** A chart; its library is loaded when the first one is shown. */
export const Chart = (props: ChartProps) => <Suspense fallback={<Waiting />}><Loaded {...props} /></Suspense>
