/** What an enterprise is promised, in words of the public: at filing, at each step, until it is answered. */
import type { Clock, ClockUnit } from '../../clock/types.ts'
import { isOutsiders } from '../../model/actions.ts'
import { isLive, type CaseRow, type TaskRow } from '../../model/state.ts'
import { getProcedure } from '../../workflows/catalogue.ts'

const UNITS: Record<ClockUnit, string> = { second: '秒', hour: '小时', day: '天', workday: '个工作日', month: '个月', year: '年' }

/** What a step is called by those outside. */
export const publicTitle = (procedure: string, name: string, title: string): string => getProcedure(procedure).policy.tasks[name]?.publicly ?? title

/** 我们将在1个工作日内（12月2日前）完成受理分办; null while it is the applicant's turn, stopped, or over. `tasks`: of a list, unknown. */
export function promiseOf(file: CaseRow, stage: string, tasks?: TaskRow[]): string | null {
  if (file.status !== 'open' || !file.dueAt) return null
  if (file.deadline && !file.deadline.keptAt) return `我们承诺在${withinTime(file.deadline.clock, file.dueAt)}办结`
  const own = (tasks ?? []).filter(t => isLive(t) && !isOutsiders(t) && t.name !== 'approve-extension').sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime())[0]
  if (own) return promiseOfTask(own)
  return tasks || !file.dueUnit || isApplicants(file) ? null : `我们将在${before(file.dueAt, file.dueUnit)}完成${stage}`
}

/** The same of one step. */
export const promiseOfTask = (t: TaskRow): string => `我们将在${withinTime(t.deadline.clock, t.dueAt)}完成${publicTitle(t.procedure, t.name, t.title)}`

const isApplicants = ({ procedure, stage }: CaseRow) => stage.split('+').every(name => isOutsiders({ unitId: getProcedure(procedure).policy.tasks[name]?.unit ?? '' }))

/** A clock that is counted back from a date, or ends with a period, has no length to speak of. */
const withinTime = (clock: Clock, dueAt: Date) => clock.before === undefined && clock.endOf === undefined && clock.n > 0 ? `${span(clock)}内（${before(dueAt, clock.unit)}）` : before(dueAt, clock.unit)

const span = ({ n, unit }: Clock) => `${n}${UNITS[unit]}`

/** A clock of days ends with its day. */
function before(at: Date, unit: ClockUnit): string {
  const day = at.toLocaleDateString('zh-CN', { timeZone: 'Asia/Shanghai', month: 'long', day: 'numeric' })
  const time = at.toLocaleTimeString('zh-CN', { timeZone: 'Asia/Shanghai', hour: '2-digit', minute: '2-digit' })
  return unit === 'hour' || unit === 'second' ? `${day} ${time} 前` : `${day}前`
}
