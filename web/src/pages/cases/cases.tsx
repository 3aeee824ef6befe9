import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Flex, Grid, Input, Select, Tag, type TableColumnsType } from 'antd'
import type { Schemas } from '../../api/client.ts'
import { usePages } from '../../api/pages.ts'
import { useProcedures, useProcedureTitles } from '../../api/reference.ts'
import { CARD_TITLES, CardTag } from '../../components/card-tag.tsx'
import { Due } from '../../components/due.tsx'
import { Nothing } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'
import { ReferenceSelect } from '../../components/reference-select.tsx'
import { PagedTable } from '../../components/paged-table.tsx'
import { CARDS, CASE_STATUSES, type CasesSearch } from '../../search.ts'
import { isEnterprise } from '../../session/roles.ts'
import { usePerson } from '../../session/session.ts'
import { near } from '../../time.ts'

type Row = Schemas['CaseSummary']

const STATUS_TITLES = { open: '办理中', paused: '期限暂停', closed: '已结束' } as const

/** 案件: what the reader may see, newest first. */
export default function CasesPage() {
  const search = useSearch({ from: '/inside/cases' })
  const outside = isEnterprise(usePerson())
  const isNarrow = Grid.useBreakpoint().md === false
  const columns = useColumns(isNarrow, outside)
  const list = usePages('/api/cases', { ...search, limit: 30 })
  return (
    <Page title={outside ? '我的案件' : '案件'}>
      <div className="panel">
        <Filters search={search} outside={outside} />
        <PagedTable<Row> list={list} rowKey="caseNo" columns={columns} showHeader={!isNarrow} nothing={<Nothing title="没有符合条件的案件">换一个条件再试。</Nothing>} />
      </div>
    </Page>
  )
}

function Filters({ search, outside }: { search: CasesSearch, outside: boolean }) {
  const navigate = useNavigate()
  const procedures = useProcedures()
  const filter = (change: Partial<CasesSearch>): void =>
    void navigate({ to: '/cases', search: Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined && value !== '')) })
  const pick = (key: keyof CasesSearch, label: string, width: number, options: { value: string, label: string }[]) => (
    <Select aria-label={label} placeholder={label} allowClear value={search[key] ?? null} options={options} style={{ width }} onChange={(value?: string) => filter({ [key]: value ?? undefined })} />
  )
  const refer = (key: 'unit' | 'enterprise', label: string) => (
    <ReferenceSelect to={key} aria-label={label} placeholder={label} value={search[key]} style={{ width: 180 }} onChange={value => filter({ [key]: value })} />
  )
  return (
    <Flex gap={8} wrap className="filters no-print">
      <Input.Search key={search.q} defaultValue={search.q} placeholder="编号、标题、企业、文号、电话" aria-label="按案件编号或标题查找" allowClear onSearch={q => filter({ q: q.trim() })} style={{ width: 200 }} />
      {pick('procedure', '全部流程', 170, procedures.map(({ key, title }) => ({ value: key, label: title })))}
      {pick('status', '全部状态', 110, CASE_STATUSES.map(value => ({ value, label: STATUS_TITLES[value] })))}
      {!outside && pick('card', '全部牌色', 110, CARDS.map(value => ({ value, label: CARD_TITLES[value] })))}
      {!outside && refer('unit', '全部承办单位')}
      {!outside && refer('enterprise', '全部企业')}
    </Flex>
  )
}

function useColumns(isNarrow: boolean, outside: boolean): TableColumnsType<Row> {
  const titleOf = useProcedureTitles()
  const matter = (one: Row) => (
    <Flex vertical gap={2}>
      <Link to="/cases/$caseNo" params={{ caseNo: one.caseNo }} search={{}}>{one.title}</Link>
      <span className="muted"><span className="case-no">{one.caseNo}</span> {titleOf(one.procedure)}{!outside && one.enterprise && ` · ${one.enterprise.name}`}</span>
    </Flex>
  )
  const stage = (one: Row) => <Flex gap={6} align="center" wrap>{one.status === 'closed' ? <Tag>{one.stageTitle}</Tag> : <Tag color="blue">{one.stageTitle}</Tag>}{one.status === 'paused' && <Tag>期限暂停</Tag>}{!outside && <CardTag card={one.card} />}</Flex>
  const due = (one: Row) => one.status === 'open' && one.dueAt && one.dueUnit
    ? <Flex vertical><span className="muted">{one.clock ? '全案' : '最早到期的任务'}</span><Due dueAt={one.dueAt} unit={one.dueUnit} showAt /></Flex>
    : <span className="muted">{one.closedAt ? `${near(one.closedAt)} 办结` : '—'}</span>
  if (isNarrow) return [{ key: 'all', render: (_, one) => <Flex vertical gap={8}>{matter(one)}<Flex justify="space-between" gap={8} align="center">{stage(one)}{due(one)}</Flex></Flex> }]
  return [
    { title: '案件', key: 'matter', render: (_, one) => matter(one) },
    { title: '环节', key: 'stage', width: 200, render: (_, one) => stage(one) },
    { title: '承办单位', key: 'unit', width: 140, responsive: ['lg'], render: (_, one) => one.unitName ?? '—' },
    { title: '期限', key: 'due', width: 160, render: (_, one) => due(one) },
    { title: '提交', key: 'opened', width: 110, responsive: ['xl'], render: (_, one) => <span className="nowrap muted">{near(one.openedAt)}</span> },
  ]
}
