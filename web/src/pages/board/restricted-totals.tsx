import { keepPreviousData } from '@tanstack/react-query'
import { Button, Flex, type TableColumnsType } from 'antd'
import { useState } from 'react'
import { $api, type Schemas } from '../../api/client.ts'
import { Nothing } from '../../components/empty.tsx'
import { WideTable } from '../../components/wide-table.tsx'
import { hasRole } from '../../session/roles.ts'
import { usePerson } from '../../session/session.ts'

type Totals = Schemas['RestrictedTotals']['items'][number]['opened']
type Row = Totals & { key: string, title: string, what: string }

const COLUMNS: TableColumnsType<Row> = [
  { title: '流程', key: 'title', dataIndex: 'title' }, { title: '件数', key: 'what', dataIndex: 'what' },
  ...[...'一二三四'].map((ordinal, i) => ({ title: `第${ordinal}季度`, key: ordinal, render: (_: unknown, row: Row) => row.quarters[i]!.text })),
  { title: '全年', key: 'year', render: (_, row) => row.year.text },
]

/** Of restricted cases only totals, by quarters that are over; for who supervises all. */
export function RestrictedTotals() {
  const mayRead = hasRole(usePerson(), 'office', 'bureau-leader')
  const [year, setYear] = useState<number>()
  const { data } = $api.useQuery('get', '/api/board/restricted', { params: { query: year === undefined ? {} : { year } } }, { enabled: mayRead, placeholderData: keepPreviousData })
  if (!data) return null
  const rows = data.items.flatMap(({ procedure: { id, name: title }, opened, closed }): Row[] => [{ key: `${id}/opened`, title, what: '新增', ...opened }, { key: `${id}/closed`, title, what: '办结', ...closed }])
  return (
    <section className="panel board-panel full" aria-label="受限案件总数">
      <h2>受限案件（{data.year} 年，只列总数）</h2>
      <Flex gap={8} align="center" wrap className="no-print">
        <Button size="small" onClick={() => setYear(data.year - 1)}>上一年</Button>
        {year !== undefined && <Button size="small" onClick={() => setYear(undefined)}>本年</Button>}
        <span className="muted">季度结束后列出；一、二件只说少于3，由差额能推知的不单列。</span>
      </Flex>
      {rows.length === 0 ? <Nothing title="没有受限案件" /> : <WideTable<Row> size="small" pagination={false} rowKey="key" dataSource={rows} columns={COLUMNS} />}
    </section>
  )
}
