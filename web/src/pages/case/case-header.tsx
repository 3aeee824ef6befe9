import { ExportOutlined, QuestionCircleOutlined } from '@ant-design/icons'
import { Button, Flex, Tag } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { isLive } from '../../api/actions.ts'
import type { Schemas } from '../../api/client.ts'
import { CardTag } from '../../components/card-tag.tsx'
import { CopyButton } from '../../components/copy-button.tsx'
import { Due } from '../../components/due.tsx'
import { useSession } from '../../session/session.ts'
import { dateTime } from '../../time.ts'

const WhyDue = lazy(() => import('./why-due.tsx'))

const STATUSES = { open: '办理中', paused: '期限暂停', closed: '已结束' } as const

/** Number, matter, enterprise, stage, deadline and why it falls then. */
export function CaseHeader({ file, procedureTitle }: { file: Schemas['Case'], procedureTitle: string }) {
  const [why, setWhy] = useState<boolean>()
  const { temporalUi } = useSession()
  const next = nextDue(file)
  return (
    <header className="case-head">
      <div className="case-head-main">
        <Flex gap={8} align="center" wrap>
          <span className="case-no">{file.caseNo}</span><CopyButton text={file.caseNo} of="案件编号" />
          <Tag>{procedureTitle}</Tag>
          <Tag color={file.status === 'open' ? 'blue' : 'default'}>{STATUSES[file.status]}</Tag>
          {file.restricted && <Tag color="purple">受限：仅办案人员可见</Tag>}
          {file.enterprise && file.enterpriseSees !== 'all' && <Tag>{file.enterpriseSees === 'window' ? '企业不可见，提交人只看到大致进度' : '企业不可见'}</Tag>}
          <CardTag card={file.card} />
        </Flex>
        <h1>{file.title}</h1>
        <dl className="case-meta">
          {file.enterprise && <div><dt>企业</dt><dd>{file.enterprise.name}</dd></div>}
          <div><dt>{file.status === 'closed' ? '结果' : '当前环节'}</dt><dd>{file.stageTitle}</dd></div>
          {file.unitName && <div><dt>承办单位</dt><dd>{file.unitName}</dd></div>}
          <div><dt>提交</dt><dd>{dateTime(file.openedAt)}</dd></div>
          {file.closedAt && <div><dt>办结</dt><dd>{dateTime(file.closedAt)}</dd></div>}
        </dl>
      </div>
      <div className="case-due">
        {next && file.status === 'open' && <><span className="muted">{next.of}期限</span><strong><Due dueAt={next.dueAt} unit={next.unit} /></strong><span className="muted">{dateTime(next.dueAt)}</span></>}
        {file.status === 'paused' && <strong>期限暂停计算</strong>}
        <Flex gap={8} wrap justify="end" className="case-tools no-print">
          <Button size="small" icon={<QuestionCircleOutlined />} onClick={() => setWhy(true)}>期限说明</Button>
          <Button size="small" onClick={() => window.print()}>打印</Button>
          {temporalUi && <Button size="small" icon={<ExportOutlined />} href={`${temporalUi}/${file.caseNo}`} target="_blank" rel="noreferrer">流程监看</Button>}
        </Flex>
      </div>
      {why !== undefined && <Suspense><WhyDue caseNo={file.caseNo} open={why} onClose={() => setWhy(false)} /></Suspense>}
    </header>
  )
}

/** The promise for the whole case, or else the task that is due first. */
function nextDue({ dueAt, clock, tasks }: Schemas['Case']): { of: string, dueAt: string, unit: Schemas['Clock']['unit'] } | undefined {
  if (dueAt && clock) return { of: '全案', dueAt, unit: clock.unit }
  const [first] = tasks.filter(isLive).sort((a, b) => Date.parse(a.dueAt) - Date.parse(b.dueAt))
  return first && { of: first.title, dueAt: first.dueAt, unit: first.clock.unit }
}
