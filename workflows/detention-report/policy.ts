import type { Policy } from '../../model/policy.ts'

/** 企业家羁押事前报备 (方案二4): protects lawful business; never vetoes or delays lawful urgent action. */
export const policy = {
  key: 'detention-report',
  code: 'DR',
  title: '羁押事前报备',
  owner: 'legal',
  summary: '对企业家采取羁押措施前的报备：法制审核与影响评估同步进行，分管局领导决定；紧急情形先行采取措施、事后报备审核；执行后提醒各项羁押期限，并跟进企业持续经营。',
  legalBasis: [
    '护企优商服务工作实施方案 二4（企业家羁押事前报备机制）',
    '刑事诉讼法第二十九条、第三十条（回避）',
    '刑事诉讼法第八十一条、第八十二条（逮捕、拘留的条件）',
    '刑事诉讼法第八十五条、第八十六条、第九十一条、第一百零五条（送看守所、通知家属、讯问、提请批捕及期间计算）',
    '公安机关办理刑事案件程序规定第一百六十四条至第一百六十八条（人大代表、政协委员）',
  ],
  confidentiality: 'restricted',
  kind: 'of-office',
  whoMayApply: ['handler', 'unit-leader'],
  // The review after the fact of an urgent case is owed.
  withdrawable: { unless: 'urgent' },
  tasks: {
    'legal-review': {
      title: '法制审核', submit: '提交审核意见', unit: 'legal', role: 'legal-reviewer', notBy: ['applicant', 'revise', 'impact-review', 'decide'],
      clock: {
        ordinary: { n: 4, unit: 'hour', source: '[C] 法制审核4小时' },
        urgent: { n: 1, unit: 'hour', source: '[C] 紧急情形法制审核1小时' },
      },
    },
    'impact-review': {
      title: '影响评估', submit: '提交评估意见', unit: 'office', role: 'office', notBy: ['applicant', 'revise', 'legal-review', 'decide'],
      clock: {
        ordinary: { n: 4, unit: 'hour', source: '[C] 影响评估4小时' },
        urgent: { n: 1, unit: 'hour', source: '[C] 紧急情形影响评估1小时' },
      },
    },
    'permission': {
      title: '代表、委员许可或通报', submit: '提交许可、通报情况', unit: '', role: 'handler',
      clock: {
        'prior': { n: 5, unit: 'workday', source: '[C] 5个工作日内取得许可或完成通报' },
        'at-once': { n: 2, unit: 'hour', source: '[C] 公安机关办理刑事案件程序规定165、166、168“立即”“及时”报告、通报，按2小时掌握' },
      },
    },
    'decide': {
      title: '决定', submit: '提交决定', unit: 'bureau', role: 'bureau-leader', notBy: ['applicant', 'revise', 'legal-review', 'impact-review'],
      boundToFacts: ['legal-review', 'impact-review', 'permission'],
      clock: { n: 4, unit: 'hour', source: '[C] 分管局领导4小时内决定' },
    },
    'revise': {
      title: '补充报备材料', submit: '提交补充材料', unit: '', role: 'handler',
      clock: {
        ordinary: { n: 1, unit: 'workday', source: '[C] 退回后1个工作日内补充' },
        urgent: { n: 4, unit: 'hour', source: '[C] 紧急情形退回后4小时内补充' },
      },
    },
    'custody-milestones': {
      title: '羁押节点确认', submit: '提交节点情况', unit: '', role: 'handler', afterDecision: true,
      // Custody runs day and night, and so do its cards.
      ladder: { reminders: [0.5, 0.8], red: { n: 2, unit: 'hour' }, leader: { n: 1, unit: 'hour' } },
      clock: {
        'execution': { n: 24, unit: 'hour', source: '[C] 拟执行时间起24小时内填报执行情况' },
        'first-day': { n: 24, unit: 'hour', custody: true, source: '[L] 刑诉法85、86：拘留后24小时内送看守所、通知家属、讯问' },
        'arrest-request': { n: 3, unit: 'day', custody: true, source: '[L] 刑诉法91：拘留后3日内提请批准逮捕' },
        'arrest-request-7-days': { n: 7, unit: 'day', custody: true, source: '[L] 刑诉法91：特殊情况延长1至4日提请批准逮捕，最长7日' },
        'arrest-request-30-days': { n: 30, unit: 'day', custody: true, source: '[L] 刑诉法91：流窜、多次、结伙作案，提请批准逮捕延长至30日' },
        'arrest-decision': { n: 7, unit: 'day', custody: true, source: '[L] 刑诉法91：检察机关自接到提请批准逮捕书后7日内决定' },
      },
    },
    'follow-up': {
      title: '跟进走访', submit: '提交走访情况', unit: 'office', role: 'office', afterDecision: true, clock: { n: 5, unit: 'workday', source: '[C] 5个工作日内跟进走访企业持续经营情况' },
    },
  },
  outcomes: {
    'agreed': '同意羁押', 'alternative-advised': '建议变更强制措施', 'reviewed-after-the-fact': '事后审核', 'withdrawn': '已撤回', 'cancelled': '已撤销',
  },
  figures: { reporting: { n: 12, unit: 'hour', source: '[C] 紧急情形采取措施后12小时内报备' } },
} as const satisfies Policy
