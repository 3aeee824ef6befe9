import { createLink, Link } from '@tanstack/react-router'
import { Alert, Button, Flex, Tabs, Tag, type TableColumnsType } from 'antd'
import type { Schemas } from '../../api/client.ts'
import { usePages } from '../../api/pages.ts'
import { useProcedures } from '../../api/reference.ts'
import { CardTag } from '../../components/card-tag.tsx'
import { Due } from '../../components/due.tsx'
import { Nothing } from '../../components/empty.tsx'
import { Page } from '../../components/page.tsx'
import { PagedTable } from '../../components/paged-table.tsx'
import { Restricted } from '../../components/restricted.tsx'
import { near } from '../../time.ts'

const LinkButton = createLink(Button)

const KEY = 'detention-report'

/** 羁押报备: restricted cases that the reader takes part in, and steps that wait to be claimed, without content until then. */
export default function DetentionsPage() {
  const mayReport = useProcedures().find(one => one.key === KEY)?.mayApply
  return (
    <Restricted>
      <Page title="羁押报备" extra={mayReport && <LinkButton variant="solid" color="primary" to="/services/apply/$procedure" params={{ procedure: KEY }}>新报备</LinkButton>}>
        <Alert showIcon type="info" title="只有参与办理的人员能看到案件内容。每次查阅都有记录，页面带有您的姓名水印。" style={{ marginBottom: 16 }} />
        <div className="panel"><Tabs className="views" tabBarStyle={{ marginBottom: 0 }} items={[{ key: 'tasks', label: '待签收', children: <Waiting /> }, { key: 'cases', label: '我参与的', children: <Mine /> }]} /></div>
      </Page>
    </Restricted>
  )
}

function Waiting() {
  const list = usePages('/api/tasks', { view: 'candidate', procedure: KEY, limit: 30 })
  const columns: TableColumnsType<Schemas['Task']> = [
    { title: '环节', key: 'task', render: (_, task) => <Flex gap={8} align="center"><Link to="/cases/$caseNo" params={{ caseNo: task.caseNo }} search={{ task: task.id }}>{task.title}</Link><CardTag card={task.card} /></Flex> },
    { title: '案件编号', key: 'no', width: 140, render: (_, task) => <span className="case-no">{task.caseNo}</span> },
    { title: '期限', key: 'due', width: 190, render: (_, task) => <Due dueAt={task.dueAt} unit={task.clock.unit} showAt /> },
  ]
  return <PagedTable list={list} rowKey="id" columns={columns} nothing={<Nothing title="没有待签收的环节" />} />
}

function Mine() {
  const list = usePages('/api/cases', { procedure: KEY, limit: 30 })
  const columns: TableColumnsType<Schemas['CaseSummary']> = [
    { title: '案件', key: 'case', render: (_, one) => <Flex vertical><Link to="/cases/$caseNo" params={{ caseNo: one.caseNo }} search={{}}>{one.title}</Link><span className="muted case-no">{one.caseNo}</span></Flex> },
    { title: '环节', key: 'stage', width: 220, render: (_, one) => <Flex gap={6} wrap><Tag color={one.status === 'closed' ? 'default' : 'blue'}>{one.stageTitle}</Tag><CardTag card={one.card} /></Flex> },
    { title: '报备', key: 'opened', width: 140, render: (_, one) => <span className="nowrap muted">{near(one.openedAt)}</span> },
  ]
  return <PagedTable list={list} rowKey="caseNo" columns={columns} nothing={<Nothing title="没有您参与的报备" />} />
}
