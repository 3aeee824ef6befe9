/** Forms of 涉企诉求闭环: what the enterprise says, and what each step of its handling fills in. */
import { z } from 'zod'
import { blame, caseNumber, choice, line, need, pastInstant, phone, prose, unitId, unitIds, yesNo } from '../kit/fields.ts'

/** 收集: the matter, from the enterprise itself or from an officer who writes it down. */
export const Application = z.strictObject({
  kind: choice('诉求类型', { consultation: '咨询', help: '求助', report: '报警', complaint: '投诉', suggestion: '建议', clue: '线索' }),
  subject: line('事项', 100),
  description: prose('情况说明', '时间、地点、涉及的人和事、希望解决的问题'),
  contact: z.strictObject({ name: line('联系人', 50), phone: phone('联系电话') }).meta({ title: '联系方式' }),
  urgency: choice('紧急程度', { normal: '一般', urgent: '紧急' }).optional(),
  emergency: yesNo('是否正在发生、危及人身财产安全', '如是，请立即拨打 110，不要等待本事项的办理').optional(),
  occurredAt: pastInstant('发生时间').optional(),
  place: line('发生地点', 200).optional(),
  originUnit: unitId('来源分中心或联络室', '办理结果将同步反馈给该单位')
    .refine(unit => /^(station|liaison)-/.test(unit), '须为派出所分中心或警企联络室').optional(),
}).meta({
  title: '涉企诉求',
  examples: [{
    kind: 'help', subject: '货款被拖欠并遭上门滋扰', description: '客户拖欠货款，近日多次派人到厂区滋扰，影响正常生产，请求帮助。',
    contact: { name: '示例袜业 联系人', phone: '0575-00000001' }, urgency: 'normal', originUnit: 'station-01',
  }],
})
export type Application = z.infer<typeof Application>

/** Units whose people sit in the centre and take matters over from hand to hand (入驻部门). */
export const residentDepartments = ['market-regulation', 'industry-commerce', 'procuratorate', 'court', 'tax', 'construction']

/** 分流: who is to deal with it, and how heavy it is. */
export const Triage = z.strictObject({
  decision: choice('分流意见', { 'accept': '公安受理', 'hand-over': '移交入驻部门', 'external': '经四个平台移送', 'reject': '不予受理' }),
  unit: unitId('责任单位', '受理时填公安单位，移交时填入驻部门').optional(),
  complexity: choice('复杂程度', { consultation: '咨询（3 个工作日）', ordinary: '一般（5 个工作日）', complex: '复杂（15 个工作日）' },
    '决定办理时限，不填则咨询类按咨询、其他按一般；括号内为默认时限，以本局现行规定为准').optional(),
  coUnits: unitIds('协办单位').optional(),
  consult: yesNo('先行会商', '分中心、联络室不能解决或涉及多个部门的，先会商再交办').optional(),
  duplicateOf: caseNumber('重复的案件编号', '与已有案件为同一企业同一事项的，不再重复办理，关联到该案').optional(),
  reason: prose('理由', '移送时写明移送事项，不予受理时写明理由和应向何处反映').optional(),
}).superRefine((form, ctx) => {
  const resident = form.unit !== undefined && residentDepartments.includes(form.unit)
  if (form.decision === 'accept') {
    need(form, 'unit', ctx, '受理须指定责任单位')
    if (resident) blame(ctx, ['unit'], '入驻部门的事项须移交，不能由公安受理')
  }
  if (form.decision === 'hand-over') {
    need(form, 'unit', ctx, '移交须指定入驻部门')
    if (form.unit !== undefined && !resident) blame(ctx, ['unit'], '只能移交给入驻部门')
  }
  if (form.decision === 'reject') need(form, 'reason', ctx, '不予受理须写明理由')
  if (form.duplicateOf !== undefined && form.decision !== 'reject') blame(ctx, ['duplicateOf'], '重复的案件不再办理：分流意见须为不予受理')
  if (form.unit !== undefined && form.coUnits?.includes(form.unit)) blame(ctx, ['coUnits'], '协办单位不能包括责任单位')
}).meta({
  title: '分流',
  examples: [
    { decision: 'accept', unit: 'economic-crime', complexity: 'ordinary', coUnits: ['station-01'] },
    { decision: 'hand-over', unit: 'market-regulation', complexity: 'ordinary' },
    { decision: 'external', reason: '涉及用工争议，经四个平台移送主管部门。' },
    { decision: 'reject', reason: '属于合同纠纷，请向人民法院起诉或申请仲裁。' },
  ],
})
export type Triage = z.infer<typeof Triage>

/** 移送办理结果: what the outside system answers. */
export const External = z.strictObject({ result: prose('办理结果') })
  .meta({ title: '移送办理结果', examples: [{ result: '主管部门已受理并答复企业。' }] })
export type External = z.infer<typeof External>

/** 办理. */
export const Handle = z.strictObject({ result: prose('办理结果'), measures: prose('采取的措施').optional() })
  .meta({ title: '办理', examples: [{ result: '已约谈当事人，滋扰停止，双方就付款达成一致。', measures: '上门走访、约谈、调解' }] })
export type Handle = z.infer<typeof Handle>

/** 协办. */
export const CoHandle = z.strictObject({ result: prose('协办结果') })
  .meta({ title: '协办', examples: [{ result: '已加强厂区周边巡逻，未再发现滋扰。' }] })
export type CoHandle = z.infer<typeof CoHandle>

/** 反馈: the answer as the enterprise reads it. */
export const Reply = z.strictObject({ reply: prose('答复内容', '企业和来源分中心、联络室将看到全文') })
  .meta({ title: '反馈', examples: [{ reply: '您反映的事项已办结：滋扰已停止，付款协议已签订。如有反复请及时联系。' }] })
export type Reply = z.infer<typeof Reply>

/** The five levels of satisfaction, best first. */
export const RATINGS = {
  'very-satisfied': '非常满意', 'satisfied': '满意', 'basically-satisfied': '基本满意', 'dissatisfied': '不满意', 'very-dissatisfied': '非常不满意',
}

/** 评价, by the enterprise. */
export const Rate = z.strictObject({
  rating: choice('满意度', RATINGS),
  comment: prose('意见建议').optional(),
}).meta({ title: '评价', examples: [{ rating: 'satisfied', comment: '办理及时。' }] })
export type Rate = z.infer<typeof Rate>

/** 回访, after a dissatisfied rating. */
export const ReturnVisit = z.strictObject({ findings: prose('回访情况'), rework: yesNo('退回重办', '由其他民警重新办理，时限重新计算') })
  .meta({ title: '回访', examples: [{ findings: '企业反映滋扰再次发生，原办理措施未落实。', rework: true }] })
export type ReturnVisit = z.infer<typeof ReturnVisit>

/** 会商. */
export const Consultation = z.strictObject({ conclusion: prose('会商结论'), participants: unitIds('参加单位').optional() })
  .meta({ title: '会商', examples: [{ conclusion: '由治安大队牵头、属地派出所配合办理。', participants: ['public-order', 'station-01'] }] })
export type Consultation = z.infer<typeof Consultation>

export const forms = {
  application: Application,
  tasks: {
    'triage': Triage, 'external': External, 'handle': Handle, 'co-handle': CoHandle,
    'reply': Reply, 'rate': Rate, 'return-visit': ReturnVisit, 'consultation': Consultation,
  },
}
