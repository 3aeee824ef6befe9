/** Shows what Temporal holds encrypted, case by case, to whoever may see the case (Temporal's codec protocol, as the Web UI speaks it). */
import type { Payload } from '@temporalio/common'
import { z } from 'zod'
import { createPayloadCodec, readLabel, type Secrecy } from '../../codec/payload-codec.ts'
import { asWho } from '../../db/directory/directory.ts'
import type { Queryable } from '../../db/connect.ts'
import type { Who } from '../../model/actions.ts'
import type { App, Routes } from '../http/app-types.ts'
import { Problem, problem } from '../http/errors.ts'
import type { ApiDeps } from '../cases/requests.ts'
import { getVisibleCase } from '../cases/visible-case.ts'

/** A page of a case's history, all of whose payloads are asked for at once. */
const maxBytes = 8 * 1024 * 1024
const preflightMaxAgeS = 600

const base64 = z.base64()
const EncodedPayload = z.strictObject({ metadata: z.record(z.string().max(100), base64).optional(), data: base64.optional() }).meta({ id: 'Payload', title: 'Temporal 载荷' })
const Payloads = z.strictObject({ payloads: z.array(EncodedPayload).max(10_000) })

/** `POST /codec/decode`; from pages, only from the Temporal Web UI's, which is at `uiOrigin`. */
export const codecRoutes = (deps: ApiDeps, secrecy: Secrecy, uiOrigin: string): Routes => async (app) => {
  const codec = createPayloadCodec(secrecy)
  admitOrigin(app, uiOrigin)

  app.post('/codec/decode', {
    config: { access: 'signed-in', readsFrom: [uiOrigin] }, bodyLimit: maxBytes,
    schema: {
      tags: ['流程监看'], summary: '解密 Temporal 中保存的内容',
      description: 'Temporal codec 协议，供其 Web UI 使用。逐案核对：只解密您可以查看的案件，其余原样返回；全部无权查看的回答 404。每次查看均有记录。',
      body: Payloads, response: { 200: Payloads },
    },
  }, async ({ person, body }) => {
    const payloads = body.payloads.map(toPayload)
    const visible = await visibleWorkflows(deps, asWho(person), new Set(payloads.flatMap(payload => readLabel(payload)?.workflow ?? [])))
    const mayRead = (payload: Payload) => visible.has(readLabel(payload)?.workflow ?? '')
    if (payloads.some(readLabel) && !payloads.some(mayRead)) throw problem('not-found')
    return { payloads: await Promise.all(payloads.map(async payload => toJson(mayRead(payload) ? await open(payload) : payload))) }
  })

  /** What was tampered with, also by being labelled another case's, is shown to nobody. @throws Problem */
  async function open(payload: Payload): Promise<Payload> {
    try {
      return (await codec.decode([payload]))[0]!
    } catch (cause) {
      throw problem('bad-form', '内容无法解密：密钥不符，或者已被改动。', { cause })
    }
  }
}

/** Those of the workflows whose case `who` may see; each look at a case, and each refused one, is noted. */
async function visibleWorkflows(deps: ApiDeps, who: Who, workflows: Set<string>): Promise<Set<string>> {
  const seen = new Map<string, boolean>()
  const visible = new Set<string>()
  for (const workflow of workflows) {
    const caseNo = await caseOf(deps.db.pool, workflow)
    if (!seen.has(caseNo)) seen.set(caseNo, await getVisibleCase(deps, who, caseNo, 'payload').then(() => true, ifProblem))
    if (seen.get(caseNo)) visible.add(workflow)
  }
  return visible
}

function ifProblem(e: unknown): false {
  if (!(e instanceof Problem)) throw e
  return false
}

/** A workflow is called after its case (its own: the number, a dot and more), or after the notice that it delivers. */
async function caseOf(via: Queryable, workflow: string): Promise<string> {
  const [, notice] = /^notice-([0-9a-f]+)/.exec(workflow) ?? []
  if (!notice) return workflow.split('.')[0]!
  return (await via.query('SELECT case_no FROM notice WHERE id = $1', [notice])).rows[0]?.case_no ?? ''
}

/** Lets pages of one other origin ask, with the session that the browser has here (CORS). */
function admitOrigin(app: App, origin: string): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('vary', 'origin')
    if (request.headers.origin === origin) reply.headers({ 'access-control-allow-origin': origin, 'access-control-allow-credentials': 'true', 'cache-control': 'no-store' })
  })
  app.options('/codec/decode', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.code(204).headers({ 'access-control-allow-methods': 'POST', 'access-control-allow-headers': 'authorization, content-type, x-namespace', 'access-control-max-age': preflightMaxAgeS }).send())
}

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const toPayload = ({ metadata = {}, data }: z.infer<typeof EncodedPayload>): Payload =>
  ({ metadata: Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, bytes(value)])), ...(data !== undefined && { data: bytes(data) }) })
const toJson = ({ metadata, data }: Payload): z.infer<typeof EncodedPayload> =>
  ({ metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, text(value)])), ...(data && { data: text(data) }) })
