/**
 * The fields that the procedures' forms are built from, and the few forms that several procedures share. Runs in Node
 * only, never in the workflow sandbox: workflows import the types.
 */
import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'
import { characters, halfWidth, readCaseNo, readDocumentNo } from '../../model/text.ts'

/** A procedure's forms: its application, one form per task, and those of a task's further actions. */
export interface Forms {
  application: z.ZodType
  /** Task → the form with which it is finished (`complete`, or `acknowledge` where the policy says so). */
  tasks: Record<string, z.ZodType>
  /** Task → action → form, for actions other than the finishing one. */
  actions?: Record<string, Record<string, z.ZodType>>
}

// ─── text ───────────────────────────────────────────────────────────────────────────────────────

// What is refused of every text (`oddIn`), for clients; also what a server drops or replaces may be typed.
const typedText = String.raw`^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ud800-\udfff\u202e\u202b\u2067]*$`

/** Text of at most `max` characters as a person counts them, and not of nothing. Every text comes here cleaned (`checkForm`). */
const text = (title: string, max: number, description?: string) => z.string().trim().min(1).superRefine((written, ctx) => {
  const count = written.length > max ? characters(written) : 0
  if (count > max) ctx.addIssue({ code: 'custom', message: `最多 ${max} 字，现有 ${count} 字` })
}).meta({ ...describe(title, description), maxLength: max, pattern: typedText })

/** One line of text: not empty, at most `max` characters. */
export const line = (title: string, max: number, description?: string) =>
  text(title, max, description).overwrite(written => written.replaceAll('\t', ' ')).refine(written => !written.includes('\n'), '只能写一行，不能换行')

/** Text of several lines: not empty, at most `max` characters. */
export const prose = (title: string, description?: string, max = 4000) => text(title, max, description)

/** The number of a document as it is written officially, 〔2026〕 and digits of half width, however it was typed. */
export const documentNo = (title: string, max: number, description?: string) => line(title, max, description).overwrite(readDocumentNo)

/** What may stand among the characters of a number or code and is dropped: blanks, and marks that were pasted along. */
const BLANKS = String.raw`\s\u00ad\u200b-\u200f\u202a\u202c\u202d\u2060-\u2069`

/**
 * A number or code of a fixed form: `read` brings what was typed, in half width, to the way in which it is kept; `form` is that of a
 * kept one. `typed`: of which characters one may be made as it is typed, for clients; every accepted one is.
 */
const coded = (title: string, { read, form, wrong, typed, description }: { read: (text: string) => string, form: RegExp, wrong: string, typed: string, description?: string | undefined }) =>
  z.string().overwrite(text => read(halfWidth(text).trim())).regex(form, wrong).meta({ ...describe(title, description), pattern: `^[${BLANKS}${typed}]+$` })

const compact = (text: string) => text.replaceAll(' ', '')

/** One of a few values, each with its Chinese label (as JSON Schema `oneOf` of `const` and `title`). */
export const choice = <Value extends string>(title: string, labels: Record<Value, string>, description?: string) =>
  z.enum(Object.keys(labels) as Value[]).meta({
    ...describe(title, description),
    oneOf: Object.entries(labels).map(([value, label]) => ({ const: value, title: label })),
  })

export const yesNo = (title: string, description?: string) => z.boolean().meta(describe(title, description))

/** A name of the system's own, such as that of a task. */
export const id = (title: string, description?: string) =>
  coded(title, { read: text => text, form: /^[a-z][a-z0-9-]{1,63}$/, wrong: '只能由小写字母、数字和连字符组成，以字母开头，2 至 64 个字符', typed: String.raw`a-z0-9ａ-ｚ０-９\u002d\u2010-\u2015－`, description })

/** What the record and the policies call by these words are no units and persons of the directory: nobody may be mistaken for them. */
const RESERVED = ['applicant', 'party', 'filer', 'holder', 'leaders', 'case', 'system', 'officer', 'anonymous']

/** The id of something new in the directory. */
export const newId = (title: string) => id(title).refine(text => !RESERVED.includes(text), '是系统保留的名称，请换一个')

/** What an id names in the directory. */
export type Referent = 'unit' | 'person' | 'enterprise' | 'case'

// `$comment` is the one keyword of JSON Schema that clients can read and every validator passes over.
const refersTo = (referent: Referent) => (title: string, description?: string) => id(title, description).meta({ $comment: referent })

/** Ids of the directory; the API checks that there is such a unit, person or enterprise, and clients offer them to choose from. */
export const unitId = refersTo('unit')
export const personId = refersTo('person')
export const enterpriseId = refersTo('enterprise')

/** A person or an outside system that did something, as the record has it. */
export const actorId = (title: string) => line(title, 80).meta({ $comment: 'person' satisfies Referent })

/** Number of a case that is not restricted, however it was typed (`ea 12`); whether there is one is checked like the ids above. */
export const caseNumber = (title: string, description?: string) =>
  line(title, 40, description).overwrite(text => readCaseNo(text) ?? text).meta({ $comment: 'case' satisfies Referent })

