/** Lists from which something is chosen by name, too long to be shown whole. */
import { z } from 'zod'
import { isCalled } from '../../db/directory/called.ts'
import { ROLE_TITLES, type Named, type Person } from '../../model/person.ts'
import { prose } from '../../workflows/kit/fields.ts'

const id = z.string().max(64)

/** Query parameters by which such a list is narrowed. */
export const Choosing = {
  q: prose('查找', '名称、岗位、单位中的文字，或者它们的拼音、拼音首字母，几个词之间用空格分开', 100).optional(),
  id: z.union([id, z.array(id).max(100)]).meta({ title: '编号', description: '只列这些' }).optional(),
  limit: z.coerce.number().int().min(1).max(1000).meta({ title: '最多列出多少', description: '缺省全部' }).optional(),
}

/** Those that are asked for, in the order in which they stand. */
export function choose<Row extends Named>(rows: Row[], { q, id, limit }: { q?: string | undefined, id?: string | string[] | undefined, limit?: number | undefined }, namesOf: (row: Row) => string[]): Row[] {
  const ids = id === undefined ? undefined : [id].flat()
  return rows.filter(row => (ids?.includes(row.id) ?? true) && (q === undefined || isCalled(namesOf(row), q))).slice(0, limit)
}

/** What a colleague is found by: name, unit, posts. */
export const namesOfPerson = ({ name, unit, roles }: Pick<Person, 'name' | 'unit' | 'roles'>): string[] => [name, ...(unit ? [unit.name] : []), ...roles.map(role => ROLE_TITLES[role])]
