/**
 * The one door to the roster's record. An act looks at the roster as it stands, changes its lines and is written down in the chain of its
 * unit, with the notices that it causes, in one transaction. One act at a time in the whole bureau: a person is in one place at once, in
 * whichever unit's roster.
 */
import { CHAIN_START, chainHash, findBreak } from '../../model/chain.ts'
import type { CaseEvent } from '../../model/events.ts'
import { Refused } from '../../model/refused.ts'
import type { Actor, Facts } from '../../model/types.ts'
import { inTransaction, type Db, type Queryable } from '../connect.ts'
import type { RosterEventType } from '../notices/roster-hears.ts'
import { writeRosterNotices } from '../notices/roster-notices.ts'

/** What happened: its facts, and the lines of the roster that it changed. */
export interface NewRosterEvent { type: RosterEventType, data: Facts, shifts?: string[] }
export interface RosterEvent { unitId: string, seq: number, at: Date, type: RosterEventType, actor: Actor | null, data: Facts, key: string, hash: string, requestHash: string | null }

/** In whose name, under which key; `requestHash` is null for the system's own acts. */
export interface RosterRequest { key: string, actor: Actor | null, requestHash: string | null }

/** Runs an act and records it; under a key already recorded nothing is changed. `run` throws `Refused` to change nothing. */
export function recordAct(db: Db, unitId: string, request: RosterRequest, run: (via: Queryable, now: Date) => Promise<NewRosterEvent[]>): Promise<{ events: RosterEvent[], repeated: boolean }> {
  return inTransaction(db, async (client) => {
    const now = await lockRoster(client)
    const { rows: [seen] } = await client.query('SELECT * FROM roster_event WHERE unit_id = $1 AND key = $2', [unitId, request.key])
    if (seen) {
      if (request.requestHash !== null && seen.request_hash !== request.requestHash) throw new Refused('idempotency-key-reused', '同一个 Idempotency-Key 已用于另一项请求')
      return { events: [toRosterEvent(seen)], repeated: true }
    }
    return { events: await append(client, db.mail, unitId, request, now, await run(client, now)), repeated: false }
  })
}

/** Keeps every other act on any roster waiting until this transaction ends; answers what time it is then. */
export async function lockRoster(via: Queryable): Promise<Date> {
  await via.query(`SELECT pg_advisory_xact_lock(hashtext('roster'))`)
  return (await via.query(`SELECT date_trunc('milliseconds', clock_timestamp()) AS now`)).rows[0].now
}

/** Chains events to a unit's record, in the caller's transaction, which holds the lock. */
export async function append(via: Queryable, mail: boolean, unitId: string, { key, actor, requestHash }: RosterRequest, at: Date, fresh: NewRosterEvent[]): Promise<RosterEvent[]> {
  const { rows: [last] } = await via.query('SELECT seq, hash FROM roster_event WHERE unit_id = $1 ORDER BY seq DESC LIMIT 1', [unitId])
  let [seq, prev] = [last?.seq ?? 0, last?.hash ?? CHAIN_START] as [number, string]
  const events: RosterEvent[] = []
  for (const [i, { type, data, shifts = [] }] of fresh.entries()) {
    const lines = shifts.length === 0 ? {} : { lines: (await via.query(LINES, [shifts])).rows.map(row => row.line) }
    const e = { unitId, seq: ++seq, at, type, actor, data: JSON.parse(JSON.stringify({ ...data, ...lines })) as Facts, key: i === 0 ? key : `${key}#${i}`, requestHash }
    prev = chainHash(prev, asCaseEvent(e))
    events.push({ ...e, hash: prev })
    await via.query('INSERT INTO roster_event (unit_id, seq, at, type, actor_id, actor_unit, data, key, hash, request_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
      [unitId, seq, at, type, actor?.id ?? null, actor?.unit ?? null, JSON.stringify(e.data), e.key, prev, requestHash])
  }
  await writeRosterNotices(via, events, mail)
  return events
}

/** A line of the roster as the record keeps it: what `db:verify` compares the table with. */
export const LINE = `jsonb_build_object('id', r.id, 'unit', r.unit_id, 'person', r.person_id, 'from', r.from_at, 'until', r.until_at, 'kind', r.kind, 'state', r.state, 'outcome', r.outcome, 'replaces', r.replaces)`
const LINES = `SELECT ${LINE} AS line FROM roster r WHERE r.id = ANY($1) ORDER BY r.from_at, r.id`

/** A roster's chain is made as a case's is, under the name of its unit. */
const asCaseEvent = (e: Omit<RosterEvent, 'hash'>) => ({ ...e, caseNo: `roster/${e.unitId}` }) as unknown as CaseEvent

const toRosterEvent = (row: Record<string, unknown>): RosterEvent => ({
  unitId: row.unit_id as string, seq: row.seq as number, at: row.at as Date, type: row.type as RosterEventType, data: row.data as Facts, key: row.key as string, hash: row.hash as string,
  requestHash: row.request_hash as string | null, actor: row.actor_id === null ? null : { id: row.actor_id as string, unit: row.actor_unit as string | null },
})

/** A unit's record, oldest first. */
export const listRosterEvents = async (via: Queryable, unitId: string): Promise<RosterEvent[]> =>
  (await via.query('SELECT * FROM roster_event WHERE unit_id = $1 ORDER BY seq', [unitId])).rows.map(toRosterEvent)

/** What is wrong with the rosters' records: chains that break, lines that are not as last recorded. One sentence each. */
export async function verifyRosters(via: Queryable): Promise<string[]> {
  const found: string[] = []
  for (const { unit_id: unit } of (await via.query('SELECT DISTINCT unit_id FROM roster_event ORDER BY 1')).rows as { unit_id: string }[]) {
    const events = await listRosterEvents(via, unit)
    const brokenAt = findBreak(events.map(e => ({ ...asCaseEvent(e), hash: e.hash })))
    if (brokenAt !== null) found.push(`值班记录 ${unit} 在第 ${brokenAt} 条断裂 · roster ${unit} is broken at event ${brokenAt}`)
  }
  const { rows } = await via.query(`WITH noted AS (SELECT DISTINCT ON (l->>'id') l->>'id' AS id, l AS line FROM roster_event e, jsonb_array_elements(e.data->'lines') l ORDER BY l->>'id', e.at DESC, e.seq DESC)
    SELECT n.id FROM noted n LEFT JOIN roster r ON r.id = n.id WHERE (r.id IS NULL AND n.line->>'state' <> 'draft') OR (r.id IS NOT NULL AND (n.line - 'from' - 'until') IS DISTINCT FROM (${LINE} - 'from' - 'until'))
      OR r.from_at IS DISTINCT FROM CASE WHEN r.id IS NULL THEN NULL ELSE (n.line->>'from')::timestamptz END OR r.until_at IS DISTINCT FROM CASE WHEN r.id IS NULL THEN NULL ELSE (n.line->>'until')::timestamptz END ORDER BY 1`)
  return [...found, ...rows.map((r: { id: string }) => `值班表的班 ${r.id} 与记录不符 · shift ${r.id} is not what was recorded`)]
}
