/** What is appended to the record, heard of as it is committed, in whatever process (see `announce.sql`). */
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import type { Db, Queryable } from '../connect.ts'
import type { CaseState } from '../../model/state.ts'
import { findCase } from './record.ts'

/** Events that were appended to a case, by the first and the last of their numbers. */
export interface Append { caseNo: string, from: number, to: number }

/** What an append came to: the case as it now is, the tasks that were touched, and the notices it wrote to any of `people`. */
export interface Change { state: CaseState, tasks: string[], notices: { id: string, personId: string }[] }

const retryMs = 500
/** How often it is asked whether the connection still stands: one that a firewall has dropped says nothing. */
const checkMs = 20_000
const answerWithinMs = 5_000

/**
 * Tells of every append from now on, over a connection of its own. When it is lost it is made again, as long as it takes; what
 * was appended meanwhile is not told, but `again` is, each time that listening has begun.
 */
export function listenForAppends(db: Db, { heard, again }: { heard: (append: Append) => void, again: () => void }): { close: () => Promise<void> } {
  const closing = new AbortController()
  const pause = (ms: number) => sleep(ms, undefined, { signal: closing.signal, ref: false }).catch(() => {})

  async function listen(): Promise<void> {
    const client = new Client({ ...db.pool.options, application_name: 'anxin-stream', keepAlive: true, connectionTimeoutMillis: answerWithinMs, query_timeout: answerWithinMs })
    const lost = new Promise<void>(resolve => client.once('error', () => resolve()).once('end', () => resolve()))
    client.on('error', () => {}).on('notification', ({ payload = '' }) => {
      const [caseNo = '', from, to] = payload.split(' ')
      heard({ caseNo, from: Number(from), to: Number(to) })
    })
    try {
      await client.connect()
      await client.query('LISTEN case_event')
      again()
      for (let stands = true; stands && !closing.signal.aborted;) {
        stands = await Promise.race([lost.then(() => false), pause(checkMs).then(() => true)])
        if (stands && !closing.signal.aborted) await client.query('SELECT')
      }
    } finally {
      await client.end().catch(() => {})
    }
  }

  const done = (async () => {
    while (!closing.signal.aborted) {
      await listen().catch(() => {})
      await pause(retryMs)
    }
  })()
  return {
    close: () => {
      closing.abort()
      return done
    },
  }
}

const CHANGE = `WITH appended AS (SELECT at, data->>'task' AS task FROM case_event WHERE case_no = $1 AND seq BETWEEN $2 AND $3)
  SELECT (SELECT coalesce(jsonb_agg(DISTINCT task) FILTER (WHERE task IS NOT NULL), '[]') FROM appended) AS tasks,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('id', n.id, 'personId', n.person_id)), '[]') FROM notice n
      WHERE n.channel = 'inbox' AND n.person_id = ANY($4) AND n.created_at = ANY(ARRAY(SELECT at FROM appended)) AND n.case_no = $1) AS notices`

/** Looks up what an append came to; undefined when there is no such case. */
export async function readChange(via: Queryable, { caseNo, from, to }: Append, people: string[]): Promise<Change | undefined> {
  const state = await findCase(via, caseNo)
  const { rows: [row] } = await via.query({ name: 'change', text: CHANGE, values: [caseNo, from, to, people] })
  return state ? { state, ...row } : undefined
}
