import fc from 'fast-check'
import { expect, it } from 'vitest'
import { partAt, readAgain, unroll, type Unrolled } from './unroll.ts'

const limit = 3
interface Row { id: string }

/** The API's side: rows in order of their ids; answers from behind the cursor. */
function listOf(ids: string[]) {
  const rows = new Set(ids)
  let requests = 0
  const read = async (cursor: string | null) => {
    requests++
    const rest = [...rows].sort().filter(id => cursor === null || id > cursor)
    const items = rest.slice(0, limit).map(id => ({ id }))
    return { items, nextCursor: rest.length > limit ? items.at(-1)!.id : null, total: rows.size }
  }
  return { rows, read, requests: () => requests }
}

const shown = ({ parts }: Unrolled<Row>): string[] => parts.flatMap(({ items }) => items.map(({ id }) => id))
const open = async ({ read }: ReturnType<typeof listOf>, wanted: number): Promise<Unrolled<Row>> => unroll({ round: 0, parts: [{ ...await read(null), cursor: null, round: 0 }] }, wanted, read)

it('reads again what is in view by as many requests as there are pages in view, however many are unrolled', async () => {
  const list = listOf(Array.from({ length: 60 }, (_, i) => String(i + 100)))
  const before = await open(list, 20)
  expect([shown(before).length, list.requests()]).toEqual([60, 20])
  list.rows.delete('104')
  const after = await readAgain(before, { first: 1, last: 1 }, list.read)
  expect(list.requests()).toBe(21)
  expect(shown(after)).toEqual([...list.rows])
})

it('ends where the list ends, and goes on where it has grown', async () => {
  const list = listOf(['1', '2', '3', '4', '5'])
  const before = await open(list, 9)
  expect(before.parts.length).toBe(2)
  for (const id of ['2', '3', '4', '5']) list.rows.delete(id)
  const shorter = await readAgain(before, { first: 0, last: 0 }, list.read)
  expect(shown(shorter)).toEqual(['1'])
  for (const id of ['2', '3', '4', '5', '6', '7', '8']) list.rows.add(id)
  const longer = await readAgain(shorter, { first: 0, last: 0 }, list.read)
  expect([shown(longer), longer.parts.at(-1)!.nextCursor]).toEqual([['1', '2', '3'], '3'])
})

it('shows in every page that comes into view what the list holds there, whatever has changed, and no row twice', async () => {
  const id = fc.integer({ min: 100, max: 140 }).map(String)
  const step = fc.record({ add: fc.array(id, { maxLength: 4 }), remove: fc.array(id, { maxLength: 4 }), first: fc.nat(8), more: fc.nat(2) })
  await fc.assert(fc.asyncProperty(fc.uniqueArray(id, { minLength: 1, maxLength: 30 }), fc.array(step, { minLength: 1, maxLength: 8 }), async (ids, steps) => {
    const list = listOf(ids)
    let state = await open(list, 5)
    for (const { add, remove, first, more } of steps) {
      add.forEach(one => list.rows.add(one))
      remove.forEach(one => list.rows.delete(one))
      state = await readAgain(state, { first, last: first + more }, list.read)
      const fresh = state.parts.filter(({ round }) => round === state.round)
      const now = [...list.rows].sort().filter(one => fresh[0]!.cursor === null || one > fresh[0]!.cursor)
      expect(fresh.flatMap(({ items }) => items.map(row => row.id))).toEqual(now.slice(0, limit * fresh.length))
      expect(new Set(shown(state)).size).toBe(shown(state).length)
    }
    // Looked through from the top to the bottom, it is the list as it is.
    state = await readAgain(state, { first: 0, last: state.parts.length }, list.read)
    expect(shown(state)).toEqual([...list.rows].sort().slice(0, shown(state).length))
  }))
})

it('knows in which page a row stands', async () => {
  const { parts } = await open(listOf(['1', '2', '3', '4', '5', '6', '7']), 3)
  expect([0, 2, 3, 6, 6.5, 7].map(row => partAt(parts, row))).toEqual([0, 0, 1, 2, 2, 2])
})
