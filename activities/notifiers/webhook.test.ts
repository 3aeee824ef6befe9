import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import { afterEach, describe, expect, test } from 'vitest'
import type { OutboundMessage } from './types.ts'
import { createWebhookNotifier, sendSigned } from './webhook.ts'

const secret = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`

interface Received {
  headers: IncomingHttpHeaders
  body: string
}
type Answer = (response: ServerResponse) => void

const status = (code: number, headers: Record<string, string> = {}): Answer => (response) => response.writeHead(code, headers).end()
const hang: Answer = () => {}

const toClose: (() => Promise<void>)[] = []
afterEach(() => Promise.all(toClose.splice(0).map((close) => close())))

/** A real receiver that gives the answers in turn (then the last one again), and a notifier that may send to it. */
async function setUp(...answers: [Answer, ...Answer[]]) {
  const received: Received[] = []
  let connections = 0
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await text(request) })
    answers[Math.min(received.length, answers.length) - 1]!(response)
  }).on('connection', () => { connections += 1 }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  toClose.push(stop)
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const url = `${origin}/notices`
  const notifier = createWebhookNotifier({ findDestination: (to) => (to === url ? { url, secret } : undefined), timeoutMs: 500 })
  const message: OutboundMessage = { id: 'notice-1', channel: 'webhook', to: url, title: '红牌', body: '请办理', data: { caseNo: 'QS-2026-0001' } }
  return { notifier, message, received, origin, url, stop, connections: () => connections }
}

const verified = ({ headers, body }: Received) => new Webhook(secret).verify(body, headers as Record<string, string>)

test('a notice arrives as JSON with a signature that verifies', async () => {
  const { notifier, message, received } = await setUp(status(204))
  await notifier.deliver(message)

  expect(received[0]!.headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': 'notice-1' })
  expect(verified(received[0]!))
    .toEqual({ type: 'notice', id: 'notice-1', title: '红牌', body: '请办理', data: { caseNo: 'QS-2026-0001' } })
})

test('a server error can be retried; the retry has the same id and body and a valid signature of its own', async () => {
  const { notifier, message, received } = await setUp(status(500), status(200))
  await expect(notifier.deliver(message)).rejects
    .toMatchObject({ name: 'TransientDeliveryError', code: 'unavailable', retryAfterMs: undefined })
  await notifier.deliver(message)

  expect(received.map(({ headers }) => headers['webhook-id'])).toEqual(['notice-1', 'notice-1'])
  expect(verified(received[1]!)).toEqual(verified(received[0]!))
})

test('a redirect is a permanent failure and is not followed', async () => {
  const { notifier, message, received, origin } = await setUp((response) => status(302, { location: `${origin}/elsewhere` })(response))
  await expect(notifier.deliver(message)).rejects
    .toMatchObject({ name: 'PermanentDeliveryError', code: 'rejected', message: '接收方拒收（302）' })
  expect(received).toHaveLength(1)
})

test.each([400, 401, 404, 410, 422])('%i is permanent', async (code) => {
  const { notifier, message } = await setUp(status(code))
  await expect(notifier.deliver(message)).rejects.toMatchObject({ name: 'PermanentDeliveryError', code: 'rejected' })
})

test.each([408, 425, 429, 502, 503])('%i can be retried', async (code) => {
  const { notifier, message } = await setUp(status(code))
  await expect(notifier.deliver(message)).rejects.toMatchObject({ name: 'TransientDeliveryError', code: 'unavailable' })
})

describe('Retry-After', () => {
  const retryAfter = async (value: string, code = 429): Promise<number | undefined> => {
    const { notifier, message } = await setUp(status(code, { 'retry-after': value }))
    return notifier.deliver(message).catch((error) => error.retryAfterMs)
  }
  test('in seconds is honoured', async () => expect(await retryAfter('120')).toBe(120_000))
  test('is honoured on 503 too', async () => expect(await retryAfter('7', 503)).toBe(7_000))
  test('as a date is honoured', async () => {
    const ms = await retryAfter(new Date(Date.now() + 60_000).toUTCString())
    expect(ms).toBeGreaterThan(50_000)
    expect(ms).toBeLessThanOrEqual(60_000)
  })
  test('cannot put a notice off for more than a day', async () => expect(await retryAfter('999999999')).toBe(86_400_000))
  test.each(['0', '-5', 'soon', 'Wed, 21 Oct 2015 07:28:00 GMT'])('of %j leaves the back-off to the caller', async (value) =>
    expect(await retryAfter(value)).toBeUndefined())
})

test('a receiver that hangs ends in a timeout', async () => {
  const { notifier, message } = await setUp(hang)
  await expect(notifier.deliver(message)).rejects.toMatchObject({ name: 'TransientDeliveryError', code: 'timeout' })
})

test('a cancelled delivery ends at once with the reason of the cancellation', async () => {
  const { notifier, message } = await setUp(hang)
  const controller = new AbortController()
  const delivery = notifier.deliver(message, controller.signal)
  controller.abort(new Error('worker shuts down'))
  await expect(delivery).rejects.toThrow('worker shuts down')
})

test('a receiver that is not there can be retried, and the error does not name it', async () => {
  const { notifier, message, origin, stop } = await setUp(status(200))
  await stop()
  const error = await notifier.deliver(message).catch((e: Error) => e) as Error
  expect(error).toMatchObject({ name: 'TransientDeliveryError', message: '接收方暂时不可用（ECONNREFUSED）' })
  expect(JSON.stringify([error.stack, error.cause])).not.toContain(new URL(origin).port)
})

test('an endless response body is not read: the status is the receipt', async () => {
  let writtenBytes = 0
  let sender!: ServerResponse
  const endless: Answer = (response) => {
    const chunk = Buffer.alloc(64 * 1024)
    const write = (): void => {
      do writtenBytes += chunk.length
      while (response.write(chunk) && writtenBytes < 2 ** 30)
    }
    sender = response.writeHead(200).on('drain', write)
    write()
  }
  const { notifier, message } = await setUp(endless)
  await notifier.deliver(message)
  if (!sender.closed) await once(sender, 'close')
  expect(writtenBytes).toBeLessThan(16 * 1024 * 1024) // socket buffers, nothing more
})

test('a destination that is not on the list is refused without a connection', async () => {
  const { notifier, message, connections, url } = await setUp(status(200))
  for (const to of [`${url}/`, `${url}?x=1`, url.toUpperCase(), `${url}#`, '']) {
    await expect(notifier.deliver({ ...message, to })).rejects
      .toMatchObject({ name: 'PermanentDeliveryError', code: 'unknown-destination', message: '接收地址不在管理员允许名单内' })
  }
  expect(connections()).toBe(0)
})

test.each([
  ['a scheme other than http and https', { url: 'data:text/plain,ok' }],
  ['credentials in the URL', { url: 'http://user:password@127.0.0.1/' }],
  ['no URL', { url: 'notices' }],
  ['a malformed secret', { secret: 'whsec_***' }],
  ['a line break in the id', { id: 'a\r\nx-evil: 1' }],
  ['a full stop in the id, which would make the signed text ambiguous', { id: 'a.1' }],
])('%s is a permanent failure before any connection', async (_, change) => {
  const { url, connections } = await setUp(status(200))
  await expect(sendSigned({ url, secret, id: 'notice-1', payload: {}, ...change })).rejects
    .toMatchObject({ name: 'PermanentDeliveryError', code: 'invalid-message' })
  expect(connections()).toBe(0)
})
