import { Nothing } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'

/** 审计. */
export default function AuditPage() {
  return <Page title="审计"><Nothing title="此页尚在建设" /></Page>
}
