import { Link } from '@tanstack/react-router'
import { Button, Empty, Result } from 'antd'
import type { ReactNode } from 'react'

/** Nothing here, and why that is or what to do next. */
export function Nothing({ title, children }: { title: string, children?: ReactNode }) {
  return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={<><strong>{title}</strong>{children && <div className="muted" style={{ marginTop: 4 }}>{children}</div>}</>} style={{ padding: '32px 0' }} />
}

/** An address that leads nowhere, or to what the reader may not see. */
export function NotFound() {
  return <Result status="404" title="没有这个页面" subTitle="地址有误，或者您无权查看。" extra={<Link to="/"><Button type="primary">返回首页</Button></Link>} />
}
