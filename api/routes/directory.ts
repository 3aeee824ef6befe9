/** What forms and pages choose from: units, people and enterprises by name, and the calendar that workdays are counted on. */
import { z } from 'zod'
import { listColleagues, listEnterprises, listUnits } from '../../db/directory/directory.ts'
import { ROLES, type Role } from '../../model/person.ts'
import { listCalendar } from '../../db/rules/rules.ts'
import type { Routes } from '../http/app-types.ts'
import type { ApiDeps } from '../cases/requests.ts'
import { Colleague, Named } from '../http/schemas.ts'
import { choose, Choosing, namesOfPerson } from '../views/choosing.ts'

const Unit = Named.extend({ kind: z.string() }).meta({ id: 'Unit', title: '单位' })
const InUnit = z.strictObject({ unit: z.string().max(64).meta({ title: '单位' }).optional(), ...Choosing })
const CalendarYear = z.object({ year: z.int(), off: z.array(z.iso.date()), work: z.array(z.iso.date()) })
  .meta({ id: 'CalendarYear', title: '年度放假安排', description: 'off 放假，work 调休上班；没有列出的年份按周六、周日休息推算。' })

/** Officers of every kind; enterprises learn no officer's name and no other enterprise's. */
const officers: readonly Role[] = ROLES.filter(role => role !== 'enterprise')

/** `/api/directory`, `/api/calendar`. */
export const directoryRoutes = ({ db }: ApiDeps): Routes => async (app) => {
  const tags = ['目录']
  const querystring = z.strictObject(Choosing)
  app.get('/api/directory/units', { config: { access: 'signed-in' }, schema: { tags, summary: '单位', querystring, response: { 200: z.array(Unit) } } },
    async ({ query }) => choose(await listUnits(db.pool), query, unit => [unit.name]))
  app.get('/api/directory/people', { config: { access: officers }, schema: { tags, summary: '工作人员，本单位的在前；可只列一个单位', querystring: InUnit, response: { 200: z.array(Colleague) } } }, async ({ person, query: { unit, ...query } }) => {
    const colleagues = await listColleagues(db.pool, unit)
    const isNear = (one: (typeof colleagues)[number]) => one.unit?.id === person.unit?.id
    return choose([...colleagues.filter(isNear), ...colleagues.filter(one => !isNear(one))], query, namesOfPerson).map(({ id, name, unit, roles }) => ({ id, name, unit, roles }))
  })
  app.get('/api/directory/enterprises', { config: { access: officers }, schema: { tags, summary: '企业', querystring, response: { 200: z.array(Named) } } },
    async ({ query }) => choose(await listEnterprises(db.pool), query, one => [one.name]))
  app.get('/api/calendar', { config: { access: 'signed-in' }, schema: { tags, summary: '已公布的放假安排', response: { 200: z.array(CalendarYear) } } }, async () => listCalendar(db.pool))
}
