/** What every changing request has in common: its key, its hash, and how its refusals are told and noted. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { logRefusal, type RefusedAction } from '../../db/access-log.ts'
import { asTyped } from '../../workflows/kit/check-forms.ts'
import { hashOf } from '../../model/chain.ts'
import type { Db } from '../../db/connect.ts'
import type { Press } from '../../documents/press.ts'
import { Refused } from '../../model/refused.ts'
import type { CaseEngine } from '../temporal.ts'
import { Problem, problem, PROBLEMS, type ProblemCode } from '../http/errors.ts'
import type { createRules } from '../../db/rules/rules.ts'

/** What the routes work with. `press` draws previews of documents: only workers sign. */
export interface ApiDeps { db: Db, engine: CaseEngine, rules: ReturnType<typeof createRules>, press: Press }

/** Describes the header; {@link idempotencyKey} checks it, and has a problem of its own for one that is missing. */
export const IdempotencyHeader = z.looseObject({
  'idempotency-key': z.string().optional().meta({ title: '防重复标识', description: '必填，8 至 128 个字符；同一操作重试时使用同一标识。', minLength: 8, maxLength: 128 }),
}).meta({ required: ['idempotency-key'] })

/** A form of which only the procedure knows the fields; the handler checks it. */
export const FormBody = z.unknown().meta({ title: '表单', description: '按该操作的表单（form）填写；表单见流程说明和任务、案件的 actions。' }).register(asTyped)

/** @throws Problem `idempotency-key-required` */
export function idempotencyKey(request: Pick<FastifyRequest, 'headers'>): string {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string' || !/^[\x20-\x7e]{8,128}$/.test(key)) throw problem('idempotency-key-required')
  return key
}

/** A changing request: the key under which it is recorded, and a hash that is equal for the same thing asked with the same content. */
export interface ChangeRequest { key: string, hash: string, body: unknown }

/**
 * Under what a request is recorded. Keys of two callers never meet, nor any key the record's own: encoded, it holds none of the
 * signs (`/`, `#`) that those are put together with.
 */
export const requestKey = (caller: string, key: string): string => `req/${encodeURIComponent(caller)}/${encodeURIComponent(key)}`

/** @throws Problem `idempotency-key-required` */
export function readChange(request: Pick<FastifyRequest, 'headers' | 'body' | 'person'>, what: string): ChangeRequest {
  const body = request.body ?? {}
  return { key: requestKey(request.person.id, idempotencyKey(request)), hash: requestHash(what, body), body }
}

export const requestHash = (what: string, body: unknown): string => hashOf({ what, body })

/**
 * Runs an action; a refusal becomes a problem, and one for a reason of law (403) is noted for the auditors.
 *
 * @throws Problem
 */
export async function refusing<T>(db: Db, asked: Omit<RefusedAction, 'code'>, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (e) {
    const refused = e instanceof Refused ? toProblem(e) : e
    if (refused instanceof Problem && refused.status === 403) await logRefusal(db.pool, { ...asked, code: refused.code })
    throw refused
  }
}

function toProblem(e: Refused): Problem {
  if (!Object.hasOwn(PROBLEMS, e.code)) throw e
  return problem(e.code as ProblemCode, e.message)
}
