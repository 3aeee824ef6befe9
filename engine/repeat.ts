import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'

/**
 * Runs a piece of background work again and again until `signal` aborts, and answers when the last run has ended. It rests
 * `everyMs` in between, unless the run says that more is waiting. What it throws is logged under `name`, and tried again.
 */
export async function repeat(name: string, everyMs: number, run: () => Promise<boolean | void>, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const more = await run().catch((err: unknown) => log.warn({ err }, `${name}: will try again`))
    if (more !== true) await sleep(everyMs, undefined, { signal }).catch(() => {})
  }
}
