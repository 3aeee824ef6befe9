import { Card } from 'antd'
import type { Schemas } from '../api/client.ts'
import { dateTime } from '../time.ts'
import { Page } from './page.tsx'

/** An application that has its number and is not a case yet; the page of the case comes by itself. */
export function ReceivedPage({ found: { caseNo, title, receivedAt } }: { found: Schemas['Received'] }) {
  return (
    <Page title={title}>
      <Card role="status">
        <p><strong>已收到，编号 <span className="case-no">{caseNo}</span>，正在登记</strong></p>
        <p className="muted">{dateTime(receivedAt)} 收到。登记完成后本页自动更新，不需要重新提交；已经上传的材料一并登记。</p>
      </Card>
    </Page>
  )
}
