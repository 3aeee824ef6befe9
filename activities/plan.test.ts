import { expect, it } from 'vitest'
import { makeCalendar } from '../clock/calendar.ts'
import type { EventType } from '../model/events.ts'
import { createMemoryStore } from '../test/memory-store.ts'
import { policy } from '../test/probe/policy.ts'
import { addProbe } from '../test/probe/procedure.ts'
import { NO_ENGINE, NO_PRESS, sampleWho } from '../test/procedure.ts'
import type { CaseInput, Draft } from '../workflows/kit/types.ts'
import { createCaseActivities } from './case.ts'

addProbe()
const told: string[] = []

async function openedCase(more: Partial<CaseInput> = {}) {
  const store = createMemoryStore(async () => Date.now())
  const activities = createCaseActivities({
    store, rules: async () => ({ policy, calendar: makeCalendar({}) }), who: async id => sampleWho(id), unitName: async id => id, onDuty: async () => null,
    members: async () => new Map(), contact: async () => null, nextCaseNo: async () => 'XX-2', press: NO_PRESS, engine: { ...NO_ENGINE, tellLater: async (id) => { told.push(id) } },
  })
  const input = { caseNo: 'XX-1', application: {}, title: '试验', applicant: 'ent-01-contact', filedBy: { id: 'ent-01-contact' }, enterpriseId: 'ent-01', ...more }
  let key = 0
  const advance = async (...drafts: Draft[]): Promise<EventType[]> => {
    const before = store.events('XX-1').length
    await activities.advance('XX-1', `k-${++key}`, drafts)
    return store.events('XX-1').slice(before).map(e => e.type)
  }
  await advance({ type: 'open-case', procedure: 'probe', input }, { type: 'open-task', name: 'one', round: 1, place: 1 }, { type: 'begin-wait', wait: 'w', text: '等待' })
  return advance
}

/** For each thing that a step may ask for: what is recorded; and when it is asked for again, nothing where it is so already. */
const ASKED: Record<Exclude<Draft['type'], 'open-case'>, { input?: Partial<CaseInput>, before?: Draft[], draft: Draft, recorded: EventType[], again: EventType[] }> = {
  'open-task': { draft: { type: 'open-task', name: 'mine', round: 1, place: 1 }, recorded: ['task-opened'], again: ['task-opened'] },
  'cancel-task': { draft: { type: 'cancel-task', taskId: 'XX-1.one.1', reason: '不需再办' }, recorded: ['task-cancelled'], again: [] },
  'begin-wait': { draft: { type: 'begin-wait', wait: 'v', text: '等待' }, recorded: ['wait-begun'], again: ['wait-begun'] },
  'end-wait': { draft: { type: 'end-wait', wait: 'w' }, recorded: ['wait-ended'], again: ['wait-ended'] },
  'cancel-case': { draft: { type: 'cancel-case', reason: '主案已撤销' }, recorded: ['cancellation-ordered'], again: [] },
  'pause': { draft: { type: 'pause', reason: '等待' }, recorded: ['clock-paused'], again: [] },
  'resume': { before: [{ type: 'pause', reason: '等待' }], draft: { type: 'resume' }, recorded: ['clock-resumed'], again: [] },
  'choose-clock': { draft: { type: 'choose-clock', clock: 'quick' }, recorded: ['clock-chosen'], again: ['clock-chosen'] },
  'keep-promise': { draft: { type: 'keep-promise' }, recorded: ['promise-kept'], again: [] },
  'note': { draft: { type: 'note', name: 'a', facts: {} }, recorded: ['noted'], again: ['noted'] },
  'link': { draft: { type: 'link', caseNo: 'XX-9', kind: 'duplicate-of' }, recorded: ['linked'], again: ['linked'] },
  'show': { input: { applicant: 'traffic-1', filedBy: { id: 'traffic-1', unit: 'traffic' } }, draft: { type: 'show' }, recorded: ['case-shown'], again: [] },
  'exclude': { draft: { type: 'exclude', persons: ['legal-1'] }, recorded: ['persons-excluded'], again: [] },
  'tell': { draft: { type: 'tell', to: 'applicant', title: '告知', body: '内容' }, recorded: ['told'], again: ['told'] },
  // Recorded when its time has come, by a workflow that is started once under its id.
  'tell-later': { draft: { type: 'tell-later', id: 'XX-1.later/1', at: '2099-01-01T09:00:00+08:00', what: { type: 'tell', to: 'applicant', title: '告知', body: '内容' } }, recorded: [], again: [] },
  'push': { draft: { type: 'push', system: 'credit-platform', payload: {} }, recorded: ['pushed'], again: ['pushed'] },
  // The calendar is the same as when they were computed: they are as it has them.
  'replan': { draft: { type: 'replan' }, recorded: [], again: [] },
  'close': { draft: { type: 'close', outcome: 'done', result: null }, recorded: ['case-closed'], again: ['case-closed'] },
}

it.each(Object.entries(ASKED))('what a step asks for is recorded, or is so already: %s', async (_, { input = {}, before = [], draft, recorded, again }) => {
  const advance = await openedCase(input)
  if (before.length > 0) await advance(...before)
  expect(await advance(draft)).toEqual(recorded)
  expect(await advance(draft)).toEqual(again)
})

it('has told at its time what is to be told later', () => expect(told).toContain('XX-1.later/1'))
