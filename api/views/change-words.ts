/** What administrators changed, in words: 期限：3 个工作日 → 4 个工作日. */
import type { KindName } from '../../db/directory/admin.ts'
import { NOTICES } from '../../db/notices/messages.ts'
import { shanghai } from '../../model/instants.ts'
import { ROLE_TITLES, UNIT_KINDS } from '../../model/person.ts'
import type { Json } from '../../model/types.ts'
import { findProcedure, wordsOf } from '../../workflows/catalogue.ts'

/** Names of units by their ids. */
type UnitNames = ReadonlyMap<string, string>
type Fields = { [name: string]: Json }
export interface ChangeWords { object: string, changes: string[] }

const KINDS: Record<KindName, string> = { people: '人员', units: '单位', enterprises: '企业', absences: '缺勤与代理', roster: '值班安排', webhooks: '外部通知地址', systems: '外部系统' }

/** What a form of administration keeps. */
export const placeTitle = (place: string): string =>
  ({ ...KINDS, calendar: '工作日历', policies: '流程规则', 'notice-texts': '通知文字' } as Record<string, string>)[place.split('/')[0]!] ?? '表单'

/** In the order in which they are read; the database keeps none. */
const LABELS: Record<string, string> = {
  name: '名称', sub: '登录标识', unit: '单位', enterprise: '企业', role: '办理角色', roles: '角色', email: '电子邮箱', kind: '类别', uscc: '统一社会信用代码', address: '地址', active: '启用',
  person: '人员', proxy: '代理人', from: '开始时间', until: '结束时间', url: '地址', procedures: '通知哪些流程', secretFingerprint: '密钥指纹', secretFingerprints: '密钥指纹',
  off: '放假日期', work: '调休上班日期', source: '来源', title: '标题', body: '正文',
  clock: '期限', ladder: '升级阶梯', reminders: '提醒时点', red: '到期后多久出示红牌', leader: '红牌后多久报局领导', figures: '核查所用数值',
  custody: '羁押期限', roll: '最后一日休息的', monthEnds: '月末对月末', before: '倒推自', reason: '理由',
}

const ORDER = Object.keys(LABELS)
const place = (name: string): number => ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length

const SPANS: Record<string, string> = { second: '秒', hour: '小时', day: '日', workday: '个工作日', month: '个月', year: '年' }

/** Who and when stands beside, and what it is in the object. */
const ELSEWHERE = ['id', 'year', 'loadedAt', 'procedure', 'task', 'changedBy', 'changedAt']
const NOTHING = '无'

/** One entry of the log. Fields that it does not know are called as they are kept. */
export function describeChange({ what, before, after }: { what: string, before: Json, after: Json }, units: UnitNames): ChangeWords {
  const [was, is] = [fieldsOf(what, before, after), fieldsOf(what, after, before)]
  const lines = (fields: Fields): Map<string, string> => new Map(flatten(fields, what.split('/')[1] ?? '', units))
  const [from, to] = [lines(was), lines(is)]
  const changed = [...new Set([...from.keys(), ...to.keys()])].flatMap((label) => {
    const [then, now] = [from.get(label) ?? NOTHING, to.get(label) ?? NOTHING]
    if (then === now) return []
    return before === null && then === NOTHING ? [`${label}：${now}`] : after === null && now === NOTHING ? [`${label}：${then}`] : [`${label}：${then} → ${now}`]
  })
  const [verb] = before === null ? ['新增'] : after === null ? ['删除'] : []
  const isPatch = /^(policies|notice-texts)\//.test(what)
  const heading = verb === undefined ? [] : [isPatch ? (verb === '新增' ? '修改标准内容' : '恢复标准内容') : verb]
  return { object: objectOf(what, after ?? before), changes: [...heading, ...changed, ...(heading.length + changed.length === 0 ? ['内容没有变化'] : [])] }
}

