import { Nothing } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'

/** 管理. */
export default function AdminPage() {
  return <Page title="管理"><Nothing title="此页尚在建设" /></Page>
}
