import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { PersonInOffice } from '../../db/directory/directory.ts'
import type { App } from '../http/app-types.ts'
import { createAuthenticator } from './auth.ts'
import { absoluteS, createSessions, idleS } from './session.ts'
import { createSignIn } from './sign-in.ts'
import { buildTestApp, directory, endedInMemory, people, sessionDeps, signedIn } from '../testing/test-app.ts'
import { audience, makeKey, startIssuer, workbench } from '../testing/test-issuer.ts'

const ownPage = { 'sec-fetch-site': 'same-origin', 'x-signed-in-as': 'legal-1' }
const person = ({ standsInFor: _, ...shown }: PersonInOffice) => shown
const [legal] = people as [PersonInOffice]

const routes = [async (app: App) => {
  app.post('/api/anything', { config: { access: 'signed-in' } }, async request => ({ id: request.person.id }))
}]

let app: App
let log: string[]
afterEach(async () => {
  vi.useRealTimers()
  await app.close()
})

/** The browser's side: keeps cookies, and says that it is our own page that asks. */
function browser() {
  const kept = new Map<string, string>()
  const ask = async (method: 'GET' | 'POST', url: string, { payload, headers = ownPage }: { payload?: object, headers?: Record<string, string> } = {}) => {
    const answer = await app.inject({ method, url, headers, cookies: Object.fromEntries(kept), ...(payload && { payload }) })
    for (const { name, value } of answer.cookies) if (value) kept.set(name, value); else kept.delete(name)
    return answer
  }
  return {
    kept,
    get: (url: string) => ask('GET', url),
    post: (url: string, payload?: object, headers?: Record<string, string>) => ask('POST', url, { ...(payload && { payload }), ...(headers && { headers }) }),
    person: async () => (await ask('GET', '/api/session')).json().person?.id ?? null,
  }
}

