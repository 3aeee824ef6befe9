/** Notices of the duty roster: the same inbox, the same outbox, the same proxies as those of cases; they show the roster. */
import { createHash } from 'node:crypto'
import { shanghaiDate } from '../../model/instants.ts'
import type { Facts } from '../../model/types.ts'
import type { Queryable } from '../connect.ts'
import { findOnDuty } from '../directory/directory.ts'
import type { RosterEvent } from '../roster/record.ts'
import { findRecipients } from './notices.ts'
import { rosterTellingsOf, type RosterReader } from './roster-hears.ts'

const INBOX = `INSERT INTO notice (id, person_id, href, title, body, bundle, created_at, done_at, kind, channel, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $7, 'roster', 'inbox', 'done')
  ON CONFLICT (person_id, bundle) WHERE bundle IS NOT NULL AND read_at IS NULL DO UPDATE SET count = notice.count + 1, href = excluded.href, body = excluded.body, created_at = excluded.created_at RETURNING count`
const EMAIL = `INSERT INTO notice (id, person_id, href, title, body, address, created_at, kind, channel, state) VALUES ($1, $2, $3, $4, $5, $6, $7, 'roster', 'email', 'pending')`

/** Writes whatever these events cause, in the caller's transaction. */
export async function writeRosterNotices(via: Queryable, events: RosterEvent[], mail: boolean): Promise<void> {
  for (const e of events) {
    const name = await namesIn(via, { ...e.data, unit: e.unitId })
    const seen = new Set<string>()
    for (const { to, title, body, outside = false, bundle } of rosterTellingsOf(e.type, { d: e.data, unit: e.unitId, name })) {
      for (const { id: personId, email } of await recipients(via, to)) {
        // Whoever did it knows, and nobody is told of it twice.
        if (seen.has(personId) || personId === e.actor?.id) continue
        seen.add(personId)
        const id = (channel: string) => createHash('sha256').update(`roster/${e.unitId}/${e.key}/${channel}/${personId}`).digest('hex').slice(0, 32)
        const { rows: [written] } = await via.query(INBOX, [id('inbox'), personId, hrefOf(e), title, body, bundle ? `roster/${bundle}/${shanghaiDate(e.at)}` : null, e.at])
        // By e-mail with the first of a bundle.
        if (mail && outside && email && written.count === 1) await via.query(EMAIL, [id('email'), personId, hrefOf(e), title, body, email, e.at])
      }
    }
  }
}

const hrefOf = ({ unitId, data, at }: RosterEvent) => `/roster?unit=${unitId}&month=${typeof data.month === 'string' ? data.month : typeof data.from === 'string' ? shanghaiDate(new Date(data.from)).slice(0, 7) : shanghaiDate(at).slice(0, 7)}`

async function recipients(via: Queryable, to: RosterReader): Promise<{ id: string, email: string | null }[]> {
  if ('people' in to) return findRecipients(via, 'people', [], [to.people.filter(id => id != null)])
  if ('role' in to) return findRecipients(via, 'role', [], [to.role])
  if ('duty' in to) {
    const leader = await findOnDuty(via, to.duty)
    return leader === null ? findRecipients(via, 'role', [], ['bureau-leader']) : findRecipients(via, 'people', [], [[leader]])
  }
  const led = to.leaders === 'bureau' ? await findRecipients(via, 'role', [], ['bureau-leader']) : await findRecipients(via, 'leaders', [], [[to.leaders]])
  return led.length > 0 ? led : findRecipients(via, 'role', [], ['office'])
}

/** What every id that is mentioned is called. */
async function namesIn(via: Queryable, data: Facts): Promise<(id: unknown) => string> {
  const ids = Object.values(data).flatMap(value => Array.isArray(value) ? value : [value]).filter((value): value is string => typeof value === 'string')
  const { rows } = await via.query('SELECT id, name FROM person WHERE id = ANY($1) UNION ALL SELECT id, name FROM unit WHERE id = ANY($1)', [ids])
  const names = new Map(rows.map((row: { id: string, name: string }) => [row.id, row.name]))
  return id => names.get(String(id)) ?? ''
}
