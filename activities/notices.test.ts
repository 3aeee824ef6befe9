import { MockActivityEnvironment } from '@temporalio/testing'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connect, type Db } from '../db/connect.ts'
import { retryNotice } from '../db/notices/inbox.ts'
import { seedOrganisation } from '../db/seed/index.ts'
import { createTestDatabase, type TestDatabase } from '../test/database.ts'
import { startReceiver } from '../test/receiver.ts'
import { startMailbox } from '../test/mailbox.ts'
import { append, deadline, event, fresh, openCase, taskOpened } from '../test/sample-case.ts'
import { createNoticeActivities } from './notices.ts'
import { createEmailNotifier } from './notifiers/email.ts'
import { createWebhookNotifier } from './notifiers/webhook.ts'

const secret = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`

let database: TestDatabase
let db: Db
let receiver: Awaited<ReturnType<typeof startReceiver>>
beforeAll(async () => {
  database = await createTestDatabase()
  await seedOrganisation(database.url)
  db = connect(database.appUrl)
  receiver = await startReceiver()
})
afterAll(async () => {
  await receiver.close()
  await db.close()
  await database.drop()
})

const activities = () => createNoticeActivities({
  db, publicUrl: 'https://anxin.example', webhook: createWebhookNotifier({ timeoutMs: 1_000, findDestination: async id => (await db.pool.query('SELECT url, secret FROM webhook_destination WHERE id = $1 AND active', [id])).rows[0] }),
})
const deliver = (id: string) => new MockActivityEnvironment().run(activities().deliver, id)
const giveUp = (id: string) => activities().giveUp(id, '接收方拒收（410）')

/** A notice in the outbox for a destination of its own; answers its id and the destination's path. */
async function outgoing(): Promise<{ id: string, path: string, caseNo: string }> {
  const path = `/${fresh('hook')}`
  await db.pool.query('INSERT INTO webhook_destination (url, secret, procedures) VALUES ($1, $2, $3)', [receiver.origin + path, secret, [path]])
  const caseNo = await openCase(db, no => [taskOpened(no)], { procedure: path })
  await append(db, caseNo, event('yellow-card', { clock: `${caseNo}.handle.1`, dueAt: deadline().dueAt }))
  const { rows: [row] } = await db.pool.query(`SELECT id FROM notice WHERE case_no = $1 AND channel = 'webhook'`, [caseNo])
  return { id: row.id, path, caseNo }
}
const noticeRow = async (id: string) => (await db.pool.query('SELECT state, failure, attempt, done_at FROM notice WHERE id = $1', [id])).rows[0]
const failures = async (caseNo: string) => (await db.pool.query(`SELECT data FROM case_event WHERE case_no = $1 AND type = 'notice-failed'`, [caseNo])).rows.map(r => r.data)

describe('delivering', () => {
  it('sends the notice signed, under its id, and marks it done; a second run sends nothing', async () => {
    const { id, path, caseNo } = await outgoing()
    await deliver(id)
    await deliver(id)
    const [got, ...more] = receiver.at(path)
    expect(more).toEqual([])
    expect(got!.headers['webhook-id']).toBe(id)
    expect(new Webhook(secret).verify(got!.body, got!.headers as Record<string, string>)).toMatchObject({ type: 'notice', id, title: '黄牌：“办理”已到期', data: { caseNo, url: `https://anxin.example/cases/${caseNo}?task=${caseNo}.handle.1` } })
    expect(await noticeRow(id)).toMatchObject({ state: 'done', done_at: expect.any(Date) })
  })

  it('leaves the notice as it was when the receiver fails or hangs', async () => {
    const { id, path } = await outgoing()
    receiver.answer(path, 500, 'hang')
    await expect(deliver(id)).rejects.toMatchObject({ name: 'TransientDeliveryError', code: 'unavailable' })
    await expect(deliver(id)).rejects.toMatchObject({ name: 'TransientDeliveryError', code: 'timeout' })
    expect(await noticeRow(id)).toMatchObject({ state: 'pending', done_at: null })
    expect(receiver.at(path).map(r => r.headers['webhook-id'])).toEqual([id, id])
  })

  it('goes to the destination as it is now, its address and its secret, whatever they were when the notice was written', async () => {
    const { id, path } = await outgoing()
    receiver.answer(path, 500)
    await expect(deliver(id)).rejects.toMatchObject({ code: 'unavailable' })
    const corrected = `/${fresh('corrected')}`
    const other = 'whsec_b3RoZXIgc2VjcmV0IG90aGVyIHNlY3JldA=='
    await db.pool.query('UPDATE webhook_destination SET url = $2, secret = $3 WHERE url = $1', [receiver.origin + path, receiver.origin + corrected, other])
    await giveUp(id)
    await retryNotice(db, { id: 'office-1', unit: 'office' }, id)
    await deliver(id)
    const [got] = receiver.at(corrected)
    expect(new Webhook(other).verify(got!.body, got!.headers as Record<string, string>)).toMatchObject({ id })
    expect(receiver.at(path)).toHaveLength(1)
  })

  it('is not worth another attempt once the administrator has struck the destination off the list', async () => {
    const { id, path } = await outgoing()
    await db.pool.query('UPDATE webhook_destination SET active = false WHERE url = $1', [receiver.origin + path])
    await expect(deliver(id)).rejects.toMatchObject({ name: 'PermanentDeliveryError', code: 'unknown-destination' })
    expect(receiver.at(path)).toEqual([])
  })

  it('is not worth another attempt where no mail server is set', async () => {
    const { id } = await outgoing()
    await db.pool.query(`UPDATE notice SET channel = 'email', address = 'a@example.com' WHERE id = $1`, [id])
    await expect(deliver(id)).rejects.toMatchObject({ name: 'PermanentDeliveryError' })
  })

  it('by e-mail goes to the address as it is now, whatever it was when the notice was written; to nobody who has none any more', async () => {
    const mailbox = await startMailbox()
    const email = createEmailNotifier({ smtpUrl: mailbox.smtpUrl, from: 'anxin@localhost' })
    const mailing = connect(database.appUrl, { mail: true })
    const notices = createNoticeActivities({ db: mailing, publicUrl: 'https://anxin.example', email, webhook: { deliver: () => Promise.reject(new Error('no webhook')) } })
    const caseNo = await openCase(mailing, no => [taskOpened(no, { holder: 'economic-crime-2' })])
    const { rows: [{ id, address }] } = await mailing.pool.query(`SELECT id, address FROM notice WHERE case_no = $1 AND channel = 'email' AND person_id = 'economic-crime-2'`, [caseNo])
    const person = (change: string) => db.pool.query(`UPDATE person SET ${change} WHERE id = 'economic-crime-2'`)
    try {
      for (const gone of ['email = NULL', 'active = false']) {
        await person(gone)
        await expect(new MockActivityEnvironment().run(notices.deliver, id)).rejects.toMatchObject({ name: 'PermanentDeliveryError', code: 'no-address' })
        await person(`email = 'corrected@example.com', active = true`)
      }
      await new MockActivityEnvironment().run(notices.giveUp, id, '接收方拒收')
      await retryNotice(mailing, { id: 'office-1', unit: 'office' }, id)
      await new MockActivityEnvironment().run(notices.deliver, id)
      expect(mailbox.mails.map(mail => mail.to)).toEqual([['corrected@example.com']])
    } finally {
      await db.pool.query(`UPDATE person SET email = $1 WHERE id = 'economic-crime-2'`, [address])
      email.close()
      mailbox.close()
      await mailing.close()
    }
  })

  it('by e-mail says the number and links to the very task; of a restricted case, to the case alone, and says nothing of it', async () => {
    const mailbox = await startMailbox()
    const email = createEmailNotifier({ smtpUrl: mailbox.smtpUrl, from: 'anxin@localhost' })
    const mailing = connect(database.appUrl, { mail: true })
    for (const restricted of [false, true]) {
      const caseNo = await openCase(mailing, no => [taskOpened(no, { title: '机密办理', holder: 'economic-crime-1' })], { restricted, title: '机密' })
      const { rows } = await mailing.pool.query(`SELECT id FROM notice WHERE case_no = $1 AND channel = 'email' AND person_id = 'economic-crime-1'`, [caseNo])
      await new MockActivityEnvironment().run(createNoticeActivities({ db: mailing, publicUrl: 'https://anxin.example', email, webhook: { deliver: () => Promise.reject(new Error('no webhook')) } }).deliver, rows[0].id)
      const mail = mailbox.mails.at(-1)!
      expect(mail.to).toEqual(['economic-crime-1@example.com'])
      expect(mail.text).toContain(`案件编号：${caseNo}\n`)
      const link = restricted ? `https://anxin.example/cases/${caseNo}\n` : `https://anxin.example/cases/${caseNo}?task=${caseNo}.handle.1\n`
      expect(mail.text).toContain(`查看办理：${link}`)
      expect(mail.text.includes('机密')).toBe(!restricted)
    }
    email.close()
    mailbox.close()
    await mailing.close()
  })

  it('of nothing is nothing', async () => expect(await deliver('no-such-notice')).toBeUndefined())

  it('posts a hand-over to the outside system under its newest secret, which the content cannot pass for another', async () => {
    const path = `/${fresh('system')}`
    await db.pool.query('INSERT INTO outside_system (id, name, url, secrets) VALUES ($1, $1, $2, $3)', [path, receiver.origin + path, [secret, 'whsec_b2xkIHNlY3JldCBvbGQgc2VjcmV0IG9sZA==']])
    const caseNo = await openCase(db)
    await append(db, caseNo, event('handed-over', { task: 't', system: path, payload: { type: 'other', id: 'other', title: '货车被扣' } }))
    const { rows: [{ id }] } = await db.pool.query(`SELECT id FROM notice WHERE case_no = $1 AND channel = 'system'`, [caseNo])
    await deliver(id)
    const [got] = receiver.at(path)
    expect(new Webhook(secret).verify(got!.body, got!.headers as Record<string, string>)).toEqual({ type: 'handed-over', id, caseNo, task: 't', title: '货车被扣', enterprise: { name: '示例袜业有限公司', uscc: '91999999MA0000001N' } })
  })
})

