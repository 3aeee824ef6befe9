/** Who gets to look at a case, and that looking at restricted ones, and being turned away, is noted. */
import { logAccess } from '../../db/access-log.ts'
import type { CaseState } from '../../model/state.ts'
import { findCase } from '../../db/record/record.ts'
import { maySee, type Who } from '../../model/actions.ts'
import { problem } from '../http/errors.ts'
import type { ApiDeps } from './requests.ts'

/** What of a case is looked at. */
export type Part = 'case' | 'events' | 'journey' | 'verify' | 'clock' | 'task' | 'action' | 'export' | 'material'

/** A case of which `who` may see this part. @throws Problem `not-found` also where there is one, so that nothing is given away */
export async function getVisibleCase(deps: ApiDeps, who: Who, caseNo: string, part: Part): Promise<CaseState> {
  const state = await findCase(deps.db.pool, caseNo)
  if (!state) throw problem('not-found')
  const audits = mayAudit(who, state, part)
  await noteAccess(deps, who, state, part, audits || maySee(who, state.file, state.tasks), audits)
  return state
}

/** @throws Problem `not-found` where it is not allowed, after it was noted */
export async function noteAccess({ db }: ApiDeps, who: Who, { file }: CaseState, part: Part, allowed: boolean, always = false): Promise<void> {
  if (!allowed || file.restricted || always) await logAccess(db.pool, { personId: who.id, caseNo: file.caseNo, allowed, what: part })
  if (!allowed) throw problem('not-found')
}

/** Auditors (警务督察) read the trail of cases that are not restricted, and may have every chain verified. */
const mayAudit = (who: Who, { file }: CaseState, part: Part) =>
  who.roles.includes('auditor') && (part === 'verify' || (part === 'events' && !file.restricted))
