/**
 * What administrators keep as data: the directory, absences and duty, partners outside. One way to list it, and one way
 * to change it, which notes in the same transaction who changed what, and how it was before.
 */
import type { PoolClient } from 'pg'
import type { Json } from '../../model/types.ts'
import { inTransaction, type Db, type Queryable } from '../connect.ts'
import { holdsWords, wordsOf } from '../lists/words.ts'
import { Refused } from '../../model/refused.ts'

/** A kind of record; SQL over the alias `t` of its table. */
interface Kind {
  table: string
  id: string
  /** What is shown of it, and noted of a change: never a secret. */
  view: string
  /** What a search looks in. */
  search: string
  /** Lists are in the order of this instant, then of the id. */
  at?: string
  until?: string
  /** The unit whose leader may keep it, too. */
  unit?: string
  /** Kept for what refers to it: removing makes it inactive. */
  isRetired?: true
  /** What its name names in the record: `person` also outside systems, under `system:<id>`. */
  names?: 'person' | 'unit' | 'enterprise'
}

const named = (table: string, id: string) => `(SELECT jsonb_build_object('id', x.id, 'name', x.name) FROM ${table} x WHERE x.id = ${id})`
const iso = (instant: string) => `to_char(${instant} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD"T"HH24:MI:SS.MS"+08:00"')`
/** By it two parties can tell whether they hold the same secret. */
const fingerprint = (secret: string) => `left(encode(sha256(convert_to(${secret}, 'UTF8')), 'hex'), 8)`
const ofPerson = (person: string) => `(SELECT x.unit_id FROM person x WHERE x.id = ${person})`

export const KINDS = {
  people: {
    table: 'person', id: 't.id', search: `concat_ws(' ', t.id, t.name, t.sub, t.email)`, isRetired: true, names: 'person',
    view: `jsonb_build_object('id', t.id, 'sub', t.sub, 'name', t.name, 'unit', ${named('unit', 't.unit_id')},
      'enterprise', ${named('enterprise', 't.enterprise_id')}, 'roles', t.roles, 'email', t.email, 'active', t.active)`,
  },
  units: {
    table: 'unit', id: 't.id', search: `concat_ws(' ', t.id, t.name)`, isRetired: true, names: 'unit',
    view: `jsonb_build_object('id', t.id, 'name', t.name, 'kind', t.kind, 'active', t.active)`,
  },
  enterprises: {
    table: 'enterprise', id: 't.id', search: `concat_ws(' ', t.id, t.name, t.uscc, t.address)`, isRetired: true, names: 'enterprise',
    view: `jsonb_build_object('id', t.id, 'name', t.name, 'uscc', t.uscc, 'address', t.address, 'active', t.active)`,
  },
  absences: {
    table: 'absence', id: 't.id', search: `concat_ws(' ', t.person_id, t.proxy_id, (SELECT string_agg(x.name, ' ') FROM person x WHERE x.id IN (t.person_id, t.proxy_id)))`, at: 't.from_at', until: 't.until_at', unit: ofPerson('t.person_id'),
    view: `jsonb_build_object('id', t.id, 'person', ${named('person', 't.person_id')}, 'proxy', ${named('person', 't.proxy_id')},
      'from', ${iso('t.from_at')}, 'until', ${iso('t.until_at')})`,
  },
  roster: {
    // Lines that hold; drafts and what was replaced are read with the roster itself.
    table: `(SELECT * FROM roster WHERE kind = 'duty' AND state IN ('published', 'open', 'held', 'ended'))`, id: 't.id', search: `concat_ws(' ', t.unit_id, t.person_id, (SELECT x.name FROM unit x WHERE x.id = t.unit_id), (SELECT x.name FROM person x WHERE x.id = t.person_id))`, at: 't.from_at', until: 't.until_at', unit: 't.unit_id',
    view: `jsonb_build_object('id', t.id, 'unit', ${named('unit', 't.unit_id')}, 'person', ${named('person', 't.person_id')},
      'from', ${iso('t.from_at')}, 'until', ${iso('t.until_at')})`,
  },
  webhooks: {
    table: 'webhook_destination', id: 't.id', search: 't.url',
    view: `jsonb_build_object('id', t.id, 'url', t.url, 'procedures', t.procedures, 'active', t.active,
      'secretFingerprint', ${fingerprint('t.secret')})`,
  },
  systems: {
    table: 'outside_system', id: 't.id', search: `concat_ws(' ', t.id, t.name, t.url)`, names: 'person',
    view: `jsonb_build_object('id', t.id, 'name', t.name, 'url', t.url, 'secretFingerprints', (SELECT jsonb_agg(${fingerprint('s')}) FROM unnest(t.secrets) s))`,
  },
} as const satisfies Record<string, Kind>
export type KindName = keyof typeof KINDS

/** A row as the database has it: its columns by name. */
export type Row = Record<string, Json>
/** A record as the API shows it. */
export type View = { [field: string]: Json }

