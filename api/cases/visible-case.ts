/** Who gets to look at a case, and that looking at restricted ones, and being turned away, is noted. */
import { logAccess } from '../../db/access-log.ts'
import type { CaseState } from '../../model/state.ts'
import { findReceived, type Received } from '../../db/record/cases.ts'
import { findCase } from '../../db/record/record.ts'
import { seenBy } from '../../model/lanes.ts'
import { sightOf, type Who } from '../../model/actions.ts'
import { problem } from '../http/errors.ts'
import type { ApiDeps } from './requests.ts'

/** What of a case is looked at. */
export type Part = 'case' | 'events' | 'journey' | 'verify' | 'clock' | 'task' | 'action' | 'export' | 'material' | 'document' | 'payload'

/** What is also answered through a window, as far as that goes. */
export const WINDOW = { alsoThroughWindow: true } as const

/**
 * A case of which `who` may see this part.
 * @throws Problem `not-found` also where there is one, so that nothing is given away; `being-recorded` where it is promised to `who`
 */
export async function getVisibleCase(deps: ApiDeps, who: Who, caseNo: string, part: Part, how?: typeof WINDOW): Promise<CaseState> {
  const found = await getVisibleOrReceived(deps, who, caseNo, part, how)
  if ('receivedAt' in found) throw problem('being-recorded')
  return found
}

/** The same, or what `who` has filed under that number and is not a case yet. @throws Problem `not-found` */
export async function getVisibleOrReceived(deps: ApiDeps, who: Who, caseNo: string, part: Part, how?: typeof WINDOW): Promise<CaseState | Received> {
  const { pool } = deps.db
  // Asked once more, for it may have become a case in between.
  const found = await findCase(pool, caseNo) ?? await findReceived(pool, who.id, caseNo) ?? await findCase(pool, caseNo)
  if (!found) throw problem('not-found')
  if ('receivedAt' in found) return found
  const audits = mayAudit(who, found, part)
  const sight = sightOf(who, found.file, found.tasks)
  await noteAccess(deps, who, found, part, audits || sight === 'all' || sight === 'lane' || (sight === 'window' && how !== undefined), audits || part === 'payload')
  return audits ? found : seenBy(who, found)!
}

/** @throws Problem `not-found` where it is not allowed, after it was noted */
export async function noteAccess({ db }: ApiDeps, who: Who, { file }: CaseState, part: Part, allowed: boolean, always = false): Promise<void> {
  if (!allowed || file.restricted || always) await logAccess(db.pool, { personId: who.id, caseNo: file.caseNo, allowed, what: part })
  if (!allowed) throw problem('not-found')
}

/** Auditors (警务督察) read the trail of cases that are not restricted, and may have every chain verified. */
const mayAudit = (who: Who, { file }: CaseState, part: Part) =>
  who.roles.includes('auditor') && (part === 'verify' || (part === 'events' && !file.restricted))
