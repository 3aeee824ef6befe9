import type { ClockUnit, Ladder } from './types.ts'

/** 黄牌 at due, 红牌 two workdays later, 局领导 one workday after an unacknowledged red card. */
const inWorkdays: Ladder = {
  reminders: [0.8],
  red: { n: 2, unit: 'workday' },
  leader: { n: 1, unit: 'workday' },
}

/**
 * The ladder a clock gets by its unit when its policy gives none.
 * A policy may give its own; custody clocks in days should, because two workdays can be ten days away.
 */
export const LADDERS: Record<ClockUnit, Ladder> = {
  workday: inWorkdays,
  day: inWorkdays,
  month: inWorkdays,
  year: inWorkdays,
  hour: { reminders: [0.8], red: { n: 2, unit: 'hour' }, leader: { n: 1, unit: 'hour' } },
  second: { reminders: [0.8], red: { n: 10, unit: 'second' }, leader: { n: 10, unit: 'second' } },
}
