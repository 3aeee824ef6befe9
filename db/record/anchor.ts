/** What the record was at an instant, kept where nobody who can reach the database can change it. */
import { createHash } from 'node:crypto'
import { hashOf } from '../../model/chain.ts'
import type { CaseEvent } from '../../model/events.ts'
import type { Db } from '../connect.ts'
import { listKeptRows, LOGS } from './evidence.ts'
import type { Finding } from './verify.ts'

/**
 * A later check shows whether anything before that instant was changed, also by somebody who hashed all chains anew, and which case, log
 * or row it is.
 */
export interface Anchor {
  /** Everything up to here is anchored, ISO 8601. */
  until: string
  cases: number
  events: number
  /** SHA-256 over the cases' whole hashes and the logs': what is worked out again and must be the same. */
  root: string
  /** SHA-256 over all else that stands here: whether the file itself was changed. */
  seal: string
  /** Case → its last event by then: number and hash, shortened, and a hash of the notices that were written by then. */
  heads: Record<string, string>
  /** Log → its last row by then: number and hash. */
  logs: Record<string, string>
  /** What administrators keep → hash of how it was. */
  kept: Record<string, string>
}

/** Long enough to name what is different; that all is as it was says the root, which is made of whole hashes. */
const short = (hash: string) => hash.slice(0, 16)

/** Up to when an anchor may be taken: the time of an event is taken some moments before it is committed; by then all of that time are. */
export async function anchoredUntil(db: Db): Promise<Date> {
  return (await db.pool.query(`SELECT date_trunc('milliseconds', now() - interval '5 minutes') AS until`)).rows[0].until
}

/** Takes in cases in the order of their numbers; only what had happened by `until`. */
export function anchoring(until: Date) {
  const heads: Record<string, { seq: number, hash: string }> = {}
  let events = 0
  return {
    add(all: CaseEvent[]) {
      const before = all.filter(e => e.at <= until)
      const last = before.at(-1)
      if (!last) return
      heads[last.caseNo] = last
      events += before.length
    },
    async anchor(db: Db): Promise<Anchor> {
      const notices = await noticesUntil(db, until)
      const logs = Object.fromEntries(await Promise.all(LOGS.map(async log => [log, await logUntil(db, log, until)] as const)))
      const kept = await keptUntil(db, until)
      const whole = Object.fromEntries(Object.entries(heads).map(([caseNo, { seq, hash }]) => [caseNo, `${seq} ${hash} ${notices.get(caseNo) ?? ''}`]))
      const shortened = Object.fromEntries(Object.entries(heads).map(([caseNo, { seq, hash }]) => [caseNo, `${seq} ${short(hash)} ${short(notices.get(caseNo) ?? '')}`]))
      const anchor = { until: until.toISOString(), cases: Object.keys(heads).length, events, root: hashOf({ whole, logs }), heads: shortened, logs, kept }
      return { ...anchor, seal: hashOf(anchor) }
    },
  }
}

/** Of each case, a hash of what was said to whom. More of a bundle replaces what it says, so that only whom it is for can be kept of those. */
async function noticesUntil(db: Db, until: Date): Promise<Map<string, string>> {
  const hashes = new Map<string, ReturnType<typeof createHash>>()
  const { rows } = await db.pool.query(`SELECT case_no, id, channel, person_id, kind, title, body FROM notice WHERE created_at <= $1 AND bundle IS NULL ORDER BY case_no COLLATE "C", id COLLATE "C"`, [until])
  for (const { case_no: caseNo, ...said } of rows) {
    const hash = hashes.get(caseNo) ?? createHash('sha256')
    hashes.set(caseNo, hash.update(`${hashOf(said)}\n`))
  }
  return new Map([...hashes].map(([caseNo, hash]) => [caseNo, hash.digest('hex')]))
}

async function logUntil(db: Db, log: string, until: Date): Promise<string> {
  const { rows: [last] } = await db.pool.query(`SELECT id, hash FROM ${log} WHERE at <= $1 ORDER BY id DESC LIMIT 1`, [until])
  return last ? `${last.id} ${last.hash}` : '0'
}

/** As it is now, or where that was changed since, as the log says that it was before. */
async function keptUntil(db: Db, until: Date): Promise<Record<string, string>> {
  const { rows } = await db.pool.query(`SELECT DISTINCT what FROM admin_log WHERE at > $1`, [until])
  const changed = new Set(rows.map((r: { what: string }) => r.what))
  return Object.fromEntries((await listKeptRows(db)).filter(({ what, now }) => now !== null && !changed.has(what)).map(({ what, now }) => [what, short(hashOf(now))]))
}

/** What is not as a former anchor has it; `now` is the same worked out again, up to the same instant. */
export async function compareAnchor(db: Db, former: Anchor, now: Anchor): Promise<Finding[]> {
  const found: Finding[] = []
  const { seal, ...sealed } = former
  if (hashOf(sealed) !== seal) return [{ check: 'anchor', caseNo: null, what: '锚点文件本身被改动 · the anchor file itself was changed' }]
  const say = (caseNo: string | null, what: string) => found.push({ check: 'anchor', caseNo, what })
  const before = `${former.until} 之前`
  for (const caseNo of new Set([...Object.keys(former.heads), ...Object.keys(now.heads)])) {
    const [then, today] = [former.heads[caseNo]?.split(' '), now.heads[caseNo]?.split(' ')]
    if (!today) say(caseNo, `${before}有此案，现在没有 · was in the record, and is no more`)
    else if (!then) say(caseNo, `${before}没有此案，现在有 · was slipped in under an earlier time`)
    else if (then[0] !== today[0] || then[1] !== today[1]) say(caseNo, `${before}的事件被改动 · events before ${former.until} were changed`)
    else if (then[2] !== today[2]) say(caseNo, `${before}的通知被改动 · notices before ${former.until} were changed`)
  }
  for (const [log, head] of Object.entries(former.logs)) if (head !== now.logs[log]) say(null, `${log}：${before}的日志被改动 · was changed before ${former.until}`)
  const since = new Set((await db.pool.query(`SELECT DISTINCT what FROM admin_log WHERE at > $1`, [new Date(former.until)])).rows.map((r: { what: string }) => r.what))
  for (const what of new Set([...Object.keys(former.kept), ...Object.keys(now.kept)])) {
    if (!since.has(what) && former.kept[what] !== now.kept[what]) say(null, `${what}：${former.until} 以来被改动，管理日志没有记载 · was changed without the administrators' log`)
  }
  if (found.length === 0 && former.root !== now.root) say(null, `${before}的记录被改动 · the record before ${former.until} was changed`)
  return found
}
