import { RightOutlined } from '@ant-design/icons'
import { createLink, Link } from '@tanstack/react-router'
import { Button, Card, Col, Flex, Row, Tag } from 'antd'
import { $api, type Schemas } from '../../api/client.ts'
import { useDrafts } from '../../api/drafts.ts'
import { useProcedures, useProcedureTitles } from '../../api/reference.ts'
import { Due } from '../../components/due.tsx'
import { Nothing } from '../../components/empty.tsx'
import { PageError } from '../../components/page-error.tsx'
import { Page } from '../../components/page.tsx'
import { Waiting } from '../../components/waiting.tsx'
import { isEnterprise } from '../../session/roles.ts'
import { usePerson } from '../../session/session.ts'
import { near } from '../../time.ts'
import './services.css'
import { progress } from './words.ts'

/** 办事: what was applied for and how far it is, and what can be applied for. */
export default function ServicesPage() {
  const outside = isEnterprise(usePerson())
  return (
    <Page title="办事">
      {outside && <Today />}
      {outside && <MyCases />}
      <Catalogue outside={outside} />
    </Page>
  )
}

const LinkButton = createLink(Button)

/** Who is in the centre today, and when it is open. */
function Today() {
  const { data } = $api.useQuery('get', '/api/roster/today')
  return data ? <p className="muted centre-today">护企优商服务中心今日在岗：公安{data.department ? `、${data.department.name}` : ''}。{data.openingHours}。</p> : null
}

function Catalogue({ outside }: { outside: boolean }) {
  const procedures = useProcedures().filter(({ mayApply }) => mayApply)
  if (procedures.length === 0) return <Nothing title="没有您可以提交的事项" />
  if (outside) return <Section title="可以办理的事项" procedures={procedures} word="申请" />
  return (
    <>
      <Section title="可以为企业提交的申请" procedures={procedures.filter(({ kind }) => kind === 'application')} word="申请" />
      <Section title="由本单位发起的事项" procedures={procedures.filter(({ kind }) => kind !== 'application')} word="填写" />
    </>
  )
}

function Section({ title, procedures, word }: { title: string, procedures: Schemas['ProcedureSummary'][], word: string }) {
  if (procedures.length === 0) return null
  return (
    <>
      <h2 className="services-head">{title}</h2>
      <Row gutter={[16, 16]}>{procedures.map(one => <Col key={one.key} xs={24} md={12} xl={8}><Service procedure={one} word={word} /></Col>)}</Row>
    </>
  )
}

function Service({ procedure: { key, title, summary, legalBasis }, word }: { procedure: Schemas['ProcedureSummary'], word: string }) {
  const drafts = useDrafts()?.filter(one => one.procedure === key && one.caseNo === null) ?? []
  const [draft] = drafts
  return (
    <Card className="service" classNames={{ body: 'service-body' }} title={<h3>{title}</h3>} extra={draft && <Tag color="blue">{drafts.length > 1 ? `${drafts.length} 份草稿，最近` : '草稿'} {near(draft.savedAt)}</Tag>}>
      <p>{summary}</p>
      <details><summary>办理依据</summary><ul>{legalBasis.map(basis => <li key={basis}>{basis}</li>)}</ul></details>
      <LinkButton variant="solid" color="primary" to="/services/apply/$procedure" params={{ procedure: key }} search={{}} className="service-go" aria-label={`${draft ? '继续填写' : word}：${title}`}>{draft ? '继续填写' : word}</LinkButton>
    </Card>
  )
}

function MyCases() {
  const { data, error } = $api.useQuery('get', '/api/cases', { params: { query: { limit: 30 } } })
  const { data: mine } = $api.useQuery('get', '/api/tasks', { params: { query: { view: 'mine', limit: 100 } } })
  if (error && !data) return <PageError error={error} />
  if (!data) return <Waiting />
  const turn = new Map((mine?.items ?? []).map(task => [task.caseNo, task]))
  const items = [...data.items].sort((a, b) => Number(turn.has(b.caseNo)) - Number(turn.has(a.caseNo)) || Number(a.status === 'closed') - Number(b.status === 'closed'))
  return (
    <section aria-labelledby="my-cases">
      <h2 id="my-cases" className="services-head">我的办件</h2>
      {items.length === 0 && <Card><Nothing title="还没有办件">从下面选择事项，提交后在这里查看进度。</Nothing></Card>}
      <Flex vertical gap={10} component="ul" className="my-cases">
        {items.map(item => <MyCase key={item.caseNo} item={item} task={turn.get(item.caseNo)} />)}
      </Flex>
      {data.nextCursor && <Link to="/cases" search={{}}>查看全部办件</Link>}
    </section>
  )
}

function MyCase({ item, task }: { item: Schemas['CaseSummary'], task: Schemas['Task'] | undefined }) {
  const titleOf = useProcedureTitles()
  return (
    <li>
      <Link to="/services/cases/$caseNo" params={{ caseNo: item.caseNo }} className={`my-case${task ? ' my-case-turn' : item.status === 'closed' ? ' my-case-closed' : ''}`}>
        <span className="my-case-main">
          <span className="my-case-title">{item.title}</span>
          <span className="muted">{titleOf(item.procedure)} · <span className="case-no">{item.caseNo}</span></span>
          <span>{progress(item, task !== undefined)}</span>
          {!task && item.promise && <span className="muted">{item.promise}</span>}
        </span>
        <span className="my-case-side">
          {task ? <><Tag className="my-turn">待您{task.title}</Tag><Due dueAt={task.dueAt} unit={task.clock.unit} /></> : item.status === 'closed' ? <Tag>已结束</Tag> : <Tag color="blue">办理中</Tag>}
          <RightOutlined aria-hidden />
        </span>
      </Link>
    </li>
  )
}
