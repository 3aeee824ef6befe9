/** Who knows of a procedure, and who may file a case of it: asked alike by the catalogue, by drafts and by filing. */
import type { Queryable } from '../../db/connect.ts'
import { nameAll, type PersonInOffice } from '../../db/directory/directory.ts'
import { listProceduresOf } from '../../db/lists/search.ts'
import { filingRoles, mayBe, mayFile, type Filer } from '../../model/filing.ts'
import { ROLE_TITLES } from '../../model/person.ts'
import type { Policy } from '../../model/policy.ts'
import { problem, type Problem } from '../http/errors.ts'

type Filing = Pick<Policy, 'key' | 'whoMayApply' | 'confidentiality' | 'kind'>

/** Officers know every procedure; an enterprise those that it may apply for, or has a case of: what is done to suspects is not its business. */
export async function knows(via: Queryable, { roles, enterprise }: PersonInOffice, policies: Filing[]): Promise<Set<string>> {
  const isOpen = (policy: Filing) => !roles.includes('enterprise') || filingRoles(policy).includes('enterprise')
  const own = policies.every(isOpen) ? [] : await listProceduresOf(via, enterprise?.id ?? '')
  return new Set(policies.filter(policy => isOpen(policy) || own.includes(policy.key)).map(({ key }) => key))
}

/** @throws Problem `not-found` where the procedure is none of this person's business, `not-permitted` with the reason where others file it */
export async function mustBeAbleToFile(via: Queryable, person: PersonInOffice, policy: Filing): Promise<void> {
  if (!(await knows(via, person, [policy])).has(policy.key)) throw problem('not-found')
  if (!mayFile(policy, { unit: person.unit?.id ?? null, roles: person.roles })) throw await othersFile(via, policy)
}

async function othersFile(via: Queryable, policy: Filing): Promise<Problem> {
  const units = policy.whoMayApply.flatMap(one => typeof one === 'string' ? [] : one.units)
  const names = await nameAll(via, { people: [], units, enterprises: [] })
  const unitName = (pattern: string) => KINDS_OF_UNITS[pattern] ?? names.unit(pattern).name
  const called = (one: Filer) => typeof one === 'string' ? ROLE_TITLES[one] : `${ROLE_TITLES[one.role]}（${one.units.map(unitName).join('、')}）`
  const verb = mayBe(policy, 'of-office') ? '发起' : '提交'
  return problem('not-permitted', `这类事项由${policy.whoMayApply.map(called).join('、')}${verb}，您不能${verb}。`)
}

const KINDS_OF_UNITS: Record<string, string> = { 'station-*': '派出所', 'liaison-*': '警企联络室', 'outside-*': '在外诸商警企联络点' }
