import { DownloadOutlined } from '@ant-design/icons'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Flex, Grid, Input, Select, type TableColumnsType } from 'antd'
import { $api, type Schemas } from '../../api/client.ts'
import { usePages } from '../../api/pages.ts'
import { useProcedures } from '../../api/reference.ts'
import { StandingTag } from '../../components/documents.tsx'
import { Nothing } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'
import { PagedTable } from '../../components/paged-table.tsx'
import { WideTable } from '../../components/wide-table.tsx'
import { isEnterprise } from '../../session/roles.ts'
import { usePerson } from '../../session/session.ts'
import { date } from '../../time.ts'

type Row = Schemas['RegisteredDocument']

/** 文书登记; to an enterprise, its certificates and letters. */
export default function DocumentsPage() {
  const search = useSearch({ from: '/inside/documents' })
  const outside = isEnterprise(usePerson())
  const isNarrow = Grid.useBreakpoint().md === false
  const navigate = useNavigate()
  const procedures = useProcedures()
  const list = usePages('/api/documents', { ...search, limit: 30 })
  const filter = (change: typeof search): void => void navigate({ to: '/documents', search: Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined && value !== '')) })
  return (
    <Page title={outside ? '我的文书' : '文书登记'}>
      {!outside && <Numbers />}
      <div className="panel">
        <Flex gap={8} wrap className="filters no-print">
          <Input.Search key={search.q} defaultValue={search.q} placeholder={outside ? '文号、标题' : '文号、标题、企业'} aria-label="按文号或标题查找" allowClear onSearch={q => filter({ q: q.trim() })} style={{ width: 220 }} />
          <Select aria-label="全部流程" placeholder="全部流程" allowClear value={search.procedure ?? null} style={{ width: 170 }} options={procedures.map(({ key, title }) => ({ value: key, label: title }))} onChange={(value?: string) => filter({ procedure: value })} />
        </Flex>
        <PagedTable<Row> list={list} rowKey="number" columns={columnsFor(isNarrow, outside)} showHeader={!isNarrow} nothing={<Nothing title="没有文书">{outside ? '出具给贵企业的证明、决定、通知，会列在这里。' : '换一个条件再试。'}</Nothing>} />
      </div>
    </Page>
  )
}

function columnsFor(isNarrow: boolean, outside: boolean): TableColumnsType<Row> {
  const what = (one: Row) => (
    <Flex vertical gap={2}>
      <span>{one.title ?? one.name} <StandingTag {...one} /></span>
      <span className="muted">{one.number} · {one.name}</span>
    </Flex>
  )
  const of = (one: Row) => one.caseNo === null ? <span className="muted">受限案件</span> : <Link to="/cases/$caseNo" params={{ caseNo: one.caseNo }} search={{}}>{one.caseTitle}</Link>
  const take = (one: Row) => one.href && <Button size="small" icon={<DownloadOutlined />} href={one.href} download aria-label={`下载 ${one.number}`}>下载</Button>
  const issued = (one: Row) => <span className="nowrap">{date(one.issuedAt)}</span>
  if (isNarrow) return [{ key: 'all', render: (_, one) => <Flex vertical gap={8}>{what(one)}<span>{of(one)}</span><Flex justify="space-between" align="center">{issued(one)}{take(one)}</Flex></Flex> }]
  return [
    { title: '文书', key: 'what', render: (_, one) => what(one) },
    { title: '案件', key: 'case', render: (_, one) => <Flex vertical gap={2}>{of(one)}{!outside && one.enterprise && <span className="muted">{one.enterprise.name}</span>}</Flex> },
    { title: '成文日期', key: 'issued', width: 120, render: (_, one) => issued(one) },
    { title: '文件', key: 'file', width: 100, render: (_, one) => take(one) },
  ]
}

/** How far each kind is numbered, and that no number is missing. */
function Numbers() {
  const { data } = $api.useQuery('get', '/api/documents/numbers')
  if (!data || data.length === 0) return null
  return (
    <div className="panel">
      <WideTable
        size="small" pagination={false} rowKey={one => `${one.kind} ${one.year}`} dataSource={data}
        columns={[
          { title: '种类', dataIndex: 'name' }, { title: '文号', key: 'prefix', render: (_, one) => `${one.prefix}〔${one.year}〕` },
          { title: '编号', key: 'last', render: (_, one) => one.last === one.issued ? `1 至 ${one.last} 号，无缺号` : `编到 ${one.last} 号，文书 ${one.issued} 份，有缺号` },
        ]}
      />
    </div>
  )
}
