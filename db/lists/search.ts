/** Lists of cases and tasks, each only of what the person may see: the same rules as `maySee`, in SQL. */
import { createHash } from 'node:crypto'
import type { Who } from '../../model/actions.ts'
import type { Queryable } from '../connect.ts'
import type { CaseEvent } from '../../model/events.ts'
import { casesLike, inUnit, listed, seesAll, shownOutside, takesPart, taskFound, tasksLike, visibleTask, type CaseFilter, type TaskFilter } from './filters.ts'
import { copied, filed, handedOn } from './followed.ts'
import { Where } from './where.ts'
import { ROLES, type Post, type Role } from '../../model/person.ts'
import type { CaseRow, TaskRow } from '../../model/state.ts'
import { fromJson, toEvent } from '../record/record.ts'
import { caseFile, task } from '../schema.ts'

/** After which row a page starts: by time and id. */
interface After { at: Date, id: string }

export interface CaseQuery extends CaseFilter {
  after?: After | undefined
  limit: number
}

export const TASK_VIEWS = ['todo', 'mine', 'candidate', 'unit', 'overdue', 'done', 'filed', 'handed-on', 'copied', 'all'] as const
type TaskView = (typeof TASK_VIEWS)[number]

export interface TaskQuery extends TaskFilter {
  view: TaskView
  /** What somebody typed to find the case; of a restricted one that he has no part in, only its number. */
  q?: string | undefined
  after?: After | undefined
  limit: number
}

/** Runs a statement that is planned once for each of its few shapes: planning would take longer than the query. */
const run = (via: Queryable, text: string, values: unknown[]) =>
  via.query({ name: createHash('sha256').update(text).digest('base64url').slice(0, 22), text, values })

/** Cases that the person may see, newest first; one more than `limit` when there are more. */
export async function listCases(via: Queryable, who: Who, query: CaseQuery): Promise<CaseRow[]> {
  const { after, limit, ...filter } = query
  const where = new Where()
  where.and(listed(where, who, filter)).and(casesLike(where, filter, who.roles.includes('enterprise')))
  if (after) where.and(`(c.opened_at, c.case_no) < (${where.value(after.at)}, ${where.value(after.id)})`)
  const { rows } = await run(via,
    `SELECT row_to_json(c) AS file FROM case_file c WHERE ${where} ORDER BY c.opened_at DESC, c.case_no DESC LIMIT ${where.value(limit + 1)}`, where.values)
  return rows.map(r => fromJson(caseFile, r.file))
}

export interface RegisterQuery { procedure: string, lookup?: { fields: string[], value: string } | undefined, state?: 'live' | 'closed' | undefined, q?: string | undefined, after?: After | undefined, limit: number }

/** A procedure's register as far as the person may see it, newest first; one more than `limit` when there are more. `total`: of all pages. */
export async function listRegister(via: Queryable, who: Who, { procedure, lookup, state, q, after, limit }: RegisterQuery): Promise<{ files: CaseRow[], total: number }> {
  const where = new Where()
  where.and(listed(where, who, { procedure, status: state, q })).and(casesLike(where, { procedure, status: state, q }))
  if (lookup) where.and(lookup.fields.map(field => `c.application @> ${where.value(JSON.stringify(nested(field.split('.'), lookup.value)))}::jsonb`).join(' OR ') || 'false')
  const all = where.toString()
  const from = after ? ` AND (c.opened_at, c.case_no) < (${where.value(after.at)}, ${where.value(after.id)})` : ''
  const { rows: [row] } = await run(via, `SELECT (SELECT count(*)::int FROM case_file c WHERE ${all}) AS total, (SELECT coalesce(json_agg(row_to_json(p) ORDER BY p.opened_at DESC, p.case_no DESC), '[]')
    FROM (SELECT * FROM case_file c WHERE ${all}${from} ORDER BY c.opened_at DESC, c.case_no DESC LIMIT ${where.value(limit + 1)}) p) AS files`, where.values)
  return { files: row.files.map((file: unknown) => fromJson(caseFile, file)), total: row.total }
}

