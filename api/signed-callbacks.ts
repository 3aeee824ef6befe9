import type { IncomingHttpHeaders } from 'node:http'
import { Webhook, WebhookVerificationError } from 'standardwebhooks'

/** The largest callback that is looked at; also the route's body limit. */
export const maxCallbackBytes = 256 * 1024

const refusals = {
  'bad-signature': '签名无效',
  'stale-timestamp': '时间戳超出允许范围，请校准时钟后重新签名发送',
  'bad-body': '内容不是有效的 JSON，或者超过大小上限',
} as const

/** Why a callback was refused; nothing may change because of it. */
export interface CallbackRefusal {
  code: keyof typeof refusals
  message: string
}

/** A callback that its sender really sent. `id` is the sender's, the same on every repeat. */
export interface VerifiedCallback {
  id: string
  body: unknown
}

const refuse = (code: CallbackRefusal['code']): CallbackRefusal => ({ code, message: refusals[code] })

/** The id is signed as `id.timestamp.body`: a "." inside would let a replay move the borders. */
const idPattern = /^[\w:-]{1,128}$/

function isSignedBy(secret: string, rawBody: Buffer, headers: Record<string, string>): boolean {
  const webhook = new Webhook(secret) // outside the try: a malformed secret is a fault of the configuration
  try {
    webhook.verify(rawBody, headers, { jsonParse: false })
    return true
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false
    throw error
  }
}

/**
 * Verifies a callback signed by the Standard Webhooks scheme, over the bytes as they came.
 * A repeat inside the tolerance verifies again: record what follows under a key made of the sender and `id`,
 * so that a second run changes nothing.
 * @param secrets every secret valid now, so that a sender can be given a new one without a gap
 * @param toleranceS how far the sender's clock may be off, in seconds; at most 300, the scheme's own bound
 */
export function verifyCallback({ secrets, headers, rawBody, toleranceS = 300 }: {
  secrets: readonly string[]
  headers: IncomingHttpHeaders
  rawBody: Buffer
  toleranceS?: number
}): VerifiedCallback | CallbackRefusal {
  if (rawBody.length > maxCallbackBytes) return refuse('bad-body')
  const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => String(headers[name] ?? ''))
  if (!id || !timestamp || !signature || !idPattern.test(id) || !/^\d{1,12}$/.test(timestamp)) return refuse('bad-signature')
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > toleranceS) return refuse('stale-timestamp')

  const signed = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature }
  if (!secrets.some((secret) => isSignedBy(secret, rawBody, signed))) return refuse('bad-signature')
  try {
    return { id, body: JSON.parse(rawBody.toString()) }
  } catch {
    return refuse('bad-body')
  }
}
