import type { Calendar } from './calendar.ts'
import type { Deadline } from './types.ts'

/** 为什么是这个时间: the reasons of a deadline, line by line, in Chinese. */
export interface Explanation {
  rule: string
  source: string
  startAt: string
  dueAt: string
  provisional: boolean
  lines: string[]
}

export declare function explainDeadline(d: Deadline, calendar: Calendar): Explanation
