import { $api } from '../../api/client.ts'
import type { Task } from '../../api/actions.ts'
import { TASK_VIEWS, type InboxSearch } from '../../search.ts'

const pageSize = 30

/** A view of the inbox as far as it has been unrolled. */
export interface TaskList { items: Task[], total: number | undefined, isLoading: boolean, hasMore: boolean, loadMore: () => void, isLoadingMore: boolean, error: unknown }

/** Reads a view page by page, by the cursor of the last row. */
export function useTasks({ view = 'mine', procedure, card }: InboxSearch): TaskList {
  const query = { view, limit: pageSize, ...(procedure && { procedure: procedure as never }), ...(card && { card }) }
  const pages = $api.useInfiniteQuery('get', '/api/tasks', { params: { query } }, {
    pageParamName: 'cursor', initialPageParam: null as string | null, getNextPageParam: (last: { nextCursor: string | null }) => last.nextCursor ?? undefined,
  })
  return {
    items: pages.data?.pages.flatMap(page => page.items) ?? [],
    total: pages.data?.pages.at(-1)?.total,
    isLoading: pages.isPending,
    hasMore: pages.hasNextPage,
    loadMore: () => void pages.fetchNextPage(),
    isLoadingMore: pages.isFetchingNextPage,
    error: pages.data ? null : pages.error,
  }
}

/** How many tasks each view holds. */
export function useTotals(): Partial<Record<(typeof TASK_VIEWS)[number], number>> {
  const counts = TASK_VIEWS.map(view => $api.useQuery('get', '/api/tasks', { params: { query: { view, limit: 1 } } }).data?.total)
  return Object.fromEntries(TASK_VIEWS.map((view, i) => [view, counts[i]]))
}
