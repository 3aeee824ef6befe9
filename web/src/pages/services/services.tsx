import { Nothing } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'

/** 办事. */
export default function ServicesPage() {
  return <Page title="办事"><Nothing title="此页尚在建设" /></Page>
}