const nested = ([first, ...rest]: string[], value: string): object => ({ [first!]: rest.length > 0 ? nested(rest, value) : value })

/** Of which procedures an enterprise has cases that it may see. */
export async function listProceduresOf(via: Queryable, enterpriseId: string): Promise<string[]> {
  const { rows } = await via.query({ name: 'procedures-of', text: `SELECT DISTINCT procedure FROM case_file WHERE enterprise_id = $1 AND enterprise_sees = 'all'`, values: [enterpriseId] })
  return rows.map((row: { procedure: string }) => row.procedure)
}

/** Numbers of the cases that were found to be duplicates of this one. */
export async function listDuplicates(via: Queryable, caseNo: string): Promise<string[]> {
  const { rows } = await via.query({
    name: 'duplicates', text: `SELECT case_no FROM case_file WHERE links <> '[]' AND links @> $1 ORDER BY opened_at`, values: [JSON.stringify([{ caseNo, kind: 'duplicate-of' }])],
  })
  return rows.map((row: { case_no: string }) => row.case_no)
}

/** What a list of tasks shows of a task's case, and what the rules of who may do what need of it. */
const OUTLINE = ['caseNo', 'title', 'status', 'outcome', 'restricted', 'enterpriseSees', 'applicantId', 'enterpriseId', 'card', 'participants', 'excluded', 'urgedAt'] as const satisfies (keyof CaseRow)[]
/** `application`: of a list, no more of it than how urgent it is; `parties`: whose lane the task is in. */
type CaseOutline = Pick<CaseRow, (typeof OUTLINE)[number] | 'application' | 'parties'>
export interface FoundTask { task: TaskRow, file: CaseOutline }

const outline = `json_build_object(${OUTLINE.map(field => `'${caseFile[field].name}', c.${caseFile[field].name}`).join(', ')}, 'application', json_build_object('urgency', c.application->'urgency'),
  'parties', (SELECT coalesce(jsonb_agg(p), '[]') FROM jsonb_array_elements(c.parties) p WHERE p->>'id' = t.party))`

/** By which time the tasks of a view are listed: soonest due first, or of what is looked back on the latest first. */
export const orderOf = (view: TaskView): 'dueAt' | 'completedAt' | 'createdAt' =>
  view === 'done' ? 'completedAt' : view === 'filed' || view === 'handed-on' || view === 'copied' ? 'createdAt' : 'dueAt'

/** Tasks of a view, in its order; one more than `limit` when there are more. `total`: of the whole view. */
export async function listTasks(via: Queryable, who: Who, query: TaskQuery): Promise<{ tasks: FoundTask[], total: number }> {
  const where = new Where()
  const { page, total } = listOf(query.view)(where, who, query)
  const { rows: [row] } = await run(via,
    `SELECT (${total})::int AS total, (SELECT coalesce(json_agg(json_build_object('task', p.task, 'file', p.file) ORDER BY ${orderOf(query.view) === 'dueAt' ? 'p.due_at, p.id' : `p.${task[orderOf(query.view)].name} DESC, p.id DESC`}), '[]') FROM (${page}) p) AS tasks`, where.values)
  return { tasks: row.tasks.map((r: { task: unknown, file: unknown }) => ({ task: fromJson(task, r.task), file: fromJson(caseFile, r.file) })), total: row.total }
}

/** The statements of a list, over the values gathered in the same `Where`. */
interface TaskList { page: string, total: string }

function listOf(view: TaskView): (where: Where, who: Who, query: TaskQuery) => TaskList {
  switch (view) {
    case 'todo': return toDo
    case 'candidate':
    case 'unit': return ofUnit
    case 'mine':
    case 'overdue': return ofPerson
    case 'done': return latestFirst(done)
    case 'filed': return latestFirst(filed)
    case 'handed-on': return latestFirst(handedOn)
    case 'copied': return latestFirst(copied)
    case 'all': return ofEverybody
  }
}

