/** Titles of what procedures keep as facts, give to a task or answer: they come without a schema. An unknown one is shown by its name. */
export const FACT_LABELS: Record<string, string> = {
  accepted: '受理情况', action: '处理', agency: '办案单位', apply: '申请情况', category: '易制毒类别', caseNo: '案件编号', check: '核验', comment: '意见', conclusion: '结论', conditions: '条件', contentHash: '内容校验值',
  custody: '羁押节点', decidedBy: '决定单位', decidedOn: '决定日期', decision: '决定', decisionNo: '决定书文号', done: '已完成', duties: '履行义务', eligibility: '可修复时间', eligible: '已到可申请之日', expired: '已过最长公示期', explanation: '说明', facts: '事实',
  findings: '回访情况', firstDate: '最早可修复日期', grade: '信用等级', hits: '核验提示', impactReview: '影响评估意见', items: '品种', lastDate: '公示截止', legalReview: '法制审核意见', materials: '材料', missing: '缺少的材料', n: '数量',
  name: '名称', notCompetent: '不属本机关管辖', number: '文号', objection: '异议', opinion: '意见', opinions: '意见', purchase: '购买核验', rating: '满意度', reason: '理由', reasons: '理由', ref: '编号', reminded: '到期提醒', reply: '答复内容',
  requestedBy: '申请人', result: '结果', rework: '退回重办', round: '轮次', rule: '规则', severity: '程度', source: '依据', task: '任务', text: '意见', unit: '单位', urgent: '紧急情形', validUntil: '有效期至', verify: '核查情况', review: '审核情况',
  where: '办理机关', why: '原因', until: '截止', from: '自', to: '至', at: '时间', by: '办理人', dueAt: '期限', mode: '使用方式', use: '用途', supplier: '供货单位', deliverTo: '收货地址', quantityKg: '数量（千克）', cas: 'CAS 号', changes: '变更内容',
  receivedKg: '实际购入（千克）', stockKg: '当前库存（千克）', note: '说明', milestone: '节点', milestones: '节点', doneAt: '完成时间', participants: '参加单位', measures: '措施',
}

/** Values that are codes wherever they stand without a schema. */
export const FACT_VALUES: Record<string, string> = {
  'very-satisfied': '非常满意', 'satisfied': '满意', 'basically-satisfied': '基本满意', 'dissatisfied': '不满意', 'very-dissatisfied': '非常不满意',
  'minor': '轻微', 'general': '一般', 'serious': '严重', 'risk': '风险', 'info': '提示', 'agree': '同意', 'conditional': '附条件同意', 'advise-alternative': '建议变更强制措施', 'return': '退回补充',
  'approve': '同意', 'reject': '不予同意', 'supplement': '补正', 'accept': '受理', 'repair': '准予修复', 'refuse': '不予修复', 'workday': '工作日', 'hour': '小时', 'day': '自然日',
  'single': '一次使用', 'multiple': '多次使用',
}
