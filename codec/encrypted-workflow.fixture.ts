import { ApplicationFailure, condition, defineUpdate, proxyLocalActivities, setHandler } from '@temporalio/workflow'

const { record } = proxyLocalActivities<{ record(text: string): Promise<string> }>({ startToCloseTimeout: '10s' })

/** Adds to what is answered; records it as a case does, by a local activity in the handler. */
export const decide = defineUpdate<string, [text: string]>('decide')

/** Waits for a decision and answers with it and with what it was started with. */
export async function echo(text: string): Promise<string> {
  let decided = ''
  setHandler(decide, async more => decided = await record(more), {
    validator: (more) => { if (more === '') throw ApplicationFailure.nonRetryable(`${text}的决定不能为空`, 'bad-form') },
  })
  await condition(() => decided !== '', '1h', { summary: `等待${text}的决定` })
  return `${text}：${decided}`
}

/** Fails with what it was told. */
export async function refuse(text: string): Promise<never> {
  throw ApplicationFailure.nonRetryable(`${text}应当回避`, 'conflict-of-interest', text)
}
