import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../test/database.ts'
import { caseOpened, deadline, documentIssued, event, fresh, officer, taskOpened } from '../test/sample-case.ts'
import { findBreak } from './chain.ts'
import { connect, type Db } from '../db/connect.ts'
import type { CaseEvent, NewEvent } from './events.ts'
import { apply, isLive, type CaseState } from './state.ts'
import { appendEvents, chain, findCase, toEvent } from '../db/record/record.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 2, 5, 2, minute))
const NO = 'EA-000001'
const handle = `${NO}.handle.1`

/** The state that these events come to, one a minute. */
function fold(...events: NewEvent[]): CaseState {
  return events.reduce<CaseState | null>((state, e, minute) => apply(state, chain(NO, `k${minute}`, [e], state, at(minute), null)[0]!), null)!
}
const withTask = (...events: NewEvent[]) => fold(caseOpened(), taskOpened(NO), ...events)
const theTask = (...events: NewEvent[]) => withTask(...events).tasks[0]!
const claimed = event('task-claimed', { task: handle }, officer('economic-crime-1'))

describe('who holds a task', () => {
  it('is nobody while it waits in its unit', () => expect(theTask()).toMatchObject({ status: 'open', holderId: null }))
  it('is who was named when it was opened', () => {
    const { file, tasks } = fold(caseOpened(), taskOpened(NO, { holder: 'desk-1' }))
    expect([tasks[0]!.status, tasks[0]!.holderId, file.participants]).toEqual(['claimed', 'desk-1', ['ent-01-contact@', 'desk-1']])
  })
  it('is who claimed it', () => expect(theTask(claimed)).toMatchObject({ status: 'claimed', holderId: 'economic-crime-1' }))
  it('is the absent person for whom a proxy claimed it', () => {
    expect(theTask(event('task-claimed', { task: handle, onBehalfOf: 'economic-crime-leader' }, officer('economic-crime-1')))).toMatchObject({ status: 'claimed', holderId: 'economic-crime-leader' })
  })
  it.each([
    ['released', event('task-released', { task: handle }, officer('economic-crime-1'))],
    ['offered to the next shift', event('task-offered', { task: handle, to: 'economic-crime-2', reason: '交接班' })],
  ])('is nobody once it was %s', (_, e) => expect(theTask(claimed, e)).toMatchObject({ status: 'open', holderId: null, delegatedBy: null }))
  it('is who it was transferred to, from the queue too', () => {
    const transferred = event('task-transferred', { task: handle, to: 'economic-crime-2', reason: '外出' }, officer('economic-crime-leader'))
    expect(theTask(transferred)).toMatchObject({ status: 'claimed', holderId: 'economic-crime-2' })
    expect(theTask(claimed, transferred)).toMatchObject({ holderId: 'economic-crime-2', delegatedBy: null })
  })

  const delegated = (to: string, by: string) => event('task-delegated', { task: handle, to, reason: '出差' }, officer(by))
  it('is who it was delegated to, while who delegated it stays answerable however often it is passed on', () => {
    expect(theTask(claimed, delegated('economic-crime-2', 'economic-crime-1'))).toMatchObject({ status: 'claimed', holderId: 'economic-crime-2', delegatedBy: 'economic-crime-1' })
    expect(theTask(claimed, delegated('economic-crime-2', 'economic-crime-1'), delegated('economic-crime-3', 'economic-crime-2')))
      .toMatchObject({ holderId: 'economic-crime-3', delegatedBy: 'economic-crime-1' })
    expect(theTask(claimed, delegated('economic-crime-2', 'economic-crime-1'), delegated('economic-crime-1', 'economic-crime-2')))
      .toMatchObject({ holderId: 'economic-crime-1', delegatedBy: null })
  })
  it('stays answerable also when the proxy of an absent holder delegates', () => {
    expect(theTask(claimed, delegated('economic-crime-2', 'economic-crime-leader')).delegatedBy).toBe('economic-crime-1')
  })
})

