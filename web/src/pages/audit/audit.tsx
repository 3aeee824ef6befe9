import { useNavigate, useSearch } from '@tanstack/react-router'
import { Flex, Select, Tabs, Tag, type TableColumnsType } from 'antd'
import { type ReactNode } from 'react'
import type { Schemas } from '../../api/client.ts'
import { usePages, type Pages } from '../../api/pages.ts'
import { Nothing } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'
import { PagedTable } from '../../components/paged-table.tsx'
import { dateTime } from '../../time.ts'
import './audit.css'
import { CaseTrail } from './case-trail.tsx'
import { Find } from './find.tsx'

type Search = Record<string, string>

/** 审计: who looked, who was refused, who changed what; and whether a case's record is whole. Nothing here can be changed. */
export default function AuditPage() {
  const search = useSearch({ from: '/inside/audit' })
  const navigate = useNavigate()
  const { tab = 'refusals', ...filter } = search
  const go = (next: Search): void => void navigate({ to: '/audit', search: Object.fromEntries(Object.entries(next).filter(([, value]) => value !== '')) })
  const items = [
    { key: 'refusals', label: '拒绝记录', children: <Refusals filter={filter} onFilter={next => go({ tab, ...next })} /> },
    { key: 'access', label: '查阅记录', children: <Access filter={filter} onFilter={next => go({ tab, ...next })} /> },
    { key: 'admin', label: '管理操作', children: <Administration filter={filter} onFilter={next => go({ tab, ...next })} /> },
    { key: 'trail', label: '事件与校验', children: <CaseTrail caseNo={filter.caseNo ?? ''} onCase={caseNo => go({ tab, caseNo })} /> },
  ]
  return <Page title="审计"><div className="panel audit"><Tabs activeKey={tab} items={items} destroyOnHidden onChange={next => go({ tab: next, ...(filter.caseNo && { caseNo: filter.caseNo }) })} /></div></Page>
}

interface Part { filter: Search, onFilter: (filter: Search) => void }
const queryOf = (filter: Search, ...names: string[]) => ({ limit: 50, ...Object.fromEntries(names.flatMap(name => filter[name] ? [[name, filter[name]]] : [])) })

const REASONS: Record<string, string> = { 'not-permitted': '没有权限', 'conflict-of-interest': '应当回避', 'four-eyes': '须由他人办理', 'cross-site': '请求来源不符' }

function Refusals({ filter, onFilter }: Part) {
  const list = usePages('/api/audit/refusals', queryOf(filter, 'person', 'caseNo', 'code'))
  return (
    <Log<Schemas['RefusalEntry']> list={list} filters={<><Texts filter={filter} onFilter={onFilter} /><Select aria-label="拒绝原因" placeholder="全部原因" allowClear value={filter.code} style={{ width: 160 }} options={Object.entries(REASONS).map(([value, label]) => ({ value, label }))} onChange={(code = '') => onFilter({ ...filter, code })} /></>}
      columns={[...COMMON<Schemas['RefusalEntry']>(), { title: '案件', key: 'case', render: (_, one) => <span className="case-no">{one.taskId ?? one.caseNo ?? '—'}</span> }, { title: '想做的', key: 'action', render: (_, one) => one.actionTitle }, { title: '拒绝原因', key: 'code', render: (_, one) => <Tag color="red" variant="outlined">{REASONS[one.code] ?? one.code}</Tag> }]} />
  )
}

const PARTS: Record<string, string> = { case: '案件', events: '办理经过', journey: '办理进程', verify: '校验', clock: '期限说明', task: '任务', action: '操作', export: '导出', material: '材料' }

function Access({ filter, onFilter }: Part) {
  const list = usePages('/api/audit/access', queryOf(filter, 'person', 'caseNo', 'allowed'))
  return (
    <Log<Schemas['AccessEntry']> list={list} filters={<><Texts filter={filter} onFilter={onFilter} /><Select aria-label="是否准许" placeholder="准许与被拒" allowClear value={filter.allowed} style={{ width: 140 }} options={[{ value: '1', label: '准许' }, { value: '0', label: '被拒' }]} onChange={(allowed = '') => onFilter({ ...filter, allowed })} /></>}
      columns={[...COMMON<Schemas['AccessEntry']>(), { title: '案件', key: 'case', render: (_, one) => <span className="case-no">{one.caseNo}</span> }, { title: '查阅内容', key: 'what', render: (_, one) => PARTS[one.what] ?? one.what }, { title: '结果', key: 'allowed', render: (_, one) => one.allowed ? <Tag variant="outlined">准许</Tag> : <Tag color="red" variant="outlined">被拒</Tag> }]} />
  )
}

function Administration({ filter, onFilter }: Part) {
  const list = usePages('/api/audit/admin', queryOf(filter, 'person', 'what'))
  const shown = (value: unknown): ReactNode => value === null ? <span className="muted">无</span> : <pre className="audit-json" tabIndex={0}>{JSON.stringify(value, null, 1)}</pre>
  return (
    <Log<Schemas['AdministrationEntry']> list={list} filters={<><Find label="人员编号" value={filter.person} onFind={person => onFilter({ ...filter, person })} /><Find label="对象开头，如 people/" value={filter.what} onFind={what => onFilter({ ...filter, what })} /></>}
      columns={[...COMMON<Schemas['AdministrationEntry']>(), { title: '对象', key: 'what', render: (_, one) => <span className="case-no">{one.what}</span> }, { title: '变更前', key: 'before', render: (_, one) => shown(one.before) }, { title: '变更后', key: 'after', render: (_, one) => shown(one.after) }]} />
  )
}

const COMMON = <Entry extends { at: string, person: { id: string, name: string } }>(): TableColumnsType<Entry> => [
  { title: '时间', key: 'at', width: 160, render: (_, one) => <span className="nowrap">{dateTime(one.at)}</span> },
  { title: '人员', key: 'person', width: 220, render: (_, one) => <Flex vertical><span>{one.person.name}</span><span className="muted case-no">{one.person.id}</span></Flex> },
]

const Texts = ({ filter, onFilter }: Part) => (
  <>
    <Find label="人员编号" value={filter.person} onFind={person => onFilter({ ...filter, person })} />
    <Find label="案件编号" value={filter.caseNo} onFind={caseNo => onFilter({ ...filter, caseNo })} />
  </>
)

function Log<Row extends { id: number }>({ list, columns, filters }: { list: Pages<Row>, columns: TableColumnsType<Row>, filters: ReactNode }) {
  return (
    <>
      <Flex gap={8} wrap className="audit-filters">{filters}</Flex>
      <PagedTable<Row> list={list} rowKey="id" columns={columns} nothing={<Nothing title="没有记录" />} />
    </>
  )
}
