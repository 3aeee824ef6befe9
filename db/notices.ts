import { createHash } from 'node:crypto'
import type { InferSelectModel } from 'drizzle-orm'
import type { Queryable } from './connect.ts'
import type { Audience, CaseEvent } from './events.ts'
import { messagesFor, taskOf, type Message } from './messages.ts'
import { isLive, type CaseState } from './projector.ts'
import type { notice } from './schema.ts'

export type NoticeRow = InferSelectModel<typeof notice>
interface Recipient { id: string, email: string | null }

/** The notices that these events cause, one row for each recipient and channel; written with the events themselves. */
export async function resolveNotices(via: Queryable, events: CaseEvent[], state: CaseState, mail: boolean): Promise<NoticeRow[]> {
  const rows: NoticeRow[] = []
  for (const e of events) {
    if (e.type === 'handed-over' || e.type === 'pushed') rows.push(systemMessage(e))
    const seen = new Set<string>()
    for (const message of messagesFor(e, state)) {
      for (const r of await recipients(via, message.to, e, state)) {
        if (seen.has(r.id) || state.file.excluded.includes(r.id)) continue
        seen.add(r.id)
        rows.push(row(e, message, { personId: r.id, channel: 'inbox' }))
        if (mail && message.outside && r.email) rows.push(row(e, message, { personId: r.id, channel: 'email', address: r.email }))
      }
      if (message.outside) for (const url of await destinations(via, state.file.procedure)) {
        if (seen.has(url)) continue
        seen.add(url)
        rows.push(row(e, message, { personId: null, channel: 'webhook', address: url }))
      }
    }
  }
  return rows
}

function row(e: CaseEvent, m: Pick<Message, 'title' | 'body'>, to: { personId: string | null, channel: NoticeRow['channel'], address?: string }): NoticeRow {
  // The id follows from what it is about and for whom, so that a second run writes the same notice, not another.
  const id = createHash('sha256').update(`${e.caseNo}/${e.key}/${to.channel}/${to.personId ?? to.address}`).digest('hex').slice(0, 32)
  const inbox = to.channel === 'inbox'
  return {
    id, caseNo: e.caseNo, personId: to.personId, channel: to.channel, address: to.address ?? null, title: m.title, body: m.body,
    state: inbox ? 'done' : 'pending', failure: null, attempt: 0, createdAt: e.at, readAt: null, doneAt: inbox ? e.at : null,
  }
}

/** A message to an outside system travels in the same outbox: signed, retried, given up in sight. */
function systemMessage(e: CaseEvent & { type: 'handed-over' | 'pushed' }): NoticeRow {
  const body = JSON.stringify({ caseNo: e.caseNo, ...(e.type === 'handed-over' && { task: e.data.task }), ...e.data.payload })
  return row(e, { title: e.type, body }, { personId: null, channel: 'system', address: e.data.system })
}

async function recipients(via: Queryable, to: Audience, e: CaseEvent, state: CaseState): Promise<Recipient[]> {
  const { file, tasks } = state
  const task = taskOf(e, state)
  if (to === 'applicant') {
    return file.enterpriseId && !file.restricted
      ? people(via, `(enterprise_id = $1 AND 'enterprise' = ANY(roles)) OR id = $2`, [file.enterpriseId, file.applicantId])
      : people(via, 'id = $1', [file.applicantId])
  }
  if (to === 'holder') {
    const about = task ? [task] : tasks.filter(isLive)
    const holders = [...new Set(about.flatMap(t => t.holderId ?? []))]
    return holders.length > 0 ? people(via, 'id = ANY($1)', [holders]) : recipients(via, 'leaders', e, state)
  }
  // A task that the applicant holds is looked after by the unit that the case is with.
  if (to === 'leaders') return people(via, `unit_id = $1 AND 'unit-leader' = ANY(roles)`, [task && task.unitId !== 'applicant' ? task.unitId : file.unitId])
  if ('person' in to) return people(via, 'id = $1', [to.person])
  if ('unit' in to) return people(via, 'unit_id = $1', [to.unit])
  return people(via, '$1 = ANY(roles)', [to.role])
}

async function people(via: Queryable, where: string, values: unknown[]): Promise<Recipient[]> {
  const { rows } = await via.query({ text: `SELECT id, email FROM person WHERE active AND (${where}) ORDER BY id`, values })
  return rows
}

async function destinations(via: Queryable, procedure: string): Promise<string[]> {
  const { rows } = await via.query({ name: 'notice destinations', text: 'SELECT url FROM webhook_destination WHERE active AND $1 = ANY(procedures) ORDER BY url', values: [procedure] })
  return rows.map((r: { url: string }) => r.url)
}
