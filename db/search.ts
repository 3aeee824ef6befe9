/** Lists of cases and tasks, each only of what the person may see: the same rules as `maySee`, in SQL. */
import { createHash } from 'node:crypto'
import type { Who } from '../workflows/kit/actions.ts'
import type { Card, CaseStatus } from '../workflows/kit/types.ts'
import type { Queryable } from './connect.ts'
import type { CaseEvent } from './events.ts'
import { ROLES } from './person.ts'
import type { CaseRow, DocumentRow, TaskRow } from './projector.ts'
import { fromJson, toEvent } from './record.ts'
import { caseFile, document, task } from './schema.ts'

/** After which row a page starts: by time and id. */
export interface After { at: Date, id: string }

export interface CaseQuery {
  procedure?: string | undefined
  status?: CaseStatus | undefined
  unit?: string | undefined
  card?: Card | undefined
  enterprise?: string | undefined
  /** Case number, or part of the title. */
  q?: string | undefined
  after?: After | undefined
  limit: number
}

export const TASK_VIEWS = ['mine', 'candidate', 'unit', 'overdue'] as const
export type TaskView = (typeof TASK_VIEWS)[number]

export interface TaskQuery {
  view: TaskView
  procedure?: string | undefined
  card?: Card | undefined
  after?: After | undefined
  limit: number
}

/** Gathers conditions and numbers their values. */
class Where {
  readonly values: unknown[] = []
  private readonly conditions: string[] = []

  /** Adds a value; answers its placeholder. */
  value(value: unknown): string {
    return `$${this.values.push(value)}`
  }

  and(condition: string): this {
    this.conditions.push(condition)
    return this
  }

  /** Adds `column = value` where a value is given. */
  equal(column: string, value: string | undefined): this {
    return value === undefined ? this : this.and(`${column} = ${this.value(value)}`)
  }

  toString(): string {
    return this.conditions.map(c => `(${c})`).join(' AND ')
  }
}

/** Runs a statement that is planned once for each of its few shapes: planning would take longer than the query. */
const run = (via: Queryable, text: string, values: unknown[]) =>
  via.query({ name: createHash('sha256').update(text).digest('base64url').slice(0, 22), text, values })

/** Whoever supervises sees every case that is not restricted. */
const seesAll = (who: Who) => who.roles.some(role => role === 'office' || role === 'bureau-leader' || role === 'duty-desk')

/** `maySee` as a condition on `case_file c`. */
function visible(where: Where, who: Who): string {
  if (who.roles.includes('enterprise')) return who.enterprise === null ? 'false' : `NOT c.restricted AND c.enterprise_id = ${where.value(who.enterprise)}`
  const me = where.value(who.id)
  // As proxy only for those who are not excluded themselves.
  const asProxy = who.standsInFor.length === 0 ? '' : ` OR c.participants && ${where.value(who.standsInFor)}::text[]
    AND EXISTS (SELECT FROM unnest(c.participants) p WHERE p = ANY(${where.value(who.standsInFor)}) AND p <> ALL(c.excluded))`
  const takesPart = `c.participants @> ARRAY[${me}] OR c.applicant_id = ${me}${asProxy}`
  const ofUnit = () => who.unit === null ? 'false' : `EXISTS (SELECT FROM task t WHERE t.case_no = c.case_no AND ${inUnit(where, who)})`
  return `NOT c.excluded @> ARRAY[${me}] AND (${takesPart} OR NOT c.restricted AND ${seesAll(who) ? 'true' : ofUnit()})`
}

/** Tasks `t` of the person's unit: all for its leader, for others those of their role. */
const inUnit = (where: Where, who: Who) =>
  `t.unit_id = ${where.value(who.unit)}${who.roles.includes('unit-leader') ? '' : ` AND t.role = ANY(${where.value(who.roles)}::text[])`}`

/** What looks like a case number is looked up, not searched for in titles. */
const CASE_NO = /^[A-Z]{2}-\d+$/

