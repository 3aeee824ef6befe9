/** Forms of the duty roster (中心值班): one for each action, with Chinese titles and an example. */
import { z } from 'zod'
import { blame, caseNumber, choice, date, daysFromToday, hoursFromNow, instant, line, need, personId, prose, unitId, yesNo } from './fields.ts'

const month = (title = '月份') => z.string().regex(/^(19|20|21)\d\d-(0[1-9]|1[0-2])$/, '须为年月，如 2026-12').meta({ title })
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, '须为时刻，如 08:00').meta({ title: '开始时刻' })
const reason = line('理由', 200)
const HOUR_MS = 3_600_000

/** A shift: it ends after it begins, and lasts at most 24 hours. */
function checkHours({ from, until }: { from: string, until: string }, ctx: z.RefinementCtx): void {
  const hours = (Date.parse(until) - Date.parse(from)) / HOUR_MS
  if (hours <= 0) blame(ctx, ['until'], '应晚于开始时间')
  else if (hours > 24) blame(ctx, ['until'], '一个班最长 24 小时')
}

const shifts = z.array(z.strictObject({ startsAt: time, hours: z.int().min(1).max(24).meta({ title: '小时数' }) }).meta({ title: '班次' })).min(1).max(4).meta({ title: '班次' })
const pattern = {
  month: month('排哪个月'), shifts, days: choice('哪些天', { 'every-day': '每日', 'workdays': '工作日' }), from: date('自何日起轮'),
  startIndex: z.int().min(0).max(59).default(0).meta({ title: '从第几人起', description: '0 为轮值次序中的第一个' }),
}
const nextMonth = daysFromToday(31).slice(0, 7)

/** 排班规律 of persons, laid over a month. */
export const PlanForm = z.strictObject({ ...pattern, members: z.array(personId('值班人')).min(1).max(60).meta({ title: '轮值次序' }) })
  .refine(({ members, startIndex }) => startIndex < members.length, { path: ['startIndex'], error: '超出了轮值人数' })
  .meta({ title: '排班', examples: [{ month: nextMonth, members: ['desk-1', 'desk-2', 'desk-3'], shifts: [{ startsAt: '08:00', hours: 12 }, { startsAt: '20:00', hours: 12 }], days: 'every-day', from: daysFromToday(0), startIndex: 0 }] })

/** 轮驻规律: departments in turn, one a workday. */
export const PlanRotationForm = z.strictObject({ month: pattern.month, from: pattern.from, startIndex: pattern.startIndex, members: z.array(unitId('单位')).min(2).max(12).refine(list => new Set(list).size === list.length, '不能重复').meta({ title: '轮驻次序' }) })
  .refine(({ members, startIndex }) => startIndex < members.length, { path: ['startIndex'], error: '超出了轮驻单位数' })
  .meta({ title: '轮驻安排', examples: [{ month: nextMonth, members: ['industry-commerce', 'market-regulation', 'court', 'procuratorate', 'tax', 'construction'], from: daysFromToday(0), startIndex: 0 }] })

export const AddForm = z.strictObject({ person: personId('值班人'), from: instant('开始时间'), until: instant('结束时间'), reason: reason.meta({ title: '理由', description: '月值班表已公布的，或者休息不足须紧急安排的，须写明' }).optional() })
  .superRefine(checkHours).meta({ title: '加一个班', examples: [{ person: 'desk-3', from: hoursFromNow(48), until: hoursFromNow(60), reason: '节前加强值守。' }] })

export const PublishForm = z.strictObject({
  month: month(),
  gaps: z.array(z.strictObject({ from: instant('缺岗自'), reason }).meta({ title: '缺岗' })).max(100).meta({ title: '签认的缺岗', description: '没有人值守的时段，逐个写明开始时间和理由' }).default([]),
  emergency: line('休息不足的理由', 200, '有人休息不足而须紧急安排的，由负责人在此签认').optional(),
}).meta({ title: '公布值班表', examples: [{ month: nextMonth, gaps: [] }] })

export const ChangeForm = z.strictObject({ person: personId('值班人'), from: instant('开始时间'), until: instant('结束时间') }).superRefine(checkHours)
  .meta({ title: '更改', examples: [{ person: 'desk-2', from: hoursFromNow(48), until: hoursFromNow(60) }] })

const shiftRef = (title: string) => line(title, 200)
export const SwapForm = z.strictObject({ mine: shiftRef('本人班').optional(), theirs: shiftRef('对方的班').optional(), giveTo: personId('请谁顶班').optional(), reason })
  .superRefine((form, ctx) => {
    if ((form.theirs === undefined) === (form.giveTo === undefined)) blame(ctx, ['giveTo'], '与对方的班对换，或者请人顶班，须填写其中一项')
  }).meta({ title: '换班', examples: [{ giveTo: 'desk-3', reason: '家中有事。' }] })
export const AcceptForm = z.strictObject({ accept: yesNo('同意换班') }).meta({ title: '答复换班', examples: [{ accept: true }] })
export const ConfirmForm = z.strictObject({ confirm: yesNo('批准换班'), reason: reason.optional() })
  .superRefine((form, ctx) => { if (!form.confirm) need(form, 'reason', ctx, '不批准的，须写明理由') }).meta({ title: '审定换班', examples: [{ confirm: true }] })

export const FillForm = z.strictObject({ person: personId('补班人'), reason, emergency: yesNo('休息不足，紧急安排').optional() })
  .meta({ title: '补班', examples: [{ person: 'desk-3', reason: '原值班人病假。' }] })
