/** Forms of 企业信用修复: the enterprise's application, and each step to the decision and the objection. */
import { z } from 'zod'
import { choice, daysFromToday, documentNo, line, need, pastDate, prose, Supplement, unitId, yesNo } from '../kit/fields.ts'

/** 失信程度. */
export const SEVERITIES = { minor: '轻微', general: '一般', serious: '严重' }

const severity = (title: string, description: string) => choice(title, SEVERITIES, description)

/** 申请. */
export const Application = z.strictObject({
  decisionNo: documentNo('处罚决定书文号', 100),
  decidedOn: pastDate('处罚决定日期'),
  decidedBy: unitId('作出决定的单位'),
  severity: severity('失信程度', '以决定书或公示信息为准'),
  dutiesDone: z.array(z.strictObject({ duty: prose('已履行的义务'), proof: line('证明材料', 200) }).meta({ title: '义务' }))
    .min(1).max(50).meta({ title: '义务履行情况' }),
  commitment: z.literal(true, '须作出信用承诺').meta({ title: '信用承诺', description: '承诺材料真实、不再发生同类违法失信行为' }),
  remindWhenEligible: yesNo('到期提醒', '如未满最短公示期，到可以申请之日提醒我').optional(),
}).meta({
  title: '信用修复申请',
  examples: [{
    decisionNo: '示例公（治）行罚决字〔2026〕1号', decidedOn: daysFromToday(-120), decidedBy: 'public-order', severity: 'general',
    dutiesDone: [{ duty: '缴纳罚款', proof: '缴款凭证' }, { duty: '完成整改', proof: '整改验收意见书' }], commitment: true,
  }],
})
export type Application = z.infer<typeof Application>

/** 受理. */
export const Accept = z.strictObject({
  decision: choice('受理意见', { accept: '受理', supplement: '补正', reject: '不予受理' }),
  complex: yesNo('复杂案件', '办理期限按复杂案件计算').optional(),
  severity: severity('核定的失信程度', '与申请不一致时填写，以决定书为准').optional(),
  decidedOn: pastDate('核定的决定日期', '与申请不一致时填写，以决定书为准').optional(),
  decidedBy: unitId('核定的决定单位', '与申请不一致时填写，由该单位核查').optional(),
  missing: prose('应补正的材料', '一次告知全部内容；补正只能通知一次').optional(),
  reason: prose('不予受理的理由', '不属于本机关的，告知应向何处申请').optional(),
}).superRefine((form, ctx) => {
  if (form.decision === 'supplement') need(form, 'missing', ctx, '补正须一次告知缺少的材料')
  if (form.decision === 'reject') need(form, 'reason', ctx, '不予受理须写明理由')
}).meta({
  title: '受理',
  examples: [{ decision: 'accept' }, { decision: 'accept', complex: true, severity: 'serious' }, { decision: 'supplement', missing: '整改验收意见书' }, { decision: 'reject', reason: '该决定由市场监管部门作出，请向该部门申请。' }],
})
export type Accept = z.infer<typeof Accept>

/** 核查, by the unit that penalised. */
export const Verify = z.strictObject({ fulfilled: yesNo('义务已履行'), text: prose('核查情况') })
  .meta({ title: '核查', examples: [{ fulfilled: true, text: '罚款已缴清，现场复查整改到位。' }] })
export type Verify = z.infer<typeof Verify>

/** 审核. */
export const Review = z.strictObject({ agree: yesNo('同意核查意见'), text: prose('审核意见') })
  .meta({ title: '审核', examples: [{ agree: true, text: '材料齐全，符合修复条件。' }] })
export type Review = z.infer<typeof Review>

/** 决定. */
export const Decide = z.strictObject({ decision: choice('决定', { repair: '准予修复', refuse: '不予修复' }), text: prose('决定理由') })
  .meta({ title: '决定', examples: [{ decision: 'repair', text: '义务已全部履行，准予信用修复。' }, { decision: 'refuse', text: '整改未到位，不予修复。' }] })
export type Decide = z.infer<typeof Decide>

/** 异议, by the enterprise, once. */
export const Objection = z.strictObject({ object: yesNo('提出异议'), grounds: prose('异议理由').optional() })
  .superRefine((form, ctx) => { if (form.object) need(form, 'grounds', ctx, '提出异议须写明理由') })
  .meta({ title: '异议', examples: [{ object: true, grounds: '整改已于决定前完成，附验收照片。' }, { object: false }] })
export type Objection = z.infer<typeof Objection>

/** 异议审查, by other people than before. */
export const ObjectionReview = z.strictObject({
  uphold: yesNo('异议成立', '是：异议成立，准予修复；否：异议不成立，维持不予修复的决定'),
  text: prose('审查意见'),
}).meta({ title: '异议审查', examples: [{ uphold: true, text: '经复查整改确已完成，异议成立。' }] })
export type ObjectionReview = z.infer<typeof ObjectionReview>

export const forms = {
  application: Application,
  tasks: {
    'accept': Accept, 'supplement': Supplement, 'verify': Verify, 'review': Review, 'decide': Decide,
    'objection': Objection, 'objection-review': ObjectionReview,
  },
}
