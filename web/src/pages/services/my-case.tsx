import { Link, useParams } from '@tanstack/react-router'
import { Button, Card, Flex, Statistic, Tag } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { isLive } from '../../api/actions.ts'
import { useFound } from '../../api/case.ts'
import { $api, type Schemas } from '../../api/client.ts'
import { useProcedure } from '../../api/reference.ts'
import { Documents } from '../../components/documents.tsx'
import { Due, useNow } from '../../components/due.tsx'
import { Facts } from '../../components/facts.tsx'
import type { JsonSchema } from '../../components/json-form/prepare.ts'
import { ReceivedPage } from '../../components/received.tsx'
import { Page } from '../../components/page.tsx'
import { Timeline } from '../../components/timeline.tsx'
import { dateTime, near, onThisClock } from '../../time.ts'
import { ActionButton, ActionForm } from '../case/action-form.tsx'
import { Comments } from '../case/comments.tsx'
import { KeptText } from '../../components/kept-text.tsx'
import { Materials } from '../../components/materials.tsx'
import './services.css'
import { awaiting, inOwnWords, progress } from './words.ts'

const WhyDue = lazy(() => import('../case/why-due.tsx'))

/** 我的办件: one case as whoever has applied sees it. */
export default function MyCasePage() {
  const { caseNo } = useParams({ from: '/inside/services/cases/$caseNo' })
  const found = useFound(caseNo)
  return found.status === 'received' ? <ReceivedPage found={found} /> : <MyCase caseNo={caseNo} file={found as Schemas['Case']} />
}

function MyCase({ caseNo, file }: { caseNo: string, file: Schemas['Case'] }) {
  const procedure = useProcedure(file.procedure)
  const turns = awaiting(file.tasks)
  // Only he who filed it knows of it, and no more than what he is told.
  const isWindow = file.enterpriseSees === 'window'
  const offered = new Set(turns.flatMap(task => [task.name, ...task.actions.map(action => action.name)]))
  const own = file.actions.map(inOwnWords)
  // Messages have a place of their own.
  const actions = own.filter(({ name }) => name !== 'comment' && !offered.has(name))
  // What is asked for is handed in beside the form that asks.
  const asked = turns.some(({ actions: [first] }) => 'materials' in ((first?.form as JsonSchema | null)?.properties ?? {}))
  const materials = <Card size="small" title="材料"><Materials caseNo={caseNo} canAdd={file.actions.some(({ name }) => name === 'comment')} /></Card>
  return (
    <Page title={file.title} extra={<Link to="/services">返回办事</Link>}>
      <div className="narrow">
        <Standing file={file} procedureTitle={procedure.title} isMyTurn={turns.length > 0} />
        <KeptText caseNo={caseNo} />
        {turns.map(task => <Turn key={task.id} task={task} context={procedure.shown.tasks[task.name]?.context ?? undefined} />)}
        {asked && materials}
        {file.result !== null && typeof file.result === 'object' && <Card size="small" title="办理结果"><Facts value={file.result as object} schema={procedure.shown.results[file.outcome ?? '']} names={file.names} /></Card>}
        {file.documents.length > 0 && <Card size="small" title="文书"><Documents documents={file.documents} forms={procedure.shown.documents} /></Card>}
        <Told caseNo={caseNo} />
        {!isWindow && <Card size="small" title="办理进度"><Steps file={file} /></Card>}
        {!asked && materials}
        <Card size="small" title="留言"><Comments file={{ ...file, actions: own }} word="留言" /></Card>
        {actions.length > 0 && <Card size="small" title="需要时" className="no-print">{file.urgedAt && <p className="muted">最近一次催办：{near(file.urgedAt)}，办理人已收到通知。每天可以催办一次。</p>}<Flex gap={8} wrap>{actions.map(action => <ActionButton key={action.name} target={{ caseNo }} action={action} about={file.title} />)}</Flex></Card>}
        {!isWindow && <Card size="small" title={file.ofOffice ? '事项内容' : '申请内容'}><Facts value={file.application} schema={procedure.application as JsonSchema} names={file.names} /></Card>}
      </div>
    </Page>
  )
}

