import { $api } from '../../api/client.ts'
import type { Task } from '../../api/actions.ts'
import { usePages, type Pages } from '../../api/pages.ts'
import type { TASK_VIEWS, InboxSearch } from '../../search.ts'

/** A view of the inbox, page by page. */
export const useTasks = ({ view = 'todo', procedure, card, q }: InboxSearch): Pages<Task> =>
  usePages('/api/tasks', { view, limit: 30, ...(procedure && { procedure }), ...(card && { card }), ...(q && { q }) })

/** Views with something to do: how much is said beside them. */
const COUNTED = ['todo', 'candidate', 'mine', 'unit', 'overdue'] as const satisfies (typeof TASK_VIEWS)[number][]

/** How many tasks a view holds, where that is counted. */
export function useTotals(): Partial<Record<(typeof TASK_VIEWS)[number], number>> {
  const counts = COUNTED.map(view => $api.useQuery('get', '/api/tasks', { params: { query: { view, limit: 1 } } }).data?.total)
  return Object.fromEntries(COUNTED.map((view, i) => [view, counts[i]]))
}
