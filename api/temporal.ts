/** The door to the workflows: starts cases and carries decisions to them, each call under a deadline. */
import { type Client, WithStartWorkflowOperation, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client'
import { ApplicationFailure } from '@temporalio/common'
import type { Db } from '../db/connect.ts'
import { resumeWithin } from '../engine/sweep.ts'
import { startOptions, updateId } from '../engine/start.ts'
import { workflowName } from '../workflows/catalogue.ts'
import type { Policy } from '../model/policy.ts'
import type { CaseInput, Decision } from '../workflows/kit/types.ts'
import { caseUpdate, opened, taskUpdate, type CASE_UPDATES, type TASK_UPDATES } from '../workflows/kit/updates.ts'
import { problem, PROBLEMS, type Problem, type ProblemCode } from './http/errors.ts'

export type TaskUpdate = (typeof TASK_UPDATES)[number]
type CaseUpdate = (typeof CASE_UPDATES)[number]

/** Where cases run. */
export interface CaseEngine {
  /** Starts a case under its number; a repeat starts nothing twice. When it returns, the case is in the record. @throws Problem `workflow-unavailable` */
  startCase(policy: Policy, input: CaseInput): Promise<void>
  /** Sends a decision on a task. It is recorded when this returns. @throws Problem */
  decideTask(caseNo: string, name: TaskUpdate, decision: Decision): Promise<void>
  /** Sends a decision on a whole case. It is recorded when this returns. @throws Problem */
  decideCase(caseNo: string, name: CaseUpdate, decision: Decision): Promise<void>
  /** Brings a case whose workflow stands still back from its record. @throws Problem `workflow-unavailable` where that does not succeed */
  resumeCase(db: Db, caseNo: string): Promise<void>
  /** Returns when the Temporal Service answers. */
  checkService(): Promise<void>
  /** Returns when a worker polls for cases. */
  checkWorker(): Promise<void>
}

/** How long a caller is kept waiting for a start or a decision, and for a look whether all is well. */
const callTimeoutMs = 10_000
const lookTimeoutMs = 2_000

const TASK_QUEUE_TYPE_WORKFLOW = 1
/** A worker polls at least every minute; one not seen for longer is gone. */
const pollerTimeoutMs = 90_000

/** Speaks to Temporal through a client. */
export function createCaseEngine(client: Client, taskQueue: string, timeoutMs = callTimeoutMs): CaseEngine {
  const { namespace } = client.options
  const within = <T>(ms: number, call: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + ms, call)

  async function decide(caseNo: string, send: (handle: ReturnType<typeof client.workflow.getHandle>) => Promise<unknown>): Promise<void> {
    try {
      await within(timeoutMs, () => send(client.workflow.getHandle(caseNo)))
    } catch (e) {
      throw toProblem(e)
    }
  }

  return {
    async startCase(policy, input) {
      const startWorkflowOperation = new WithStartWorkflowOperation(workflowName(policy.key), startOptions(policy, input, taskQueue))
      // Nobody waits for it: when the call fails, it fails with it.
      startWorkflowOperation.workflowHandle().catch(() => {})
      try {
        await within(timeoutMs, () => client.workflow.executeUpdateWithStart(opened, { startWorkflowOperation, updateId: 'opened', args: [] }))
      } catch (e) {
        throw problem('workflow-unavailable', undefined, { cause: e })
      }
    },
    decideTask: (caseNo, name, decision) => decide(caseNo, handle => handle.executeUpdate(taskUpdate(name), { updateId: updateId(decision), args: [decision] })),
    decideCase: (caseNo, name, decision) => decide(caseNo, handle => handle.executeUpdate(caseUpdate(name), { updateId: updateId(decision), args: [decision] })),
    async resumeCase(db, caseNo) {
      await resumeWithin(db, client, taskQueue, caseNo, timeoutMs).catch((e: unknown) => { throw problem('workflow-unavailable', '流程未能恢复，请通知系统管理员检查执行进程。', { cause: e }) })
    },
    async checkService() {
      await within(lookTimeoutMs, () => client.workflowService.describeNamespace({ namespace }))
    },
    async checkWorker() {
      const { pollers } = await within(lookTimeoutMs, () => client.workflowService.describeTaskQueue({ namespace, taskQueue: { name: taskQueue }, taskQueueType: TASK_QUEUE_TYPE_WORKFLOW }))
      const seenAtMs = (pollers ?? []).map(poller => Number(poller.lastAccessTime?.seconds ?? 0) * 1000)
      if (!seenAtMs.some(ms => Date.now() - ms < pollerTimeoutMs)) throw new Error('no worker polls')
    },
  }
}

/**
 * Why a decision was not taken. All that is no refusal is `workflow-unavailable`, also where Temporal does not know the
 * case: it has just ended, or was lost and will be resumed. A repeat under the same key is safe and finds out.
 */
function toProblem(e: unknown): Problem {
  if (e instanceof WorkflowUpdateFailedError && e.cause instanceof ApplicationFailure && isCode(e.cause.type)) return problem(e.cause.type, e.cause.message)
  return problem('workflow-unavailable', undefined, { cause: e })
}

/** Whether a decision met no running workflow: where the record has the case closed, it has ended. */
export const metNoWorkflow = (e: Problem): boolean => e.cause instanceof WorkflowNotFoundError

const isCode = (type: string | null | undefined): type is ProblemCode => typeof type === 'string' && Object.hasOwn(PROBLEMS, type)
