import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Flex } from 'antd'
import { useEffect } from 'react'
import { isLive } from '../../api/actions.ts'
import { $api, type Schemas } from '../../api/client.ts'
import { NotFound } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'
import { Restricted } from '../../components/restricted.tsx'
import { Waiting } from '../../components/waiting.tsx'
import { usePerson } from '../../session/session.ts'
import { TaskCard } from './work-panel.tsx'

type Task = Schemas['Task']

/**
 * A case that the reader does not see: where it is restricted and a step of it waits for the reader or the reader's unit, that
 * step with its deadline, to be claimed, and nothing of the case. `task`: the step that the reader was sent to, if to any.
 */
export function UnseenCase({ caseNo, task: wanted, onClaimed }: { caseNo: string, task: string | undefined, onClaimed: () => void }) {
  const person = usePerson()
  const queries = useQueryClient()
  const asked = useQuery({ ...$api.queryOptions('get', '/api/tasks/{id}', { params: { path: { id: wanted ?? '' } } }), enabled: wanted !== undefined })
  const ofUnit = useQuery($api.queryOptions('get', '/api/tasks', { params: { query: { view: 'unit', caseNo, limit: 10 } } }))
  const others = (ofUnit.data?.items ?? []) as Task[]
  const sent = asked.data as Task | undefined
  const live = [...(sent && isLive(sent) ? [sent] : []), ...others.filter(({ id }) => id !== sent?.id)]
  const isMine = live.some(({ holder }) => holder?.id === person.id)
  useEffect(() => {
    if (!isMine) return
    const { queryKey } = $api.queryOptions('get', '/api/cases/{caseNo}', { params: { path: { caseNo } } })
    void queries.resetQueries({ queryKey }).then(onClaimed)
  }, [isMine])
  if (ofUnit.isPending || (wanted !== undefined && asked.isPending)) return <Waiting />
  if (live.length === 0 && !sent) return <NotFound />
  return (
    <Restricted>
      <Page title={`受限案件 ${caseNo}`}>
        <Flex vertical gap={16}>
          <p className="muted" role="status">{standing(live, sent)}</p>
          {live.map(task => <TaskCard key={task.id} task={task} wanted={task.id === wanted} />)}
        </Flex>
      </Page>
    </Restricted>
  )
}

function standing(live: Task[], sent: Task | undefined): string {
  if (live.length === 0) return `“${sent!.title}”已经结束，不需再办。案件受限，只有参与办理的人员能看到内容。`
  return live.some(({ status }) => status === 'open') ? '受限：签收后显示案件内容。' : '受限：任务已由他人签收，只有参与办理的人员能看到案件内容。'
}
