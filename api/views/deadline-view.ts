/** Why deadlines fall when they do. */
import { explainDeadline } from '../../clock/explain.ts'
import { isLive, type CaseState } from '../../model/state.ts'
import type { Who } from '../../model/actions.ts'
import type { DeadlineExplained } from '../http/schemas.ts'

/** The case's promise and each task's deadline; enterprises read those that are theirs, for the others give internal reasons. */
export function explainDeadlines(who: Who, { file, tasks }: CaseState): DeadlineExplained[] {
  const outside = who.roles.includes('enterprise')
  return [
    ...(file.deadline ? [{ of: 'case', title: '全案', live: file.status !== 'closed', ...explainDeadline(file.deadline) }] : []),
    ...tasks.filter(t => !outside || t.unitId === 'applicant')
      .map(t => ({ of: t.id, title: t.title, live: isLive(t), ...explainDeadline(t.deadline) })),
  ]
}
