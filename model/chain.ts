import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { CaseEvent } from './events.ts'

/** What an event's hash follows when it is the first of its case. */
export const CHAIN_START = '0'.repeat(64)

/** SHA-256 over the previous event's hash and this event, the hash of the request that caused it included, in canonical JSON (RFC 8785). */
export function chainHash(prevHash: string, e: Omit<CaseEvent, 'hash'>): string {
  const { caseNo, seq, at, type, actor, data, key, requestHash } = e
  return hashOf([prevHash, { caseNo, seq, at: at.toISOString(), type, actor: actor && { id: actor.id, unit: actor.unit ?? null }, data, key, requestHash }])
}

/** SHA-256 of a value in canonical JSON (RFC 8785), hexadecimal: equal for equal contents. */
export const hashOf = (value: unknown): string => createHash('sha256').update(canonicalize(value)!).digest('hex')

/** The first sequence number at which a case's chain is broken, or null when it holds. */
export function findBreak(events: CaseEvent[]): number | null {
  let prev = CHAIN_START
  for (const [i, e] of events.entries()) {
    if (e.seq !== i + 1 || chainHash(prev, e) !== e.hash) return i + 1
    prev = e.hash
  }
  return null
}
