import { Alert, App, Button } from 'antd'
import { useEffect } from 'react'
import { tellBy, tellFailure } from '../api/client.ts'
import { checkSession, keepTo, signInAs, takeTold, usePerson, useSession, watchSession } from '../session/session.ts'

/** Watches over who is signed in, and gives what the pages have to tell a place. While nobody is, the page stays as it is, and says so. */
export function SessionGuard() {
  const { notification } = App.useApp()
  const { person } = useSession()
  useEffect(() => tellBy((title, description) => notification.warning({ title, description, duration: 8 })), [notification])
  useEffect(() => {
    const told = takeTold()
    if (told) notification.warning({ title: '登录的人员已变更', description: told, duration: 0 })
  }, [notification])
  useEffect(() => watchSession(checkSession), [])
  useEffect(() => { keepTo(person) }, [person?.id])
  return person ? null : <SignInAgain />
}

function SignInAgain() {
  const shown = usePerson()
  const { devLogin, oidc } = useSession()
  const again = (): void => void signInAs(shown.id).catch(tellFailure)
  return (
    <Alert
      type="warning" showIcon banner role="alert" className="no-print" title="登录已过期"
      description={`页面上的内容都还在。请以“${shown.name}”重新登录，然后继续${oidc ? '；登录在新窗口中进行，完成后回到本页' : ''}。`}
      action={<>{oidc && <Button type="primary" href="/auth/login?returnTo=%2Fsettings" target="_blank">重新登录</Button>}{devLogin && <Button type={oidc ? 'default' : 'primary'} onClick={again}>{oidc ? '以示例人员重新登录' : '重新登录'}</Button>}</>}
    />
  )
}
