import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'
import type { SMTPServerOptions } from 'smtp-server'
import { afterEach, expect, test } from 'vitest'
import { createEmailNotifier } from './email.ts'
import type { OutboundMessage } from './types.ts'

const message: OutboundMessage = {
  id: 'notice-1',
  channel: 'email',
  to: 'handler@example.test',
  title: '黄牌提醒：企业诉求办理已到期，请于两个工作日内办结并反馈企业，逾期将出示红牌',
  body: '案件编号 QS-2026-0001\n请及时办理。',
}

interface Received {
  recipients: string[]
  raw: string
}

const toClose: (() => void)[] = []
afterEach(() => toClose.splice(0).forEach((close) => close()))

/** A real SMTP server that keeps what it accepts, and a notifier that sends to it. */
async function setUp(options: SMTPServerOptions = {}, timeoutMs = 5_000) {
  const received: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    closeTimeout: 50,
    async onData(stream, { envelope }, done) {
      received.push({ raw: await text(stream), recipients: envelope.rcptTo.map(({ address }) => address) })
      done()
    },
    ...options,
  })
  server.on('error', () => {}) // a client that gives up is part of the tests
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  const notifier = createEmailNotifier({ smtpUrl: `smtp://127.0.0.1:${port}`, from: '安心 <no-reply@anxin.test>', timeoutMs })
  toClose.push(() => notifier.close(), () => server.close())
  return { notifier, received, server }
}

const smtpError = (responseCode: number, text: string) => Object.assign(new Error(text), { responseCode })

const headersOf = ({ raw }: Received) => raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ')
const header = (mail: Received, name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(headersOf(mail))?.[1]

/** Decodes RFC 2047 encoded words; white space between two of them is not part of the text. */
const decodeWords = (value = '') =>
  value.replace(/\?=\s+=\?/g, '?==?').replace(/=\?utf-8\?([bq])\?(.*?)\?=/gi, (_, encoding: string, word: string) =>
    encoding.toLowerCase() === 'b'
      ? Buffer.from(word, 'base64').toString()
      : decodeURIComponent(word.replaceAll('_', ' ').replaceAll('=', '%')))

function decodedBody(mail: Received): string {
  const body = mail.raw.slice(mail.raw.indexOf('\r\n\r\n') + 4)
  if (header(mail, 'content-transfer-encoding') === 'base64') return Buffer.from(body, 'base64').toString()
  return decodeURIComponent(body.replace(/=\r\n/g, '').replaceAll('=', '%'))
}

test('an e-mail arrives with its Chinese subject and text, marked as sent by a machine', async () => {
  const { notifier, received } = await setUp()
  await notifier.deliver(message)

  const [mail] = received as [Received]
  expect(mail.recipients).toEqual(['handler@example.test'])
  expect(decodeWords(header(mail, 'subject'))).toBe(message.title)
  expect(decodeWords(header(mail, 'from'))).toBe('安心 <no-reply@anxin.test>')
  expect(header(mail, 'content-type')).toBe('text/plain; charset=utf-8')
  expect(header(mail, 'auto-submitted')).toBe('auto-generated')
  expect(decodedBody(mail).replaceAll('\r\n', '\n').trim()).toBe(message.body)
})

test('two deliveries of one notice carry the same Message-ID, another notice carries another', async () => {
  const { notifier, received } = await setUp()
  await notifier.deliver(message)
  await notifier.deliver(message)
  await notifier.deliver({ ...message, id: 'notice-2' })

  expect(received.map((mail) => header(mail, 'message-id')))
    .toEqual(['<notice-1@anxin.test>', '<notice-1@anxin.test>', '<notice-2@anxin.test>'])
})

test('line breaks in the title or id add no header', async () => {
  const { notifier, received } = await setUp()
  await notifier.deliver({ ...message, title: 'title\r\nBcc: other@example.test\nX-Evil: 1', id: 'id\r\nX-Evil: 1' })

  const [mail] = received as [Received]
  expect(mail.recipients).toEqual(['handler@example.test'])
  expect(headersOf(mail)).not.toMatch(/^(bcc|x-evil)/im)
})

test.each(['a@example.test, b@example.test', 'a@example.test\r\nRCPT TO:<b@example.test>', ''])(
  'what is not exactly one address is refused for good and reaches nobody: %j', async (to) => {
    const { notifier, received } = await setUp()
    await expect(notifier.deliver({ ...message, to })).rejects.toMatchObject({ name: 'PermanentDeliveryError', code: 'rejected' })
    expect(received).toEqual([])
  })

test('a temporary failure can be retried, and the retry succeeds', async () => {
  let attempts = 0
  const { notifier, received } = await setUp({
    onRcptTo: (_address, _session, done) => done(attempts++ === 0 ? smtpError(450, 'greylisted') : null),
  })
  await expect(notifier.deliver(message)).rejects.toMatchObject({ name: 'TransientDeliveryError', code: 'unavailable' })
  await notifier.deliver(message)
  expect(received).toHaveLength(1)
})

test('a refused recipient is permanent, and the error does not name it', async () => {
  const { notifier } = await setUp({
    onRcptTo: ({ address }, _session, done) => done(smtpError(550, `no such user ${address}`)),
  })
  const error = await notifier.deliver(message).catch((e: Error) => e)
  expect(error).toMatchObject({ name: 'PermanentDeliveryError', code: 'rejected', message: '接收方拒收（EENVELOPE 550）' })
  expect(JSON.stringify([error, (error as Error).stack, (error as Error).cause])).not.toContain('example.test')
})

test('a refused content is permanent', async () => {
  const { notifier } = await setUp({
    onData: (stream, _session, done) => stream.resume().on('end', () => done(smtpError(554, 'spam'))),
  })
  await expect(notifier.deliver(message)).rejects.toMatchObject({ name: 'PermanentDeliveryError', code: 'rejected' })
})

test('a refused connection can be retried: it is the mail server that is at fault', async () => {
  const { notifier } = await setUp({ onConnect: (_session, done) => done(smtpError(554, 'no service')) })
  await expect(notifier.deliver(message)).rejects.toMatchObject({ name: 'TransientDeliveryError', code: 'unavailable' })
})

test('a mail server that is down can be retried', async () => {
  const { notifier, server } = await setUp()
  await new Promise<void>((resolve) => server.close(resolve))
  await expect(notifier.deliver(message)).rejects
    .toMatchObject({ name: 'TransientDeliveryError', code: 'unavailable', message: '接收方暂时不可用（ESOCKET）' })
})

test('a mail server that hangs ends in a timeout, also for those waiting for a connection, and serves again later', async () => {
  let hangs = true
  const { notifier, received } = await setUp({ onMailFrom: (_address, _session, done) => { if (!hangs) done() } }, 300)
  const results = await Promise.allSettled(Array.from({ length: 8 }, () => notifier.deliver(message)))
  expect(results.map((r) => r.status === 'rejected' && r.reason.code)).toEqual(Array(8).fill('timeout'))

  hangs = false
  await notifier.deliver(message)
  expect(received).toHaveLength(1) // what was given up is not sent behind the caller's back
})

test('a cancelled delivery ends at once with the reason of the cancellation', async () => {
  const { notifier } = await setUp({ onMailFrom: () => {} })
  const controller = new AbortController()
  const delivery = notifier.deliver(message, controller.signal)
  controller.abort(new Error('worker shuts down'))
  await expect(delivery).rejects.toThrow('worker shuts down')
})
