import { Link } from '@tanstack/react-router'
import { Button, Flex, Grid, Tag } from 'antd'
import { memo, useEffect, useMemo, useRef, type ReactNode } from 'react'
import { canClaim, type Task } from '../../api/actions.ts'
import { $api } from '../../api/client.ts'
import type { Pages } from '../../api/pages.ts'
import { useProcedures } from '../../api/reference.ts'
import { CardTag } from '../../components/card-tag.tsx'
import { Due } from '../../components/due.tsx'
import { Nothing } from '../../components/empty.tsx'
import { Unrolled } from '../../components/load-more.tsx'
import { Waiting } from '../../components/waiting.tsx'
import { allowed, dateTime } from '../../time.ts'

interface Props {
  tasks: Pages<Task>
  view: string
  /** The list is narrowed: that it is empty does not mean that there is nothing to do. */
  filtered: boolean
  current: string | undefined
  selected: string[]
  onCurrent: (id: string) => void
  onSelect: (ids: string[]) => void
  onOpen: (task: Task) => void
  onClaim: (task: Task) => void
}

const NOTHING: Record<string, [string, ReactNode]> = {
  'todo': ['没有待办', <>您持有的、您的岗位应办的都办完了。<Waiters /></>],
  'mine': ['您没有持有任务', <Waiters />],
  'candidate': ['没有待签收的任务', '新任务到达时会自动出现在这里。'],
  'unit': ['本单位没有未办结的任务', ''],
  'overdue': ['没有逾期的任务', ''],
  'done': ['您还没有办结过任务', ''],
  'filed': ['您没有发起过案件', <>代企业登记的、本单位报备的案件，办到哪个环节在这里看。<Link to="/services">发起</Link></>],
  'handed-on': ['您没有转出的任务', '您转办、委托出去的，以及经您分流移送的任务，办得怎样在这里看。'],
  'copied': ['没有抄送您的案件', '知会您、但不需您办理的案件，办到哪个环节在这里看。'],
}

/** What else could be taken. */
function Waiters() {
  const { data } = $api.useQuery('get', '/api/tasks', { params: { query: { view: 'candidate', limit: 1 } } })
  return data && data.total > 0 ? <Link to="/" search={{ view: 'candidate' }}>另有 {data.total} 件待签收</Link> : null
}

/**
 * Tasks, one a row; the current row is the one that has the focus. A plain table: the component library's would make a fifth
 * of the first page that everybody loads each morning.
 */
export function TaskTable({ tasks, view, filtered, current, selected, onCurrent, onSelect, onOpen, onClaim }: Props) {
  const isNarrow = Grid.useBreakpoint().md === false
  const box = useRef<HTMLTableElement>(null)
  const cells = useCells(isNarrow, onClaim, onOpen)
  useEffect(() => {
    if (current) box.current?.querySelector<HTMLElement>(`tr[data-row-key="${CSS.escape(current)}"]`)?.focus()
  }, [current])
  if (!tasks.items) return <Waiting />
  const [title, hint] = filtered ? ['没有符合条件的任务', '可以放宽筛选条件再看。'] : NOTHING[view] ?? NOTHING.todo!
  if (tasks.items.length === 0) return <Nothing title={title}>{hint}</Nothing>
  const claimable = tasks.items.filter(canClaim).map(task => task.id)
  const selects = !isNarrow && claimable.length > 0
  const toggle = (id: string): void => onSelect(selected.includes(id) ? selected.filter(one => one !== id) : [...selected, id])
  return (
    <Unrolled list={tasks}>
      <table ref={box} className="tasks">
        {!isNarrow && (
          <thead>
            <tr>
              {selects && <th scope="col" className="tasks-pick"><input type="checkbox" aria-label="选择本页全部可签收的任务" checked={claimable.every(id => selected.includes(id))} onChange={e => onSelect(e.target.checked ? claimable : [])} /></th>}
              {cells.map(({ title: name, className }) => <th key={name} scope="col" className={className}>{name === '操作' ? <span className="visually-hidden">操作</span> : name}</th>)}
            </tr>
          </thead>
        )}
        <tbody>
          {tasks.items.map(task => (
            <tr
              key={task.id} data-row-key={task.id} tabIndex={-1} aria-current={task.id === current ? 'true' : undefined}
              onFocus={e => e.target === e.currentTarget && onCurrent(task.id)} onDoubleClick={() => onOpen(task)}
            >
              {selects && <td><input type="checkbox" aria-label={`选择 ${task.title} ${task.caseNo}`} disabled={!canClaim(task)} checked={selected.includes(task.id)} onChange={() => toggle(task.id)} /></td>}
              <Cells task={task} cells={cells} />
            </tr>
          ))}
        </tbody>
      </table>
    </Unrolled>
  )
}

