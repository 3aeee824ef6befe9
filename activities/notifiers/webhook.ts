import { Webhook } from 'standardwebhooks'
import { PermanentDeliveryError, TransientDeliveryError } from './types.ts'
import type { Notifier } from './types.ts'
import { within } from './within.ts'

/** Where webhooks may go, and the Standard Webhooks secret (`whsec_…`) shared with it. */
export interface Destination {
  url: string
  secret: string
}

const defaultTimeoutMs = 10_000
/** A receiver may ask for patience, but not put a notice off for ever. */
const maxRetryAfterMs = 24 * 3_600_000
/** Request timeout, too early, too many requests: the 4xx answers that ask for another attempt. */
const transient4xx = [408, 425, 429]

/** Reads `Retry-After` (RFC 9110 §10.2.3), seconds or a date; undefined when missing, unreadable or past. */
function retryAfterMs(header: string | null): number | undefined {
  if (!header) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return ms > 0 ? Math.min(ms, maxRetryAfterMs) : undefined
}

function signedRequest({ url, secret }: Destination, id: string, payload: unknown): Request {
  try {
    const body = JSON.stringify(payload)
    const now = new Date()
    const request = new Request(url, {
      method: 'POST',
      body,
      redirect: 'manual', // whoever answers 3xx would choose a destination that nobody has allowed
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign(id, now, body),
      },
    })
    if (/^https?:/.test(request.url) && !id.includes('.')) return request // "." separates what is signed
  } catch {
    // not passed on as the cause: its text would quote the URL or the secret
  }
  throw new PermanentDeliveryError('invalid-message')
}

/**
 * Posts `payload` as JSON, signed by the Standard Webhooks scheme; one attempt. Resolves on 2xx: the status is
 * the receipt, the response body is not read. Redirects are not followed. `url` must be one that an administrator
 * has configured. Keep `id` (no ".") over retries; the receiver tells duplicates by it.
 * @throws PermanentDeliveryError, TransientDeliveryError or the signal's reason, as {@link Notifier.deliver}
 */
export async function sendSigned({ id, payload, timeoutMs = defaultTimeoutMs, signal: callerSignal, ...destination }:
  Destination & { id: string; payload: unknown; timeoutMs?: number; signal?: AbortSignal },
): Promise<void> {
  const request = signedRequest(destination, id, payload)
  await within(timeoutMs, callerSignal, async (signal) => {
    const response = await fetch(request, { signal }).catch((error: Error & { cause?: { code?: string } }) => {
      throw new TransientDeliveryError('unavailable', error.cause?.code)
    })
    response.body?.cancel().catch(() => {}) // a connection that breaks after the status changes nothing
    const { ok, status, headers } = response
    if (ok) return
    if (status < 500 && !transient4xx.includes(status)) throw new PermanentDeliveryError('rejected', status)
    throw new TransientDeliveryError('unavailable', status, retryAfterMs(headers.get('retry-after')))
  })
}

/**
 * Notices as signed webhooks.
 * @param findDestination looks a destination up on the administrator's list, by its id, as it is now
 */
export function createWebhookNotifier({ findDestination, timeoutMs }: {
  findDestination(id: string): Destination | undefined | Promise<Destination | undefined>
  timeoutMs?: number
}): Notifier {
  return {
    async deliver({ id, to, title, body, data }, signal) {
      const destination = await findDestination(to)
      if (!destination) throw new PermanentDeliveryError('unknown-destination')
      await sendSigned({ ...destination, id, payload: { type: 'notice', id, title, body, data }, timeoutMs, signal })
    },
  }
}
