/** What outside systems answer to what was handed to them. */
import { z } from 'zod'
import { readCase } from '../../db/record.ts'
import { findForm } from '../../workflows/catalogue.ts'
import { prose } from '../../workflows/kit/fields.ts'
import { judgeTask, type Who } from '../../workflows/kit/actions.ts'
import type { Facts } from '../../workflows/kit/types.ts'
import { taskPolicyOf } from '../allowed-actions.ts'
import type { Routes } from '../app.ts'
import { problem } from '../errors.ts'
import { refuseIllegal } from '../json-body.ts'
import { parseForm } from '../parse-form.ts'
import { refusing, requestHash, type ApiDeps } from '../requests.ts'
import { maxCallbackBytes, verifyCallback } from '../signed-callbacks.ts'

const System = z.strictObject({ system: z.string() })
const Callback = z.strictObject({
  task: z.string().min(1).max(200).meta({ title: '任务编号', description: '移交消息中的 task' }),
  type: z.enum(['acknowledged', 'refused', 'completed']).meta({ title: '回复', description: 'acknowledged 已接收，refused 不接收，completed 已办结' }),
  reason: prose('理由', '不接收时必填').optional(),
  result: z.record(z.string().max(64), z.json()).optional().meta({ title: '办理结果', description: '办结时填写，内容同该任务的表单' }),
}).meta({ examples: [{ task: 'EA-000001.external.1', type: 'completed', result: { result: '已协调解决。' } }, { task: 'EA-000001.external-acknowledge.1', type: 'refused', reason: '不属于本平台受理范围。' }] })
type Callback = z.infer<typeof Callback>
const Taken = z.object({ task: z.string(), action: z.string() }).meta({ id: 'CallbackTaken', title: '回复已入库' })

const ACTIONS = { acknowledged: 'acknowledge', refused: 'refuse', completed: 'complete' } as const

/** `POST /callbacks/:system`. */
export const callbackRoutes = (deps: ApiDeps): Routes => async (app) => {
  const { pool } = deps.db
  // The signature is over the bytes as they came.
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit: maxCallbackBytes }, async (_request: unknown, body: Buffer) => body)

  app.post('/callbacks/:system', {
    config: { access: 'public' },
    bodyLimit: maxCallbackBytes,
    schema: {
      tags: ['外部系统'], summary: '外部系统的回复',
      description: '按 Standard Webhooks 签名（请求头 webhook-id、webhook-timestamp、webhook-signature）。同一 webhook-id 可以重发，不会重复办理。',
      params: System, body: Callback, response: { 200: Taken },
    },
    preValidation: async (request) => {
      const { system } = request.params as z.infer<typeof System>
      const { rows: [known] } = await pool.query('SELECT secrets FROM outside_system WHERE id = $1', [system])
      const callback = verifyCallback({ secrets: known?.secrets ?? [], headers: request.headers, rawBody: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0) })
      if ('code' in callback) throw callback.code === 'bad-body' ? problem('bad-form', `${callback.message}。`) : problem('bad-signature', `${callback.message}。`)
      refuseIllegal(callback.body)
      // The schema is checked next.
      request.body = callback.body as Callback
    },
  }, async ({ params: { system }, body, headers }) => {
    const actor = `system:${system}`
    const action = ACTIONS[body.type]
    await refusing(deps.db, { personId: actor, caseNo: caseNoOf(body.task), taskId: body.task, action },
      () => take(deps, actor, action, `callback:${system}:${String(headers['webhook-id'])}`, body))
    return { task: body.task, action }
  })
}

/** A task's id begins with its case's number. */
const caseNoOf = (taskId: string) => taskId.split('.')[0]!

/** Carries a system's decision on a task that it holds to the case; a repeat under the same key changes nothing. @throws Problem */
async function take({ db, engine }: ApiDeps, actor: string, action: (typeof ACTIONS)[Callback['type']], key: string, callback: Callback): Promise<void> {
  const hash = requestHash(`callback/${actor}`, callback)
  const { state, seen } = await readCase(db.pool, caseNoOf(callback.task), key)
  const task = state?.tasks.find(t => t.id === callback.task)
  if (!state || task?.holderId !== actor) throw problem('not-found')
  if (seen) {
    if (seen.requestHash !== hash) throw problem('idempotency-key-reused', '同一 webhook-id 已用于另一份内容。')
    return
  }
  const who: Who = { id: actor, unit: null, enterprise: null, roles: [], standsInFor: [] }
  const refusal = judgeTask(action, who, state.file, task, taskPolicyOf(task))
  if (refusal) throw problem(refusal.code, refusal.message)
  const form = readForm(task.procedure, task.name, action, callback)
  await engine.decideTask(state.file.caseNo, action, { key, actor: { id: actor }, requestHash: hash, taskId: task.id, form })
}

/** The action's form out of the callback, with pointers into the callback. @throws Problem */
function readForm(procedure: string, task: string, action: string, { reason, result }: Callback): Facts {
  const schema = findForm(procedure, task, action)
  if (!schema) throw problem('action-not-allowed')
  if (action === 'complete') return parseForm(z.strictObject({ result: schema }), { result: result ?? {} }).result as Facts
  return parseForm(schema, reason === undefined ? {} : { reason }) as Facts
}
