import { useNavigate, useSearch } from '@tanstack/react-router'
import { DownloadOutlined } from '@ant-design/icons'
import { Button, Flex, Select, Tabs, Tag, type TableColumnsType } from 'antd'
import { type ReactNode } from 'react'
import type { Schemas } from '../../api/client.ts'
import { usePages, type Pages } from '../../api/pages.ts'
import { ApiProblem } from '../../api/problem.ts'
import { PastSpan } from '../../components/date-picker.tsx'
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

const DAY_MS = 86_400_000
/** The midnight in Asia/Shanghai with which a day begins, or (`plus` 1) ends. */
const midnight = (day: string, plus = 0): string => new Date(Date.parse(`${day}T00:00:00+08:00`) + plus * DAY_MS).toISOString()

/** What the API is asked: these filters, and the days, the last one included. */
function queryOf({ from, until, ...filter }: Search, ...names: string[]): Search {
  const isDay = (day: string | undefined): day is string => !Number.isNaN(Date.parse(`${day}T00:00:00+08:00`))
  return {
    ...Object.fromEntries(['person', ...names].flatMap(name => filter[name] ? [[name, filter[name]]] : [])),
    ...(isDay(from) && { since: midnight(from) }), ...(isDay(until) && { until: midnight(until, 1) }),
  }
}

const REASONS: Record<string, string> = { 'not-permitted': '没有权限', 'conflict-of-interest': '应当回避', 'four-eyes': '须由他人办理', 'cross-site': '请求来源不符' }

function Refusals({ filter, onFilter }: Part) {
  const query = queryOf(filter, 'caseNo', 'code')
  const list = usePages('/api/audit/refusals', { limit: 50, ...query })
  return (
    <Log<Schemas['RefusalEntry']> list={list} file="refusals" query={query} filters={<><Common filter={filter} onFilter={onFilter} /><CaseNo filter={filter} onFilter={onFilter} /><Select aria-label="拒绝原因" placeholder="全部原因" allowClear value={filter.code} style={{ width: 160 }} options={Object.entries(REASONS).map(([value, label]) => ({ value, label }))} onChange={(code = '') => onFilter({ ...filter, code })} /></>}
      columns={[...COMMON<Schemas['RefusalEntry']>(), { title: '案件', key: 'case', render: (_, one) => <span className="case-no">{one.taskId ?? one.caseNo ?? '—'}</span> }, { title: '想做的', key: 'action', render: (_, one) => one.actionTitle }, { title: '拒绝原因', key: 'code', render: (_, one) => <Tag color="red" variant="outlined">{REASONS[one.code] ?? one.code}</Tag> }]} />
  )
}

function Access({ filter, onFilter }: Part) {
  const query = queryOf(filter, 'caseNo', 'allowed')
  const list = usePages('/api/audit/access', { limit: 50, ...query })
  return (
    <Log<Schemas['AccessEntry']> list={list} file="access" query={query} filters={<><Common filter={filter} onFilter={onFilter} /><CaseNo filter={filter} onFilter={onFilter} /><Select aria-label="是否准许" placeholder="准许与被拒" allowClear value={filter.allowed} style={{ width: 140 }} options={[{ value: '1', label: '准许' }, { value: '0', label: '被拒' }]} onChange={(allowed = '') => onFilter({ ...filter, allowed })} /></>}
      columns={[...COMMON<Schemas['AccessEntry']>(), { title: '案件', key: 'case', render: (_, one) => <span className="case-no">{one.caseNo ?? '—'}</span> }, { title: '查阅内容', key: 'what', render: (_, one) => one.parts }, { title: '结果', key: 'allowed', render: (_, one) => one.allowed ? <Tag variant="outlined">准许</Tag> : <Tag color="red" variant="outlined">被拒</Tag> }]} />
  )
}

const OBJECTS = Object.entries({
  'people/': '人员', 'units/': '单位', 'enterprises/': '企业', 'absences/': '缺勤与代理', 'roster/': '值班安排', 'calendar/': '放假安排', 'policies/': '流程规则', 'notice-texts/': '通知文字', 'webhooks/': '外部通知地址', 'systems/': '外部系统',
}).map(([value, label]) => ({ value, label }))

function Administration({ filter, onFilter }: Part) {
  const query = queryOf(filter, 'what')
  const list = usePages('/api/audit/admin', { limit: 50, ...query })
  return (
    <Log<Schemas['AdministrationEntry']> list={list} file="admin" query={query} filters={<><Common filter={filter} onFilter={onFilter} /><Select aria-label="对象" placeholder="全部对象" allowClear value={filter.what} style={{ width: 160 }} options={OBJECTS} onChange={(what = '') => onFilter({ ...filter, what })} /></>}
      columns={[...COMMON<Schemas['AdministrationEntry']>(), { title: '对象', key: 'what', width: 260, render: (_, one) => one.object }, { title: '变更', key: 'changes', render: (_, one) => <ul className="audit-changes">{one.changes.map(change => <li key={change}>{change}</li>)}</ul> }]} />
  )
}

const COMMON = <Entry extends { at: string, person: { id: string, name: string } }>(): TableColumnsType<Entry> => [
  { title: '时间', key: 'at', width: 160, render: (_, one) => <span className="nowrap">{dateTime(one.at)}</span> },
  { title: '人员', key: 'person', width: 220, render: (_, one) => <Flex vertical><span>{one.person.name}</span><span className="muted case-no">{one.person.id}</span></Flex> },
]

const Common = ({ filter, onFilter }: Part) => (
  <>
    <Find label="人员姓名或者编号" value={filter.person} onFind={person => onFilter({ ...filter, person })} />
    <PastSpan aria-label="日期" placeholder={['开始日期', '截止日期']} from={filter.from} until={filter.until} onChange={(from = '', until = '') => onFilter({ ...filter, from, until })} />
  </>
)

const CaseNo = ({ filter, onFilter }: Part) => <Find label="案件编号" value={filter.caseNo} onFind={caseNo => onFilter({ ...filter, caseNo })} />

interface LogProps<Row> {
  list: Pages<Row>
  columns: TableColumnsType<Row>
  filters: ReactNode
  /** The workbook of the same, by its name under `/api/audit`. */
  file: string
  query: Search
}

function Log<Row extends { id: number }>({ list, columns, filters, file, query }: LogProps<Row>) {
  const wrong = list.error instanceof ApiProblem ? list.error.errors[0]?.detail : undefined
  return (
    <>
      <Flex gap={8} wrap className="audit-filters">
        {filters}
        {(list.items?.length ?? 0) > 0 && <Button icon={<DownloadOutlined />} href={`/api/audit/${file}.xlsx?${new URLSearchParams(query)}`} style={{ marginInlineStart: 'auto' }}>导出</Button>}
      </Flex>
      {wrong === undefined ? <PagedTable<Row> list={list} rowKey="id" columns={columns} nothing={<Nothing title={Object.keys(query).length === 0 ? '还没有记录' : '没有符合条件的记录'} />} /> : <div role="alert"><Nothing title={wrong} /></div>}
    </>
  )
}
