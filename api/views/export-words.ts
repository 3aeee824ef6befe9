/** What somebody takes along as a file, for the auditors: which list, and narrowed by what. */
import { z } from 'zod'
import { logAccess } from '../../db/access-log.ts'
import type { Queryable } from '../../db/connect.ts'
import { nameAll } from '../../db/directory/directory.ts'
import { shanghai } from '../../model/instants.ts'
import { findProcedure } from '../../workflows/catalogue.ts'
import { RATINGS } from '../../workflows/enterprise-appeal/forms.ts'
import { PROBLEMS } from '../http/errors.ts'

/** Values of filters that are words of the program, by field. */
const WORDS: Record<string, Record<string, string>> = {
  status: { open: '办理中、待签收', claimed: '办理中', paused: '已暂停', closed: '已办结', completed: '已办结', cancelled: '已取消', live: '未办结' },
  card: { none: '无牌', yellow: '黄牌', red: '红牌' },
  due: { 'live': '未办结', 'overdue': '已逾期', 'soon': '将到期', 'on-time': '按时', 'late': '逾期' },
  dated: { 'opened': '受理', 'closed': '办结', 'yellow-card': '出示黄牌', 'red-card': '出示红牌', 'paused': '暂停计时', 'extended': '申请延期' },
  view: { 'todo': '待我办', 'mine': '我持有', 'candidate': '待签收', 'unit': '本单位', 'overdue': '已逾期', 'done': '我已办', 'filed': '我发起的', 'handed-on': '我转出的', 'copied': '抄送我的', 'all': '全部' },
  allowed: { 1: '准许', 0: '被拒' },
  rating: { ...RATINGS, unrated: '未评价' },
}

type Query = Record<string, string | Date | undefined>

/** Notes an export before it goes: `list` as it is called, `fields` by which it can be narrowed, `query` what was asked for. */
export async function noteExport(via: Queryable, personId: string, list: string, fields: z.ZodObject, query: Query): Promise<void> {
  const { unit, enterprise, holder, officer } = query as Record<string, string | undefined>
  const names = await nameAll(via, { people: [holder, officer].filter(id => id !== undefined), units: unit === undefined ? [] : [unit], enterprises: enterprise === undefined ? [] : [enterprise] })
  const { properties = {} } = z.toJSONSchema(fields, { io: 'input', unrepresentable: 'any' })
  const word = (field: string, value: string): string => {
    switch (field) {
      case 'unit': return names.unit(value).name
      case 'enterprise': return names.enterprise(value).name
      case 'holder':
      case 'officer': return names.person(value).name
      case 'procedure': return findProcedure(value)?.policy.title ?? value
      case 'code': return PROBLEMS[value as keyof typeof PROBLEMS]?.title ?? value
      case 'name': return findProcedure(String(query.procedure))?.policy.tasks[value]?.title ?? value
      default: return WORDS[field]?.[value] ?? value
    }
  }
  const narrowed = Object.entries(query).flatMap(([field, value]) => value === undefined ? [] : [`${(properties[field] as { title?: string } | undefined)?.title ?? field} ${value instanceof Date ? shanghai(value) : word(field, value)}`])
  await logAccess(via, { personId, caseNo: null, allowed: true, what: `export ${list}${narrowed.length === 0 ? '（全部）' : `（${narrowed.join('，')}）`}` })
}
