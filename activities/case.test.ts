import { expect, it } from 'vitest'
import { makeCalendar } from '../clock/calendar.ts'
import { createMemoryStore } from '../test/memory-store.ts'
import { sampleWho } from '../test/procedure.ts'
import type { Facts } from '../model/types.ts'
import { forms, policy } from '../workflows/credit-repair/procedure.ts'
import { createCaseActivities } from './case.ts'

it('shows no card on a case that is closed, though its timer fired in the same moment', async () => {
  const store = createMemoryStore(async () => Date.now())
  const activities = createCaseActivities({
    store, rules: async () => ({ policy, calendar: makeCalendar({}) }), who: async id => sampleWho(id), personName: async () => null, unitName: async id => id,
    onDuty: async () => null, members: async () => new Map(), contact: async () => null, nextCaseNo: async () => 'CR-2',
  })
  const application = (forms.application.meta()!.examples as Facts[])[0]!
  const input = { caseNo: 'CR-1', application, title: '信用修复', applicant: 'ent-01-contact', filedBy: { id: 'ent-01-contact' }, enterpriseId: 'ent-01' }
  await activities.advance('CR-1', '1', [{ type: 'open-case', procedure: policy.key, input }])
  await activities.escalate('CR-1', 'yellow', 'case', 'yellow')
  await activities.advance('CR-1', '2', [{ type: 'close', outcome: 'refused', result: null }])
  await activities.escalate('CR-1', 'red', 'case', 'red')
  expect(store.events('CR-1').map(e => e.type)).toEqual(['case-opened', 'yellow-card', 'case-closed'])
})
