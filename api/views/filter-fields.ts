/** Query parameters by which lists of cases and tasks are narrowed; the figures of the board name them. */
import { z } from 'zod'
import { CASE_DATES, DUE } from '../../db/lists/filters.ts'
import { PROCEDURES } from '../../workflows/catalogue.ts'
import { date, prose } from '../../workflows/kit/fields.ts'

export const procedureField = z.enum([...PROCEDURES.keys()]).meta({ title: '流程' }).optional()
export const unitField = z.string().min(1).max(64).meta({ title: '单位' }).optional()
const card = z.enum(['none', 'yellow', 'red']).meta({ title: '牌' }).optional()
const id = (title: string) => z.string().min(1).max(64).meta({ title }).optional()

const q = prose('查找', '案件编号（可以简写，如 EA-12）、文号、联系电话，或者标题、企业名称中的文字，几个词之间用空格分开', 100).optional()

export const CaseFilterFields = {
  procedure: procedureField,
  status: z.enum(['open', 'paused', 'closed', 'live']).meta({ title: '状态', description: 'live 未办结（办理中、已暂停）' }).optional(),
  unit: unitField.meta({ title: '单位', description: '现在承办的单位；与日期类别 yellow-card、red-card 同用时，为出示时该牌所属的单位' }),
  card,
  enterprise: id('企业'),
  q,
  due: z.enum(['overdue']).meta({ title: '期限', description: 'overdue 已逾期未办结' }).optional(),
  rating: id('满意度').meta({ title: '满意度', description: '评价等级；unrated 办结而未评价' }),
  officer: id('办理人').meta({ title: '办理人', description: '与日期类别 paused、extended 同用：由谁暂停计时、请求延期' }),
  dated: z.enum(CASE_DATES).meta({ title: '日期类别', description: 'from、until 所指的日期：opened 开始（缺省），closed 办结，yellow-card、red-card 出示黄牌、红牌，paused 暂停计时，extended 请求延期' }).optional(),
  from: date('起始日期').optional(),
  until: date('截止日期', '含当日').optional(),
}

export const TaskFilterFields = {
  q,
  caseNo: id('案件编号'),
  procedure: procedureField,
  name: id('环节'),
  unit: unitField,
  holder: id('持有人'),
  status: z.enum(['open', 'claimed', 'completed', 'cancelled']).meta({ title: '状态' }).optional(),
  card,
  due: z.enum(Object.keys(DUE) as [keyof typeof DUE]).meta({ title: '期限', description: 'live 未办结，overdue 已逾期未办结，soon 即将到期（已提醒），on-time 按时办结，late 逾期办结或者逾期未办结' }).optional(),
  from: date('起始日期', '办结之日；到期未办结的，为到期之日').optional(),
  until: date('截止日期', '含当日').optional(),
}
