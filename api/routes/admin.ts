/** What administrators keep. They see no case; who changed what is noted for the auditors. */
import type { Routes } from '../app.ts'
import type { ApiDeps } from '../requests.ts'
import { addDirectory } from './admin-directory.ts'
import { addDuty } from './admin-duty.ts'
import { addNoticeTexts } from './admin-notice-texts.ts'
import { addPartners } from './admin-partners.ts'
import { addCalendar, addPolicies } from './admin-rules.ts'

/** `/api/admin`. */
export const adminRoutes = (deps: ApiDeps): Routes => async (app) => {
  addDirectory(app, deps)
  addDuty(app, deps)
  addPartners(app, deps)
  addCalendar(app, deps)
  addPolicies(app, deps)
  addNoticeTexts(app, deps)
}
