/** Forms of 企业家羁押事前报备: the report of the case unit, opinions, decision, and what follows a detention. */
import { z } from 'zod'
import { blame, choice, documentNo, enterpriseId, hoursFromNow, idNumber, instant, line, need, pastInstant, personId, prose, yesNo } from '../kit/fields.ts'

const Suspect = z.strictObject({
  name: line('姓名', 50),
  idNumber: idNumber('证件号码'),
  enterpriseRole: line('在企业中的身份', 100, '如法定代表人、实际控制人、财务负责人'),
  deputyOf: choice('代表、委员身份', { 'npc-county-or-above': '县级以上人大代表', 'npc-township': '乡镇人大代表', 'cppcc': '政协委员' },
    '县级以上人大代表须先经许可，政协委员须事先通报（公安机关办理刑事案件程序规定164–168）').optional(),
}).meta({ title: '嫌疑人' })

const Ground = z.strictObject({
  ground: prose('羁押必要性理由', '对照刑诉法81：可能实施新的犯罪；有现实危险；可能毁灭、伪造证据，干扰证人作证或者串供；可能打击报复；企图自杀或者逃跑等'),
  evidenceRef: line('证据编号', 200),
}).meta({ title: '理由' })

const Alternative = z.strictObject({
  measure: line('其他强制措施', 100, '如取保候审、监视居住'),
  whyInsufficient: prose('不足以防止社会危险性的理由'),
}).meta({ title: '替代措施' })

const Continuity = z.strictObject({
  seals: prose('印章、证照').optional(),
  payroll: prose('工资发放').optional(),
  safetyPosts: prose('安全生产岗位').optional(),
}).meta({ title: '生产经营影响与安排' })

const ConflictDeclaration = z.strictObject({
  none: yesNo('承办人员均无应当回避的情形', '刑诉法29–30'),
  conflicts: z.array(z.strictObject({ person: personId('人员编号'), relation: line('回避情形', 200) }).meta({ title: '应回避人员' }))
    .min(1).max(20).meta({ title: '应回避人员' }).optional(),
}).superRefine((form, ctx) => {
  if (form.none && form.conflicts) blame(ctx, ['conflicts'], '已申报无回避情形，不应再列应回避人员')
  if (!form.none) need(form, 'conflicts', ctx, '有回避情形的须列明人员')
}).meta({ title: '回避申报' })

/** 报备: before a detention, or after it on the urgent path. */
export const Application = z.strictObject({
  agencyCaseNo: documentNo('案件编号', 64),
  agency: line('办案单位', 100, '外地公安机关经办案协作报备时填写').optional(),
  legalBasis: prose('法律依据'),
  suspect: Suspect,
  enterpriseId: enterpriseId('涉及企业'),
  grounds: z.array(Ground).min(1).max(20).meta({ title: '羁押必要性' }),
  alternatives: z.array(Alternative).min(1).max(20).meta({ title: '已考虑的替代措施' }),
  continuityPlan: prose('企业持续经营预案', '印章、工资、安全岗位等如何安排'),
  continuity: Continuity.optional(),
  economicDisputeTest: prose('经济纠纷与经济犯罪界限审查').optional(),
  assetsNotOfCase: prose('与案件无关的财产', '不得查封、扣押、冻结的财产及依据').optional(),
  conflictDeclaration: ConflictDeclaration.optional(),
  plannedAt: instant('拟执行时间'),
  urgent: yesNo('紧急情形', '已先行采取措施、事后报备'),
  caughtInTheAct: yesNo('现行犯', '现行犯被拘留的人大代表，立即拘留并立即报告（公安机关办理刑事案件程序规定165）').optional(),
  detainedAt: pastInstant('实际羁押时间', '紧急情形必填').optional(),
  permissionRef: documentNo('许可或通报文号', 100, '人大主席团或常委会许可，政协委员的通报').optional(),
}).superRefine((form, ctx) => {
  if (form.urgent) need(form, 'detainedAt', ctx, '紧急情形须填写实际羁押时间')
  else {
    if (form.detainedAt !== undefined) blame(ctx, ['detainedAt'], '已经羁押的须按紧急情形报备')
    if (form.caughtInTheAct) blame(ctx, ['caughtInTheAct'], '现行犯须按紧急情形报备')
  }
}).meta({
  title: '羁押事前报备',
  examples: [
    {
      agencyCaseNo: '示例经侦〔2026〕1号', legalBasis: '刑事诉讼法第八十一条、第八十二条',
      suspect: { name: '示例嫌疑人', idNumber: '000000000000000000', enterpriseRole: '实际控制人' }, enterpriseId: 'ent-01',
      grounds: [{ ground: '可能毁灭、伪造证据，干扰证人作证或者串供', evidenceRef: '证据卷一第 3 页' }],
      alternatives: [{ measure: '取保候审', whyInsufficient: '曾两次指使员工销毁账册，取保候审不足以防止其毁灭证据。' }],
      continuityPlan: '印章由副总经理保管，工资由财务照常发放，安全岗位不变。',
      conflictDeclaration: { none: true }, plannedAt: hoursFromNow(24), urgent: false,
    },
    {
      agencyCaseNo: '示例经侦〔2026〕2号', legalBasis: '刑事诉讼法第八十二条',
      suspect: { name: '示例嫌疑人', idNumber: '000000000000000000', enterpriseRole: '财务负责人' }, enterpriseId: 'ent-02',
      grounds: [{ ground: '企图逃跑', evidenceRef: '证据卷一第 8 页' }],
      alternatives: [{ measure: '监视居住', whyInsufficient: '已购买当晚出境机票，不足以防止其逃跑。' }],
      continuityPlan: '财务工作由会计主管代理，不影响工资发放。',
      plannedAt: hoursFromNow(-2), urgent: true, detainedAt: hoursFromNow(-2),
    },
  ],
})
export type Application = z.infer<typeof Application>

