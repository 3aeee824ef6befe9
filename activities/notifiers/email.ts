import { createTransport } from 'nodemailer'
import { PermanentDeliveryError, TransientDeliveryError } from './types.ts'
import type { Notifier } from './types.ts'
import { within } from './within.ts'

/** What a nodemailer error tells; its text may hold addresses and is never passed on. */
interface SmtpError {
  code?: string
  responseCode?: number
  permanent?: boolean
}

/** A refused sender, recipient or content is final; a refused login or connection is for an operator to mend. */
function deliveryError({ code, responseCode, permanent }: SmtpError): Error {
  const status = [code, responseCode].filter(Boolean).join(' ')
  const refused = (code === 'EENVELOPE' || code === 'EMESSAGE') && permanent !== false
  return refused ? new PermanentDeliveryError('rejected', status) : new TransientDeliveryError('unavailable', status)
}

/**
 * E-mail in plain text over pooled SMTP connections.
 * @param smtpUrl `smtp://` or `smtps://`, with credentials and nodemailer options as query (`?requireTLS=true`)
 * @param from the sender, `安心 <no-reply@example.gov.cn>` or a bare address
 * @param timeoutMs for the whole of an attempt, waiting for a free connection included
 */
export function createEmailNotifier({ smtpUrl, from, timeoutMs = 30_000 }: {
  smtpUrl: string
  from: string
  timeoutMs?: number
}): Notifier & { close(): void } {
  const transport = createTransport({ url: smtpUrl, pool: true, disableFileAccess: true, disableUrlAccess: true })
  const domain = from.slice(from.lastIndexOf('@') + 1).replace(/>.*$/, '').trim()

  return {
    deliver: ({ id, to, title, body }, callerSignal) =>
      within(timeoutMs, callerSignal, async (signal) => {
        try {
          await transport.sendMail({
            from,
            to: { name: '', address: to }, // an object, so that a comma cannot make it two recipients
            subject: title,
            text: body,
            messageId: `<${encodeURIComponent(id)}@${domain}>`,
            headers: { 'Auto-Submitted': 'auto-generated' }, // RFC 3834: keeps vacation replies away
            signal,
          })
        } catch (error) {
          throw deliveryError(error as SmtpError)
        }
      }),
    /** Ends idle connections at once, busy ones after their message. */
    close: () => transport.close(),
  }
}
