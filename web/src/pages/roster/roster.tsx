import { LeftOutlined, PrinterOutlined, RightOutlined } from '@ant-design/icons'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Flex, Select } from 'antd'
import { $api } from '../../api/client.ts'
import { Nothing } from '../../components/empty.tsx'
import { PageError } from '../../components/page-error.tsx'
import { Page } from '../../components/page.tsx'
import { Waiting as Loading } from '../../components/waiting.tsx'
import { date, dateTime, now } from '../../time.ts'
import { RosterActs } from './roster-act.tsx'
import { RosterDays } from './roster-days.tsx'
import { Panels, Standing, Waiting } from './roster-panels.tsx'
import './roster.css'
import { monthBeside, type Month } from './words.ts'

const POLL_MS = 60_000

/** 值班表: a month of a unit's duty, and all that is done about it. */
export default function RosterPage() {
  const { month = date(now()).slice(0, 7), unit } = useSearch({ from: '/inside/roster' })
  const { data: roster, error } = $api.useQuery('get', '/api/roster', { params: { query: { month, ...(unit !== undefined && { unit }) } } }, { refetchInterval: POLL_MS, placeholderData: before => before })
  if (error && !roster) return <PageError error={error} />
  return (
    <Page title="值班表" extra={roster && <Picking roster={roster} />}>
      {!roster ? <Loading /> : (
        <div className="roster">
          <p className="only-print">{roster.unit.name} {roster.month} 值班表{roster.publishedAt ? `（${dateTime(roster.publishedAt)} 公布）` : '（草稿）'}</p>
          <OnDuty roster={roster} />
          <Waiting roster={roster} />
          <Standing roster={roster} />
          {roster.shifts.length === 0 && roster.gaps.length === 0
            ? <div className="panel"><Nothing title={`${roster.unit.name} ${roster.month} 还没有值班表`}>{roster.actions.some(({ name }) => name === 'plan') ? `请于 ${roster.draftDueOn} 前排班。` : '由该单位负责人排定后公布。'}</Nothing></div>
            : <div className="panel"><RosterDays roster={roster} /></div>}
          <Panels roster={roster} />
        </div>
      )}
    </Page>
  )
}

function Picking({ roster }: { roster: Month }) {
  const navigate = useNavigate()
  const go = (unit: string, month: string): void => void navigate({ to: '/roster', search: { unit, month } })
  const units = roster.units.some(one => one.id === roster.unit.id) ? roster.units : [...roster.units, roster.unit]
  return (
    <Flex gap={8} wrap align="center">
      <Select aria-label="单位" value={roster.unit.id} style={{ minWidth: 168 }} options={units.map(({ id, name }) => ({ value: id, label: name }))} onChange={unit => go(unit, roster.month)} />
      <Button icon={<LeftOutlined />} aria-label="上个月" onClick={() => go(roster.unit.id, monthBeside(roster.month, -1))} />
      <strong aria-live="polite">{roster.month}</strong>
      <Button icon={<RightOutlined />} aria-label="下个月" onClick={() => go(roster.unit.id, monthBeside(roster.month, 1))} />
      <Button icon={<PrinterOutlined />} onClick={() => window.print()}>打印</Button>
      <RosterActs id={roster.unit.id} about={`${roster.unit.name} ${roster.month}`} actions={roster.actions} unit={roster.unit.id} key={`${roster.unit.id}/${roster.month}`} />
    </Flex>
  )
}

/** Who is there now, in every unit that has a roster. */
function OnDuty({ roster }: { roster: Month }) {
  return (
    <section aria-label="现在值班" className="panel roster-now no-print">
      <h2>现在值班</h2>
      <dl>{roster.onDuty.map(({ unit, person }) => <div key={unit.id}><dt>{unit.name}</dt><dd>{person ? person.name.replace(`${unit.name} `, '') : <span className="roster-nobody">无人</span>}</dd></div>)}</dl>
    </section>
  )
}
