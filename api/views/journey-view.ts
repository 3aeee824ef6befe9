/** Where a case stands in its procedure's picture, and where it has been. */
import type { Queryable } from '../../db/connect.ts'
import type { CaseEvent } from '../../model/events.ts'
import { toIso } from '../../model/instants.ts'
import { movesOf, stepOf } from '../../model/journey.ts'
import type { CaseState } from '../../model/state.ts'
import { getProcedure } from '../../workflows/catalogue.ts'
import type { Who } from '../../model/actions.ts'
import type { Journey, Task } from '../http/schemas.ts'
import { publicTitle } from './promise.ts'
import { sinceShown, viewTasks } from './views.ts'

type Round = Journey['steps'][number]['rounds'][number]

/** The steps with their rounds in the order of the picture, and the moves between them, as `who`, who may see the case, sees them. */
export async function viewJourney(via: Queryable, who: Who, state: CaseState, events: CaseEvent[]): Promise<Journey> {
  const { file } = state
  const { policy, picture } = getProcedure(file.procedure)
  const outside = who.roles.includes('enterprise')
  const tasks = outside ? sinceShown(state) : state.tasks
  const isSeen = (at: Date) => !outside || file.shownAt === null || at >= file.shownAt
  const lapsed = new Set(events.flatMap(e => e.type === 'task-lapsed' ? [e.data.task] : []))
  const rounds = (await viewTasks(via, who, tasks.map(task => ({ task, file })))).map(task => ({ step: task.name, ...roundOf(task, lapsed) }))
  return {
    outcome: file.outcome,
    steps: picture.columns.flat().filter(name => policy.tasks[name]).map((name) => {
      const own = rounds.filter(({ step }) => step === name).map(({ step: _, ...round }) => round)
      return { name, title: who.roles.includes('enterprise') ? publicTitle(policy.key, name, policy.tasks[name]!.title) : policy.tasks[name]!.title, status: own.find(round => round.status === 'waiting')?.status ?? own.at(-1)?.status ?? 'not-reached', rounds: own }
    }),
    moves: movesOf(events).filter(({ at }) => isSeen(at)).map(({ at, from, to, outcome }) => ({ at: toIso(at), from: from ? stepOf(from) : 'start', to: outcome ? to : stepOf(to), fromTask: from, toTask: outcome ? null : to })),
  }
}

function roundOf({ id, title, status, action, round, unitName, holder, completedBy, createdAt, completedAt, dueAt, card }: Task, lapsed: Set<string>): Round {
  const ended = status === 'completed' ? (action === 'return' || action === 'refuse' ? 'returned' : 'done') : lapsed.has(id) ? 'lapsed' : status === 'cancelled' ? 'cancelled' : 'waiting'
  return { task: id, title, round, status: ended, unitName, person: completedBy ?? holder, from: createdAt, until: completedAt, dueAt, card }
}
