/** Lists of cases, one case. */
import { z } from 'zod'
import { logAccess } from '../../db/access-log.ts'
import { asWho } from '../../db/directory.ts'
import type { CaseState } from '../../db/projector.ts'
import { findCase } from '../../db/record.ts'
import { listCases, listDocuments } from '../../db/search.ts'
import { maySee, type Who } from '../../workflows/kit/actions.ts'
import { PROCEDURES } from '../../workflows/catalogue.ts'
import type { Routes } from '../app.ts'
import { page, Paging } from '../cursor.ts'
import { problem } from '../errors.ts'
import type { ApiDeps } from '../requests.ts'
import { Case, CaseSummary } from '../schemas.ts'
import { viewCase, viewCaseSummaries } from '../views.ts'

const Query = z.strictObject({
  procedure: z.enum([...PROCEDURES.keys()]).meta({ title: '流程' }).optional(),
  status: z.enum(['open', 'paused', 'closed']).meta({ title: '状态' }).optional(),
  unit: z.string().max(64).meta({ title: '单位' }).optional(),
  card: z.enum(['none', 'yellow', 'red']).meta({ title: '牌' }).optional(),
  enterprise: z.string().max(64).meta({ title: '企业' }).optional(),
  q: z.string().min(1).max(100).meta({ title: '查找', description: '案件编号，或者标题中的文字' }).optional(),
  ...Paging,
})
const CaseNo = z.strictObject({ caseNo: z.string() })

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

  app.get('/api/cases/:caseNo', { config, schema: { tags, summary: '案件', params: CaseNo, response: { 200: Case } } }, async (request) => {
    const who = asWho(request.person)
    const state = await openCase(deps, who, request.params.caseNo, 'case')
    return viewCase(pool, who, state, await listDocuments(pool, state.file.caseNo))
  })
}

/** A case that `who` may see. Being turned away, and looking at a restricted case, is noted. @throws Problem `not-found` */
async function openCase({ db }: ApiDeps, who: Who, caseNo: string, what: string): Promise<CaseState> {
  const state = await findCase(db.pool, caseNo)
  if (!state) throw problem('not-found')
  const allowed = maySee(who, state.file, state.tasks)
  if (!allowed || state.file.restricted) await logAccess(db.pool, { personId: who.id, caseNo, allowed, what })
  if (!allowed) throw problem('not-found')
  return state
}
