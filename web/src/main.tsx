import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { App, ConfigProvider, theme as antdTheme } from 'antd'
import zhCN from 'antd/es/locale/zh_CN'
import 'dayjs/locale/zh-cn'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from './api/client.ts'
import { ApiProblem, isPartMissing } from './api/problem.ts'
import './csp.ts'
import './main.css'
import { router } from './router.tsx'
import { useDensity } from './session/preferences.ts'
import { theme } from './theme.ts'

/** What is pressed or filled in: not for paper (main.css). Names inside the component library change; this one is ours. */
const control = { className: 'control' }
const CONTROLS = { button: { ...control, autoInsertSpace: false }, input: control, textArea: control, inputNumber: control, select: control, datePicker: control, rangePicker: control, segmented: control, radio: control, checkbox: control, tabs: { classNames: { header: 'control' } } }

function Workbench() {
  const [density] = useDensity()
  return (
    <ConfigProvider locale={zhCN} theme={density === 'compact' ? { ...theme, algorithm: antdTheme.compactAlgorithm } : theme} {...CONTROLS}>
      <App style={{ height: '100%' }}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </App>
    </ConfigProvider>
  )
}

// A refusal of the API, or a part that did not come, is shown in its place; it is no fault of the page.
const onCaughtError = (error: unknown): void => { if (!(error instanceof ApiProblem || isPartMissing(error))) console.error(error) }

createRoot(document.getElementById('root')!, { onCaughtError }).render(<StrictMode><Workbench /></StrictMode>)
