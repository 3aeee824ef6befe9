/**
 * The fields that the procedures' forms are built from, and the few forms that several procedures share. Runs in Node
 * only, never in the workflow sandbox: workflows import the types.
 */
import { Temporal } from 'temporal-polyfill'
import { z } from 'zod'

/** A procedure's forms: its application, one form per task, and those of a task's further actions. */
export interface Forms {
  application: z.ZodType
  /** Task → the form with which it is finished (`complete`, or `acknowledge` where the policy says so). */
  tasks: Record<string, z.ZodType>
  /** Task → action → form, for actions other than the finishing one. */
  actions?: Record<string, Record<string, z.ZodType>>
}

// ─── text ───────────────────────────────────────────────────────────────────────────────────────

// Neither control characters, nor halves of surrogate pairs (jsonb refuses them), nor marks that reverse
// the reading direction and so make a text look like another.
const oneLine = /^[^\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]*$/u
// oxlint-disable-next-line no-control-regex -- all of \p{Cc} but tab and line breaks
const manyLines = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\p{Cs}\u202a-\u202e\u2066-\u2069]*$/u
const badCharacter = '含有控制字符等不允许的字符'

/** One line of text: trimmed, not empty, at most `max` characters. */
export const line = (title: string, max: number, description?: string) =>
  z.string().trim().min(1).max(max).regex(oneLine, badCharacter).meta(describe(title, description))

/** Text of several lines: trimmed, not empty, at most 4000 characters. */
export const prose = (title: string, description?: string) =>
  z.string().trim().min(1).max(4000).regex(manyLines, badCharacter).meta(describe(title, description))

/** One of a few values, each with its Chinese label (as JSON Schema `oneOf` of `const` and `title`). */
export const choice = <Value extends string>(title: string, labels: Record<Value, string>, description?: string) =>
  z.enum(Object.keys(labels) as Value[]).meta({
    ...describe(title, description),
    oneOf: Object.entries(labels).map(([value, label]) => ({ const: value, title: label })),
  })

export const yesNo = (title: string, description?: string) => z.boolean().meta(describe(title, description))

/** A name of the system's own, such as that of a task. */
export const id = (title: string, description?: string) =>
  z.string().regex(/^[a-z][a-z0-9-]{1,63}$/, '编号只能由小写字母、数字和连字符组成').meta(describe(title, description))

/** What an id names in the directory. */
export type Referent = 'unit' | 'person' | 'enterprise' | 'case'

// `$comment` is the one keyword of JSON Schema that clients can read and every validator passes over.
const refersTo = (referent: Referent) => (title: string, description?: string) => id(title, description).meta({ $comment: referent })

/** Ids of the directory; the API checks that there is such a unit, person or enterprise, and clients offer them to choose from. */
export const unitId = refersTo('unit')
export const personId = refersTo('person')
export const enterpriseId = refersTo('enterprise')

/** Number of a case that is not restricted; whether there is one is checked like the ids above. */
export const caseNumber = (title: string, description?: string) => line(title, 40, description).meta({ $comment: 'case' satisfies Referent })

/** Different units, at most ten. */
export const unitIds = (title: string, description?: string) =>
  z.array(unitId('编号')).max(10).refine(list => new Set(list).size === list.length, '不能重复').meta(describe(title, description))

/** A telephone number, with or without area code, country code and extension. */
export const phone = (title: string) =>
  z.string().trim().regex(/^\+?\d[\d -]{4,18}\d$/, '电话号码格式不对').meta({ title })

/**
 * Number of an identity document. Only its form is checked, without the check digit: passports and permits
 * of foreign and Hong Kong, Macao or Taiwan persons are as good.
 */
export const idNumber = (title: string) =>
  z.string().trim().regex(/^[0-9A-Za-z()-]{5,20}$/, '证件号码格式不对').meta({ title })

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

/** A date, `YYYY-MM-DD`. */
export const date = (title: string, description?: string) =>
  z.iso.date('须为有效日期，如 2026-01-31').refine(isConceivable, inconceivable).meta(describe(title, description))

/** A date that is not later than today in Asia/Shanghai. */
export const pastDate = (title: string, description?: string) =>
  date(title).refine(day => day <= daysFromToday(0), '不能晚于今天').meta(describe(title, description))

/** A day by which something is to be done: today in Asia/Shanghai or later. */
export const dueDate = (title: string, description?: string) =>
  date(title).refine(day => day >= daysFromToday(0), '不能早于今天').meta(describe(title, description))

/** An instant: ISO 8601 with offset. */
export const instant = (title: string, description?: string) =>
  z.iso.datetime({ offset: true, error: '须为带时区的时间，如 2026-01-31T09:00:00+08:00' }).refine(isConceivable, inconceivable).meta(describe(title, description))

/** An instant that has come: what somebody says happened then. */
export const pastInstant = (title: string, description?: string) =>
  instant(title).refine(at => Date.parse(at) <= Date.now(), '不能晚于现在').meta(describe(title, description))

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
    .max(50).meta({ title: '补正材料' }).optional(),
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