describe('a session', () => {
  beforeEach(async () => {
    ({ app, log } = await buildTestApp({ routes }))
  })

  it('begins by the dev login with a cookie that scripts and other sites cannot use', async () => {
    const b = browser()
    const answer = await b.post('/auth/dev-login', { person: 'legal-1' })
    expect(answer.json()).toEqual(person(legal))
    expect(answer.cookies).toEqual([expect.objectContaining({ name: 'anxin_session', httpOnly: true, sameSite: 'Strict', path: '/' })])
    expect(answer.cookies[0]).not.toHaveProperty('expires')
    expect((await b.get('/api/session')).json()).toEqual({ standsInFor: [], person: person(legal), unread: 0, devLogin: true, oidc: false, temporalUi: null })
    expect(log.join('')).not.toContain(b.kept.get('anxin_session'))
  })

  it('travels over TLS only where the workbench has it', async () => {
    const sessions = createSessions({ key: new Uint8Array(32), publicUrl: 'https://anxin.example', find: async () => legal, ended: endedInMemory() })
    const secure = await buildTestApp({ session: { ...sessionDeps(async () => legal), sessions } })
    const from = (origin: string, host = 'anxin.example') => secure.app.inject({ method: 'POST', url: '/auth/dev-login', payload: { person: 'legal-1' }, headers: { ...ownPage, origin, host } })
    expect((await from('https://anxin.example')).cookies[0]).toMatchObject({ name: '__Host-anxin_session', secure: true, path: '/' })
    // Of the same origin, as the browser has it; not of ours.
    for (const other of [await from('https://other.example', 'other.example'), await from('http://anxin.example'), await from('null')]) expect(other.json()).toMatchObject({ code: 'cross-site' })
    await secure.app.close()
  })

  it('is nobody before signing in and after signing out', async () => {
    const b = browser()
    expect((await b.get('/api/session')).json()).toMatchObject({ person: null, devLogin: true })
    await b.post('/auth/dev-login', { person: 'legal-1' })
    expect((await b.post('/auth/logout')).json()).toEqual({ location: '/login' })
    expect(b.kept.size).toBe(0)
    expect((await b.post('/api/anything')).statusCode).toBe(401)
  })

  it('ends on signing out for every copy of its cookie', async () => {
    const b = browser()
    await b.post('/auth/dev-login', { person: 'legal-1' })
    const copy = browser()
    for (const [name, value] of b.kept) copy.kept.set(name, value)
    expect(await copy.person()).toBe('legal-1')
    await b.post('/auth/logout')
    expect(await copy.person()).toBeNull()
    expect((await copy.post('/api/anything')).json()).toMatchObject({ code: 'not-signed-in', detail: '已退出登录，请重新登录。' })
    await b.post('/auth/dev-login', { person: 'legal-1' })
    expect(await b.person()).toBe('legal-1')
  })

  it('is refused for what another site sends', async () => {
    const b = browser()
    await b.post('/auth/dev-login', { person: 'legal-1' })
    for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: 'https://evil.example' }, { origin: 'null' }, {}] as Record<string, string>[]) {
      const answer = await b.post('/api/anything', undefined, { ...headers })
      expect([answer.statusCode, answer.json().code], JSON.stringify(headers)).toEqual([403, 'cross-site'])
      expect((await b.post('/auth/logout', undefined, headers)).statusCode).toBe(403)
      expect((await b.post('/auth/dev-login', { person: 'admin-1' }, headers)).statusCode).toBe(403)
    }
    expect((await b.post('/api/anything', undefined, { 'origin': 'https://anxin.example', 'host': 'anxin.example', 'x-signed-in-as': 'legal-1' })).json()).toEqual({ id: 'legal-1' })
  })

  it('counts less than the token that a program sends', async () => {
    const b = browser()
    await b.post('/auth/dev-login', { person: 'legal-1' })
    const answer = await b.post('/api/anything', undefined, await signedIn(app, 'admin-1'))
    expect(answer.json()).toEqual({ id: 'admin-1' })
    expect((await b.post('/api/anything', undefined, { ...ownPage, authorization: 'Bearer nonsense' })).statusCode).toBe(401)
  })

  it('ends when nothing was asked for an hour', async () => {
    const b = browser()
    await b.post('/auth/dev-login', { person: 'legal-1' })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + (idleS - 5) * 1000 })
    expect(await b.person()).toBe('legal-1')
    vi.setSystemTime(Date.now() + (idleS - 5) * 1000)
    expect(await b.person(), 'prolonged by being used').toBe('legal-1')
    vi.setSystemTime(Date.now() + (idleS + 1) * 1000)
    expect(await b.person()).toBeNull()
    expect((await b.post('/api/anything')).json()).toMatchObject({ code: 'not-signed-in', detail: '登录已过期，请重新登录。' })
  })

  it('ends after a shift also when it is always used', async () => {
    const b = browser()
    await b.post('/auth/dev-login', { person: 'legal-1' })
    const start = Date.now()
    vi.useFakeTimers({ toFake: ['Date'] })
    for (let s = 0; s < absoluteS; s += idleS / 2) {
      vi.setSystemTime(start + s * 1000)
      expect(await b.person()).toBe('legal-1')
    }
    vi.setSystemTime(start + (absoluteS + 1) * 1000)
    expect(await b.person()).toBeNull()
  })

  it('ends at once when the person is no longer in the directory', async () => {
    let active = true
    const other = await buildTestApp({ routes, session: sessionDeps(async ({ sub }) => active ? directory.findPersonById(sub) : undefined) })
    await app.close()
    app = other.app
    const b = browser()
    await b.post('/auth/dev-login', { person: 'legal-1' })
    expect((await b.post('/api/anything')).statusCode).toBe(200)
    active = false
    expect((await b.post('/api/anything')).json()).toMatchObject({ code: 'not-signed-in', detail: expect.stringContaining('停用') })
  })

  it('is not believed when it was sealed elsewhere, for something else, or changed', async () => {
    const b = browser()
    await b.post('/auth/dev-login', { person: 'legal-1' })
    const sealed = b.kept.get('anxin_session')!
    const foreign = createSessions({ key: new Uint8Array(32).fill(1), publicUrl: 'http://localhost', find: async () => legal, ended: endedInMemory() })
    const setCookie = vi.fn()
    await foreign.start({ setCookie } as never, { by: 'dev', sub: 'legal-1' })
    const pending = vi.fn()
    await sessionDeps(async () => legal).sessions.expectReturn({ setCookie: pending } as never, { state: 's', nonce: 'n', verifier: 'v', returnTo: '/' })
    for (const wrong of [setCookie.mock.calls[0]![1], pending.mock.calls[0]![1], `${sealed.slice(0, -5)}${sealed.at(-5) === 'A' ? 'B' : 'A'}${sealed.slice(-4)}`, 'x', 'a.b.c.d.e']) {
      b.kept.set('anxin_session', wrong)
      expect(await b.person(), wrong).toBeNull()
    }
    b.kept.set('anxin_session', sealed)
    expect(await b.person()).toBe('legal-1')
  })

  it('names a person that there is', async () => {
    const answer = await browser().post('/auth/dev-login', { person: 'gone' })
    expect(answer.json()).toMatchObject({ code: 'bad-form', errors: [{ pointer: '/person' }] })
  })
})

