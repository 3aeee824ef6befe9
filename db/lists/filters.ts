/** What lists of cases and tasks may be narrowed by, in SQL. The board counts by the same conditions, so that a figure and its list agree. */
import type { Who } from '../../model/actions.ts'
import { partsOf } from '../../model/participants.ts'
import type { Post } from '../../model/person.ts'
import { readCaseNo } from '../../model/text.ts'
import type { Card, CaseStatus, TaskStatus } from '../../model/types.ts'
import type { Where } from './where.ts'
import { casesFound } from './words.ts'

// ─── who may see what ───────────────────────────────────────────────────────────────────────────

/** Whoever supervises sees every case that is not restricted. */
export const seesAll = ({ roles }: Pick<Post, 'roles'>) => roles.some(role => role === 'office' || role === 'bureau-leader' || role === 'duty-desk')

/** What a contact of an enterprise sees of at least through a window or from a lane (`sightOf`), as a condition on `case_file c`. */
export const shownOutside = (where: Where, { id, enterprise }: Post): string => enterprise === null ? 'false'
  : `(c.enterprise_id = ${where.value(enterprise)} AND (c.enterprise_sees = 'all' OR c.enterprise_sees = 'window' AND c.applicant_id = ${where.value(id)}) OR ${fromLane(where, enterprise)})`

/** Whether an enterprise has a lane of its own in `case_file c`. */
const fromLane = (where: Where, enterprise: string) => `c.parties <> '[]' AND c.enterprise_sees = 'all' AND c.parties @> ${where.value(JSON.stringify([{ enterprise }]))}::jsonb`

/** `maySee` as a condition on `case_file c`. */
export function visible(where: Where, who: Who): string {
  if (who.roles.includes('enterprise')) return who.enterprise === null ? 'false' : `c.enterprise_id = ${where.value(who.enterprise)} AND c.enterprise_sees = 'all'`
  const ofUnit = (as: Post) => as.unit === null ? 'false' : `EXISTS (SELECT FROM task t WHERE t.case_no = c.case_no AND (${inUnit(where, as)}${as.roles.includes('unit-leader') ? ` OR t.answers->>'unit' = ${where.value(as.unit)}` : ''}))`
  return inAnyName(where, who, as => `${takesPart(where, as)} OR NOT c.restricted AND ${seesAll(as) ? 'true' : ofUnit(as)}`)
}

/**
 * Cases `c` in a list: those that he may see, and those of which he has a window or a lane, as long as nothing is asked for by which one would learn
 * more of them than is seen through it.
 */
export function listed(where: Where, who: Who, { procedure: _p, enterprise: _e, from: _f, until: _u, status, dated = 'opened', q, ...rest }: CaseFilter): string {
  if (!who.roles.includes('enterprise') || dated !== 'opened' || status === 'open' || status === 'paused' || Object.values(rest).some(value => value !== undefined)) return visible(where, who)
  const number = q === undefined ? undefined : readCaseNo(q)
  const found = q === undefined ? '' : ` AND (c.enterprise_sees = 'all' AND c.enterprise_id = ${where.value(who.enterprise)}${number === undefined ? '' : ` OR c.case_no = ${where.value(number)}`})`
  return `${shownOutside(where, who)}${found}`
}

/** Tasks `t` of cases `c` before the person's eyes, of whatever state: supervisors' of every unit, others' of their own. Of restricted cases only where he takes part. */
export const visibleTask = (where: Where, who: Who): string =>
  inAnyName(where, who, as => `(NOT c.restricted OR ${takesPart(where, as)}) AND (${seesAll(as) ? 'true' : inUnit(where, as)})`)

/** Tasks `t` of a post's unit: all for its leader, for others those of their role. */
export const inUnit = (where: Where, { unit, roles }: Post) =>
  `t.unit_id = ${where.value(unit)}${roles.includes('unit-leader') ? '' : ` AND t.role = ANY(${where.value(roles)}::text[])`}`

