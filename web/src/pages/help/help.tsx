import { Nothing } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'

/** 帮助. */
export default function HelpPage() {
  return <Page title="帮助"><Nothing title="此页尚在建设" /></Page>
}
