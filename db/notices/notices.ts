import { isOutsiders } from '../../model/actions.ts'
import { createHash } from 'node:crypto'
import type { InferSelectModel } from 'drizzle-orm'
import type { Queryable } from '../connect.ts'
import type { CaseEvent } from '../../model/events.ts'
import { tellingsOf } from './hears.ts'
import { messageOf, taskOf, THROUGH_WINDOW, type Message, type Reader, type Text } from './messages.ts'
import { findTexts } from './notice-texts.ts'
import { isThere, standIns, type Standing } from '../directory/proxies.ts'
import { apply, isLive, type CaseState } from '../../model/state.ts'
import type { notice } from '../schema.ts'

export type NoticeRow = InferSelectModel<typeof notice>
interface Recipient extends Standing { email: string | null }

/**
 * The notices that these events cause, one row for each recipient and channel; written with the events themselves, {@link bundled}.
 * `before`: the case that they are appended to.
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
      if (telling.to === 'applicant' && after.file.enterpriseSees === 'window' && !THROUGH_WINDOW.includes(telling.kind)) continue
      const message = messageOf(telling, e, after, texts!)
      for (const r of await recipients(via, telling.to, e, after)) {
        // Whoever did it knows; only that his case was received everybody is told.
        if (seen.has(r.id) || excluded.includes(r.id) || (r.id === e.actor?.id && e.type !== 'case-opened')) continue
        seen.add(r.id)
        rows.push(row(e, message, { personId: r.id, channel: 'inbox' }))
        if (mail && message.outside && r.email) rows.push(row(e, message, { personId: r.id, channel: 'email', address: r.email }))
      }
      if (message.outside && message.bundle === null) for (const destination of await destinations(via, after.file.procedure)) {
        if (seen.has(destination)) continue
        seen.add(destination)
        rows.push(row(e, message, { personId: null, channel: 'webhook', address: destination }))
      }
    }
  }
  return rows
}

/**
 * One row of the inbox for each bundle, and an e-mail only with the first of it. In the order of their keys: whoever counts up the same
 * rows at the same time waits, and never for each other.
 */
export async function bundled(via: Queryable, rows: NoticeRow[]): Promise<NoticeRow[]> {
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
    id, caseNo: e.caseNo, href: null, taskId, personId: to.personId, channel: to.channel, address: to.address ?? null, kind, title, body, bundle, count: 1,
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

/**
 * The persons that a reader comes to now: those who have the post, and whoever stands in for one of them. Nobody is told as proxy of
 * one who declared a conflict; those who did so themselves are left out by the caller.
 */
async function recipients(via: Queryable, to: Reader, e: CaseEvent, state: CaseState): Promise<Recipient[]> {
  const { file, tasks } = state
  const task = taskOf(e, state)
  const find = (who: keyof typeof WHO, ...values: unknown[]) => findRecipients(via, who, file.excluded, values)
  const orElse = (found: Recipient[], then: Reader) => isAnybodyThere(found, file.excluded) ? found : recipients(via, then, e, state).then(more => [...found, ...more])
  if (to === 'applicant') return file.enterpriseSees === 'nothing' ? find('officers', [file.applicantId]) : file.enterpriseId && file.enterpriseSees === 'all' ? find('contacts', file.enterpriseId, file.applicantId) : find('people', [file.applicantId])
  if (to === 'holder') return orElse(await find('people', (task ? [task] : tasks.filter(isLive)).flatMap(t => t.holderId ?? [])), 'leaders')
  // The unit that answers for the case hears of what others do for it: of the applicant, of who has still to receive what it sends, of
  // who helps. Of a restricted case only the task's own unit. Where nobody leads or is there to lead, 护航办.
  if (to === 'leaders' && task?.answers) return orElse(await find('leaders', [task.answers.unit]), { role: 'office' })
  if (to === 'leaders') return orElse(await find('leaders', [task?.unitId, ...(task && file.restricted && !isOutsiders(task) ? [] : [file.unitId])]), { role: 'office' })
  if ('people' in to) return to.orElse ? orElse(await find('people', to.people), to.orElse) : find('people', to.people)
  if ('queue' in to) {
    const { unitId, role, notBy } = to.queue
    return (await findRecipients(via, 'post', [...file.excluded, ...notBy], [unitId, role])).filter(r => !notBy.includes(r.id))
  }
  if ('party' in to) {
    const party = file.parties.find(p => p.id === to.party)
    return party?.enterprise !== undefined ? file.enterpriseSees === 'all' ? find('contacts', party.enterprise, null) : [] : party?.unit !== undefined ? find('unit', party.unit) : []
  }
  if ('person' in to) return find('people', [to.person])
  if ('unit' in to) return find('unit', to.unit)
  return find('role', to.role)
}

const isAnybodyThere = (told: Recipient[], excluded: string[]) => told.some(r => isThere(r, excluded))

const WHO = {
  people: 'p.id = ANY($2)',
  officers: 'p.id = ANY($2) AND p.enterprise_id IS NULL',
  contacts: `p.enterprise_id = $2 AND 'enterprise' = ANY(p.roles) OR p.id = $3`,
  leaders: `p.unit_id = ANY($2) AND 'unit-leader' = ANY(p.roles)`,
  unit: 'p.unit_id = $2',
  post: 'p.unit_id = $2 AND $3 = ANY(p.roles)',
  role: '$2 = ANY(p.roles)',
}

/** Those, and whoever stands in for them but for the barred. */
export async function findRecipients(via: Queryable, who: keyof typeof WHO, barred: string[], values: unknown[]): Promise<Recipient[]> {
  const { rows } = await via.query({
    name: `recipients-${who}`, values: [barred, ...values],
    text: `WITH named AS MATERIALIZED (SELECT p.id, p.email, ${standIns('p.id')} AS stand_ins FROM person p WHERE p.active AND (${WHO[who]}))
      SELECT id, email, stand_ins AS "standIns" FROM named UNION ALL
      SELECT q.id, q.email, NULL FROM person q WHERE q.id IN (SELECT unnest(stand_ins) FROM named WHERE id <> ALL($1)) AND q.id NOT IN (SELECT id FROM named) ORDER BY id`,
  })
  return rows
}

async function destinations(via: Queryable, procedure: string): Promise<string[]> {
  const { rows } = await via.query({ name: 'notice destinations', text: 'SELECT id FROM webhook_destination WHERE active AND $1 = ANY(procedures) ORDER BY id', values: [procedure] })
  return rows.map((r: { id: string }) => r.id)
}
