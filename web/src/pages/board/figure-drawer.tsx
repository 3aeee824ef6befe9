/** What a figure counts, as a list; from there to each case. */
import { DownloadOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button, Drawer, Flex, type TableColumnsType } from 'antd'
import type { RefObject } from 'react'
import type { Schemas } from '../../api/client.ts'
import { usePages } from '../../api/pages.ts'
import { CardTag } from '../../components/card-tag.tsx'
import { Due } from '../../components/due.tsx'
import { Nothing } from '../../components/empty.tsx'
import { PagedTable } from '../../components/paged-table.tsx'
import { dateTime } from '../../time.ts'

export interface Opened { title: string, figure: Schemas['Figure'] }

export function FigureDrawer({ opened, onClose, within }: { opened: Opened | undefined, onClose: () => void, within: RefObject<HTMLDivElement | null> | undefined }) {
  return (
    <Drawer
      open={opened !== undefined} onClose={onClose} size={960} title={opened && `${opened.title}：${opened.figure.n} ${opened.figure.list === 'tasks' ? '项任务' : '件案件'}`} destroyOnHidden
      {...(within && { getContainer: () => within.current! })}
      extra={opened && opened.figure.n > 0 && <Button icon={<DownloadOutlined />} href={`/api/${opened.figure.list}.xlsx?${new URLSearchParams(opened.figure.query)}`}>导出</Button>}
    >
      {opened && (opened.figure.list === 'tasks' ? <Tasks query={opened.figure.query} /> : <Cases query={opened.figure.query} />)}
    </Drawer>
  )
}

const Tasks = ({ query }: { query: Record<string, string> }) =>
  <PagedTable list={usePages('/api/tasks', { ...query, limit: 50 })} rowKey="id" columns={TASK_COLUMNS} nothing={<Nothing title="没有" />} />

const Cases = ({ query }: { query: Record<string, string> }) =>
  <PagedTable list={usePages('/api/cases', { ...query, limit: 50 })} rowKey="caseNo" columns={CASE_COLUMNS} nothing={<Nothing title="没有" />} />

const caseLink = (caseNo: string, title: string, task?: string) => <Flex vertical gap={2}><Link to="/cases/$caseNo" params={{ caseNo }} search={task === undefined ? {} : { task }}>{title}</Link><span className="muted case-no">{caseNo}</span></Flex>

const TASK_COLUMNS: TableColumnsType<Schemas['Task']> = [
  { title: '案件', key: 'case', render: (_, task) => caseLink(task.caseNo, task.caseTitle, task.id) },
  { title: '环节', key: 'task', width: 150, render: (_, task) => <Flex gap={6} align="center" wrap>{task.title}<CardTag card={task.card} /></Flex> },
  { title: '单位、办理人', key: 'unit', width: 170, render: (_, { unitName, holder, completedBy }) => <Flex vertical gap={2}><span>{unitName}</span><span className="muted">{(completedBy ?? holder)?.name.replace(`${unitName} `, '') ?? '待签收'}</span></Flex> },
  { title: '期限', key: 'due', width: 180, render: (_, task) => task.completedAt ? <Flex vertical gap={2}><span className="nowrap">{dateTime(task.completedAt)} 办结</span><span className="muted nowrap">期限 {dateTime(task.dueAt)}</span></Flex> : <Due dueAt={task.dueAt} unit={task.clock.unit} showAt /> },
]

const CASE_COLUMNS: TableColumnsType<Schemas['CaseSummary']> = [
  { title: '案件', key: 'case', render: (_, one) => caseLink(one.caseNo, one.title) },
  { title: '企业', key: 'enterprise', width: 180, render: (_, one) => one.enterprise?.name ?? '—' },
  { title: '环节、结果', key: 'stage', width: 150, render: (_, one) => one.stageTitle },
  { title: '牌', key: 'card', width: 150, render: (_, one) => one.card === 'none' ? '—' : <Flex vertical gap={2} align="flex-start"><CardTag card={one.card} />{one.cardOf && <span>{[one.cardOf.unitName, one.cardOf.title].filter(Boolean).join(' · ')}</span>}</Flex> },
  { title: '责任单位', key: 'unit', width: 130, render: (_, one) => one.unitName ?? '—' },
  { title: '时间', key: 'time', width: 170, render: (_, one) => <Flex vertical gap={2}><span className="nowrap">{dateTime(one.openedAt)} 提交</span><span className="muted nowrap">{one.closedAt ? `${dateTime(one.closedAt)} 办结` : one.dueAt ? `期限 ${dateTime(one.dueAt)}` : ''}</span></Flex> },
]
