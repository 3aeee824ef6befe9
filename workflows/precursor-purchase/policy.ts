import type { Policy } from '../../model/policy.ts'

/** 易制毒化学品购买备案, the 24-hour green channel (方案三（一）3): checked at once, examined, certified, reported afterwards. */
export const policy = {
  key: 'precursor-purchase',
  code: 'PP',
  title: '易制毒化学品购买备案',
  owner: 'anti-drug',
  summary: '第二类、第三类易制毒化学品购买备案24小时绿色通道：即时核验、审查、复核、出具备案证明，购买后报告购入和库存。第一类须向省级主管部门申请许可。',
  lookup: ['licence.no', 'supplier.licenceNo'],
  legalBasis: [
    '易制毒化学品管理条例 第十五条至第十七条', '易制毒化学品购销和运输管理办法（公安部令第87号）', '行政许可法 第三十二条（一次告知补正）',
    '护企优商服务工作实施方案 三（一）3 易制毒化学品24小时申购审批绿色通道',
  ],
  confidentiality: 'internal',
  whoMayApply: ['enterprise', 'handler', 'unit-leader', 'duty-desk', 'office'],
  // Natural hours: nights and holidays count. Only 补正 stops them, and the certificate ends them.
  clock: { n: 24, unit: 'hour', source: '[S] 易制毒化学品24小时申购审批绿色通道' },
  // The red card goes to the bureau leader at once.
  ladder: { reminders: [12 / 24, 20 / 24], red: { n: 2, unit: 'hour' }, leader: { n: 0, unit: 'hour' } },
  withdrawable: true,
  tasks: {
    'examine': {
      title: '审查', submit: '提交审查意见', unit: 'anti-drug', role: 'handler', duty: true, notBy: ['second-examine'], clock: { n: 2, unit: 'hour', source: '[C] 审查2小时' },
    },
    'second-examine': {
      title: '复核', submit: '提交复核意见', unit: 'anti-drug', role: 'handler', notBy: ['examine'], returnsTo: ['examine'], clock: { n: 2, unit: 'hour', source: '[C] 复核2小时' },
    },
    'supplement': {
      title: '补正材料', submit: '提交补正材料', unit: 'applicant', role: 'enterprise', lapses: true, clock: { n: 10, unit: 'workday', source: '[C] 补正10个工作日' },
    },
    'usage-report': {
      title: '购买情况报告', submit: '提交购买情况报告', unit: 'applicant', role: 'enterprise', afterDecision: true, clock: { n: 30, unit: 'day', source: '[C] 出具证明后30日内报告购入和库存' },
      ladder: { reminders: [0.5, 0.9], red: { n: 5, unit: 'workday' }, leader: { n: 5, unit: 'workday' } },
    },
  },
  outcomes: { 'approved': '已备案', 'rejected': '不予备案', 'not-competent': '不属本机关管辖', 'lapsed': '逾期未补正', 'withdrawn': '已撤回', 'cancelled': '已撤销' },
  documents: { certificate: '易制毒购备' },
  /** Local practice [C], to be confirmed. Kilograms are given by category. */
  figures: {
    validMonths: { single: 1, multiple: 6 },
    licenceDays: { single: 30, multiple: 180 },
    largeKg: { 2: 50, 3: 1000 },
    rolling: [{ days: 30, kg: { 2: 100, 3: 5000 } }, { days: 365, kg: { 2: 600, 3: 30_000 } }],
    splittingDays: 7,
    stockMonths: 3,
    smallPermanganateKg: 1,
    cleanYearDays: 365,
  },
} as const satisfies Policy
