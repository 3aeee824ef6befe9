import { mkdtemp, readFile, stat } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { base64url, exportSPKI, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { loadKey } from '../../keys.ts'
import { createAuthenticator, type Authenticator } from './auth.ts'
import { Problem } from '../http/errors.ts'
import { directory, people } from '../testing/test-app.ts'
import { audience, makeKey, startIssuer, type SigningKey } from '../testing/test-issuer.ts'

let issuer: Awaited<ReturnType<typeof startIssuer>>
let rsa: SigningKey
let ec: SigningKey
let authenticator: Authenticator

beforeAll(async () => {
  rsa = await makeKey('RS256', 'rsa-1')
  ec = await makeKey('ES256', 'ec-1')
  issuer = await startIssuer([rsa, ec], ['sub-legal-1', 'sub-nobody'])
  authenticator = createAuthenticator({ oidc: { issuer: issuer.url, audience }, ...directory })
})
afterAll(() => issuer.close())
afterEach(() => vi.useRealTimers())

/** The person's id, or the problem's code. */
async function identify(token: string, by = authenticator): Promise<string> {
  const found = await by.identify(`Bearer ${token}`)
  return found instanceof Problem ? found.code : found.id
}

/** A token that somebody made themselves; right in all that is not said otherwise. */
async function forge({ key = rsa, header = {}, claims = {} }: { key?: SigningKey, header?: object, claims?: object } = {}): Promise<string> {
  const nowS = Math.floor(Date.now() / 1000)
  return new SignJWT({ iss: issuer.url, aud: audience, sub: 'sub-legal-1', iat: nowS, exp: nowS + 60, ...claims })
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header })
    .sign(key.privateKey)
}

describe('a token of the issuer', () => {
  it('stands for the person with its sub in the directory, whatever else it says', async () => {
    expect(await identify(await issuer.token('sub-legal-1'))).toBe('legal-1')
    expect(await identify(await forge({ claims: { roles: ['admin'], name: '系统管理员甲' } }))).toBe('legal-1')
    expect((await authenticator.identify(`Bearer ${await forge({ claims: { roles: ['admin'] } })}`))).toMatchObject({ roles: ['legal-reviewer', 'handler'] })
  })

  it('may be signed with ES256', async () => {
    expect(await identify(await forge({ key: ec }))).toBe('legal-1')
  })

  it('is refused for another audience', async () => {
    expect(await identify(await issuer.token('sub-legal-1', 'https://other.example/api'))).toBe('not-signed-in')
  })

  it('is refused when it names another issuer', async () => {
    expect(await identify(await forge({ claims: { iss: 'https://other.example' } }))).toBe('not-signed-in')
  })

  it('is refused after it expired, and the person is told', async () => {
    const token = await issuer.token('sub-legal-1')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 65_000 })
    expect(await identify(token), 'within the tolerance for clocks').toBe('legal-1')
    vi.setSystemTime(Date.now() + 10_000)
    expect(await authenticator.identify(`Bearer ${token}`)).toMatchObject({ code: 'not-signed-in', detail: '登录已过期，请重新登录。' })
  })

  it.each([
    ['without an expiry', { exp: undefined }],
    ['without a sub', { sub: undefined }],
    ['not yet valid', { nbf: Math.floor(Date.now() / 1000) + 600 }],
  ])('is refused %s', async (_case, claims) => {
    expect(await identify(await forge({ claims }))).toBe('not-signed-in')
  })

  it('is refused with a sub that is not a text, before the directory is asked', async () => {
    const lenient = { ...directory, findPersonBySub: async () => people[0] }
    const other = createAuthenticator({ oidc: { issuer: issuer.url, audience }, ...lenient })
    expect(await identify(await forge(), other)).toBe('legal-1')
    expect(await identify(await forge({ claims: { sub: ['sub-legal-1'] } }), other)).toBe('not-signed-in')
  })

  it('is refused when its sub is not in the directory', async () => {
    const found = await authenticator.identify(`Bearer ${await issuer.token('sub-nobody')}`)
    expect(found).toMatchObject({ code: 'not-signed-in', detail: '您的账号未登记或者已停用，请联系系统管理员。' })
  })

  it('is refused when it is of another kind than for access', async () => {
    expect(await identify(await forge({ header: { typ: 'logout+jwt' } }))).toBe('not-signed-in')
  })
})