/** What a review can come to. */
export const OPINIONS = { 'agree': '同意', 'conditional': '附条件同意', 'advise-alternative': '建议变更强制措施', 'return': '退回补充' }

const opinion = () => choice('意见', OPINIONS)

/** 法制审核. */
export const LegalReview = z.strictObject({ opinion: opinion(), text: prose('审核意见', '附条件的写明条件，退回的写明补充内容') })
  .meta({ title: '法制审核', examples: [{ opinion: 'agree', text: '事实清楚，符合逮捕条件，程序合法。' }] })
export type LegalReview = z.infer<typeof LegalReview>

/** 影响评估: what the detention would do to the enterprise. */
export const ImpactReview = z.strictObject({ opinion: opinion(), text: prose('评估意见', '附条件的写明条件，退回的写明补充内容') })
  .meta({ title: '影响评估', examples: [{ opinion: 'conditional', text: '同意，条件是执行前完成印章交接，确保当月工资按时发放。' }] })
export type ImpactReview = z.infer<typeof ImpactReview>

/** 决定, bound to the facts and opinions that the decider has read. */
export const Decide = z.strictObject({
  decision: choice('决定', { 'agree': '同意', 'advise-alternative': '建议变更强制措施', 'return': '退回补充' }),
  text: prose('批示'),
  contentHash: line('内容校验值', 128, '照抄本任务显示的校验值；报备内容或意见变动后原值作废').meta({ $comment: 'unread' }),
}).meta({ title: '决定', examples: [{ decision: 'agree', text: '同意，落实企业持续经营预案。', contentHash: '0'.repeat(64) }] })
export type Decide = z.infer<typeof Decide>

/** 羁押节点, in the order in which they are usually reached. */
export const MILESTONES = {
  'detained': '已执行拘留', 'detention-house': '已送看守所', 'family-notified': '已通知家属', 'questioned': '已讯问',
  'request-extended': '提请批捕期限已延长', 'arrest-requested': '已提请批准逮捕', 'arrest-decided': '检察机关已作出决定',
  'released': '已释放或变更强制措施', 'not-carried-out': '未执行羁押',
}

