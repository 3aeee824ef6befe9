import { createLink } from '@tanstack/react-router'
import { Alert, Button } from 'antd'
import { isLive } from '../../api/actions.ts'
import { $api, type Schemas } from '../../api/client.ts'
import { finishing } from './work-panel.tsx'

const LinkButton = createLink(Button)

/** 下一件: what is due next of the reader's own tasks and of those that may be claimed, once this case has nothing more for them. */
export default function NextTask({ file }: { file: Schemas['Case'] }) {
  const lists = (['mine', 'candidate'] as const).map(view => $api.useQuery('get', '/api/tasks', { params: { query: { view, limit: 10 } } }, { staleTime: 0 }))
  if (file.tasks.some(task => isLive(task) && finishing(task))) return null
  const next = lists.flatMap(({ data }) => data?.items ?? []).find(task => task.caseNo !== file.caseNo)
  if (!next) return null
  return (
    <Alert
      className="no-print" type="success" title={`本案没有待您办理的了。下一件：${next.title}，${next.caseTitle}`}
      action={<LinkButton type="primary" to="/cases/$caseNo" params={{ caseNo: next.caseNo }} search={{ task: next.id }}>下一件</LinkButton>}
    />
  )
}
