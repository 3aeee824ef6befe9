/** Lists of cases and tasks, each only of what the person may see: the same rules as `maySee`, in SQL. */
import type { Who } from '../workflows/kit/actions.ts'
import type { Card, CaseStatus } from '../workflows/kit/types.ts'
import type { Queryable } from './connect.ts'
import type { CaseEvent } from './events.ts'
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
  const ofUnit = who.unit === null ? 'false' : `EXISTS (SELECT FROM task t WHERE t.case_no = c.case_no AND ${inUnit(where, who)})`
  return `NOT c.excluded @> ARRAY[${me}] AND (${takesPart} OR NOT c.restricted AND ${seesAll(who) ? 'true' : ofUnit})`
}

/** Tasks `t` of the person's unit: all for its leader, for others those of their role. */
const inUnit = (where: Where, who: Who) =>
  `t.unit_id = ${where.value(who.unit)}${who.roles.includes('unit-leader') ? '' : ` AND t.role = ANY(${where.value(who.roles)}::text[])`}`

/** Cases that the person may see, newest first; one more than `limit` when there are more. */
export async function listCases(via: Queryable, who: Who, query: CaseQuery): Promise<CaseRow[]> {
  const where = new Where()
  where.and(visible(where, who))
    .equal('c.procedure', query.procedure).equal('c.status', query.status).equal('c.unit_id', query.unit)
    .equal('c.card', query.card).equal('c.enterprise_id', query.enterprise)
  if (query.q !== undefined) where.and(`c.case_no = ${where.value(query.q)} OR c.title ILIKE ${where.value(`%${query.q.replace(/[\\%_]/g, '\\$&')}%`)}`)
  if (query.after) where.and(`(c.opened_at, c.case_no) < (${where.value(query.after.at)}, ${where.value(query.after.id)})`)
  const { rows } = await via.query(
    `SELECT to_jsonb(c) AS file FROM case_file c WHERE ${where} ORDER BY c.opened_at DESC, c.case_no DESC LIMIT ${where.value(query.limit + 1)}`, where.values)
  return rows.map(r => fromJson(caseFile, r.file))
}

/** A task with the case it belongs to. */
export interface FoundTask { task: TaskRow, file: CaseRow }

/** Tasks of a view, soonest due first; one more than `limit` when there are more. `total`: of the whole view. */
export async function listTasks(via: Queryable, who: Who, query: TaskQuery): Promise<{ tasks: FoundTask[], total: number }> {
  const where = new Where()
  where.and(inView(where, who, query.view)).equal('t.procedure', query.procedure).equal('t.card', query.card)
  const from = query.view === 'overdue' ? 'task t JOIN case_file c ON c.case_no = t.case_no' : 'task t'
  const whole = `${where}`
  if (query.after) where.and(`(t.due_at, t.id) > (${where.value(query.after.at)}, ${where.value(query.after.id)})`)
  const { rows: [row] } = await via.query(
    `SELECT (SELECT count(*)::int FROM ${from} WHERE ${whole}) AS total,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('task', to_jsonb(p), 'file', (SELECT to_jsonb(c) FROM case_file c WHERE c.case_no = p.case_no)) ORDER BY p.due_at, p.id), '[]')
        FROM (SELECT t.* FROM ${from} WHERE ${where} ORDER BY t.due_at, t.id LIMIT ${where.value(query.limit + 1)}) p) AS tasks`, where.values)
  return { tasks: row.tasks.map((r: { task: unknown, file: unknown }) => ({ task: fromJson(task, r.task), file: fromJson(caseFile, r.file) })), total: row.total }
}

/** A view as a condition on `task t`. Whoever declared a conflict, or is kept out by four eyes, is not offered the task. */
function inView(where: Where, who: Who, view: TaskView): string {
  const me = where.value(who.id)
  const notBarred = `NOT t.not_by @> ARRAY[${me}] AND t.case_no NOT IN (SELECT case_no FROM case_file WHERE excluded @> ARRAY[${me}])`
  const live = `t.status IN ('open', 'claimed')`
  switch (view) {
    case 'mine': {
      const holds = `t.status = 'claimed' AND t.holder_id = ANY(${where.value([who.id, ...who.standsInFor])}::text[])`
      return `${holds} AND (t.holder_id = ${me} OR ${notBarred})`
    }
    case 'candidate': return who.unit === null ? 'false' : `t.status = 'open' AND t.unit_id = ${where.value(who.unit)} AND t.role = ANY(${where.value(who.roles)}::text[]) AND ${notBarred}`
    case 'unit': return who.unit === null ? 'false' : `${live} AND ${inUnit(where, who)} AND ${notBarred}`
    case 'overdue': return `${live} AND t.due_at < now() AND (${visible(where, who)})`
  }
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
