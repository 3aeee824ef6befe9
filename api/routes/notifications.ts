/** Who calls, their inbox, and the outside notices that were given up. */
import { z } from 'zod'
import { toIso } from '../../model/instants.ts'
import { countUnread, listFailed, listInbox, markAllRead, markRead, retryNotice, type FailedNotice } from '../../db/notices/inbox.ts'
import { placeOf, titleOf } from '../../db/notices/messages.ts'
import type { NoticeRow } from '../../db/notices/notices.ts'
import type { Routes } from '../http/app-types.ts'
import { page, Paging } from '../views/cursor.ts'
import { problem } from '../http/errors.ts'
import { refusing, type ApiDeps } from '../cases/requests.ts'
import { Person } from '../http/schemas.ts'

const instant = z.iso.datetime({ offset: true })

const Me = Person.extend({ unread: z.int().meta({ title: '未读通知数' }) }).meta({ id: 'Me', title: '本人' })
const Notification = z
  .object({ id: z.string(), caseNo: z.string().nullable().meta({ description: '值班等不属于任何案件的通知为 null。' }), taskId: z.string().nullable(), href: z.string().meta({ description: '工作台内的地址' }), title: z.string(), body: z.string(), count: z.int().meta({ description: '同类通知未读时合为一条，这是条数；标题和正文说的是最近一条。' }), createdAt: instant, readAt: instant.nullable() })
  .meta({ id: 'Notification', title: '通知' })
const Failed = z
  .object({
    id: z.string(), caseNo: z.string().nullable(), channel: z.enum(['inbox', 'email', 'webhook', 'system']), recipient: z.string(),
    failure: z.string(), attempt: z.int(), createdAt: instant,
  })
  .meta({ id: 'FailedNotification', title: '投递失败的通知', description: '不含通知内容；受限案件不显示案件编号。attempt：已重发次数。' })

const pageOf = <Item extends z.ZodType>(item: Item) => z.object({ items: z.array(item), nextCursor: z.string().nullable() })
const Inbox = z.strictObject({ unread: z.enum(['0', '1']).default('0').meta({ title: '只看未读' }), caseNo: z.string().min(1).max(64).meta({ title: '案件编号' }).optional(), ...Paging })
const Id = z.strictObject({ id: z.string() })

/** `/api/me`, `/api/notifications`. */
export const notificationRoutes = ({ db }: ApiDeps): Routes => async (app) => {
  const config = { access: 'signed-in' } as const
  const tags = ['通知']

  app.get('/api/me', { config, schema: { tags: ['登录'], summary: '本人及未读通知数', response: { 200: Me } } }, async ({ person }) => {
    const { id, name, unit, enterprise, roles } = person
    return { id, name, unit, enterprise, roles, unread: await countUnread(db.pool, id) }
  })

  app.get('/api/notifications', { config, schema: { tags, summary: '本人的通知，新的在前', querystring: Inbox, response: { 200: pageOf(Notification) } } }, async ({ person, query }) => {
    const { limit, cursor: after } = query
    const { rows, nextCursor } = page(await listInbox(db.pool, person.id, { unread: query.unread === '1', caseNo: query.caseNo, limit, after }), limit, n => ({ at: n.createdAt, id: n.id }))
    return { items: rows.map(view), nextCursor }
  })

  app.post('/api/notifications/:id/read', { config, schema: { tags, summary: '标为已读', params: Id, response: { 200: Notification } } }, async ({ person, params }) => {
    const read = await markRead(db.pool, person.id, params.id)
    if (!read) throw problem('not-found')
    return view(read)
  })

  app.post('/api/notifications/read', { config, schema: { tags, summary: '全部标为已读', response: { 200: z.object({ read: z.int().meta({ title: '标为已读的条数' }) }) } } }, async ({ person }) =>
    ({ read: await markAllRead(db.pool, person.id) }))

  app.get('/api/notifications/failed', {
    config: { access: ['office', 'admin'] },
    schema: { tags, summary: '投递失败的邮件和系统通知', querystring: z.strictObject(Paging), response: { 200: pageOf(Failed) } },
  }, async ({ query: { limit, cursor: after } }) => {
    const { rows, nextCursor } = page(await listFailed(db.pool, { limit, after }), limit, n => ({ at: n.createdAt, id: n.id }))
    return { items: rows.map(viewFailed), nextCursor }
  })

  app.post('/api/notifications/:id/retry', {
    config: { access: ['office'] },
    schema: { tags, summary: '重发投递失败的通知', params: Id, response: { 200: Failed } },
  }, async ({ person, params }) => viewFailed(await refusing(db, { personId: person.id, caseNo: null, taskId: null, action: 'retry-notice' },
    () => retryNotice(db, { id: person.id, unit: person.unit?.id ?? null }, params.id))))
}

const view = (row: NoticeRow) => {
  const { id, caseNo, taskId, count, body, createdAt, readAt } = row
  return { id, caseNo, taskId, href: placeOf(row), title: titleOf(row), body, count, createdAt: toIso(createdAt), readAt: readAt && toIso(readAt) }
}

const viewFailed = (failed: FailedNotice) => ({ ...failed, createdAt: toIso(failed.createdAt) })
