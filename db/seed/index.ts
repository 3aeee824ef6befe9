/** Loads the sample organisation, the holiday calendar and the outside systems. Safe to repeat: what is there is left as it is. */
import { readCalendarFile } from '../../clock/calendar-file.ts'
import { connect, type Db } from '../connect.ts'
import { shanghaiDate } from '../../model/instants.ts'
import { calendarYear, enterprise, outsideSystem, person, roster, unit } from '../schema.ts'
import { organisation, type SampleShift } from './organisation.ts'

const ROSTER_DAYS = 60
const DAY_MS = 86_400_000

/** Seeds a migrated database; `url` may be the application's role. */
export async function seedOrganisation(url: string): Promise<void> {
  const db = connect(url, { max: 2 })
  try {
    await seed(db)
  } finally {
    await db.close()
  }
}

async function seed({ orm }: Db): Promise<void> {
  const { units, people, enterprises } = organisation
  await orm.insert(unit).values(units.map(({ id, name, kind }) => ({ id, name, kind }))).onConflictDoNothing()
  await orm.insert(enterprise).values(enterprises.map(({ id, name, uscc, address }) => ({ id, name, uscc, address }))).onConflictDoNothing()
  await orm.insert(person).values(people.map(p =>
    ({ id: p.id, sub: p.id, name: p.name, unitId: p.unit ?? null, enterpriseId: p.enterprise ?? null, roles: p.roles, email: p.email }))).onConflictDoNothing()
  const { source, years } = readCalendarFile()
  await orm.insert(calendarYear).values(Object.entries(years).map(([year, { off, work }]) => ({ year: Number(year), off, work, source }))).onConflictDoNothing()
  await orm.insert(roster).values(organisation.roster.flatMap(shifts)).onConflictDoNothing()
  await orm.insert(outsideSystem).values(SYSTEMS).onConflictDoNothing()
}

/** A daily shift on each of the coming days. */
function shifts({ unit: unitId, person: personId, startsAt, hours }: SampleShift) {
  return Array.from({ length: ROSTER_DAYS }, (_, i) => {
    const day = shanghaiDate(new Date(Date.now() + (i - 1) * DAY_MS))
    const fromAt = new Date(`${day}T${startsAt}:00+08:00`)
    return { id: `${unitId}/${day}/${startsAt}/${personId}`, unitId, personId, fromAt, untilAt: new Date(fromAt.getTime() + hours * 3600_000) }
  })
}

/** Sample secrets in the form of the Standard Webhooks scheme; an administrator replaces URL and secret before real use. */
const SYSTEMS = [
  { id: 'four-platforms', name: '四个平台', url: 'http://127.0.0.1:3900/four-platforms', secrets: ['whsec_YW54aW4tc2FtcGxlLWZvdXItcGxhdGZvcm1z'] },
  { id: 'credit-platform', name: '公共信用信息平台', url: 'http://127.0.0.1:3900/credit-platform', secrets: ['whsec_YW54aW4tc2FtcGxlLWNyZWRpdC1wbGF0Zm9ybQ=='] },
]