/** A condition that holds in the person's own name or in that of somebody he stands in for (`namesOf`). */
function inAnyName(where: Where, who: Who, condition: (as: Post) => string): string {
  const inTheirs = who.standsInFor.map(as => ` OR ${notExcluded(where, as)} AND (${condition(as)})`).join('')
  return `${notExcluded(where, who)} AND (${condition(who)}${inTheirs})`
}

const notExcluded = (where: Where, { id }: Post) => `NOT c.excluded @> ARRAY[${where.value(id)}]`

/** Whether a post takes part in the case of this alias. */
export const takesPart = (where: Where, as: Post, c = 'c') => `${c}.participants && ${where.value(partsOf(as))}::text[]`

// ─── what is asked for ──────────────────────────────────────────────────────────────────────────

/** Whole days in Asia/Shanghai, `YYYY-MM-DD`, the last one included. */
export interface Days { from?: string | undefined, until?: string | undefined }

/** `SQL expression` within these days. */
export function within(where: Where, expression: string, { from, until }: Days): string[] {
  const midnight = (day: string, plus = 0) => where.value(new Date(Date.parse(`${day}T00:00:00+08:00`) + plus * 86_400_000))
  return [...(from === undefined ? [] : [`${expression} >= ${midnight(from)}`]), ...(until === undefined ? [] : [`${expression} < ${midnight(until, 1)}`])]
}

/** Which date of a case `from` and `until` are about; of a card: when one of that colour was shown; of its clock: when an officer stopped it, or asked for an extension. */
export const CASE_DATES = ['opened', 'closed', 'yellow-card', 'red-card', 'paused', 'extended'] as const

/** What officers do to clocks, and by which event. */
export const CLOCK_CHANGES = { paused: 'clock-paused', extended: 'extension-requested' } as const

export interface CaseFilter extends Days {
  procedure?: string | undefined
  /** `live`: open or paused. */
  status?: CaseStatus | 'live' | undefined
  /** Whose case it is now; with the date of a card: whose clock the card was for; of a change to its clock: whose officer it was. */
  unit?: string | undefined
  card?: Card | undefined
  enterprise?: string | undefined
  /** What somebody typed to find it: see `casesFound`. */
  q?: string | undefined
  due?: 'overdue' | undefined
  /** `unrated`: closed without the rating that was asked for. */
  rating?: string | undefined
  /** Who changed the case's clock; only with such a date. */
  officer?: string | undefined
  dated?: (typeof CASE_DATES)[number] | undefined
}

const LIVE_CASE = `c.status IN ('open', 'paused')`
const UNRATED = `c.status = 'closed' AND c.rating IS NULL AND EXISTS (SELECT FROM task r WHERE r.case_no = c.case_no AND r.name = 'rate')`

/** A condition on `case_file c`; `outside`: asked by an enterprise. */
export function casesLike(where: Where, { procedure, status, unit, card, enterprise, q, due, rating, officer, dated = 'opened', ...days }: CaseFilter, outside = false): string {
  const byCard = dated === 'yellow-card' || dated === 'red-card'
  const byChange = dated === 'paused' || dated === 'extended'
  return all([
    equal(where, 'c.procedure', procedure),
    status === 'live' ? LIVE_CASE : equal(where, 'c.status', status),
    byCard ? cardShown(where, dated, unit, days) : byChange ? clockChanged(where, CLOCK_CHANGES[dated], unit, officer, days) : equal(where, 'c.unit_id', unit),
    equal(where, 'c.card', card),
    equal(where, 'c.enterprise_id', enterprise),
    q !== undefined && casesFound(where, q, outside),
    due === 'overdue' && `${LIVE_CASE} AND c.due_at < now()`,
    rating === 'unrated' ? UNRATED : equal(where, 'c.rating', rating),
    dated === 'closed' && `c.status = 'closed'`,
    ...(byCard || byChange ? [] : within(where, dated === 'closed' ? 'c.closed_at' : 'c.opened_at', days)),
  ])
}

const cardShown = (where: Where, type: string, unit: string | undefined, days: Days) =>
  `EXISTS (SELECT FROM case_event e ${CLOCK_OF_CARD} WHERE e.case_no = c.case_no AND ${all([`e.type = ${where.value(type)}`, ...ofCard(where, unit, days)])})`

