import { useState } from 'react'
import { $api, type Schemas } from '../../api/client.ts'
import { called } from '../../session/roles.ts'
import { dateTime } from '../../time.ts'
import { ActionForm } from './action-form.tsx'
import './case.css'

/** 批注: what people have said to each other about the case, oldest first, and a place to answer. `word`: what they call it. */
export function Comments({ file, word = '批注' }: { file: Schemas['Case'], word?: string }) {
  const { data: events = [] } = $api.useQuery('get', '/api/cases/{caseNo}/events', { params: { path: { caseNo: file.caseNo } } })
  const [sent, setSent] = useState(0)
  const comments = events.filter(event => event.type === 'commented')
  const add = file.actions.find(action => action.name === 'comment')
  return (
    <>
      {comments.length === 0 && <p className="muted">还没有{word}。</p>}
      <ol className="comments">
        {comments.map(({ seq, at, actor, data }) => (
          <li key={seq}>
            <div><strong>{actor && called(actor)}</strong> <time className="muted" dateTime={at}>{dateTime(at)}</time></div>
            <p>{String(data.text)}</p>
          </li>
        ))}
      </ol>
      {add && <div className="no-print"><ActionForm key={sent} target={{ caseNo: file.caseNo }} action={add} about={file.title} isAside onDone={() => setSent(n => n + 1)} /></div>}
    </>
  )
}
