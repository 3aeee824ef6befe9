import type { FastifyInstance } from 'fastify'
import { collectDefaultMetrics, Histogram, Registry } from 'prom-client'
import { routeOf } from './request-log.ts'

/** The answer, as the description of the API has it. */
const TEXT = { description: 'Prometheus 文本格式', content: { 'text/plain': { schema: { type: 'string' } } } } as const

/** Measures every request of `app` and shows the figures, with those of the process, at `GET /metrics`. */
export function addMetrics(app: FastifyInstance): void {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const duration = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time from the arrival of a request to the end of its answer.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  })
  app.addHook('onResponse', async (request, reply) => {
    duration.observe({ method: request.method, route: routeOf(request), status: reply.statusCode }, reply.elapsedTime / 1000)
  })
  app.get('/metrics', { config: { access: 'public', rateLimit: false }, schema: { tags: ['运行'], summary: '运行指标（Prometheus）', response: { 200: TEXT } } }, async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()))
}
