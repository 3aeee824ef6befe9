import { describe, expect, it } from 'vitest'
import { fitsShift } from '../../model/roster.ts'
import { overlaps } from '../../model/roster-plan.ts'
import { createTestDatabase } from '../../test/database.ts'
import { DUTY_STEPS } from '../../workflows/catalogue.ts'
import { connect } from '../connect.ts'
import { findOnDuty } from '../directory/directory.ts'
import { watchRosters } from '../roster/watch.ts'
import { seedOrganisation } from './index.ts'
import { organisation } from './organisation.ts'

const { units, people, enterprises, rosters } = organisation
const withRole = (unit: string, role: string) => people.filter(person => person.unit === unit && person.roles.some(one => one === role))
const idsOf = (list: { id: string }[]) => list.map(one => one.id)

describe('sample organisation', () => {
  it('has 18 stations, 35 liaison rooms, six enterprises and every other unit once', () => {
    const count = (kind: string) => units.filter(unit => unit.kind === kind).length
    expect([count('station'), count('liaison'), count('resident'), count('police'), enterprises.length]).toEqual([18, 35, 6, 16, 6])
    expect(new Set(idsOf(units)).size).toBe(units.length)
    expect(units.map(unit => unit.name)).toEqual(expect.arrayContaining(['第十派出所', '第十八派出所', '第二十警企联络室', '第三十五警企联络室']))
  })

  it('gives every unit but the outside system a leader who exists', () => {
    expect(idsOf(units.filter(unit => !people.some(person => person.id === unit.leader)))).toEqual(['four-platforms'])
  })

  it('gives every working unit enough people for four eyes', () => {
    for (const unit of units.filter(one => ['police', 'centre', 'resident', 'station'].includes(one.kind))) expect(withRole(unit.id, 'handler').length).toBeGreaterThanOrEqual(2)
    expect(withRole('anti-drug', 'handler')).toHaveLength(4)
    expect(withRole('legal', 'legal-reviewer').length).toBeGreaterThanOrEqual(4)
    expect(withRole('office', 'office').length).toBeGreaterThanOrEqual(3)
    expect(withRole('service-centre', 'duty-desk').length).toBeGreaterThanOrEqual(2)
    expect(withRole('bureau', 'bureau-leader')).toHaveLength(2)
  })

  it('keeps administration, audit and case work apart', () => {
    for (const person of people) if (person.roles.some(role => role === 'admin' || role === 'auditor')) expect(person.roles).toHaveLength(1)
  })

  it('names everybody once, by unit or enterprise', () => {
    expect(new Set(idsOf(people)).size).toBe(people.length)
    for (const { unit, enterprise } of people) {
      expect([...idsOf(units), ...idsOf(enterprises)]).toContain(unit ?? enterprise)
    }
    for (const { contact, id } of enterprises) expect(people.find(person => person.id === contact)?.enterprise).toBe(id)
  })

  it('has social credit codes with the right check character (GB 32100)', () => {
    const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
    for (const { uscc } of enterprises) {
      const sum = uscc.slice(0, 17).split('').reduce((total, c, i) => total + alphabet.indexOf(c) * 3 ** i % 31, 0)
      expect(uscc[17]).toBe(alphabet[(31 - sum % 31) % 31])
    }
  })

  it('has rosters round the clock or by workdays, of people who may have such a shift', () => {
    expect(rosters.map(({ unit, pattern }) => `${unit} ${pattern.days}`)).toEqual([
      'service-centre every-day', 'anti-drug every-day', 'legal every-day', 'criminal every-day', 'traffic every-day', 'cyber every-day', 'bureau every-day',
      'economic-crime workdays', 'entry-exit workdays', 'rotation workdays',
    ])
    for (const { unit, pattern } of rosters) {
      expect(overlaps(pattern.shifts)).toBe(false)
      if (pattern.days === 'every-day') expect(pattern.shifts.reduce((hours, shift) => hours + shift.hours, 0), unit).toBe(24)
      for (const member of pattern.members) {
        if (unit === 'rotation') expect(units.find(one => one.id === member)?.kind).toBe('resident')
        else expect(fitsShift('duty', unit, { unit: unit, ...people.find(one => one.id === member && one.unit === unit)! }), member).toBe(true)
      }
    }
  })

  it('keeps the roster that is there when it is seeded again, and leaves no hour of it open', async () => {
    const database = await createTestDatabase()
    await seedOrganisation(database.url)
    const db = connect(database.appUrl)
    try {
      const count = async () => (await db.pool.query(`SELECT count(*)::int AS n, count(*) FILTER (WHERE state = 'held')::int AS held FROM roster`)).rows[0]
      const before = await count()
      await seedOrganisation(database.url)
      expect(await count()).toEqual(before)
      expect(before.held).toBeGreaterThanOrEqual(7)
      expect(await watchRosters(db, DUTY_STEPS)).toBe(0)
      for (const unit of ['service-centre', 'anti-drug', 'legal', 'bureau']) expect(await findOnDuty(db.pool, unit), unit).not.toBeNull()
    } finally {
      await db.close()
      await database.drop()
    }
  })
})
