import { LogController, type FastifyReply, type FastifyRequest } from 'fastify'

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
