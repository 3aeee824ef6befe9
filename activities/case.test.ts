import { expect, it } from 'vitest'
import { makeCalendar } from '../clock/calendar.ts'
import { createMemoryStore } from '../test/memory-store.ts'
import { NO_ENGINE, NO_PRESS, sampleWho } from '../test/procedure.ts'
import type { CaseEvent } from '../model/events.ts'
import type { Policy } from '../model/policy.ts'
import type { Facts } from '../model/types.ts'
import { forms, policy } from '../workflows/credit-repair/procedure.ts'
import { createCaseActivities } from './case.ts'

function startCase(rules: Policy = policy) {
  const store = createMemoryStore(async () => Date.now())
  const activities = createCaseActivities({
    store, rules: async () => ({ policy: rules, calendar: makeCalendar({}) }), who: async id => sampleWho(id), unitName: async id => id,
    onDuty: async () => null, members: async () => new Map(), contact: async () => null, engine: NO_ENGINE, press: NO_PRESS, nextCaseNo: async () => 'CR-2',
  })
  const application = (forms.application.meta()!.examples as Facts[])[0]!
  const input = { caseNo: 'CR-1', application, title: '信用修复', applicant: 'ent-01-contact', filedBy: { id: 'ent-01-contact' }, enterpriseId: 'ent-01' }
  return { store, activities, open: { type: 'open-case', procedure: policy.key, input } as const }
}

it('counts a task back from the date that it is given', async () => {
  const clock = { n: 3, unit: 'workday', before: '冻结期限届满日', source: '[C]' } as const
  const { store, activities, open } = startCase({ ...policy, tasks: { ...policy.tasks, accept: { ...policy.tasks.accept, clock } } })
  await activities.advance('CR-1', [{ key: '1', drafts: [open, { type: 'open-task', name: 'accept', round: 1, place: 1, dueOn: '2099-06-10' }] }])
  const opened = store.events('CR-1')[1] as CaseEvent & { type: 'task-opened' }
  expect(opened.data.deadline).toMatchObject({ dueAt: '2099-06-05T23:59:59+08:00', clock: { ...clock, date: '2099-06-10' } })
})

it('shows no card on a case that is closed, though its timer fired in the same moment', async () => {
  const { store, activities, open } = startCase()
  await activities.advance('CR-1', [{ key: '1', drafts: [open] }])
  await activities.escalate('CR-1', 'yellow', 'case', 'yellow')
  await activities.advance('CR-1', [{ key: '2', drafts: [{ type: 'close', outcome: 'refused', result: null }] }])
  await activities.escalate('CR-1', 'red', 'case', 'red')
  expect(store.events('CR-1').map(e => e.type)).toEqual(['case-opened', 'yellow-card', 'case-closed'])
})
