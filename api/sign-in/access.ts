import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { PersonInOffice } from '../../db/directory/directory.ts'
import type { Role } from '../../model/person.ts'
import type { Authenticator } from './auth.ts'
import { Problem, problem } from '../http/errors.ts'
import type { Sessions } from './session.ts'

/** Who may call a route: anybody, whoever is signed in, or whoever has one of the roles. */
type Access = 'public' | 'signed-in' | readonly Role[]

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route says who may call it; one that does not is refused when it is registered. */
    access?: Access
    /** The route changes nothing, though it is asked by POST: other origins whose pages may, with the session of a browser. */
    readsFrom?: string[]
    /** In the own name only: that somebody stands in for one who has the role does not count. */
    inOwnName?: true
  }
  interface FastifyRequest {
    /** Who calls, or why nobody is known; null on a public route. Routes use {@link FastifyRequest.person}. */
    identity: PersonInOffice | Problem | null
    /** Who calls; on a public route nobody is known, and asking throws `not-signed-in`. */
    readonly person: PersonInOffice
    /** Id of who calls, for the log and the rate limit; undefined when nobody is known. */
    readonly callerId: string | undefined
  }
}

/** Tells who calls, or why nobody is known. */
export type Identify = (request: FastifyRequest, reply: FastifyReply) => Promise<PersonInOffice | Problem>

/** By the token that a program sends, else by the session of a browser. */
export const identifyBy = (authenticator: Authenticator, sessions: Sessions): Identify => async (request, reply) => {
  const { authorization } = request.headers
  return authorization === undefined ? sessions.identify(request, reply) : authenticator.identify(authorization)
}

/** Makes every request of `app` say who calls ({@link FastifyRequest.person}). */
export function identifyCallers(app: FastifyInstance, identify: Identify): void {
  app.decorateRequest('identity', null)
  app.decorateRequest('person', {
    getter() {
      if (this.identity === null || this.identity instanceof Problem) throw this.identity ?? problem('not-signed-in')
      return this.identity
    },
  })
  app.decorateRequest('callerId', {
    getter() {
      return this.identity === null || this.identity instanceof Problem ? undefined : this.identity.id
    },
  })
  app.addHook('onRequest', async (request, reply) => {
    const { access } = request.routeOptions.config
    if (access === 'public' || request.is404) return
    request.identity = await identify(request, reply)
  })
}

/**
 * Lets nobody in but those whom a route's `config.access` names, before the body is read. Deny by default: a route that
 * names nobody stops the start.
 */
export function admitByAccess(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (!route.config?.access) throw new Error(`${String(route.method)} ${route.url}: say who may call it (config.access)`)
  })
  app.addHook('preParsing', async (request) => {
    if (request.is404) return
    const access = request.routeOptions.config.access ?? []
    if (access === 'public') return
    const { roles, standsInFor } = request.person
    const all = [...roles, ...request.routeOptions.config.inOwnName ? [] : standsInFor.flatMap(as => as.roles)]
    if (access !== 'signed-in' && !access.some(role => all.includes(role))) throw problem('not-permitted')
  })
}
