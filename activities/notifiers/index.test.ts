import { expect, test } from 'vitest'
import { createNotifiers } from './index.ts'

const webhook = { findDestination: () => undefined }

test('without a mail server there is no e-mail channel', () => {
  const notifiers = createNotifiers({ webhook })
  expect(notifiers.email).toBeUndefined()
  notifiers.close()
})

test('after close no e-mail is sent', async () => {
  const notifiers = createNotifiers({ webhook, email: { smtpUrl: 'smtp://127.0.0.1:1', from: 'no-reply@anxin.test' } })
  notifiers.close()
  await expect(notifiers.email!.deliver({ id: 'notice-1', channel: 'email', to: 'a@example.test', title: '', body: '' }))
    .rejects.toMatchObject({ name: 'TransientDeliveryError', message: '接收方暂时不可用（ECONNECTION）' })
})