/** Where it stands, and what was promised. */
function Standing({ file, procedureTitle, isMyTurn }: { file: Schemas['Case'], procedureTitle: string, isMyTurn: boolean }) {
  return (
    <Card>
      <div className="standing">
        <div>
          <Flex gap={8} wrap align="center"><Tag>{procedureTitle}</Tag><span className="case-no">{file.caseNo}</span></Flex>
          <p className="standing-words" role="status">{progress({ ...file, unitName: file.tasks.find(isWaiting)?.unitName ?? file.unitName }, isMyTurn)}</p>
          <p className="muted">{file.promise ?? (file.closedAt ? `${dateTime(file.closedAt)} 办结` : `${dateTime(file.openedAt)} ${file.ofOffice ? '开始' : '提交'}`)}{file.enterpriseSees === 'window' ? '。办理情况不公开，只有您本人能看到本页；需要您知道的，会在这里告知您。' : <WhyButton caseNo={file.caseNo} />}</p>
        </div>
        {file.status === 'open' && file.dueAt && file.clock?.unit === 'hour' && <Countdown dueAt={file.dueAt} />}
      </div>
    </Card>
  )
}

/** Why it is due then. */
function WhyButton({ caseNo }: { caseNo: string }) {
  const [open, setOpen] = useState<boolean>()
  return <><Button type="link" size="small" onClick={() => setOpen(true)}>期限说明</Button>{open !== undefined && <Suspense><WhyDue caseNo={caseNo} open={open} onClose={() => setOpen(false)} /></Suspense>}</>
}

const isWaiting = (task: Schemas['Task']): boolean => task.unit !== 'applicant' && isLive(task)

/** A promise in hours is counted down to the second. */
function Countdown({ dueAt }: { dueAt: string }) {
  const late = Date.parse(dueAt) < useNow().getTime()
  if (late) return <div className="countdown countdown-late"><Due dueAt={dueAt} unit="hour" /></div>
  return <div className="countdown"><Statistic.Timer type="countdown" title="距承诺办结还有" value={onThisClock(dueAt)} classNames={{ content: 'countdown-left' }} format="HH 时 mm 分 ss 秒" /></div>
}

/** What waits for the applicant: 补正, 评价, 异议, 购买情况报告. */
function Turn({ task, context }: { task: Schemas['Task'], context: JsonSchema | undefined }) {
  const actions = task.actions.map(inOwnWords)
  const [first, ...rest] = actions
  return (
    <Card className="turn" size="small" title={`请您${task.title}`} extra={<Due dueAt={task.dueAt} unit={task.clock.unit} />}>
      <Flex vertical gap={12}>
        {task.context && <Facts value={task.context} schema={context} names={task.names} columns={1} />}
        {first?.form && <ActionForm key={task.id} target={{ task: task.id }} action={first} about={task.title} />}
        <Flex gap={8} wrap>{(first?.form ? rest : actions).map((action, i) => <ActionButton key={action.name} target={{ task: task.id }} action={action} about={task.title} primary={!first?.form && i === 0} />)}</Flex>
      </Flex>
    </Card>
  )
}

/** What the office has told the applicant, the newest first. */
function Told({ caseNo }: { caseNo: string }) {
  const { data: events = [] } = $api.useQuery('get', '/api/cases/{caseNo}/events', { params: { path: { caseNo } } })
  const told = events.filter(({ type }) => type === 'told').reverse()
  if (told.length === 0) return null
  return (
    <Card size="small" title="给您的告知">
      <ul className="told">{told.map(({ seq, at, data }) => <li key={seq}><strong>{String(data.title)}</strong> <span className="muted nowrap">{dateTime(at)}</span><p>{String(data.body)}</p></li>)}</ul>
    </Card>
  )
}

/** The steps so far, in the order they were taken. */
function Steps({ file }: { file: Schemas['Case'] }) {
  const tasks = file.tasks.filter(task => task.status !== 'cancelled').sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt))
  const by = (task: Schemas['Task']): string => task.unit === 'applicant' ? '您' : task.unitName
  const items = [
    { key: 'opened', color: '#1b7a4b', content: <Step title={file.ofOffice ? '开始' : '提交申请'} at={dateTime(file.openedAt)} /> },
    ...tasks.map(task => task.status === 'completed'
      ? { key: task.id, color: '#1b7a4b', content: <Step title={`${by(task)}完成：${task.title}`} at={dateTime(task.completedAt ?? task.createdAt)} /> }
      : { key: task.id, color: '#1a56b0', content: <Step title={task.unit === 'applicant' ? `等待您${task.title}` : `${task.unitName}正在${task.title}`} at={`${dateTime(task.dueAt)} 前`} /> }),
    ...(file.closedAt ? [{ key: 'closed', color: '#1b7a4b', content: <Step title={file.stageTitle} at={dateTime(file.closedAt)} /> }] : []),
  ]
  return <Timeline items={items} />
}

const Step = ({ title, at }: { title: string, at: string }) => <div>{title}<div className="muted">{at}</div></div>
