/**
 * Sessions of browsers: a cookie that scripts cannot read, sealed with AES-256-GCM, so that no process has to keep anything.
 * It says who signed in and when; who that is now, the directory is asked at every request.
 */
import { randomUUID } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { EncryptJWT, errors, jwtDecrypt, type JWTPayload } from 'jose'
import type { PersonInOffice } from '../../db/directory/directory.ts'
import { Problem, problem } from '../http/errors.ts'

/** Names by which a browser itself sees to it that a cookie came over TLS from this very host (RFC 6265bis); the second is for one path. */
const cookieNames = (secure: boolean) => secure ? { session: '__Host-anxin_session', signIn: '__Secure-anxin_sign_in' } : { session: 'anxin_session', signIn: 'anxin_sign_in' }

/**
 * The header in which every write over a session says whom its page shows as signed in: the person's id, percent-encoded. All windows of a
 * browser share one cookie, so a page may be older than it.
 */
export const SHOWN_PERSON = 'x-signed-in-as'

/** A session ends when nothing was asked for this long … */
export const idleS = 60 * 60
/** … and this long after signing in, whatever was asked: a shift. */
export const absoluteS = 12 * 60 * 60
/** How long somebody may stay at the identity provider. */
const signInS = 10 * 60
/** A seal is renewed only now and then, for writing a cookie with each answer would be wasteful. */
const renewAfterS = 60

/** Who signed in: by the `sub` of the identity provider, or by a person's id where the dev login is on. */
export interface Subject { by: 'oidc' | 'dev', sub: string }

/** What has to be remembered while somebody signs in at the identity provider. */
export interface PendingSignIn { state: string, nonce: string, verifier: string, returnTo: string }

export interface SessionOptions {
  key: Uint8Array
  /** Under which people reach the workbench: with https, cookies travel over TLS only, and what changes something comes from exactly there. */
  publicUrl: string
  find: (subject: Subject) => Promise<PersonInOffice | undefined>
  /** What is kept of sessions that were signed out: a copy of their cookie is worth nothing from then on. */
  ended: { has(id: string): Promise<boolean>, add(id: string, until: Date): Promise<void> }
}

export type Sessions = ReturnType<typeof createSessions>