/** What the caller filters by, and where the page starts. */
function asked(where: Where, who: Who, { view: _, after, limit, q, ...filter }: TaskQuery) {
  const like = ` AND ${tasksLike(where, filter)}${taskFound(where, who, q)}`
  const from = after === undefined ? '' : ` AND (t.due_at, t.id) > (${where.value(after.at)}, ${where.value(after.id)})`
  return { filter: like, page: `${like}${from}`, limit: where.value(limit + 1) }
}

const COLUMNS = `SELECT row_to_json(t) AS task, ${outline} AS file, t.due_at, t.completed_at, t.created_at, t.id`
const SELECT = `${COLUMNS} FROM task t JOIN case_file c ON c.case_no = t.case_no`

/** Tasks of the person's unit: those still to be claimed that he may claim, or all that are open; with those of whom he stands in for. */
function ofUnit(where: Where, who: Who, query: TaskQuery): TaskList {
  const lists = [ofOwnQueues(where, who, query), ...othersQueues(who, query).map(queue => ofQueueOfOthers(where, who, queue, query))]
  if (lists.length === 1) return lists[0]!
  return {
    page: `SELECT * FROM (${lists.map(({ page }) => `(${page})`).join(' UNION ALL ')}) q ORDER BY q.due_at, q.id LIMIT ${where.value(query.limit + 1)}`,
    total: lists.map(({ total }) => `(${total})`).join(' + '),
  }
}

const isLeaders = ({ view }: TaskQuery, { roles }: Post) => view !== 'candidate' && roles.includes('unit-leader')
const queueIn = (where: Where, { view }: TaskQuery, unit: string | null) => `t.unit_id = ${where.value(unit)} AND ${view === 'candidate' ? `t.status = 'open'` : `t.status IN ('open', 'claimed')`}`

/**
 * Each role's queue is read in the order of its index; the total is the queue's length less the few tasks he is kept out of.
 */
function ofOwnQueues(where: Where, who: Who, query: TaskQuery): TaskList {
  const candidate = query.view === 'candidate'
  const me = `ARRAY[${where.value(who.id)}]`
  const roles = `${where.value(isLeaders(query, who) ? ROLES : who.roles)}::text[]`
  const { filter, page, limit } = asked(where, who, query)
  const queue = queueIn(where, query, who.unit)
  const conflict = `SELECT t.id FROM case_file c JOIN task t ON t.case_no = c.case_no
    WHERE cardinality(c.excluded) > 0 AND c.excluded @> ${me} AND ${queue} AND t.role = ANY(${roles})${filter}`
  const fourEyes = `SELECT t.id FROM task t WHERE cardinality(t.not_by) > 0 AND t.not_by @> ${me} AND ${queue} AND t.role = ANY(${roles})${filter}`
  return {
    page: `SELECT q.* FROM unnest(${roles}) r(role) CROSS JOIN LATERAL (${SELECT} WHERE ${queue} AND t.role = r.role${page}
      AND NOT c.excluded @> ${me}${candidate ? ` AND NOT t.not_by @> ${me}` : ''} ORDER BY t.due_at, t.id LIMIT ${limit}) q ORDER BY q.due_at, q.id LIMIT ${limit}`,
    total: `(SELECT count(*) FROM task t WHERE ${queue} AND t.role = ANY(${roles})${filter}) - (SELECT count(*) FROM (${candidate ? `${conflict} UNION ${fourEyes}` : conflict}) barred)`,
  }
}

/** A queue that is not the person's own, with those for whom he stands in who have it. */
interface QueueOfOthers { unit: string | null, role: Role, names: string[] }

