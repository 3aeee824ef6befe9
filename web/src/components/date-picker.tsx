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

export const DatePicker = generatePicker<Dayjs>({ ...dayjsConfig, getNow: () => wallClock(now()) })
