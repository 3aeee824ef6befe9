import { Alert, Flex } from 'antd'
import { $api, type Schemas } from '../../api/client.ts'
import { ApiProblem } from '../../api/problem.ts'
import { Nothing } from '../../components/empty.tsx'
import { Waiting } from '../../components/waiting.tsx'
import { WideTable } from '../../components/wide-table.tsx'
import { caseNoOf } from '../../find.ts'
import { called } from '../../session/roles.ts'
import { dateTime } from '../../time.ts'
import { eventText } from '../case/event-texts.ts'
import { Find } from './find.tsx'

/** One case's events as they stand in the record, and whether the chain of their hashes holds. */
export function CaseTrail({ caseNo, onCase }: { caseNo: string, onCase: (caseNo: string) => void }) {
  return (
    <>
      <Flex gap={8} wrap className="audit-filters"><Find label="案件编号" value={caseNo} onFind={typed => onCase(caseNoOf(typed))} /></Flex>
      {caseNo === '' ? <Nothing title="输入案件编号，查看全部事件并校验">受限案件只校验，不显示事件。</Nothing> : <><Chain caseNo={caseNo} /><Events caseNo={caseNo} /></>}
    </>
  )
}

function Chain({ caseNo }: { caseNo: string }) {
  const { data, error } = $api.useQuery('get', '/api/cases/{caseNo}/events/verify', { params: { path: { caseNo } } })
  if (error) return <Alert type="warning" title={(error as unknown) instanceof ApiProblem ? (error as unknown as ApiProblem).detail : '无法校验'} />
  if (!data) return <Waiting />
  return data.ok
    ? <Alert type="success" showIcon title={`校验通过：${data.length} 条事件首尾相接，未被改动`} />
    : <Alert type="error" showIcon role="alert" title={`校验不通过：第 ${data.brokenAt} 条起与记录不符，请立即报告`} />
}

/** Outcomes and choices stand beside, in the record itself. */
const PLAIN = { outcome: (code: string) => code, choices: () => '' }

function Events({ caseNo }: { caseNo: string }) {
  const { data, error, isPending } = $api.useQuery('get', '/api/cases/{caseNo}/events', { params: { path: { caseNo } } })
  if (error) return <Nothing title="没有可以查看的事件" />
  return (
    <WideTable<Schemas['CaseEvent']> rowKey="seq" dataSource={data ?? []} loading={isPending} pagination={false} size="small" style={{ marginTop: 12 }}
      columns={[
        { title: '序号', key: 'seq', width: 64, render: (_, e) => e.seq },
        { title: '时间', key: 'at', width: 160, render: (_, e) => <span className="nowrap">{dateTime(e.at)}</span> },
        { title: '事件', key: 'type', width: 180, render: (_, e) => <Flex vertical><span>{eventText(e, PLAIN).title}</span><span className="muted case-no">{e.type}</span></Flex> },
        { title: '人员', key: 'actor', width: 200, render: (_, e) => e.actor ? called(e.actor) : '系统' },
        { title: '内容', key: 'data', render: (_, e) => <pre className="audit-json" tabIndex={0}>{JSON.stringify(e.data, null, 1)}</pre> },
        { title: '校验值', key: 'hash', width: 130, render: (_, e) => <span className="case-no" title={e.hash}>{e.hash.slice(0, 12)}…</span> },
      ]} />
  )
}
