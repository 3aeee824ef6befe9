import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { $api, type Schemas } from '../../api/client.ts'
import { Page } from '../../components/page.tsx'
import { Restricted } from '../../components/restricted.tsx'
import { usePerson } from '../../session/session.ts'
import { TaskCard } from './work-panel.tsx'

/** A restricted case before the reader takes part in it: the step that can be claimed, and nothing of the case. @throws ApiProblem when there is none for the reader */
export function UnseenCase({ caseNo, task: id, onClaimed }: { caseNo: string, task: string, onClaimed: () => void }) {
  const person = usePerson()
  const queries = useQueryClient()
  const task = useSuspenseQuery($api.queryOptions('get', '/api/tasks/{id}', { params: { path: { id } } })).data as Schemas['Task']
  const isMine = task.holder?.id === person.id
  useEffect(() => {
    if (!isMine) return
    const { queryKey } = $api.queryOptions('get', '/api/cases/{caseNo}', { params: { path: { caseNo } } })
    void queries.resetQueries({ queryKey }).then(onClaimed)
  }, [isMine])
  return (
    <Restricted>
      <Page title={`${task.title} ${caseNo}`}>
        <p className="muted">案件受限，签收后才能看到内容。</p>
        <TaskCard task={task} wanted />
      </Page>
    </Restricted>
  )
}
