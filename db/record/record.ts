/**
 * The one door to the record. A case's new events, its read tables and the notices they cause are written by one
 * statement, which is guarded by the case's last sequence number: it locks the row, and writes nothing when another
 * writer was faster. Then the case is read again and `decide` asked again. Two round trips, no lock held in between.
 */
import { getTableColumns, getTableName, type InferSelectModel, type Table } from 'drizzle-orm'
import { inTransaction, type Db, type Queryable } from '../connect.ts'
import { keepFile, newCode } from './document-files.ts'
import { shanghaiDate } from '../../model/instants.ts'
import { CHAIN_START, chainHash } from '../../model/chain.ts'
import type { CaseEvent, NewEvent, Readership } from '../../model/events.ts'
import { apply, documentOf, documentsOf, standingOf, type CaseState, type DocumentRow, type HistoryQuery, type Standing } from '../../model/state.ts'
import { caseEvent, caseFile, document, notice, task } from '../schema.ts'
import { bundled, resolveNotices, type NoticeRow } from '../notices/notices.ts'
import { Refused } from '../../model/refused.ts'

/** Looks at the case as it stands and answers with the events to append (none: nothing changes). Throws `Refused`. */
export type Decide = (state: CaseState | null, now: Date) => NewEvent[] | Promise<NewEvent[]>

/** What came of it. `repeated`: the key was already in the record, and nothing was changed. */
export interface Appended { state: CaseState, events: CaseEvent[], repeated: boolean }

/** Where cases are recorded: PostgreSQL, or memory in tests that skip time. */
export interface Store {
  find(caseNo: string): Promise<CaseState | null>
  append(caseNo: string, key: string, decide: Decide, requestHash?: string | null): Promise<Appended>
  /** Appends `document-issued` with the next number of its kind and year. */
  issue(caseNo: string, key: string, doc: NewDocument): Promise<DocumentRow>
  /** A document of a case as it stands. */
  document(caseNo: string, number: string): Promise<(DocumentRow & Standing) | undefined>
  /** Cases of a procedure, for rules that look back: opened since, of the enterprise or with an application containing one of `like`. */
  history(procedure: string, q: HistoryQuery): Promise<CaseState[]>
}
/** `draw`: sets it under its number; what it throws is passed on, and no number was given. `party`: in whose lane it is issued. */
export interface NewDocument { kind: string, prefix: string, content: DocumentRow['content'], to: Readership, party?: string, draw: Draw, /** No longer holds with it. */ replaces?: { number: string, reason: string } | null }
type Draw = (at: { number: string, code: string, issuedAt: Date }) => Promise<{ title: string, pdf: Buffer }>

/** A writer that loses this often in a row has met something other than contention. */
const MAX_ATTEMPTS = 50

/**
 * Appends a case's events; see `Decide`. A key already recorded changes nothing; with another body it is refused. `read` is the
 * case as the caller has just read it under this key: if it is outdated by then, it is read again. Whoever appends to several cases in
 * one transaction (in the order of their numbers) gathers `notices` and writes them last: every writer locks cases first, then bundles.
 */
export async function appendEvents(db: Db, caseNo: string, key: string, decide: Decide, requestHash: string | null = null, { via = db.pool, read, notices: later }: { via?: Queryable, read?: CaseRead | undefined, notices?: NoticeRow[] } = {}): Promise<Appended> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const { state, now, seen } = attempt === 1 && read ? read : await readCase(via, caseNo, key)
    if (seen) {
      if (requestHash !== null && seen.requestHash !== requestHash) throw new Refused('idempotency-key-reused', '同一个 Idempotency-Key 已用于另一项请求')
      return { state: state!, events: [seen], repeated: true }
    }
    const fresh = await decide(state, now)
    if (fresh.length === 0) return { state: state!, events: [], repeated: false }
    const events = chain(caseNo, key, fresh, state, now, requestHash)
    const after = events.reduce<CaseState | null>(apply, state)!
    const notices = await resolveNotices(via, events, state, db.mail)
    if (await write(via, state, after, events, later ? [] : await bundled(via, notices))) {
      later?.push(...notices)
      return { state: after, events, repeated: false }
    }
  }
  throw new Error(`case ${caseNo}: gave up after ${MAX_ATTEMPTS} lost races`)
}

