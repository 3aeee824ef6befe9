import { LoginOutlined } from '@ant-design/icons'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Alert, App, Button } from 'antd'
import { useTitle } from '../../components/page.tsx'
import { toProblem } from '../../api/problem.ts'
import { Shield } from '../../layout/brand.tsx'
import { homeOf, type Person } from '../../session/roles.ts'
import { signInAs, useSession } from '../../session/session.ts'
import './login.css'
import { SamplePeople } from './sample-people.tsx'

const REASONS: Record<string, string> = {
  'refused': '登录未完成，请重新登录。',
  'unavailable': '统一身份认证暂不可用，请稍后再试。',
  'unknown-person': '您的账号未登记或者已停用，请联系系统管理员。',
}

/** Where somebody becomes a person of the directory. */
export default function LoginPage() {
  useTitle('登录')
  const { oidc, devLogin } = useSession()
  const { returnTo, reason } = useSearch({ from: '/login' })
  const { message } = App.useApp()
  const navigate = useNavigate()
  const signIn = async (person: Person): Promise<void> => {
    try {
      await signInAs(person.id)
      await navigate({ href: returnTo ?? homeOf(person), replace: true })
    } catch (error) {
      message.error(toProblem(error).detail)
    }
  }
  return (
    <main className="login">
      <header className="login-head">
        <Shield size={44} />
        <div><h1>安心 · 护企优商工作台</h1><p>企业诉求、信用修复、易制毒购买备案、羁押报备：期限看得见，办理有回音，全程可核验。</p></div>
      </header>
      {reason && <Alert type="warning" showIcon title={REASONS[reason] ?? REASONS.refused} />}
      {oidc && <Button type="primary" size="large" icon={<LoginOutlined />} href={`/auth/login?returnTo=${encodeURIComponent(returnTo ?? '/')}`}>统一身份认证登录</Button>}
      {devLogin && <SamplePeople onPick={person => void signIn(person)} />}
    </main>
  )
}
