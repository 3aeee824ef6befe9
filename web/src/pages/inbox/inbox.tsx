import { QuestionCircleOutlined } from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { App, Button, Flex, Input, Select, Tabs } from 'antd'
import { useState } from 'react'
import { toProblem } from '../../api/problem.ts'
import { newKey } from '../../api/key.ts'
import { act, canClaim, type Task } from '../../api/actions.ts'
import { useProcedures } from '../../api/reference.ts'
import { CARD_TITLES } from '../../components/card-tag.tsx'
import { PageError } from '../../components/page-error.tsx'
import { Page } from '../../components/page.tsx'
import { CARDS, type InboxSearch } from '../../search.ts'
import './inbox.css'
import { KeyHelp } from './key-help.tsx'
import { TaskTable } from './task-table.tsx'
import { useKeys } from './use-keys.ts'
import { useTasks, useTotals } from './use-tasks.ts'

const VIEWS = { 'todo': '待我办', 'candidate': '待签收', 'mine': '我持有', 'unit': '本单位', 'overdue': '已逾期', 'done': '我已办', 'filed': '我发起的', 'handed-on': '我转出的', 'copied': '抄送我的' } as const
type View = keyof typeof VIEWS
/** What one looks back on. */
const LATEST_FIRST: View[] = ['done', 'filed', 'handed-on', 'copied']

/** 我的待办: what is due, soonest first. */
export default function InboxPage() {
  const search = useSearch({ from: '/inside/' })
  const navigate = useNavigate()
  const { view = 'todo', procedure, card, q } = search
  const tasks = useTasks({ view, procedure, card, q })
  const [current, setCurrent] = useState<string>()
  const [selected, setSelected] = useState<string[]>([])
  const [helpOpen, setHelpOpen] = useState(false)
  const { claim, claiming } = useClaim()

  const filter = (change: Partial<InboxSearch>): void => {
    setSelected([])
    void navigate({ to: '/', search: Object.fromEntries(Object.entries({ ...search, ...change }).filter(([, value]) => value !== undefined)) })
  }
  const open = (task: Task): void => void navigate({ to: '/cases/$caseNo', params: { caseNo: task.caseNo }, search: { task: task.id } })
  const items = tasks.items ?? []
  const chosen = items.find(task => task.id === current)
  const move = (by: number): void => {
    const at = items.findIndex(task => task.id === current)
    setCurrent(items[Math.min(Math.max(at + by, 0), items.length - 1)]?.id)
  }
  useKeys({
    'j': () => move(1),
    'k': () => move(-1),
    'Enter': () => chosen && open(chosen),
    'c': () => chosen && canClaim(chosen) && void claim([chosen]),
    'e': () => chosen && open(chosen),
    '?': () => setHelpOpen(true),
  })

  const picked = items.filter(task => selected.includes(task.id) && canClaim(task))
  return (
    <Page
      title="我的待办"
      extra={<Button icon={<QuestionCircleOutlined />} onClick={() => setHelpOpen(true)} className="keys-button">键盘操作</Button>}
    >
      <div className="panel">
        <Views view={view} onChange={next => filter({ view: next === 'todo' ? undefined : next })} />
        <Flex gap={8} wrap align="center" className="filters no-print">
          <Input.Search key={q} defaultValue={q} placeholder="在本列表中查找" aria-label="在本列表中查找" allowClear onSearch={typed => filter({ q: typed.trim() || undefined })} style={{ width: 200 }} />
          <ProcedureFilter value={procedure} onChange={value => filter({ procedure: value })} />
          <Select
            aria-label="按牌筛选" placeholder="全部牌色" allowClear value={card} style={{ width: 120 }}
            options={CARDS.map(value => ({ value, label: CARD_TITLES[value] }))} onChange={(value?: (typeof CARDS)[number]) => filter({ card: value })}
          />
          <span className="muted" aria-live="polite">{tasks.total === undefined ? '' : `共 ${tasks.total} 件，${LATEST_FIRST.includes(view) ? '新的在前' : '按到期先后'}`}</span>
          {picked.length > 0 && <Button type="primary" loading={claiming} onClick={() => void claim(picked).then(() => setSelected([]))}>签收所选 {picked.length} 件</Button>}
        </Flex>
        {tasks.error
          ? <PageError error={tasks.error} />
          : <TaskTable tasks={tasks} view={view} filtered={procedure !== undefined || card !== undefined || q !== undefined} current={current} selected={selected} onCurrent={setCurrent} onSelect={setSelected} onOpen={open} onClaim={task => void claim([task])} />}
      </div>
      <KeyHelp open={helpOpen} onClose={() => setHelpOpen(false)} />
    </Page>
  )
}

function Views({ view, onChange }: { view: View, onChange: (view: View) => void }) {
  const totals = useTotals()
  const items = (Object.keys(VIEWS) as View[]).map(key => ({ key, label: <>{VIEWS[key]}{totals[key] !== undefined && <span className={`count${key === 'overdue' && totals[key] > 0 ? ' count-alert' : ''}`}>{totals[key]}</span>}</> }))
  return <Tabs activeKey={view} items={items} onChange={key => onChange(key as View)} className="views" tabBarStyle={{ marginBottom: 0 }} />
}

function ProcedureFilter({ value, onChange }: { value: string | undefined, onChange: (value?: string) => void }) {
  const procedures = useProcedures()
  return (
    <Select
      aria-label="按流程筛选" placeholder="全部流程" allowClear value={value} style={{ width: 200 }} onChange={onChange}
      options={procedures.map(({ key, title }) => ({ value: key, label: title }))}
    />
  )
}

/** Claims tasks one after the other, and says which could not be had and why. */
function useClaim() {
  const { message, notification } = App.useApp()
  const queries = useQueryClient()
  const [claiming, setClaiming] = useState(false)
  async function claim(tasks: Task[]): Promise<void> {
    setClaiming(true)
    const refused: string[] = []
    for (const task of tasks) await act({ task: task.id }, 'claim', {}, newKey()).catch((error: unknown) => refused.push(`${task.caseNo} ${task.title}：${toProblem(error).detail}`))
    setClaiming(false)
    const done = tasks.length - refused.length
    if (done > 0) message.success(tasks.length === 1 ? `已签收：${tasks[0]!.title}` : `已签收 ${done} 件`)
    if (refused.length > 0) notification.warning({ title: `${refused.length} 件未能签收`, description: <ul>{refused.map(line => <li key={line}>{line}</li>)}</ul> })
    await queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[1]).startsWith('/api/tasks') })
  }
  return { claim, claiming }
}
