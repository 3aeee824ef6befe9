import { Link } from '@tanstack/react-router'
import { Drawer } from 'antd'
import { usePerson } from '../../session/session.ts'
import { topicsFor, type Topic } from './topics.ts'

export const Lines = ({ lines }: Topic) => <ul className="help-lines">{lines.map(line => <li key={line}>{line}</li>)}</ul>

/** What the reader should know of the page that is open, beside it: what was typed there stays. `page`: its entry in the menu. */
export default function PageHelp({ page, open, onClose }: { page: string, open: boolean, onClose: () => void }) {
  const topics = topicsFor(usePerson()).filter(({ pages }) => pages.includes(page))
  return (
    <Drawer open={open} onClose={onClose} size={420} title="本页帮助">
      {topics.map(topic => <section key={topic.title} className="page-help"><h2>{topic.title}</h2><Lines {...topic} /></section>)}
      {topics.length === 0 && <p>本页没有需要说明的内容。</p>}
      <Link to="/help" onClick={onClose}>全部帮助</Link>
    </Drawer>
  )
}
