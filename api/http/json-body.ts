import type { FastifyInstance, FastifyRequest } from 'fastify'
import { maxFieldErrors, toPointer, type FieldError } from '../../workflows/kit/check-forms.ts'
import { problem } from './errors.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route keeps text as it was typed, whatever is in it. */
    takesAnyText?: true
  }
}

/** No form is nested deeper; without a bound a body of brackets would exhaust the stack. */
const maxDepth = 32

/** Control characters but tab and line ends, and halves of a surrogate pair: PostgreSQL keeps neither, or not as they came. */
const ILLEGAL_TEXT = /[^\P{Cc}\t\n\r]|\p{Cs}/u

/** Keys by which a program could be led to change its own objects. */
const ILLEGAL_KEYS = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Takes JSON bodies in valid UTF-8 and nothing else, and refuses text that cannot be kept, in body, query and path:
 * `bad-form` with pointers, or `unsupported-media-type`.
 */
export function takeOnlyCleanJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => parseJson(body, request.routeOptions.config.takesAnyText))
  app.addHook('preValidation', async (request) => {
    refuseIllegal({ ...(request.query as object), ...(request.params as object) })
  })
}

/** An empty body is no body: some clients always send the content type. */
function parseJson(body: Buffer, anyText = false): unknown {
  if (body.length === 0) return undefined
  const value = decode(body)
  refuseIllegal(value, anyText)
  return value
}

function decode(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
  } catch {
    throw problem('bad-form', '提交的内容不是有效的 JSON（UTF-8 编码）。')
  }
}

/** Refuses text (unless `anyText`) and keys that cannot be kept, anywhere in a value. @throws Problem `bad-form` with pointers */
export function refuseIllegal(value: unknown, anyText = false): void {
  const errors: FieldError[] = []
  for (const fault of faults(value, [], anyText)) {
    if (errors.push(fault) === maxFieldErrors) break
  }
  if (errors.length > 0) throw problem('bad-form', undefined, { errors })
}

function* faults(value: unknown, path: (string | number)[], anyText: boolean): Generator<FieldError> {
  const fault = (detail: string): FieldError => ({ pointer: toPointer(path), detail })
  if (typeof value === 'string' && !anyText && ILLEGAL_TEXT.test(value)) yield fault('含有不能保存的控制字符或者乱码，请删除')
  if (typeof value === 'number' && !Number.isFinite(value)) yield fault('数字过大')
  if (typeof value !== 'object' || value === null) return
  if (path.length === maxDepth) return yield fault(`嵌套不能超过 ${maxDepth} 层`)
  for (const [key, part] of Object.entries(value)) {
    const at = [...path, key]
    if (ILLEGAL_KEYS.has(key) || ILLEGAL_TEXT.test(key)) yield { pointer: toPointer(at), detail: '不允许使用这个名称' }
    else yield* faults(part, at, anyText)
  }
}
