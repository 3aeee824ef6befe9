/** Dates and times as they are picked: by the wall clock of Asia/Shanghai and the server's now, whatever the computer's own. */
import dayjsConfig from '@rc-component/picker/generate/dayjs'
import { ConfigProvider, Flex, Grid } from 'antd'
import generatePicker from 'antd/es/date-picker/generatePicker'
import dayjs, { type Dayjs } from 'dayjs'
import utc from 'dayjs/plugin/utc'
import type { ComponentProps } from 'react'
import { date, now } from '../time.ts'

dayjs.extend(utc)

/** Asia/Shanghai keeps no daylight saving. */
const offsetH = 8

/** An instant as the wall clock there shows it, for the picker, which knows no zones. */
export const wallClock = (at: string | Date): Dayjs => dayjs(dayjs(at).utcOffset(offsetH).format('YYYY-MM-DDTHH:mm:ss'))

/** What was typed, digits and signs of half width. */
const parse: typeof dayjsConfig.locale.parse = (locale, typed, formats) => dayjsConfig.locale.parse(locale, typed.normalize('NFKC').trim(), formats)

const Picker = generatePicker<Dayjs>({ ...dayjsConfig, locale: { ...dayjsConfig.locale, parse }, getNow: () => wallClock(now()) })

const useNarrow = (): boolean => Grid.useBreakpoint().sm === false
/** So that calendar and clock stand beside each other on a phone, every day large enough for a finger. */
const NARROW = { components: { DatePicker: { cellWidth: 30, cellHeight: 30, timeColumnWidth: 44 } } }

/** How a day is shown, and then how it may be typed as well. */
export const DAY_FORMATS = ['YYYY-MM-DD', 'YYYY-M-D', 'YYYY/M/D', 'YYYY.M.D', 'YYYY年M月D日', 'YYYYMMDD']

type Props = Omit<ComponentProps<typeof Picker>, 'onChange' | 'value'> & { value: Dayjs | null, onChange: (day: Dayjs | null) => void }

export function DatePicker({ onChange, ...props }: Props) {
  return <ConfigProvider theme={useNarrow() ? NARROW : {}}><Picker {...props} onChange={day => onChange(day as Dayjs | null)} classNames={{ popup: { root: 'picker-popup' } }} /></ConfigProvider>
}

interface SpanProps { 'aria-label': string, 'placeholder': [string, string], from: string | undefined, until: string | undefined, onChange: (from: string | undefined, until: string | undefined) => void }

/** From one past day to another (`YYYY-MM-DD`): two calendars side by side, on a phone one after the other. */
export function PastSpan({ from, until, onChange, placeholder, ...label }: SpanProps) {
  const isFuture = (day: Dayjs): boolean => day.format('YYYY-MM-DD') > date(now())
  const textOf = (day: Dayjs | null | undefined): string | undefined => day?.format('YYYY-MM-DD')
  if (!useNarrow()) return <Picker.RangePicker {...label} value={from && until ? [dayjs(from), dayjs(until)] : null} placeholder={placeholder} disabledDate={isFuture} style={{ width: 240 }} onChange={days => onChange(textOf(days?.[0]), textOf(days?.[1]))} />
  // Two days make a span: the first that is picked is both until the other is.
  const pick = (name: string, value: string | undefined, set: (day: string | undefined) => void) => <DatePicker aria-label={`${label['aria-label']}：${name}`} placeholder={name} value={value ? dayjs(value) : null} disabledDate={isFuture} style={{ width: 136 }} onChange={day => set(textOf(day))} />
  return (
    <Flex gap={8}>
      {pick('自', from, day => onChange(day, day && (until && until > day ? until : day)))}
      {pick('至', until, day => onChange(day && (from && from < day ? from : day), day))}
    </Flex>
  )
}
