/** What stands beside the month: what waits for the reader, swaps and attendances, hand-overs, alarms, figures. */
import { Alert, Card, Flex, Tag } from 'antd'
import type { ReactNode } from 'react'
import { Nothing } from '../../components/empty.tsx'
import { dateTime } from '../../time.ts'
import { RosterActs } from './roster-act.tsx'
import { KINDS, NOTES, REQUESTS, when, whoOf, type Month } from './words.ts'

/** What is to be done now rather than may be done at some time. */
const PRESSING = new Set(['check-in', 'hand-over', 'fill', 'rotation', 'make-up', 'accept', 'confirm', 'answer', 'decide', 'attended', 'receive', 'settle', 'respond'])

interface Entry { id: string, title: string, actions: Month['actions'] }
const pressing = (entries: Entry[]): Entry[] => entries.map(one => ({ ...one, actions: one.actions.filter(({ name }) => PRESSING.has(name)) })).filter(one => one.actions.length > 0)

/** What waits for the reader. */
export function Waiting({ roster }: { roster: Month }) {
  const shifts = roster.shifts.map(shift => ({ ...shift, actions: shift.state === 'published' ? shift.actions.filter(({ name }) => name === 'check-in') : shift.actions }))
  const entries = pressing([
    ...shifts.map(shift => ({ id: shift.id, title: `${when(shift)} ${whoOf(shift)}`, actions: shift.actions })),
    ...roster.requests.map(one => ({ id: one.id, title: `${KINDS[one.kind]} ${when(one)}`, actions: one.actions })),
    ...roster.notes.map(one => ({ id: one.id, title: `交接班记录 ${one.number}`, actions: one.actions })),
    ...roster.alarms.map(one => ({ id: one.id, title: `缺岗 ${when(one)}`, actions: one.actions })),
  ])
  if (entries.length === 0) return null
  return (
    <Card size="small" title="等您办理" className="no-print roster-panel">
      <ul className="roster-list">{entries.map(one => <li key={one.id}><span>{one.title}</span><RosterActs id={one.id} about={one.title} actions={one.actions} unit={roster.unit.id} primary /></li>)}</ul>
    </Card>
  )
}

export function Panels({ roster }: { roster: Month }) {
  return (
    <div className="roster-panels">
      <Panel title="换班、随驻、接待" nothing="本月没有换班、随驻和接待">{roster.requests.map(one => (
        <li key={one.id}>
          <span><strong>{KINDS[one.kind]}</strong> {when(one)} <Tag>{REQUESTS[one.state] ?? one.state}</Tag><br /><span className="muted">{one.askedBy.name}{one.person ? ` → ${one.person.name}` : one.kind === 'attend' ? ` → ${one.unit.name}` : ''}{sayOf(one.form)}{one.dueAt && one.state === 'asked' ? `；${dateTime(one.dueAt)} 前答复` : ''}</span></span>
          <RosterActs id={one.id} about={`${KINDS[one.kind]} ${when(one)}`} actions={one.actions} unit={one.unit.id} />
        </li>
      ))}</Panel>
      <Panel title="交接班记录" nothing="本月还没有交接班记录">{roster.notes.map(note => <Note key={note.id} note={note} unit={roster.unit.id} />)}</Panel>
      {roster.alarms.length > 0 && (
        <Panel title="缺岗预警" nothing="">{roster.alarms.map(one => (
          <li key={one.id}>
            <span>{when(one)} <Tag color={one.state === 'open' ? 'red' : 'default'}>{one.state === 'open' ? '待答复' : one.state === 'accepted' ? '已接受' : '已补上'}</Tag>{one.reason && <span className="muted">{one.reason}</span>}</span>
            <RosterActs id={one.id} about={`缺岗 ${when(one)}`} actions={one.actions} unit={roster.unit.id} />
          </li>
        ))}</Panel>
      )}
      {roster.figures && <Figures roster={roster} figures={roster.figures} />}
    </div>
  )
}

function Panel({ title, nothing, children }: { title: string, nothing: string, children: ReactNode[] }) {
  return <Card size="small" title={title} className="roster-panel">{children.length === 0 ? <Nothing title={nothing} /> : <ul className="roster-list">{children}</ul>}</Card>
}

/** What a request says for itself. */
const sayOf = (form: Record<string, unknown>): string => [form.reason, form.why, form.group && `${String(form.group)} ${String(form.people)} 人`].filter(Boolean).map(text => `：${String(text)}`).join('')

