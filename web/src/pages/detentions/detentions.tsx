import { Nothing } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'

/** 羁押报备. */
export default function DetentionsPage() {
  return <Page title="羁押报备"><Nothing title="此页尚在建设" /></Page>
}
