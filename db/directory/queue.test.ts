import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Role } from '../../model/person.ts'
import { queueOf } from './queue.ts'

const ROLES: Role[] = ['handler', 'legal-reviewer', 'unit-leader', 'bureau-leader', 'duty-desk']
const person = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), roles: fc.uniqueArray(fc.constantFrom(...ROLES), { minLength: 1 }) })
const staff = fc.record({ cyber: fc.array(person), bureau: fc.array(person), 'service-centre': fc.array(person) }).map(units => new Map(Object.entries(units)))

test('a task goes to the first queue with somebody who may do it, and is nobody’s only where there is nobody at all', () => {
  fc.assert(fc.property(staff, fc.subarray(['a', 'b', 'c', 'd', 'e', 'f']), fc.constantFrom<Role>('handler', 'legal-reviewer', 'unit-leader'), fc.boolean(), (members, barred, role, restricted) => {
    const free = (unit: string, as: Role) => members.get(unit)!.some(m => m.roles.includes(as) && !barred.includes(m.id))
    const { unit, role: found } = queueOf({ restricted }, { unit: 'cyber', role }, barred, members)
    if (free('cyber', role)) expect([unit, found]).toEqual(['cyber', role])
    else if (free('cyber', 'unit-leader')) expect([unit, found]).toEqual(['cyber', 'unit-leader'])
    else if (free('bureau', 'bureau-leader') || restricted || role === 'unit-leader') expect([unit, found]).toEqual(['bureau', 'bureau-leader'])
    else if (free('service-centre', 'duty-desk')) expect([unit, found]).toEqual(['service-centre', 'duty-desk'])
    else expect([unit, found]).toEqual(['bureau', 'bureau-leader'])
  }))
})
