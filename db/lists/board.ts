/** The figures of the supervisors' board. Each is counted by the very filter that lists its cases or tasks. */
import { isOutsiders, type Who } from '../../model/actions.ts'
import type { Queryable } from '../connect.ts'
import { casesLike, CLOCK_CHANGES, CLOCK_OF_CARD, ofCard, ofChange, tasksLike, visible, visibleTask, within, type CaseFilter, type TaskFilter } from './filters.ts'
import { Where } from './where.ts'
import { shanghaiDate } from '../../model/instants.ts'

/** How many, and the filter of `/api/cases` or `/api/tasks` that lists them. */
export type Figure = { n: number, list: 'cases', filter: CaseFilter } | { n: number, list: 'tasks', filter: TaskFilter }
type Figures<Names extends string> = Record<Names, Figure>

export interface BoardQuery { procedure?: string | undefined, unit?: string | undefined, from: string, until: string }

/** Figures of tasks for each of what they are grouped by. */
type TaskFigures = Figures<'live' | 'unclaimed' | 'soon' | 'overdue' | 'onTime' | 'late'>
type CaseFigures = Figures<'live' | 'overdue' | 'yellow' | 'red' | 'opened' | 'closed' | 'onTime'>

const DAY_MS = 86_400_000
/** A curve of more points than this would be unreadable; it goes by months then. */
const MAX_DAYS = 62
/** Days since a case was opened, at which its age falls into the next class. */
const AGES = [0, 3, 8, 16, 31]

/** Reads the board as `who` may see it; `ratings` are the levels of satisfaction. */
export async function readBoard(via: Queryable, who: Who, query: BoardQuery, ratings: string[], now = new Date()) {
  const [tasks, cases, trend] = [await countTasks(via, who, query), await countCases(via, who, query, ratings, now), await countTrend(via, who, query)]
  return { ...tasks, ...cases, trend, clockChanges: await countClockChanges(via, who, query) }
}

// ─── tasks ──────────────────────────────────────────────────────────────────────────────────────

/** Sets by which tasks are counted, in the order of GROUPING's bits: unit, procedure, holder, name. */
const TASK_SETS = { all: 0b1111, unit: 0b0111, procedure: 0b1011, holder: 0b0101, step: 0b1010 }

async function countTasks(via: Queryable, who: Who, { procedure, unit, from, until }: BoardQuery) {
  const base: TaskFilter = { procedure, unit }
  const filters: Record<keyof TaskFigures, TaskFilter> = {
    live: { due: 'live' }, unclaimed: { status: 'open' }, soon: { due: 'soon' }, overdue: { due: 'overdue' }, onTime: { due: 'on-time', from, until }, late: { due: 'late', from, until },
  }
  const where = new Where()
  const counts = Object.entries(filters).map(([name, filter]) => `count(*) FILTER (WHERE ${tasksLike(where, filter)})::int AS "${name}"`)
  const { rows } = await via.query(`SELECT GROUPING(t.unit_id, t.procedure, t.holder_id, t.name) AS grouped, t.unit_id AS unit, t.procedure, t.holder_id AS holder, t.name, ${counts.join(', ')}
    FROM task t JOIN case_file c ON c.case_no = t.case_no
    WHERE ${visibleTask(where, who)} AND ${tasksLike(where, base)} AND (${tasksLike(where, filters.live)} OR ${tasksLike(where, filters.onTime)} OR ${tasksLike(where, filters.late)})
    GROUP BY GROUPING SETS ((), (t.unit_id), (t.procedure), (t.holder_id, t.unit_id), (t.procedure, t.name)) ORDER BY overdue DESC, live DESC, unit, procedure, name, holder`, where.values)
  const figures = (row: Record<keyof TaskFigures, number>, by: TaskFilter) => Object.fromEntries(
    Object.entries(filters).map(([name, filter]) => [name, { n: row[name as keyof TaskFigures], list: 'tasks', filter: { ...base, ...by, ...filter } }])) as TaskFigures
  const grouped = (set: number) => rows.filter(r => r.grouped === set)
  const none = { live: 0, unclaimed: 0, soon: 0, overdue: 0, onTime: 0, late: 0 }
  return {
    tasks: figures(grouped(TASK_SETS.all)[0] ?? none, {}),
    units: grouped(TASK_SETS.unit).map(r => ({ unit: r.unit as string, ...figures(r, { unit: r.unit }) })),
    procedures: grouped(TASK_SETS.procedure).map(r => ({ procedure: r.procedure as string, ...figures(r, { procedure: r.procedure }) })),
    steps: grouped(TASK_SETS.step).map(r => ({ procedure: r.procedure as string, name: r.name as string, ...figures(r, { procedure: r.procedure, name: r.name }) })),
    officers: grouped(TASK_SETS.holder).filter(r => r.holder !== null && r.live > 0 && !isOutsiders({ unitId: r.unit }) && !r.holder.startsWith('system:'))
      .map(r => ({ holder: r.holder as string, unit: r.unit as string, ...figures(r, { holder: r.holder, unit: r.unit }) })),
  }
}

