/** What the procedures go by: times and who does them, with what was changed; a change says what it does before it is saved. */
import { EditOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Drawer, Flex, Form, Input, InputNumber, Popconfirm, Select, Table, Tag } from 'antd'
import { useState } from 'react'
import { $api, client, type Schemas } from '../../api/client.ts'
import { toProblem } from '../../api/problem.ts'
import { useProcedure, useUnits, useWorkdays } from '../../api/reference.ts'
import { Waiting } from '../../components/waiting.tsx'
import { ROLES, type Role } from '../../session/roles.ts'
import { date, dateTime, span, type ClockUnit } from '../../time.ts'

type InForce = Schemas['PolicyInForce']
interface Clock { n: number, unit: ClockUnit, source: string }
interface Doer { unit: string, role: Role }
/** One time that can be changed: of the case (`task` empty) or a task, by its name where there are several. `assigned`: who does it, where that is a rule. */
interface Timed { policy: InForce, task: string, title: string, doer: string, assigned: Doer | null, kind: string | null, clock: Clock }

interface Unit { id: string, name: string, kind: string }

export function PoliciesTab() {
  const { data } = $api.useQuery('get', '/api/admin/policies')
  const { data: own = [] } = useUnits()
  const { data: found } = $api.useQuery('get', '/api/admin/units', { params: { query: { limit: 100 } } })
  // The directory, from which units are chosen, does not have those outside the bureau.
  const units = [...own, ...((found?.items ?? []) as unknown as Unit[]).filter(({ kind }) => kind === 'outside')]
  const [edited, setEdited] = useState<Timed>()
  if (!data) return <Waiting />
  return (
    <>
      {(data.items as InForce[]).map(policy => <Times key={policy.procedure} policy={policy} units={units} onEdit={setEdited} />)}
      <Drawer open={edited !== undefined} onClose={() => setEdited(undefined)} size={520} title={edited && `修改规则：${edited.policy.title} · ${edited.title}`} destroyOnHidden>
        {edited && <Change timed={edited} units={units} onDone={() => setEdited(undefined)} />}
      </Drawer>
    </>
  )
}

/** The times of one procedure, and what was changed of them. */
function Times({ policy, units, onEdit }: { policy: InForce, units: Unit[], onEdit: (timed: Timed) => void }) {
  const { words } = useProcedure(policy.procedure)
  const nameOf = ({ title, kind }: Timed): string => kind === null ? title : `${title}（${words[kind] ?? kind}）`
  return (
    <section className="policy">
      <h2>{policy.title}</h2>
      <Table<Timed>
        rowKey={row => `${row.task}/${row.kind}`} size="small" pagination={false} dataSource={timesOf(policy, units)}
        columns={[
          { title: '环节', key: 'title', render: (_, row) => <>{nameOf(row)} {policy.overrides.some(o => o.task === row.task) && <Tag color="blue" variant="outlined">已修改</Tag>}</> },
          { title: '办理', key: 'doer', width: 260, render: (_, row) => row.doer },
          { title: '期限', key: 'clock', width: 120, render: (_, row) => span(row.clock.n, row.clock.unit) },
          { title: '依据', key: 'source', render: (_, row) => row.clock.source },
          { title: <span className="visually-hidden">操作</span>, key: 'do', width: 90, align: 'right', render: (_, row) => <Button size="small" icon={<EditOutlined />} aria-label={`修改 ${policy.title} ${nameOf(row)} 的规则`} onClick={() => onEdit(row)}>修改</Button> },
        ]}
      />
      {policy.overrides.map(o => <Changed key={o.task} policy={policy} override={o} />)}
    </section>
  )
}