/** Cases that the person may see, newest first; one more than `limit` when there are more. */
export async function listCases(via: Queryable, who: Who, query: CaseQuery): Promise<CaseRow[]> {
  const where = new Where()
  where.and(visible(where, who))
    .equal('c.procedure', query.procedure).equal('c.status', query.status).equal('c.unit_id', query.unit)
    .equal('c.card', query.card).equal('c.enterprise_id', query.enterprise)
  if (query.q !== undefined) where.and(CASE_NO.test(query.q) ? `c.case_no = ${where.value(query.q)}` : `c.title ILIKE ${where.value(`%${query.q.replace(/[\\%_]/g, '\\$&')}%`)}`)
  if (query.after) where.and(`(c.opened_at, c.case_no) < (${where.value(query.after.at)}, ${where.value(query.after.id)})`)
  const { rows } = await run(via,
    `SELECT to_jsonb(c) AS file FROM case_file c WHERE ${where} ORDER BY c.opened_at DESC, c.case_no DESC LIMIT ${where.value(query.limit + 1)}`, where.values)
  return rows.map(r => fromJson(caseFile, r.file))
}

/** What a list of tasks shows of a task's case, and what the rules of who may do what need of it. */
const OUTLINE = ['caseNo', 'title', 'status', 'restricted', 'applicantId', 'enterpriseId', 'card', 'participants', 'excluded'] as const satisfies (keyof CaseRow)[]
export type CaseOutline = Pick<CaseRow, (typeof OUTLINE)[number]>
export interface FoundTask { task: TaskRow, file: CaseOutline }

const outline = `jsonb_build_object(${OUTLINE.map(field => `'${caseFile[field].name}', c.${caseFile[field].name}`).join(', ')})`

/** Tasks of a view, soonest due first; one more than `limit` when there are more. `total`: of the whole view. */
export async function listTasks(via: Queryable, who: Who, query: TaskQuery): Promise<{ tasks: FoundTask[], total: number }> {
  const where = new Where()
  const { page, total } = (query.view === 'candidate' || query.view === 'unit' ? ofUnit : ofPerson)(where, who, query)
  const { rows: [row] } = await run(via,
    `SELECT (${total})::int AS total, (SELECT coalesce(jsonb_agg(jsonb_build_object('task', p.task, 'file', p.file) ORDER BY p.due_at, p.id), '[]') FROM (${page}) p) AS tasks`, where.values)
  return { tasks: row.tasks.map((r: { task: unknown, file: unknown }) => ({ task: fromJson(task, r.task), file: fromJson(caseFile, r.file) })), total: row.total }
}

/** The statements of a list, over the values gathered in the same `Where`. */
interface TaskList { page: string, total: string }

/** What the caller filters by, and where the page starts. */
function asked(where: Where, { procedure, card, after, limit }: TaskQuery) {
  const filter = [...(procedure === undefined ? [] : [` AND t.procedure = ${where.value(procedure)}`]), ...(card === undefined ? [] : [` AND t.card = ${where.value(card)}`])].join('')
  const from = after === undefined ? '' : ` AND (t.due_at, t.id) > (${where.value(after.at)}, ${where.value(after.id)})`
  return { filter, page: `${filter}${from}`, limit: where.value(limit + 1) }
}

const SELECT = `SELECT to_jsonb(t) AS task, ${outline} AS file, t.due_at, t.id FROM task t JOIN case_file c ON c.case_no = t.case_no`

/**
 * Tasks of the person's unit: those still to be claimed that he may claim, or all that are open. Each role's queue is read
 * in the order of its index; the total is the queue's length less the few tasks he is kept out of.
 */
