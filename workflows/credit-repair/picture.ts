import type { PictureOf } from '../../model/policy.ts'
import type { policy } from './policy.ts'

/** 受理、核查、审核、决定、异议, as a picture. */
export const picture: PictureOf<typeof policy> = {
  columns: [
    ['accept'],
    ['verify', 'supplement', 'not-yet-eligible'],
    ['review', 'lapsed'],
    ['decide'],
    ['objection'],
    ['objection-review'],
    ['repaired', 'refused'],
  ],
  paths: {
    'start': { 'accept': '申请', 'not-yet-eligible': '未到期' },
    'accept': { 'verify': '受理', 'supplement': '补正', 'refused': '不予受理', 'not-yet-eligible': '核定后未到期' },
    'supplement': { accept: '已补正', lapsed: '逾期未补正' },
    'verify': { review: '核查意见', accept: '退回' },
    'review': { decide: '审核意见', verify: '退回' },
    'decide': { repaired: '准予修复', objection: '不予修复', review: '退回', verify: '退回' },
    'objection': { 'objection-review': '提出异议', 'refused': '无异议' },
    'objection-review': { repaired: '异议成立', refused: '异议不成立' },
  },
}