describe('giving up', () => {
  it('is recorded on the case once, however often it runs, and 护航办 is told', async () => {
    const { id, caseNo } = await outgoing()
    await giveUp(id)
    await giveUp(id)
    expect(await noticeRow(id)).toMatchObject({ state: 'failed', failure: '接收方拒收（410）' })
    expect(await failures(caseNo)).toEqual([{ notice: id, channel: 'webhook', failure: '接收方拒收（410）' }])
    const { rows } = await db.pool.query(`SELECT person_id FROM notice WHERE case_no = $1 AND title = '通知未能送达' ORDER BY 1`, [caseNo])
    expect(rows.map(r => r.person_id)).toEqual(['office-1', 'office-2', 'office-3', 'office-leader'])
  })

  it('is recorded again when it was sent once more in vain', async () => {
    const { id, caseNo } = await outgoing()
    await giveUp(id)
    expect(await retryNotice(db, { id: 'office-1', unit: 'office' }, id)).toMatchObject({ attempt: 1 })
    expect(await noticeRow(id)).toMatchObject({ state: 'pending', attempt: 1 })
    await giveUp(id)
    expect(await failures(caseNo)).toHaveLength(2)
  })

  it('does not undo a delivery', async () => {
    const { id, caseNo } = await outgoing()
    await deliver(id)
    await giveUp(id)
    expect([(await noticeRow(id)).state, await failures(caseNo)]).toEqual(['done', []])
  })
})
