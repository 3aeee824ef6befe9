import { TransientDeliveryError } from './types.ts'

/**
 * Runs `attempt` for at most `timeoutMs`; its signal aborts when the time is up or the caller's signal does.
 * @throws TransientDeliveryError `timeout`, the caller's reason, or what `attempt` throws
 */
export async function within(
  timeoutMs: number,
  callerSignal: AbortSignal | undefined,
  attempt: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  callerSignal?.throwIfAborted()
  // AbortSignal.any([AbortSignal.timeout()]) would be shorter, but Node loses it to the garbage collector
  // (nodejs/node#57736), and the attempt would hang.
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(new TransientDeliveryError('timeout')), timeoutMs)
  const abort = () => controller.abort(callerSignal?.reason)
  callerSignal?.addEventListener('abort', abort)
  try {
    await attempt(controller.signal)
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error
  } finally {
    clearTimeout(timer)
    callerSignal?.removeEventListener('abort', abort)
  }
}