/** Different units, at most ten. */
export const unitIds = (title: string, description?: string) =>
  z.array(unitId('编号')).max(10).refine(list => new Set(list).size === list.length, '不能重复').meta(describe(title, description))

/** `(0575) 8701 1234` → `0575-87011234`, `转 801`, `ext.801`, `分机801` → `转801`. */
function readPhone(text: string): string {
  const [, number = text, extension] = /^(.*?)[ ,;]*(?:转|分机号?|ext\.?|x|#)[ :]*(\d{1,6})$/i.exec(text) ?? []
  const plain = number.replace(/^(\+?(?:86)?)[ -]*\( *(0\d{2,3}) *\)[ -]*/, '$1$2-').replace(/^(0\d{2,3}) +(?=\d)/, '$1-').replace(/ *- */g, '-').replace(/(?<=\d) (?=\d)/g, '')
  return extension === undefined ? plain : `${plain}转${extension}`
}

/** A telephone number, with or without area code, country code and extension; kept like `0575-87011234转801`. */
export const phone = (title: string) => coded(title, {
  read: readPhone, form: /^\+?\d[\d -]{4,18}\d(转\d{1,6})?$/, wrong: '电话号码格式不对，应如 13800000000、0575-87011234 或 0575-87011234转801',
  typed: String.raw`0-9０-９+＋()（）\u002d\u2010-\u2015－−转分机号eExXtTＥＸＴｅｘｔ.．:：,，;；#＃`,
})

/**
 * Number of an identity document. Only its form is checked, without the check digit: passports and permits
 * of foreign and Hong Kong, Macao or Taiwan persons are as good. Kept without blanks, in capitals.
 */
export const idNumber = (title: string) => coded(title, {
  read: text => compact(text).toUpperCase(), form: /^[0-9A-Z()-]{5,20}$/, wrong: '证件号码格式不对，应为 5 至 20 位字母、数字', typed: String.raw`0-9A-Za-z０-９Ａ-Ｚａ-ｚ()（）\u002d\u2010-\u2015－`,
})

// GB 32100-2015: digits and capital letters without I, O, S, V, Z; the last is a check character modulo 31.
const USCC = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const isUscc = (code: string) => {
  const sum = code.slice(0, 17).split('').reduce((total, c, i) => total + USCC.indexOf(c) * (3 ** i % 31), 0)
  return USCC[(31 - sum % 31) % 31] === code[17]
}

/** 统一社会信用代码 with its check character; kept without blanks and hyphens, in capitals. */
export const uscc = (title: string) => coded(title, {
  read: text => text.replace(/[ -]/g, '').toUpperCase(), form: /^[0-9A-HJ-NPQRTUWXY]{18}$/, wrong: '应为 18 位数字和大写字母', typed: String.raw`0-9A-Za-z０-９Ａ-Ｚａ-ｚ\u002d\u2010-\u2015－`,
}).refine(isUscc, '校验码不符，请核对')

/** CAS 号; kept like `108-88-3`. */
export const casNumber = (title: string) => coded(title, {
  read: compact, form: /^\d{2,7}-\d{2}-\d$/, wrong: 'CAS 号格式不对，如 108-88-3', typed: String.raw`0-9０-９\u002d\u2010-\u2015－−`,
})

/** An address of electronic mail. */
export const email = (title: string) => z.string().overwrite(text => compact(halfWidth(text))).max(254).check(z.email()).meta({ title, pattern: String.raw`^[^@＠]+[@＠][^@＠]+$` })

// ─── time ───────────────────────────────────────────────────────────────────────────────────────

const zone = 'Asia/Shanghai'

/** The date `days` from today in Asia/Shanghai, `YYYY-MM-DD`. */
export const daysFromToday = (days: number) => Temporal.Now.plainDateISO(zone).add({ days }).toString()

/** The instant `hours` from now as wall clock of Asia/Shanghai, with offset. */
export const hoursFromNow = (hours: number) =>
  Temporal.Now.zonedDateTimeISO(zone).round('second').add({ hours }).toString({ timeZoneName: 'never' })

/** Years that a case can be about. Of what lies further off no deadline could be counted, and the case would stand still. */
const isConceivable = (time: string) => time >= '1900' && time < '2200'
const inconceivable = '年份应在 1900 至 2199 之间'

/** `2026/1/5`, `2026.1.5`, `2026年1月5日`, `20260105` → `2026-01-05`; anything else as it is. */
function readDate(text: string): string {
  const typed = compact(halfWidth(text))
  const [, year, month, day] = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?$/.exec(typed) ?? /^(\d{4})(\d\d)(\d\d)$/.exec(typed) ?? []
  return year === undefined ? typed : `${year}-${month!.padStart(2, '0')}-${day!.padStart(2, '0')}`
}

/** A date, however it was typed; kept as `YYYY-MM-DD`. */
export const date = (title: string, description?: string) =>
  z.string().overwrite(readDate).check(z.iso.date('须为有效日期，如 2026-01-31')).refine(isConceivable, inconceivable)
    .meta({ ...describe(title, description), pattern: String.raw`^[${BLANKS}0-9０-９/.．／\u002d\u2010-\u2015－−年月日号]+$` })

/** A date that is not later than today in Asia/Shanghai. */
export const pastDate = (title: string, description?: string) =>
  date(title).refine(day => day <= daysFromToday(0), '不能晚于今天').meta(describe(title, description))

/** A day by which something is to be done: today in Asia/Shanghai or later. */
export const dueDate = (title: string, description?: string) =>
  date(title).refine(day => day >= daysFromToday(0), '不能早于今天').meta(describe(title, description))

/** Offsets that clocks somewhere have; the record takes no odder ones. */
const hasRealOffset = (time: string) => {
  const [, hours, minutes] = /([+-]\d{2}):(\d{2})$/.exec(time) ?? []
  const offset = hours === undefined ? 0 : Number(hours) * 60 + (hours.startsWith('-') ? -1 : 1) * Number(minutes)
  return offset >= -12 * 60 && offset <= 14 * 60
}
/** Down to a billionth of a second, with offset. */
const maxInstantLength = 35

/** An instant: ISO 8601 with offset. The one schema of every instant that comes in: what passes it, the record takes. */
export const instant = (title: string, description?: string) =>
  z.iso.datetime({ offset: true, error: '须为带时区的时间，如 2026-01-31T09:00:00+08:00' }).refine(time => time.length <= maxInstantLength, '时间写得过细').refine(isConceivable, inconceivable).refine(hasRealOffset, '时区应在 -12:00 至 +14:00 之间').meta(describe(title, description))

/** An instant that has come: what somebody says happened then. */
export const pastInstant = (title: string, description?: string) =>
  instant(title).refine(at => Date.parse(at) <= Date.now(), '不能晚于现在').meta(describe(title, description))

// ─── what is only read ──────────────────────────────────────────────────────────────────────────

/** What an id of a form or of a fact can name: in the directory, or in the case itself (a round of a task, a step of the procedure). */
export type Named = Referent | 'task' | 'step'

/** A round of a task of the same case, by its id; read by its title. */
export const taskId = (title: string) => line(title, 128).meta({ $comment: 'task' satisfies Named })

/** A step of the procedure, by its name in the policy; read by its title. */
export const stepName = (title: string) => id(title).meta({ $comment: 'step' satisfies Named })

/** A length of time, and until when it lasts: read as “3 个工作日，至 2026-12-11 23:59”. */
export const span = (title: string) =>
  z.strictObject({ n: z.int().meta({ title: '数量' }), unit: z.string().meta({ title: '单位' }), until: instant('至').optional() }).meta({ title, $comment: 'span' })

/** For programs: kept, and never shown to people. */
export const unread = (title: string) => z.json().meta({ title, $comment: 'unread' })

/** A card that a check has shown. */
export const card = () => choice('出牌', { yellow: '黄牌', red: '红牌' }).optional()

// ─── rules between fields ───────────────────────────────────────────────────────────────────────

/** Says that `field` is missing, when it is. */
export function need<Form extends object>(form: Form, field: keyof Form & string, ctx: z.RefinementCtx, message: string): void {
  if (form[field] === undefined) blame(ctx, [field], message)
}

/** Says what is wrong at `path`. */
export function blame(ctx: z.RefinementCtx, path: (string | number)[], message: string): void {
  ctx.addIssue({ code: 'custom', path, message })
}

// ─── forms that several procedures share ────────────────────────────────────────────────────────

/** 签收: there is nothing to fill in. */
export const Acknowledge = z.strictObject({}).meta({ title: '签收', examples: [{}] })

/** 拒收: back to the sender, with a reason. */
export const Refuse = z.strictObject({ reason: prose('拒收理由') })
  .meta({ title: '拒收', examples: [{ reason: '该事项不属于本部门职责，建议转其他部门办理。' }] })

/** 补正: what the applicant adds to the application. */
export const Supplement = z.strictObject({
  text: prose('补正说明'),
  materials: z.array(z.strictObject({ name: line('材料名称', 100), ref: line('材料编号或存放位置', 200) }).meta({ title: '材料' }))
    .max(50).meta({ title: '补正材料', description: '照片、扫描件请在下面的“材料”中上传或者拍照；纸质材料在这里写明名称和存放位置。' }).optional(),
}).meta({ title: '补正', examples: [{ text: '已按通知补齐。', materials: [{ name: '情况说明', ref: '附件 1' }] }] })
export type Supplement = z.infer<typeof Supplement>

/** 延期审批, by somebody other than the one who asks. */
export const ApproveExtension = z.strictObject({ approve: yesNo('同意延期'), reason: prose('理由') })
  .meta({ title: '延期审批', examples: [{ approve: true, reason: '需向外地单位调取材料，情况属实。' }] })
export type ApproveExtension = z.infer<typeof ApproveExtension>

/** How a matter came in, when an officer files it (`channel` beside the application). */
export const Channel = choice('来源渠道', {
  'window': '中心窗口', 'sub-centre': '分中心', 'liaison-room': '联络室', 'visit': '走访', 'forum': '恳谈会', 'online': '线上', 'phone': '电话',
})
export type Channel = z.infer<typeof Channel>

function describe(title: string, description?: string) {
  return description ? { title, description } : { title }
}
