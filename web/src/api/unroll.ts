/** A list that is unrolled page by page, and read again only in part. */

/** An answer of the API. */
export interface Page<Row> { items: Row[], nextCursor: string | null, total?: number }

/** A page as it was read: from which position, and in which of the list's rounds. */
export interface Part<Row> extends Page<Row> { cursor: string | null, round: number }
/** A list as far as it has been unrolled. Parts of an earlier round are behind: they are read again when they come into view. */
export interface Unrolled<Row> { round: number, parts: Part<Row>[] }

/** The part in which a row stands. */
export function partAt(parts: Part<unknown>[], row: number): number {
  let end = 0
  const at = parts.findIndex(({ items }) => row < (end += items.length))
  return at < 0 ? parts.length - 1 : at
}

type Read<Row> = (cursor: string | null) => Promise<Page<Row>>

const idOf = (row: unknown): unknown => (row as { id?: unknown }).id ?? (row as { caseNo?: unknown }).caseNo

/** Rows are where they were read last. */
const without = <Row>(parts: Part<Row>[], fresh: Part<Row>[]): Part<Row>[] => {
  const ids = new Set(fresh.flatMap(({ items }) => items.map(idOf)))
  return parts.map(part => ({ ...part, items: part.items.filter(row => !ids.has(idOf(row))) }))
}

/** Reads the parts in view again. What follows them begins where they now end, and is behind. */
export async function readAgain<Row>({ parts, round: before }: Unrolled<Row>, look: { first: number, last: number }, read: Read<Row>): Promise<Unrolled<Row>> {
  const round = before + 1
  const first = Math.min(look.first, parts.length - 1)
  const fresh: Part<Row>[] = []
  let cursor = parts[first]!.cursor
  do {
    const page = await read(cursor)
    fresh.push({ ...page, cursor, round })
    cursor = page.nextCursor
  } while (cursor !== null && first + fresh.length <= Math.min(look.last, parts.length - 1))
  const next = cursor === null ? [] : parts.slice(first + fresh.length)
  return { round, parts: [...without(parts.slice(0, first), fresh), ...fresh, ...without(next, fresh).map((part, i) => i === 0 ? { ...part, cursor } : part)] }
}

/** Reads on until there are as many parts as wanted. */
export async function unroll<Row>({ parts, round }: Unrolled<Row>, wanted: number, read: Read<Row>): Promise<Unrolled<Row>> {
  const cursor = parts.at(-1)!.nextCursor
  if (parts.length >= wanted || cursor === null) return { parts, round }
  const part = { ...await read(cursor), cursor, round }
  return unroll({ parts: [...without(parts, [part]), part], round }, wanted, read)
}