const Milestone = z.strictObject({
  milestone: choice('节点', MILESTONES),
  doneAt: pastInstant('完成时间', '实际发生的时间；系统另记填报时间'),
  term: choice('延长后的提请期限', { '7-days': '7 日（特殊情况延长 1 至 4 日）', '30-days': '30 日（流窜、多次、结伙作案）' }, '刑诉法91').optional(),
  ref: documentNo('文书编号', 100).optional(),
  note: prose('说明', '如无法通知家属的原因').optional(),
}).superRefine((form, ctx) => {
  if (form.milestone === 'request-extended') need(form, 'term', ctx, '须写明延长后的期限')
  else if (form.term !== undefined) blame(ctx, ['term'], '只有延长提请期限时填写')
}).meta({ title: '节点' })

/** 羁押节点确认: one or more custody milestones [刑诉法85, 86, 91] that the case unit says are done. */
export const CustodyMilestones = z.strictObject({
  milestones: z.array(Milestone).min(1).max(9).meta({ title: '已完成节点' }),
}).superRefine(({ milestones }, ctx) => {
  const detained = milestones.find(one => one.milestone === 'detained')
  milestones.forEach((one, i) => {
    if (milestones.findIndex(other => other.milestone === one.milestone) < i) blame(ctx, ['milestones', i, 'milestone'], '同一节点不能重复填写')
    if (detained && Date.parse(one.doneAt) < Date.parse(detained.doneAt)) blame(ctx, ['milestones', i, 'doneAt'], '不能早于执行拘留的时间')
    if (one.milestone === 'not-carried-out' && milestones.length > 1) blame(ctx, ['milestones', i, 'milestone'], '未执行羁押的，不能再填其他节点')
  })
}).meta({
  title: '羁押节点确认',
  examples: [
    {
      milestones: [
        { milestone: 'detained', doneAt: hoursFromNow(-48), ref: '示例拘字〔2026〕1号' },
        { milestone: 'detention-house', doneAt: hoursFromNow(-40) },
        { milestone: 'family-notified', doneAt: hoursFromNow(-40) },
        { milestone: 'questioned', doneAt: hoursFromNow(-36) },
        { milestone: 'arrest-requested', doneAt: hoursFromNow(-12), ref: '示例提捕字〔2026〕1号' },
        { milestone: 'arrest-decided', doneAt: hoursFromNow(-1), ref: '示例批捕〔2026〕1号' },
      ],
    },
    { milestones: [{ milestone: 'detained', doneAt: hoursFromNow(-1) }] },
    { milestones: [{ milestone: 'not-carried-out', doneAt: hoursFromNow(-1), note: '已变更为取保候审。' }] },
  ],
})
export type CustodyMilestones = z.infer<typeof CustodyMilestones>

/** 代表、委员许可或通报: the consent of the congress, or that the congress or the CPPCC was told (公安机关办理刑事案件程序规定164–168). */
export const Permission = z.strictObject({
  ref: documentNo('许可、报告或通报文号', 100),
  doneAt: pastInstant('许可、报告或通报时间'),
  note: prose('说明').optional(),
}).meta({ title: '代表、委员许可或通报', examples: [{ ref: '示例人常许〔2026〕1号', doneAt: hoursFromNow(-1) }] })
export type Permission = z.infer<typeof Permission>

/** 补充报备材料: confirms that what was asked for is now in the report (变更事实). */
export const Revise = z.strictObject({ note: prose('补充说明', '补充、更正的内容先通过“变更事实”写入报备，再在此确认；确认后重新审核') })
  .meta({ title: '补充报备材料', examples: [{ note: '已补充社会危险性证据，并写明工资发放安排。' }] })
export type Revise = z.infer<typeof Revise>

/** 跟进走访: how the enterprise keeps going. */
export const FollowUp = z.strictObject({ findings: prose('走访情况', '企业生产经营、工资发放、需要协调的困难') })
  .meta({ title: '跟进走访', examples: [{ findings: '生产正常，当月工资已发放，印章交接手续齐全。' }] })
export type FollowUp = z.infer<typeof FollowUp>

export const forms = {
  application: Application,
  tasks: {
    'legal-review': LegalReview, 'impact-review': ImpactReview, 'permission': Permission, 'decide': Decide, 'revise': Revise,
    'custody-milestones': CustodyMilestones, 'follow-up': FollowUp,
  },
}
