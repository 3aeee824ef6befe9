/** What a case's workflow is started with, and under which ids decisions are sent to it. */
import type { WorkflowStartOptions } from '@temporalio/client'
import { defineSearchAttributeKey, TypedSearchAttributes } from '@temporalio/common'
import { confidentialityOf } from '../model/filing.ts'
import type { Policy } from '../model/policy.ts'
import type { CaseInput, Decision } from '../workflows/kit/types.ts'

const procedureAttribute = defineSearchAttributeKey('Procedure', 'KEYWORD')

/** Under the case's number, which is used once; whoever starts it again meets the one that runs. */
export function startOptions(policy: Policy, input: CaseInput, taskQueue: string): WorkflowStartOptions & { workflowIdConflictPolicy: 'USE_EXISTING' } {
  return {
    workflowId: input.caseNo, taskQueue, args: [input],
    workflowIdConflictPolicy: 'USE_EXISTING', workflowIdReusePolicy: 'REJECT_DUPLICATE',
    staticSummary: confidentialityOf(policy, input.application) === 'restricted' ? policy.title : input.title,
    typedSearchAttributes: new TypedSearchAttributes([{ key: procedureAttribute, value: policy.key }]),
  }
}

/** The id of the Update that carries a decision. With the body's hash, so that another body under the same key is judged for itself, by the record. */
export const updateId = ({ key, requestHash = '' }: Decision) => `${key}#${requestHash.slice(0, 16)}`
