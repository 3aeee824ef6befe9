import fc from 'fast-check'
import { expect, test } from 'vitest'
import { publishable, type Cell, type Quarter } from './small-cells.ts'

const over = (opened: number, closed: number): Quarter => ({ opened, closed, over: true })

test('one or two are few, and the year that would tell them is withheld', () => {
  expect(publishable([over(5, 0), over(2, 0), over(0, 0), over(4, 3)], 0)).toEqual({
    opened: { quarters: [5, 'few', 0, 4], year: 'withheld' }, closed: { quarters: [0, 0, 0, 3], year: 3 },
  })
  expect(publishable([over(5, 4), over(3, 0), over(0, 0), { opened: 7, closed: 0, over: false }], 0), 'one left open after the first quarter').toEqual({
    opened: { quarters: [5, 3, 0, 'open'], year: 'open' }, closed: { quarters: ['withheld', 0, 0, 'open'], year: 'open' },
  })
})

test('whatever comes in and is closed over the years, no one or two can be reckoned from what is told', () => {
  const quarter = fc.record({ opened: fc.nat(4), closes: fc.nat(4) })
  fc.assert(fc.property(fc.array(fc.array(quarter, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 3 }), (years) => {
    let open = 0
    // Of everything told so far: is each quarter's cell known, or to be had by taking the others from the year?
    let known = true
    for (const year of years) {
      const before = open
      const quarters = year.map(({ opened, closes }) => {
        const closed = Math.min(closes, open + opened)
        open += opened - closed
        return over(opened, closed)
      })
      const told = publishable(quarters, before)
      for (const { quarters: cells, year: total } of Object.values(told)) {
        for (const cell of [...cells, total]) expect([1, 2]).not.toContain(cell)
        const hidden = cells.filter(cell => typeof cell !== 'number').length
        if (hidden > 0) expect(total).toBe('withheld')
        else expect(total).toBe(cells.reduce<number>((sum, cell: Cell) => sum + (cell as number), 0))
      }
      let left = before
      quarters.forEach(({ opened, closed }, i) => {
        left += opened - closed
        known &&= typeof told.opened.quarters[i] === 'number' && typeof told.closed.quarters[i] === 'number'
        if (known) expect([1, 2], 'how many are open').not.toContain(left)
      })
    }
  }))
})
