import { ApplicationFailure } from '@temporalio/workflow'

/** Answers with what it was told. */
export async function echo(text: string): Promise<string> {
  return `已收到：${text}`
}

/** Fails with what it was told. */
export async function refuse(text: string): Promise<never> {
  throw ApplicationFailure.nonRetryable(`${text}应当回避`, 'conflict-of-interest', text)
}