export const NameForm = z.strictObject({ person: personId('轮驻人员') }).meta({ title: '确定轮驻人员', examples: [{ person: 'court-1' }] })
export const MakeUpForm = z.strictObject({ day: date('补驻日期'), person: personId('轮驻人员').optional() }).meta({ title: '补驻', examples: [{ day: daysFromToday(3) }] })

export const CheckInForm = z.strictObject({ by: choice('由谁登记', { self: '本人', outgoing: '交班人代记' }).optional() }).meta({ title: '到岗', examples: [{}] })

const lines = (title: string, max = 200) => z.array(line('内容', max)).max(50).default([]).meta({ title })
/** 交班; the open duty tasks are added by the system. */
export const HandOver = z.strictObject({
  waiting: lines('在等人员、事项'),
  promises: z.array(z.strictObject({ whom: line('对谁', 60), what: line('承诺什么', 200), by: instant('何时以前') }).meta({ title: '承诺' })).max(50).default([]).meta({ title: '已承诺' }),
  passedOn: lines('已转 110 等'),
  equipment: choice('装备、钥匙', { ok: '齐全', missing: '缺失' }),
  equipmentNote: line('缺失说明', 200).optional(), note: prose('其他').optional(),
}).superRefine((form, ctx) => { if (form.equipment === 'missing') need(form, 'equipmentNote', ctx, '须写明缺失了什么') })
  .meta({ title: '交班', examples: [{ waiting: ['示例袜业代表 9 时再来'], promises: [{ whom: '示例袜业', what: '答复开锁登记', by: hoursFromNow(2) }], passedOn: [], equipment: 'ok' }] })

export const ReceiveForm = z.strictObject({ result: choice('接收情况', { received: '接收', remarks: '接收并说明', refused: '拒收' }), text: prose('说明').optional() })
  .superRefine((form, ctx) => { if (form.result !== 'received') need(form, 'text', ctx, '须写明理由') }).meta({ title: '接班', examples: [{ result: 'received' }] })
export const SettleForm = z.strictObject({ text: prose('裁定') }).meta({ title: '裁定交接', examples: [{ text: '钥匙由装备室补发，接班人接收。' }] })

export const AttendForm = z.strictObject({
  from: instant('何时'), hours: z.int().min(1).max(8).meta({ title: '小时数' }), mode: choice('方式', { onsite: '到场', online: '视频' }),
  caseNo: caseNumber('案件').optional(), why: line('事由', 200), urgent: yesNo('紧急', '紧急的 1 小时内答复，其他 1 个工作日内答复'),
}).meta({ title: '请求随驻', examples: [{ from: hoursFromNow(2), hours: 1, mode: 'onsite', why: '企业邮箱被盗', urgent: true }] })
export const AnswerForm = z.strictObject({ person: personId('派谁').optional(), otherFrom: instant('另定时间').optional(), refuse: yesNo('不派').optional(), reason: reason.optional() })
  .superRefine((form, ctx) => {
    if ([form.person, form.otherFrom, form.refuse || undefined].filter(one => one !== undefined).length !== 1) blame(ctx, ['person'], '派人、另定时间、不派，须选其中一项')
    if (form.refuse) need(form, 'reason', ctx, '不派的，须写明理由')
  }).meta({ title: '答复随驻', examples: [{ person: 'cyber-1' }] })
export const DecideForm = z.strictObject({ person: personId('派谁').optional(), reason }).meta({ title: '裁定随驻', description: '派人的写明派谁；维持不派的只写理由', examples: [{ reason: '请另约时间，本日不派。' }] })
export const AttendedForm = z.strictObject({ did: prose('做了什么'), until: instant('至何时') }).meta({ title: '随驻记录', examples: [{ did: '到场指导固定邮件证据。', until: hoursFromNow(3) }] })

export const ReceptionForm = z.strictObject({
  group: line('来访单位', 100, '不写人名'), people: z.int().min(1).max(200).meta({ title: '人数' }), at: instant('何时'), minutes: z.int().min(15).max(240).meta({ title: '分钟' }), guide: personId('陪同人'),
}).meta({ title: '接待参观', examples: [{ group: '示例县公安局', people: 12, at: hoursFromNow(48), minutes: 60, guide: 'service-centre-1' }] })

export const RespondForm = z.strictObject({ filledBy: personId('由谁补上').optional(), accepted: z.literal(true).meta({ title: '接受缺岗', description: '只限部门轮驻' }).optional(), reason })
  .superRefine((form, ctx) => { if ((form.filledBy === undefined) === (form.accepted === undefined)) blame(ctx, ['filledBy'], '补班，或者接受缺岗，须选其中一项') })
  .meta({ title: '答复缺岗', examples: [{ filledBy: 'desk-3', reason: '已电话通知。' }] })
const Nothing = z.strictObject({}).meta({ title: '删除', examples: [{}] })

/** Action → form; `plan` of the rotation has one of its own. */
export const rosterForms = {
  'plan': PlanForm, 'add': AddForm, 'publish': PublishForm, 'attend': AttendForm, 'reception': ReceptionForm, 'change': ChangeForm, 'remove': Nothing, 'swap': SwapForm, 'fill': FillForm, 'rotation': NameForm,
  'make-up': MakeUpForm, 'check-in': CheckInForm, 'hand-over': HandOver, 'accept': AcceptForm, 'confirm': ConfirmForm, 'answer': AnswerForm, 'decide': DecideForm, 'attended': AttendedForm,
  'receive': ReceiveForm, 'settle': SettleForm, 'respond': RespondForm,
} satisfies Record<string, z.ZodType>
/** The form of an action on the roster. */
export const rosterForm = (action: keyof typeof rosterForms, isRotation = false): z.ZodType => action === 'plan' && isRotation ? PlanRotationForm : rosterForms[action]
