import { describe, expect, it } from 'vitest'
import { makeCalendar } from '../clock/calendar.ts'
import type { EventType } from '../model/events.ts'
import type { Policy } from '../model/policy.ts'
import { createMemoryStore } from '../test/memory-store.ts'
import { policy } from '../test/probe/policy.ts'
import { addProbe } from '../test/probe/procedure.ts'
import { NO_ENGINE, NO_PRESS, sampleWho } from '../test/procedure.ts'
import type { CaseInput, Draft } from '../workflows/kit/types.ts'
import { createCaseActivities } from './case.ts'
import { begins } from './plan.ts'

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
    await activities.advance('XX-1', [{ key: `k-${++key}`, drafts }])
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
  'join': { draft: { type: 'join', party: { id: 'p1', name: '示例', kind: 'enterprise', enterprise: 'ent-02' } }, recorded: ['party-joined'], again: ['party-joined'] },
  'leave': { before: [{ type: 'join', party: { id: 'p1', name: '示例', kind: 'item' } }], draft: { type: 'leave', party: 'p1', answer: null }, recorded: ['party-left'], again: [] },
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

describe('what is asked of whoever filed', () => {
  const byOfficer = { applicant: 'traffic-1', filedBy: { id: 'traffic-1', unit: 'traffic' } }
  const forEnterprise = { applicant: 'ent-01-contact', filedBy: { id: 'desk-1', unit: 'service-centre' } }
  const calendar = makeCalendar({})
  const people = (id: string) => id === 'traffic-9' ? { ...sampleWho('traffic-1'), id, unit: 'legal' } : sampleWho(id)
  async function opened(input: Partial<CaseInput>, ask: Partial<Draft & { type: 'open-task' }>, own: Partial<Policy> = {}) {
    const store = createMemoryStore(async () => Date.now())
    const activities = createCaseActivities({
      store, rules: async () => ({ policy: { ...policy, ...own }, calendar }), who: async id => people(id), unitName: async id => id, onDuty: async () => null,
      members: async units => new Map(units.map(unit => [unit, [{ id: `${unit}-1`, roles: ['handler'], standIns: null }]])), contact: async () => null, nextCaseNo: async () => 'XX-2', press: NO_PRESS, engine: NO_ENGINE,
    })
    const application = { caseNo: 'XX-1', application: {}, title: '试验', applicant: 'ent-01-contact', filedBy: { id: 'ent-01-contact' }, enterpriseId: 'ent-01', ...input }
    await activities.advance('XX-1', [{ key: 'k', drafts: [{ type: 'open-case', procedure: 'probe', input: application }, { type: 'open-task', name: 'own', round: 1, place: 1, ...ask }] }])
    const { tasks: [task], file } = (await store.find('XX-1'))!
    return { held: `${task!.unitId}: ${task!.holderId}`, answers: task!.answers, file }
  }

  it.each<[string, Partial<CaseInput>, object, string]>([
    ['an officer holds it in his unit', byOfficer, {}, 'traffic: traffic-1'],
    ['who filed for an enterprise holds it, not the enterprise', forEnterprise, {}, 'service-centre: desk-1'],
    ['an enterprise that filed holds it as the applicant', {}, {}, 'applicant: ent-01-contact'],
    ['of whoever has left the unit it waits in its queue', { applicant: 'traffic-9', filedBy: { id: 'traffic-9', unit: 'traffic' } }, {}, 'traffic: null'],
    ['what a calendar filed waits in the queue of whose procedure it is', { applicant: 'system:plan', filedBy: { id: 'system:plan' }, enterpriseId: null }, {}, 'economic-crime: null'],
    ['a step of another unit is his, too, where he is of it', byOfficer, { name: 'two', holder: 'filer' }, 'traffic: traffic-1'],
    ['and waits in its queue where he is not', forEnterprise, { name: 'two', holder: 'filer' }, 'traffic: null'],
  ])('%s', async (_, input, ask, held) => expect((await opened(input, ask)).held).toBe(held))

  it('is the answer for the silence of somebody outside', async () => {
    expect((await opened(forEnterprise, { name: 'answer' })).answers).toEqual({ unit: 'service-centre', person: 'desk-1' })
    expect((await opened({}, { name: 'answer' })).answers, 'filed by an enterprise').toEqual({ unit: 'economic-crime', person: null })
    expect((await opened(forEnterprise, { name: 'mine' })).answers, 'where the policy does not say so').toBeNull()
  })

  it('is never asked of an applicant in a case of the office, which has none', async () => {
    expect((await opened(byOfficer, {}, { kind: 'of-office' })).file).toMatchObject({ ofOffice: true, enterpriseSees: 'nothing' })
    await expect(opened(byOfficer, { name: 'mine' }, { kind: 'of-office' })).rejects.toThrow('nobody has applied')
  })
})

it.each<[string, Partial<Policy>, object, Partial<CaseInput>, object]>([
  ['internal', {}, {}, {}, { restricted: false, enterpriseSees: 'all' }],
  ['shown from a step on, of the office', { shownFrom: 'show' }, {}, { applicant: 'traffic-1', filedBy: { id: 'traffic-1', unit: 'traffic' } }, { restricted: false, enterpriseSees: 'nothing' }],
  ['shown from a step on, applied for', { shownFrom: 'show' }, {}, {}, { restricted: false, enterpriseSees: 'all' }],
  ['official, of the office', { confidentiality: 'official' }, {}, { applicant: 'traffic-1', filedBy: { id: 'traffic-1', unit: 'traffic' } }, { restricted: false, enterpriseSees: 'nothing' }],
  ['official, filed by a contact', { confidentiality: 'official' }, {}, {}, { restricted: false, enterpriseSees: 'window' }],
  ['official, opened by another case', { confidentiality: 'official' }, {}, { parent: 'XX-9' }, { restricted: false, enterpriseSees: 'nothing' }],
  ['restricted by a field that says yes', { confidentiality: { by: 'hidden', is: { true: 'restricted' }, else: 'internal' } }, { hidden: true }, {}, { restricted: true, enterpriseSees: 'window' }],
  ['not restricted by a field that says no', { confidentiality: { by: 'hidden', is: { true: 'restricted' }, else: 'internal' } }, {}, {}, { restricted: false, enterpriseSees: 'all' }],
  ['of the office by its kind', { kind: { by: 'kind', is: { request: 'application' }, else: 'of-office' } }, { kind: 'visit' }, {}, { ofOffice: true }],
  ['no case of the office by its kind', { kind: { by: 'kind', is: { request: 'application' }, else: 'of-office' } }, { kind: 'request' }, {}, { ofOffice: false }],
])('a case begins as its policy and its application say: %s', (_, own, application, input, expected) => {
  const { shownFrom: _shown, ...plain } = policy
  const filed = { caseNo: 'XX-1', application, title: '试验', applicant: 'ent-01-contact', filedBy: { id: 'ent-01-contact' }, enterpriseId: 'ent-01', ...input } as CaseInput
  expect({ enterpriseSees: 'all', ofOffice: false, ...begins({ ...plain, ...own }, filed) }).toMatchObject(expected)
})