/** Drawn again only when the task has changed: of hundreds that are unrolled, news concern a few. */
const Cells = memo(({ task, cells }: { task: Task, cells: Cell[] }) => cells.map(({ title, className, render }) => <td key={title} className={className}>{render(task)}</td>))

interface Cell { title: string, className?: string, render: (task: Task) => ReactNode }

/** The same cells as long as the same is shown. */
function useCells(isNarrow: boolean, onClaim: Props['onClaim'], onOpen: Props['onOpen']): Cell[] {
  const procedures = useProcedures()
  const latest = useRef({ onClaim, onOpen })
  latest.current = { onClaim, onOpen }
  return useMemo(() => cellsOf(isNarrow, key => procedures.find(one => one.key === key)?.title ?? key, { onClaim: task => latest.current.onClaim(task), onOpen: task => latest.current.onOpen(task) }), [isNarrow, procedures])
}

function cellsOf(isNarrow: boolean, titleOf: (key: string) => string, { onClaim, onOpen }: Pick<Props, 'onClaim' | 'onOpen'>): Cell[] {
  const what = (task: Task) => (
    <Flex vertical gap={2}>
      <Flex gap={8} align="center" wrap><strong>{task.title}</strong>{task.round > 1 && <Tag>第 {task.round} 轮</Tag>}<CardTag card={task.card} /></Flex>
      <span className="muted">{titleOf(task.procedure)}</span>
    </Flex>
  )
  const matter = (task: Task) => (
    <Flex vertical gap={2}>
      <Link to="/cases/$caseNo" params={{ caseNo: task.caseNo }} search={{ task: task.id }}>{task.caseTitle}</Link>
      <span className="muted case-no">{task.caseNo}</span>
    </Flex>
  )
  const due = (task: Task) => task.completedAt ? <span className="nowrap">{dateTime(task.completedAt)} 办结</span> : <><Due dueAt={task.dueAt} unit={task.clock.unit} showAt /><span className="visually-hidden">时限 {allowed(task.clock)}</span></>
  const holder = (task: Task) => <Flex vertical gap={2}><span>{task.unitName}</span><span className="muted">{task.holder ? task.holder.name.replace(`${task.unitName} `, '') : '待签收'}{task.delegatedBy && `（受 ${task.delegatedBy.name} 委托）`}</span></Flex>
  const buttons = (task: Task) => (
    <Flex gap={8} justify={isNarrow ? 'start' : 'end'}>
      {canClaim(task) && <Button size={isNarrow ? 'middle' : 'small'} onClick={() => onClaim(task)} aria-label={`签收 ${task.caseNo} ${task.title}`}>签收</Button>}
      {!canClaim(task) && task.actions.length > 0 && <Button size={isNarrow ? 'middle' : 'small'} type="primary" ghost onClick={() => onOpen(task)} aria-label={`办理 ${task.caseNo} ${task.title}`}>办理</Button>}
    </Flex>
  )
  if (isNarrow) return [{ title: '任务', render: task => <Flex vertical gap={8}>{what(task)}{matter(task)}<Flex justify="space-between" align="center" gap={8}>{due(task)}{buttons(task)}</Flex></Flex> }]
  return [
    { title: '任务', className: 'tasks-what', render: what },
    { title: '案件', render: matter },
    { title: '单位、办理人', className: 'tasks-holder', render: holder },
    { title: '期限', className: 'tasks-due', render: due },
    { title: '操作', className: 'tasks-do', render: buttons },
  ]
}
