/** Refusals of the API as the pages see them. */

/** One field that was filled in wrongly: where (JSON pointer), and why. */
export interface FieldError { pointer: string, detail: string }

/** What a JSON pointer leads to. */
export const at = (value: unknown, pointer: string): unknown =>
  pointer.split('/').slice(1).reduce<unknown>((within, name) => typeof within === 'object' && within !== null ? (within as Record<string, unknown>)[name] : undefined, value)

interface ProblemBody { status: number, code: string, title: string, detail: string, errors?: FieldError[], version?: number, caseNo?: string }

/** The API refused, or could not be reached (`status` 0). `title` and `detail` are for the person. */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly errors: FieldError[]
  /** Of a draft that was changed elsewhere: the version that stands. */
  readonly version: number | undefined
  /** Of an application that was filed before: its case. */
  readonly caseNo: string | undefined

  constructor({ status, code, title, detail, errors = [], version, caseNo }: ProblemBody, options?: ErrorOptions) {
    super(code, options)
    this.name = 'ApiProblem'
    this.status = status
    this.code = code
    this.title = title
    this.detail = detail
    this.errors = errors
    this.version = version
    this.caseNo = caseNo
  }

  /** Whether the same request may succeed later, as it stands. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 502 || this.status === 503 || this.status === 504
  }
}

/** No answer came. Only who has waited for one can say so: a `TypeError` may as well be a fault of the page. */
export const unreachable = (cause?: unknown): ApiProblem =>
  new ApiProblem({ status: 0, code: 'unreachable', title: '连接不上服务器', detail: '请检查网络；恢复后可以继续，已填写的内容不会丢失。' }, { cause })

/** What an answer that is not 2xx says. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => null)
  if (typeof body === 'object' && body !== null && 'code' in body) return new ApiProblem(body as ProblemBody)
  return response.status >= 502 ? unreachable() : new ApiProblem({ status: response.status, code: 'unknown', title: '系统出现故障', detail: '请稍后再试。' })
}

/** A part of the pages, loaded when it is first needed, did not come. */
export const isPartMissing = (error: unknown): boolean => error instanceof Error && /preload CSS|imported module|importing a module/i.test(error.message)

/** Anything thrown on the way to the API, as a problem that can be shown. */
export function toProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error
  if (isPartMissing(error)) return unreachable(error)
  console.error(error)
  return new ApiProblem({ status: 500, code: 'page', title: '页面出现故障', detail: '这不是网络问题。请刷新页面后再试；仍不行的，请告知系统管理员。' }, { cause: error })
}
