import { useNavigate, useSearch } from '@tanstack/react-router'
import { Flex, Grid, Tag, type TableColumnsType } from 'antd'
import dayjs from 'dayjs'
import type { Schemas } from '../../api/client.ts'
import { usePages } from '../../api/pages.ts'
import { useUnits } from '../../api/reference.ts'
import { DatePicker } from '../../components/date-picker.tsx'
import { Nothing } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'
import { PagedTable } from '../../components/paged-table.tsx'

type Row = Schemas['Planned']

const STATES: Record<Row['state'], { title: string, color: string }> = {
  coming: { title: '未到日期', color: 'default' }, opened: { title: '已开立', color: 'green' }, late: { title: '逾期补开', color: 'gold' },
  failed: { title: '未能全部开立', color: 'red' }, missed: { title: '应开未开', color: 'red' },
}

/** 计划: what the calendar opens next, what it has opened, and what it should have. */
export default function PlanPage() {
  const search = useSearch({ from: '/inside/plan' }) as { from?: string, until?: string }
  const navigate = useNavigate()
  const isNarrow = Grid.useBreakpoint().md === false
  const list = usePages('/api/plan', { ...search, limit: 30 })
  const pick = (key: 'from' | 'until', label: string) => (
    <DatePicker aria-label={label} placeholder={label} value={search[key] ? dayjs(search[key]) : null} onChange={day => void navigate({ to: '/plan', search: Object.fromEntries(Object.entries({ ...search, [key]: day?.format('YYYY-MM-DD') }).flatMap(([name, value]) => value ? [[name, value]] : [])) })} />
  )
  return (
    <Page title="计划">
      <div className="panel">
        <Flex gap={8} wrap className="filters no-print">{pick('from', '自哪一天')}{pick('until', '至哪一天')}</Flex>
        <PagedTable<Row> list={list} rowKey={row => `${row.procedure} ${row.period}`} columns={useColumns(isNarrow)} showHeader={!isNarrow} nothing={<Nothing title="这段时间没有按计划开立的工作">每月、每季度、每年由系统自动开立的工作列在这里。</Nothing>} />
      </div>
    </Page>
  )
}

function useColumns(isNarrow: boolean): TableColumnsType<Row> {
  const { data: units = [] } = useUnits()
  const state = ({ state, failure }: Row) => <Flex vertical gap={2} align="start"><Tag color={STATES[state].color}>{STATES[state].title}</Tag>{failure && <span className="muted">{failure}</span>}</Flex>
  const day = ({ opensOn, provisional }: Row) => <span className="nowrap">{opensOn}{provisional && <span className="muted">（节假日安排未公布，可能变动）</span>}</span>
  const what = (row: Row) => <Flex vertical gap={2}><span>{row.periodTitle} {row.title}</span><span className="muted">{units.find(({ id }) => id === row.unit)?.name}{row.cases > 0 && ` · ${row.cases} 件`}</span></Flex>
  if (isNarrow) return [{ key: 'all', render: (_, row) => <Flex vertical gap={8}>{what(row)}<Flex justify="space-between" gap={8} align="center">{state(row)}{day(row)}</Flex></Flex> }]
  return [
    { title: '工作', key: 'what', render: (_, row) => what(row) },
    { title: '开立日', key: 'day', width: 200, render: (_, row) => day(row) },
    { title: '情况', key: 'state', width: 240, render: (_, row) => state(row) },
    { title: '实际开立', key: 'opened', width: 140, render: (_, { openedAt }) => <span className="nowrap muted">{openedAt?.slice(0, 10) ?? '—'}</span> },
  ]
}
