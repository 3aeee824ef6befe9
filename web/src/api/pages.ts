/** Lists that the API gives page by page. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { client, type Schemas } from './client.ts'

/** What each list is made of. */
interface Rows {
  '/api/tasks': Schemas['Task']
  '/api/cases': Schemas['CaseSummary']
  '/api/notifications': Schemas['Notification']
  '/api/audit/refusals': Schemas['RefusalEntry']
  '/api/audit/access': Schemas['AccessEntry']
  '/api/audit/admin': Schemas['AdministrationEntry']
  [kept: `/api/admin/${string}`]: Record<string, unknown> & { id: string }
}
interface Page<Row> { items: Row[], nextCursor: string | null, total?: number }

/** A list as far as it has been unrolled. */
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
}

/** Reads a list by the cursor of its last row. */
export function usePages<Path extends keyof Rows>(path: Path, query: object): Pages<Rows[Path]> {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    // The last part keeps it apart from the same request read once, whose answer has another shape.
    queryKey: ['get', path, { params: { query } }, 'pages'],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) =>
      (await client.GET(path as '/api/tasks', { params: { query: { ...query, ...(pageParam && { cursor: pageParam }) } }, signal })).data as unknown as Page<Rows[Path]>,
    getNextPageParam: last => last.nextCursor,
  })
  return {
    items: data?.pages.flatMap(page => page.items),
    total: data?.pages.at(-1)?.total,
    error: data ? null : error,
    hasMore: hasNextPage,
    loadMore: () => void fetchNextPage(),
    isLoadingMore: isFetchingNextPage,
  }
}
