/** The window that the contact who filed it has of a case which is kept from enterprises: its number, a word for how far it is, what he is told and asked. */
import type { CaseEvent } from '../../model/events.ts'
import { isLive, type CaseRow, type CaseState, type TaskRow } from '../../model/state.ts'
import type { Who } from '../../model/actions.ts'
import { getProcedure } from '../../workflows/catalogue.ts'

export const isWindow = (who: Pick<Who, 'roles'>, { enterpriseSees }: Pick<CaseRow, 'enterpriseSees'>): boolean => who.roles.includes('enterprise') && enterpriseSees === 'window'

/** The case as far as it is to be seen; nothing in it tells who does what, or by when. */
export const throughWindow = (file: CaseRow): CaseRow => ({
  ...file, title: getProcedure(file.procedure).policy.title, status: file.status === 'closed' ? 'closed' : 'open', stage: file.status === 'closed' ? 'closed' : 'opened', outcome: null,
  card: 'none', cardOf: null, unitId: null, round: 1, rating: null, application: {}, facts: {}, result: null, deadline: null, links: [], waits: [], dueAt: null, dueUnit: null, closedAt: null, haltedAt: null,
})

/** What is asked of him. */
export const tasksThroughWindow = (who: Who, { tasks }: CaseState): TaskRow[] => tasks.filter(t => t.holderId === who.id)

/** How far it is, in a word; of a list, where its tasks are unknown, without his own. */
export function windowWord(who: Who, { status, stage }: CaseRow, tasks: TaskRow[] = []): string {
  if (status === 'closed') return '已办结'
  if (tasks.some(t => t.holderId === who.id && isLive(t))) return '等待您办理'
  return stage === 'opened' ? '已收到' : '办理中'
}

/** What he reads of what happened: what he has done, and what he is told. */
export function eventsThroughWindow(who: Who, { tasks }: CaseState, events: CaseEvent[]): CaseEvent[] {
  const own = new Set(tasks.filter(t => t.holderId === who.id).map(t => t.id))
  return events.filter((e) => {
    switch (e.type) {
      case 'case-opened':
      case 'case-closed': return true
      case 'told': return e.data.to === 'applicant'
      case 'commented':
      case 'material-added': return e.actor?.id === who.id || e.data.to === 'applicant'
      case 'urged': return e.actor?.id === who.id
      case 'task-opened':
      case 'task-completed':
      case 'task-cancelled':
      case 'task-lapsed': return own.has(e.data.task)
      default: return false
    }
  })
}