/** The deadlines that were computed anew in these cases under a key. */
export async function replannedUnder(via: Queryable, caseNos: string[], key: string): Promise<(CaseEvent & { type: 'deadline-replanned' })[]> {
  const { rows } = await via.query(`SELECT * FROM case_event WHERE case_no = ANY($1) AND (key = $2 OR key LIKE $2 || '#%') ORDER BY case_no, seq`, [caseNos, key])
  return rows.map(toEvent) as (CaseEvent & { type: 'deadline-replanned' })[]
}

/** Gives new events their sequence numbers, keys, time and hashes. */
export function chain(caseNo: string, key: string, fresh: NewEvent[], state: CaseState | null, at: Date, requestHash: string | null): CaseEvent[] {
  let seq = state?.file.lastSeq ?? 0
  let prev = state?.file.lastHash ?? CHAIN_START
  return fresh.map((e, i) => {
    const numbered = { ...e, data: JSON.parse(JSON.stringify(e.data)), caseNo, seq: ++seq, at, key: i === 0 ? key : `${key}#${i}`, requestHash } as Omit<CaseEvent, 'hash'>
    prev = chainHash(prev, numbered)
    return { ...numbered, hash: prev } as CaseEvent
  })
}

/** What {@link readCase} answers. */
export interface CaseRead { now: Date, state: CaseState | null, seen: CaseEvent | null }

// Time never runs backwards within a case, whatever the server's clock is set to.
const READ = `SELECT greatest(clock_timestamp(), (SELECT e.at FROM case_event e WHERE e.case_no = $1 ORDER BY e.seq DESC LIMIT 1)) AS now, row_to_json(c) AS file,
  (SELECT coalesce(json_agg(row_to_json(t) ORDER BY t.created_at, t.id COLLATE "C"), '[]') FROM task t WHERE t.case_no = $1) AS tasks,
  (SELECT row_to_json(e) FROM case_event e WHERE e.case_no = $1 AND e.key = $2) AS seen
  FROM (SELECT 1) one LEFT JOIN case_file c ON c.case_no = $1`

/** A case as it stands (null: there is none), the database's time, and the event recorded under `key`, if there is one. */
export async function readCase(via: Queryable, caseNo: string, key: string): Promise<CaseRead> {
  const { rows: [row] } = await via.query({ name: 'read-case', text: READ, values: [caseNo, key] })
  return { now: row.now as Date, state: toState(row.file, row.tasks), seen: row.seen ? toEvent(row.seen) : null }
}

/** A case as it stands, or null. */
export async function findCase(via: Queryable, caseNo: string): Promise<CaseState | null> {
  return (await readCase(via, caseNo, '')).state
}

const toState = (file: unknown, tasks: unknown[]): CaseState | null =>
  file ? { file: fromJson(caseFile, file), tasks: tasks.map(t => fromJson(task, t)) } : null

/** A row of `case_event`, as JSON or as the driver reads it, back into an event. */
export function toEvent(json: unknown): CaseEvent {
  const { actorId, actorUnit, ...e } = fromJson(caseEvent, json)
  return { ...e, actor: actorId === null ? null : { id: actorId, unit: actorUnit } } as CaseEvent
}

async function write(via: Queryable, before: CaseState | null, after: CaseState, events: CaseEvent[], notices: NoticeRow[]): Promise<boolean> {
  const guard = !before ? 'open' : before.file.application === after.file.application ? 'append' : 'amend'
  const parts: [Table, object[]][] = [
    [caseEvent, events.map(({ actor, ...e }) => ({ ...e, actorId: actor?.id ?? null, actorUnit: actor?.unit ?? null }))],
    [task, after.tasks.filter(t => !before?.tasks.includes(t))],
    [notice, notices],
    [document, documentsOf(events)],
  ]
  const filled = parts.filter(([, rows]) => rows.length > 0)
  const { rows } = await via.query({
    ...statement(guard, filled.map(([table]) => table)),
    values: [
      JSON.stringify(toJson(caseFile, guard === 'append' ? { ...after.file, application: {} } : after.file)), before?.file.lastSeq ?? 0,
      ...filled.map(([table, rows]) => JSON.stringify(rows.map(r => toJson(table, r)))),
    ],
  })
  return rows[0].written > 0
}

/** The store that PostgreSQL is. `dir`: where files are kept; undefined: in the database. */
export function createStore(db: Db, dir?: string): Store {
  return {
    find: caseNo => findCase(db.pool, caseNo),
    append: (caseNo, key, decide, requestHash) => appendEvents(db, caseNo, key, decide, requestHash),
    issue: (caseNo, key, doc) => inTransaction(db, client => issue(db, client, caseNo, key, doc, dir)),
    document: (caseNo, number) => findDocument(db.pool, caseNo, number),
    history: (procedure, q) => history(db.pool, procedure, q),
  }
}