function othersQueues(who: Who, query: TaskQuery): QueueOfOthers[] {
  const rolesOf = (as: Post): readonly Role[] => isLeaders(query, as) ? ROLES : as.roles
  const queues: QueueOfOthers[] = []
  for (const as of who.standsInFor) for (const role of rolesOf(as)) {
    if (as.unit === who.unit && rolesOf(who).includes(role)) continue
    const known = queues.find(queue => queue.unit === as.unit && queue.role === role)
    if (known) known.names.push(as.id)
    else queues.push({ unit: as.unit, role, names: [as.id] })
  }
  return queues
}

/** Kept out of it is who is barred himself, or when everybody in whose name he could take it is. */
function ofQueueOfOthers(where: Where, who: Who, { unit, role, names }: QueueOfOthers, query: TaskQuery): TaskList {
  const { filter, page, limit } = asked(where, who, query)
  const barred = query.view === 'candidate' ? '(c.excluded || t.not_by)' : 'c.excluded'
  const queue = `${queueIn(where, query, unit)} AND t.role = ${where.value(role)} AND NOT ${barred} @> ARRAY[${where.value(who.id)}] AND NOT ${barred} @> ${where.value(names)}::text[]`
  return {
    page: `${SELECT} WHERE ${queue}${page} ORDER BY t.due_at, t.id LIMIT ${limit}`,
    total: `SELECT count(*) FROM task t JOIN case_file c ON c.case_no = t.case_no WHERE ${queue}${filter}`,
  }
}

/** Whose queue is nobody's choice: what lies there is for whoever has the post, and for nobody else of the unit. */
const POSTS: readonly Role[] = ['unit-leader', 'bureau-leader', 'duty-desk', 'legal-reviewer', 'office']

/** What the person has to do: what he holds, and what waits for the posts that he has. */
function toDo(where: Where, who: Who, query: TaskQuery): TaskList {
  const held = ofPerson(where, who, { ...query, view: 'mine' })
  const asPosts = <P extends { roles: Role[] }>(of: P): P => ({ ...of, roles: of.roles.filter(role => POSTS.includes(role)) })
  const posts = ofUnit(where, { ...asPosts(who), standsInFor: who.standsInFor.map(asPosts) }, { ...query, view: 'candidate' })
  return {
    page: `SELECT * FROM ((${held.page}) UNION ALL (${posts.page})) q ORDER BY due_at, id LIMIT ${where.value(query.limit + 1)}`,
    total: `SELECT (${held.total}) + (${posts.total})`,
  }
}

/** What the person has done himself. */
const done = (where: Where, who: Who): string => `t.completed_by = ${where.value(who.id)} AND t.status = 'completed' AND NOT c.excluded @> ARRAY[${where.value(who.id)}]${who.enterprise === null ? '' : ` AND ${shownToHolder(where, who)}`}`

/** What somebody looks back on, the latest first. */
const latestFirst = (condition: (where: Where, who: Who) => string) => (where: Where, who: Who, { view, after, limit, q, ...filter }: TaskQuery): TaskList => {
  const at = `t.${task[orderOf(view)].name}`
  const all = `FROM task t JOIN case_file c ON c.case_no = t.case_no WHERE ${condition(where, who)} AND ${tasksLike(where, filter)}${taskFound(where, who, q)}`
  const from = after === undefined ? '' : ` AND (${at}, t.id) < (${where.value(after.at)}, ${where.value(after.id)})`
  return { page: `${COLUMNS} ${all}${from} ORDER BY ${at} DESC, t.id DESC LIMIT ${where.value(limit + 1)}`, total: `SELECT count(*) ${all}` }
}

/** All tasks before the person's eyes, whatever has become of them. */
function ofEverybody(where: Where, who: Who, query: TaskQuery): TaskList {
  const seen = visibleTask(where, who)
  const { filter, page, limit } = asked(where, who, query)
  return {
    page: `${SELECT} WHERE ${seen}${page} ORDER BY t.due_at, t.id LIMIT ${limit}`,
    total: `SELECT count(*) FROM task t JOIN case_file c ON c.case_no = t.case_no WHERE ${seen}${filter}`,
  }
}

