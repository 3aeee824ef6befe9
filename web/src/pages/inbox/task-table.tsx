import { Link } from '@tanstack/react-router'
import { Button, Flex, Grid, Table, Tag, type TableColumnsType } from 'antd'
import { useEffect, useRef } from 'react'
import { canClaim, type Task } from '../../api/actions.ts'
import { useProcedureTitles } from '../../api/reference.ts'
import { CardTag } from '../../components/card-tag.tsx'
import { Due } from '../../components/due.tsx'
import { Nothing } from '../../components/empty.tsx'
import { span } from '../../time.ts'
import type { TaskList } from './use-tasks.ts'

interface Props {
  tasks: TaskList
  view: string
  current: string | undefined
  selected: string[]
  selectable: boolean
  onCurrent: (id: string) => void
  onSelect: (ids: string[]) => void
  onOpen: (task: Task, form?: boolean) => void
  onClaim: (task: Task) => void
}

const NOTHING: Record<string, [string, string]> = {
  mine: ['没有待办', '手头的事都办完了。到“待签收”看看本单位有没有新任务。'],
  candidate: ['没有待签收的任务', '新任务到达时会自动出现在这里。'],
  unit: ['本单位没有未办结的任务', ''],
  overdue: ['没有逾期的任务', ''],
}

/** Tasks, one a row; the current row is the one that has the focus. */
export function TaskTable({ tasks, view, current, selected, selectable, onCurrent, onSelect, onOpen, onClaim }: Props) {
  const isNarrow = Grid.useBreakpoint().md === false
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (current) box.current?.querySelector<HTMLElement>(`tr[data-row-key="${CSS.escape(current)}"]`)?.focus()
  }, [current])
  const [title, hint] = NOTHING[view] ?? NOTHING.mine!
  return (
    <div ref={box}>
      <Table<Task>
        rowKey="id" dataSource={tasks.items} loading={tasks.isLoading} pagination={false} size="middle" className={isNarrow ? 'tasks tasks-narrow' : 'tasks'}
        columns={useColumns(isNarrow, onClaim, onOpen)} showHeader={!isNarrow}
        {...(selectable && !isNarrow && view !== 'mine' && {
          rowSelection: {
            selectedRowKeys: selected, onChange: keys => onSelect(keys as string[]), columnWidth: 44,
            getCheckboxProps: (task: Task) => ({ disabled: !canClaim(task), 'aria-label': `选择 ${task.title} ${task.caseNo}` }), getTitleCheckboxProps: () => ({ 'aria-label': '选择本页全部可签收的任务' }),
          },
        })}
        onRow={task => ({
          'tabIndex': -1, 'aria-current': task.id === current ? 'true' : undefined, 'className': task.id === current ? 'current' : '',
          'onFocus': e => e.target === e.currentTarget && onCurrent(task.id), 'onDoubleClick': () => onOpen(task),
        })}
        locale={{ emptyText: <Nothing title={title}>{hint}</Nothing> }}
      />
      {tasks.hasMore && <Flex justify="center" style={{ padding: 16 }}><Button onClick={tasks.loadMore} loading={tasks.isLoadingMore}>加载更多</Button></Flex>}
    </div>
  )
}

function useColumns(isNarrow: boolean, onClaim: Props['onClaim'], onOpen: Props['onOpen']): TableColumnsType<Task> {
  const titleOf = useProcedureTitles()
  const what = (task: Task) => (
    <Flex vertical gap={2}>
      <Flex gap={8} align="center" wrap><strong>{task.title}</strong>{task.round > 1 && <Tag>第 {task.round} 轮</Tag>}<CardTag card={task.card} /></Flex>
      <span className="muted">{titleOf(task.procedure)}</span>
    </Flex>
  )
  const matter = (task: Task) => (
    <Flex vertical gap={2}>
      <Link to="/cases/$caseNo" params={{ caseNo: task.caseNo }} search={{}}>{task.caseTitle}</Link>
      <span className="muted case-no">{task.caseNo}</span>
    </Flex>
  )
  const due = (task: Task) => <><Due dueAt={task.dueAt} unit={task.clock.unit} showAt /><span className="visually-hidden">时限 {span(task.clock.n, task.clock.unit)}</span></>
  const holder = (task: Task) => <Flex vertical gap={2}><span>{task.unitName}</span><span className="muted">{task.holder ? task.holder.name.replace(`${task.unitName} `, '') : '待签收'}{task.delegatedBy && `（受 ${task.delegatedBy.name} 委托）`}</span></Flex>
  const buttons = (task: Task) => (
    <Flex gap={8} justify={isNarrow ? 'start' : 'end'}>
      {canClaim(task) && <Button size={isNarrow ? 'middle' : 'small'} onClick={() => onClaim(task)} aria-label={`签收 ${task.caseNo} ${task.title}`}>签收</Button>}
      {!canClaim(task) && task.actions.length > 0 && <Button size={isNarrow ? 'middle' : 'small'} type="primary" ghost onClick={() => onOpen(task, true)} aria-label={`办理 ${task.caseNo} ${task.title}`}>办理</Button>}
    </Flex>
  )
  if (isNarrow) return [{ key: 'all', render: (_, task) => <Flex vertical gap={8}>{what(task)}{matter(task)}<Flex justify="space-between" align="center" gap={8}>{due(task)}{buttons(task)}</Flex></Flex> }]
  return [
    { title: '任务', key: 'what', width: 220, render: (_, task) => what(task) },
    { title: '案件', key: 'matter', render: (_, task) => matter(task) },
    { title: '单位、办理人', key: 'holder', width: 190, responsive: ['lg'], render: (_, task) => holder(task) },
    { title: '期限', key: 'due', width: 190, render: (_, task) => due(task) },
    { title: <span className="visually-hidden">操作</span>, key: 'do', width: 96, align: 'right', render: (_, task) => buttons(task) },
  ]
}
