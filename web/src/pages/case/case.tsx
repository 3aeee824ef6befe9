import { CatchBoundary, Link, useParams, useSearch } from '@tanstack/react-router'
import { Alert, Card, Tabs } from 'antd'
import { lazy, Suspense, useState, type ReactNode } from 'react'
import { isLive } from '../../api/actions.ts'
import { useFound } from '../../api/case.ts'
import type { Schemas } from '../../api/client.ts'
import { toProblem } from '../../api/problem.ts'
import { useProcedure } from '../../api/reference.ts'
import { Documents } from '../../components/documents.tsx'
import { Nothing } from '../../components/empty.tsx'
import { Facts } from '../../components/facts.tsx'
import type { JsonSchema } from '../../components/json-form/prepare.ts'
import { KeptText } from '../../components/kept-text.tsx'
import { MaterialCount, Materials } from '../../components/materials.tsx'
import { PageError } from '../../components/page-error.tsx'
import { ReceivedPage } from '../../components/received.tsx'
import { useTitle } from '../../components/page.tsx'
import { ProcedurePicture } from '../../components/procedure-picture.tsx'
import { Waiting } from '../../components/waiting.tsx'
import { Restricted } from '../../components/restricted.tsx'
import { called } from '../../session/roles.ts'
import { dateTime } from '../../time.ts'
import './case.css'
import { CaseHeader } from './case-header.tsx'
import { canAnswer, Comments } from './comments.tsx'
import { CaseTimeline } from './timeline.tsx'
import { WorkPanel } from './work-panel.tsx'

// What few readers need comes when they do.
const NextTask = lazy(() => import('./next-task.tsx'))
const UnseenCase = lazy(() => import('./unseen-case.tsx'))

/** One case: where it stands, what is known, what happened, and what the reader may do. */
export default function CasePage() {
  const { caseNo } = useParams({ from: '/inside/cases/$caseNo' })
  const { task } = useSearch({ from: '/inside/cases/$caseNo' })
  return (
    <CatchBoundary getResetKey={() => caseNo} errorComponent={({ error, reset }) => toProblem(error).status === 404 ? <Suspense fallback={<Waiting />}><UnseenCase caseNo={caseNo} task={task} onClaimed={reset} /></Suspense> : <PageError error={error} reset={reset} />}>
      <Shown caseNo={caseNo} task={task} />
    </CatchBoundary>
  )
}

function Shown({ caseNo, task }: { caseNo: string, task: string | undefined }) {
  const found = useFound(caseNo)
  if (found.status === 'received') return <ReceivedPage found={found} />
  const file = found as Schemas['Case']
  const page = <CaseFile key={caseNo} file={file} wanted={task} />
  return file.restricted ? <Restricted>{page}</Restricted> : page
}

function CaseFile({ file, wanted }: { file: Schemas['Case'], wanted: string | undefined }) {
  useTitle(`${file.caseNo} ${file.title}`)
  const procedure = useProcedure(file.procedure)
  const [done, setDone] = useState(false)
  const hasWork = file.actions.some(({ name }) => name !== 'comment') || file.tasks.some(isLive)
  return (
    <div className="page">
      <CaseHeader file={file} procedureTitle={procedure.title} />
      {file.haltedAt && <Alert type="error" showIcon title={`流程自 ${dateTime(file.haltedAt)} 起停顿，目前不能办理；护航办已得到通知。`} />}
      <KeptText caseNo={file.caseNo} />
      {done && <Suspense><NextTask file={file} /></Suspense>}
      <div className={`case-body${hasWork ? ' has-work' : ''}`}>
        {hasWork && <div className="case-work no-print"><section aria-label="办理" className="work"><WorkPanel file={file} wanted={wanted} onDone={() => setDone(true)} /></section></div>}
        <div className="case-main">
          {file.result !== null && typeof file.result === 'object' && <Card size="small" title="办理结果"><Facts value={file.result as object} schema={procedure.shown.results[file.outcome ?? '']} names={file.names} /></Card>}
          <Card size="small"><Tabs items={tabs(file, procedure).map(printed)} tabBarStyle={{ marginBottom: 12 }} classNames={{ content: 'tab-panel' }} /></Card>
          <Card size="small" title="流程" className="no-print"><ProcedurePicture procedure={file.procedure} caseNo={file.caseNo} /></Card>
          <Card size="small" title={file.restricted ? '批注' : '留言和批注'}><Comments file={file} word={file.restricted ? '批注' : '留言和批注'} /></Card>
          <Card size="small" title="办理经过"><CaseTimeline file={file} /></Card>
        </div>
      </div>
    </div>
  )
}

