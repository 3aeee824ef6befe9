import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { CalendarYears } from './calendar.ts'

/** A calendar as delivered in `data/`, with where it was taken from. */
export const CalendarFile = z.strictObject({
  source: z.string('缺少来源（source）').min(1, '缺少来源（source）'),
  note: z.string('缺少说明（note）'),
  years: CalendarYears,
})
export type CalendarFile = z.infer<typeof CalendarFile>

/** Reads and checks a calendar file, by default the one delivered; throws a `ZodError` with Chinese messages. */
export function readCalendarFile(path: string | URL = new URL('../data/holidays-cn.json', import.meta.url)): CalendarFile {
  return CalendarFile.parse(JSON.parse(readFileSync(path, 'utf8')))
}
