import { randomUUID } from 'node:crypto'
import { Socket } from 'node:net'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit, { normalizeIP } from '@fastify/rate-limit'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { App, Routes } from './http/app-types.ts'
import { admitByAccess, identifyBy, identifyCallers } from './sign-in/access.ts'
import type { Authenticator } from './sign-in/auth.ts'
import { addDevLogin, createDevLogin } from './sign-in/dev-login.ts'
import { problem, refuseUnreadable, sendProblem } from './http/errors.ts'
import { addHealth, type Checks } from './http/health.ts'
import { takeOnlyCleanJson } from './http/json-body.ts'
import { addMetrics } from './http/metrics.ts'
import { openapiOptions, useZodSchemas } from './http/openapi.ts'
import { RequestLog } from './http/request-log.ts'
import { addSession, type SessionDeps } from './sign-in/session-routes.ts'
import { addPage, workbenchFiles } from './http/workbench.ts'
import type { Person } from '../model/person.ts'

export interface AppDeps {
  logger: FastifyBaseLogger
  authenticator: Authenticator
  session: SessionDeps
  routes: Routes[]
  /** What readiness asks for. */
  checks: Checks
  /** People whom the dev login offers; needed only where it is on. */
  listDevPeople?: () => Promise<Person[]>
  /** For each person, or each address when nobody is known; kept by this process alone. */
  requestsPerMinute: number
  /** Proxies in front whose word about the caller's address is taken: addresses or subnets. */
  trustProxy?: string[] | undefined
  version: string
  /** Shorter ones, for tests. */
  limits?: Partial<Limits>
  /** Where the built workbench is; without it the API has no pages. */
  workbench?: string
}

const bodyLimitBytes = 1024 * 1024
/**
 * How long a client may be silent while it sends a body, and take for the headers; and for the whole of a request, which only
 * keeps those out who drip: the largest file over the slowest line takes minutes.
 */
const standardLimits = { silenceMs: 30_000, headersMs: 30_000, requestMs: 30 * 60_000 }
export type Limits = typeof standardLimits

/** Nothing the API answers is a page; should one be taken for it, it may load and run nothing. */
const API_CSP = { 'default-src': ["'none'"], 'base-uri': ["'none'"], 'form-action': ["'none'"], 'frame-ancestors': ["'none'"] }

/** What the API's documentation page needs: its own files and, for Swagger UI, styles set by script. */
const DOCS_CSP = {
  ...API_CSP,
  'script-src': ["'self'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
}

/** `GET /docs`. Its routes cannot say themselves who may call them; they show no more than `GET /openapi.json` says. */
async function docs(app: FastifyInstance): Promise<void> {
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, access: 'public' }
  })
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: DOCS_CSP })
}

/**
 * While it closes, a connection over which nothing more is asked is not kept alive, for it would hold the closing up. Node
 * knows those that have been used; one that a browser opened in advance and has not used yet counts as busy there.
 */
function letGoOfIdleConnections(app: App): void {
  let closing = false
  const connections = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    if (closing) return socket.destroy()
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  app.addHook('preClose', async () => {
    closing = true
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy()
  })
  app.addHook('onResponse', async () => { if (closing) setImmediate(() => app.server.closeIdleConnections()) })
}

/** Ends a request whose body stands still: not one that is slow. */
function cutSilentUploads(app: App, silenceMs: number): void {
  app.addHook('onRequest', async ({ raw }) => {
    const { socket } = raw
    if (raw.complete || !(socket instanceof Socket)) return
    const cut = () => refuseUnreadable(Object.assign(new Error('silence'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket)
    const heard = () => socket.setTimeout(0)
    // On the request: where nobody listens there, Node ends the connection without a word.
    raw.setTimeout(silenceMs, cut)
    raw.once('end', heard).once('close', heard)
  })
}

/** Builds the API: everything but listening. */
export async function buildApp(deps: AppDeps): Promise<App> {
  const limits = { ...standardLimits, ...deps.limits }
  const app: App = Fastify({
    loggerInstance: deps.logger,
    logController: new RequestLog(),
    genReqId: () => randomUUID(),
    bodyLimit: bodyLimitBytes,
    requestTimeout: limits.requestMs,
    http: { headersTimeout: limits.headersMs, connectionsCheckingInterval: Math.min(limits.headersMs, 10_000) },
    trustProxy: deps.trustProxy ?? false,
    // While it drains, what still comes over an open connection is answered like the rest.
    return503OnClosing: false,
    frameworkErrors: sendProblem,
    clientErrorHandler: refuseUnreadable,
  })
  app.setErrorHandler(sendProblem)
  useZodSchemas(app)
  takeOnlyCleanJson(app)
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
    if (/^\/(api|auth)/.test(request.url)) reply.header('cache-control', 'no-store')
  })
  letGoOfIdleConnections(app)
  cutSilentUploads(app, limits.silenceMs)

  await app.register(helmet, { contentSecurityPolicy: { useDefaults: false, directives: API_CSP } })
  await app.register(swagger, openapiOptions(deps.version))
  await app.register(cookie)
  const identify = identifyBy(deps.authenticator, deps.session.sessions)
  identifyCallers(app, identify)
  if (deps.workbench) await app.register(workbenchFiles(deps.workbench))
  await app.register(rateLimit, {
    max: deps.requestsPerMinute,
    timeWindow: '1 minute',
    keyGenerator: request => request.callerId ?? normalizeIP(request.ip),
    errorResponseBuilder: (_request, { ttl }) => problem('too-many-requests', undefined, { retryAfterS: Math.ceil(ttl / 1000) }),
  })
  await app.register(docs)
  admitByAccess(app)
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, () => {
    throw problem('not-found')
  })

  addMetrics(app)
  addHealth(app, deps.checks)
  app.get('/openapi.json', { config: { access: 'public' }, schema: { hide: true } }, async () => app.swagger())
  const { issueDevToken } = deps.authenticator
  const devLogin = issueDevToken && deps.listDevPeople && createDevLogin(deps.listDevPeople, issueDevToken)
  if (devLogin) addDevLogin(app, devLogin)
  addSession(app, deps.session, identify, devLogin)
  for (const routes of deps.routes) await app.register(routes)
  if (deps.workbench) addPage(app, deps.workbench)
  return app
}
