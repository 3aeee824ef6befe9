import type { Calendar } from './calendar.ts'
import type { Deadline, Ladder, RungAt } from './types.ts'

/** The instants of the ladder around a deadline, sorted: reminders, yellow at due, red, leader. */
export declare function planLadder(d: Deadline, ladder: Ladder, calendar: Calendar): RungAt[]
