/** What each role finds in the menu. */
import {
  AppstoreOutlined, AuditOutlined, BellOutlined, CalendarOutlined, DashboardOutlined, EditOutlined, FileProtectOutlined, FileTextOutlined, InboxOutlined, PhoneOutlined, QuestionCircleOutlined, SafetyCertificateOutlined, SettingOutlined,
} from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import type { MenuProps } from 'antd'
import type { LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { hasRole, isEnterprise, type Person, type Role } from '../session/roles.ts'

interface Entry { to: NonNullable<LinkProps['to']>, label: (person: Person) => string, icon: ReactNode, for: (person: Person) => boolean, /** Not for whoever stands in for such a person. */ inOwnName?: true }

/** Whoever takes part in procedures; administrators and auditors see no case content. */
export const works = (person: Person): boolean => !person.roles.every(role => role === 'admin' || role === 'auditor')
const isOfficer = (person: Person): boolean => works(person) && !isEnterprise(person)

const ENTRIES: Entry[] = [
  { to: '/services', label: () => '办事', icon: <AppstoreOutlined />, for: isEnterprise },
  { to: '/', label: () => '我的待办', icon: <InboxOutlined />, for: isOfficer },
  { to: '/desk', label: () => '值班', icon: <PhoneOutlined />, for: person => hasRole(person, 'duty-desk') },
  { to: '/roster', label: () => '值班表', icon: <CalendarOutlined />, for: isOfficer },
  { to: '/cases', label: person => isEnterprise(person) ? '我的案件' : '案件', icon: <FileTextOutlined />, for: works },
  { to: '/documents', label: person => isEnterprise(person) ? '我的文书' : '文书登记', icon: <FileProtectOutlined />, for: person => hasRole(person, 'enterprise', 'office', 'bureau-leader', 'unit-leader') },
  { to: '/board', label: () => '督办看板', icon: <DashboardOutlined />, for: person => hasRole(person, 'office', 'bureau-leader', 'unit-leader') },
  { to: '/plan', label: () => '计划', icon: <CalendarOutlined />, for: person => hasRole(person, 'office', 'bureau-leader', 'unit-leader') },
  { to: '/detentions', label: () => '羁押报备', icon: <SafetyCertificateOutlined />, for: person => hasRole(person, 'handler', 'unit-leader', 'legal-reviewer', 'office', 'bureau-leader') },
  { to: '/services', label: () => '办事', icon: <AppstoreOutlined />, for: isOfficer },
  { to: '/drafts', label: () => '草稿', icon: <EditOutlined />, for: works },
  { to: '/audit', label: () => '审计', icon: <AuditOutlined />, for: person => hasRole(person, 'auditor') },
  { to: '/admin', label: person => hasRole(person, 'admin') ? '管理' : '排班与代理', icon: <SettingOutlined />, for: person => hasRole(person, 'admin', 'unit-leader'), inOwnName: true },
  { to: '/notices', label: () => '通知', icon: <BellOutlined />, for: () => true },
  { to: '/help', label: () => '帮助', icon: <QuestionCircleOutlined />, for: () => true },
]

/** The menu of `person`, who has these roles by proxy beside the own ones, as links. */
export const menuOf = (person: Person, byProxy: Role[] = []): NonNullable<MenuProps['items']> =>
  ENTRIES.filter(entry => entry.for(entry.inOwnName ? person : { ...person, roles: [...person.roles, ...byProxy] })).map(({ to, label, icon }) => ({ key: to, icon, label: <Link to={to}>{label(person)}</Link> }))

/** Reports of detentions are begun in their own area. */
const REPORTING = '/services/apply/detention-report'

/** The entry under which an address is found. */
export const menuKeyOf = (pathname: string): string => pathname === REPORTING ? '/detentions' : ENTRIES.map(({ to }) => to).find(to => to !== '/' && pathname.startsWith(to)) ?? pathname
