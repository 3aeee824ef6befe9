/** What the Temporal Web UI shows beside the steps of a case: short, in Chinese, without content. */
import type { Policy } from '../../model/policy.ts'
import type { Draft } from './types.ts'
import type { TASK_UPDATES } from './updates.ts'

/** A decision on a task, as a file note would say it. */
export const DECISIONS: Record<(typeof TASK_UPDATES)[number], string> = {
  'complete': '办结', 'acknowledge': '签收', 'refuse': '拒收', 'return': '退回', 'extend': '请求延期', 'acknowledge-card': '签收红牌',
}

const DRAFTS: Record<Exclude<Draft['type'], 'open-task' | 'close'>, string> = {
  'open-case': '立案', 'cancel-task': '取消任务', 'begin-wait': '等待', 'end-wait': '等待结束', 'cancel-case': '撤销', 'pause': '中止计时', 'resume': '恢复计时', 'choose-clock': '改用时限', 'keep-promise': '时限内办结',
  'join': '加入当事方', 'leave': '当事方办结', 'note': '记录事实', 'link': '关联案件', 'show': '向企业公开', 'exclude': '回避', 'tell': '告知', 'tell-later': '定时告知', 'push': '推送', 'replan': '重算期限',
}

/** What is about to be recorded; of a restricted case not what it comes to. */
export function saying(draft: Draft, policy: Policy, restricted: boolean): string {
  if (restricted) return draft.type === 'open-task' ? '开始任务' : draft.type === 'close' ? '结案' : '记录'
  if (draft.type === 'open-task') return `开始${draft.title ?? policy.tasks[draft.name]?.title ?? draft.name}`
  return draft.type === 'close' ? `结案：${policy.outcomes[draft.outcome] ?? draft.outcome}` : DRAFTS[draft.type]
}
