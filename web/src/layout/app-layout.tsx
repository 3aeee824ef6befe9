/** The frame around every page: menu, search by case number, notices, who is signed in. */
import { BellOutlined, LogoutOutlined, MenuOutlined, QuestionCircleOutlined, SettingOutlined, UserOutlined } from '@ant-design/icons'
import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { Badge, Button, Dropdown, Grid, Layout, Menu } from 'antd'
// By its own path: with the other kinds of input it would double what every first page loads of them.
import Search from 'antd/es/input/Search'
import { lazy, Suspense, useState } from 'react'
import { tellFailure } from '../api/client.ts'
import { useStream } from '../api/stream.ts'
import { roleTitles } from '../session/roles.ts'
import { signOut, usePerson, useSession } from '../session/session.ts'
import { caseNoOf } from '../find.ts'
import { NAVY } from '../theme.ts'
import { Brand } from './brand.tsx'
import './layout.css'
import { SessionGuard } from './session-guard.tsx'
import { menuKeyOf, menuOf, works } from './menu.tsx'

/** Only narrow windows need it. */
const Drawer = lazy(() => import('antd/es/drawer'))
const PageHelp = lazy(() => import('../pages/help/page-help.tsx'))

export function AppLayout() {
  useStream()
  const isWide = Grid.useBreakpoint().lg !== false
  const [menuOpen, setMenuOpen] = useState(false)
  const person = usePerson()
  const menu = <MainMenu onPick={() => setMenuOpen(false)} />
  return (
    <Layout style={{ minHeight: '100%' }}>
      <a className="skip-link" href="#main">跳到正文</a>
      {isWide && <Layout.Sider width={208} className="sider no-print"><Brand />{menu}</Layout.Sider>}
      <Layout>
        <Layout.Header className="header no-print">
          {!isWide && <Button type="text" icon={<MenuOutlined />} aria-label="打开菜单" onClick={() => setMenuOpen(true)} />}
          {works(person) && <CaseSearch />}
          <div className="header-right"><Help /><Bell /><Me /></div>
        </Layout.Header>
        <SessionGuard />
        <Layout.Content id="main" tabIndex={-1} className="main"><Outlet /></Layout.Content>
      </Layout>
      {!isWide && <Suspense><Drawer open={menuOpen} onClose={() => setMenuOpen(false)} placement="left" size={240} title="安心" styles={{ body: { padding: 0, background: NAVY } }}>{menu}</Drawer></Suspense>}
    </Layout>
  )
}

function MainMenu({ onPick }: { onPick: () => void }) {
  const { pathname } = useLocation()
  const byProxy = useSession().standsInFor.flatMap(as => as.roles)
  return <nav aria-label="主菜单"><Menu className="menu" theme="dark" mode="inline" items={menuOf(usePerson(), byProxy)} selectedKeys={[menuKeyOf(pathname)]} onClick={onPick} /></nav>
}

/** What is written like a whole case number opens the case; anything else is looked for. */
function CaseSearch() {
  const navigate = useNavigate()
  const search = (value: string): void => {
    const q = value.trim()
    const caseNo = /[-‐-―－]/.test(q) ? caseNoOf(q) : ''
    if (/^[A-Z]{2}-\d+$/.test(caseNo)) void navigate({ to: '/cases/$caseNo', params: { caseNo } })
    else if (q !== '') void navigate({ to: '/cases', search: { q } })
  }
  return <div role="search" className="header-search"><Search placeholder="编号、标题、企业、文号、电话" aria-label="按案件编号或标题查找" onSearch={search} allowClear /></div>
}

/** Help with the page that is open; loaded when it is first asked for. */
function Help() {
  const page = menuKeyOf(useLocation().pathname)
  const [asked, setAsked] = useState<'open' | 'closed'>()
  if (page === '/help') return null
  return (
    <>
      <Button type="text" icon={<QuestionCircleOutlined style={{ fontSize: 18 }} />} aria-label="本页帮助" onClick={() => setAsked('open')} />
      {asked && <Suspense><PageHelp page={page} open={asked === 'open'} onClose={() => setAsked('closed')} /></Suspense>}
    </>
  )
}

function Bell() {
  const { unread } = useSession()
  return (
    <Link to="/notices" aria-label={unread > 0 ? `通知，${unread} 条未读` : '通知'} className="bell">
      <Badge count={unread} size="small" overflowCount={99} color="#1a56b0"><BellOutlined style={{ fontSize: 18 }} /></Badge>
    </Link>
  )
}

function Me() {
  const person = usePerson()
  const { standsInFor } = useSession()
  const leave = (): void => void signOut().then(to => window.location.assign(to)).catch(tellFailure)
  const items = [
    { key: 'roles', disabled: true, label: roleTitles(person.roles) },
    ...standsInFor.map(({ id, name }) => ({ key: `proxy-${id}`, disabled: true, label: `现在代理：${name}` })),
    { key: 'settings', icon: <SettingOutlined />, label: <Link to="/settings">个人设置</Link> },
    { key: 'leave', icon: <LogoutOutlined />, label: '退出登录', onClick: leave },
  ]
  return (
    <Dropdown menu={{ items }} trigger={['click']}>
      <Button type="text" icon={<UserOutlined />} aria-label={`${person.name}，打开个人菜单`}><span className="me-name">{person.name}</span></Button>
    </Dropdown>
  )
}
