/** Lists that the API gives page by page: unrolled as far as wanted, and read again only where they are looked at. */
import { hashKey, useQuery, useQueryClient, type Query } from '@tanstack/react-query'
import { client, type Schemas } from './client.ts'
import { partAt, readAgain, unroll, type Page, type Unrolled } from './unroll.ts'

/** What each list is made of. */
interface Rows {
  '/api/tasks': Schemas['Task']
  '/api/cases': Schemas['CaseSummary']
  '/api/plan': Schemas['Planned']
  '/api/documents': Schemas['RegisteredDocument']
  '/api/notifications': Schemas['Notification']
  '/api/audit/refusals': Schemas['RefusalEntry']
  '/api/audit/access': Schemas['AccessEntry']
  '/api/audit/admin': Schemas['AdministrationEntry']
  [kept: `/api/admin/${string}`]: Record<string, unknown> & { id: string }
}
export interface Pages<Row> {
  /** undefined until the first page is there. */
  items: Row[] | undefined
  /** How many there are, where the API counts them. */
  total: number | undefined
  /** Why there is nothing to show. */
  error: unknown
  hasMore: boolean
  loadMore: () => void
  isLoadingMore: boolean
  /** Grows each time that some of it was read again. */
  round: number
  /** Says which rows are in view, as shares of the list's height; those that are behind are read. */
  lookAt: (from: number, to: number) => void
}

/** Which parts of a list are in view, and how many are wanted. */
interface Look { first: number, last: number, wanted: number }
const looks = new Map<string, Look>()

/** How many requests it takes to read again what a query shows. */
export function requestsOf({ queryHash }: Query): number {
  const { first, last } = looks.get(queryHash) ?? { first: 0, last: 0 }
  return last - first + 1
}

/** Reads a list by the cursor of its last row. */
export function usePages<Path extends keyof Rows>(path: Path, query: object): Pages<Rows[Path]> {
  type Row = Rows[Path]
  const queries = useQueryClient()
  // The last part keeps it apart from the same request read once, whose answer has another shape.
  const queryKey = ['get', path, { params: { query } }, 'pages']
  const hash = hashKey(queryKey)
  const { data, error, isFetching, refetch } = useQuery({
    queryKey,
    queryFn: async ({ signal }): Promise<Unrolled<Row>> => {
      const read = async (cursor: string | null): Promise<Page<Row>> =>
        (await client.GET(path as '/api/tasks', { params: { query: { ...query, ...(cursor && { cursor }) } }, signal })).data as unknown as Page<Row>
      const before = queries.getQueryData<Unrolled<Row>>(queryKey)
      if (!before) {
        looks.set(hash, { first: 0, last: 0, wanted: 1 })
        return { round: 0, parts: [{ ...await read(null), cursor: null, round: 0 }] }
      }
      const look = looks.get(hash)!
      const isMoreOnly = look.wanted > before.parts.length && !queries.getQueryState(queryKey)?.isInvalidated
      return unroll(isMoreOnly ? before : await readAgain(before, look, read), look.wanted, read)
    },
  })
  const parts = data?.parts
  return {
    items: parts?.flatMap(part => part.items),
    total: parts?.toSorted((a, b) => b.round - a.round)[0]!.total,
    error: data ? null : error,
    hasMore: parts !== undefined && parts.at(-1)!.nextCursor !== null,
    loadMore() {
      looks.get(hash)!.wanted = parts!.length + 1
      void refetch()
    },
    isLoadingMore: isFetching && parts !== undefined && looks.get(hash)!.wanted > parts.length,
    round: data?.round ?? 0,
    lookAt(from, to) {
      if (!data) return
      const rows = data.parts.reduce((sum, { items }) => sum + items.length, 0)
      const look = looks.get(hash)!
      Object.assign(look, { first: partAt(data.parts, from * rows), last: partAt(data.parts, to * rows) })
      if (!isFetching && data.parts.slice(look.first, look.last + 1).some(({ round }) => round < data.round)) void queries.invalidateQueries({ queryKey, exact: true })
    },
  }
}
