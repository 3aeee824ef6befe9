/** What somebody has begun to fill in. */
import { z } from 'zod'
import { dropDraft, findDraft, saveDraft } from '../../db/drafts.ts'
import { toIso } from '../../model/instants.ts'
import { asTyped } from '../../workflows/kit/check-forms.ts'
import { findProcedure } from '../../workflows/catalogue.ts'
import type { Routes } from '../http/app-types.ts'
import { problem } from '../http/errors.ts'
import type { ApiDeps } from '../cases/requests.ts'

const Of = z.strictObject({ procedure: z.string() })
// Nothing is checked: what is half filled in is wrong by nature.
const Form = z.record(z.string(), z.json())
const Draft = z.object({ form: Form, savedAt: z.iso.datetime({ offset: true }) }).nullable().meta({ title: '草稿' })

const bodyLimitBytes = 128 * 1024

/** `/api/drafts`. */
export const draftRoutes = ({ db: { pool } }: ApiDeps): Routes => async (app) => {
  const config = { access: 'signed-in' } as const
  const tags = ['流程']
  app.get('/api/drafts/:procedure', { config, schema: { tags, summary: '本人的草稿', params: Of, response: { 200: Draft } } }, async ({ person, params }) => {
    const draft = await findDraft(pool, person.id, params.procedure)
    return draft ? { form: draft.form, savedAt: toIso(draft.savedAt) } : null
  })

  app.put('/api/drafts/:procedure', {
    config, bodyLimit: bodyLimitBytes,
    schema: { tags, summary: '保存草稿', params: Of, body: z.strictObject({ form: Form.meta({ title: '已填写的内容' }) }).register(asTyped), response: { 200: z.object({ savedAt: z.string() }) } },
  }, async ({ person, params, body }) => {
    if (!findProcedure(params.procedure)) throw problem('not-found')
    return { savedAt: toIso(await saveDraft(pool, person.id, params.procedure, body.form)) }
  })

  app.delete('/api/drafts/:procedure', { config, schema: { tags, summary: '删除草稿', params: Of, response: { 204: z.null() } } }, async ({ person, params }, reply) => {
    await dropDraft(pool, person.id, params.procedure)
    return reply.code(204).send(null)
  })
}