describe('a forged token', () => {
  it('with alg none is refused', async () => {
    const [, payload] = (await forge()).split('.')
    const header = base64url.encode(JSON.stringify({ alg: 'none', typ: 'at+jwt' }))
    expect(await identify(`${header}.${payload}.`)).toBe('not-signed-in')
  })

  it('signed by HS256 with the public key is refused', async () => {
    const secret = new TextEncoder().encode(await exportSPKI(rsa.publicKey))
    const nowS = Math.floor(Date.now() / 1000)
    const token = await new SignJWT({ iss: issuer.url, aud: audience, sub: 'sub-legal-1', exp: nowS + 60 })
      .setProtectedHeader({ alg: 'HS256', kid: rsa.kid })
      .sign(secret)
    expect(await identify(token)).toBe('not-signed-in')
  })

  it('signed with a key that the issuer does not publish is refused', async () => {
    expect(await identify(await forge({ key: await makeKey('RS256', 'unknown') }))).toBe('not-signed-in')
    expect(await identify(await forge({ key: await makeKey('RS256', rsa.kid) })), 'under the name of a published key').toBe('not-signed-in')
  })

  it('with a changed payload is refused', async () => {
    const [header, payload = '', signature] = (await forge()).split('.')
    const changed = { ...JSON.parse(Buffer.from(payload, 'base64url').toString()), sub: 'sub-admin-1' }
    expect(await identify(`${header}.${base64url.encode(JSON.stringify(changed))}.${signature}`)).toBe('not-signed-in')
  })

  it.each(['', 'x', 'a.b.c', '..', 'e30.e30.e30'])('that is no token (%j) is refused', async (token) => {
    expect(await identify(token)).toBe('not-signed-in')
  })
})

describe('the issuer', () => {
  it('may change its keys: the new one is taken, the old one no longer', async () => {
    const rotating = await startIssuer([rsa], ['sub-legal-1'])
    const other = createAuthenticator({ oidc: { issuer: rotating.url, audience }, ...directory })
    const old = await rotating.token('sub-legal-1')
    expect(await identify(old, other)).toBe('legal-1')
    await rotating.publish([ec])
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 })
    expect(await identify(await rotating.token('sub-legal-1'), other)).toBe('legal-1')
    expect(await identify(old, other)).toBe('not-signed-in')
    rotating.close()
  })

  it('that cannot be reached makes signing in unavailable, not wrong, until it is back', async () => {
    const server = createServer((request, response) => {
      if (!up) return response.writeHead(502).end()
      const keys = request.url?.includes('well-known') ? { issuer: url, jwks_uri: `${issuer.url}/jwks` } : {}
      response.setHeader('content-type', 'application/json').end(JSON.stringify(keys))
    }).listen(0, '127.0.0.1')
    const url = await new Promise<string>(resolve => server.once('listening', () => resolve(`http://127.0.0.1:${(server.address() as { port: number }).port}`)))
    let up = false
    const other = createAuthenticator({ oidc: { issuer: url, audience }, ...directory })
    const token = await forge({ claims: { iss: url } })
    expect(await other.identify(`Bearer ${token}`)).toMatchObject({ code: 'sign-in-unavailable', status: 503, retryAfterS: 5 })
    up = true
    expect(await identify(token, other)).toBe('legal-1')
    server.close()
  })

  it('is not believed when it calls itself otherwise', async () => {
    const alias = issuer.url.replace('127.0.0.1', 'localhost')
    const other = createAuthenticator({ oidc: { issuer: alias, audience }, ...directory })
    expect(await identify(await forge({ claims: { iss: alias } }), other)).toBe('sign-in-unavailable')
  })
})

describe('the dev login', () => {
  const devKey = new Uint8Array(32).fill(7)
  const dev = createAuthenticator({ devKey, ...directory })

  it('signs in a person of the directory by id', async () => {
    expect(await identify((await dev.issueDevToken?.('legal-1')) ?? '', dev)).toBe('legal-1')
    expect(await identify((await dev.issueDevToken?.('gone-1')) ?? '', dev)).toBe('not-signed-in')
  })

  it('is refused where it is off, and where its key is another', async () => {
    const token = (await dev.issueDevToken?.('legal-1')) ?? ''
    expect(authenticator.issueDevToken).toBeUndefined()
    expect(await identify(token)).toBe('not-signed-in')
    expect(await identify(token, createAuthenticator({ devKey: new Uint8Array(32), ...directory }))).toBe('not-signed-in')
  })

  it('stands beside an issuer without lending it its key', async () => {
    const both = createAuthenticator({ oidc: { issuer: issuer.url, audience }, devKey, ...directory })
    expect(await identify((await both.issueDevToken?.('legal-1')) ?? '', both)).toBe('legal-1')
    expect(await identify(await issuer.token('sub-legal-1'), both)).toBe('legal-1')
    const mixed = await new SignJWT({ iss: issuer.url, aud: audience, sub: 'sub-legal-1' }).setProtectedHeader({ alg: 'HS256' }).setExpirationTime('1h').sign(devKey)
    expect(await identify(mixed, both)).toBe('not-signed-in')
    expect(await identify(await forge({ claims: { iss: 'urn:anxin:dev-login', sub: 'legal-1' } }), both)).toBe('not-signed-in')
  })

  it('ends after half a day', async () => {
    const token = (await dev.issueDevToken?.('legal-1')) ?? ''
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + (12 * 3600 + 1) * 1000 })
    expect(await identify(token, dev)).toBe('not-signed-in')
  })

  it('keeps its key over restarts, readable by its owner alone', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'anxin-key-')), 'state', 'dev-login.key')
    const key = await loadKey(path)
    expect(key).toHaveLength(32)
    expect(await loadKey(path)).toEqual(key)
    expect(new Uint8Array(await readFile(path))).toEqual(key)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })
})

it('needs some way to sign in', () => {
  expect(() => createAuthenticator({ ...directory })).toThrow('OIDC_ISSUER')
})
