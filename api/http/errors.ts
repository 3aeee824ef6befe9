import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { isUnavailable } from '../../db/connect.ts'
import type { FieldError } from '../../workflows/kit/check-forms.ts'

interface ProblemKind { status: number, title: string, detail: string, retryAfterS?: number }

/** Every problem the API answers with: one line each. `detail` is what is said when the place has nothing better to say. */
export const PROBLEMS = {
  'bad-form': { status: 400, title: '填写有误', detail: '提交的内容有误，请按提示更正后重新提交。' },
  'idempotency-key-required': { status: 400, title: '缺少防重复标识', detail: '请在请求头 Idempotency-Key 中提供 8 至 128 个字符的标识。' },
  'not-signed-in': { status: 401, title: '未登录', detail: '请先登录。' },
  'bad-signature': { status: 401, title: '签名无效', detail: '签名无效。' },
  'not-permitted': { status: 403, title: '没有权限', detail: '您没有办理此事项的权限。' },
  'cross-site': { status: 403, title: '请求来源不符', detail: '请求不是从本系统页面发出的，未予处理。请在本系统页面中操作。' },
  'conflict-of-interest': { status: 403, title: '应当回避', detail: '您与本案存在利害关系，应当回避，不能办理。' },
  'four-eyes': { status: 403, title: '须由他人办理', detail: '您已办理过本案的相关环节，本环节须由其他人员办理。' },
  'not-found': { status: 404, title: '未找到', detail: '没有找到您要的内容，或者您无权查看。' },
  'already-claimed': { status: 409, title: '任务已被签收', detail: '该任务已由其他人员签收。' },
  'task-closed': { status: 409, title: '任务已结束', detail: '该任务已经办结或者取消，不能再办理。' },
  'stale-round': { status: 409, title: '轮次已更新', detail: '该任务已进入新一轮，请刷新后按最新内容办理。' },
  'action-not-allowed': { status: 409, title: '当前不能进行此操作', detail: '办件目前所处的阶段不允许此操作，请刷新后查看可以办理的操作。' },
  'another-person': { status: 409, title: '登录的人员已变更', detail: '您现在以他人身份登录，刚才的操作没有提交。请核对后再办理。' },
  'draft-changed': { status: 409, title: '草稿已在别处修改', detail: '这份草稿已在另一窗口修改，您的内容没有覆盖它。' },
  'already-exists': { status: 409, title: '已经存在', detail: '已有同样的记录。' },
  'in-use': { status: 409, title: '仍在使用', detail: '仍在使用中，不能停用或者删除。' },
  'facts-changed': { status: 409, title: '内容已变更', detail: '材料或者意见在您查看之后有变更，请重新核对后再作决定。' },
  'being-recorded': { status: 409, title: '正在登记', detail: '已经收到，编号已经给出，正在登记；请稍候再试。', retryAfterS: 5 },
  'upload-interrupted': { status: 408, title: '提交中断', detail: '长时间没有收到后续内容，提交已中断；请检查网络后重新提交。' },
  'body-too-large': { status: 413, title: '提交的内容过大', detail: '提交的内容超过了大小上限，请精简后重新提交。' },
  'unsupported-media-type': { status: 415, title: '不支持的内容格式', detail: '请以 application/json 格式提交。' },
  'idempotency-key-reused': { status: 422, title: '内容与先前提交的不一致', detail: '先前已提交过一份，内容与这次不同；请刷新页面，核对办理情况后再提交。' },
  'file-refused': { status: 422, title: '文件不符合要求', detail: '这份文件不能上传。' },
  'too-many-requests': { status: 429, title: '操作过于频繁', detail: '请稍后再试。' },
  internal: { status: 500, title: '系统内部错误', detail: '系统出现故障，请稍后再试。' },
  'workflow-unavailable': { status: 503, title: '暂时不能办理', detail: '操作没有完成，请稍后再试一次，不会重复办理。', retryAfterS: 5 },
  'sign-in-unavailable': { status: 503, title: '统一身份认证暂不可用', detail: '暂时无法核验登录信息，请稍后再试。', retryAfterS: 5 },
  'not-ready': { status: 503, title: '系统尚未就绪', detail: '系统尚未就绪，请稍后再试。', retryAfterS: 5 },
} satisfies Record<string, ProblemKind>

export type ProblemCode = keyof typeof PROBLEMS

interface ProblemExtras {
  errors?: FieldError[]
  /** Seconds after which it makes sense to try again. */
  retryAfterS?: number
  /** Further members of the answer, for programs. */
  extensions?: Record<string, unknown>
  /** For the log only. */
  cause?: unknown
}

