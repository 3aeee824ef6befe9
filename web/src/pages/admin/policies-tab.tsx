/** What the procedures go by: times, who does them and when cards are shown, and the figures of their checks, with what was changed. */
import { EditOutlined } from '@ant-design/icons'
import { App, Button, Drawer, Flex, Popconfirm, Tag } from 'antd'
import { useState } from 'react'
import { $api, client } from '../../api/client.ts'
import { useOnce } from '../../api/once.ts'
import { useProcedure, useUnits } from '../../api/reference.ts'
import { Waiting } from '../../components/waiting.tsx'
import { WideTable } from '../../components/wide-table.tsx'
import { allowed, dateTime } from '../../time.ts'
import { PolicyChange } from './policy-change.tsx'
import { PolicyFigures } from './policy-figures.tsx'
import { useRefresh } from './policy-form.tsx'
import { ladderText, timesOf, type InForce, type Ladders, type Timed, type Unit } from './policy.ts'

export function PoliciesTab() {
  const { data } = $api.useQuery('get', '/api/admin/policies')
  const { data: own = [] } = useUnits()
  const { data: found } = $api.useQuery('get', '/api/admin/units', { params: { query: { limit: 100 } } })
  // The directory, from which units are chosen, does not have those outside the bureau.
  const units = [...own, ...((found?.items ?? []) as unknown as Unit[]).filter(({ kind }) => kind === 'outside')]
  const [edited, setEdited] = useState<Timed>()
  const [figured, setFigured] = useState<InForce>()
  if (!data) return <Waiting />
  const ladders = data.ladders as Ladders
  return (
    <>
      {(data.items as InForce[]).map(policy => <Times key={policy.procedure} policy={policy} units={units} ladders={ladders} onEdit={setEdited} onFigures={() => setFigured(policy)} />)}
      <Drawer open={edited !== undefined} onClose={() => setEdited(undefined)} size={520} title={edited && `修改规则：${edited.policy.title} · ${edited.title}`} destroyOnHidden>
        {edited && <PolicyChange timed={edited} units={units} ladders={ladders} onDone={() => setEdited(undefined)} />}
      </Drawer>
      <Drawer open={figured !== undefined} onClose={() => setFigured(undefined)} size={520} title={figured && `修改核查数值：${figured.title}`} destroyOnHidden>
        {figured && <PolicyFigures policy={figured} onDone={() => setFigured(undefined)} />}
      </Drawer>
    </>
  )
}

interface TimesProps { policy: InForce, units: Unit[], ladders: Ladders, onEdit: (timed: Timed) => void, onFigures: () => void }

/** The times of one procedure, and what was changed of them. */
function Times({ policy, units, ladders, onEdit, onFigures }: TimesProps) {
  const { words } = useProcedure(policy.procedure)
  const nameOf = ({ title, kind }: Timed): string => kind === null ? title : `${title}（${words[kind] ?? kind}）`
  return (
    <section className="policy">
      <Flex justify="space-between" align="center">
        <h2>{policy.title}</h2>
        {policy.figures !== null && <Button size="small" icon={<EditOutlined />} aria-label={`修改 ${policy.title} 的核查数值`} onClick={onFigures}>核查数值</Button>}
      </Flex>
      <WideTable<Timed>
        rowKey={row => `${row.task}/${row.kind}`} size="small" pagination={false} dataSource={timesOf(policy, units)}
        columns={[
          { title: '环节', key: 'title', render: (_, row) => <>{nameOf(row)} {policy.overrides.some(o => o.task === row.task) && <Tag color="blue" variant="outlined">已修改</Tag>}</> },
          { title: '办理', key: 'doer', width: 210, render: (_, row) => row.doer },
          { title: '期限', key: 'clock', width: 110, render: (_, row) => allowed(row.clock) },
          { title: '提醒和出牌', key: 'ladder', width: 270, render: (_, row) => <span className="muted">{ladderText(row.ladder ?? ladders[row.clock.unit], row.lapses)}</span> },
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
  const restoring = useOnce({
    mutationFn: () => client.DELETE('/api/admin/policies/{procedure}', { params: { path: { procedure: policy.procedure }, query: { task } } }),
    onSuccess: () => {
      refresh()
      message.success('已恢复标准，对此后开始的任务生效')
    },
  })
  return (
    <Flex gap={8} align="center" wrap className="muted policy-changed">
      <span>{dateTime(changedAt)} {changedBy.name} 修改{what}：{reason}</span>
      <Popconfirm title={`恢复“${what}”的标准规则？`} description="对此后开始的任务生效，已经开始的任务不变。" okText="恢复" cancelText="不恢复" onConfirm={() => restoring.mutateAsync().catch(() => undefined)}>
        <Button size="small" aria-label={`恢复标准：${policy.title} ${what}`}>恢复标准</Button>
      </Popconfirm>
    </Flex>
  )
}
