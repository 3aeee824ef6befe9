/**
 * Totals of what only few may see, told so that no single case shows through: one or two are "fewer than three", and what those could be
 * reckoned from is withheld. Only quarters that are over: two looks at a running one would tell what came in between.
 */

/** A number; `few`: one or two; `withheld`: left out because of one that is few; `open`: not over yet. */
export type Cell = number | 'few' | 'withheld' | 'open'

/** What came in and what was closed in one quarter. */
export interface Quarter { opened: number, closed: number, over: boolean }
export interface Row { quarters: Cell[], year: Cell }

const isFew = (n: number) => n === 1 || n === 2

/** Of a year's four quarters; `before`: how many were open when it began. */
export function publishable(quarters: Quarter[], before: number): { opened: Row, closed: Row } {
  let open = before
  const left = quarters.map(({ opened, closed }) => open += opened - closed)
  const row = (of: 'opened' | 'closed'): Row => {
    const cells = quarters.map((quarter, i): Cell => {
      if (!quarter.over) return 'open'
      if (isFew(quarter[of])) return 'few'
      // What came in less what was closed tells how many are still open.
      return of === 'closed' && isFew(left[i]!) ? 'withheld' : quarter[of]
    })
    const total = cells.reduce<number | null>((sum, cell) => sum === null || typeof cell !== 'number' ? null : sum + cell, 0)
    return { quarters: cells, year: cells.includes('open') ? 'open' : total ?? 'withheld' }
  }
  return { opened: row('opened'), closed: row('closed') }
}
