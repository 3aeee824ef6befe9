import { expect, it } from 'vitest'
import { organisation } from '../db/seed/organisation.ts'
import { isUnit, mayBe } from '../model/filing.ts'
import { PROCEDURES, titleFor, wordsOf } from './catalogue.ts'
import { toJsonSchema } from './kit/check-forms.ts'

it.each([...PROCEDURES])('%s has a Chinese word for each kind of its times', (_, procedure) => {
  const { clock, tasks } = procedure.policy
  const kinds = [clock, ...Object.values(tasks).map(task => task.clock)].flatMap(one => one && !('n' in one) ? Object.keys(one) : [])
  expect(kinds.filter(kind => !/\p{Script=Han}/u.test(wordsOf(procedure)[kind] ?? ''))).toEqual([])
})

it.each([...PROCEDURES])('%s says what each of its figures is for', (_, procedure) => {
  const pathsOf = (figures: object, above = 'figures'): string[] => Object.entries(figures).flatMap(([name, value]) => typeof value === 'object' ? pathsOf(value, `${above}.${name}`) : [`${above}.${name}`])
  const paths = pathsOf(procedure.policy.figures ?? {})
  expect(paths.filter(path => !/\p{Script=Han}/u.test(wordsOf(procedure)[path] ?? ''))).toEqual([])
})

it('a case that its application makes restricted has no title of its own', () => {
  const procedure = { ...PROCEDURES.get('enterprise-appeal')!, policy: { ...PROCEDURES.get('enterprise-appeal')!.policy, confidentiality: { by: 'kind', is: { clue: 'restricted' }, else: 'internal' } as const } }
  expect(['clue', 'help'].map(kind => titleFor(procedure, { kind, subject: '货款被拖欠' }))).toEqual(['涉企诉求办理', '货款被拖欠'])
})

it.each([...PROCEDURES])('%s says by what there is who may file it, and what it is', (_, { policy, forms }) => {
  const units = policy.whoMayApply.flatMap(one => typeof one === 'string' ? [] : one.units)
  expect(units.filter(pattern => !organisation.units.some(({ id }) => isUnit(pattern, id))), 'units').toEqual([])
  const fields = [policy.confidentiality, policy.kind].flatMap(rule => typeof rule === 'object' ? [rule.by] : [])
  const known = JSON.stringify(toJsonSchema(forms.application))
  expect(fields.filter(field => !known.includes(`"${field}":`)), 'fields of the application').toEqual([])
  // A case of the office has no applicant.
  if (!mayBe(policy, 'application')) expect(Object.entries(policy.tasks).filter(([, { unit }]) => unit === 'applicant'), 'tasks of an applicant').toEqual([])
})
