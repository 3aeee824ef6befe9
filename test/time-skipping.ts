import { TestWorkflowEnvironment } from '@temporalio/testing'
import { registerSearchAttributes } from '../scripts/servers/search-attributes.ts'
import { getTimeSkippingServer } from '../scripts/servers/time-skipping.ts'
import './quiet-temporal.ts'

/**
 * A Temporal server of its own in which time can be skipped; the caller tears it down after its workers have stopped.
 * Time is one for the whole environment. Awaiting an Update does not skip it, `env.sleep` and awaiting a result do: start,
 * Update, `env.sleep`, assert, one after the other. Searching by search attributes is only possible on the dev server (`createTestNamespace`).
 */
export async function createTimeSkippingEnv(): Promise<TestWorkflowEnvironment> {
  const env = await startPatiently(await getTimeSkippingServer())
  // An unknown search attribute would fail the workflow task, again and again.
  await registerSearchAttributes(env.connection, 'default')
  return env
}

/** The SDK gives the server five seconds, too few on a machine that is busy with other tests. */
async function startPatiently(path: string): Promise<TestWorkflowEnvironment> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })
    } catch (error) {
      if (attempt === 3) throw error
    }
  }
}
