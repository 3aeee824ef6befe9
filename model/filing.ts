/** Who may file a case, and what it is from then on: whose, and before whose eyes. Pure; runs inside and outside the workflow sandbox. */
import type { Policy } from './policy.ts'
import type { Post, Role } from './person.ts'
import type { EnterpriseSees, Facts } from './types.ts'

/**
 * `internal`: before officers by their posts, and before its enterprise. `official`: the same, but never before an enterprise. `restricted`:
 * need to know; no listing, no content in notices, and its enterprise sees it only where the policy says from when (`shownFrom`).
 */
export type Confidentiality = 'internal' | 'official' | 'restricted'

/** `of-office`: no application but the office's own (a letter, an inspection, a plan), so nobody applies and nothing is accepted. */
export type CaseKind = 'application' | 'of-office'

/** The same for every case, or decided by what a field of the application says (`true` where it is yes). Amendments cannot change it. */
export type ByApplication<T extends string> = T | { by: string, is: Record<string, T>, else: T }

/** Whoever has the role, or has it in one of these units (`station-*`: any whose id begins so). */
export type Filer = Role | { role: Role, units: string[] }

const decided = <T extends string>(rule: ByApplication<T>, application: Facts): T =>
  typeof rule === 'string' ? rule : rule.is[String(application[rule.by])] ?? rule.else

/** Everything that a rule may come to. */
const possible = <T extends string>(rule: ByApplication<T>): T[] => typeof rule === 'string' ? [rule] : [...new Set([...Object.values(rule.is), rule.else])]

export const confidentialityOf = ({ confidentiality }: Pick<Policy, 'confidentiality'>, application: Facts): Confidentiality => decided(confidentiality, application)

export const kindOf = ({ kind = 'application' }: Pick<Policy, 'kind'>, application: Facts): CaseKind => decided(kind, application)

/** Whether a case of the procedure can be of this confidentiality, or kind. */
export const mayBe = ({ confidentiality, kind = 'application' }: Pick<Policy, 'confidentiality' | 'kind'>, what: Confidentiality | CaseKind): boolean =>
  [...possible(confidentiality), ...possible(kind)].includes(what)

/**
 * What its enterprise sees of a case when it opens; `byEnterprise`: it has applied for it. What is kept from an enterprise and was filed
 * by one of its contacts is not lost to that contact: he has a window.
 */
export function enterpriseSees(policy: Pick<Policy, 'confidentiality' | 'shownFrom'>, application: Facts, byEnterprise: boolean): EnterpriseSees {
  if (policy.shownFrom) return byEnterprise ? 'all' : 'nothing'
  if (confidentialityOf(policy, application) === 'internal') return 'all'
  return byEnterprise ? 'window' : 'nothing'
}

/** The roles that may file somewhere. */
export const filingRoles = ({ whoMayApply }: Pick<Policy, 'whoMayApply'>): Role[] => [...new Set(whoMayApply.map(one => typeof one === 'string' ? one : one.role))]

/** Whether this person may file, in the own name: nobody files for an absent one. */
export const mayFile = ({ whoMayApply }: Pick<Policy, 'whoMayApply'>, { unit, roles }: Pick<Post, 'unit' | 'roles'>): boolean =>
  whoMayApply.some(one => typeof one === 'string' ? roles.includes(one) : roles.includes(one.role) && unit !== null && one.units.some(pattern => isUnit(pattern, unit)))

/** `legal`, or `station-*` for every id that begins so. */
export const isUnit = (pattern: string, unit: string): boolean => pattern.endsWith('*') ? unit.startsWith(pattern.slice(0, -1)) : unit === pattern
