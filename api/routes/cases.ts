/** Lists of cases, one case, what happened to it and why it is due when it is, and what may be done with it. */
import { z } from 'zod'
import { findBreak } from '../../model/chain.ts'
import { asWho } from '../../db/directory/directory.ts'
import { listDocuments } from '../../db/lists/documents.ts'
import { listCases, listEvents } from '../../db/lists/search.ts'
import type { CaseAction } from '../../model/actions.ts'
import { seenBy } from '../../model/lanes.ts'
import { actOnCase } from '../cases/act-on-case.ts'
import { CASE_ACTION_TEXTS } from '../cases/allowed-actions.ts'
import type { Routes } from '../http/app-types.ts'
import { page, Paging } from '../views/cursor.ts'
import { explainDeadlines } from '../views/deadline-view.ts'
import { problem } from '../http/errors.ts'
import { CaseFilterFields } from '../views/filter-fields.ts'
import { viewEvents } from '../views/event-view.ts'
import { viewJourney } from '../views/journey-view.ts'
import { FormBody, IdempotencyHeader, readChange, refusing, type ApiDeps } from '../cases/requests.ts'
import { Case, CaseEvent, CaseNumber, CaseSummary, ChainCheck, DeadlineExplained, Journey, Received } from '../http/schemas.ts'
import { viewCase, viewCaseSummaries, viewReceived } from '../views/views.ts'
import { getVisibleCase, getVisibleOrReceived, WINDOW } from '../cases/visible-case.ts'

const Query = z.strictObject({ ...CaseFilterFields, ...Paging })
const CaseNo = z.strictObject({ caseNo: z.string() })
const CaseNoAndAction = z.strictObject({ caseNo: z.string(), action: z.string() })

/** `/api/cases`. */
export const caseRoutes = (deps: ApiDeps): Routes => async (app) => {
  const { pool } = deps.db
  const config = { access: 'signed-in' } as const
  const tags = ['案件']
  app.get('/api/cases', {
    config,
    schema: { tags, summary: '案件列表，新的在前', querystring: Query, response: { 200: z.object({ items: z.array(CaseSummary), nextCursor: z.string().nullable() }) } },
  }, async (request) => {
    const { cursor: after, ...query } = request.query
    const who = asWho(request.person)
    const { rows, nextCursor } = page(await listCases(pool, who, { ...query, after }), query.limit, file => ({ at: file.openedAt, id: file.caseNo }))
    return { items: await viewCaseSummaries(pool, who, rows), nextCursor }
  })

  app.get('/api/cases/:caseNo', {
    config,
    schema: {
      tags, summary: '案件', params: CaseNo, response: { 200: Case, 202: Received },
      description: '202：您提交的申请已经收到，编号已经给出，正在立案；立案后同一地址回答 200，页面也会从 GET /api/stream 得知。案件的其他地址在立案前回答 409 being-recorded。',
    },
  }, async (request, reply) => {
    const who = asWho(request.person)
    const found = await getVisibleOrReceived(deps, who, request.params.caseNo, 'case', WINDOW)
    if ('receivedAt' in found) return reply.code(202).send(viewReceived(found))
    return viewCase(pool, who, found, await listDocuments(pool, who, found.file.caseNo))
  })

  app.get('/api/cases/:caseNo/events', { config, schema: { tags, summary: '办理经过', params: CaseNo, response: { 200: z.array(CaseEvent) } } }, async (request) => {
    const who = asWho(request.person)
    const state = await getVisibleCase(deps, who, request.params.caseNo, 'events', WINDOW)
    return viewEvents(pool, who, state, await listEvents(pool, state.file.caseNo))
  })

  app.get('/api/cases/:caseNo/journey', { config, schema: { tags, summary: '办理到哪一步、经过哪些步骤', params: CaseNo, response: { 200: Journey } } }, async (request) => {
    const who = asWho(request.person)
    const state = await getVisibleCase(deps, who, request.params.caseNo, 'journey')
    return viewJourney(pool, who, state, await listEvents(pool, state.file.caseNo))
  })

  app.get('/api/cases/:caseNo/events/verify', { config, schema: { tags, summary: '校验办理经过未被改动', params: CaseNo, response: { 200: ChainCheck } } }, async (request) => {
    const { file } = await getVisibleCase(deps, asWho(request.person), request.params.caseNo, 'verify')
    const events = await listEvents(pool, file.caseNo)
    // Events may have been added since the case was read; none of those known then may be missing.
    const brokenAt = findBreak(events) ?? (events[file.lastSeq - 1]?.hash === file.lastHash ? null : events.length + 1)
    return { ok: brokenAt === null, length: events.length, brokenAt }
  })

  app.get('/api/cases/:caseNo/clock', { config, schema: { tags, summary: '期限是怎样算出来的', params: CaseNo, response: { 200: z.array(DeadlineExplained) } } }, async (request) => {
    const who = asWho(request.person)
    const state = await getVisibleCase(deps, who, request.params.caseNo, 'clock')
    return explainDeadlines(who, state)
  })

  app.post('/api/cases/:caseNo/actions/:action', {
    config,
    schema: { tags, summary: '对案件进行操作', params: CaseNoAndAction, headers: IdempotencyHeader, body: FormBody, response: { 200: z.union([Case, CaseNumber]) } },
  }, async (request) => {
    const { caseNo, action } = request.params
    const who = asWho(request.person)
    if (!isCaseAction(action)) throw problem('not-found')
    const change = readChange(request, `${caseNo}/${action}`)
    const state = await refusing(deps.db, { personId: who.id, caseNo, taskId: null, action }, () => actOnCase(deps, who, caseNo, action, change))
    // Whoever has just declared a conflict no longer sees the case.
    const seen = seenBy(who, state)
    return seen ? viewCase(pool, who, seen, await listDocuments(pool, who, caseNo)) : { caseNo }
  })
}

const isCaseAction = (name: string): name is CaseAction => Object.hasOwn(CASE_ACTION_TEXTS, name)
