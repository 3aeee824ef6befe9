import { nextCaseNo } from '../db/record/cases.ts'
import type { Db } from '../db/connect.ts'
import { findContact, findMembers, findOnDuty, nameAll, whoIs } from '../db/directory/directory.ts'
import { createStore } from '../db/record/record.ts'
import { createRules } from '../db/rules/rules.ts'
import type { Press } from '../documents/press.ts'
import { getProcedure } from '../workflows/catalogue.ts'
import type { CalendarActivities, CaseActivities, Engine, NoticeActivities } from '../workflows/kit/activities.ts'
import { createCaseActivities } from './case.ts'
import { createCalendarActivities } from './recurring.ts'
import { createNoticeActivities } from './notices.ts'
import { createNotifiers } from './notifiers/index.ts'

/** `press`: draws documents up; `materialsDir`: where files are kept, undefined: in the database. */
interface Settings { publicUrl: string, email?: { smtpUrl: string, from: string } | undefined, press: Press, materialsDir?: string | undefined }

/** All activities of the worker over one database and what starts workflows; `close` ends the channels, not the database. */
export function createActivities(db: Db, engine: Engine, { publicUrl, email, press, materialsDir }: Settings): { activities: CaseActivities & NoticeActivities & CalendarActivities, close(): void } {
  const findDestination = async (id: string) => (await db.pool.query('SELECT url, secret FROM webhook_destination WHERE id = $1 AND active', [id])).rows[0]
  const notifiers = createNotifiers({ ...(email && { email }), webhook: { findDestination } })
  const unitNames = new Map<string, string>()
  /** Looked up once: a unit's new name is shown from the worker's next start on. */
  async function unitName(id: string): Promise<string> {
    if (!unitNames.has(id)) unitNames.set(id, (await nameAll(db.pool, { people: [], units: [id], enterprises: [] })).unit(id).name)
    return unitNames.get(id)!
  }
  const rules = createRules(db, key => getProcedure(key).policy)
  const cases = createCaseActivities({
    store: createStore(db, materialsDir), press, rules,
    who: id => whoIs(db.pool, id),
    unitName,
    onDuty: unit => findOnDuty(db.pool, unit),
    members: units => findMembers(db.pool, units),
    contact: enterprise => findContact(db.pool, enterprise),
    engine,
    nextCaseNo: key => nextCaseNo(db.pool, getProcedure(key).policy.code),
  })
  return { activities: { ...cases, ...createCalendarActivities({ db, engine, rules }), ...createNoticeActivities({ db, publicUrl, ...notifiers }) }, close: () => notifiers.close() }
}
