import { describe, expect, it } from 'vitest'
import { caseOpened, event, officer } from '../test/sample-case.ts'
import { CHAIN_START, chainHash, findBreak, hashOf } from './chain.ts'
import type { CaseEvent } from './events.ts'
import { apply, type CaseState } from './state.ts'
import { chain } from '../db/record/record.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 2, 5, 2, minute))

/** A case of five events, written in three steps. */
function sample(): CaseEvent[] {
  const events: CaseEvent[] = []
  const state = () => events.reduce<CaseState | null>(apply, null)
  events.push(...chain('EA-000001', 'step-1', [caseOpened(), event('noted', { name: 'check', facts: { hits: [1, 2] } })], state(), at(0), null))
  events.push(...chain('EA-000001', 'k-1', [event('commented', { text: '甲', to: 'officers' }, officer('economic-crime-1'))], state(), at(1), 'hash'))
  events.push(...chain('EA-000001', 'k-2', [event('commented', { text: '乙', to: 'officers' }, { id: 'ent-01-contact' }), event('case-closed', { outcome: 'resolved', result: null })], state(), at(2), null))
  return events
}

describe('a chain', () => {
  it('holds as it was written', () => expect(findBreak(sample())).toBeNull())
  it('of no events holds', () => expect(findBreak([])).toBeNull())
  it('counts on from one step to the next, each event of a step under a key of its own', () => {
    expect(sample().map(e => [e.seq, e.key])).toEqual([[1, 'step-1'], [2, 'step-1#1'], [3, 'k-1'], [4, 'k-2'], [5, 'k-2#1']])
  })

  it.each<[string, Partial<CaseEvent>]>([
    ['content', { data: { text: '丙' } as never }],
    ['actor', { actor: { id: 'economic-crime-2', unit: 'economic-crime' } }],
    ["actor's unit", { actor: { id: 'economic-crime-1', unit: 'legal' } }],
    ['missing actor', { actor: null }],
    ['type', { type: 'urged' as never }],
    ['time, by a millisecond', { at: new Date(at(1).getTime() - 1) }],
    ['key', { key: 'k-0' }],
    ['request', { requestHash: 'other' }],
    ['case', { caseNo: 'EA-000002' }],
    ['hash', { hash: '0'.repeat(64) }],
    ['sequence number', { seq: 4 }],
  ])('shows another %s where it was changed', (_, change) => {
    const events = sample()
    events[2] = { ...events[2]!, ...change } as CaseEvent
    expect(findBreak(events)).toBe(3)
  })

  it('shows an event that was changed and hashed again at the one after it', () => {
    const events = sample()
    const changed = { ...events[2]!, data: { text: '丙' } } as CaseEvent
    events[2] = { ...changed, hash: chainHash(events[1]!.hash, changed) }
    expect(findBreak(events)).toBe(4)
  })

  it.each<[string, (events: CaseEvent[]) => CaseEvent[], number]>([
    ['removed', ([a, b, , d, e]) => [a!, b!, d!, e!], 3],
    ['removed from the start', ([, ...rest]) => rest, 1],
    ['swapped', ([a, b, c, d, e]) => [a!, c!, b!, d!, e!], 2],
    ['repeated', ([a, b, ...rest]) => [a!, b!, b!, ...rest], 3],
    ['put in between', ([a, ...rest]) => [a!, { ...a!, seq: 2 }, ...rest], 2],
  ])('shows an event that was %s', (_, change, brokenAt) => expect(findBreak(change(sample()))).toBe(brokenAt))

  // The read table's last hash and the anchor kept outside the database show this (`db:verify`).
  it('cannot show by itself that its end was cut off', () => expect(findBreak(sample().slice(0, 3))).toBeNull())
})

describe('a hash', () => {
  it('does not depend on the order of fields, or on fields without a value', () => {
    expect(hashOf({ a: 1, b: { c: 2, d: [3] } })).toBe(hashOf({ b: { d: [3], c: 2 }, a: 1, e: undefined }))
  })
  it('is the same for an actor without a unit and one whose unit is null', () => {
    const [e] = sample()
    expect(chainHash(CHAIN_START, { ...e!, actor: { id: 'ent-01-contact', unit: null } })).toBe(e!.hash)
  })
  it('can be computed again by anybody with SHA-256 and RFC 8785', () => {
    expect(hashOf({ b: 1, a: '甲' })).toBe('51e0a58525dfaeb58977731021d4c399e248c705aab924e5c27ccbb36d7be6dd') // printf '{"a":"甲","b":1}' | sha256sum
  })
})
