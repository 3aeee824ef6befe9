import { useNavigate, useSearch } from '@tanstack/react-router'
import { Tabs, Tag } from 'antd'
import { useProcedureTitles } from '../../api/reference.ts'
import { Page } from '../../components/page.tsx'
import { hasRole, ROLES, roleTitles, UNIT_KINDS, type Role } from '../../session/roles.ts'
import { usePerson } from '../../session/session.ts'
import { dateTime } from '../../time.ts'
import './admin.css'
import { CalendarTab } from './calendar-tab.tsx'
import { NoticeTextsTab } from './notice-texts-tab.tsx'
import { PoliciesTab } from './policies-tab.tsx'
import { Records } from './records.tsx'

const inUse = (row: Record<string, unknown>) => row.active ? '在用' : <Tag>已停用</Tag>
const nameOf = (value: unknown): string => (value as { name?: string } | null)?.name ?? '—'

const SPAN: Record<string, [string, (row: Record<string, unknown>) => string]> = { from: ['开始', row => dateTime(String(row.from))], until: ['结束', row => dateTime(String(row.until))] }

/** 管理: the directory, the calendar, the procedures' figures, and whom the system speaks to outside. No case content. To a unit's leader, duty and absences of the unit. */
export default function AdminPage() {
  const person = usePerson()
  const isAdmin = hasRole(person, 'admin')
  const { tab = isAdmin ? 'people' : 'roster' } = useSearch({ from: '/inside/admin' })
  const navigate = useNavigate()
  const titleOf = useProcedureTitles()
  const wordOf = (value: string): string => ROLES[value as Role]?.title ?? titleOf(value)
  const unit = isAdmin ? undefined : person.unit?.id
  const duty = [
    { key: 'roster', label: '值班安排', children: <Records path="/api/admin/roster" title="值班安排" timed wordOf={wordOf} unit={unit} fresh={isAdmin ? {} : { unit }} columns={{ unit: ['单位', row => nameOf(row.unit)], person: ['值班人', row => nameOf(row.person)], ...SPAN }} /> },
    { key: 'absences', label: '缺勤与代理', children: <Records path="/api/admin/absences" title="缺勤与代理" timed wordOf={wordOf} unit={unit} columns={{ person: ['缺勤人', row => nameOf(row.person)], proxy: ['代理人', row => nameOf(row.proxy)], ...SPAN }} /> },
  ]
  const items = !isAdmin ? duty : [
    { key: 'people', label: '人员', children: <Records path="/api/admin/people" title="人员" wordOf={wordOf} columns={{ id: '编号', name: '名称', unit: ['单位、企业', row => nameOf(row.unit ?? row.enterprise)], roles: ['角色', row => roleTitles(row.roles as Role[])], active: ['状态', inUse] }} /> },
    { key: 'units', label: '单位', children: <Records path="/api/admin/units" title="单位" wordOf={wordOf} columns={{ id: '编号', name: '名称', kind: ['类别', row => UNIT_KINDS[String(row.kind)] ?? String(row.kind)], active: ['状态', inUse] }} /> },
    { key: 'enterprises', label: '企业', children: <Records path="/api/admin/enterprises" title="企业" wordOf={wordOf} columns={{ id: '编号', name: '名称', uscc: '统一社会信用代码', address: '地址', active: ['状态', inUse] }} /> },
    ...duty,
    { key: 'calendar', label: '工作日历', children: <CalendarTab /> },
    { key: 'policies', label: '流程规则', children: <PoliciesTab /> },
    { key: 'notice-texts', label: '通知文字', children: <NoticeTextsTab /> },
    { key: 'webhooks', label: '外部通知地址', children: <Records path="/api/admin/webhooks" title="外部通知地址" wordOf={wordOf} columns={{ url: '地址', procedures: ['通知哪些流程', row => (row.procedures as string[]).map(titleOf).join('、')], secretFingerprint: '密钥指纹', active: ['状态', inUse] }} /> },
  ]
  return <Page title={isAdmin ? '管理' : '排班与代理'}><div className="panel admin"><Tabs activeKey={tab} items={items} tabBarGutter={0} destroyOnHidden onChange={next => void navigate({ to: '/admin', search: { tab: next } })} /></div></Page>
}
