/** In whose queue a task waits: no task is ever nobody's. */
import type { Queryable } from '../connect.ts'
import { findMembers, type Members } from './directory.ts'
import { isThere } from './proxies.ts'
import type { NewEvent } from '../../model/events.ts'
import type { Role } from '../../model/person.ts'
import { isLive, type CaseState, type TaskRow } from '../../model/state.ts'

interface Queue { unit: string, role: Role }

const BUREAU: Queue = { unit: 'bureau', role: 'bureau-leader' }
const DESK: Queue = { unit: 'service-centre', role: 'duty-desk' }

/**
 * The first queue that somebody stands at, in person or by a proxy, whom neither four eyes nor a conflict bars: of the unit, its leader,
 * the bureau leaders; in the end the desk (中心值班), where the matter is not restricted. What a unit's leader is to decide goes up, never
 * down. Where nobody is there at all, it waits for the first to come back.
 */
export function queueOf({ restricted }: Pick<CaseState['file'], 'restricted'>, { unit, role }: Queue, barred: string[], members: Members): Queue {
  const has = (queue: Queue, isFree: (m: { id: string }) => boolean) => members.get(queue.unit)?.some(m => m.roles.includes(queue.role) && isFree(m))
  const queues: Queue[] = [{ unit, role }, { unit, role: 'unit-leader' }, BUREAU, ...(restricted || role === 'unit-leader' ? [] : [DESK])]
  return queues.find(queue => has(queue, m => isThere(m, barred))) ?? queues.find(queue => has(queue, ({ id }) => !barred.includes(id))) ?? BUREAU
}

/** These units, and those of the last resorts: whose people one has to know to choose a queue. */
export const withLastResorts = (units: string[]): string[] => [...new Set([...units, BUREAU.unit, DESK.unit])]

const isOfUnit = (t: TaskRow) => isLive(t) && t.role !== 'enterprise' && !t.holderId?.startsWith('system:')

/** Units of the tasks that lie in queues, or will when somebody lets go of them. */
export const queuedUnits = ({ tasks }: CaseState): string[] => tasks.filter(isOfUnit).map(t => t.unitId)

/** When these persons may no longer act in a case: they let go of what they hold, and what is left to nobody goes on to another queue. */
export function lettingGo({ file, tasks }: CaseState, persons: string[], members: Members): NewEvent[] {
  const held = (t: TaskRow) => t.holderId !== null && persons.includes(t.holderId)
  return tasks.filter(t => isLive(t) && (held(t) || t.holderId === null)).flatMap((t): NewEvent[] => {
    const queue = queueOf(file, { unit: t.unitId, role: t.role }, [...t.notBy, ...file.excluded, ...persons], members)
    const moves = isOfUnit(t) && (queue.unit !== t.unitId || queue.role !== t.role)
    return [
      ...(held(t) ? [{ type: 'task-released', actor: null, data: { task: t.id } } as const] : []),
      ...(moves ? [{ type: 'task-rerouted', actor: null, data: { task: t.id, ...queue } } as const] : []),
    ]
  })
}

/** {@link lettingGo}, with the people as they are now. */
export async function letGo(via: Queryable, state: CaseState, persons: string[]): Promise<NewEvent[]> {
  return lettingGo(state, persons, await findMembers(via, withLastResorts(queuedUnits(state))))
}
