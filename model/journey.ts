/** How a case went from step to step, read off its events. */
import type { CaseEvent } from './events.ts'

/** One move: from the round that was decided (null: from the start, or from the amended facts) to the round it opened, or to the outcome. */
export interface Move { at: Date, from: string | null, to: string, outcome?: true }

/** The step that a round (`<case>.<step>.<n>`, side by side `<case>.<step>.<n>-<place>`) is of. */
export const stepOf = (taskId: string): string => taskId.split('.')[1]!

/** Ends that come from outside the steps: no step leads there. */
const STOPPED = ['withdrawn', 'cancelled']

/** The moves that these events tell of. Of steps decided side by side it is the last one that leads on; extensions are no steps. */
export function movesOf(events: CaseEvent[]): Move[] {
  let from: string | null = null
  return events.flatMap((e): Move[] => {
    switch (e.type) {
      case 'application-amended': from = null; return []
      case 'task-completed':
      case 'task-lapsed': if (isStep(e.data.task)) from = e.data.task; return []
      case 'task-opened': return isStep(e.data.task) ? [{ at: e.at, from, to: e.data.task }] : []
      case 'case-closed': return STOPPED.includes(e.data.outcome) ? [] : [{ at: e.at, from, to: e.data.outcome, outcome: true }]
      default: return []
    }
  })
}

const isStep = (taskId: string) => stepOf(taskId) !== 'approve-extension'
