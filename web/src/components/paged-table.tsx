/** A list that is read page by page. */
import type { TableProps } from 'antd'
import type { ReactNode } from 'react'
import type { Pages } from '../api/pages.ts'
import { Unrolled } from './load-more.tsx'
import { PageError } from './page-error.tsx'
import { WideTable } from './wide-table.tsx'

interface Props<Row> extends Omit<TableProps<Row>, 'dataSource' | 'loading' | 'pagination'> {
  list: Pages<Row>
  /** Shown in place of rows when there are none. */
  nothing: ReactNode
}

export function PagedTable<Row extends object>({ list, nothing, ...table }: Props<Row>) {
  if (list.error) return <PageError error={list.error} />
  return (
    <Unrolled list={list}>
      <WideTable<Row> size="middle" {...table} dataSource={list.items ?? []} loading={!list.items} pagination={false} locale={{ emptyText: nothing }} />
    </Unrolled>
  )
}
