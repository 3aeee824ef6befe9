import type { PictureOf } from '../../model/policy.ts'
import type { policy } from './policy.ts'

/** 报备、审核、决定、羁押节点、跟进, as a picture. */
export const picture: PictureOf<typeof policy> = {
  columns: [
    ['legal-review', 'impact-review', 'permission'],
    ['decide', 'revise'],
    ['custody-milestones', 'alternative-advised'],
    ['follow-up'],
    ['agreed', 'reviewed-after-the-fact'],
  ],
  together: [['legal-review', 'impact-review', 'permission']],
  paths: {
    'start': { 'legal-review': '报备', 'impact-review': '报备', 'permission': '代表、委员', 'custody-milestones': '紧急情形' },
    'legal-review': { decide: '意见', revise: '退回补充' },
    'impact-review': { decide: '意见', revise: '退回补充' },
    'permission': { 'decide': '许可、通报', 'follow-up': '已报告' },
    'revise': { 'legal-review': '已补充', 'impact-review': '已补充', 'permission': '已补充' },
    'decide': { 'custody-milestones': '同意', 'alternative-advised': '建议变更', 'revise': '退回补充', 'follow-up': '事后审核' },
    'custody-milestones': { 'custody-milestones': '下一节点', 'permission': '立即报告', 'follow-up': '已确认', 'agreed': '未执行' },
    'follow-up': { 'agreed': '', 'reviewed-after-the-fact': '' },
  },
}
