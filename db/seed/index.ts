/** Loads the sample organisation, the holiday calendar and the outside systems. Safe to repeat: what is there is left as it is. */
import { readCalendarFile } from '../../clock/calendar-file.ts'
import { connect, type Db } from '../connect.ts'
import { shanghaiDate } from '../../model/instants.ts'
import { calendarYear, enterprise, outsideSystem, person, roster, rosterMonth, rosterPattern, unit } from '../schema.ts'
import { makeCalendar, type Calendar } from '../../clock/calendar.ts'
import { isPublished } from '../roster/read.ts'
import { ROTATION, type Pattern } from '../../model/roster.ts'
import { addDays, layPattern, monthAfter } from '../../model/roster-plan.ts'
import { organisation, type SampleRoster } from './organisation.ts'


/** Seeds a migrated database; `url` may be the application's role. */
export async function seedOrganisation(url: string): Promise<void> {
  const db = connect(url, { max: 2 })
  try {
    await seed(db)
  } finally {
    await db.close()
  }
}

async function seed({ orm, pool }: Db): Promise<void> {
  const { units, people, enterprises } = organisation
  await orm.insert(unit).values(units.map(({ id, name, kind }) => ({ id, name, kind }))).onConflictDoNothing()
  await orm.insert(enterprise).values(enterprises.map(({ id, name, uscc, address }) => ({ id, name, uscc, address }))).onConflictDoNothing()
  await orm.insert(person).values(people.map(p =>
    ({ id: p.id, sub: p.id, name: p.name, unitId: p.unit ?? null, enterpriseId: p.enterprise ?? null, roles: p.roles, email: p.email }))).onConflictDoNothing()
  const { source, years } = readCalendarFile()
  await orm.insert(calendarYear).values(Object.entries(years).map(([year, { off, work }]) => ({ year: Number(year), off, work, source }))).onConflictDoNothing()
  const calendar = makeCalendar(years)
  for (const sample of organisation.rosters) if (!await isPublished(pool, sample.unit, thisMonth())) await seedRoster(orm, sample, calendar)
  await orm.insert(outsideSystem).values(SYSTEMS).onConflictDoNothing()
}

const thisMonth = () => shanghaiDate(new Date()).slice(0, 7)

/** This month and the next, published; whoever is on duty now has come. Of the rotation the next two turns are named. */
async function seedRoster(orm: Db['orm'], { unit: of, pattern: sample }: SampleRoster, calendar: Calendar): Promise<void> {
  const now = new Date()
  const months = [thisMonth(), monthAfter(thisMonth())]
  // From the day before on, for a shift may have begun then.
  const pattern: Pattern = { ...sample, from: addDays(`${months[0]}-01`, -1) }
  const isRotation = of === ROTATION
  const slots = [pattern.from.slice(0, 7), ...months].flatMap(month => layPattern(pattern, month, calendar))
  const isNamed = (i: number) => !isRotation || slots.slice(0, i).filter(slot => slot.untilAt > now).length < 2
  const rows = slots.map(({ date, member, fromAt, untilAt }, i): typeof roster.$inferInsert => {
    const [over, isOn] = [untilAt <= now, fromAt <= now && untilAt > now]
    const person = isRotation ? isNamed(i) ? `${member}-1` : null : member
    return {
      id: `${of}/${date}/${fromAt.toISOString().slice(11, 16)}`, unitId: isRotation ? member : of, personId: person, fromAt, untilAt, kind: isRotation ? 'rotation' : 'duty',
      state: over ? 'ended' : isOn ? 'held' : person === null ? 'open' : 'published', outcome: over ? isRotation ? 'present' : 'relieved' : null,
      ...(isOn && { checkedInAt: fromAt, checkedInBy: 'self', staysOn: !isRotation && sample.days === 'every-day' }),
    }
  })
  await orm.insert(roster).values(rows).onConflictDoNothing()
  await orm.insert(rosterPattern).values({ id: `${of}/sample`, unitId: of, pattern, laidAt: now }).onConflictDoNothing()
  await orm.insert(rosterMonth).values(months.map(month => ({ unitId: of, month, publishedAt: now, publishedBy: 'admin-1', gaps: [] }))).onConflictDoNothing()
}

/** Sample secrets in the form of the Standard Webhooks scheme; an administrator replaces URL and secret before real use. */
const SYSTEMS = [
  { id: 'four-platforms', name: '四个平台', url: 'http://127.0.0.1:3900/four-platforms', secrets: ['whsec_YW54aW4tc2FtcGxlLWZvdXItcGxhdGZvcm1z'] },
  { id: 'credit-platform', name: '公共信用信息平台', url: 'http://127.0.0.1:3900/credit-platform', secrets: ['whsec_YW54aW4tc2FtcGxlLWNyZWRpdC1wbGF0Zm9ybQ=='] },
]
