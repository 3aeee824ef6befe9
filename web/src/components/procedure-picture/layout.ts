/** Where everything of a picture is drawn: columns from left to right, each centred on the tallest. */
import type { Schemas } from '../../api/client.ts'

export type Picture = Schemas['Picture']

export const NODE = { width: 148, height: 72 }
/** Between columns, and between what stands in one. */
export const GAP = { along: { across: 68, down: 56 }, beside: 16 }
/** Room around steps that are under way side by side, and for their heading. */
const FRAME = { side: 10, head: 24 }
/** Room at the edges, for the ways back. */
const MARGIN = 44
/** In less room than this the columns become rows. */
const NARROW = 980

export interface Place { x: number, y: number, column: number, row: number }
/** `down`: columns are drawn as rows, from top to bottom. */
export interface Layout { places: Map<string, Place>, down: boolean, width: number, height: number }

/** The upper left corner of each step and outcome in a room so wide. */
export function layOut({ columns }: Picture, room: number): Layout {
  const down = room < NARROW
  const size = down ? { along: NODE.height + GAP.along.down, beside: NODE.width + GAP.beside } : { along: NODE.width + GAP.along.across, beside: NODE.height + GAP.beside }
  const most = Math.max(...columns.map(column => column.length))
  const places = columns.flatMap((names, column) => names.map((name, row): [string, Place] => {
    const [along, beside] = [column * size.along, ((most - names.length) / 2 + row) * size.beside]
    return [name, { column, row, ...(down ? { x: beside, y: along } : { x: along, y: beside }) }]
  }))
  const [length, breadth] = [columns.length * size.along, most * size.beside]
  return { places: new Map(places), down, width: (down ? breadth : length) + MARGIN, height: (down ? length : breadth) + 2 * MARGIN }
}

/** The frames around groups that are under way side by side. */
export function framesOf({ together }: Picture, places: Map<string, Place>): { id: string, x: number, y: number, width: number, height: number }[] {
  return together.map((group) => {
    const own = group.map(name => places.get(name)!)
    const [left, top] = [Math.min(...own.map(p => p.x)) - FRAME.side, Math.min(...own.map(p => p.y)) - FRAME.head]
    return { id: group.join('+'), x: left, y: top, width: Math.max(...own.map(p => p.x)) + NODE.width + FRAME.side - left, height: Math.max(...own.map(p => p.y)) + NODE.height + FRAME.side - top }
  })
}

/** Going back: to a column that is not further on. */
export function isBack({ columns }: Picture, from: string, to: string): boolean {
  const columnOf = (name: string): number => columns.findIndex(names => names.includes(name))
  return columnOf(to) <= columnOf(from)
}