export interface KeptQuery {
  /** Part of a name, an id or an address. */
  q?: string | undefined
  /** Only what is not over by then. */
  since?: Date | undefined
  /** Only what this unit's leader may keep. */
  unit?: string | undefined
  after?: { at: Date, id: string } | undefined
  limit: number
}
export interface Kept { view: View, at: Date, id: string }

/** A page of a kind, and one record more, where there is one. */
export async function listKept(via: Queryable, name: KindName, { q, since, unit, after, limit }: KeptQuery): Promise<Kept[]> {
  const kind: Kind = KINDS[name]
  const at = kind.at ?? `'epoch'::timestamptz`
  const { rows } = await via.query(`SELECT ${kind.view} AS view, ${at} AS at, ${kind.id} AS id FROM ${kind.table} t
    WHERE ($1::text[] IS NULL OR ${holdsWords(kind.search, '$1')}) AND ($2::timestamptz IS NULL OR ${kind.until ?? 'NULL'} > $2)
    AND ($3::text IS NULL OR ${kind.unit ?? 'NULL'} = $3) AND ($4::timestamptz IS NULL OR (${at}, ${kind.id}) > ($4, $5)) ORDER BY ${at}, ${kind.id} LIMIT $6`,
  [q === undefined ? null : wordsOf(q), since ?? null, unit ?? null, after?.at ?? null, after?.id ?? null, limit + 1])
  return rows
}

/** A change of one record: a new one has no `id`; one that is removed no `toRow`. */
export interface Change {
  kind: KindName
  by: string
  id?: string
  /** The columns to write, from the row as it was (of a new one: empty); those left out stay. */
  toRow?(before: Row): Row
  /** Looks at what is about to be: the whole rows, null where there was or will be none. Throws to refuse. */
  check?(client: PoolClient, before: Row | null, after: Row | null): Promise<void>
}

/** Makes a change and notes it; answers the record as it now is, null when it is gone. @throws Refused */
export async function changeKept(db: Db, { kind: name, by, id, toRow, check }: Change): Promise<View | null> {
  const kind: Kind = KINDS[name]
  return inTransaction(db, async (client) => {
    // One after the other: a check must see what another change has just made.
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('administration'))`)
    const before = id === undefined ? null : await find(client, kind, id)
    if (id !== undefined && !before) throw new Refused('not-found', '没有这条记录')
    const next = toRow ? { ...before?.row, ...toRow(before?.row ?? {}) } : kind.isRetired ? { ...before!.row, active: false } : null
    await check?.(client, before?.row ?? null, next)
    const renamed = next && (next as Row).name !== before?.row.name
    if (kind.names && before && renamed) await keepName(client, kind.names, name === 'systems' ? `system:${id}` : id!, String(before.row.name))
    const kept = next ? await write(client, kind, id, next) : await remove(client, kind, id!)
    const after = kept ? (await find(client, kind, kept))!.view : null
    await logChange(client, by, `${name}/${kept ?? id}`, before?.view ?? null, after)
    return after
  })
}

/** What happened until now goes on being read under the name that it happened under. */
const keepName = (via: Queryable, kind: NonNullable<Kind['names']>, id: string, name: string) =>
  via.query('INSERT INTO former_name (kind, id, name, until) VALUES ($1, $2, $3, clock_timestamp())', [kind, id, name])

/** Notes what an administrator changed. */
export async function logChange(via: Queryable, by: string, what: string, before: Json, after: Json): Promise<void> {
  const json = (value: Json) => value === null ? null : JSON.stringify(value)
  await via.query('INSERT INTO admin_log (person_id, what, before, after) VALUES ($1, $2, $3, $4)', [by, what, json(before), json(after)])
}

async function find(via: Queryable, { table, view, id: key }: Kind, id: string): Promise<{ row: Row, view: View } | undefined> {
  const { rows } = await via.query(`SELECT to_jsonb(t) AS row, ${view} AS view FROM ${table} t WHERE ${key} = $1`, [id])
  return rows[0]
}

/** Inserts, or updates the record of that id; answers its id. */
async function write(client: PoolClient, { table, id: key }: Kind, id: string | undefined, row: Row): Promise<string> {
  const columns = Object.keys(row).join(', ')
  const values = `SELECT ${columns} FROM jsonb_populate_record(null::${table}, $1)`
  const statement = id === undefined
    ? `INSERT INTO ${table} AS t (${columns}) ${values} RETURNING ${key} AS id`
    : `UPDATE ${table} t SET (${columns}) = (${values}) WHERE ${key} = $2 RETURNING ${key} AS id`
  const { rows } = await client.query(statement, [JSON.stringify(row), ...(id === undefined ? [] : [id])]).catch((e: Error & { code?: string }) => {
    throw e.code === '23505' ? new Refused('already-exists', '已有同样编号、登录标识或者地址的记录') : e
  })
  return rows[0].id
}

async function remove(client: PoolClient, { table, id: key }: Kind, id: string): Promise<null> {
  await client.query(`DELETE FROM ${table} t WHERE ${key} = $1`, [id])
  return null
}
