import { Link } from '@tanstack/react-router'
import { Empty } from 'antd'
import type { ReactNode } from 'react'
import { Page } from './page.tsx'

/** Nothing here, and why that is or what to do next. */
export function Nothing({ title, children }: { title: string, children?: ReactNode }) {
  return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={<><strong>{title}</strong>{children && <div className="muted nothing-more">{children}</div>}</>} style={{ padding: '32px 0' }} />
}

/** An address that leads nowhere, or to what the reader may not see. */
export function NotFound() {
  return <Page title="没有这个页面"><div className="panel"><Nothing title="地址有误，或者您无权查看"><Link to="/">返回首页</Link></Nothing></div></Page>
}
