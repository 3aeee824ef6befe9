import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judgeTask, taskByProxy, type CaseFacts, type TaskFacts, type Who } from '../../model/actions.ts'
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

/** People of two units, some of them away, each with a proxy of the unit who may be away too; no circle. */
const UNITS = ['cyber', 'bureau', 'service-centre']
const officer = fc.record({ unit: fc.constantFrom(...UNITS), roles: fc.uniqueArray(fc.constantFrom(...ROLES), { minLength: 1, maxLength: 3 }), isAway: fc.boolean(), proxy: fc.nat() })
const office = fc.array(officer, { minLength: 1, maxLength: 9 }).map(officers => officers.map((one, i) => {
  const later = officers.flatMap((other, j) => j > i && other.unit === one.unit ? [`p${j}`] : [])
  return { ...one, id: `p${i}`, proxy: one.isAway && later.length > 0 ? later[one.proxy % later.length]! : null }
}))
type Office = typeof office extends fc.Arbitrary<infer T> ? T : never

/** Whoever stands in for a person, however many absences lie between. */
function proxiesOf(all: Office, id: string): string[] {
  const next = all.find(one => one.id === id)!.proxy
  return next === null ? [] : [next, ...proxiesOf(all, next)]
}
const asWho = (all: Office, { id, unit, roles }: Office[number]): Who => ({
  id, unit, roles, enterprise: null, standsInFor: all.filter(other => proxiesOf(all, other.id).includes(id)).map(other => ({ id: other.id, unit: other.unit, roles: other.roles, enterprise: null })),
})
const membersOf = (all: Office) => new Map(UNITS.map(unit => [unit, all.filter(one => one.unit === unit).map(({ id, roles, isAway }) =>
  ({ id, roles, standIns: isAway ? proxiesOf(all, id).filter(proxy => !all.find(one => one.id === proxy)!.isAway) : null }))]))

test('with absences and proxies nobody barred decides, and no task is nobody’s while anybody is there who may do it', () => {
  const some = fc.subarray(['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6', 'p7', 'p8'])
  let passedOn = 0
  fc.assert(fc.property(office, some, some, fc.constantFrom<Role>('handler', 'legal-reviewer', 'unit-leader'), fc.boolean(), (all, notBy, excluded, role, restricted) => {
    const file: CaseFacts = { status: 'open', outcome: null, restricted, enterpriseSees: 'all', applicantId: 'x', enterpriseId: null, card: 'none', participants: [], parties: [], excluded }
    const queue = queueOf(file, { unit: 'cyber', role }, [...notBy, ...excluded], membersOf(all))
    const open: TaskFacts = { status: 'open', party: null, unitId: queue.unit, role: queue.role, holderId: null, notBy, card: 'none' }
    const people = all.map(one => asWho(all, one))
    const isFree = (id: string) => !notBy.includes(id) && !excluded.includes(id)
    for (const who of people) for (const [action, task] of [['claim', open], ...all.map(({ id }) => ['complete', { ...open, status: 'claimed', holderId: id }] as const)] as const) {
      if (judgeTask(action, who, file, task, {}) !== null) continue
      const { onBehalfOf = who.id } = taskByProxy(action, who, file, task)
      expect([isFree(who.id), isFree(onBehalfOf)]).toEqual([true, true])
      expect(onBehalfOf === who.id || proxiesOf(all, onBehalfOf).includes(who.id)).toBe(true)
    }
    const isThere = (who: Who) => !all.find(one => one.id === who.id)!.isAway
    const mayClaim = (task: TaskFacts) => people.some(who => isThere(who) && judgeTask('claim', who, file, task, {}) === null)
    const queues: Pick<TaskFacts, 'unitId' | 'role'>[] = [{ unitId: 'cyber', role }, { unitId: 'cyber', role: 'unit-leader' }, { unitId: 'bureau', role: 'bureau-leader' }, ...(restricted || role === 'unit-leader' ? [] : [{ unitId: 'service-centre', role: 'duty-desk' } as const])]
    const first = queues.find(one => mayClaim({ ...open, ...one }))
    if (first) expect({ unitId: queue.unit, role: queue.role }).toEqual(first)
    if (first && first !== queues[0]) passedOn++
  }), { numRuns: 1000 })
  expect(passedOn).toBeGreaterThan(20)
})
