/** Documents of a case as files. */
import { z } from 'zod'
import { asWho } from '../../db/directory/directory.ts'
import { findDocument } from '../../db/lists/documents.ts'
import { readDocumentFile } from '../../db/record/document-files.ts'
import { attachment, inline } from '../http/attachment.ts'
import type { Routes } from '../http/app-types.ts'
import { problem } from '../http/errors.ts'
import type { ApiDeps } from '../cases/requests.ts'
import { getVisibleCase, noteAccess } from '../cases/visible-case.ts'

const config = { access: 'signed-in' } as const
const tags = ['案件']
const Params = z.strictObject({ caseNo: z.string(), number: z.string().meta({ title: '文号' }) })
const Query = z.strictObject({ show: z.enum(['1']).optional().meta({ title: '在浏览器中显示', description: '1：在浏览器中显示，用于查看和打印；不写则下载。' }) })

/** `/api/cases/:caseNo/documents`. `dir`: where files are kept; undefined: in the database. */
export const documentRoutes = (deps: ApiDeps, dir?: string): Routes => async (app) => {
  app.get('/api/cases/:caseNo/documents/:number', {
    config, schema: { tags, summary: '下载文书', description: '出具时的原件（PDF/A）；每次读取都有记录。', params: Params, querystring: Query },
  }, async ({ person, params: { caseNo, number }, query }, reply) => {
    const who = asWho(person)
    const state = await getVisibleCase(deps, who, caseNo, 'action')
    const found = await findDocument(deps.db.pool, who, caseNo, number)
    if (!found) throw problem('not-found')
    const content = await readDocumentFile(deps.db.pool, found, dir)
    await noteAccess(deps, who, state, 'document', true, true)
    const name = `${found.number} ${found.title}.pdf`
    return reply.type('application/pdf').header('content-disposition', query.show ? inline(name) : attachment(name)).send(content)
  })
}
