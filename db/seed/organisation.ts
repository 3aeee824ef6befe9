/**
 * The sample organisation as plain data: every unit, the people in it by role (never by name), six
 * fictional enterprises and duty rosters. Ids are stable.
 */
import type { Role } from '../../model/person.ts'
import { ROTATION, type Pattern } from '../../model/roster.ts'

type UnitKind = 'police' | 'office' | 'centre' | 'leader' | 'resident' | 'station' | 'liaison' | 'outside' | 'admin'

export interface SampleUnit {
  id: string
  name: string
  kind: UnitKind
  /** Person to whom its yellow cards go; outside systems have none. */
  leader?: string
  /** Of a liaison room: the station whose sub-centre guides it. */
  parent?: string
}

interface SamplePerson { id: string, name: string, unit?: string, enterprise?: string, roles: Role[], email: string }

interface SampleEnterprise {
  id: string
  name: string
  /** 统一社会信用代码: correct check character, region 999999, which does not exist. */
  uscc: string
  address: string
  contact: string
  email: string
}

/** Whose turn follows whose in a unit; `rotation`: the departments in the centre. Wall clock of Asia/Shanghai. */
export interface SampleRoster { unit: string, pattern: Omit<Pattern, 'from'> }

const ordinals = ['甲', '乙', '丙', '丁']

interface Post { id: string, title: string, roles: Role[] }

/** `<unit>-1`, `<unit>-2` …: people of one role, told apart by 甲, 乙, 丙, 丁. */
const several = (prefix: string, n: number, title: string, ...roles: Role[]): Post[] =>
  ordinals.slice(0, n).map((ordinal, i) => ({ id: `${prefix}-${i + 1}`, title: title + ordinal, roles }))

const leader = (unit: string, title: string, ...more: Role[]): Post =>
  ({ id: `${unit}-leader`, title, roles: ['unit-leader', ...more] })

interface Establishment extends SampleUnit { people: Post[] }

const brigade = (id: string, name: string, title = '大队长', n = 2): Establishment =>
  ({ id, name, kind: 'police', leader: `${id}-leader`, people: [leader(id, title), ...several(id, n, '民警', 'handler')] })

const resident = (id: string, name: string): Establishment =>
  ({ id, name, kind: 'resident', leader: `${id}-leader`, people: [leader(id, '派驻负责人'), ...several(id, 2, '派驻人员', 'handler')] })

const twoDigits = (n: number) => String(n).padStart(2, '0')

const chineseDigits = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九']

/** 1 to 99 as in 第三十五. */
const chineseNumber = (n: number) =>
  `${n < 10 ? '' : n < 20 ? '十' : `${chineseDigits[Math.floor(n / 10)]}十`}${chineseDigits[n % 10]}`

const stations = Array.from({ length: 18 }, (_, i): Establishment => {
  const id = `station-${twoDigits(i + 1)}`
  return {
    id, name: `第${chineseNumber(i + 1)}派出所`, kind: 'station', leader: `${id}-leader`,
    people: [leader(id, '所长'), ...several(id, 2, '民警', 'handler')],
  }
})

const liaisonRooms = Array.from({ length: 35 }, (_, i): Establishment => {
  const id = `liaison-${twoDigits(i + 1)}`
  const parent = stations[i % stations.length]!.id
  return { id, name: `第${chineseNumber(i + 1)}警企联络室`, kind: 'liaison', parent, leader: `${parent}-leader`, people: [{ id: `${id}-1`, title: '联络员', roles: ['handler'] }] }
})

