import { Tooltip } from 'antd'
import { useSyncExternalStore } from 'react'
import { useWorkdays } from '../api/reference.ts'
import { countdown, dateTime, now, type Deadline } from '../time.ts'

const thisMinute = (): number => Math.floor(now().getTime() / 60_000)
let minute = thisMinute()
const onMinute = (tell: () => void): (() => void) => {
  const timer = setInterval(() => {
    minute = thisMinute()
    tell()
  }, 5000)
  return () => clearInterval(timer)
}

/** Now, to the minute; whoever uses it is drawn again each minute. */
export const useNow = (): Date => new Date(useSyncExternalStore(onMinute, () => minute) * 60_000)

/** How long is left, in the deadline's own unit; the instant itself on hovering. */
export function Due({ showAt = false, ...deadline }: Deadline & { showAt?: boolean }) {
  useNow()
  const isWorkday = useWorkdays()
  const overdue = Date.parse(deadline.dueAt) < now().getTime()
  return (
    <Tooltip title={`期限 ${dateTime(deadline.dueAt)}`}>
      <span className={`nowrap due${overdue ? ' due-overdue' : ''}`}>
        {countdown(deadline, isWorkday)}
        {showAt && <span className="muted due-at">{dateTime(deadline.dueAt)}</span>}
      </span>
    </Tooltip>
  )
}