/** Tasks that the person holds, for himself, as proxy or with the other contacts of an enterprise, or that are overdue before his eyes. */
function ofPerson(where: Where, who: Who, query: TaskQuery): TaskList {
  const { filter, page, limit } = asked(where, who, query)
  const condition = query.view === 'mine' ? mine(where, who) : `t.status IN ('open', 'claimed') AND t.due_at < now() AND ${overdue(where, who)}`
  return {
    page: `${SELECT} WHERE ${condition}${page} ORDER BY t.due_at, t.id LIMIT ${limit}`,
    total: `SELECT count(*) FROM task t WHERE ${condition}${filter}`,
  }
}

/** What an enterprise is asked is held by one of its contacts, or was by a former one. */
const contactsOf = (where: Where, enterprise: string) => `ARRAY(SELECT id FROM person WHERE enterprise_id = ${where.value(enterprise)})`

const shownToHolder = (where: Where, as: Post) => `EXISTS (SELECT FROM case_file c WHERE c.case_no = t.case_no AND ${shownOutside(where, as)} AND (c.enterprise_sees = 'all' OR t.holder_id = ${where.value(as.id)})
  AND (c.enterprise_id = ${where.value(as.enterprise)} OR c.parties @> jsonb_build_array(jsonb_build_object('id', t.party, 'enterprise', ${where.value(as.enterprise)}::text))))`

/** Another's task he may do only where neither is barred. An enterprise's are those of cases that it sees; of one that only its contact does, his alone. */
function mine(where: Where, who: Who): string {
  const me = where.value(who.id)
  const holders = who.enterprise === null ? `${where.value([who.id, ...who.standsInFor.map(({ id }) => id)])}::text[]` : contactsOf(where, who.enterprise)
  const isFree = `EXISTS (SELECT FROM case_file f WHERE f.case_no = t.case_no AND NOT f.excluded @> ARRAY[${me}] AND t.holder_id <> ALL(f.excluded)) AND NOT t.not_by @> ARRAY[${me}]`
  return `t.status = 'claimed' AND t.holder_id = ANY(${holders}) AND (t.holder_id = ${me} OR ${isFree})${who.enterprise === null ? '' : ` AND ${shownToHolder(where, who)}`}`
}

/** Overdue tasks concern their holder, the unit, and whoever supervises. */
function overdue(where: Where, who: Who): string {
  const concern = (as: Post) => {
    const barred = [who, ...as.id === who.id ? [] : [as]].map(({ id }) => `NOT f.excluded @> ARRAY[${where.value(id)}]`).join(' AND ')
    const sees = seesAll(as) ? ` AND (NOT f.restricted OR ${takesPart(where, as, 'f')})` : ''
    const holds = () => as.enterprise === null ? `t.holder_id = ${where.value(as.id)}` : `t.holder_id = ANY(${contactsOf(where, as.enterprise)}) AND ${shownToHolder(where, as)}`
    const concerns = seesAll(as) ? '' : ` AND (${holds()}${as.unit === null ? '' : ` OR ${inUnit(where, as)}`})`
    return `EXISTS (SELECT FROM case_file f WHERE f.case_no = t.case_no AND ${barred}${sees})${concerns}`
  }
  return `(${[who, ...who.standsInFor].map(as => `(${concern(as)})`).join(' OR ')})`
}

/** Everything that happened to a case, in order. */
export async function listEvents(via: Queryable, caseNo: string): Promise<CaseEvent[]> {
  const { rows } = await via.query({ name: 'events', text: 'SELECT row_to_json(e) AS event FROM case_event e WHERE case_no = $1 ORDER BY seq', values: [caseNo] })
  return rows.map(r => toEvent(r.event))
}
