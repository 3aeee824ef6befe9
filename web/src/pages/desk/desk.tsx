import { Badge, Empty } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { $api } from '../../api/client.ts'
import type { Task } from '../../api/actions.ts'
import { useProcedureTitles } from '../../api/reference.ts'
import { CardTag } from '../../components/card-tag.tsx'
import { Due } from '../../components/due.tsx'
import { Nothing } from '../../components/empty.tsx'
import { PageError } from '../../components/page-error.tsx'
import { Page } from '../../components/page.tsx'
import { Waiting } from '../../components/waiting.tsx'
import { near } from '../../time.ts'
import './desk.css'
import { Heeded } from './heeded.tsx'
import { Routing } from './routing.tsx'

const pageSize = 100

/** 值班: what has come in and waits to be routed, soonest due first, and beside it the one that is being routed. */
export default function DeskPage() {
  const { tasks, total, isPending, error } = useIncoming()
  const [picked, setPicked] = useState<string>()
  const chosen = useRef<HTMLDivElement>(null)
  // On a phone it stands below the list: whoever picks it is taken there.
  useEffect(() => { if (picked !== undefined && isBelow(chosen.current)) chosen.current?.scrollIntoView() }, [picked])
  const current = tasks.find(task => task.id === picked) ?? tasks[0]
  if (error) return <PageError error={error} />
  return (
    <Page title="值班" extra={<span className="muted" aria-live="polite">待分流 {total} 件，新件自动到达</span>}>
      {isPending ? <Waiting /> : tasks.length === 0 ? <div className="panel desk-empty"><Nothing title="没有待分流的事项">新的事项进入中心后会自动出现在这里。</Nothing></div> : (
        <div className="desk">
          <nav className="panel desk-queue" aria-label="待分流的事项">
            {tasks.map(task => <Incoming key={task.id} task={task} isCurrent={task.id === current?.id} onPick={() => setPicked(task.id)} />)}
          </nav>
          <div ref={chosen} className="desk-chosen">{current ? <Routing key={current.id} task={current} onDone={() => setPicked(undefined)} /> : <Empty />}</div>
        </div>
      )}
    </Page>
  )
}

/** Whether it begins further down than what stands before it. */
const isBelow = (box: HTMLElement | null): boolean => box !== null && box.offsetTop > (box.previousElementSibling as HTMLElement).offsetTop

/** The desk's queue: what is still to be claimed, and what the officer already holds. */
function useIncoming() {
  const [queue, mine] = (['candidate', 'mine'] as const).map(view => $api.useQuery('get', '/api/tasks', { params: { query: { view, limit: pageSize } } }))
  const tasks = [...mine!.data?.items ?? [], ...queue!.data?.items ?? []].sort((a, b) => a.dueAt.localeCompare(b.dueAt))
  return { tasks, total: (queue!.data?.total ?? 0) + (mine!.data?.total ?? 0), isPending: queue!.isPending || mine!.isPending, error: queue!.data && mine!.data ? null : queue!.error ?? mine!.error }
}

function Incoming({ task, isCurrent, onPick }: { task: Task, isCurrent: boolean, onPick: () => void }) {
  const titleOf = useProcedureTitles()
  return (
    <button type="button" className="incoming" aria-current={isCurrent ? 'true' : undefined} onClick={onPick}>
      <span className="incoming-head"><strong>{task.caseTitle}</strong><span className="incoming-tags"><Heeded urgent={task.urgent} urgedAt={task.urgedAt} /><CardTag card={task.card} /></span></span>
      <span className="incoming-foot"><span>{titleOf(task.procedure)} · {task.title}{task.round > 1 && <Badge count={`第 ${task.round} 次`} color="#7a4300" style={{ marginInlineStart: 6 }} />}</span><span>{near(task.createdAt)} 到</span></span>
      <span className="incoming-foot"><span className="case-no">{task.caseNo}</span><Due dueAt={task.dueAt} unit={task.clock.unit} /></span>
    </button>
  )
}
