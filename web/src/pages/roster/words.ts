/** The roster's states in words. */
import type { Schemas } from '../../api/client.ts'
import { dateTime } from '../../time.ts'

export type Month = Schemas['RosterMonth']
export type Shift = Month['shifts'][number]

export const STATES: Record<Shift['state'], string> = { draft: '草稿', published: '已公布', open: '待补', held: '值班中', ended: '结束', replaced: '已替换', cancelled: '已取消' }
export const OUTCOMES: Record<NonNullable<Shift['outcome']>, string> = { 'relieved': '已交接', 'unrelieved': '未接班（续岗）', 'absent': '缺岗', 'present': '到岗', 'made-up': '缺席，已补' }
export const REQUESTS: Record<string, string> = { 'asked': '待答复', 'accepted': '待审定', 'done': '已办结', 'declined': '未同意', 'lapsed': '到期未答复', 'named': '已派人', 'other-time': '另定时间', 'refused': '不派，待裁定', 'attended': '已随驻', 'registered': '已登记' }
export const NOTES: Record<Month['notes'][number]['state'], string> = { sent: '待接收', received: '已接收', refused: '拒收，待裁定', settled: '已裁定' }
export const KINDS: Record<Month['requests'][number]['kind'], string> = { swap: '换班', attend: '随驻', reception: '接待参观' }

/** 08:00–20:00; with the date where it ends on another one. */
export function hours({ from, until }: { from: string, until: string }): string {
  const [start, end] = [dateTime(from), dateTime(until)]
  return `${start.slice(11)}–${end.slice(0, 10) === start.slice(0, 10) ? '' : '次日 '}${end.slice(11)}`
}
/** 12-03 08:00–20:00. */
export const when = (span: { from: string, until: string }): string => `${dateTime(span.from).slice(5, 10)} ${hours(span)}`

/** What stands beside a shift. */
export const stateOf = (shift: Shift): string => shift.extended ? '续岗' : shift.outcome && shift.state === 'ended' ? OUTCOMES[shift.outcome] : STATES[shift.state]
export const whoOf = ({ person, kind, unit }: Shift): string => `${kind === 'rotation' ? `${unit.name} ` : ''}${person ? person.name.replace(`${unit.name} `, '') : '（待定）'}`

/** The dates of a month before and after it. */
export function monthBeside(month: string, step: number): string {
  const date = new Date(`${month}-15T00:00:00Z`)
  date.setUTCMonth(date.getUTCMonth() + step)
  return date.toISOString().slice(0, 7)
}
