import { Nothing } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'

/** 个人设置. */
export default function SettingsPage() {
  return <Page title="个人设置"><Nothing title="此页尚在建设" /></Page>
}