/** What is kept. Where there is no override, what it overrides stands in its place. */
function fieldsOf(what: string, value: Json, other: Json): Fields {
  const { patch, ...fields } = asFields(value)
  const [kind, procedure = '', task = ''] = what.split('/')
  const policy = kind === 'policies' ? findProcedure(procedure)?.policy : undefined
  const standard = asFields((task === '' ? policy : policy?.tasks[task]) as Json | undefined)
  const named = Object.keys({ ...asFields(patch), ...asFields(asFields(other).patch) })
  return { ...Object.fromEntries(named.filter(name => name in standard).map(name => [name, standard[name]!])), ...asFields(patch), ...fields, ...(kind === 'notice-texts' && { kind: null }) }
}

const isFields = (value: Json | undefined): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)
const asFields = (value: Json | undefined): Fields => isFields(value) ? value : {}

function objectOf(what: string, value: Json): string {
  const [kind = '', key = '', of = ''] = what.split('/')
  const procedure = findProcedure(key)?.policy
  if (kind === 'calendar') return `${key} 年放假安排`
  if (kind === 'policies') return `流程规则：${procedure?.title ?? key}${of && ` · ${procedure?.tasks[of]?.title ?? of}`}`
  if (kind === 'notice-texts') return `通知文字：${procedure?.title ?? key} · ${(NOTICES as Record<string, { when: string }>)[of]?.when ?? of}`
  const { name, person, url } = asFields(value)
  const called = [name, asFields(person).name, url].find(one => typeof one === 'string') ?? key
  return `${(KINDS as Record<string, string>)[kind] ?? kind}：${called as string}`
}

/** Every field that can differ, with its label and its value in words. */
function* flatten(fields: Fields, procedure: string, units: UnitNames, path: string[] = []): Generator<[label: string, value: string]> {
  const found = findProcedure(procedure)
  const words = found ? wordsOf(found) : {}
  for (const [name, value] of Object.entries(fields).toSorted(([a], [b]) => place(a) - place(b))) {
    if (path.length === 0 && ELSEWHERE.includes(name) || value === null) continue
    const here = [...path, name]
    const label = words[here.join('.')] ?? words[`${here.join('.')}.n`] ?? here.map((one, i) => i > 0 && one === 'source' ? '依据' : LABELS[one] ?? words[one] ?? one).join(' · ')
    if (isSpan(value)) {
      yield [label, `${value.n} ${SPANS[value.unit] ?? value.unit}`]
      const rest = Object.entries(value).filter(([part]) => part !== 'n' && part !== 'unit')
      yield* flatten(Object.fromEntries(rest), procedure, units, here)
    } else if (isFields(value) && typeof value.name !== 'string') yield* flatten(value, procedure, units, here)
    else if (Array.isArray(value) && value.some(isFields)) yield* flatten({ ...value } as unknown as Fields, procedure, units, here)
    else yield [label, valueWords(name, value, units)]
  }
}

const isSpan = (value: Json): value is { n: number, unit: string } & Fields => isFields(value) && typeof value.n === 'number' && typeof value.unit === 'string'

function valueWords(field: string, value: Json, units: UnitNames): string {
  if (value === null) return NOTHING
  if (Array.isArray(value)) return value.length === 0 ? NOTHING : value.map(one => valueWords(field, one, units)).join('、')
  if (isFields(value)) return String(value.name)
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (field === 'reminders') return `${Math.round(Number(value) * 100)}%`
  if (typeof value === 'number') return String(value)
  if (field === 'role' || field === 'roles') return (ROLE_TITLES as Record<string, string>)[value] ?? value
  if (field === 'kind') return (UNIT_KINDS as Record<string, string>)[value] ?? value
  if (field === 'unit') return units.get(value) ?? value
  if (field === 'procedures') return findProcedure(value)?.policy.title ?? value
  return (field === 'from' || field === 'until') && !Number.isNaN(Date.parse(value)) ? shanghai(new Date(value)) : value
}
