import type { PictureOf } from '../../model/policy.ts'
import type { policy } from './policy.ts'

/** 收集、流转、处置、反馈、评价, as a picture. */
export const picture: PictureOf<typeof policy> = {
  columns: [
    ['triage'],
    ['acknowledge', 'external-acknowledge', 'consultation', 'rejected', 'merged'],
    ['handle', 'co-handle', 'external'],
    ['reply'],
    ['rate'],
    ['return-visit', 'resolved'],
  ],
  together: [['handle', 'co-handle']],
  paths: {
    'start': { triage: '收件' },
    'triage': {
      'handle': '公安受理', 'co-handle': '协办', 'acknowledge': '移交入驻部门', 'external-acknowledge': '经四个平台移送', 'consultation': '先行会商',
      'rejected': '不予受理', 'merged': '并案',
    },
    'acknowledge': { 'handle': '签收', 'co-handle': '协办', 'triage': '拒收' },
    'external-acknowledge': { external: '签收', triage: '拒收' },
    'consultation': { 'handle': '公安受理', 'co-handle': '协办', 'acknowledge': '移交', 'external-acknowledge': '移送', 'resolved': '会商结论' },
    'handle': { reply: '办结', triage: '退回' },
    'co-handle': { reply: '协办完成' },
    'external': { 'rate': '办理结果', 'triage': '退回', 'return-visit': '民警填报的，回访' },
    'reply': { 'rate': '答复企业', 'return-visit': '民警填报的，回访', 'handle': '退回', 'co-handle': '退回' },
    'rate': { 'resolved': '满意、未评价', 'return-visit': '不满意或逾期' },
    'return-visit': { 'resolved': '不再重办', 'handle': '换人重办', 'co-handle': '换人重办', 'external': '重办', 'consultation': '两轮不满意' },
  },
}