/** Starts, recognises and ends sessions. */
export function createSessions({ key, publicUrl, find, ended }: SessionOptions) {
  const secure = publicUrl.startsWith('https:')
  const { session: SESSION_COOKIE, signIn: SIGN_IN_COOKIE } = cookieNames(secure)
  const isOwn = (request: FastifyRequest) => isSameOrigin(request, publicUrl)
  const cookie = { httpOnly: true, secure, path: '/' } as const
  // Strict, so that no other site's link or form comes with a session; the way back from the identity provider is such a link.
  const strict = { ...cookie, sameSite: 'strict' } as const
  const lax = { ...cookie, sameSite: 'lax', path: '/auth/callback' } as const

  const seal = (claims: JWTPayload, purpose: string, expiresAtS: number) =>
    new EncryptJWT(claims).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).setAudience(purpose).setIssuedAt().setExpirationTime(expiresAtS).encrypt(key)
  const open = async (sealed: string, purpose: string) =>
    (await jwtDecrypt(sealed, key, { audience: purpose, keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'], requiredClaims: ['iat', 'exp'] })).payload

  async function write(reply: FastifyReply, subject: Subject, session: { id: string, until: number }): Promise<void> {
    const expiresAtS = Math.min(nowS() + idleS, session.until)
    reply.setCookie(SESSION_COOKIE, await seal({ ...subject, ...session }, SESSION_COOKIE, expiresAtS), strict)
  }
  const read = async (request: FastifyRequest) => (await open(request.cookies[SESSION_COOKIE] ?? '', SESSION_COOKIE)) as JWTPayload & Subject & { id: string, until: number }

  return {
    /** Whether a page of this very origin sent the request. */
    isOwn,

    start: (reply: FastifyReply, subject: Subject) => write(reply, subject, { id: randomUUID(), until: nowS() + absoluteS }),

    /** Whether the directory has them as somebody active. */
    knows: async (subject: Subject) => (await find(subject)) !== undefined,

    /** The person of the request's cookie, or why there is none, or why a write is not theirs; goes on for another while when it is used. */
    async identify(request: FastifyRequest, reply: FastifyReply): Promise<PersonInOffice | Problem> {
      if (!request.cookies[SESSION_COOKIE]) return problem('not-signed-in')
      if (!isSafe(request) && !isOwn(request)) return problem('cross-site')
      try {
        const { by, sub, id, until, iat = 0 } = await read(request)
        const [person, isEnded] = await Promise.all([find({ by, sub }), ended.has(id)])
        if (isEnded) return problem('not-signed-in', '已退出登录，请重新登录。')
        if (!person) return problem('not-signed-in', '您的账号未登记或者已停用，请联系系统管理员。')
        if (!isSafe(request) && request.headers[SHOWN_PERSON] !== encodeURIComponent(person.id)) return anotherPerson(person)
        if (nowS() - iat >= renewAfterS) await write(reply, { by, sub }, { id, until })
        return person
      } catch (error) {
        if (!(error instanceof errors.JOSEError)) throw error
        return problem('not-signed-in', '登录已过期，请重新登录。', { cause: error })
      }
    },

    /** Ends the request's session, in the browser and for every copy of its cookie. */
    async end(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      reply.clearCookie(SESSION_COOKIE, strict)
      const session = await read(request).catch((error: unknown) => {
        if (!(error instanceof errors.JOSEError)) throw error
        return undefined
      })
      if (session) await ended.add(session.id, new Date(session.until * 1000))
    },

    /** Remembers in the browser what the way back from the identity provider is checked against. */
    async expectReturn(reply: FastifyReply, pending: PendingSignIn): Promise<void> {
      reply.setCookie(SIGN_IN_COOKIE, await seal({ ...pending }, SIGN_IN_COOKIE, nowS() + signInS), lax)
    },

    /** What was remembered, once; undefined when it was never, not here, or too long ago. */
    async takePending(request: FastifyRequest, reply: FastifyReply): Promise<PendingSignIn | undefined> {
      reply.clearCookie(SIGN_IN_COOKIE, lax)
      try {
        return (await open(request.cookies[SIGN_IN_COOKIE] ?? '', SIGN_IN_COOKIE)) as JWTPayload & PendingSignIn
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined
        throw error
      }
    },
  }
}

const nowS = () => Math.floor(Date.now() / 1000)

/** Whether it changes nothing: by its method, or on a route that only reads and is asked by a page that it is there for (pages cannot name another origin than their own). */
const isSafe = ({ method, headers, routeOptions }: FastifyRequest) =>
  method === 'GET' || method === 'HEAD' || method === 'OPTIONS' || routeOptions.config.readsFrom?.includes(headers.origin ?? '') === true

/** What was decided in one name is never recorded in another. */
const anotherPerson = ({ name }: PersonInOffice) => problem('another-person', `您现在以“${name}”登录，而这个页面不是以此身份打开的，刚才的操作没有提交。请核对后再办理。`)

/**
 * Whether a page of the workbench sent the request: browsers say so, and pages cannot make them say otherwise. Under https the origin is
 * compared with the public address, for what a request says it was sent to (`Host`) another page can choose; on a trial without TLS, where
 * the machine has several names, with that.
 */
function isSameOrigin({ headers: { 'sec-fetch-site': site, origin }, host }: FastifyRequest, publicUrl: string): boolean {
  if (site !== undefined && site !== 'same-origin') return false
  const { protocol, origin: own } = new URL(publicUrl)
  if (protocol === 'https:') return origin === own
  return origin === undefined ? site !== undefined : URL.canParse(origin) && new URL(origin).host === host
}
