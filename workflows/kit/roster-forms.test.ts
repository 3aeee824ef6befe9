import { expect, it } from 'vitest'
import type { z } from 'zod'
import { ROSTER_ACTIONS } from '../../model/roster.ts'
import { checkForm, findUnreadable, swallowsUnknownFields } from './check-forms.ts'
import { PlanRotationForm, rosterForms } from './roster-forms.ts'

it.each(Object.entries({ ...rosterForms, 'plan of the rotation': PlanRotationForm }) as [string, z.ZodType][])('the form of %s has valid examples, Chinese titles, and takes no unknown field', (_, schema) => {
  const { examples, title } = schema.meta() as { examples: object[], title: string }
  expect(title).toMatch(/\p{Script=Han}/u)
  for (const example of examples) {
    expect(checkForm(schema, example)).toHaveProperty('form')
    expect(findUnreadable(schema, example)).toEqual([])
  }
  expect(swallowsUnknownFields(schema)).toBe(false)
})

it('there is a form for every action of the table', () => {
  expect(new Set(Object.values(ROSTER_ACTIONS).flatMap(rules => Object.keys(rules)))).toEqual(new Set(Object.keys(rosterForms)))
})
