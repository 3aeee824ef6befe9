/** What is read of a report beside its forms. */
import { z } from 'zod'
import { actorId, card, choice, instant, line, prose, taskId, unitId, unread, yesNo } from '../kit/fields.ts'
import type { Shown } from '../kit/procedure.ts'
import { FollowUp, MILESTONES, OPINIONS } from './forms.ts'

const milestone = choice('节点', MILESTONES)

/** 报备时限: whether the report after the fact came in time. */
const reporting = {
  detainedAt: instant('羁押时间'), reportedAt: instant('报备时间'), dueAt: instant('报备期限'), late: line('迟报', 100), card: card(), source: line('报备时限的依据', 200),
}
/** What reviewers and the decider know beforehand. */
const marks = { urgent: yesNo('紧急情形'), ...reporting, deputy: prose('代表、委员身份') }

const opinion = z.object({
  task: taskId('环节'), by: actorId('办理人'), opinion: choice('意见', OPINIONS), text: prose('意见内容'), ref: line('文号', 100), doneAt: instant('办理时间'), note: prose('说明'),
})

const decided = z.object({
  decision: choice('决定', OPINIONS), text: prose('批示'), conditions: z.array(prose('条件')).meta({ title: '附加条件' }), afterTheFact: yesNo('事后报备'), late: line('迟报', 100),
  carriedOut: yesNo('已执行羁押'), ...FollowUp.shape,
})

export const shown = {
  contexts: {
    'legal-review': z.object(marks),
    'impact-review': z.object(marks),
    'permission': z.object({ reason: prose('办理的依据') }),
    'decide': z.object({ ...marks, opinions: z.array(opinion).meta({ title: '审核意见' }), contentHash: unread('内容校验值') }),
    'revise': z.object({ returnedBy: unitId('退回单位'), text: prose('须补充的内容') }),
    'custody-milestones': z.object({ detainedAt: instant('羁押时间'), awaiting: z.array(milestone).meta({ title: '待确认的节点' }) }),
    'follow-up': z.object({ continuityPlan: prose('企业持续经营预案') }),
  },
  facts: {
    deputy: z.object({ title: line('须办理', 100), when: choice('办理时点', { 'prior': '事前', 'at-once': '立即' }), reason: prose('依据') }).meta({ title: '代表、委员身份' }),
    reporting: z.object(reporting).meta({ title: '报备时限' }),
    custody: z.object({
      milestones: z.array(z.object({ milestone, doneAt: instant('完成时间'), dueAt: instant('法定期限'), late: line('超期', 100), card: card() })).meta({ title: '节点' }),
      early: line('提前执行', 100), card: card(),
    }).meta({ title: '羁押节点' }),
  },
  results: {
    'agreed': decided, 'alternative-advised': decided, 'reviewed-after-the-fact': decided,
    'cancelled': z.object({ reason: prose('理由') }),
  },
} satisfies Shown
