import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

/** A real SMTP server that keeps what it is sent: for whom, and the text. */
export async function startMailbox(): Promise<{ smtpUrl: string, mails: { to: string[], text: string }[], close(): void }> {
  const mails: { to: string[], text: string }[] = []
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS', 'AUTH'], closeTimeout: 50,
    async onData(stream, { envelope }, done) {
      mails.push({ to: envelope.rcptTo.map(({ address }) => address), text: textOf(await text(stream)) })
      done()
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  return { smtpUrl: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, mails, close: () => server.close() }
}

function textOf(raw: string): string {
  const end = raw.indexOf('\r\n\r\n')
  const body = raw.slice(end + 4)
  const decoded = /^content-transfer-encoding: base64$/im.test(raw.slice(0, end)) ? Buffer.from(body, 'base64').toString() : decodeURIComponent(body.replace(/=\r\n/g, '').replaceAll('=', '%'))
  return decoded.replaceAll('\r\n', '\n').trim()
}
