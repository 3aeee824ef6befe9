import { Drawer, Empty, Tag } from 'antd'
import { $api } from '../../api/client.ts'
import { PageError } from '../../components/page-error.tsx'
import { Waiting } from '../../components/waiting.tsx'

/** 为什么是这个时间: each deadline of a case, explained line by line. */
export default function WhyDue({ caseNo, open, onClose }: { caseNo: string, open: boolean, onClose: () => void }) {
  return <Drawer open={open} onClose={onClose} size={560} title="期限说明：为什么是这个时间" destroyOnHidden>{open && <Explained caseNo={caseNo} />}</Drawer>
}

function Explained({ caseNo }: { caseNo: string }) {
  const { data, error } = $api.useQuery('get', '/api/cases/{caseNo}/clock', { params: { path: { caseNo } } })
  if (error && !data) return <PageError error={error} />
  if (!data) return <Waiting />
  if (data.length === 0) return <Empty description="本案没有期限" />
  const liveFirst = [...data].sort((a, b) => Number(b.live) - Number(a.live))
  return liveFirst.map(({ of, title, live, provisional, lines }) => (
    <section key={of} className="why">
      <h3>{title} {live ? <Tag color="blue">进行中</Tag> : <Tag>已结束</Tag>}{provisional && <Tag color="warning">暂定</Tag>}</h3>
      <ol>{lines.map(line => <li key={line}>{line}</li>)}</ol>
    </section>
  ))
}
