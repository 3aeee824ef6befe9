import { Nothing } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'

/** 督办看板. */
export default function BoardPage() {
  return <Page title="督办看板"><Nothing title="此页尚在建设" /></Page>
}
