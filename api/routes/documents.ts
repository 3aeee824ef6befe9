/** Documents of a case as files, and as they will look before they are issued. */
import { z } from 'zod'
import { asWho, whoIs } from '../../db/directory/directory.ts'
import { findDocument } from '../../db/lists/documents.ts'
import { readDocumentFile } from '../../db/record/document-files.ts'
import { findCase } from '../../db/record/record.ts'
import { judgeTask } from '../../model/actions.ts'
import { foreseenDocuments } from '../../workflows/catalogue.ts'
import { caseNoOf, getTaskIn, mayKnow, readForm } from '../cases/act-on-task.ts'
import { taskPolicyOf } from '../cases/allowed-actions.ts'
import { attachment, inline } from '../http/attachment.ts'
import type { Routes } from '../http/app-types.ts'
import { problem } from '../http/errors.ts'
import { FormBody, refusing, type ApiDeps } from '../cases/requests.ts'
import { getVisibleCase, noteAccess } from '../cases/visible-case.ts'

const config = { access: 'signed-in' } as const
const tags = ['案件']
const Params = z.strictObject({ caseNo: z.string(), number: z.string().meta({ title: '文号' }) })
const Query = z.strictObject({ show: z.enum(['1']).optional().meta({ title: '在浏览器中显示', description: '1：在浏览器中显示，用于查看和打印；不写则下载。' }) })

const Task = z.strictObject({ id: z.string() })
const As = z.strictObject({ as: z.enum(['pdf', 'docx']).default('pdf').meta({ title: '格式', description: 'pdf 按版式预览，docx 可编辑的草稿' }) })

/** `/api/cases/:caseNo/documents` and previews. `dir`: where files are kept; undefined: in the database. */
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

  app.post('/api/tasks/:id/preview', {
    config, schema: { tags: ['任务'], summary: '预览办理后将出具的文书', description: '按所填的表单草拟，不编号、不签名、不保存；按该表单不出具文书的，回答 204。', params: Task, querystring: As, body: FormBody },
  }, async ({ person, params: { id }, query, body }, reply) => {
    const who = asWho(person)
    const { db: { pool }, press, rules } = deps
    const found = getTaskIn(await findCase(pool, caseNoOf(id)), id)
    const { state, task } = found
    await noteAccess(deps, who, state, 'task', mayKnow(who, found))
    const refusal = judgeTask('complete', who, state.file, task, taskPolicyOf(task))
    if (refusal) throw problem(refusal.code, refusal.message)
    const form = await readForm(deps, who, found, 'complete', body ?? {})
    const [first] = foreseenDocuments(task.name, form, { state, at: new Date(), ...await rules(task.procedure), who: id => whoIs(pool, id) })
    if (!first) return reply.code(204).send(null)
    const asked = { personId: who.id, caseNo: state.file.caseNo, taskId: id, action: 'complete' }
    if (query.as === 'docx') {
      const draft = await refusing(deps.db, asked, () => press.draft(state.file, first.kind, first.content))
      return reply.type('application/vnd.openxmlformats-officedocument.wordprocessingml.document').header('content-disposition', attachment('文书草稿.docx')).send(draft)
    }
    const pdf = await refusing(deps.db, asked, () => press.preview(state.file, first.kind, first.content))
    return reply.type('application/pdf').header('content-disposition', inline('预览.pdf')).send(pdf)
  })
}
