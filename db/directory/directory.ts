/** People, units and who stands in for whom: looked up at every request, so that a change takes effect at once. */
import type { Queryable } from '../connect.ts'
import type { Named, Person, Post, Role } from '../../model/person.ts'
import type { Who } from '../../model/actions.ts'
import { isAway, postsStoodInFor, standIns, type Standing } from './proxies.ts'

interface PersonRow { id: string, name: string, roles: Role[], unit_id: string | null, unit_name: string | null, enterprise_id: string | null, enterprise_name: string | null, stands_in_for: NamedPost[] }

const PERSON = `SELECT p.id, p.name, p.roles, p.unit_id, u.name AS unit_name, p.enterprise_id, e.name AS enterprise_name,
  ${postsStoodInFor('p.id')} AS stands_in_for
  FROM person p LEFT JOIN unit u ON u.id = p.unit_id LEFT JOIN enterprise e ON e.id = p.enterprise_id WHERE p.active`

/** A person together with the posts of the absent persons whose proxy it is now. */
export interface PersonInOffice extends Person { standsInFor: NamedPost[] }
type NamedPost = Post & { name: string }

/** An active person by the subject of its token. */
export async function findPersonBySub(via: Queryable, sub: string): Promise<PersonInOffice | undefined> {
  const { rows } = await via.query({ name: 'person-by-sub', text: `${PERSON} AND p.sub = $1`, values: [sub] })
  return rows[0] && toPerson(rows[0])
}

/** An active person by id. */
export async function findPerson(via: Queryable, id: string): Promise<PersonInOffice | undefined> {
  const { rows } = await via.query({ name: 'person-by-id', text: `${PERSON} AND p.id = $1`, values: [id] })
  return rows[0] && toPerson(rows[0])
}

/** Those of the ids who are active. */
export async function findPeople(via: Queryable, ids: string[]): Promise<PersonInOffice[]> {
  const { rows } = await via.query({ name: 'people-by-id', text: `${PERSON} AND p.id = ANY($1)`, values: [ids] })
  return rows.map(toPerson)
}

/** Everybody active, by id. */
export async function listPeople(via: Queryable): Promise<PersonInOffice[]> {
  const { rows } = await via.query(`${PERSON} ORDER BY p.id`)
  return rows.map(toPerson)
}

/** Active units that take part in cases, in the order of their ids. */
export async function listUnits(via: Queryable): Promise<(Named & { kind: string })[]> {
  return (await via.query({ name: 'units', text: `SELECT id, name, kind FROM unit WHERE active AND kind <> 'outside' ORDER BY id` })).rows
}

/** Active people of a unit, or of all units; never an enterprise's. */
export async function listColleagues(via: Queryable, unit: string | undefined): Promise<Person[]> {
  const { rows } = await via.query({
    name: 'colleagues', values: [unit ?? null],
    text: `SELECT p.id, p.name, p.roles, p.unit_id, u.name AS unit_name FROM person p JOIN unit u ON u.id = p.unit_id WHERE p.active AND p.unit_id = coalesce($1, p.unit_id) ORDER BY p.id`,
  })
  return rows.map((r: PersonRow) => ({ id: r.id, name: r.name, unit: named(r.unit_id, r.unit_name), enterprise: null, roles: r.roles }))
}

/** As names are looked up in a Chinese list: by pinyin. */
const byPinyin = new Intl.Collator('zh-u-co-pinyin')

/** Active enterprises, by name. */
export async function listEnterprises(via: Queryable): Promise<Named[]> {
  const { rows } = await via.query({ name: 'enterprises', text: 'SELECT id, name FROM enterprise WHERE active ORDER BY id' })
  return (rows as Named[]).sort((a, b) => byPinyin.compare(a.name, b.name))
}

const named = (id: string | null, name: string | null): Named | null => id === null ? null : { id, name: name ?? id }

const toPerson = (r: PersonRow): PersonInOffice =>
  ({ id: r.id, name: r.name, unit: named(r.unit_id, r.unit_name), enterprise: named(r.enterprise_id, r.enterprise_name), roles: r.roles, standsInFor: r.stands_in_for })

/** A person as the rules of who may do what see it. */
export const asWho = (p: PersonInOffice): Who => ({ ...asPost(p), standsInFor: p.standsInFor })

/** The same without those for whom the person stands in. */
export const asPost = (p: Person): Post => ({ id: p.id, unit: p.unit?.id ?? null, enterprise: p.enterprise?.id ?? null, roles: p.roles })

/** The same for an id that may be unknown or no longer active: somebody who may do nothing. */
export async function whoIs(via: Queryable, id: string): Promise<Who> {
  const found = await findPerson(via, id)
  return found ? asWho(found) : { id, unit: null, enterprise: null, roles: [], standsInFor: [] }
}

/** Names of persons (also of former ones) and outside systems, by id. */
export async function findNames(via: Queryable, ids: string[]): Promise<Map<string, string>> {
  const { rows } = await via.query({
    name: 'names', text: `SELECT id, name FROM person WHERE id = ANY($1) UNION ALL SELECT 'system:' || id, name FROM outside_system WHERE 'system:' || id = ANY($1)`, values: [ids],
  })
  return new Map(rows.map((r: Named) => [r.id, r.name]))
}

/** What is to be named: ids of persons and outside systems, units, enterprises. */
export interface ToName { people: Iterable<string>, units: Iterable<string>, enterprises: Iterable<string> }
/** What something was called at some time, and what it is called now where that differs. */
export interface NamedThen extends Named { now?: string }
/**
 * Ids with their names, at an instant or (none given) today. An id that the directory does not know is its own name; `applicant` stands for the
 * applicant where units stand.
 */