/**
 * The case is locked first, so that the number is taken exactly when it is written: a lost race or a second run would
 * leave a gap. The counter's row stays locked until the document is in the record.
 */
async function issue(db: Db, client: Queryable, caseNo: string, key: string, { kind, prefix, content, to, party, draw, replaces = null }: NewDocument, dir?: string): Promise<DocumentRow> {
  await client.query('SELECT FROM case_file WHERE case_no = $1 FOR UPDATE', [caseNo])
  const { events: [e] } = await appendEvents(db, caseNo, key, async (_, now) => {
    const past = replaces && mustBeValid(await findDocument(client, caseNo, replaces.number))
    const year = Number(shanghaiDate(now).slice(0, 4))
    const { rows } = await client.query(`INSERT INTO document_counter (kind, year, last) VALUES ($1, $2, 1)
      ON CONFLICT (kind, year) DO UPDATE SET last = document_counter.last + 1 RETURNING last`, [kind, year])
    const [number, code] = [`${prefix}〔${year}〕${rows[0].last}号`, newCode()]
    const { title, pdf } = await draw({ number, code, issuedAt: now })
    const hash = await keepFile(client, number, pdf, dir)
    const issued: NewEvent = { type: 'document-issued', actor: null, data: { kind, number, title, content, code, hash, to, ...(party !== undefined && { party }) } }
    return past ? [issued, { type: 'document-replaced', actor: null, data: { ...replaces!, by: number, ...readersOf(past) } }] : [issued]
  }, null, { via: client })
  return documentOf(e as CaseEvent & { type: 'document-issued' })
}

/** A document of a case as it stands. */
async function findDocument(via: Queryable, caseNo: string, number: string): Promise<(DocumentRow & Standing) | undefined> {
  const { rows: [row] } = await via.query(`SELECT row_to_json(d) AS doc, ${STANDING} FROM document d WHERE case_no = $1 AND number = $2`, [caseNo, number])
  return row && { ...fromJson(document, row.doc), ...toStanding(row) }
}

/** How a document `d` stands, by the events of its case; read it by {@link toStanding}. */
export const STANDING = `(SELECT row_to_json(e) FROM case_event e WHERE e.case_no = d.case_no AND e.type IN ('document-withdrawn', 'document-replaced') AND e.data->>'number' = d.number ORDER BY e.seq DESC LIMIT 1) AS past`
export const toStanding = ({ past }: { past: unknown }, events = past ? [toEvent(past)] : []): Standing => standingOf(events, events[0] ? (events[0].data as { number: string }).number : '')

/** Who reads a document, as the events about it say. */
export const readersOf = ({ readers, party }: Pick<DocumentRow, 'readers' | 'party'>): { to: Readership, party?: string } => ({ to: readers, ...(party !== null && { party }) })

/** @throws Refused for one that this case does not have, or that no longer holds */
export function mustBeValid<D extends Standing>(found: D | undefined): D {
  if (!found) throw new Refused('not-found', '本案没有这份文书')
  if (found.state !== 'valid') throw new Refused('action-not-allowed', '这份文书已经撤销或者被替换')
  return found
}

async function history(via: Queryable, procedure: string, { since, enterpriseId, like }: HistoryQuery): Promise<CaseState[]> {
  const { rows } = await via.query(`SELECT row_to_json(c) AS file,
    (SELECT coalesce(json_agg(row_to_json(t) ORDER BY t.created_at, t.id COLLATE "C"), '[]') FROM task t WHERE t.case_no = c.case_no) AS tasks
    FROM case_file c WHERE procedure = $1 AND opened_at >= $2 AND (enterprise_id = $3 OR application @> ANY($4::jsonb[])) ORDER BY opened_at`,
  [procedure, since, enterpriseId, like.map(l => JSON.stringify(l))])
  return rows.map((r: { file: unknown, tasks: unknown[] }) => toState(r.file, r.tasks)!)
}

// ─── rows as JSON, the shape in which one statement can carry many of them ──────────────────────

