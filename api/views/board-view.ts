/** The board as the API shows it: figures with names, and with the query that lists what each counts. */
import { z } from 'zod'
import type { Queryable } from '../../db/connect.ts'
import { readBoard, type BoardQuery, type Figure as Counted } from '../../db/lists/board.ts'
import { nameAll } from '../../db/directory/directory.ts'
import { toIso } from '../../model/instants.ts'
import { getProcedure } from '../../workflows/catalogue.ts'
import { RATINGS } from '../../workflows/enterprise-appeal/forms.ts'
import type { Who } from '../../model/actions.ts'
import { Named } from '../http/schemas.ts'

const Figure = z
  .object({ n: z.int(), list: z.enum(['cases', 'tasks']), query: z.record(z.string(), z.string()) })
  .meta({ id: 'Figure', title: '指标', description: 'n 为数量；以 query 查询 /api/cases（list 为 cases）或者 /api/tasks（list 为 tasks），列出的恰为所计各项。' })
const taskFigures = { live: Figure, unclaimed: Figure, soon: Figure, overdue: Figure, onTime: Figure, late: Figure }
const caseFigures = { live: Figure, overdue: Figure, yellow: Figure, red: Figure, opened: Figure, closed: Figure, onTime: Figure }

export const Board = z
  .object({
    asOf: z.iso.datetime({ offset: true }),
    from: z.iso.date(),
    until: z.iso.date(),
    /** The unit it is narrowed to; a unit's leader sees his own. */
    unit: Named.nullable(),
    /** `onTime` and `late`: settled in the period. */
    tasks: z.object(taskFigures),
    /** `onTime`: closed in the period without ever having been shown a card. */
    cases: z.object(caseFigures),
    units: z.array(z.object({ unit: Named, ...taskFigures })),
    procedures: z.array(z.object({ procedure: Named, tasks: z.object(taskFigures), cases: z.object(caseFigures) })),
    ageing: z.array(z.object({ title: z.string(), cases: Figure })),
    satisfaction: z.array(z.object({ rating: z.string(), title: z.string(), cases: Figure })),
    /** By day, over longer periods by month. Cards: cases that were shown one. */
    trend: z.array(z.object({ from: z.iso.date(), until: z.iso.date(), opened: Figure, closed: Figure, yellow: Figure, red: Figure })),
    /** Hand-overs that nobody has received yet. */
    handOvers: z.array(z.object({ procedure: Named, step: Named, waiting: Figure, overdue: Figure })),
    /** In the period: cases whose clock each officer stopped, or asked an extension for. */
    clockChanges: z.array(z.object({ person: Named, unit: Named, paused: Figure, extended: Figure })),
    officers: z.array(z.object({ person: Named, unit: Named, live: Figure, soon: Figure, overdue: Figure })),
  })
  .meta({ id: 'Board', title: '督办看板' })
export type Board = z.infer<typeof Board>
export type Figure = z.infer<typeof Figure>

/** The board for `who`, with every figure's query. */
export async function viewBoard(via: Queryable, who: Who, query: BoardQuery): Promise<Board> {
  const found = await readBoard(via, who, query, Object.keys(RATINGS))
  const names = await nameAll(via, {
    people: [...found.officers.map(o => o.holder), ...found.clockChanges.map(c => c.officer)],
    units: [...[...found.units, ...found.officers, ...found.clockChanges].map(one => one.unit), ...(query.unit ? [query.unit] : [])], enterprises: [],
  })
  const { unit } = names
  const procedure = (id: string) => ({ id, name: getProcedure(id).policy.title })
  const noTasks = emptyTasks(found.tasks)
  const tasksOf = new Map(found.procedures.map(({ procedure, ...tasks }) => [procedure, tasks]))
  return {
    asOf: toIso(new Date()), from: query.from, until: query.until, unit: query.unit === undefined ? null : unit(query.unit),
    tasks: figures(found.tasks),
    cases: figures(found.cases),
    units: found.units.map(({ unit: id, ...tasks }) => ({ unit: unit(id), ...figures(tasks) })),
    procedures: [...found.casesOf].map(([id, cases]) => ({ procedure: procedure(id), tasks: figures(tasksOf.get(id) ?? noTasks(id)), cases: figures(cases) })),
    ageing: found.ageing.map(({ fromDays, untilDays, cases }) => ({ title: untilDays === null ? `${fromDays} 天以上` : `${fromDays}–${untilDays} 天`, cases: figure(cases) })),
    satisfaction: found.satisfaction.map(({ rating, cases }) => ({ rating, title: rating === 'unrated' ? '未评价' : RATINGS[rating as keyof typeof RATINGS], cases: figure(cases) })),
    trend: found.trend.map(({ from, until, ...counted }) => ({ from, until, ...figures(counted) })),
    handOvers: found.steps.flatMap(({ procedure: key, name, live, overdue }) => {
      const step = getProcedure(key).policy.tasks[name]
      return step?.actions?.includes('acknowledge') && live.n > 0 ? [{ procedure: procedure(key), step: { id: name, name: step.title }, waiting: figure(live), overdue: figure(overdue) }] : []
    }),
    clockChanges: found.clockChanges.map(({ officer, unit: id, paused, extended }) => ({ person: names.person(officer), unit: unit(id), paused: figure(paused), extended: figure(extended) })),
    officers: found.officers.map(({ holder, unit: id, live, soon, overdue }) => ({ person: names.person(holder), unit: unit(id), live: figure(live), soon: figure(soon), overdue: figure(overdue) })),
  }
}

/** A procedure with cases but no tasks that count has figures too. */
const emptyTasks = <T extends Record<string, Counted>>(all: T) => (procedure: string) =>
  Object.fromEntries(Object.entries(all).map(([name, { filter }]) => [name, { n: 0, list: 'tasks', filter: { ...filter, procedure } }])) as unknown as T

function figure({ n, list, filter }: Counted): Figure {
  const asked = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as Record<string, string>
  return { n, list, query: list === 'tasks' ? { view: 'all', ...asked } : asked }
}

const figures = <Name extends string>(counted: Record<Name, Counted>) =>
  Object.fromEntries(Object.entries<Counted>(counted).map(([name, one]) => [name, figure(one)])) as Record<Name, Figure>
