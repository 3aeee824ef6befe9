/** Chinese for the names and codes that facts of any procedure may hold, where no form gives them a title. */
export const words: Record<string, string> = {
  reason: '理由', result: '结果', text: '意见', note: '说明', comment: '意见', explanation: '说明', source: '依据', findings: '回访情况', missing: '缺少的材料', objection: '异议', agree: '同意',
  title: '名称', name: '名称', number: '文号', task: '任务', unit: '单位', by: '办理人', to: '至', from: '自', until: '截止', at: '时间', dueAt: '期限', n: '数量', card: '出牌', severity: '程度',
  workday: '工作日', day: '自然日', hour: '小时', second: '秒', ordinary: '一般', complex: '复杂', urgent: '紧急', none: '无', yellow: '黄牌', red: '红牌', info: '提示', risk: '风险',
}
