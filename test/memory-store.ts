/** The record kept in memory, by the same projector and chain: for workflow tests that skip time. */
import { chain, mustBeValid, readersOf, type NewDocument, type Store } from '../db/record/record.ts'
import type { CaseEvent, NewEvent } from '../model/events.ts'
import { hashOf } from '../model/chain.ts'
import { apply, documentOf, documentsOf, standingOf, type CaseState, type DocumentRow } from '../model/state.ts'
import { shanghaiDate } from '../model/instants.ts'
import { Refused } from '../model/refused.ts'

export interface MemoryStore extends Store {
  events(caseNo: string): CaseEvent[]
  /** Every case with its events. */
  all(): { state: CaseState, events: CaseEvent[] }[]
}

/** `now` is the skipped time of the test's environment. */
export function createMemoryStore(now: () => Promise<number>): MemoryStore {
  const cases = new Map<string, { state: CaseState, events: CaseEvent[] }>()
  const last = new Map<string, number>()
  let issuing: Promise<unknown> = Promise.resolve()
  const store: MemoryStore = {
    events: caseNo => cases.get(caseNo)?.events ?? [],
    all: () => [...cases.values()],
    find: async caseNo => cases.get(caseNo)?.state ?? null,
    async append(caseNo, key, decide, requestHash = null) {
      const at = new Date(await now())
      for (;;) {
        const before = cases.get(caseNo)
        const seen = before?.events.find(e => e.key === key)
        if (seen && requestHash !== null && seen.requestHash !== requestHash) throw new Refused('idempotency-key-reused', '同一个 Idempotency-Key 已用于另一项请求')
        if (seen) return { state: before!.state, events: [seen], repeated: true }
        const fresh = await decide(before?.state ?? null, at)
        if (cases.get(caseNo) !== before) continue
        if (fresh.length === 0) return { state: before!.state, events: [], repeated: false }
        const events = chain(caseNo, key, fresh, before?.state ?? null, at, requestHash)
        const state = events.reduce<CaseState | null>(apply, before?.state ?? null)!
        cases.set(caseNo, { state, events: [...before?.events ?? [], ...events] })
        return { state, events, repeated: false }
      }
    },
    issue(caseNo, key, doc) {
      // One after the other, as the locked counter has it in PostgreSQL.
      const issued = issuing.then(() => issueNext(caseNo, key, doc))
      issuing = issued.catch(() => {})
      return issued
    },
    document: async (caseNo, number) => {
      const events = store.events(caseNo)
      const found = documentsOf(events).find(one => one.number === number)
      return found && { ...found, ...standingOf(events, number) }
    },
    async history(procedure, { since, enterpriseId, like }) {
      return [...cases.values()].map(c => c.state).filter(({ file }) => file.procedure === procedure && file.openedAt >= since
        && ((enterpriseId !== null && file.enterpriseId === enterpriseId) || like.some(l => contains(file.application, l))))
    },
  }
  return store

  async function issueNext(caseNo: string, key: string, { kind, prefix, content, to, party, replaces = null }: NewDocument): Promise<DocumentRow> {
    const year = shanghaiDate(new Date(await now())).slice(0, 4)
    const n = (last.get(`${kind}/${year}`) ?? 0) + 1
    const { events: [e], repeated } = await store.append(caseNo, key, async () => {
      const past = replaces && mustBeValid(await store.document(caseNo, replaces.number))
      const issued: NewEvent = { type: 'document-issued', actor: null, data: { kind, number: `${prefix}〔${year}〕${n}号`, title: kind, content, code: 'TEST', hash: hashOf(content), to, ...(party !== undefined && { party }) } }
      return past ? [issued, { type: 'document-replaced', actor: null, data: { ...replaces!, by: issued.data.number, ...readersOf(past) } }] : [issued]
    })
    if (!repeated) last.set(`${kind}/${year}`, n)
    return documentOf(e as CaseEvent & { type: 'document-issued' })
  }
}

/** PostgreSQL's `@>` for what the rules ask: every field of `part`, to any depth of objects. */
function contains(whole: unknown, part: unknown): boolean {
  if (typeof part !== 'object' || part === null) return whole === part
  return typeof whole === 'object' && whole !== null && Object.entries(part).every(([k, v]) => contains((whole as Record<string, unknown>)[k], v))
}