const clockChanged = (where: Where, type: string, unit: string | undefined, officer: string | undefined, days: Days) =>
  `EXISTS (SELECT FROM case_event e WHERE e.case_no = c.case_no AND ${all([`e.type = ${where.value(type)}`, ...ofChange(where, unit, days), equal(where, 'e.actor_id', officer)])})`

/** Conditions on an event `e` by which an officer changes a clock. */
export const ofChange = (where: Where, unit: string | undefined, days: Days): (string | false)[] => [equal(where, 'e.actor_unit', unit), ...within(where, 'e.at', days)]

/** The task whose clock an event `e` is about; none where it is about the case's own. */
export const CLOCK_OF_CARD = `LEFT JOIN task k ON k.id = e.data->>'clock'`

/** Conditions on an event `e` that shows a card in a case `c`. */
export const ofCard = (where: Where, unit: string | undefined, days: Days): (string | false)[] =>
  [unit !== undefined && `coalesce(k.answers->>'unit', k.unit_id, c.unit_id) = ${where.value(unit)}`, ...within(where, 'e.at', days)]

/** How a task stands to its deadline. `soon`: its holder has been reminded. `on-time` and `late` are about what a unit has done or failed to do, not an applicant. */
export const DUE = {
  'live': `t.status IN ('open', 'claimed')`,
  'overdue': `t.status IN ('open', 'claimed') AND t.due_at < now()`,
  'soon': `t.status IN ('open', 'claimed') AND t.due_at >= now() AND t.reminded_at IS NOT NULL`,
  'on-time': `t.unit_id NOT IN ('applicant', 'party') AND t.status = 'completed' AND t.completed_at <= t.due_at`,
  'late': `t.unit_id NOT IN ('applicant', 'party') AND (t.status = 'completed' AND t.completed_at > t.due_at OR t.status IN ('open', 'claimed') AND t.due_at < now())`,
} as const

export interface TaskFilter extends Days {
  caseNo?: string | undefined
  procedure?: string | undefined
  name?: string | undefined
  unit?: string | undefined
  holder?: string | undefined
  status?: TaskStatus | undefined
  card?: Card | undefined
  due?: keyof typeof DUE | undefined
}

/** When it was settled whether a task is on time: when it was completed or fell due, whichever came first. `from` and `until` are about this. */
const SETTLED = 'least(coalesce(t.completed_at, t.due_at), t.due_at)'

/** A condition on `task t`. */
export function tasksLike(where: Where, { caseNo, procedure, name, unit, holder, status, card, due, ...days }: TaskFilter): string {
  return all([
    equal(where, 't.case_no', caseNo), equal(where, 't.procedure', procedure), equal(where, 't.name', name), equal(where, 't.unit_id', unit), equal(where, 't.holder_id', holder),
    equal(where, 't.status', status), equal(where, 't.card', card), due !== undefined && DUE[due], ...within(where, SETTLED, days),
  ])
}

/**
 * The case of a task `t` is found by what was typed (`casesFound`). What a restricted one is about finds only who takes part in it; its
 * number, which its queue shows, whoever has the task before him.
 */
export function taskFound(where: Where, who: Who, typed: string | undefined): string {
  if (typed === undefined) return ''
  const no = readCaseNo(typed)
  const inside = `(NOT c.restricted OR ${[who, ...who.standsInFor].map(as => takesPart(where, as)).join(' OR ')}) AND (${casesFound(where, typed, who.roles.includes('enterprise'))})`
  return ` AND EXISTS (SELECT FROM case_file c WHERE c.case_no = t.case_no AND (${no === undefined ? '' : `c.case_no = ${where.value(no)} OR `}${inside}))`
}

const equal = (where: Where, column: string, value: string | undefined) => value !== undefined && `${column} = ${where.value(value)}`
const all = (conditions: (string | false)[]) => conditions.filter(c => c !== false).map(c => `(${c})`).join(' AND ') || 'true'
