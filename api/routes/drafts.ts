/** What somebody has begun to fill in and not sent yet. */
import { z } from 'zod'
import { asWho, type PersonInOffice } from '../../db/directory/directory.ts'
import { addDraft, changeDraft, dropDraft, findDraft, listDrafts, type Draft as DraftRow, type DraftSubject } from '../../db/drafts.ts'
import { findCase } from '../../db/record/record.ts'
import { asTyped } from '../../workflows/kit/check-forms.ts'
import { findProcedure } from '../../workflows/catalogue.ts'
import { caseNoOf, getTaskIn, mayKnow } from '../cases/act-on-task.ts'
import { CASE_ACTION_TEXTS, TASK_ACTION_TEXTS } from '../cases/allowed-actions.ts'
import { mustBeAbleToFile } from '../cases/may-file.ts'
import type { ApiDeps } from '../cases/requests.ts'
import { getVisibleCase, noteAccess, WINDOW } from '../cases/visible-case.ts'
import type { Routes } from '../http/app-types.ts'
import { problem } from '../http/errors.ts'
import { Draft, DraftForm, viewDraft, viewDrafts } from '../views/draft-view.ts'

const Id = z.strictObject({ id: z.string().regex(/^[\w-]{8,64}$/).meta({ title: '草稿编号', description: '由页面生成；提交时也用作防重复标识。' }) })
const Query = z.strictObject({ procedure: z.string().optional().meta({ title: '流程' }), caseNo: z.string().optional().meta({ title: '案件编号' }), place: z.string().optional().meta({ title: '管理页面的表单' }) })
const Subject = z.union([
  z.strictObject({ procedure: z.string().meta({ title: '流程' }) }),
  z.strictObject({ task: z.string().meta({ title: '任务' }), action: z.enum(Object.keys(TASK_ACTION_TEXTS)) }),
  z.strictObject({ caseNo: z.string().meta({ title: '案件编号' }), action: z.enum(Object.keys(CASE_ACTION_TEXTS)) }),
  z.strictObject({ place: z.string().regex(/^[\w-]+(\/[\w.-]+){0,3}$/).max(200).meta({ title: '管理页面的表单', description: '如 people/auditor-1、policies/enterprise-appeal/triage' }) }),
]).meta({ title: '用途', description: '申请、任务的操作、案件的操作，或者管理页面的表单。' })
// What is filled in is not checked: half of a form is wrong by nature.
const Body = z.strictObject({ version: z.int().min(0).meta({ title: '所依据的版本', description: '新的草稿为 0。' }), for: Subject, form: DraftForm }).register(asTyped)
const Seen = z.strictObject({ version: z.coerce.number().int().optional().meta({ title: '所见的版本', description: '已在别处改过的不删除。' }) })

/** `/api/drafts`. */
export const draftRoutes = (deps: ApiDeps): Routes => async (app) => {
  const { pool } = deps.db
  const config = { access: 'signed-in' } as const
  const tags = ['流程']
  app.get('/api/drafts', { config, schema: { tags, summary: '本人的草稿，新的在前', querystring: Query, response: { 200: z.array(Draft) } } }, async ({ person, query }) =>
    viewDrafts(pool, asWho(person), await listDrafts(pool, person.id, query)))

  app.get('/api/drafts/:id', { config, schema: { tags, summary: '一份草稿', params: z.strictObject({ id: z.string() }), response: { 200: Draft } } }, async ({ person, params }) =>
    viewDraft(pool, asWho(person), found(await findDraft(pool, person.id, params.id))))

  app.put('/api/drafts/:id', {
    config: { ...config, takesAnyText: true },
    schema: { tags, summary: '保存草稿', params: Id, body: Body, response: { 200: Draft }, description: '已在别处改过的回答 409 draft-changed，已删除或者已提交的回答 404；都不改动任何内容。' },
  }, async ({ person, params: { id }, body: { version, form, ...body } }) => {
    const who = asWho(person)
    const saved = version === 0 ? await addDraft(pool, who.id, id, await readSubject(deps, person, body.for), form) : await changeDraft(pool, who.id, id, version, form)
    if (saved) return viewDraft(pool, who, saved)
    const now = found(await findDraft(pool, who.id, id))
    // The same once more, after a lost answer.
    if (JSON.stringify(now.form) !== JSON.stringify(form)) throw problem('draft-changed', undefined, { extensions: { version: now.version } })
    return viewDraft(pool, who, now)
  })

  app.delete('/api/drafts/:id', { config, schema: { tags, summary: '删除草稿', params: Id, querystring: Seen, response: { 204: z.null() } } }, async ({ person, params, query }, reply) => {
    if (!await dropDraft(pool, person.id, params.id, query.version)) throw problem('draft-changed')
    return reply.code(204).send(null)
  })
}

const NOTHING: DraftSubject = { procedure: null, caseNo: null, taskId: null, action: null, place: null }

/** What the draft is for, which its author must know of. @throws Problem `not-found` */
async function readSubject(deps: ApiDeps, person: PersonInOffice, subject: z.infer<typeof Subject>): Promise<DraftSubject> {
  if ('place' in subject) return { ...NOTHING, place: subject.place }
  if ('procedure' in subject) {
    const found = findProcedure(subject.procedure)
    if (!found) throw problem('not-found')
    await mustBeAbleToFile(deps.db.pool, person, found.policy)
    return { ...NOTHING, procedure: subject.procedure }
  }
  const who = asWho(person)
  if ('caseNo' in subject) {
    const { file: { procedure, caseNo } } = await getVisibleCase(deps, who, subject.caseNo, 'case', WINDOW)
    return { ...NOTHING, procedure, caseNo, action: subject.action }
  }
  const { task: taskId, action } = subject
  const { state, task: { procedure, caseNo } } = getTaskIn(await findCase(deps.db.pool, caseNoOf(taskId)), taskId)
  await noteAccess(deps, who, state, 'task', mayKnow(who, { state, task: state.tasks.find(one => one.id === taskId)! }))
  return { ...NOTHING, procedure, caseNo, taskId, action }
}

function found(draft: DraftRow | undefined): DraftRow {
  if (!draft) throw problem('not-found')
  return draft
}
