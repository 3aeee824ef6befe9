/** Where everything of a picture is drawn: columns from left to right, each centred on the tallest. */
import type { Schemas } from '../../api/client.ts'

export type Picture = Schemas['Picture']

export const NODE = { width: 172, height: 74 }
const GAP = { x: 92, y: 30 }
/** Room around steps that are under way side by side, and for their heading. */
const FRAME = { x: 12, top: 26, bottom: 12 }

export interface Place { x: number, y: number, column: number, row: number }

/** The upper left corner of each step and outcome. */
export function placesOf({ columns }: Picture): Map<string, Place> {
  const height = (n: number): number => n * NODE.height + (n - 1) * GAP.y
  const tallest = Math.max(...columns.map(column => height(column.length)))
  return new Map(columns.flatMap((names, column) => names.map((name, row) => [
    name, { x: column * (NODE.width + GAP.x), y: (tallest - height(names.length)) / 2 + row * (NODE.height + GAP.y), column, row },
  ] as const)))
}

/** The frames around groups that are under way side by side. */
export function framesOf({ together }: Picture, places: Map<string, Place>): { id: string, x: number, y: number, width: number, height: number }[] {
  return together.map((group) => {
    const own = group.map(name => places.get(name)!)
    const [top, bottom] = [Math.min(...own.map(p => p.y)), Math.max(...own.map(p => p.y)) + NODE.height]
    return { id: group.join('+'), x: own[0]!.x - FRAME.x, y: top - FRAME.top, width: NODE.width + 2 * FRAME.x, height: bottom - top + FRAME.top + FRAME.bottom }
  })
}

/** Going back: to a column that is not further right. */
export const isBack = (places: Map<string, Place>, from: string, to: string): boolean => (places.get(to)?.column ?? 0) <= (places.get(from)?.column ?? -1)

/** The height of the whole, with room for the ways back above and below. */
export const heightOf = ({ columns }: Picture): number => Math.min(620, Math.max(...columns.map(column => column.length)) * (NODE.height + GAP.y) + 130)
