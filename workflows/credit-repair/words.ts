import { SEVERITIES } from './forms.ts'

/** What names and codes in a repair are called, where no form says it. */
export const words = {
  eligibility: '可修复时间', eligible: '已到可申请之日', firstDate: '最早可修复日期', lastDate: '公示截止', expired: '已过最长公示期', reminded: '到期提醒',
  decisionNo: '处罚决定书文号', decidedOn: '处罚决定日期', decidedBy: '作出决定的单位', documentNo: '文号', repairedOn: '修复日期',
  'credit-grade': '信用评级', credit: '信用等级', before: '修复前', grade: '等级', score: '得分', figures: '计分', points: '分值', why: '原因',
  accepted: '已受理', verified: '核查情况', fulfilled: '义务已履行', reviewed: '审核情况', grounds: '异议理由', answer: '异议答复', ...SEVERITIES,
}
