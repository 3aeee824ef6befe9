import { condition, defineUpdate, setHandler, upsertSearchAttributes } from '@temporalio/workflow'

/** Decides; answers what was decided. */
export const decide = defineUpdate<string, [decision: string]>('decide')

/** Waits for a decision, at most as long as it is told: what the tests of the servers run. */
export async function sample(timeoutMs: number): Promise<string> {
  let decision = ''
  setHandler(decide, (given) => {
    decision = given
    return `decided: ${given}`
  })
  upsertSearchAttributes({ Stage: ['waiting'] })
  const decided = await condition(() => decision !== '', timeoutMs)
  return decided ? decision : 'too late'
}
