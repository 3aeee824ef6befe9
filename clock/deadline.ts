import type { Calendar } from './calendar.ts'
import type { Clock, Deadline, Extension } from './types.ts'

/** The deadline of a clock that starts at `startAt`. */
export declare function planDeadline(clock: Clock, startAt: string, calendar: Calendar): Deadline
/** Stops the clock; `dueAt` stays until it is resumed. */
export declare function pauseDeadline(d: Deadline, at: string, reason: string): Deadline
/** Starts the clock again: the deadline moves by what remained. */
export declare function resumeDeadline(d: Deadline, at: string, calendar: Calendar): Deadline
/** Grants an extension: once. */
export declare function extendDeadline(d: Deadline, extension: Omit<Extension, 'dueAt'>, calendar: Calendar): Deadline
/** Computes a deadline again on another calendar, its pauses and extensions replayed. */
export declare function replanDeadline(d: Deadline, calendar: Calendar): Deadline
