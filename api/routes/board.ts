/** 督办看板: the supervisors' figures, as JSON and as a workbook. */
import { z } from 'zod'
import { asWho } from '../../db/directory/directory.ts'
import { seesAll } from '../../db/lists/filters.ts'
import { countRestricted } from '../../db/lists/totals.ts'
import { shanghaiDate } from '../../model/instants.ts'
import type { Cell, Row } from '../../model/small-cells.ts'
import { getProcedure } from '../../workflows/catalogue.ts'
import type { PersonInOffice } from '../../db/directory/directory.ts'
import { date } from '../../workflows/kit/fields.ts'
import type { Routes } from '../http/app-types.ts'
import { Named } from '../http/schemas.ts'
import { Board, viewBoard } from '../views/board-view.ts'
import { boardSheets } from '../views/board-sheets.ts'
import { procedureField, unitField } from '../views/filter-fields.ts'
import { noteExport } from '../views/export-words.ts'
import type { ApiDeps } from '../cases/requests.ts'
import { Workbook, sendWorkbook } from '../views/xlsx.ts'

const DAY_MS = 86_400_000
const DEFAULT_DAYS = 30
const MAX_DAYS = 5 * 366

const Fields = z.strictObject({
  procedure: procedureField,
  unit: unitField,
  from: date('起始日期', '缺省为截止日期前 29 天').optional(),
  until: date('截止日期', '含当日；缺省为今天').optional(),
})
const Query = Fields.transform(({ until = shanghaiDate(new Date()), from = daysBefore(until, DEFAULT_DAYS - 1), ...rest }) => ({ ...rest, from, until }))
  .refine(({ from, until }) => from <= until, { path: ['from'], error: '不能晚于截止日期' })
  .refine(({ from, until }) => Date.parse(until) - Date.parse(from) < MAX_DAYS * DAY_MS, { path: ['from'], error: '统计期间不能超过五年' })

const thisYear = () => Number(shanghaiDate(new Date()).slice(0, 4))
const Year = z.strictObject({ year: z.coerce.number().int().min(2000).optional().meta({ title: '年份', description: '缺省为本年' }) })
  .transform(({ year = thisYear() }) => ({ year })).refine(({ year }) => year <= thisYear(), { path: ['year'], error: '不能晚于本年' })

const CELLS = { few: '少于3', withheld: '不单列', open: '季度未结束' } as const
const Total = z.object({ n: z.int().nullable(), text: z.string() })
const Totals = z.object({ quarters: z.array(Total), year: Total })
const RestrictedTotals = z.object({ year: z.int(), items: z.array(z.object({ procedure: Named, opened: Totals, closed: Totals })) }).meta({ id: 'RestrictedTotals', title: '受限案件总数' })

const cell = (one: Cell): z.infer<typeof Total> => typeof one === 'number' ? { n: one, text: String(one) } : { n: null, text: CELLS[one] }
const told = ({ quarters, year }: Row): z.infer<typeof Totals> => ({ quarters: quarters.map(cell), year: year === 'open' ? { n: null, text: '本年未结束' } : cell(year) })

/** `/api/board`. */
export const boardRoutes = ({ db: { pool } }: ApiDeps): Routes => async (app) => {
  const config = { access: ['office', 'bureau-leader', 'unit-leader'] } as const
  const tags = ['督办']
  app.get('/api/board', { config, schema: { tags, summary: '督办看板：逾期、将到期、积案、牌、满意度、按时率、移交、负荷', querystring: Query, response: { 200: Board } } },
    async ({ person, query }) => viewBoard(pool, asWho(person), scoped(person, query)))

  app.get('/api/board/restricted', {
    config: { access: ['office', 'bureau-leader'] },
    schema: { tags, summary: '受限案件：只有总数，按季度', description: '已结束的季度。一、二件只说少于3；由差额能推知的不单列。', querystring: Year, response: { 200: RestrictedTotals } },
  }, async ({ query: { year } }) => ({
    year, items: (await countRestricted(pool, year, new Date())).map(({ procedure, opened, closed }) => ({ procedure: { id: procedure, name: getProcedure(procedure).policy.title }, opened: told(opened), closed: told(closed) })),
  }))

  app.get('/api/board.xlsx', { config, schema: { tags, summary: '督办看板（Excel）', querystring: Query, response: { 200: Workbook } } },
    async ({ person, query }, reply) => {
      const asked = scoped(person, query)
      await noteExport(pool, person.id, '督办看板', Fields, asked)
      return sendWorkbook(reply, `督办看板 ${query.from} 至 ${query.until}`, boardSheets(await viewBoard(pool, asWho(person), asked)))
    })
}

/** Who does not supervise all, nor stands in for one who does, sees his own unit. */
const scoped = (person: PersonInOffice, query: z.output<typeof Query>) => [person, ...person.standsInFor].some(seesAll) ? query : { ...query, unit: query.unit ?? person.unit?.id }

const daysBefore = (day: string, n: number) => new Date(Date.parse(day) - n * DAY_MS).toISOString().slice(0, 10)
