/** What a person may be in the system; who holds which one is kept in the directory, never in a token. */
export const ROLES = [
  /** Contact of an enterprise (企业). */
  'enterprise',
  /** Member of a unit who holds tasks (民警、工作人员). */
  'handler',
  /** Head of a unit (大队长、所长). */
  'unit-leader',
  /** Takes in and routes what comes to the centre (中心值班). */
  'duty-desk',
  /** Member of 法制大队 who reviews. */
  'legal-reviewer',
  /** Member of 护航办, which supervises. */
  'office',
  /** Leader of the bureau (局领导). */
  'bureau-leader',
  /** Reads the audit trail and changes nothing (警务督察). */
  'auditor',
  /** Keeps people, units, calendar and policies; sees no case content (系统管理员). */
  'admin',
] as const

export type Role = (typeof ROLES)[number]

/** What each role is called. */
export const ROLE_TITLES: Record<Role, string> = {
  'enterprise': '企业联系人', 'handler': '民警、工作人员', 'unit-leader': '单位负责人', 'duty-desk': '值班员', 'legal-reviewer': '法制审核员', 'office': '护航办',
  'bureau-leader': '局领导', 'auditor': '审计员', 'admin': '系统管理员',
}

/** What kinds of units there are. */
export const UNIT_KINDS = {
  police: '公安警种、部门', office: '护航办', centre: '服务中心', leader: '局领导', resident: '进驻部门', station: '派出所', liaison: '警企联络室', outside: '外部系统', admin: '系统管理',
} as const

/** Something that has an id for the system and a name for people. */
export interface Named { id: string, name: string }

/** Somebody of the directory, as everyone who may see them sees them. */
export interface Person {
  id: string
  name: string
  unit: Named | null
  enterprise: Named | null
  roles: Role[]
}

/** Somebody with what he is by his post: unit and roles, or the enterprise whose contact he is. */
export interface Post {
  id: string
  unit: string | null
  enterprise: string | null
  roles: Role[]
}