describe('who takes part', () => {
  const parts = (...events: NewEvent[]) => withTask(...events).file.participants.filter(part => !part.startsWith('ent-01-contact'))
  const to = (type: 'task-transferred' | 'task-delegated', to: string, by: string) => event(type, { task: handle, to, reason: 'x' }, officer(by))
  const done = (by: string, more = {}) => event('task-completed', { task: handle, action: 'complete', form: {}, ...more }, officer(by))

  it.each<[string, NewEvent[], string[]]>([
    ['whoever holds a task', [claimed], ['economic-crime-1']],
    ['nobody who has released it', [claimed, event('task-released', { task: handle }, officer('economic-crime-1'))], []],
    ['nobody from whom it was taken at a change of shift', [claimed, event('task-offered', { task: handle, to: 'economic-crime-2', reason: '交接班' })], []],
    ['nobody from whom it was transferred', [claimed, to('task-transferred', 'economic-crime-2', 'economic-crime-leader')], ['economic-crime-2']],
    ['whoever has delegated it, beside the one who does it', [claimed, to('task-delegated', 'economic-crime-2', 'economic-crime-1')], ['economic-crime-2', 'economic-crime-1']],
    ['nobody to whom it was delegated, once it is given back', [claimed, to('task-delegated', 'economic-crime-2', 'economic-crime-1'), to('task-delegated', 'economic-crime-1', 'economic-crime-2')], ['economic-crime-1']],
    ['whoever has completed it, as one of the unit', [claimed, done('economic-crime-1')], ['economic-crime-1@economic-crime']],
    ['whoever has delegated what another has completed', [claimed, to('task-delegated', 'economic-crime-2', 'economic-crime-1'), done('economic-crime-2')], ['economic-crime-2@economic-crime', 'economic-crime-1@economic-crime']],
    ['the absent person, not the proxy who has completed it', [claimed, done('economic-crime-2', { onBehalfOf: 'economic-crime-1' })], ['economic-crime-1@economic-crime']],
    ['nobody who held it when the case ended', [claimed, event('case-closed', { outcome: 'cancelled', result: null })], []],
  ])('%s', (_, events, expected) => expect(parts(...events)).toEqual(expected))

  it('whoever has filed the case, as one of the unit, and the applicant', () => {
    const filed = (applicantId: string, by: string) => apply(null, chain(NO, 'k', [{ ...caseOpened({ applicantId }), actor: officer(by) }], null, at(0), null)[0]!).file.participants
    expect(filed('criminal-1', 'criminal-1')).toEqual(['criminal-1@criminal'])
    expect(filed('ent-01-contact', 'station-01-1')).toEqual(['ent-01-contact@', 'station-01-1@station-01'])
  })
})

describe('how a task ends', () => {
  it('completed: by whom, when, how and with what', () => {
    const done = event('task-completed', { task: handle, action: 'complete', form: { result: '已放行' } }, officer('economic-crime-1'))
    expect(theTask(claimed, done)).toMatchObject({ status: 'completed', completedBy: 'economic-crime-1', completedAt: at(3), action: 'complete', result: { result: '已放行' } })
  })
  it.each([event('task-cancelled', { task: handle, reason: 'x' }), event('task-lapsed', { task: handle })])('$type: by nobody', (e) => {
    expect(theTask(e)).toMatchObject({ status: 'cancelled', completedBy: null, completedAt: at(2) })
  })
  it('with its case', () => {
    const { file, tasks } = withTask(claimed, taskOpened(NO, { name: 'co-handle' }), event('case-closed', { outcome: 'withdrawn', result: { a: 1 } }))
    expect(tasks.map(t => t.status)).toEqual(['cancelled', 'cancelled'])
    expect(file).toMatchObject({ status: 'closed', stage: 'closed', outcome: 'withdrawn', result: { a: 1 }, closedAt: at(4) })
  })
  it('once: what was completed is not cancelled with the case', () => {
    const done = event('task-completed', { task: handle, action: 'complete', form: {} }, officer('economic-crime-1'))
    expect(theTask(claimed, done, event('case-closed', { outcome: 'resolved', result: null }))).toMatchObject({ status: 'completed', completedAt: at(3) })
  })
})