/** What was changed, by whom and why, and the way back. */
function Changed({ policy, override: { task, reason, changedBy, changedAt } }: { policy: InForce, override: InForce['overrides'][number] }) {
  const { message } = App.useApp()
  const refresh = useRefresh()
  const what = task === '' ? '全案' : policy.tasks.find(one => one.name === task)?.title ?? task
  const restoring = useMutation({
    mutationFn: () => client.DELETE('/api/admin/policies/{procedure}', { params: { path: { procedure: policy.procedure }, query: { task } } }),
    onSuccess: () => {
      refresh()
      message.success('已恢复标准，对此后开始的任务生效')
    },
    onError: error => message.error(toProblem(error).detail),
  })
  return (
    <Flex gap={8} align="center" wrap className="muted policy-changed">
      <span>{dateTime(changedAt)} {changedBy.name} 修改{what}：{reason}</span>
      <Popconfirm title={`恢复“${what}”的标准规则？`} description="对此后开始的任务生效，已经开始的任务不变。" okText="恢复" cancelText="不恢复" onConfirm={() => restoring.mutateAsync().catch(() => undefined)}>
        <Button size="small" aria-label={`恢复 ${policy.title} ${what} 的标准规则`}>恢复标准</Button>
      </Popconfirm>
    </Flex>
  )
}

/** Has what is in force read again. */
function useRefresh(): () => void {
  const queries = useQueryClient()
  return () => void queries.invalidateQueries({ predicate: ({ queryKey }) => String(queryKey[1]).startsWith('/api/admin/policies') })
}

const bare = ({ n, unit, source }: Clock): Clock => ({ n, unit, source })

/** The change beside what was changed of the same task before: a change takes the place of the former one as a whole. */
function patchOf({ policy, task, kind, assigned }: Timed, next: Clock, doer: Doer | null): object {
  const former = (policy.overrides.find(o => o.task === task)?.patch ?? {}) as { clock?: Record<string, Clock> }
  const others = kind === null ? {} : Object.fromEntries(Object.entries(former.clock ?? {}).map(([name, one]) => [name, bare(one)]))
  // Only what is another one: a unit that is named is one that nobody named for the case.
  const moved = Object.fromEntries(Object.entries(doer ?? {}).filter(([field, value]) => value !== assigned?.[field as keyof Doer]))
  return { ...former, ...moved, clock: kind === null ? bare(next) : { ...others, [kind]: bare(next) } }
}

function timesOf(policy: InForce, units: Unit[]): Timed[] {
  const each = (task: string, title: string, doer: string, assigned: Doer | null, clock: unknown): Timed[] => {
    if (clock === null) return []
    if (typeof clock === 'object' && 'n' in clock!) return [{ policy, task, title, doer, assigned, kind: null, clock: clock as unknown as Clock }]
    return Object.entries(clock as Record<string, Clock>).map(([kind, one]) => ({ policy, task, title, doer, assigned, kind, clock: one }))
  }
  return [...each('', '全案', '', null, policy.clock), ...policy.tasks.flatMap((task) => {
    const [unit, role] = [units.find(one => one.id === task.unit), task.role as Role]
    if (task.unit === 'applicant') return each(task.name, task.title, '申请人', null, task.clock)
    if (unit?.kind === 'outside') return each(task.name, task.title, unit.name, null, task.clock)
    return each(task.name, task.title, `${task.unit === '' ? '办理时指定的单位' : unit?.name ?? task.unit} · ${ROLES[role].title}`, { unit: task.unit, role }, task.clock)
  })]
}

/** Those who do cases. */
const DOERS: Role[] = ['handler', 'unit-leader', 'duty-desk', 'legal-reviewer', 'office', 'bureau-leader']

const UNITS = [{ value: 'workday', label: '工作日' }, { value: 'day', label: '自然日' }, { value: 'hour', label: '小时' }]