// ─── cases ──────────────────────────────────────────────────────────────────────────────────────

async function countCases(via: Queryable, who: Who, { procedure, unit, from, until }: BoardQuery, ratings: string[], now: Date) {
  const base: CaseFilter = { procedure, unit }
  const closed: CaseFilter = { dated: 'closed', from, until }
  const daysAgo = (n: number) => shanghaiDate(new Date(now.getTime() - n * DAY_MS))
  const filters = {
    live: { status: 'live' }, overdue: { due: 'overdue' }, yellow: { status: 'live', card: 'yellow' }, red: { status: 'live', card: 'red' },
    opened: { from, until }, closed, onTime: { ...closed, card: 'none' },
    ...Object.fromEntries(AGES.map((age, i) => [`age-${age}`, { status: 'live', until: daysAgo(age), ...(AGES[i + 1] !== undefined && { from: daysAgo(AGES[i + 1]! - 1) }) }])),
    ...Object.fromEntries([...ratings, 'unrated'].map(rating => [`rating-${rating}`, { ...closed, rating }])),
  } satisfies Record<string, CaseFilter>
  const where = new Where()
  const counts = Object.entries(filters).map(([name, filter]) => `count(*) FILTER (WHERE ${casesLike(where, filter)})::int AS "${name}"`)
  const { rows } = await via.query(`SELECT ${counts.join(', ')}, c.procedure FROM case_file c
    WHERE ${visible(where, who)} AND ${casesLike(where, base)} AND (${casesLike(where, filters.live)} OR ${casesLike(where, filters.opened)} OR ${casesLike(where, closed)})
    GROUP BY GROUPING SETS ((), (c.procedure)) ORDER BY c.procedure NULLS FIRST`, where.values)
  const figure = (row: Record<string, number>, name: string, by: CaseFilter = {}): Figure =>
    ({ n: row[name]!, list: 'cases', filter: { ...base, ...by, ...(filters as Record<string, CaseFilter>)[name]! } })
  const figures = (row: Record<string, number>, by: CaseFilter) =>
    Object.fromEntries((['live', 'overdue', 'yellow', 'red', 'opened', 'closed', 'onTime'] as const).map(name => [name, figure(row, name, by)])) as CaseFigures
  const [all, ...each] = rows
  return {
    cases: figures(all, {}),
    casesOf: new Map(each.map(r => [r.procedure as string, figures(r, { procedure: r.procedure })])),
    ageing: AGES.map((age, i) => ({ fromDays: age, untilDays: AGES[i + 1] === undefined ? null : AGES[i + 1]! - 1, cases: figure(all, `age-${age}`) })),
    satisfaction: [...ratings, 'unrated'].map(rating => ({ rating, cases: figure(all, `rating-${rating}`) })),
  }
}