/** A refusal with a code and words for the person who asked (RFC 9457): pass it around as a value, throw it at the boundary. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly errors: FieldError[] | undefined
  readonly retryAfterS: number | undefined
  readonly extensions: Record<string, unknown> | undefined

  constructor(code: ProblemCode, detail: string | undefined, extras: ProblemExtras) {
    const kind: ProblemKind = PROBLEMS[code]
    super(code, { cause: extras.cause })
    this.name = 'Problem'
    this.code = code
    this.status = kind.status
    this.title = kind.title
    this.detail = detail ?? kind.detail
    this.errors = extras.errors
    this.retryAfterS = extras.retryAfterS ?? kind.retryAfterS
    this.extensions = extras.extensions
  }

  /** The answer's members; `instance` tells this occurrence from all others and is the request id of the log. */
  toBody(requestId: string): Record<string, unknown> {
    const { code, status, title, detail, errors, extensions } = this
    return { type: `urn:anxin:problem:${code}`, title, status, code, detail, instance: `urn:uuid:${requestId}`, errors, ...extensions }
  }
}

/** Makes a problem; without `detail` it says what {@link PROBLEMS} says. */
export function problem(code: ProblemCode, detail?: string, extras: ProblemExtras = {}): Problem {
  return new Problem(code, detail, extras)
}

/** What Fastify itself refuses, by its status; 414 is a path too long to name anything. */
const BY_STATUS: Partial<Record<number, ProblemCode>> = { 404: 'not-found', 413: 'body-too-large', 414: 'not-found', 415: 'unsupported-media-type' }

/** `20 MB`, `64 kB`. */
const sizeOf = (bytes: number): string => bytes >= 1024 * 1024 ? `${Math.floor(bytes / 1024 / 1024)} MB` : `${Math.floor(bytes / 1024)} kB`

function toProblem(error: unknown, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error
  const { statusCode = 500, code = '' } = (error ?? {}) as Partial<FastifyError>
  if (statusCode >= 400 && statusCode < 500 && code.startsWith('FST_ERR_')) {
    return problem(BY_STATUS[statusCode] ?? 'bad-form', statusCode === 413 ? `提交的内容超过了 ${sizeOf(request.routeOptions.bodyLimit)} 的上限，请精简或者分开后重新提交。` : undefined)
  }
  if (isUnavailable(error)) return problem('not-ready', '系统暂不可用，请稍后再试一次，不会重复办理。', { cause: error })
  return problem('internal', `系统出现故障，请稍后再试；如仍不行，请将编号 ${request.id} 告知系统管理员。`, { cause: error })
}

/** Answers any error as a problem. What the log gets holds no personal data (see `../logging.ts`); the answer tells nothing of the inside. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const refused = toProblem(error, request)
  if (refused.status >= 500) request.log[refused.code === 'internal' ? 'error' : 'warn']({ code: refused.code, err: refused.cause }, 'request failed')
  else if (refused.cause) request.log.info({ code: refused.code, err: refused.cause }, 'request refused')
  // Here too, for an address that cannot be read comes by no hook.
  reply.headers({ 'cache-control': 'no-store', 'x-request-id': request.id })
  if (refused.status === 401) reply.header('www-authenticate', 'Bearer')
  if (refused.retryAfterS !== undefined) reply.header('retry-after', refused.retryAfterS)
  // Somebody still sending reads the answer when all is sent: a connection that is closed before is a fault of the network to them.
  if (!request.raw.complete) swallowRest(request, reply)
  // As text: a response schema of the route is about its own answers, not about problems.
  reply.code(refused.status).type('application/problem+json').send(JSON.stringify(refused.toBody(request.id)))
}

/** What of a refused body is still taken from the line before the line is cut. */
const maxSwallowedBytes = 256 * 1024 * 1024

function swallowRest({ raw }: FastifyRequest, reply: FastifyReply): void {
  reply.removeHeader('connection')
  let left = maxSwallowedBytes
  raw.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) raw.destroy()
  })
  raw.resume()
}

/** Answers what cannot even be read as a request: no HTTP, or headers or an address without end. */
export function refuseUnreadable(error: Error & { code: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return
  const refused = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? problem('upload-interrupted') : problem('bad-form', error.code === 'HPE_HEADER_OVERFLOW' ? '请求的地址或者请求头过长。' : '请求不完整，或者不符合 HTTP 格式。')
  const body = JSON.stringify(refused.toBody(randomUUID()))
  socket.end(`HTTP/1.1 ${refused.status} ${STATUS_CODES[refused.status]}\r\nConnection: close\r\nContent-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
}
