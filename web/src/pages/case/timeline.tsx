import { SafetyCertificateOutlined, WarningOutlined } from '@ant-design/icons'
import { Tag, Tooltip } from 'antd'
import { useState } from 'react'
import { $api, type Schemas } from '../../api/client.ts'
import { useProcedure } from '../../api/reference.ts'
import { Choice } from '../../components/choice.tsx'
import { choicesOf, type JsonSchema } from '../../components/json-form/prepare.ts'
import { PageError } from '../../components/page-error.tsx'
import { usePrinting } from '../../components/printing.ts'
import { Timeline } from '../../components/timeline.tsx'
import { Waiting } from '../../components/waiting.tsx'
import { called } from '../../session/roles.ts'
import { dateTime } from '../../time.ts'
import { eventText, type Tone } from './event-texts.ts'

const COLOURS: Record<Tone, string> = { plain: '#8a97a8', step: '#1a56b0', yellow: '#d48806', red: '#c0262d', end: '#1b7a4b' }

/** 办理经过: what happened, newest first, and that nothing of it was altered. */
export function CaseTimeline({ file }: { file: Schemas['Case'] }) {
  const path = { params: { path: { caseNo: file.caseNo } } }
  const { data: events, error } = $api.useQuery('get', '/api/cases/{caseNo}/events', path)
  const procedure = useProcedure(file.procedure)
  const [chosen, setChosen] = useState<'steps' | 'all'>('steps')
  const which = usePrinting() ? 'all' : chosen
  if (error && !events) return <PageError error={error} />
  if (!events) return <Waiting />
  const words = {
    outcome: (code: string) => procedure.outcomeTitles[code] ?? code,
    choices: (id: string, form: object, unit: (id: string) => string) => chosenIn(procedure.tasks.find(({ name }) => name === file.tasks.find(task => task.id === id)?.name)?.form as JsonSchema | undefined, form, unit),
  }
  const told = events.map(event => ({ event, text: eventText(event, words) })).filter(({ event, text }) => which === 'all' || text.tone !== 'plain' || ['commented', 'told'].includes(event.type)).reverse()
  return (
    <>
      <div className="timeline-head">
        <Choice label="显示哪些经过" value={chosen} onChange={setChosen} options={[{ value: 'steps', label: '要点' }, { value: 'all', label: `全部 ${events.length} 条` }]} />
        <ChainBadge caseNo={file.caseNo} />
      </div>
      <Timeline
        items={told.map(({ event, text }) => ({
          key: event.seq, color: COLOURS[text.tone],
          content: (
            <>
              <div className="event-title">{text.title}</div>
              {text.words && <blockquote className="event-words">{text.words}</blockquote>}
              <div className="muted event-by"><time dateTime={event.at}>{dateTime(event.at)}</time> · {event.actor ? called(event.actor) : '系统'}{typeof event.data.onBehalfOf === 'string' && `（代 ${event.names[`person/${event.data.onBehalfOf}`] ?? event.data.onBehalfOf}）`}</div>
            </>
          ),
        }))}
      />
    </>
  )
}

/** What was chosen in a form, in words: 公安受理，经侦大队，一般（5 个工作日）. */
function chosenIn(schema: JsonSchema | undefined, form: object, unitName: (id: string) => string): string {
  const given = form as Record<string, unknown>
  return Object.entries(schema?.properties ?? {}).flatMap(([name, part]) => {
    const field = part as JsonSchema
    const choice = choicesOf(field)?.find(({ value }) => value === given[name])
    if (choice) return [choice.label]
    return field.$comment === 'unit' && typeof given[name] === 'string' ? [unitName(given[name])] : []
  }).join('，')
}

/** Whether each event still carries the hash of the one before. */
function ChainBadge({ caseNo }: { caseNo: string }) {
  const { data } = $api.useQuery('get', '/api/cases/{caseNo}/events/verify', { params: { path: { caseNo } } })
  if (!data) return null
  if (!data.ok) return <Tag icon={<WarningOutlined />} color="error">事件链在第 {data.brokenAt} 条断开，请报审计</Tag>
  return <Tooltip title="每条记录都含有前一条的校验值，改动任何一条都会被发现"><Tag icon={<SafetyCertificateOutlined />} color="success" tabIndex={0}>已校验，{data.length} 条记录未被改动</Tag></Tooltip>
}
