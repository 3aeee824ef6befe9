import { LogController, type FastifyReply, type FastifyRequest } from 'fastify'
import { pino, type DestinationStream, type LevelWithSilent, type Logger } from 'pino'

/** Their messages are the engine's own words about our code; other messages may quote what somebody wrote. */
const ENGINE_ERRORS = new Set(['TypeError', 'ReferenceError'])

/**
 * An error without personal data: its kind, codes and where it happened, down its causes. A message is left out, for a
 * failed query names its parameters and a parser quotes the text.
 */
function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return error === undefined ? undefined : { type: typeof error }
  const { name, message, stack, cause } = error
  const { code, type: kind, constraint, claim } = error as { code?: unknown, type?: unknown, constraint?: unknown, claim?: unknown }
  return {
    type: name,
    code,
    kind,
    constraint,
    claim,
    message: ENGINE_ERRORS.has(name) ? message : undefined,
    stack: stack?.split('\n').filter(line => /^ {4}at /.test(line)).join('\n'),
    cause: cause instanceof Error ? describeError(cause) : undefined,
  }
}

/** Structured logs as JSON lines, without personal data: ids only, never a name, a form, an address or a query. */
export function createLogger(level: LevelWithSilent, destination?: DestinationStream): Logger {
  const options = {
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ['authorization', '*.authorization', '*.*.authorization'],
    serializers: {
      err: describeError,
      req: (request: Partial<FastifyRequest>) => ({ method: request.method, route: request.routeOptions?.url }),
      res: (reply: FastifyReply) => ({ status: reply.statusCode }),
    },
  }
  return destination ? pino(options, destination) : pino(options)
}

/** The pattern that the request matched (`/api/cases/:caseNo`), never the address itself, which may hold what somebody searched for. */
export function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'unknown'
}

/** One line per request, when it is answered. */
export class RequestLog extends LogController {
  constructor() {
    super({ requestIdLogLabel: 'requestId' })
  }

  override incomingRequest(): void {}

  override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    const answered = {
      method: request.method,
      route: routeOf(request),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      person: request.callerId,
    }
    if (error) request.log.error({ ...answered, err: error }, 'answer not sent')
    else request.log.info(answered, 'answered')
  }
}