describe('where a case stands', () => {
  it('is the names of the steps that wait, and the last one while none does', () => {
    expect(withTask().file.stage).toBe('handle')
    expect(withTask(taskOpened(NO, { name: 'co-handle' })).file.stage).toBe('handle+co-handle')
    expect(withTask(event('task-completed', { task: handle, action: 'complete', form: {} }, officer('economic-crime-1'))).file.stage).toBe('handle')
    expect(withTask(taskOpened(NO, { name: 'approve-extension' })).file.stage).toBe('handle')
  })
  it('is the unit of the last step that was not the enterprise’s own, and the highest round', () => {
    const { file } = withTask(taskOpened(NO, { name: 'handle', round: 2, unit: 'traffic' }), taskOpened(NO, { name: 'rate', unit: 'applicant', role: 'enterprise' }))
    expect(file).toMatchObject({ unitId: 'traffic', round: 2 })
  })
  it('is due by its own promise, else by the soonest step, else as it last was', () => {
    expect(fold(caseOpened({ deadline: deadline('2026-03-20T18:00:00+08:00') }), taskOpened(NO)).file.dueAt).toEqual(new Date('2026-03-20T18:00:00+08:00'))
    const hours = { ...deadline('2026-03-06T18:00:00+08:00'), clock: { n: 2, unit: 'hour' as const, source: '[C] 测试' } }
    expect(withTask(taskOpened(NO, { name: 'co-handle', deadline: hours })).file).toMatchObject({ dueAt: new Date(hours.dueAt), dueUnit: 'hour' })
    expect(withTask().file.dueUnit).toBe(deadline().clock.unit)
    expect(withTask(event('task-cancelled', { task: handle, reason: 'x' })).file.dueAt).toEqual(new Date(deadline().dueAt))
  })
  it('moves with an extension of the step, a pause and another clock of the case', () => {
    const later = deadline('2026-04-01T18:00:00+08:00')
    expect(theTask(event('deadline-extended', { task: handle, deadline: later })).dueAt).toEqual(new Date(later.dueAt))
    expect(theTask(event('deadline-replanned', { clock: handle, deadline: later, from: deadline().dueAt })).deadline).toEqual(later)
    expect(withTask(event('clock-chosen', { deadline: later })).file).toMatchObject({ deadline: later, dueAt: new Date(later.dueAt) })
    expect(withTask(event('deadline-replanned', { clock: 'case', deadline: later, from: deadline().dueAt })).file.dueAt).toEqual(new Date(later.dueAt))
    expect(withTask(event('clock-paused', { deadline: later, reason: '补正' })).file).toMatchObject({ status: 'paused', deadline: later })
    expect(withTask(event('clock-paused', { deadline: null, reason: '补正' }), event('clock-resumed', { deadline: null })).file.status).toBe('open')
  })
})

describe('whether a task is about to be due', () => {
  const reminded = event('reminded', { clock: handle, dueAt: deadline().dueAt })
  it('is said from the first reminder on, and anew when the deadline has moved', () => {
    expect(theTask().remindedAt).toBeNull()
    expect(theTask(reminded, reminded).remindedAt).toEqual(at(2))
    expect(theTask(reminded, event('deadline-replanned', { clock: handle, deadline: deadline(), from: '2026-03-20T23:59:59+08:00' })).remindedAt).toEqual(at(2))
    expect(theTask(reminded, event('deadline-extended', { task: handle, deadline: deadline('2026-04-01T18:00:00+08:00') })).remindedAt).toBeNull()
    expect(theTask(event('reminded', { clock: 'case', dueAt: deadline().dueAt })).remindedAt).toBeNull()
  })
})

