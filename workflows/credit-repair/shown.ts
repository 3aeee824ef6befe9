/** What is read of a repair beside its forms. */
import { z } from 'zod'
import { choice, date, line, prose, unitId, yesNo } from '../kit/fields.ts'
import type { Shown } from '../kit/procedure.ts'
import { Review, SEVERITIES, Verify } from './forms.ts'

const decision = { decisionNo: line('处罚决定书文号', 100), decidedOn: date('处罚决定日期') }
const explanation = z.array(line('说明', 500)).meta({ title: '说明' })
const source = line('依据', 200)
const firstDate = date('最早可修复日期')

const found = {
  ...decision, decidedBy: unitId('作出决定的单位'), severity: choice('失信程度', SEVERITIES), eligible: yesNo('已到可申请之日'), firstDate, lastDate: date('公示截止'),
  expired: yesNo('已过最长公示期'), explanation, source,
}
const grade = { grade: line('等级', 10), score: z.number().meta({ title: '得分' }) }
const credit = z.object({
  ...grade, before: z.object(grade).meta({ title: '修复前' }),
  figures: z.array(z.object({ title: line('计分项目', 200), points: z.number().meta({ title: '分值' }), why: prose('原因') })).meta({ title: '计分' }), explanation: prose('说明'), source,
}).meta({ title: '信用评级' })

const missing = prose('应补正的材料')
const refusal = prose('不予修复的理由')
const verified = Verify.meta({ title: '核查情况' })

export const shown = {
  contexts: {
    'accept': z.object(found),
    'supplement': z.object({ missing }),
    'review': z.object({ verified }),
    'decide': z.object({ verified, reviewed: Review.meta({ title: '审核情况' }) }),
    'objection': z.object({ reason: refusal }),
    'objection-review': z.object({ reason: refusal, grounds: prose('异议理由') }),
  },
  facts: { 'eligibility': z.object(found).meta({ title: '可修复时间' }), 'credit-grade': credit },
  results: {
    'repaired': z.object({ documentNo: line('决定文号', 100), reason: prose('修复的理由'), credit }),
    'refused': z.object({
      accepted: yesNo('已受理'), reason: refusal, objection: z.object({ grounds: prose('异议理由'), answer: prose('异议答复') }).meta({ title: '异议' }),
    }),
    'not-yet-eligible': z.object({ firstDate, reminded: yesNo('到期提醒'), explanation, source }),
    'lapsed': z.object({ missing }),
  },
  documents: { 'credit-repair-decision': z.object({ ...decision, repairedOn: date('修复日期'), reason: prose('修复的理由') }) },
} satisfies Shown