function Note({ note, unit }: { note: Month['notes'][number], unit: string }) {
  const form = (note.form ?? {}) as { waiting?: string[], passedOn?: string[], promises?: { whom: string, what: string, by: string }[], equipment?: string, equipmentNote?: string, note?: string }
  const lines = [
    ...(form.waiting ?? []).map(text => `在等：${text}`), ...(form.promises ?? []).map(one => `已承诺 ${one.whom}：${one.what}，${dateTime(one.by)} 前`), ...(form.passedOn ?? []).map(text => `已转：${text}`),
    ...(form.equipment === 'missing' ? [`装备、钥匙缺失：${form.equipmentNote ?? ''}`] : form.equipment ? ['装备、钥匙齐全'] : []), ...(form.note ? [form.note] : []),
    ...note.tasks.map(task => `未办结：${task.title}${task.caseNo && `（${task.caseNo}）`}，期限 ${dateTime(task.dueAt)}`),
  ]
  return (
    <li>
      <span><strong>{note.number}</strong> {note.writtenBy?.name ?? '系统列出'} {dateTime(note.writtenAt)} <Tag>{NOTES[note.state]}</Tag>{note.receivedBy && <span className="muted">{note.receivedBy.name} {note.receivedAt && dateTime(note.receivedAt)}</span>}
        {lines.length > 0 && <ul className="roster-lines">{lines.map((text, i) => <li key={i}>{text}</li>)}</ul>}{note.text && <p className="muted">{note.text}</p>}
      </span>
      <RosterActs id={note.id} about={`交接班记录 ${note.number}`} actions={note.actions} unit={unit} />
    </li>
  )
}

function Figures({ roster, figures }: { roster: Month, figures: NonNullable<Month['figures']> }) {
  const covered = figures.dueMinutes === 0 ? '—' : `${(figures.coveredMinutes / figures.dueMinutes * 100).toFixed(1)}%`
  const shown: [string, ReactNode][] = [
    ['值守覆盖率', covered], ['到岗迟延', figures.lateCheckIns], ['未接班续岗', figures.unrelieved], ['缺岗', figures.missed], ['缺岗预警／已答复', `${figures.alarms}／${figures.alarmsAnswered}`],
    ['交接班／按时接收', `${figures.handOvers}／${figures.receivedInTime}`], ['接收并说明／拒收', `${figures.withRemarks}／${figures.refused}`], ['移交任务／一小时内逾期', `${figures.tasksHandedOver}／${figures.tasksLate}`],
    ['随驻请求／派人／不派', `${figures.attendanceAsked}／${figures.attendanceNamed}／${figures.attendanceRefused}`], ['随驻小时', figures.attendanceHours],
  ]
  return (
    <Card size="small" title={`${roster.month} 数字`} className="roster-panel">
      <dl className="roster-figures">{shown.map(([title, value]) => <div key={title}><dt>{title}</dt><dd>{value}</dd></div>)}</dl>
      {figures.people.length > 0 && <PeopleTable title="各人值班" head={['人员', '班', '小时', '夜班', '节假日']} rows={figures.people.map(one => [one.person.name, one.shifts, one.hours, one.nights, one.daysOff])} />}
      {figures.turns.length > 0 && <PeopleTable title="各部门轮驻" head={['部门', '到岗', '缺席', '已补']} rows={figures.turns.map(one => [one.unit.name, one.kept, one.missed, one.madeUp])} />}
    </Card>
  )
}

const PeopleTable = ({ title, head, rows }: { title: string, head: string[], rows: (string | number)[][] }) => (
  <table className="roster-table"><caption>{title}</caption><thead><tr>{head.map(one => <th key={one} scope="col">{one}</th>)}</tr></thead>
    <tbody>{rows.map(row => <tr key={String(row[0])}>{row.map((cell, i) => i === 0 ? <th key={i} scope="row">{cell}</th> : <td key={i}>{cell}</td>)}</tr>)}</tbody></table>
)

/** Said of a month that is not out yet, and of what was signed for. */
export function Standing({ roster }: { roster: Month }) {
  const drafts = roster.shifts.some(shift => shift.state === 'draft')
  return (
    <Flex vertical gap={8}>
      {drafts && !roster.publishedAt && <Alert showIcon type="warning" title={`${roster.month} 还是草稿，只有负责人看得到；公布后通知每个人。${roster.gaps.length > 0 ? `还有 ${roster.gaps.length} 处缺岗，补上或者签认后才能公布。` : ''}`} />}
      {roster.signedGaps.map(gap => <Alert key={gap.from} type="info" title={`已签认的缺岗：${when(gap)}，${gap.reason}`} />)}
    </Flex>
  )
}
