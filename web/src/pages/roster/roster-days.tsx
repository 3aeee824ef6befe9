/** A month day by day: seven columns where there is room, a list on a phone; on paper what was changed stays to be seen. */
import { Drawer, Tag } from 'antd'
import { useState } from 'react'
import { Facts } from '../../components/facts.tsx'
import { usePerson } from '../../session/session.ts'
import { date, dateTime, now } from '../../time.ts'
import { RosterActs } from './roster-act.tsx'
import { hours, stateOf, when, whoOf, type Month, type Shift } from './words.ts'

const WEEKDAYS = ['日', '一', '二', '三', '四', '五', '六']
const DAYS: Record<Month['days'][number]['kind'], string> = { workday: '', makeup: '调休上班', weekend: '休', holiday: '节假日' }
const COLORS: Partial<Record<Shift['state'], string>> = { open: 'red', held: 'blue' }

export function RosterDays({ roster }: { roster: Month }) {
  const [shown, setShown] = useState<string>()
  const today = date(now())
  const first = new Date(`${roster.days[0]!.date}T00:00:00Z`).getUTCDay()
  const picked = roster.shifts.find(shift => shift.id === shown)
  return (
    <>
      <ol className="roster-days" aria-label={`${roster.unit.name} ${roster.month} 值班表`}>
        {roster.days.map((day, i) => (
          <li key={day.date} className={`roster-day${day.date === today ? ' roster-today' : ''}${day.kind === 'workday' || day.kind === 'makeup' ? '' : ' roster-off'}`} style={i === 0 ? { gridColumnStart: (first + 6) % 7 + 1 } : undefined} {...(day.date === today && { 'aria-current': 'date' })}>
            <h3>{Number(day.date.slice(8))} <span className="muted">周{WEEKDAYS[(first + i) % 7]}{DAYS[day.kind] && ` ${DAYS[day.kind]}`}</span></h3>
            <ul>
              {roster.shifts.filter(shift => date(shift.from) === day.date).map(shift => <li key={shift.id}><ShiftButton shift={shift} onPick={() => setShown(shift.id)} /></li>)}
              {roster.gaps.filter(gap => date(gap.from) === day.date).map(gap => <li key={gap.from} className="roster-gap">缺岗 {dateTime(gap.from).slice(11)} 至 {date(gap.until) === day.date ? '' : dateTime(gap.until).slice(5, 10)} {dateTime(gap.until).slice(11)}</li>)}
            </ul>
          </li>
        ))}
      </ol>
      <Drawer open={picked !== undefined} onClose={() => setShown(undefined)} size={460} title={picked ? `${when(picked)} ${whoOf(picked)}` : ''} destroyOnHidden>
        {picked && <ShiftFacts shift={picked} roster={roster} onDone={() => setShown(undefined)} />}
      </Drawer>
    </>
  )
}

function ShiftButton({ shift, onPick }: { shift: Shift, onPick: () => void }) {
  const mine = shift.person?.id === usePerson().id
  const gone = shift.state === 'replaced' || shift.state === 'cancelled'
  return (
    <button type="button" className={`roster-shift${mine && !gone ? ' roster-mine' : ''}${gone ? ' roster-gone' : ''}`} onClick={onPick}>
      <span className="nowrap">{hours(shift)}</span> <span>{whoOf(shift)}</span>{mine && <span className="visually-hidden">（本人）</span>}
      {shift.state !== 'published' && <Tag color={COLORS[shift.state] ?? (shift.outcome === 'absent' || shift.outcome === 'unrelieved' ? 'red' : 'default')}>{stateOf(shift)}</Tag>}
      {shift.replaces !== null && !gone && <Tag>变更</Tag>}
    </button>
  )
}

const FACTS = { properties: { unit: { title: '单位' }, state: { title: '状态' }, checkedIn: { title: '到岗' }, extendedTo: { title: '续岗至' }, replaced: { title: '替换' }, reason: { title: '理由' }, proposals: { title: '可以安排' } } }

function ShiftFacts({ shift, roster, onDone }: { shift: Shift, roster: Month, onDone: () => void }) {
  const before = roster.shifts.find(one => one.id === shift.replaces)
  const facts = {
    unit: shift.unit.name, state: stateOf(shift),
    ...(shift.checkedInAt && { checkedIn: `${dateTime(shift.checkedInAt)}${shift.checkedInBy === 'outgoing' ? '，由他人代记' : ''}` }), ...(shift.extendedTo && { extendedTo: dateTime(shift.extendedTo) }),
    ...(before && { replaced: `原为 ${whoOf(before)}` }), ...(shift.reason && { reason: shift.reason }), ...(shift.proposals.length > 0 && { proposals: shift.proposals.map(one => one.name).join('、') }),
  }
  return (
    <>
      <Facts value={facts} schema={FACTS as never} columns={1} />
      <div style={{ marginTop: 16 }}>{shift.actions.length > 0 ? <RosterActs id={shift.id} about={when(shift)} actions={shift.actions} unit={shift.kind === 'rotation' ? shift.unit.id : roster.unit.id} primary onDone={onDone} /> : <p className="muted">现在没有您可以进行的操作。</p>}</div>
    </>
  )
}
