import { Grid, Table, type TableProps } from 'antd'
import { Waiting } from './waiting.tsx'

/** A table: nothing is said of its rows while they are on the way, and on a phone it is moved sideways where it has several columns. */
export function WideTable<Row extends object>({ loading, ...table }: Omit<TableProps<Row>, 'loading'> & { loading?: boolean }) {
  const isWider = Grid.useBreakpoint().md === false && (table.columns?.length ?? 0) > 1
  if (loading) return <Waiting />
  return <div className={isWider ? 'wide-table' : ''} {...(isWider && { tabIndex: 0, role: 'region', 'aria-label': '表格，可以左右移动' })}><Table<Row> {...table} /></div>
}
