/** What cases ask of Temporal, through a client: the worker's side of it. */
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from '@temporalio/client'
import type { Engine } from '../workflows/kit/activities.ts'
import { startOptions } from './start.ts'
import { workflowName } from '../workflows/catalogue.ts'
import { childEnded, parentEnded } from '../workflows/kit/updates.ts'

/** Starts cases and tells them of each other; see `Engine`. */
export function createEngine(client: Client, taskQueue: string): Engine {
  const start = async (workflow: string, options: Parameters<typeof client.workflow.start>[1]) => {
    await client.workflow.start(workflow, options).catch((e: unknown) => { if (!(e instanceof WorkflowExecutionAlreadyStartedError)) throw e })
  }
  const unlessEnded = (e: unknown) => { if (!(e instanceof WorkflowNotFoundError)) throw e }
  return {
    startCase: (policy, input) => start(workflowName(policy.key), startOptions(policy, input, taskQueue)),
    tellLater: (workflowId, caseNo, at, what) => start('tellLater', {
      workflowId, taskQueue, args: [caseNo, at, what], workflowIdReusePolicy: 'REJECT_DUPLICATE', staticSummary: `${what.title}：${at}`,
    }),
    tellOfChild: (caseNo, child, ending) => client.workflow.getHandle(caseNo).signal(childEnded, child, ending).catch(unlessEnded),
    tellOfParent: (caseNo, parent, how) => client.workflow.getHandle(caseNo).signal(parentEnded, parent, how).catch(unlessEnded),
  }
}
