import { MILESTONES, OPINIONS } from './forms.ts'

/** What names and codes in a report are called, where no form says it. */
export const words = {
  decision: '决定', conditions: '附加条件', afterTheFact: '事后报备', carriedOut: '已执行', urgent: '紧急情形', opinions: '审核意见', opinion: '意见', contentHash: '内容校验值', returnedBy: '退回单位',
  custody: '羁押节点', milestones: '节点', milestone: '节点', doneAt: '完成时间', awaiting: '待确认的节点', detainedAt: '羁押时间', term: '延长后的提请期限', ref: '文书编号', early: '提前执行', late: '迟报、超期',
  reporting: '报备时限', reportedAt: '报备时间', deputy: '代表、委员身份', when: '办理时点', 'prior': '事前', 'at-once': '立即',
  'execution': '执行情况填报', 'first-day': '拘留后24小时内', 'arrest-request': '提请批准逮捕', 'arrest-request-7-days': '提请批准逮捕，延长至7日', 'arrest-request-30-days': '提请批准逮捕，延长至30日',
  'arrest-decision': '审查批准逮捕', continuityPlan: '企业持续经营预案', ...OPINIONS, ...MILESTONES,
  'figures.reporting.n': '紧急情形：采取措施后多久内报备', 'figures.reporting.unit': '紧急情形：报备时限的单位', 'figures.reporting.source': '紧急情形：报备时限的依据',
}
