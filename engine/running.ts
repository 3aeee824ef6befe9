import { WorkflowNotFoundError, type Client } from '@temporalio/client'
import type { Engine } from '../db/record/verify.ts'

/** Temporal, as the check of the record asks it; `types`: names of the workflows that are cases. */
export function engineOf(client: Client, types: string[]): Engine {
  return {
    async* listRunning() {
      for await (const { workflowId } of client.workflow.list({ query: `ExecutionStatus = "Running" AND WorkflowType IN (${types.map(t => `"${t}"`).join(', ')})` })) yield workflowId
    },
    isRunning: id => client.workflow.getHandle(id).describe().then(({ status }) => status.name === 'RUNNING', (error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return false
      throw error
    }),
  }
}