/** On paper nobody can turn to another tab: all are there, each under its title. */
const printed = <Tab extends { label: ReactNode, children: ReactNode }>(tab: Tab) =>
  ({ ...tab, forceRender: true, children: <><h2 className="only-print">{tab.label}</h2>{tab.children}</> })

function tabs(file: Schemas['Case'], procedure: Schemas['ProcedureDetail']) {
  const done = file.tasks.filter(task => task.result !== null)
  const count = (n: number): string => n > 0 ? ` ${n}` : ''
  return [
    { key: 'application', label: file.ofOffice ? '事项内容' : '申请内容', children: <><Filed file={file} /><Facts value={file.application} schema={procedure.application as JsonSchema} names={file.names} /></> },
    { key: 'materials', label: <>材料 <MaterialCount caseNo={file.caseNo} /></>, children: <Materials caseNo={file.caseNo} canAdd={file.actions.some(({ name }) => name === 'comment')} canAnswer={canAnswer(file.actions.find(({ name }) => name === 'comment'))} /> },
    ...(done.length > 0 ? [{
      key: 'answers', label: `各环节意见${count(done.length)}`,
      children: done.map(task => <section key={task.id} className="answer"><h3>{task.title}{task.round > 1 && `（第 ${task.round} 轮）`}<small className="muted"> {task.completedBy ? called(task.completedBy) : ''} {task.completedAt && dateTime(task.completedAt)}</small></h3><Facts value={task.result} schema={procedure.shown.tasks[task.name]?.results[task.action ?? '']} names={task.names} /></section>),
    }] : []),
    ...(Object.keys(file.facts).length > 0 ? [{ key: 'facts', label: '系统核验', children: <Facts value={file.facts} schema={{ type: 'object', properties: procedure.shown.facts as Record<string, JsonSchema> }} names={file.names} columns={1} /> }] : []),
    {
      key: 'documents', label: `文书${count(file.documents.length)}`,
      children: file.documents.length === 0 ? <Nothing title="还没有出具文书" /> : <Documents documents={file.documents} forms={procedure.shown.documents} />,
    },
    ...(file.links.length > 0 ? [{ key: 'links', label: `关联案件${count(file.links.length)}`, children: file.links.map(link => <p key={link.caseNo}><Link to="/cases/$caseNo" params={{ caseNo: link.caseNo }} search={{}} className="case-no">{link.caseNo}</Link> {LINK_TITLES[link.kind]}</p>) }] : []),
  ]
}

const LINK_TITLES = { 'duplicate-of': '本案与该案重复', 'duplicated-by': '该案与本案重复', 'child': '由本案开立', 'parent': '开立本案' }

const CHANNELS: Record<string, string> = { 'window': '中心窗口', 'sub-centre': '分中心', 'liaison-room': '联络室', 'visit': '走访', 'forum': '恳谈会', 'online': '线上', 'phone': '电话' }

/** Who brought it in, and how. */
function Filed({ file: { applicant, filedBy, channel, openedAt, ofOffice } }: { file: Schemas['Case'] }) {
  const on = filedBy.id === applicant.id ? '' : `，由 ${called(filedBy)} 代为登记`
  return <p className="muted">{called(applicant)} {dateTime(openedAt)} {ofOffice ? '发起' : '提交'}{on}{channel && CHANNELS[channel] ? `（${CHANNELS[channel]}）` : ''}</p>
}
