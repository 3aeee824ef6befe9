/** Dates and times as they are picked: by the wall clock of Asia/Shanghai and the server's now, whatever the computer's own. */
import dayjsConfig from '@rc-component/picker/generate/dayjs'
import generatePicker from 'antd/es/date-picker/generatePicker'
import dayjs, { type Dayjs } from 'dayjs'
import utc from 'dayjs/plugin/utc'
import { now } from '../time.ts'

dayjs.extend(utc)

/** Asia/Shanghai keeps no daylight saving. */
const offsetH = 8

/** An instant as the wall clock there shows it, for the picker, which knows no zones. */
export const wallClock = (at: string | Date): Dayjs => dayjs(dayjs(at).utcOffset(offsetH).format('YYYY-MM-DDTHH:mm:ss'))

/** What was typed, digits and signs of half width. */
const parse: typeof dayjsConfig.locale.parse = (locale, typed, formats) => dayjsConfig.locale.parse(locale, typed.normalize('NFKC').trim(), formats)

export const DatePicker = generatePicker<Dayjs>({ ...dayjsConfig, locale: { ...dayjsConfig.locale, parse }, getNow: () => wallClock(now()) })

/** How a day is shown, and then how it may be typed as well. */
export const DAY_FORMATS = ['YYYY-MM-DD', 'YYYY-M-D', 'YYYY/M/D', 'YYYY.M.D', 'YYYY年M月D日', 'YYYYMMDD']
