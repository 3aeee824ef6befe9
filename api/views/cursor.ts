/** Where a page of a list ends: opaque to clients, checked when it comes back. */
import { z } from 'zod'
import { problem } from '../http/errors.ts'

const maxCursorLength = 300

/** The next page starts after this row: its sort key (an instant) and its id. */
export interface Position { at: Date, id: string }

const Encoded = z.tuple([z.int().min(0).max(8.64e15), z.string().min(1).max(128).regex(/^[^\p{Cc}\p{Cs}]*$/u)])

/** A position as text for a URL. */
const toCursor = ({ at, id }: Position): string => Buffer.from(JSON.stringify([at.getTime(), id])).toString('base64url')

/** @throws Problem `bad-form` for what {@link toCursor} cannot have made */
function parseCursor(cursor: string): Position {
  const parsed = Encoded.safeParse(decode(cursor))
  if (!parsed.success) throw problem('bad-form', undefined, { errors: [{ pointer: '/cursor', detail: '翻页位置无效，请从第一页重新查询' }] })
  const [ms, id] = parsed.data
  return { at: new Date(ms), id }
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}

/** The query parameters of every list. */
export const Paging = {
  cursor: z.string().max(maxCursorLength).meta({ title: '翻页位置', description: '上一页的 nextCursor' }).transform(parseCursor).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20).meta({ title: '每页条数' }),
}

/** A page and, when there is more, where the next one starts. `rows` holds one more than `limit` when there is. */
export function page<Row>(rows: Row[], limit: number, positionOf: (row: Row) => Position): { rows: Row[], nextCursor: string | null } {
  const last = rows[limit - 1]
  return { rows: rows.slice(0, limit), nextCursor: rows.length > limit && last ? toCursor(positionOf(last)) : null }
}
