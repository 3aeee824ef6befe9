/** All routes of the API beyond its shell: one line each. */
import type { Routes } from '../http/app-types.ts'
import type { ApiDeps } from '../cases/requests.ts'
import { adminRoutes } from './admin/index.ts'
import { auditRoutes } from './audit.ts'
import { boardRoutes } from './board.ts'
import { callbackRoutes } from './callbacks.ts'
import { caseRegisterRoutes } from './case-registers.ts'
import { caseRoutes } from './cases.ts'
import { exportRoutes } from './exports.ts'
import { directoryRoutes } from './directory.ts'
import { documentRoutes } from './documents.ts'
import { draftRoutes } from './drafts.ts'
import { materialRoutes } from './materials.ts'
import { notificationRoutes } from './notifications.ts'
import { planRoutes } from './plan.ts'
import { procedureRoutes } from './procedures.ts'
import { registerRoutes } from './register.ts'
import { rosterRoutes } from './roster.ts'
import { taskRoutes } from './tasks.ts'
import { verifyRoutes } from './verify.ts'

/** `materialsDir`: where the content of materials is kept; undefined: in the database. */
export const allRoutes = (deps: ApiDeps, materialsDir?: string): Routes[] => [
  procedureRoutes(deps),
  planRoutes(deps),
  caseRegisterRoutes(deps),
  caseRoutes(deps),
  taskRoutes(deps),
  boardRoutes(deps),
  exportRoutes(deps),
  directoryRoutes(deps),
  draftRoutes(deps),
  materialRoutes(deps, materialsDir),
  documentRoutes(deps, materialsDir),
  registerRoutes(deps),
  verifyRoutes(deps),
  notificationRoutes(deps),
  rosterRoutes(deps),
  adminRoutes(deps),
  auditRoutes(deps),
  callbackRoutes(deps),
]
