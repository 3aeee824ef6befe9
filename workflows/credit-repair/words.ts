import { SEVERITIES } from './forms.ts'

/** What names and codes in a repair are called, where no form says it. */
export const words = {
  eligibility: '可修复时间', eligible: '已到可申请之日', firstDate: '最早可修复日期', lastDate: '公示截止', expired: '已过最长公示期', reminded: '到期提醒',
  decisionNo: '处罚决定书文号', decidedOn: '处罚决定日期', decidedBy: '作出决定的单位', documentNo: '文号', repairedOn: '修复日期',
  'credit-grade': '信用评级', credit: '信用等级', before: '修复前', grade: '等级', score: '得分', figures: '计分', points: '分值', why: '原因',
  accepted: '已受理', verified: '核查情况', fulfilled: '义务已履行', reviewed: '审核情况', grounds: '异议理由', answer: '异议答复', ...SEVERITIES,
  'figures.publicationMonths.minor.atLeast': '轻微失信：最短公示期（月）', 'figures.publicationMonths.minor.atMost': '轻微失信：最长公示期（月）',
  'figures.publicationMonths.general.atLeast': '一般失信：最短公示期（月）', 'figures.publicationMonths.general.atMost': '一般失信：最长公示期（月）',
  'figures.publicationMonths.serious.atLeast': '严重失信：最短公示期（月）', 'figures.publicationMonths.serious.atMost': '严重失信：最长公示期（月）',
  'figures.creditGrade.base': '信用评级：基础分',
  'figures.creditGrade.minor.standing': '轻微失信：未修复扣分', 'figures.creditGrade.minor.repaired': '轻微失信：已修复扣分',
  'figures.creditGrade.general.standing': '一般失信：未修复扣分', 'figures.creditGrade.general.repaired': '一般失信：已修复扣分',
  'figures.creditGrade.serious.standing': '严重失信：未修复扣分', 'figures.creditGrade.serious.repaired': '严重失信：已修复扣分',
  'figures.creditGrade.grades.A': 'A 级：最低得分', 'figures.creditGrade.grades.B': 'B 级：最低得分', 'figures.creditGrade.grades.C': 'C 级：最低得分', 'figures.creditGrade.grades.D': 'D 级：最低得分',
}
