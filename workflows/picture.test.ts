import { describe, expect, it } from 'vitest'
import { PROCEDURES } from './catalogue.ts'

/** That no case goes where its picture does not show is checked over every test run of a procedure (`test/procedure.ts`). */
describe.each([...PROCEDURES])('the picture of %s', (_, { policy, picture: { columns, together = [], paths } }) => {
  const drawn = columns.flat()
  const steps = Object.keys(policy.tasks)
  const outcomes = Object.keys(policy.outcomes).filter(outcome => outcome !== 'withdrawn' && outcome !== 'cancelled')

  it('shows every step and every outcome once, and nothing else', () => {
    expect(drawn.toSorted()).toEqual([...steps, ...outcomes].sort())
  })

  it('leads from the start to each of them, and from each step on', () => {
    const reached = new Set<string>()
    const walk = (from: string) => { for (const to of Object.keys(paths[from] ?? {})) if (!reached.has(to)) walk((reached.add(to), to)) }
    walk('start')
    expect([...reached].sort()).toEqual(drawn.toSorted())
    expect(Object.keys(paths).sort()).toEqual(['start', ...steps].sort())
    for (const step of steps) expect(Object.keys(paths[step]!), step).not.toEqual([])
  })

  it('shows every return that the policy allows', () => {
    for (const [step, { returnsTo = [] }] of Object.entries(policy.tasks)) for (const to of returnsTo) expect(paths[step], step).toHaveProperty(to)
  })

  it('puts side by side what stands in one column', () => {
    for (const group of together) expect(columns.some(column => group.every(step => column.includes(step))), group.join()).toBe(true)
  })
})
