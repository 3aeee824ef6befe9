/** 文书登记: documents of all cases, for those who keep the register, and for each enterprise its own. */
import { z } from 'zod'
import { asWho, nameAll } from '../../db/directory/directory.ts'
import { countRegister, listRegister } from '../../db/lists/documents.ts'
import { toIso } from '../../model/instants.ts'
import type { Who } from '../../model/actions.ts'
import { getProcedure, PROCEDURES } from '../../workflows/catalogue.ts'
import type { Routes } from '../http/app-types.ts'
import { problem } from '../http/errors.ts'
import { Named } from '../http/schemas.ts'
import type { ApiDeps } from '../cases/requests.ts'
import { page, Paging } from '../views/cursor.ts'

const Registered = z.object({
  number: z.string(), kind: z.string(), name: z.string().meta({ title: '文书种类' }), procedure: z.string(), issuedAt: z.iso.datetime({ offset: true }), state: z.enum(['valid', 'replaced', 'withdrawn']), replacedBy: z.string().nullable(),
  title: z.string().nullable(), caseNo: z.string().nullable(), caseTitle: z.string().nullable(), enterprise: Named.nullable(), href: z.string().nullable(),
}).meta({ id: 'RegisteredDocument', title: '登记的文书', description: '看不到所属案件的，只有文号、种类和日期，其余为 null。' })
const Numbered = z.object({ procedure: z.string(), kind: z.string(), name: z.string(), prefix: z.string(), year: z.int(), last: z.int().meta({ title: '已编到' }), issued: z.int().meta({ title: '文书份数' }) })
  .meta({ id: 'NumberedKind', title: '编号情况', description: 'last 与 issued 相同，即没有缺号。' })
const Query = z.strictObject({
  procedure: z.string().max(64).optional().meta({ title: '流程' }), kind: z.string().max(64).optional().meta({ title: '种类' }), year: z.coerce.number().int().min(2000).max(2199).optional().meta({ title: '年份' }),
  q: z.string().max(200).optional().meta({ title: '文号、标题、企业' }), ...Paging,
})

/** Who keeps it: sees every number. */
const keeps = (who: Who): boolean => [who, ...who.standsInFor].some(({ roles }) => roles.some(role => role === 'office' || role === 'bureau-leader' || role === 'unit-leader'))

/** `/api/documents`. */
export const registerRoutes = ({ db: { pool } }: ApiDeps): Routes => async (app) => {
  const config = { access: ['enterprise', 'office', 'bureau-leader', 'unit-leader'] } as const
  const tags = ['文书']
  app.get('/api/documents', {
    config, schema: { tags, summary: '文书登记，新的在前', description: '企业：本企业的文书；护航办、局领导、单位负责人：全部文号，看得到案件的有标题和文件。', querystring: Query, response: { 200: z.object({ items: z.array(Registered), nextCursor: z.string().nullable(), total: z.int() }) } },
  }, async ({ person, query: { cursor: after, ...query } }) => {
    const who = asWho(person)
    const { documents, total } = await listRegister(pool, who, keeps(who), { ...query, after })
    const { rows, nextCursor } = page(documents, query.limit, ({ issuedAt, number }) => ({ at: issuedAt, id: number }))
    const { enterprise } = await nameAll(pool, { people: [], units: [], enterprises: rows.flatMap(one => one.enterpriseId ?? []) })
    return {
      total, nextCursor,
      items: rows.map(({ number, kind, procedure, issuedAt, state, replacedBy, title, caseNo, caseTitle, enterpriseId, sees }) => ({
        number, kind, name: getProcedure(procedure).documents?.[kind]?.template.name ?? kind, procedure, issuedAt: toIso(issuedAt), state, replacedBy,
        ...sees ? { title, caseNo, caseTitle, enterprise: enterpriseId === null ? null : enterprise(enterpriseId, issuedAt), href: `/api/cases/${caseNo}/documents/${encodeURIComponent(number)}` } : { title: null, caseNo: null, caseTitle: null, enterprise: null, href: null },
      })),
    }
  })

  app.get('/api/documents/numbers', { config, schema: { tags, summary: '各类文书编到几号，有没有缺号', response: { 200: z.array(Numbered) } } }, async ({ person }) => {
    if (!keeps(asWho(person))) throw problem('not-permitted')
    const counted = await countRegister(pool)
    return [...PROCEDURES.values()].flatMap(({ policy, documents = {} }) => Object.entries(policy.documents ?? {}).flatMap(([kind, prefix]) =>
      counted.filter(one => one.kind === kind).map(({ year, last, issued }) => ({ procedure: policy.key, kind, name: documents[kind]?.template.name ?? kind, prefix, year, last, issued }))))
  })
}
