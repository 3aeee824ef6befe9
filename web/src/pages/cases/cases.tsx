import { Nothing } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'

/** 案件. */
export default function CasesPage() {
  return <Page title="案件"><Nothing title="此页尚在建设" /></Page>
}
