/** Signing in and out with a browser; programs send a Bearer token instead. */
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { ROLES, type Person as DirectoryPerson } from '../../model/person.ts'
import type { Identify } from './access.ts'
import type { App } from '../http/app-types.ts'
import { Login, type DevLogin } from './dev-login.ts'
import { Problem, problem } from '../http/errors.ts'
import { Named, Person } from '../http/schemas.ts'
import type { Sessions } from './session.ts'
import type { SignIn } from './sign-in.ts'

/** What signing in with a browser needs. */
export interface SessionDeps {
  sessions: Sessions
  /** The identity provider; undefined where nobody signs in by one. */
  signIn?: SignIn | undefined
  countUnread: (personId: string) => Promise<number>
  /** Where supervisors look at the workflow behind a case: this, a slash, and the case number. */
  temporalUiUrl: string
}

/** Why the browser is sent back to `/login?reason=…`. */
type Reason = 'refused' | 'unavailable' | 'unknown-person'

const Session = z
  .object({
    person: Person.nullable(),
    standsInFor: z.array(Named.extend({ roles: z.array(z.enum(ROLES)) })).meta({ title: '现在代理的缺勤人员' }),
    unread: z.int().meta({ title: '未读通知数' }),
    devLogin: z.boolean().meta({ title: '可以以示例人员登录' }),
    oidc: z.boolean().meta({ title: '可以通过统一身份认证登录' }),
    temporalUi: z.string().nullable().meta({ title: '流程监看地址', description: '仅护航办可见。' }),
  })
  .meta({ id: 'Session', title: '本次登录' })

const config = { access: 'public' } as const
const tags = ['登录']

/** `GET /api/session`, `/auth/…`. */
export function addSession(app: App, { sessions, signIn, countUnread, temporalUiUrl }: SessionDeps, identify: Identify, devLogin: DevLogin | undefined): void {
  /** Refuses what another site's page sends, or makes the browser send. */
  const fromOwnPages = async (request: FastifyRequest) => {
    if (!sessions.isOwn(request)) throw problem('cross-site')
  }

  app.get('/api/session', { config, schema: { tags, summary: '浏览器中登录的人员，以及可用的登录方式', response: { 200: Session } } }, async (request, reply) => {
    const identity = await identify(request, reply)
    if (identity instanceof Problem && identity.code !== 'not-signed-in') throw identity
    const person = identity instanceof Problem ? null : identity
    return {
      person: person && view(person),
      standsInFor: person?.standsInFor.map(({ id, name, roles }) => ({ id, name, roles })) ?? [],
      unread: person ? await countUnread(person.id) : 0,
      devLogin: devLogin !== undefined,
      oidc: signIn !== undefined,
      temporalUi: person?.roles.includes('office') ? temporalUiUrl : null,
    }
  })

  app.post('/auth/logout', {
    config, onRequest: fromOwnPages,
    schema: { tags, summary: '退出登录', description: '退出后请转到 location。', response: { 200: z.object({ location: z.string() }) } },
  }, async (request, reply) => {
    const identity = await sessions.identify(request, reply)
    if (identity instanceof Problem && identity.code === 'another-person') throw identity
    await sessions.end(request, reply)
    return { location: (await signIn?.endUrl()) ?? '/login' }
  })

  if (devLogin) {
    app.post('/auth/dev-login', {
      config, onRequest: fromOwnPages,
      schema: { tags, summary: '在浏览器中以示例人员登录', body: Login, response: { 200: Person } },
    }, async ({ body }, reply) => {
      const person = await devLogin.getPerson(body.person)
      await sessions.start(reply, { by: 'dev', sub: person.id })
      return view(person)
    })
  }

  if (signIn) {
    const Begin = z.strictObject({ returnTo: z.string().max(2000).default('/').meta({ title: '登录后回到' }) })
    app.get('/auth/login', { config, schema: { tags, summary: '转到统一身份认证登录', querystring: Begin } }, async ({ query }, reply) => {
      const { url, pending } = await signIn.begin(query.returnTo)
      await sessions.expectReturn(reply, pending)
      return reply.redirect(url.href, 303)
    })

    app.get('/auth/callback', { config, schema: { tags, summary: '自统一身份认证返回' } }, async (request, reply) => {
      const back = (reason: Reason) => reply.redirect(`/login?reason=${reason}`, 303)
      const pending = await sessions.takePending(request, reply)
      if (!pending) return back('refused')
      try {
        const subject = { by: 'oidc', sub: await signIn.finish(request.url, pending) } as const
        if (!(await sessions.knows(subject))) return back('unknown-person')
        await sessions.start(reply, subject)
        return reply.redirect(pending.returnTo, 303)
      } catch (error) {
        if (!(error instanceof Problem)) throw error
        request.log.info({ code: error.code, err: error.cause }, 'sign-in failed')
        return back(error.code === 'sign-in-unavailable' ? 'unavailable' : 'refused')
      }
    })
  }
}

const view = ({ id, name, unit, enterprise, roles }: DirectoryPerson): DirectoryPerson => ({ id, name, unit, enterprise, roles })

