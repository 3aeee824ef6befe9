/** What outside systems answer to what was handed to them. */
import { z } from 'zod'
import { findCase } from '../../db/record/record.ts'
import { prose } from '../../workflows/kit/fields.ts'
import type { Who } from '../../model/actions.ts'
import { actOnTask, caseNoOf, getTaskIn } from '../cases/act-on-task.ts'
import type { Routes } from '../http/app-types.ts'
import { Problem, problem } from '../http/errors.ts'
import { refuseIllegal } from '../http/json-body.ts'
import { refusing, requestHash, requestKey, type ApiDeps } from '../cases/requests.ts'
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
    const who: Who = { id: `system:${system}`, unit: null, enterprise: null, roles: [], standsInFor: [] }
    const action = ACTIONS[body.type]
    await refusing(deps.db, { personId: who.id, caseNo: caseNoOf(body.task), taskId: body.task, action },
      () => take(deps, who, action, requestKey(who.id, String(headers['webhook-id'])), body))
    return { task: body.task, action }
  })
}

/** Carries a system's answer on a task that it holds to the case; a repeat under the same key changes nothing. @throws Problem */
async function take(deps: ApiDeps, who: Who, action: (typeof ACTIONS)[Callback['type']], key: string, callback: Callback): Promise<void> {
  const { task } = getTaskIn(await findCase(deps.db.pool, caseNoOf(callback.task)), callback.task)
  if (task.holderId !== who.id) throw problem('not-found')
  const { reason, result = {} } = callback
  const body = action === 'complete' ? result : reason === undefined ? {} : { reason }
  try {
    await actOnTask(deps, who, task.id, action, { key, hash: requestHash(`callback/${who.id}`, callback), body })
  } catch (e) {
    throw action === 'complete' && e instanceof Problem && e.errors ? inResult(e) : e
  }
}

/** The same problem with pointers into the callback. */
const inResult = ({ code, detail, errors }: Problem): Problem =>
  problem(code, detail, { errors: errors!.map(error => ({ ...error, pointer: `/result${error.pointer}` })) })
