/** What is read of an appeal beside its forms. */
import { z } from 'zod'
import { caseNumber, choice, prose, unitId } from '../kit/fields.ts'
import type { Shown } from '../kit/procedure.ts'
import { RATINGS } from './forms.ts'

const handedOver = z.object({ reason: prose('移交理由') })
const reply = prose('答复内容')
const rating = choice('满意度', RATINGS)

export const shown = {
  contexts: {
    'triage': z.object({ returnedBy: unitId('退回单位'), reason: prose('退回理由') }),
    'consultation': z.object({ reason: prose('会商事由') }),
    'acknowledge': handedOver,
    'external-acknowledge': handedOver,
    'external': handedOver,
    'reply': z.object({ result: prose('办理结果') }),
    'rate': z.object({ reply }),
    'return-visit': z.object({ rating }),
  },
  results: {
    resolved: z.object({ reply, rating, findings: prose('回访情况') }),
    rejected: z.object({ reason: prose('不予受理的理由') }),
    merged: z.object({ reason: prose('并案的理由'), duplicateOf: caseNumber('并入的案件') }),
  },
} satisfies Shown
