import { Nothing } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'

/** 值班. */
export default function DeskPage() {
  return <Page title="值班"><Nothing title="此页尚在建设" /></Page>
}
