import { createHash } from 'node:crypto'
import type { InferSelectModel } from 'drizzle-orm'
import type { Queryable } from '../connect.ts'
import type { CaseEvent } from '../../model/events.ts'
import { tellingsOf } from './hears.ts'
import { messageOf, taskOf, type Message, type Reader, type Text } from './messages.ts'
import { findTexts } from './notice-texts.ts'
import { apply, isLive, type CaseState } from '../../model/state.ts'
import type { notice } from '../schema.ts'

export type NoticeRow = InferSelectModel<typeof notice>
interface Recipient { id: string, email: string | null }

/**
 * The notices that these events cause, one row for each recipient and channel; written with the events themselves. `before`: the case
 * that they are appended to.
 */
export async function resolveNotices(via: Queryable, events: CaseEvent[], before: CaseState | null, mail: boolean): Promise<NoticeRow[]> {
  const rows: NoticeRow[] = []
  const { excluded } = events.reduce(apply, before)!.file
  let state = before
  let texts: Record<string, Text> | undefined
  for (const e of events) {
    const after = apply(state, e)
    const told = tellingsOf({ e, before: state ?? after, after, events })
    state = after
    if (e.type === 'handed-over' || e.type === 'pushed') rows.push(systemMessage(e, await findEnterprise(via, after)))
    if (told.length > 0) texts ??= await findTexts(via, after.file.procedure)
    const seen = new Set<string>()
    for (const telling of told) {
      const message = messageOf(telling, e, after, texts!)
      for (const r of await recipients(via, telling.to, e, after)) {
        // Whoever did it knows; only that his case was received everybody is told.
        if (seen.has(r.id) || excluded.includes(r.id) || (r.id === e.actor?.id && e.type !== 'case-opened')) continue
        seen.add(r.id)
        rows.push(row(e, message, { personId: r.id, channel: 'inbox' }))
        if (mail && message.outside && r.email) rows.push(row(e, message, { personId: r.id, channel: 'email', address: r.email }))
      }
      if (message.outside && message.bundle === null) for (const url of await destinations(via, after.file.procedure)) {
        if (seen.has(url)) continue
        seen.add(url)
        rows.push(row(e, message, { personId: null, channel: 'webhook', address: url }))
      }
    }
  }
  return bundled(via, rows)
}

/**
 * One row of the inbox for each bundle, and an e-mail only with the first of it. In the order of their keys: whoever counts up the same
 * rows at the same time waits, and never for each other.
 */
async function bundled(via: Queryable, rows: NoticeRow[]): Promise<NoticeRow[]> {
  const bundles = new Map<string, NoticeRow>()
  const rest: NoticeRow[] = []
  for (const one of rows) {
    const key = `${one.bundle} ${one.personId} ${one.channel}`
    const first = bundles.get(key)
    if (first) bundles.set(key, { ...one, id: first.id, count: first.count + 1, taskId: first.taskId === one.taskId ? one.taskId : null })
    else if (one.bundle !== null) bundles.set(key, one)
    else rest.push(one)
  }
  if (bundles.size === 0) return rest
  const all = [...bundles.entries()].toSorted(([a], [b]) => a < b ? -1 : 1).map(([, one]) => one)
  const mails = all.filter(n => n.channel === 'email')
  const { rows: unread } = mails.length === 0 ? { rows: [] } : await via.query({
    name: 'unread-bundles', values: [mails.map(n => n.personId), mails.map(n => n.bundle)],
    text: 'SELECT person_id, bundle FROM notice WHERE bundle = ANY($2) AND read_at IS NULL AND person_id = ANY($1)',
  })
  const isKnown = (n: NoticeRow) => unread.some(u => u.person_id === n.personId && u.bundle === n.bundle)
  return [...rest, ...all.flatMap((n): NoticeRow[] => n.channel !== 'email' ? [n] : isKnown(n) ? [] : [{ ...n, bundle: null }])]
}

function row(e: CaseEvent, { kind, title, body, taskId, bundle }: Omit<Message, 'outside'>, to: { personId: string | null, channel: NoticeRow['channel'], address?: string }): NoticeRow {
  // The id follows from what it is about and for whom, so that a second run writes the same notice, not another.
  const id = createHash('sha256').update(`${e.caseNo}/${e.key}/${to.channel}/${to.personId ?? to.address}`).digest('hex').slice(0, 32)
  const inbox = to.channel === 'inbox'
  return {
    id, caseNo: e.caseNo, taskId, personId: to.personId, channel: to.channel, address: to.address ?? null, kind, title, body, bundle, count: 1,
    state: inbox ? 'done' : 'pending', failure: null, attempt: 0, createdAt: e.at, readAt: null, doneAt: inbox ? e.at : null,
  }
}

/** A message to an outside system travels in the same outbox: signed, retried, given up in sight. */
function systemMessage(e: CaseEvent & { type: 'handed-over' | 'pushed' }, enterprise: { name: string, uscc: string } | undefined): NoticeRow {
  const body = JSON.stringify({ ...e.data.payload, caseNo: e.caseNo, ...(e.type === 'handed-over' && { task: e.data.task }), ...(enterprise && { enterprise }) })
  return row(e, { kind: e.type, title: e.type, body, taskId: null, bundle: null }, { personId: null, channel: 'system', address: e.data.system })
}

/** Outside, an enterprise is known by its 统一社会信用代码, not by our id. Of a restricted case nothing is said. */
async function findEnterprise(via: Queryable, { file }: CaseState): Promise<{ name: string, uscc: string } | undefined> {
  if (!file.enterpriseId || file.restricted) return undefined
  return (await via.query({ name: 'enterprise-outside', text: 'SELECT name, uscc FROM enterprise WHERE id = $1', values: [file.enterpriseId] })).rows[0]
}

async function recipients(via: Queryable, to: Reader, e: CaseEvent, state: CaseState): Promise<Recipient[]> {
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
  if ('people' in to) {
    const found = await withProxies(to.people)
    return found.length > 0 || !to.orElse ? found : recipients(via, to.orElse, e, state)
  }
  if ('queue' in to) return (await find(via, 'post', to.queue.unitId, to.queue.role)).filter(r => !to.queue.notBy.includes(r.id))
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
  post: 'unit_id = $1 AND $2 = ANY(roles)',
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
