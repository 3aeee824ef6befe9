import type { CaseActivities, NoticeActivities } from '../workflows/kit/activities.ts'
import { createCaseActivities, type CaseDeps } from './case.ts'
import { createNoticeActivities, type NoticeDeps } from './notices.ts'

/** All activities of the worker, over what they depend on. */
export function createActivities(deps: CaseDeps & NoticeDeps): CaseActivities & NoticeActivities {
  return { ...createCaseActivities(deps), ...createNoticeActivities(deps) }
}
