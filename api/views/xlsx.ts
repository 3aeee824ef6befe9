/** Workbooks for download. Texts stay texts, also those that begin like a formula: only cells of that type are one, and none is. */
import type { FastifyReply } from 'fastify'
import { attachment } from '../http/attachment.ts'
import writeWorkbook, { type SheetData } from 'write-excel-file/node'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
/** What a spreadsheet can hold in one cell. */
const MAX_CELL = 32_767

/** A workbook, as a route declares its answer. */
export const Workbook = { description: '工作簿（.xlsx）', content: { [XLSX]: { schema: { type: 'string', format: 'binary' } } } }

/** An instant is shown as wall clock of Asia/Shanghai, and is a date to the spreadsheet: it sorts and counts as one. */
type Cell = string | number | Date | null

export interface Sheet {
  name: string
  /** Heading and width in characters of each column. */
  columns: [heading: string, width: number][]
  rows: Cell[][]
}

/** Sends sheets as a file of that name. */
export async function sendWorkbook(reply: FastifyReply, name: string, sheets: Sheet[]): Promise<FastifyReply> {
  const file = await writeWorkbook(sheets.map(({ name, columns, rows }) => ({
    sheet: name, stickyRowsCount: 1, columns: columns.map(([, width]) => ({ width })),
    data: [columns.map(([value]) => ({ value, fontWeight: 'bold', backgroundColor: '#E6EEF8' })), ...rows.map(row => row.map(cell))] as SheetData,
  }))).toBuffer()
  return reply.type(XLSX).header('content-disposition', attachment(`${name}.xlsx`)).send(file)
}

const SHANGHAI_MS = 8 * 3600_000

function cell(value: Cell) {
  // A spreadsheet knows no zones; the library writes down what UTC says.
  if (value instanceof Date) return { value: new Date(value.getTime() + SHANGHAI_MS), type: Date, format: 'yyyy-mm-dd hh:mm' }
  return typeof value === 'string' ? { value: value.slice(0, MAX_CELL), type: String } : value
}
