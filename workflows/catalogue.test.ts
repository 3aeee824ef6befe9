import { expect, it } from 'vitest'
import { PROCEDURES, wordsOf } from './catalogue.ts'

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
