/** What administrators keep. They see no case; who changed what is noted for the auditors. */
import type { Routes } from '../../http/app-types.ts'
import type { ApiDeps } from '../../cases/requests.ts'
import { addDirectory } from './directory.ts'
import { addDuty } from './duty.ts'
import { addNoticeTexts } from './notice-texts.ts'
import { addPartners } from './partners.ts'
import { addCalendar, addPolicies, addRecounts } from './rules.ts'

/** `/api/admin`. */
export const adminRoutes = (deps: ApiDeps): Routes => async (app) => {
  addDirectory(app, deps)
  addDuty(app, deps)
  addPartners(app, deps)
  addCalendar(app, deps)
  addRecounts(app, deps)
  addPolicies(app, deps)
  addNoticeTexts(app, deps)
}