/** Cases whose clock each officer has stopped, or asked more time for: nobody does so unseen. */
async function countClockChanges(via: Queryable, who: Who, { procedure, unit, ...days }: BoardQuery) {
  const where = new Where()
  const counts = Object.entries(CLOCK_CHANGES).map(([name, type]) => `count(DISTINCT e.case_no) FILTER (WHERE e.type = ${where.value(type)})::int AS "${name}"`)
  const { rows } = await via.query(`SELECT e.actor_id AS officer, e.actor_unit AS unit, ${counts.join(', ')} FROM case_event e JOIN case_file c ON c.case_no = e.case_no
    WHERE e.type = ANY(${where.value(Object.values(CLOCK_CHANGES))}) AND e.actor_unit IS NOT NULL AND ${visible(where, who)} AND ${casesLike(where, { procedure })}
    AND ${ofChange(where, unit, days).filter(Boolean).join(' AND ')} GROUP BY 1, 2 ORDER BY count(*) DESC, 1, 2`, where.values)
  return rows.map(({ officer, unit, ...n }: { officer: string, unit: string } & Record<keyof typeof CLOCK_CHANGES, number>) => {
    const figure = (dated: keyof typeof CLOCK_CHANGES): Figure => ({ n: n[dated], list: 'cases', filter: { procedure, unit, officer, dated, ...days } })
    return { officer, unit, paused: figure('paused'), extended: figure('extended') }
  })
}

// ─── over time ──────────────────────────────────────────────────────────────────────────────────

/** The days, or where there are too many of them the months, from `from` to `until`. */
function periods({ from, until }: { from: string, until: string }): { from: string, until: string }[] {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  const [first, last] = [Date.parse(from), Date.parse(until)]
  if ((last - first) / DAY_MS < MAX_DAYS) return Array.from({ length: (last - first) / DAY_MS + 1 }, (_, i) => ({ from: day(first + i * DAY_MS), until: day(first + i * DAY_MS) }))
  const [year, month] = [Number(from.slice(0, 4)), Number(from.slice(5, 7)) - 1]
  const months = (Number(until.slice(0, 4)) - year) * 12 + Number(until.slice(5, 7)) - month
  return Array.from({ length: months }, (_, i) => ({ from: day(Math.max(first, Date.UTC(year, month + i))), until: day(Math.min(last, Date.UTC(year, month + i + 1) - DAY_MS)) }))
}

/** Cases opened and closed, and cases shown a card, for each period. */
async function countTrend(via: Queryable, who: Who, { procedure, unit, ...days }: BoardQuery) {
  const all = periods(days)
  const unitOfTime = all[0]?.from === all[0]?.until ? 'day' : 'month'
  const where = new Where()
  const start = (at: string) => `to_char(date_trunc('${unitOfTime}', ${at} AT TIME ZONE 'Asia/Shanghai'), 'YYYY-MM-DD')`
  const counted = (dated: 'opened' | 'closed', at: string) => `SELECT '${dated}' AS dated, ${start(at)} AS day, count(*)::int AS n FROM case_file c
    WHERE ${visible(where, who)} AND ${casesLike(where, { procedure, unit, dated, ...days })} GROUP BY 2`
  const cards = `SELECT e.type, ${start('e.at')}, count(DISTINCT e.case_no)::int FROM case_event e ${CLOCK_OF_CARD} JOIN case_file c ON c.case_no = e.case_no
    WHERE e.type IN ('yellow-card', 'red-card') AND ${visible(where, who)} AND ${casesLike(where, { procedure })} AND ${[...ofCard(where, unit, {}), ...within(where, 'e.at', days)].filter(Boolean).join(' AND ')} GROUP BY 1, 2`
  const { rows } = await via.query(`${counted('opened', 'c.opened_at')} UNION ALL ${counted('closed', 'c.closed_at')} UNION ALL ${cards}`, where.values)
  const found = new Map(rows.map(r => [`${r.dated}/${r.day}`, r.n as number]))
  const sole = (from: string) => unitOfTime === 'day' ? from : `${from.slice(0, 8)}01`
  return all.map((period) => {
    const figure = (dated: NonNullable<CaseFilter['dated']>): Figure => ({ n: found.get(`${dated}/${sole(period.from)}`) ?? 0, list: 'cases', filter: { procedure, unit, dated, ...period } })
    return { ...period, opened: figure('opened'), closed: figure('closed'), yellow: figure('yellow-card'), red: figure('red-card') }
  })
}
