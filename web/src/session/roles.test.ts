import { expect, it } from 'vitest'
import { ROLE_TITLES, UNIT_KINDS as KINDS } from '../../../model/person.ts'
import { ROLES, UNIT_KINDS } from './roles.ts'

it('calls roles and kinds of units as the system does', () => {
  expect(Object.fromEntries(Object.entries(ROLES).map(([role, { title }]) => [role, title]))).toEqual(ROLE_TITLES)
  expect(UNIT_KINDS).toEqual(KINDS)
})
