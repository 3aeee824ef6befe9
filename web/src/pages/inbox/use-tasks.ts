import { $api } from '../../api/client.ts'
import type { Task } from '../../api/actions.ts'
import { usePages, type Pages } from '../../api/pages.ts'
import { TASK_VIEWS, type InboxSearch } from '../../search.ts'

/** A view of the inbox, page by page. */
export const useTasks = ({ view = 'todo', procedure, card }: InboxSearch): Pages<Task> =>
  usePages('/api/tasks', { view, limit: 30, ...(procedure && { procedure }), ...(card && { card }) })

/** How many tasks each view holds. */
export function useTotals(): Partial<Record<(typeof TASK_VIEWS)[number], number>> {
  const counts = TASK_VIEWS.map(view => $api.useQuery('get', '/api/tasks', { params: { query: { view, limit: 1 } } }).data?.total)
  return Object.fromEntries(TASK_VIEWS.map((view, i) => [view, counts[i]]))
}
