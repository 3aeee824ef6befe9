/** Roles in words. */
import type { Schemas } from '../api/client.ts'

export type Person = Schemas['Person']
export type Role = Person['roles'][number]

/** What each role is called, and what whoever has it does here. */
export const ROLES: Record<Role, { title: string, does: string }> = {
  'enterprise': { title: '企业联系人', does: '提出诉求、申请事项，补正、催办、撤回，对办理结果评价' },
  'duty-desk': { title: '值班员', does: '接收进入中心的全部事项，分流到责任单位' },
  'handler': { title: '民警、工作人员', does: '签收、办理、答复本单位的任务' },
  'unit-leader': { title: '单位负责人', does: '指派、审批本单位的任务，处置黄牌' },
  'legal-reviewer': { title: '法制审核员', does: '审核羁押报备、信用修复' },
  'office': { title: '护航办', does: '督办红黄牌、审批延期、回访不满意件' },
  'bureau-leader': { title: '局领导', does: '决定羁押报备，处置逾期未签收的红牌' },
  'auditor': { title: '审计员', does: '查阅访问与拒绝记录，校验事件链，不改动任何内容' },
  'admin': { title: '系统管理员', does: '维护人员、单位、日历、规则，看不到案件内容' },
}

/** What each kind of unit is called. */
export const UNIT_KINDS: Record<string, string> = {
  police: '公安警种、部门', office: '护航办', centre: '服务中心', leader: '局领导', resident: '进驻部门', station: '派出所', liaison: '警企联络室', outside: '外部系统', admin: '系统管理',
}

export const roleTitles = (roles: readonly Role[]): string => roles.map(role => ROLES[role].title).join('、')

export const isEnterprise = (person: Pick<Person, 'roles'>): boolean => person.roles.includes('enterprise')

export const hasRole = (person: Pick<Person, 'roles'>, ...roles: Role[]): boolean => roles.some(role => person.roles.includes(role))

/** The page somebody begins the day with. */
export function homeOf(person: Person): '/' | '/services' | '/audit' | '/admin' {
  if (isEnterprise(person)) return '/services'
  if (person.roles.every(role => role === 'auditor')) return '/audit'
  return person.roles.every(role => role === 'admin') ? '/admin' : '/'
}

/** What somebody or something was called then, and in brackets what it is called now where that differs. */
export const called = ({ name, now }: Schemas['Task']['holder'] & {}): string => now === undefined ? name : `${name}（现 ${now}）`