describe('what is never erased', () => {
  const card = (type: 'yellow-card' | 'red-card', clock = handle) => event(type, { clock, dueAt: deadline().dueAt })
  it('is a card: once shown it stays on the case, and a yellow one does not replace a red one', () => {
    expect(withTask(card('red-card'), card('yellow-card', 'case')).file.card).toBe('red')
    expect(withTask(card('yellow-card'), event('deadline-extended', { task: handle, deadline: deadline('2026-04-01T18:00:00+08:00') })).file.card).toBe('yellow')
  })
  it('is shown on the step it is about, not on others, and not on any for the case’s own clock', () => {
    const { tasks } = withTask(taskOpened(NO, { name: 'co-handle' }), card('yellow-card'), card('red-card', 'case'))
    expect(Object.fromEntries(tasks.map(t => [t.name, t.card]))).toEqual({ 'handle': 'yellow', 'co-handle': 'none' })
  })
  it('says whose card it is: of the task, or of the responsible unit where it is the case’s own', () => {
    expect(withTask(card('red-card')).file.cardOf).toEqual({ clock: handle, unit: theTask().unitId, title: theTask().title })
    expect(withTask(card('red-card', 'case'), card('red-card')).file.cardOf).toEqual({ clock: 'case', unit: theTask().unitId, title: '全案' })
    expect(withTask(card('yellow-card', 'case'), card('red-card')).file.cardOf!.clock).toBe(handle)
    expect(withTask().file.cardOf).toBeNull()
  })
  it('is a red card, which is acknowledged once: until the next one, or until the bureau’s leader is told', () => {
    const acknowledged = (clock: string) => event('card-acknowledged', { clock }, officer('economic-crime-leader'))
    const alerted = (clock: string) => event('leader-alerted', { clock, dueAt: deadline().dueAt })
    const when = (...events: Parameters<typeof withTask>) => { const { file, tasks } = withTask(...events); return [file.cardAcknowledgedAt !== null, tasks[0]!.cardAcknowledgedAt !== null] }
    expect(when(card('red-card'))).toEqual([false, false])
    expect(when(card('red-card'), acknowledged(handle))).toEqual([true, true])
    expect(when(card('red-card'), acknowledged(handle), card('red-card'))).toEqual([false, false])
    expect(when(card('red-card'), acknowledged(handle), alerted(handle))).toEqual([false, false])
    expect(when(card('red-card', 'case'), card('red-card'), acknowledged(handle)), 'the case’s own still waits').toEqual([false, true])
    expect(when(card('red-card', 'case'), card('red-card'), acknowledged('case')), 'the task’s still waits').toEqual([true, false])
  })
  it('is a declared conflict: the person stays excluded', () => {
    expect(withTask(event('conflict-declared', { reason: '亲属' }, officer('economic-crime-1')), claimed).file.excluded).toEqual(['economic-crime-1'])
  })
})

it('keeps what was noted, linked and rated', () => {
  const { file } = withTask(
    event('noted', { name: 'check', facts: { hits: 1 } }), event('noted', { name: 'check', facts: { hits: 2 } }), event('noted', { name: 'other', facts: null }),
    event('linked', { caseNo: 'EA-000002', kind: 'duplicate-of' }),
    event('task-completed', { task: handle, action: 'complete', form: { rating: 'satisfied' } }, { id: 'ent-01-contact' }),
  )
  expect(file).toMatchObject({ facts: { check: { hits: 2 }, other: null }, links: [{ caseNo: 'EA-000002', kind: 'duplicate-of' }], rating: 'satisfied' })
})

it.each([
  ['before the case was opened', () => apply(null, chain(NO, 'k', [claimed], null, at(0), null)[0]!), 'task-claimed before case-opened'],
  ['about a step that the case never had', () => fold(caseOpened(), claimed), `task-claimed for unknown task ${handle}`],
])('refuses an event %s', (_, run, message) => expect(run).toThrow(`case ${NO}: ${message}`))

// ─── any sequence of events ─────────────────────────────────────────────────────────────────────

const PEOPLE = ['economic-crime-1', 'economic-crime-2', 'economic-crime-leader', 'desk-1']
const KINDS = ['open', 'claim', 'release', 'reroute', 'transfer', 'delegate', 'complete', 'cancel', 'lapse', 'extend', 'remind', 'yellow', 'red', 'pause', 'resume', 'note', 'link', 'conflict', 'exclude', 'amend', 'document', 'wait', 'go-on', 'side-by-side', 'close'] as const
const move = fc.record({ kind: fc.constantFrom(...KINDS), n: fc.nat(9), who: fc.constantFrom(...PEOPLE), text: fc.string({ unit: 'grapheme', maxLength: 8 }).filter(s => !s.includes('\u0000')) })
type Move = typeof move extends fc.Arbitrary<infer M> ? M : never