function ofUnit(where: Where, who: Who, query: TaskQuery): TaskList {
  const candidate = query.view === 'candidate'
  const me = `ARRAY[${where.value(who.id)}]`
  const roles = `${where.value(candidate || !who.roles.includes('unit-leader') ? who.roles : ROLES)}::text[]`
  const { filter, page, limit } = asked(where, query)
  const queue = `t.unit_id = ${where.value(who.unit)} AND ${candidate ? `t.status = 'open'` : `t.status IN ('open', 'claimed')`}`
  const conflict = `SELECT t.id FROM case_file c JOIN task t ON t.case_no = c.case_no
    WHERE cardinality(c.excluded) > 0 AND c.excluded @> ${me} AND ${queue} AND t.role = ANY(${roles})${filter}`
  const fourEyes = `SELECT t.id FROM task t WHERE cardinality(t.not_by) > 0 AND t.not_by @> ${me} AND ${queue} AND t.role = ANY(${roles})${filter}`
  return {
    page: `SELECT q.* FROM unnest(${roles}) r(role) CROSS JOIN LATERAL (${SELECT} WHERE ${queue} AND t.role = r.role${page}
      AND NOT c.excluded @> ${me}${candidate ? ` AND NOT t.not_by @> ${me}` : ''} ORDER BY t.due_at, t.id LIMIT ${limit}) q ORDER BY q.due_at, q.id LIMIT ${limit}`,
    total: `(SELECT count(*) FROM task t WHERE ${queue} AND t.role = ANY(${roles})${filter}) - (SELECT count(*) FROM (${candidate ? `${conflict} UNION ${fourEyes}` : conflict}) barred)`,
  }
}

/** Tasks that the person holds, for himself or as proxy, or that are overdue before his eyes. */
function ofPerson(where: Where, who: Who, query: TaskQuery): TaskList {
  const me = where.value(who.id)
  const holders = `${where.value([who.id, ...who.standsInFor])}::text[]`
  const { filter, page, limit } = asked(where, query)
  // A proxy may do only what he could do himself, and acts for nobody who has declared a conflict.
  const asProxy = `EXISTS (SELECT FROM case_file f WHERE f.case_no = t.case_no AND NOT f.excluded @> ARRAY[${me}] AND t.holder_id <> ALL(f.excluded)) AND NOT t.not_by @> ARRAY[${me}]`
  const mine = `t.status = 'claimed' AND t.holder_id = ANY(${holders}) AND (t.holder_id = ${me} OR ${asProxy})`
  const condition = query.view === 'mine' ? mine : `t.status IN ('open', 'claimed') AND t.due_at < now() AND ${overdue(where, who, me, holders)}`
  return {
    page: `${SELECT} WHERE ${condition}${page} ORDER BY t.due_at, t.id LIMIT ${limit}`,
    total: `SELECT count(*) FROM task t WHERE ${condition}${filter}`,
  }
}

/** Overdue tasks concern their holder, the unit, and whoever supervises. */
function overdue(where: Where, who: Who, me: string, holders: string): string {
  const sees = seesAll(who) ? ` AND (NOT f.restricted OR f.participants && ${holders})` : ''
  const concerns = seesAll(who) ? '' : ` AND (t.holder_id = ANY(${holders})${who.unit === null ? '' : ` OR ${inUnit(where, who)}`})`
  return `EXISTS (SELECT FROM case_file f WHERE f.case_no = t.case_no AND NOT f.excluded @> ARRAY[${me}]${sees})${concerns}`
}

/** Documents issued in a case, oldest first. */
export async function listDocuments(via: Queryable, caseNo: string): Promise<DocumentRow[]> {
  const { rows } = await via.query({ name: 'documents', text: 'SELECT to_jsonb(d) AS doc FROM document d WHERE case_no = $1 ORDER BY issued_at, number', values: [caseNo] })
  return rows.map(r => fromJson(document, r.doc))
}

/** Everything that happened to a case, in order. */
export async function listEvents(via: Queryable, caseNo: string): Promise<CaseEvent[]> {
  const { rows } = await via.query({ name: 'events', text: 'SELECT to_jsonb(e) AS event FROM case_event e WHERE case_no = $1 ORDER BY seq', values: [caseNo] })
  return rows.map(r => toEvent(r.event))
}