const COLUMNS = new Map([caseFile, caseEvent, task, notice, document].map((t: Table) => [t, Object.entries(getTableColumns(t))]))
const columns = (table: Table) => COLUMNS.get(table)!
const names = (table: Table, row = '') => columns(table).map(([, c]) => row + c.name).join(', ')
const sets = (table: Table, row: string, except: string[]) =>
  columns(table).filter(([, c]) => !except.includes(c.name)).map(([, c]) => `${c.name} = ${row}.${c.name}`).join(', ')

// One row by `jsonb_populate_record`: of a record set the planner expects a hundred, and scans the table of cases for them.
const FILE = 'jsonb_populate_record(null::case_file, $1::jsonb) r'
const FIXED = ['case_no', 'procedure', 'restricted', 'of_office', 'enterprise_id', 'applicant_id', 'filed_by', 'filed_unit', 'channel', 'opened_at']
const updateFile = (except: string[]) =>
  `UPDATE case_file c SET ${sets(caseFile, 'r', except)} FROM ${FILE} WHERE c.case_no = r.case_no AND c.last_seq = $2 RETURNING c.case_no`
const GUARDS = {
  open: `INSERT INTO case_file (${names(caseFile)}) SELECT ${names(caseFile, 'r.')} FROM ${FILE} WHERE $2::int = 0 ON CONFLICT DO NOTHING RETURNING case_no`,
  append: updateFile([...FIXED, 'application', 'title']),
  amend: updateFile(FIXED),
}
const ON_CONFLICT = new Map<Table, string>([
  [task, `ON CONFLICT (id) DO UPDATE SET ${sets(task, 'excluded', ['id', 'case_no', 'procedure', 'name', 'party', 'title', 'round', 'context', 'answers', 'created_at'])}`],
  // More of an unread bundle counts it up; its place is the latest's. Of several tasks it is about none.
  [notice, `ON CONFLICT (person_id, bundle) WHERE bundle IS NOT NULL AND read_at IS NULL DO UPDATE SET count = notice.count + excluded.count, case_no = excluded.case_no,
    task_id = CASE WHEN notice.task_id = excluded.task_id THEN notice.task_id END, kind = excluded.kind, title = excluded.title, body = excluded.body, created_at = excluded.created_at`],
])

const statements = new Map<string, { name: string, text: string }>()

/** The statement that writes the case and rows of these tables; prepared once on each connection. */
function statement(guard: keyof typeof GUARDS, tables: Table[]): { name: string, text: string } {
  const name = [guard, ...tables.map(getTableName)].join('+')
  const inserts = tables.map((table, i) => `, t${i} AS (INSERT INTO ${getTableName(table)} (${names(table)}) SELECT ${names(table, 'r.')}
    FROM jsonb_populate_recordset(null::${getTableName(table)}, $${i + 3}::jsonb) r, guard ${ON_CONFLICT.get(table) ?? ''})`)
  const known = statements.get(name) ?? { name, text: `WITH guard AS (${GUARDS[guard]})${inserts.join('')} SELECT count(*)::int AS written FROM guard` }
  statements.set(name, known)
  return known
}

/** Writes notices that were gathered from several appends. */
export async function writeNotices(via: Queryable, gathered: NoticeRow[]): Promise<void> {
  const rows = await bundled(via, gathered)
  if (rows.length > 0) await via.query(`INSERT INTO notice (${names(notice)}) SELECT ${names(notice)} FROM jsonb_populate_recordset(null::notice, $1::jsonb) ${ON_CONFLICT.get(notice)!}`, [JSON.stringify(rows.map(r => toJson(notice, r)))])
}

/** Inserts rows as they are; for repairs. */
export const insertRows = (via: Queryable, table: Table, rows: object[]) => via.query(
  `INSERT INTO ${getTableName(table)} (${names(table)}) SELECT ${names(table)} FROM jsonb_populate_recordset(null::${getTableName(table)}, $1::jsonb)`, [JSON.stringify(rows.map(r => toJson(table, r)))])

/** A row as PostgreSQL's JSON gives it, back into drizzle's shape. */
export function fromJson<T extends Table>(table: T, json: unknown): InferSelectModel<T> {
  const found = json as Record<string, unknown>
  const row: Record<string, unknown> = {}
  for (const [key, { name, dataType }] of columns(table)) {
    const value = found[name]
    row[key] = dataType === 'date' && typeof value === 'string' ? new Date(value) : value ?? null
  }
  return row as InferSelectModel<T>
}

const toJson = (table: Table, row: object) =>
  Object.fromEntries(columns(table).map(([key, c]) => [c.name, (row as Record<string, unknown>)[key] ?? null]))