const establishments: Establishment[] = [
  brigade('economic-crime', '经侦大队'),
  brigade('public-order', '治安大队'),
  brigade('traffic', '交警大队'),
  brigade('anti-drug', '禁毒大队', '大队长', 4),
  brigade('cyber', '网安大队'),
  brigade('criminal', '刑侦大队'),
  {
    id: 'legal', name: '法制大队', kind: 'police', leader: 'legal-leader',
    people: [leader('legal', '大队长', 'legal-reviewer'), ...several('legal', 4, '审核员', 'legal-reviewer', 'handler')],
  },
  brigade('entry-exit', '出入境管理大队'),
  brigade('food-drug-env', '食药环知森大队'),
  brigade('counter-terror', '反恐大队'),
  brigade('prevention', '防控治理中心', '主任'),
  brigade('approval', '行政审批科', '科长'),
  {
    ...brigade('inspectorate', '警务督察大队'),
    people: [...brigade('inspectorate', '警务督察大队').people, { id: 'auditor-1', title: '审计员', roles: ['auditor'] }],
  },
  brigade('command', '情指中心', '主任'),
  brigade('petitions', '信访科', '科长'),
  brigade('political', '政治处', '主任'),
  {
    id: 'office', name: '护航办', kind: 'office', leader: 'office-leader',
    people: [leader('office', '主任', 'office'), ...several('office', 3, '专员', 'office')],
  },
  {
    id: 'service-centre', name: '护企优商服务中心', kind: 'centre', leader: 'service-centre-leader',
    people: [
      leader('service-centre', '主任', 'duty-desk'), ...several('desk', 3, '值班员', 'duty-desk'),
      ...several('service-centre', 2, '民警', 'handler'),
    ],
  },
  { id: 'bureau', name: '局领导', kind: 'leader', leader: 'bureau-leader-1', people: several('bureau-leader', 2, '分管领导', 'bureau-leader') },
  { id: 'it', name: '科技信息化', kind: 'admin', leader: 'admin-1', people: [{ id: 'admin-1', title: '系统管理员', roles: ['admin'] }] },
  ...stations,
  ...liaisonRooms,
  resident('market-regulation', '市场监管局'),
  resident('industry-commerce', '工商联'),
  resident('procuratorate', '检察院'),
  resident('court', '法院'),
  resident('tax', '税务局'),
  resident('construction', '建设局'),
  { id: 'four-platforms', name: '四个平台', kind: 'outside', people: [] },
]

const enterprises: SampleEnterprise[] = [
  ['示例袜业有限公司', '91999999MA0000001N', '第一派出所辖区 示例路 1 号'],
  ['示例珍珠有限公司', '91999999MA0000002R', '第二派出所辖区 示例路 2 号'],
  ['示例管业有限公司', '91999999MA0000003W', '第三派出所辖区 示例路 3 号'],
  ['示例化工有限公司', '91999999MA00000040', '第四派出所辖区 示例路 4 号'],
  ['示例酒业有限公司', '91999999MA00000053', '第五派出所辖区 示例路 5 号'],
  ['示例机电有限公司', '91999999MA00000066', '第六派出所辖区 示例路 6 号'],
].map(([name, uscc, address], i) => {
  const id = `ent-${twoDigits(i + 1)}`
  return { id, name: name!, uscc: uscc!, address: address!, contact: `${id}-contact`, email: `${id}@example.com` }
})

const people: SamplePerson[] = [
  ...establishments.flatMap(unit => unit.people.map(({ id, title, roles }) =>
    ({ id, name: `${unit.name} ${title}`, unit: unit.id, roles, email: `${id}@example.com` }))),
  ...enterprises.map(({ id, name, contact }): SamplePerson =>
    ({ id: contact, name: `${name} 联系人`, enterprise: id, roles: ['enterprise'], email: `${contact}@example.com` })),
]

/** Round the clock, in shifts of so many hours from a time on. */
const always = (unit: string, members: string[], startsAt: string, hours: number): SampleRoster =>
  ({ unit, pattern: { members, days: 'every-day', startIndex: 0, shifts: Array.from({ length: 24 / hours }, (_, i) => ({ startsAt: `${twoDigits((Number(startsAt.slice(0, 2)) + i * hours) % 24)}:00`, hours })) } })
const workdays = (unit: string, members: string[]): SampleRoster => ({ unit, pattern: { members, days: 'workdays', startIndex: 0, shifts: [{ startsAt: '09:00', hours: 8 }] } })
const numbered = (prefix: string, n: number) => Array.from({ length: n }, (_, i) => `${prefix}-${i + 1}`)

const rosters: SampleRoster[] = [
  always('service-centre', numbered('desk', 3), '08:00', 12),
  always('anti-drug', numbered('anti-drug', 4), '00:00', 8),
  always('legal', numbered('legal', 4), '08:00', 24),
  ...['criminal', 'traffic', 'cyber'].map(unit => always(unit, numbered(unit, 2), '08:00', 24)),
  always('bureau', numbered('bureau-leader', 2), '08:00', 24),
  ...['economic-crime', 'entry-exit'].map(unit => workdays(unit, numbered(unit, 2))),
  workdays(ROTATION, ['industry-commerce', 'market-regulation', 'court', 'procuratorate', 'tax', 'construction']),
]

export const organisation = {
  units: establishments.map(({ id, name, kind, leader, parent }): SampleUnit => ({ id, name, kind, leader, parent })),
  people,
  enterprises,
  rosters,
}