describe('signing in at the identity provider', () => {
  let issuer: Awaited<ReturnType<typeof startIssuer>>
  beforeAll(async () => { issuer = await startIssuer([await makeKey('RS256', 'rsa-1')], []) })
  afterAll(() => issuer.close())

  beforeEach(async () => {
    const find = ({ by, sub }: { by: string, sub: string }) => by === 'oidc' ? directory.findPersonBySub(sub) : Promise.resolve(undefined)
    const signIn = createSignIn({ issuer: issuer.url, ...workbench });
    ({ app, log } = await buildTestApp({
      routes, authenticator: createAuthenticator({ oidc: { issuer: issuer.url, audience }, ...directory }), session: { ...sessionDeps(find), signIn },
    }))
  })

  /** Goes to the issuer and comes back as `sub`, to the address that `change` makes of it. */
  async function signIn(b: ReturnType<typeof browser>, sub: string | undefined, { returnTo = '/cases?card=red', change = (_: URL) => {} } = {}) {
    const away = await b.get(`/auth/login?returnTo=${encodeURIComponent(returnTo)}`)
    expect(away.statusCode).toBe(303)
    const back = await issuer.signInAs(sub, away.headers.location!)
    change(back)
    const answer = await b.get(back.pathname + back.search)
    expect(answer.statusCode).toBe(303)
    return answer.headers.location
  }

  it('leads back to where it began, with a session', async () => {
    const b = browser()
    expect((await b.get('/api/session')).json()).toMatchObject({ person: null, devLogin: false, oidc: true })
    expect(await signIn(b, 'sub-legal-1')).toBe('/cases?card=red')
    expect([...b.kept.keys()]).toEqual(['anxin_session'])
    expect((await b.post('/api/anything')).json()).toEqual({ id: 'legal-1' })
    expect(log.join('')).toContain('/auth/callback')
    expect(log.join('')).not.toMatch(/code=|state=|card=red/)
  })

  it('asks with PKCE, state and nonce', async () => {
    const { searchParams } = new URL((await browser().get('/auth/login')).headers.location!)
    expect(Object.fromEntries(searchParams)).toMatchObject({ code_challenge_method: 'S256', code_challenge: /.{43}/, state: /.{20}/, nonce: /.{20}/ })
  })

  it.each(['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)', '/\t/evil.example', '/.//elsewhere.example', '/a/..//elsewhere.example', '/%2e//elsewhere.example'])('leads nowhere else: %j', async (returnTo) => {
    expect(await signIn(browser(), 'sub-legal-1', { returnTo })).toBe('/')
  })

  it('is refused with another state', async () => {
    const b = browser()
    expect(await signIn(b, 'sub-legal-1', { change: back => back.searchParams.set('state', 'another') })).toBe('/login?reason=refused')
    expect(await b.person()).toBeNull()
  })

  it('is refused in a browser that did not set out, and a second time', async () => {
    const b = browser()
    let used = ''
    await signIn(b, 'sub-legal-1', { change: (back) => { used = back.pathname + back.search } })
    for (const other of [browser(), b]) expect((await other.get(used)).headers.location).toBe('/login?reason=refused')
  })

  it('is refused with a code that was given to somebody else', async () => {
    const [attacker, victim] = [browser(), browser()]
    let code = ''
    await signIn(attacker, 'sub-admin-1', { change: (back) => { code = back.searchParams.get('code')!; back.searchParams.set('state', 'another') } })
    expect(await signIn(victim, 'sub-legal-1', { change: back => back.searchParams.set('code', code) })).toBe('/login?reason=refused')
    expect(await victim.person()).toBeNull()
  })

  it('says why nobody is signed in: declined, or not in the directory', async () => {
    const b = browser()
    expect(await signIn(b, undefined)).toBe('/login?reason=refused')
    expect(await signIn(b, 'sub-nobody')).toBe('/login?reason=unknown-person')
    expect(b.kept.size).toBe(0)
  })

  it('takes too long after ten minutes', async () => {
    expect(await signIn(browser(), 'sub-legal-1', { change: () => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 601_000 }) })).toBe('/login?reason=refused')
  })

  it('is signed out there, too', async () => {
    const b = browser()
    await signIn(b, 'sub-legal-1')
    const { location } = (await b.post('/auth/logout')).json()
    expect(location).toMatch(new RegExp(`^${issuer.url}/.+post_logout_redirect_uri=`))
    expect(b.kept.size).toBe(0)
  })

  it('is not possible as a sample person', async () => {
    expect((await browser().post('/auth/dev-login', { person: 'legal-1' })).statusCode).toBe(404)
  })

  it('is unavailable while the provider cannot be reached', async () => {
    const gone = await startIssuer([await makeKey('RS256', 'rsa-1')], [])
    gone.close()
    const off = await buildTestApp({ session: { ...sessionDeps(async () => undefined), signIn: createSignIn({ issuer: gone.url, ...workbench }) } })
    expect((await off.app.inject('/auth/login')).json()).toMatchObject({ status: 503, code: 'sign-in-unavailable' })
    expect((await off.app.inject({ method: 'POST', url: '/auth/logout', headers: ownPage })).json()).toEqual({ location: '/login' })
    await off.app.close()
  })
})
