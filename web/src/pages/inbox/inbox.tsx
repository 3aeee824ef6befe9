import { Nothing } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'

/** 我的待办. */
export default function InboxPage() {
  return <Page title="我的待办"><Nothing title="此页尚在建设" /></Page>
}
