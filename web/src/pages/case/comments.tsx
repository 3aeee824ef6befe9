import { Tag } from 'antd'
import { useState } from 'react'
import type { Action } from '../../api/actions.ts'
import { $api, type Schemas } from '../../api/client.ts'
import { called, isEnterprise } from '../../session/roles.ts'
import { usePerson } from '../../session/session.ts'
import { dateTime } from '../../time.ts'
import { ActionForm, type Way } from './action-form.tsx'
import './case.css'

/** Whether what is written to a case can be for its enterprise. */
export const canAnswer = (action: Action | undefined): boolean => 'to' in ((action?.form as { properties?: object } | null)?.properties ?? {})

const ANSWER: Way = { title: '答复企业', means: '企业能看到，并收到通知', given: { to: 'applicant' } }
const ASIDE: Way = { title: '内部批注', means: '只有办案人员能看到，企业看不到', given: { to: 'officers' } }
const MESSAGE: Way = { title: '留言', means: '办理单位能看到，并收到通知', given: {} }

/** 留言和批注: what people have said to each other about the case, oldest first, and a place to answer, with who reads it beside each button. `word`: what they call it. */
export function Comments({ file, word = '批注' }: { file: Schemas['Case'], word?: string }) {
  const { data: events = [] } = $api.useQuery('get', '/api/cases/{caseNo}/events', { params: { path: { caseNo: file.caseNo } } })
  const outside = isEnterprise(usePerson())
  const [sent, setSent] = useState(0)
  const comments = events.filter(event => event.type === 'commented')
  const add = file.actions.find(action => action.name === 'comment')
  const ways = outside ? [MESSAGE] : canAnswer(add) ? [ANSWER, ASIDE] : [{ ...ASIDE, means: '只有参与办理的人员能看到', given: {} }]
  return (
    <>
      {comments.length === 0 && <p className="muted">还没有{word}。</p>}
      <ol className="comments">
        {comments.map(({ seq, at, actor, data }) => (
          <li key={seq}>
            <div><strong>{actor && called(actor)}</strong> <time className="muted" dateTime={at}>{dateTime(at)}</time> {!outside && <Read to={String(data.to)} byOfficer={actor?.unit != null} />}</div>
            <p>{String(data.text)}</p>
          </li>
        ))}
      </ol>
      {add && <div className="no-print"><ActionForm key={sent} target={{ caseNo: file.caseNo }} action={add} about={file.title} isAside ways={ways} onDone={() => setSent(n => n + 1)} /></div>}
    </>
  )
}

/** Who has read it. */
function Read({ to, byOfficer }: { to: string, byOfficer: boolean }) {
  if (to === 'applicant') return <Tag color="blue">答复企业</Tag>
  return byOfficer ? <Tag>内部</Tag> : <Tag color="gold">企业留言</Tag>
}
