import { describe, expect, it } from 'vitest'
import { organisation } from './organisation.ts'

const { units, people, enterprises, roster } = organisation
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

  it('has somebody on duty at every hour, from the unit itself', () => {
    for (const unit of ['service-centre', 'anti-drug']) {
      const shifts = roster.filter(shift => shift.unit === unit)
      const hours = shifts.flatMap(shift => Array.from({ length: shift.hours }, (_, i) => (Number(shift.startsAt.slice(0, 2)) + i) % 24))
      expect(hours.sort((a, b) => a - b)).toEqual(Array.from({ length: 24 }, (_, i) => i))
      for (const { person } of shifts) expect(people.find(one => one.id === person)?.unit).toBe(unit)
    }
  })
})
