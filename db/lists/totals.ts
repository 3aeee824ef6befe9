/** Totals of restricted cases: how many there are is not secret where it says nothing of a single one. */
import type { Queryable } from '../connect.ts'
import { publishable, type Quarter, type Row } from '../../model/small-cells.ts'

export interface RestrictedTotals { procedure: string, opened: Row, closed: Row }

const local = (at: string) => `${at} AT TIME ZONE 'Asia/Shanghai'`
const QUARTERS = `SELECT procedure, extract(year FROM at)::int AS year, extract(quarter FROM at)::int AS quarter, sum(opened)::int AS opened, sum(closed)::int AS closed FROM (
    SELECT procedure, ${local('opened_at')} AS at, 1 AS opened, 0 AS closed FROM case_file WHERE restricted
    UNION ALL SELECT procedure, ${local('closed_at')}, 0, 1 FROM case_file WHERE restricted AND closed_at IS NOT NULL) c
  WHERE extract(year FROM at) <= $1 GROUP BY 1, 2, 3 ORDER BY 1`

/** By procedure, what came in and was closed in each quarter of a year, as far as it may be told. */
export async function countRestricted(via: Queryable, year: number, now: Date): Promise<RestrictedTotals[]> {
  const { rows } = await via.query<{ procedure: string, year: number, quarter: number, opened: number, closed: number }>({ name: 'restricted-totals', text: QUARTERS, values: [year] })
  return [...new Set(rows.map(row => row.procedure))].map((procedure) => {
    const own = rows.filter(row => row.procedure === procedure)
    const before = own.filter(row => row.year < year).reduce((open, row) => open + row.opened - row.closed, 0)
    const quarters = [1, 2, 3, 4].map((quarter): Quarter => {
      const { opened = 0, closed = 0 } = own.find(row => row.year === year && row.quarter === quarter) ?? {}
      return { opened, closed, over: Date.parse(quarter === 4 ? `${year + 1}-01-01T00:00:00+08:00` : `${year}-${String(quarter * 3 + 1).padStart(2, '0')}-01T00:00:00+08:00`) <= now.getTime() }
    })
    return { procedure, ...publishable(quarters, before) }
  })
}
