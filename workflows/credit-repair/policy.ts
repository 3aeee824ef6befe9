import type { Policy } from '../../model/policy.ts'

/** 企业信用修复“网上办” (方案三6). */
export const policy = {
  key: 'credit-repair',
  code: 'CR',
  title: '企业信用修复',
  owner: 'legal',
  summary: '企业履行行政处罚义务后申请信用修复：受理、核查、审核、决定，推送信用平台并重新评定信用等级。',
  lookup: ['decisionNo'],
  legalBasis: ['信用修复管理办法（2026-04-01 起施行）', '护企优商服务工作实施方案 三（6）企业信用修复“网上办”'],
  confidentiality: 'internal',
  whoMayApply: ['enterprise'],
  withdrawable: true,
  clock: {
    ordinary: { n: 10, unit: 'workday', source: '[C] 信用修复10个工作日' },
    complex: { n: 20, unit: 'workday', source: '[C] 复杂案件20个工作日' },
  },
  tasks: {
    'accept': {
      title: '受理', submit: '提交受理意见', unit: 'legal', role: 'legal-reviewer', notBy: ['applicant'], clock: { n: 3, unit: 'workday', source: '[C] 受理3个工作日' },
    },
    'supplement': {
      title: '补正材料', submit: '提交补正材料', unit: 'applicant', role: 'enterprise', lapses: true, clock: { n: 10, unit: 'workday', source: '[C] 补正10个工作日，逾期视为放弃' },
    },
    'verify': {
      title: '核查', submit: '提交核查意见', unit: '', role: 'handler', returnsTo: ['accept'], notBy: ['applicant', 'accept', 'review', 'decide'],
      clock: { n: 3, unit: 'workday', source: '[C] 核查3个工作日' },
    },
    'review': {
      title: '审核', submit: '提交审核意见', unit: 'legal', role: 'legal-reviewer', returnsTo: ['verify'], notBy: ['applicant', 'accept', 'verify', 'decide'],
      clock: { n: 2, unit: 'workday', source: '[C] 审核2个工作日' },
    },
    'decide': {
      title: '决定', submit: '提交决定', unit: 'legal', role: 'unit-leader', returnsTo: ['review', 'verify'], notBy: ['applicant', 'accept', 'verify', 'review'],
      clock: { n: 2, unit: 'workday', source: '[C] 决定2个工作日' },
    },
    'objection': {
      title: '提出异议', submit: '提交异议', unit: 'applicant', role: 'enterprise', afterDecision: true, lapses: true, clock: { n: 5, unit: 'workday', source: '[C] 异议5个工作日，逾期视为无异议' },
    },
    'objection-review': {
      title: '异议审查', submit: '提交审查意见', unit: 'legal', role: 'legal-reviewer', afterDecision: true, notBy: ['applicant', 'accept', 'verify', 'review', 'decide'],
      clock: { n: 5, unit: 'workday', source: '[C] 异议审查5个工作日' },
    },
  },
  outcomes: {
    'repaired': '准予修复', 'refused': '不予修复', 'not-yet-eligible': '未到可以申请之日', 'lapsed': '逾期未补正',
    'withdrawn': '已撤回', 'cancelled': '已撤销',
  },
  documents: { 'credit-repair-decision': '诸公信修' },
  figures: {
    // [L] 信用修复管理办法: months of publication (公示期) from the decision.
    publicationMonths: {
      minor: { atLeast: 0, atMost: 3 },
      general: { atLeast: 3, atMost: 12 },
      serious: { atLeast: 12, atMost: 36 },
    },
    // [C] How penalties count towards the credit grade, and from which score on a grade is given.
    creditGrade: {
      base: 100,
      minor: { standing: 5, repaired: 1 },
      general: { standing: 15, repaired: 3 },
      serious: { standing: 40, repaired: 8 },
      grades: { A: 90, B: 75, C: 60, D: 0 },
    },
  },
} as const satisfies Policy
