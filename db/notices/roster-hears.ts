/** Who hears of what happens on the duty roster, and what they read; or why nobody does. One entry for each kind of event. */
import { shanghai } from '../../model/instants.ts'
import type { Role } from '../../model/person.ts'
import type { Facts } from '../../model/types.ts'

/** `duty`: whoever leads the bureau's duty now, where nobody does, every bureau leader. */
export type RosterReader = { people: (string | null | undefined)[] } | { leaders: string } | { role: Role } | { duty: string }
export interface RosterTelling { to: RosterReader, title: string, body: string, /** Also by e-mail. */ outside?: true, /** While unread, more of the same day counts it up. */ bundle?: string }

/** Facts of an event as texts; `name` says what a person or a unit is called. */
export interface RosterTold { d: Facts, unit: string, name: (id: unknown) => string }
type Rule = { nobody: string } | ((told: RosterTold) => RosterTelling[])

const at = (iso: unknown) => shanghai(new Date(String(iso)))
const span = ({ from, until }: Facts) => `${at(from)}至${at(until)}`
const people = (...ids: unknown[]): RosterReader => ({ people: ids.map(id => typeof id === 'string' ? id : null) })
const because = (reason: unknown) => typeof reason === 'string' ? `，理由：${reason}` : ''

export const ROSTER_HEARS = {
  'planned': { nobody: 'a draft is the leader\'s own' },
  'shift-added': ({ d, unit, name }) => d.state === 'draft' ? [] : [{ to: people(d.person), title: '为您排班', body: `${name(unit)}为您加排 ${span(d)} 的班${because(d.reason)}。`, outside: true }],
  'draft-changed': { nobody: 'a draft is the leader\'s own' },
  'draft-removed': { nobody: 'a draft is the leader\'s own' },
  'month-published': ({ d, unit, name }) => [{ to: { people: d.people as string[] }, title: `${d.month} 值班表已公布`, body: `${name(unit)}的 ${d.month} 值班表已公布，请查看您的班；需要变动的，请在系统中换班或者登记缺勤。`, outside: true }],
  'swap-asked': ({ d, name }) => [{ to: people(d.to), title: '请您换班', body: `${name(d.person)}请您${d.theirs ? '与其换班' : '顶班'}：${span(d)}${because(d.reason)}。请于 ${at(d.dueAt)} 前答复，未答复视为不换。`, outside: true }],
  'swap-accepted': ({ d, unit, name }) => [{ to: { leaders: unit }, title: '换班待审定', body: `${name(d.person)}与${name(d.to)}商定换班：${span(d)}，请审定。`, outside: true }],
  'swap-declined': ({ d, name }) => [{ to: people(d.person), title: '对方不换班', body: `${name(d.to)}未同意换班，${span(d)} 的班仍由您值。`, outside: true }],
  'swap-confirmed': ({ d, name }) => [{ to: people(d.person, d.to), title: '换班已批准', body: `${name(d.person)}与${name(d.to)}的换班已批准：${span(d)}，请查看值班表。`, outside: true }],
  'swap-refused': ({ d }) => [{ to: people(d.person, d.to), title: '换班未获批准', body: `${span(d)} 的换班未获批准${because(d.reason)}，各人的班不变。`, outside: true }],
  'swap-lapsed': ({ d }) => [{ to: people(d.person, d.to), title: '换班未成', body: `${span(d)} 的换班到期未办成，各人的班不变。`, outside: true }],
  'shift-opened': ({ d, unit, name }) => [{ to: { leaders: unit }, title: '有班待补', body: `${name(d.person)}缺勤，${name(unit)} ${span(d)} 的班待补${(d.proposals as string[]).length > 0 ? `，可以安排：${(d.proposals as string[]).map(name).join('、')}` : '，没有合适的人选，请负责人值守或者报局值班领导'}。`, outside: true }],
  'shift-filled': ({ d, unit, name }) => [
    { to: people(d.person), title: '为您补班', body: `${name(unit)} ${span(d)} 的班由您值${because(d.reason)}。`, outside: true },
    { to: people(d.was), title: '您的班已改由他人值', body: `${name(unit)} ${span(d)} 的班改由${name(d.person)}值${because(d.reason)}。`, outside: true },
    ...(d.late === true ? [{ to: { leaders: unit }, title: '临近变更值班', body: `${name(unit)} ${span(d)} 的班在 24 小时内变更，改由${name(d.person)}值${because(d.reason)}。` }] : []),
  ],
  'shift-cancelled': ({ d, unit, name }) => [{ to: people(d.person), title: '您的班已取消', body: `${name(unit)} ${span(d)} 的班已取消。`, outside: true }, { to: { leaders: unit }, title: '班已取消', body: `${name(unit)} ${span(d)} 的班已取消。` }],
  'checked-in': ({ d, name }) => [{ to: people(...(d.relieved as string[])), title: '已经接班', body: `${name(d.person)}已到岗。请完成交班，接收以前仍由您负责。` }],
  'check-in-reminded': ({ d, unit, name }) => [{ to: people(d.person), title: '请到岗登记', body: `${name(unit)} ${span(d)} 的班已经开始，请到岗并登记。`, outside: true }],
  'check-in-late': ({ d, unit, name }) => [
    d.rung === 60 ? { to: { duty: 'bureau' }, title: '值班人员一小时未到岗', body: `${name(unit)} ${span(d)} 的班，${name(d.person)}开始后一小时仍未到岗登记，请督促处置。`, outside: true }
      : { to: { leaders: unit }, title: '值班人员未到岗', body: `${name(unit)} ${span(d)} 的班，${name(d.person)}开始后 15 分钟未到岗登记，请核实。`, outside: true },
  ],
  'shift-missed': ({ d, unit, name }) => [{ to: { leaders: unit }, title: '缺岗', body: `${name(unit)} ${span(d)} 的班，${name(d.person)}没有到岗，记为缺岗。`, outside: true }, { to: { role: 'office' }, title: '缺岗', body: `${name(unit)} ${span(d)} 的班没有人到岗。` }],
  'shift-extended': ({ d, unit, name }) => [
    { to: people(d.person), title: '接班人未到，请续岗', body: `${name(unit)} ${span(d)} 的班已到点，接班人尚未到岗，请留守至有人接班。`, outside: true },
    { to: { leaders: unit }, title: '未接班，交班人续岗', body: `${name(unit)} ${span(d)} 的班到点无人接班，由${name(d.person)}续岗，请安排接班。`, outside: true },
  ],
  'shift-ended': { nobody: 'whoever was on duty knows' },
  'handed-over': ({ d, unit, name }) => [{ to: people(d.to), title: '请接收交班', body: `${name(unit)}交接班记录 ${d.number} 等您接收${Number(d.tasks) > 0 ? `，未办结的值班任务 ${d.tasks} 件` : ''}，请于一小时内接收、说明或者拒收。`, outside: true }],
  'received': ({ d, name }) => [{ to: people(d.person), title: d.result === 'remarks' ? '交班已接收并说明' : '交班已接收', body: `交接班记录 ${d.number} 已由${name(d.to)}接收${d.result === 'remarks' ? '，附有说明，请查看' : ''}。` }],
  'hand-over-refused': ({ d, unit, name }) => [{ to: { leaders: unit }, title: '交班被拒收，请裁定', body: `${name(unit)}交接班记录 ${d.number} 被${name(d.to)}拒收，请于一小时内裁定；裁定前仍由${name(d.person)}负责。`, outside: true }, { to: people(d.person), title: '交班被拒收', body: `交接班记录 ${d.number} 被拒收，已报负责人裁定；裁定前仍由您负责。`, outside: true }],
  'hand-over-settled': ({ d }) => [{ to: people(d.person, d.to), title: '交接已裁定', body: `交接班记录 ${d.number} 已由负责人裁定，请查看。`, outside: true }],
  'hand-over-late': ({ d, unit, name }) => [
    { to: people(d.person, d.to), title: d.what === 'receipt' ? '交班一小时未接收' : d.what === 'decision' ? '交接待裁定' : '没有交班记录', body: `${name(unit)}交接班记录 ${d.number} ${d.what === 'receipt' ? '一小时内未接收，请尽快接收' : d.what === 'decision' ? '一小时内未裁定' : '没有人填写，已由系统列出未办结的值班任务，请接班人核对接收'}。`, outside: true },
    { to: d.what === 'decision' ? { duty: 'bureau' } : { leaders: unit }, title: '交接班未完成', body: `${name(unit)}交接班记录 ${d.number} ${d.what === 'decision' ? '被拒收后一小时未裁定，请处置' : '一小时内未办结，请督促'}。`, outside: true },
  ],
  'turn-named': ({ d, name }) => [{ to: people(d.person), title: '请您到中心轮驻', body: `${name(d.department)}由您于 ${span(d)} 到中心轮驻。`, outside: true }],
  'turn-unnamed': ({ d, name }) => [d.rung === 'office' ? { to: { role: 'office' }, title: '轮驻人员未定', body: `${name(d.department)} ${span(d)} 的轮驻人员到日仍未确定，请督促。` } : { to: { leaders: String(d.department) }, title: '请确定轮驻人员', body: `${span(d)} 轮到贵单位到中心轮驻，应于 ${at(d.dueAt)} 前确定人员，请尽快确定；轮次不顺延。`, outside: true }],
  'turn-made-up': ({ d, name }) => [{ to: { leaders: String(d.department) }, title: '补驻已安排', body: `${name(d.department)}缺席的轮驻定于 ${span(d)} 补驻。`, outside: true }],
  'attend-asked': ({ d, unit, name }) => [{ to: { leaders: unit }, title: d.urgent === true ? '紧急：请派人随驻' : '请派人随驻', body: `${name(d.by)}请${name(unit)}于 ${at(d.from)} 派人${d.mode === 'online' ? '视频' : '到场'}：${d.why}。请于 ${at(d.dueAt)} 前答复。`, outside: true }],
  'attend-answered': ({ d, unit, name }) => [
    { to: people(d.by), title: '随驻已答复', body: d.result === 'named' ? `${name(unit)}派${name(d.person)}于 ${span(d)} 随驻。` : d.result === 'refused' ? `${name(unit)}不派人随驻${because(d.reason)}，已报护航办裁定。` : `${name(unit)}提出另定于 ${at(d.otherFrom)} 随驻，需要的请重新提出。`, outside: true },
    ...(d.result === 'named' ? [{ to: people(d.person), title: '请您随驻', body: `请于 ${span(d)} ${d.mode === 'online' ? '视频' : '到场'}随驻。`, outside: true } as const] : []),
    ...(d.result === 'refused' ? [{ to: { role: 'office' } as const, title: '随驻待裁定', body: `${name(unit)}不派人随驻${because(d.reason)}，请于 1 个工作日内裁定。`, outside: true } as const] : []),
  ],
  'attend-decided': ({ d, unit, name }) => [{ to: people(d.by, d.person), title: '随驻已裁定', body: d.person ? `护航办裁定由${name(unit)}${name(d.person)}于 ${span(d)} 随驻。` : `护航办裁定不派人随驻${because(d.reason)}。`, outside: true }, { to: { leaders: unit }, title: '随驻已裁定', body: `对 ${span(d)} 的随驻请求，护航办已裁定，请查看。` }],
  'attend-late': ({ d, unit, name }) => [{ to: { role: 'office' }, title: '随驻请求逾期未答复', body: `${name(unit)}对 ${span(d)} 的随驻请求逾期未答复，请裁定或者督促。`, outside: true }, { to: { leaders: unit }, title: '随驻请求逾期未答复', body: `${span(d)} 的随驻请求已逾期，请尽快答复。`, outside: true }],
  'attended': ({ d, name }) => [{ to: people(d.by), title: '随驻已完成', body: `${name(d.person)}的随驻已登记，请查看记录。` }],
  'reception-registered': ({ d }) => [{ to: people(d.guide), title: '请您陪同接待', body: `${d.group} ${d.people} 人于 ${at(d.from)} 到中心参观，请您陪同。大屏只显示数字；在岗人员不离岗。`, outside: true }],
  'gap-alarm': ({ d, unit, name }) => [
    { to: { leaders: unit }, title: '缺岗预警', body: `${name(unit)} ${span(d)} 没有人值班，请补班并答复。`, outside: true, bundle: `gap/${d.rung}` },
    ...(Number(d.rung) <= 24 ? [{ to: { role: 'office' } as const, title: '缺岗预警', body: `${name(unit)} ${span(d)} 没有人值班，请督促补班。`, outside: true, bundle: `gap/${unit}/${d.rung}` } as const] : []),
    ...(Number(d.rung) <= 2 ? [{ to: { role: 'bureau-leader' } as const, title: '缺岗预警：请局领导处置', body: `${name(unit)} ${span(d)} 没有人值班，请处置。`, outside: true } as const] : []),
  ],
  'gap-answered': { nobody: 'who fills it is told of the shift; what is accepted stands on the roster' },
  'gap-closed': { nobody: 'the hours are covered, and whoever covers them was told' },
  'draft-due': ({ d, unit, name }) => [{ to: { leaders: unit }, title: `请排 ${d.month} 的班`, body: `${name(unit)} ${d.month} 的值班表应于 ${d.dueOn} 前排定，现在还没有，请尽快排班并公布。`, outside: true }],
} satisfies Record<string, Rule>
export type RosterEventType = keyof typeof ROSTER_HEARS

/** Who hears of an event, and what. */
export function rosterTellingsOf(type: RosterEventType, told: RosterTold): RosterTelling[] {
  const rule: Rule = ROSTER_HEARS[type]
  return typeof rule === 'function' ? rule(told) : []
}
