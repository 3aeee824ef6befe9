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

function Workbench() {
  const [density] = useDensity()
  return (
    <ConfigProvider locale={zhCN} theme={density === 'compact' ? { ...theme, algorithm: antdTheme.compactAlgorithm } : theme} button={{ autoInsertSpace: false }}>
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
