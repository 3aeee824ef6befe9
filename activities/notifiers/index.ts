import { createEmailNotifier } from './email.ts'
import type { Notifier } from './types.ts'
import { createWebhookNotifier } from './webhook.ts'

/** The channels that are configured. */
export interface Notifiers {
  /** Missing when no mail server is configured. */
  email?: Notifier
  webhook: Notifier
  /** Lets busy connections finish; nothing can be delivered afterwards. */
  close(): void
}

/** Opens the channels; connections are made with the first message. */
export function createNotifiers({ email, webhook }: {
  email?: Parameters<typeof createEmailNotifier>[0]
  webhook: Parameters<typeof createWebhookNotifier>[0]
}): Notifiers {
  const mail = email && createEmailNotifier(email)
  return { email: mail, webhook: createWebhookNotifier(webhook), close: () => mail?.close() }
}