export interface Names { person(id: string, at?: Date | null): NamedThen, unit(id: string, at?: Date | null): NamedThen, enterprise(id: string, at?: Date | null): NamedThen }

/** Names of everybody and everything that an answer mentions, and what they were called before, in one query. */
export async function nameAll(via: Queryable, { people, units, enterprises }: ToName): Promise<Names> {
  const { rows } = await via.query({
    name: 'name-all', values: [[...people], [...units], [...enterprises]],
    text: `SELECT 'person' AS kind, id, name, null::timestamptz AS until FROM person WHERE id = ANY($1)
      UNION ALL SELECT 'person', 'system:' || id, name, null FROM outside_system WHERE 'system:' || id = ANY($1)
      UNION ALL SELECT 'unit', id, name, null FROM unit WHERE id = ANY($2) UNION ALL SELECT 'enterprise', id, name, null FROM enterprise WHERE id = ANY($3)
      UNION ALL SELECT kind, id, name, until FROM former_name WHERE kind = 'person' AND id = ANY($1) OR kind = 'unit' AND id = ANY($2) OR kind = 'enterprise' AND id = ANY($3)
      ORDER BY until`,
  })
  const found = new Map([['unit/applicant', '申请人'], ['person/system:schedule', '系统（按计划）']])
  const former = new Map<string, { name: string, until: Date }[]>()
  for (const { kind, id, name, until } of rows as (Named & { kind: string, until: Date | null })[]) {
    const key = `${kind}/${id}`
    if (until === null) found.set(key, name)
    else former.set(key, [...former.get(key) ?? [], { name, until }])
  }
  const name = (kind: string) => (id: string, at?: Date | null): NamedThen => {
    const now = found.get(`${kind}/${id}`) ?? id
    const then = at ? former.get(`${kind}/${id}`)?.find(({ until }) => at < until)?.name ?? now : now
    return { id, name: then, ...(then !== now && { now }) }
  }
  return { person: name('person'), unit: name('unit'), enterprise: name('enterprise') }
}

/** Units with their active people and their roles; one that is not in it has nobody. */
export type Members = ReadonlyMap<string, (Standing & { roles: Role[] })[]>

/** The active people of these units. */
export async function findMembers(via: Queryable, units: string[]): Promise<Members> {
  const { rows } = await via.query({ name: 'members', text: `SELECT p.unit_id, p.id, p.roles, ${standIns('p.id')} AS "standIns" FROM person p WHERE p.active AND p.unit_id = ANY($1) ORDER BY p.id`, values: [units] })
  return new Map(units.map(unit => [unit, rows.filter((r: { unit_id: string }) => r.unit_id === unit)]))
}

/** Whether the line `r` of the roster has somebody on duty now: within its hours, or after them until the next has come; never who is away. */
export const isOnDuty = (r: string): string => `${r}.kind = 'duty' AND ${r}.state IN ('published', 'held') AND now() >= ${r}.from_at AND (now() < ${r}.until_at OR ${r}.stays_on) AND NOT ${isAway(`${r}.person_id`)}`
/** Of several: who has checked in within his hours, then who stays on, then the shift that began last. */
export const dutyOrder = (r: string): string => `(${r}.state = 'held' AND now() < ${r}.until_at) DESC, (${r}.state = 'held') DESC, ${r}.from_at DESC, ${r}.id`

/** Whom the roster (值班表) has on duty in a unit now. */
export async function findOnDuty(via: Queryable, unit: string): Promise<string | null> {
  const { rows } = await via.query({
    name: 'on-duty', text: `SELECT r.person_id FROM roster r JOIN person p ON p.id = r.person_id AND p.active
      WHERE r.unit_id = $1 AND ${isOnDuty('r')} ORDER BY ${dutyOrder('r')} LIMIT 1`, values: [unit],
  })
  return rows[0]?.person_id ?? null
}

/** Whom to ask about an enterprise's case that an officer filed: its first active contact; null where there is none, or no such enterprise. */
export async function findContact(via: Queryable, enterpriseId: string): Promise<string | null> {
  const { rows } = await via.query({
    name: 'contact', text: `SELECT p.id FROM person p JOIN enterprise e ON e.id = p.enterprise_id AND e.active
      WHERE p.active AND p.enterprise_id = $1 AND 'enterprise' = ANY(p.roles) ORDER BY p.id LIMIT 1`, values: [enterpriseId],
  })
  return rows[0]?.id ?? null
}

/**
 * Those of the ids, as `<kind>/<id>`, that an active person, unit or enterprise or a case of this enterprise has. Outside
 * systems take no part in cases as units, of restricted cases nobody is told, and `outwards` of none that is kept from enterprises.
 */
export async function findKnown(via: Queryable, ids: { to: 'unit' | 'person' | 'enterprise' | 'case', id: string }[], { enterpriseId, outwards }: { enterpriseId: string | null, outwards: boolean }): Promise<Set<string>> {
  const of = (kind: string) => ids.filter(one => one.to === kind).map(one => one.id)
  const { rows } = await via.query({
    name: 'known', values: [of('unit'), of('person'), of('enterprise'), of('case'), enterpriseId, outwards],
    text: `SELECT 'unit/' || id AS known FROM unit WHERE active AND kind <> 'outside' AND id = ANY($1)
      UNION ALL SELECT 'person/' || id FROM person WHERE active AND id = ANY($2) UNION ALL SELECT 'enterprise/' || id FROM enterprise WHERE active AND id = ANY($3)
      UNION ALL SELECT 'case/' || case_no FROM case_file WHERE NOT restricted AND (enterprise_sees = 'all' OR NOT $6) AND case_no = ANY($4) AND enterprise_id IS NOT DISTINCT FROM $5`,
  })
  return new Set(rows.map((r: { known: string }) => r.known))
}
