import { z } from 'zod'
import { PROCEDURES } from '../../workflows/catalogue.ts'
import type { Policy } from '../../model/policy.ts'
import type { Procedure } from '../../workflows/kit/procedure.ts'
import { policy } from './policy.ts'

const anything = z.looseObject({}).meta({ title: '任意' })

/** Makes the procedure known for the tests of this file; `own`: as it is there, with other forms to read, and under another key. */
export function addProbe(own: Partial<Policy> = {}, more: Partial<Procedure> = {}): Procedure {
  const procedure: Procedure = {
    policy: { ...policy, ...own }, picture: { columns: [], paths: { start: {}, one: {}, two: {}, theirs: {}, reply: {}, mine: {}, own: {}, answer: {}, hurried: {}, fleeting: {} } },
    forms: { application: anything, tasks: Object.fromEntries(Object.keys(policy.tasks).map(name => [name, anything])) },
    titleOf: () => '试验',
    shown: { documents: { paper: anything } },
    documents: { paper: { template: { name: '试验文书', title: '试验', form: 'letter', body: ['试验。'] }, examples: [{}] } },
    checks: { look: () => ({ seen: true }) }, ...more,
  };
  (PROCEDURES as Map<string, Procedure>).set(procedure.policy.key, procedure)
  return procedure
}
