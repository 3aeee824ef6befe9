import type { FastifyReply, FastifyRequest } from 'fastify'
import { hostname } from 'node:os'
import { pid } from 'node:process'
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

/** Structured logs of API and worker as JSON lines, without personal data: ids only, never a name, a form, an address or a query. */
export function createLogger(process: 'api' | 'worker', level: LevelWithSilent, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { process, pid, hostname: hostname() },
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
