import { DownloadOutlined, PrinterOutlined } from '@ant-design/icons'
import { Button, Flex, Tag } from 'antd'
import type { Schemas } from '../api/client.ts'
import { dateTime } from '../time.ts'
import { Facts } from './facts.tsx'
import type { JsonSchema } from './json-form/prepare.ts'

type Document = Schemas['CaseDocument']

/** That a document no longer holds; nothing where it does. */
export function StandingTag({ state, replacedBy }: Pick<Document, 'state' | 'replacedBy'>) {
  if (state === 'valid') return null
  return <Tag color={state === 'withdrawn' ? 'red' : 'orange'}>{state === 'withdrawn' ? '已撤销' : `已由 ${replacedBy} 替换`}</Tag>
}

/** Documents of a case: what each is, what it says, and the file as it was issued, to take along or to print. */
export function Documents({ documents, forms }: { documents: Document[], forms: Record<string, unknown> }) {
  return documents.map(one => (
    <section key={one.number} className="answer">
      <h3>{one.title} {one.audience === 'officers' && <Tag>内部</Tag>}<StandingTag {...one} /><small className="muted">{one.name} · <span>{one.number}</span> · {dateTime(one.issuedAt)}</small></h3>
      {one.stateSince && <p>{dateTime(one.stateSince)} {one.state === 'withdrawn' ? '撤销' : '替换'}：{one.stateReason}</p>}
      <Facts value={one.content} schema={forms[one.kind] as JsonSchema} names={one.names} />
      <Flex gap={8} wrap align="center" className="no-print">
        <Button icon={<DownloadOutlined />} href={one.href} download>下载</Button>
        <Button icon={<PrinterOutlined />} href={`${one.href}?show=1`} target="_blank" rel="noreferrer">查看、打印</Button>
        <span className="muted">核验码 {one.code}</span>
      </Flex>
    </section>
  ))
}
