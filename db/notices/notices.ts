import { createHash } from 'node:crypto'
import type { InferSelectModel } from 'drizzle-orm'
import type { Queryable } from '../connect.ts'
import type { Audience, CaseEvent } from '../../model/events.ts'
import { hasText, messagesFor, taskOf, type Message } from './messages.ts'
import { findTexts } from './notice-texts.ts'
import { isLive, type CaseState } from '../../model/state.ts'
import type { notice } from '../schema.ts'

export type NoticeRow = InferSelectModel<typeof notice>
interface Recipient { id: string, email: string | null }

/** The notices that these events cause, one row for each recipient and channel; written with the events themselves. */
export async function resolveNotices(via: Queryable, events: CaseEvent[], state: CaseState, mail: boolean): Promise<NoticeRow[]> {
  const rows: NoticeRow[] = []
  const texts = events.some(hasText) ? await findTexts(via, state.file.procedure) : {}
  for (const e of events) {
    if (e.type === 'handed-over' || e.type === 'pushed') rows.push(systemMessage(e, await findEnterprise(via, state)))
    const seen = new Set<string>()
    const about = taskOf(e, state)?.id ?? null
    for (const message of messagesFor(e, state, texts)) {
      for (const r of await recipients(via, message.to, e, state)) {
        if (seen.has(r.id) || state.file.excluded.includes(r.id)) continue
        seen.add(r.id)
        rows.push(row(e, message, { personId: r.id, channel: 'inbox' }, about))
        if (mail && message.outside && r.email) rows.push(row(e, message, { personId: r.id, channel: 'email', address: r.email }, about))
      }
      if (message.outside) for (const url of await destinations(via, state.file.procedure)) {
        if (seen.has(url)) continue
        seen.add(url)
        rows.push(row(e, message, { personId: null, channel: 'webhook', address: url }, about))
      }
    }
  }
  return rows
}

function row(e: CaseEvent, m: Pick<Message, 'title' | 'body'>, to: { personId: string | null, channel: NoticeRow['channel'], address?: string }, taskId: string | null = null): NoticeRow {
  // The id follows from what it is about and for whom, so that a second run writes the same notice, not another.
  const id = createHash('sha256').update(`${e.caseNo}/${e.key}/${to.channel}/${to.personId ?? to.address}`).digest('hex').slice(0, 32)
  const inbox = to.channel === 'inbox'
  return {
    id, caseNo: e.caseNo, taskId, personId: to.personId, channel: to.channel, address: to.address ?? null, title: m.title, body: m.body,
    state: inbox ? 'done' : 'pending', failure: null, attempt: 0, createdAt: e.at, readAt: null, doneAt: inbox ? e.at : null,
  }
}

/** A message to an outside system travels in the same outbox: signed, retried, given up in sight. */
function systemMessage(e: CaseEvent & { type: 'handed-over' | 'pushed' }, enterprise: { name: string, uscc: string } | undefined): NoticeRow {
  const body = JSON.stringify({ ...e.data.payload, caseNo: e.caseNo, ...(e.type === 'handed-over' && { task: e.data.task }), ...(enterprise && { enterprise }) })
  return row(e, { title: e.type, body }, { personId: null, channel: 'system', address: e.data.system })
}

/** Outside, an enterprise is known by its 统一社会信用代码, not by our id. Of a restricted case nothing is said. */
async function findEnterprise(via: Queryable, { file }: CaseState): Promise<{ name: string, uscc: string } | undefined> {
  if (!file.enterpriseId || file.restricted) return undefined
  return (await via.query({ name: 'enterprise-outside', text: 'SELECT name, uscc FROM enterprise WHERE id = $1', values: [file.enterpriseId] })).rows[0]
}

async function recipients(via: Queryable, to: Audience, e: CaseEvent, state: CaseState): Promise<Recipient[]> {
  const { file, tasks } = state
  const task = taskOf(e, state)
  const withProxies = (ids: string[]) => find(via, 'holders', ids.filter(id => !file.excluded.includes(id)))
  if (to === 'applicant') return file.enterpriseId && !file.restricted ? find(via, 'contacts', file.enterpriseId, file.applicantId) : find(via, 'person', file.applicantId)
  if (to === 'holder') {
    const about = task ? [task] : tasks.filter(isLive)
    const holders = await withProxies(about.flatMap(t => t.holderId ?? []))
    return holders.length > 0 ? holders : recipients(via, 'leaders', e, state)
  }
  if (to === 'leaders') {
    // The unit that answers for the case hears of what others do for it: of the applicant, of who has still to receive what it sends, of
    // who helps. Of a restricted case only the task's own unit. Where nobody leads, 护航办.
    const units = [task?.unitId, ...(task && file.restricted && task.unitId !== 'applicant' ? [] : [file.unitId])]
    const leaders = await find(via, 'leaders', units)
    return leaders.length > 0 ? leaders : find(via, 'role', 'office')
  }
  if ('person' in to) return withProxies([to.person])
  if ('unit' in to) return find(via, 'unit', to.unit)
  return find(via, 'role', to.role)
}

const WHO = {
  person: 'id = $1',
  /** With whoever stands in for them now. */
  holders: 'id = ANY($1) OR id IN (SELECT proxy_id FROM absence WHERE person_id = ANY($1) AND now() >= from_at AND now() < until_at)',
  contacts: `(enterprise_id = $1 AND 'enterprise' = ANY(roles)) OR id = $2`,
  leaders: `unit_id = ANY($1) AND 'unit-leader' = ANY(roles)`,
  unit: 'unit_id = $1',
  role: '$1 = ANY(roles)',
}

async function find(via: Queryable, who: keyof typeof WHO, ...values: unknown[]): Promise<Recipient[]> {
  const { rows } = await via.query({ name: `recipients-${who}`, text: `SELECT id, email FROM person WHERE active AND (${WHO[who]}) ORDER BY id`, values })
  return rows
}

async function destinations(via: Queryable, procedure: string): Promise<string[]> {
  const { rows } = await via.query({ name: 'notice destinations', text: 'SELECT url FROM webhook_destination WHERE active AND $1 = ANY(procedures) ORDER BY url', values: [procedure] })
  return rows.map((r: { url: string }) => r.url)
}