/** The events that a move comes to in this state; none where it makes no sense. */
function eventsOf({ kind, n, who, text }: Move, { file: { caseNo, status }, tasks }: CaseState): NewEvent[] {
  const live = tasks.filter(isLive)
  const t = live[n % Math.max(1, live.length)]?.id
  const actor = officer(who)
  const round = 1 + tasks.filter(t => t.name === 'handle').length
  const due = deadline(`2026-0${1 + n % 9}-10T18:00:00+08:00`)
  if (status === 'closed') return kind === 'note' ? [event('commented', { text, to: 'officers' }, actor)] : []
  switch (kind) {
    case 'open': return [taskOpened(caseNo, { round, deadline: due, context: { text }, notBy: [who] })]
    case 'side-by-side': return ['legal-review', 'impact-review', 'handle'].map(name => taskOpened(caseNo, { name, round: 100 * (1 + tasks.length) + n, deadline: due }))
    case 'pause': return [event('clock-paused', { deadline: due, reason: text })]
    case 'resume': return [event('clock-resumed', { deadline: due })]
    case 'note': return [event('noted', { name: `n${n}`, facts: { [text]: [n / 3, text, null] } })]
    case 'wait': return [event('wait-begun', { wait: `w${n}`, text })]
    case 'go-on': return [event('wait-ended', { wait: `w${n}` })]
    case 'link': return [event('linked', { caseNo: `EA-${n}`, kind: 'duplicate-of' })]
    case 'conflict': return [event('conflict-declared', { reason: text }, actor)]
    case 'exclude': return [event('persons-excluded', { persons: [who, 'legal-1'] })]
    case 'amend': return [event('application-amended', { application: { text, n }, title: text, reason: text }, actor)]
    case 'document': return [documentIssued(fresh(`证${n}`), { kind: 'k', content: { text } })]
    case 'close': return n === 0 ? [event('case-closed', { outcome: 'resolved', result: { text } })] : []
  }
  if (!t) return []
  switch (kind) {
    case 'claim': return [event('task-claimed', { task: t }, actor)]
    case 'release': return [event('task-released', { task: t }, actor)]
    case 'reroute': return [event('task-rerouted', { task: t, unit: 'bureau', role: 'bureau-leader' })]
    case 'transfer': return [event('task-transferred', { task: t, to: who, reason: text }, actor)]
    case 'delegate': return [event('task-delegated', { task: t, to: who, reason: text }, actor)]
    case 'complete': return [event('task-completed', { task: t, action: 'complete', form: { rating: text } }, actor)]
    case 'cancel': return [event('task-cancelled', { task: t, reason: text })]
    case 'lapse': return [event('task-lapsed', { task: t })]
    case 'extend': return [event('deadline-extended', { task: t, deadline: due })]
    case 'remind': return [event('reminded', { clock: n % 2 ? t : 'case', dueAt: due.dueAt })]
    case 'yellow': return [event('yellow-card', { clock: n % 2 ? t : 'case', dueAt: due.dueAt })]
    case 'red': return [event('red-card', { clock: t, dueAt: due.dueAt })]
  }
}

test('folding does not touch the state it is given', () => {
  fc.assert(fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
    let state = deepFreeze(fold(caseOpened()))
    for (const m of moves) for (const e of chain(NO, fresh(), eventsOf(m, state), state, at(0), null)) state = deepFreeze(apply(state, e))
  }))
})

describe('after any sequence of events', () => {
  let database: TestDatabase
  let db: Db
  beforeAll(async () => {
    database = await createTestDatabase()
    db = connect(database.appUrl)
  })
  afterAll(async () => {
    await db.close()
    await database.drop()
  })

  it('the read tables are what a fresh fold of the record comes to, and the chain holds', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.array(move, { minLength: 1, maxLength: 3 }), { maxLength: 12 }), async (steps) => {
      const caseNo = fresh()
      let { state } = await appendEvents(db, caseNo, 'step-1', () => [caseOpened()])
      const documents: string[] = []
      for (const moves of steps) {
        // Several moves in one step: each makes sense in the state that the former leave.
        const appended = await appendEvents(db, caseNo, fresh('key'), (before, now) => {
          let s = before!
          return moves.flatMap((m) => {
            const events = eventsOf(m, s)
            for (const e of chain(caseNo, 'x', events, s, now, null)) s = apply(s, e)
            return events
          })
        })
        state = appended.state
        for (const e of appended.events) if (e.type === 'document-issued') documents.push(e.data.number)
      }
      const { rows } = await db.pool.query('SELECT to_jsonb(e) AS e FROM case_event e WHERE case_no = $1 ORDER BY seq', [caseNo])
      const events: CaseEvent[] = rows.map(r => toEvent(r.e))
      expect(findBreak(events)).toBeNull()
      expect(await findCase(db.pool, caseNo)).toEqual(state)
      expect(events.reduce<CaseState | null>(apply, null)).toEqual(state)
      const { rows: issued } = await db.pool.query('SELECT number FROM document WHERE case_no = $1', [caseNo])
      expect(issued.map(d => d.number).sort()).toEqual(documents.sort())
    }), { numRuns: 40 })
  })
})

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !(value instanceof Date) && !Object.isFrozen(value)) {
    Object.freeze(value)
    Object.values(value).forEach(deepFreeze)
  }
  return value
}
