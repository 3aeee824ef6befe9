import type { Policy } from '../../model/policy.ts'

/** 涉企诉求闭环: 收集、流转、处置、反馈、评价 (方案四(一)、四(二)). */
export const policy = {
  key: 'enterprise-appeal',
  code: 'EA',
  title: '涉企诉求办理',
  owner: 'service-centre',
  summary: '企业咨询、求助、报警、投诉、建议、线索的收集、流转、处置、反馈、评价闭环办理。',
  legalBasis: ['护企优商服务工作实施方案 四（一）融合联处机制', '护企优商服务工作实施方案 四（二）工作闭环机制'],
  confidentiality: 'internal',
  whoMayApply: ['enterprise', 'handler', 'unit-leader', 'duty-desk', 'office'],
  withdrawable: true,
  tasks: {
    'triage': {
      title: '分流', submit: '提交分流意见', publicly: '受理分办', unit: 'service-centre', role: 'duty-desk', clock: { n: 1, unit: 'workday', source: '[C] 分流1个工作日' },
    },
    'acknowledge': {
      title: '签收移交', publicly: '部门接收', unit: '', role: 'handler', actions: ['acknowledge', 'refuse'], clock: { n: 1, unit: 'workday', source: '[C] 中心内部移交1个工作日内签收' },
    },
    'external-acknowledge': {
      title: '四个平台签收', publicly: '部门接收', unit: 'four-platforms', role: 'handler', outside: 'four-platforms', actions: ['acknowledge', 'refuse'],
      clock: { n: 2, unit: 'workday', source: '[C] 四个平台2个工作日内签收' },
    },
    'external': {
      title: '四个平台办理', publicly: '部门办理', unit: 'four-platforms', role: 'handler', outside: 'four-platforms', actions: ['complete', 'refuse'],
      clock: { n: 15, unit: 'workday', source: '[C] 四个平台15个工作日内反馈' },
    },
    'consultation': {
      title: '会商', submit: '提交会商意见', unit: 'office', role: 'office', clock: { n: 5, unit: 'workday', source: '[C] 会商5个工作日' },
    },
    'handle': {
      title: '办理', submit: '提交办理结果', unit: '', role: 'handler', returnsTo: ['triage'], extendable: true,
      clock: {
        ordinary: { n: 5, unit: 'workday', source: '[C] 一般事项5个工作日' },
        consultation: { n: 3, unit: 'workday', source: '[C] 咨询事项3个工作日' },
        complex: { n: 15, unit: 'workday', source: '[C] 复杂事项15个工作日' },
      },
    },
    'co-handle': {
      title: '协办', submit: '提交协办结果', publicly: '协同办理', unit: '', role: 'handler',
      clock: {
        ordinary: { n: 5, unit: 'workday', source: '[C] 一般事项5个工作日' },
        consultation: { n: 3, unit: 'workday', source: '[C] 咨询事项3个工作日' },
        complex: { n: 15, unit: 'workday', source: '[C] 复杂事项15个工作日' },
      },
    },
    'reply': {
      title: '答复企业', submit: '提交答复', begins: { reply: 'handle.result' }, publicly: '答复', unit: '', role: 'handler', returnsTo: ['handle'], clock: { n: 1, unit: 'workday', source: '[C] 办结后1个工作日内答复' },
    },
    'rate': {
      title: '评价', submit: '提交评价', unit: 'applicant', role: 'enterprise', lapses: true, clock: { n: 5, unit: 'workday', source: '[C] 答复后5个工作日内评价' },
    },
    'return-visit': {
      title: '回访', submit: '提交回访结果', unit: 'office', role: 'office', clock: { n: 3, unit: 'workday', source: '[C] 不满意件3个工作日内回访' },
    },
  },
  outcomes: { resolved: '已办结', rejected: '不予受理', merged: '并案处理', withdrawn: '已撤回', cancelled: '已撤销' },
} as const satisfies Policy
