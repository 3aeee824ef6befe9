import { randomUUID } from 'node:crypto'
import { WithStartWorkflowOperation, type Client } from '@temporalio/client'
import { complete, opened } from './bare-workflow.ts'

/** One bare case: start and one Update per task. */
export async function bareCase(client: Client, tasks: number): Promise<void> {
  const workflowId = `bare-${randomUUID()}`
  const startWorkflowOperation = new WithStartWorkflowOperation('bare', { workflowId, taskQueue: 'bare', workflowIdConflictPolicy: 'FAIL', args: [tasks] })
  await client.workflow.executeUpdateWithStart(opened, { startWorkflowOperation, args: [] })
  const handle = client.workflow.getHandle(workflowId)
  for (let task = 1; task <= tasks; task++) await handle.executeUpdate(complete, { args: [task] })
}
