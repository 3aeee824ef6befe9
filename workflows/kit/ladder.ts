/** Watches a deadline: sleeps until each rung of its ladder, and says when it is reached. */
import { condition } from '@temporalio/workflow'
import type { Rung } from '../../clock/types.ts'
import type { CarriedClock, OpenClock } from './types.ts'

/** A deadline under watch. */
export interface Watched {
  readonly clock: OpenClock
  /** How far it has come, for the case's next run. */
  readonly carried: CarriedClock
  /** No further rung: what it was for is done. */
  stop(): void
  /** Another deadline from now on; null: the clock stands still until the next reset. */
  reset(clock: OpenClock | null): void
  /** The red card was acknowledged: the bureau leader need not be told. Before there is one it means nothing. */
  acknowledge(): void
}

/** What a rung is called where people read it. */
export const RUNG_NAMES: Record<Rung, string> = { reminder: '提醒', yellow: '黄牌', red: '红牌', leader: '局领导预警' }

/** Only what a clock needs, from a clock or a task. */
const deadlineClock = ({ id, title, dueAt, rungs }: OpenClock): OpenClock => ({ id, title, dueAt, rungs })

/** Starts watching. `onRung` is awaited, so that rungs are recorded in their order, also when several are overdue at once. */
export function watch(first: OpenClock | CarriedClock, onRung: (rung: Rung, at: string) => Promise<void>): Watched {
  let clock = deadlineClock(first)
  let rungs = [...first.rungs]
  let stopped = false
  let climbing = false
  let version = 0
  const reached = new Set<Rung>('reached' in first ? first.reached : [])
  const climb = async () => {
    climbing = true
    while (!stopped && rungs.length > 0) {
      const seen = version
      const next = rungs[0]!
      const leftMs = Date.parse(next.at) - Date.now()
      // What is overdue needs no timer.
      if (leftMs > 0 && await condition(() => stopped || version !== seen, leftMs, { summary: `${RUNG_NAMES[next.rung]}：${clock.title}` })) continue
      rungs.shift()
      reached.add(next.rung)
      await onRung(next.rung, next.at)
    }
    climbing = false
  }
  void climb()
  return {
    get clock() { return clock },
    get carried() { return { ...clock, rungs, reached: [...reached] } },
    stop() { stopped = true },
    reset(next) {
      // A rung reached under the former deadline is reached again only if the new one puts it ahead; none is passed over in silence.
      rungs = next ? next.rungs.filter(r => !reached.has(r.rung) || Date.parse(r.at) > Date.now()) : []
      if (next) clock = deadlineClock(next)
      version++
      if (!climbing) void climb()
    },
    acknowledge() {
      if (!reached.has('red')) return
      rungs = rungs.filter(r => r.rung !== 'leader')
      version++
    },
  }
}
