import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Card, Flex } from 'antd'
import { useEffect } from 'react'
import { canClaim, isLive } from '../../api/actions.ts'
import { $api, type Schemas } from '../../api/client.ts'
import { NotFound } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'
import { Restricted } from '../../components/restricted.tsx'
import { Waiting } from '../../components/waiting.tsx'
import { usePerson } from '../../session/session.ts'
import { dateTime } from '../../time.ts'
import { TaskCard } from './work-panel.tsx'

type Task = Schemas['Task']

/**
 * A case that the reader does not see: where a step of it waits for the reader or the reader's unit, that step with its deadline, to be
 * claimed; else what the reader was told of it; and nothing of the case. `task`: the step that the reader was sent to, if to any.
 */
export default function UnseenCase({ caseNo, task: wanted, onClaimed }: { caseNo: string, task: string | undefined, onClaimed: () => void }) {
  const person = usePerson()
  const queries = useQueryClient()
  const asked = useQuery({ ...$api.queryOptions('get', '/api/tasks/{id}', { params: { path: { id: wanted ?? '' } } }), enabled: wanted !== undefined })
  const ofUnit = useQuery($api.queryOptions('get', '/api/tasks', { params: { query: { view: 'unit', caseNo, limit: 10 } } }))
  const told = useQuery($api.queryOptions('get', '/api/notifications', { params: { query: { caseNo, limit: 10 } } }))
  const sent = asked.data as Task | undefined
  const live = [...(sent && isLive(sent) ? [sent] : []), ...((ofUnit.data?.items ?? []) as Task[]).filter(({ id }) => id !== sent?.id)]
  const isMine = live.some(({ holder }) => holder?.id === person.id)
  useEffect(() => {
    if (!isMine) return
    const { queryKey } = $api.queryOptions('get', '/api/cases/{caseNo}', { params: { path: { caseNo } } })
    void queries.resetQueries({ queryKey }).then(onClaimed)
  }, [isMine])
  if (ofUnit.isPending || told.isPending || (wanted !== undefined && asked.isPending)) return <Waiting />
  const notices = live.length > 0 ? [] : told.data?.items ?? []
  if (live.length === 0 && !sent && notices.length === 0) return <NotFound />
  return (
    <Restricted>
      <Page title={`案件 ${caseNo}`}>
        <Flex vertical gap={16}>
          <p className="muted" role="status">{standing(live, sent)}</p>
          {live.map(task => <TaskCard key={task.id} task={task} wanted={task.id === wanted} />)}
          {notices.map(({ id, title, body, createdAt }) => <Card key={id} size="small" title={title} extra={<span className="muted">{dateTime(createdAt)}</span>}>{body}</Card>)}
        </Flex>
      </Page>
    </Restricted>
  )
}

/** Why there is no more to see, and what to do. */
function standing(live: Task[], sent: Task | undefined): string {
  if (live.some(canClaim)) return '受限：签收后显示案件内容。'
  if (live.length > 0) return '受限：任务由他人办理，只有参与办理的人员能看到案件内容。'
  return `${sent ? `“${sent.title}”已经结束，不需再办。` : ''}您不参与本案的办理，看不到案件内容。`
}