function Change({ timed, units, onDone }: { timed: Timed, units: Unit[], onDone: () => void }) {
  const { policy, task, clock, assigned } = timed
  const { message } = App.useApp()
  const refresh = useRefresh()
  const [next, setNext] = useState(clock)
  const [doer, setDoer] = useState(assigned)
  const [reason, setReason] = useState('')
  const saving = useMutation({
    mutationFn: () => client.PUT('/api/admin/policies/{procedure}', { params: { path: { procedure: policy.procedure } }, body: { task, patch: patchOf(timed, next, doer), reason } as never }),
    onSuccess: () => {
      refresh()
      message.success('已修改，对此后开始的任务生效')
      onDone()
    },
  })
  const problem = saving.error ? toProblem(saving.error) : undefined
  const isMoved = doer?.unit !== assigned?.unit || doer?.role !== assigned?.role
  const isChanged = isMoved || next.n !== clock.n || next.unit !== clock.unit || next.source !== clock.source
  return (
    <Form layout="vertical" onFinish={() => saving.mutate()}>
      <Form.Item label="期限" htmlFor="clock-n"><Flex gap={8}><InputNumber id="clock-n" aria-label="数量" min={1} max={1000} value={next.n} onChange={n => setNext({ ...next, n: n ?? 1 })} /><Select aria-label="单位" value={next.unit} options={UNITS} style={{ width: 120 }} onChange={unit => setNext({ ...next, unit })} /></Flex></Form.Item>
      <Form.Item label="依据" htmlFor="clock-source"><Input id="clock-source" value={next.source} onChange={e => setNext({ ...next, source: e.target.value })} /></Form.Item>
      {doer && doer.unit !== '' && <Form.Item label="办理单位" htmlFor="doer-unit"><Select id="doer-unit" showSearch={{ optionFilterProp: 'label' }} value={doer.unit} options={units.filter(unit => unit.kind !== 'outside').map(({ id, name }) => ({ value: id, label: name }))} onChange={unit => setDoer({ ...doer, unit })} /></Form.Item>}
      {doer && <Form.Item label="办理角色" htmlFor="doer-role"><Select id="doer-role" value={doer.role} options={DOERS.map(role => ({ value: role, label: ROLES[role].title }))} onChange={role => setDoer({ ...doer, role })} /></Form.Item>}
      <Form.Item label="修改理由" htmlFor="clock-reason" required><Input.TextArea id="clock-reason" rows={3} value={reason} onChange={e => setReason(e.target.value)} /></Form.Item>
      <Effect before={clock} after={next} moved={isMoved && doer ? `${units.find(unit => unit.id === doer.unit)?.name ?? '办理时指定的单位'}的${ROLES[doer.role].title}` : undefined} />
      {problem && <Alert type="error" role="alert" title={problem.title} description={problem.errors.map(error => error.detail).join('；') || problem.detail} style={{ marginBottom: 12 }} />}
      <Button type="primary" htmlType="submit" loading={saving.isPending} disabled={!isChanged || reason.trim() === ''}>保存</Button>
    </Form>
  )
}

/** What a task that begins now would be given, before and after. */
function Effect({ before, after, moved }: { before: Clock, after: Clock, moved: string | undefined }) {
  const isWorkday = useWorkdays()
  const due = ({ n, unit }: Clock): string => unit === 'hour' || unit === 'second' ? dateTime(new Date(Date.now() + n * (unit === 'hour' ? 3600_000 : 1000))) : `${lastDay(n, unit, isWorkday)} 23:59`
  return (
    <Alert
      type="info" showIcon style={{ marginBottom: 12 }} title="修改的效果"
      description={<>现在开始的任务：原定 {due(before)} 到期，修改后 {due(after)} 到期{moved && `，改由${moved}办理`}。已经开始的任务不变。</>}
    />
  )
}

/** The day on which a time in days ends that begins today; one that ends on a day off rolls forward. */
function lastDay(n: number, unit: ClockUnit, isWorkday: (day: string) => boolean): string {
  let at = Date.parse(date(new Date()))
  const day = (): string => new Date(at).toISOString().slice(0, 10)
  for (let left = n; left > 0;) {
    at += 86_400_000
    if (unit === 'day' || isWorkday(day())) left--
  }
  while (!isWorkday(day())) at += 86_400_000
  return day()
}
