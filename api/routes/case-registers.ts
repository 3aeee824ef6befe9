/** Registers: the cases of a procedure, found by the numbers that it is looked up by. */
import { z } from 'zod'
import { asWho } from '../../db/directory/directory.ts'
import { listRegister } from '../../db/lists/search.ts'
import { readDocumentNo } from '../../model/text.ts'
import { findProcedure } from '../../workflows/catalogue.ts'
import { prose } from '../../workflows/kit/fields.ts'
import { knows } from '../cases/may-file.ts'
import type { ApiDeps } from '../cases/requests.ts'
import type { Routes } from '../http/app-types.ts'
import { problem } from '../http/errors.ts'
import { CaseSummary } from '../http/schemas.ts'
import { page, Paging } from '../views/cursor.ts'
import { viewCaseSummaries } from '../views/views.ts'

const Query = z.strictObject({
  lookup: z.string().min(1).max(200).meta({ title: '查询', description: '号牌、证号、文号等，须与登记的完全一致' }).optional(),
  state: z.enum(['live', 'closed']).meta({ title: '状态', description: 'live 在册（未办结）；closed 已办结' }).optional(),
  q: prose('查找', '同案件列表', 100).optional(),
  ...Paging,
})

/** `/api/registers`. */
export const caseRegisterRoutes = ({ db: { pool } }: ApiDeps): Routes => async (app) => {
  app.get('/api/registers/:procedure', {
    config: { access: 'signed-in' },
    schema: {
      tags: ['案件'], summary: '台账：一类流程的案件，可按登记的号码查询', params: z.strictObject({ procedure: z.string() }), querystring: Query,
      response: { 200: z.object({ items: z.array(CaseSummary), nextCursor: z.string().nullable(), total: z.int() }) },
    },
  }, async ({ person, params, query: { lookup, cursor: after, ...query } }) => {
    const policy = findProcedure(params.procedure)?.policy
    if (!policy || !(await knows(pool, person, [policy])).has(policy.key)) throw problem('not-found')
    if (lookup !== undefined && !policy.lookup) throw problem('bad-form', undefined, { errors: [{ pointer: '/lookup', detail: `查询：${policy.title}没有可供查询的号码` }] })
    const who = asWho(person)
    const value = lookup === undefined ? undefined : readDocumentNo(lookup)
    const { files, total } = await listRegister(pool, who, { ...query, procedure: policy.key, after, lookup: value === undefined ? undefined : { fields: policy.lookup!, value } })
    const { rows, nextCursor } = page(files, query.limit, file => ({ at: file.openedAt, id: file.caseNo }))
    return { items: await viewCaseSummaries(pool, who, rows), nextCursor, total }
  })
}
