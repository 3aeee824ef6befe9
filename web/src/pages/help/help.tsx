import { Collapse } from 'antd'
import { Page } from '../../components/page.tsx'
import { usePerson } from '../../session/session.ts'
import { Lines } from './page-help.tsx'
import { topicsFor } from './topics.ts'

/** 帮助: everything that concerns the reader. */
export default function HelpPage() {
  const topics = topicsFor(usePerson())
  return (
    <Page title="帮助">
      <Collapse defaultActiveKey={topics.slice(0, 2).map(topic => topic.title)} items={topics.map(topic => ({ key: topic.title, label: topic.title, children: <Lines {...topic} /> }))} />
    </Page>
  )
}
