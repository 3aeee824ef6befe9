import { Nothing } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'

/** 通知. */
export default function NoticesPage() {
  return <Page title="通知"><Nothing title="此页尚在建设" /></Page>
}
