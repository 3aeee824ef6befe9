import { shanghaiDate } from '../../model/instants.ts'
import type { CaseState } from '../../model/state.ts'
import type { Facts } from '../../model/types.ts'
import type { DocumentKind, FormContext } from '../kit/procedure.ts'

/** What the decision says of the one that is repaired: as 法制 has found it. */
const repaired = ({ state, at }: FormContext, reason: unknown): Facts => {
  const { decisionNo, decidedOn } = eligibilityOf(state)
  return { decisionNo: decisionNo!, decidedOn: decidedOn!, repairedOn: shanghaiDate(at), reason: reason as string }
}

const eligibilityOf = ({ file }: CaseState) => file.facts.eligibility as Facts

/** Papers of 信用修复. */
export const documents: Record<string, DocumentKind> = {
  'credit-repair-decision': {
    template: {
      name: '信用修复决定书',
      title: '关于准予{申请人}信用修复的决定',
      form: 'ordinary',
      to: '{申请人}',
      body: [
        '你单位申请对{处罚决定书文号}行政处罚决定（{处罚决定日期}作出）的失信信息予以信用修复。我局已依法受理，并经核查、审核。现决定如下：',
        { heading: '一、决定事项' },
        '准予对上述失信信息予以信用修复，修复日期为{修复日期}。本决定推送信用平台。',
        { heading: '二、理由' },
        '{修复的理由}',
        '特此决定。',
      ],
      remark: '案件编号：{案件编号}',
    },
    examples: [{ decisionNo: '示例公（治）行罚决字〔2026〕1号', decidedOn: '2026-01-05', repairedOn: '2026-06-01', reason: '罚款已缴清，整改已完成并经复查合格，义务已全部履行，符合《信用修复管理办法》规定的修复条件。' }],
    foreseen: {
      'decide': (form, context) => form.decision === 'repair' ? repaired(context, form.text) : null,
      'objection-review': (form, context) => form.uphold === true ? repaired(context, form.text) : null,
    },
  },
}
