import { createRemoteJWKSet, decodeJwt, errors, jwtVerify, SignJWT, type JWTVerifyGetKey, type JWTVerifyOptions } from 'jose'
import { z } from 'zod'
import type { PersonInOffice } from '../../db/directory/directory.ts'
import { Problem, problem } from '../http/errors.ts'

/** What an issuer may sign with. Key pairs only: with a shared secret or none a token could be forged from the public key. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA']

/** Kinds of token that stand for a person who signed in (RFC 7519 5.1, RFC 9068 2.1); a logout token, say, does not. */
const TOKEN_TYPES = new Set([undefined, 'jwt', 'at+jwt', 'application/at+jwt'])

const clockToleranceS = 10
const issuerTimeoutMs = 5000
const devIssuer = 'urn:anxin:dev-login'
const devTokenHours = 12

export interface AuthenticatorOptions {
  /** The identity provider whose tokens are taken. */
  oidc?: { issuer: string, audience: string } | undefined
  /** Signs and checks the tokens of the dev login; without it there is none. */
  devKey?: Uint8Array | undefined
  /** The active person with this `sub` of the identity provider. */
  findPersonBySub: (sub: string) => Promise<PersonInOffice | undefined>
  /** The active person with this id of the directory. */
  findPersonById: (id: string) => Promise<PersonInOffice | undefined>
}

/** Tells who somebody is. */
export interface Authenticator {
  /** The person for whom an `Authorization` header stands, as the directory has them now, or why there is none. */
  identify: (authorization: string | undefined) => Promise<PersonInOffice | Problem>
  /** Signs in a person of the directory without a password; present only where the dev login is on. */
  issueDevToken?: (personId: string) => Promise<string>
}

/**
 * Takes the tokens of an OpenID Connect issuer, of the dev login, or of both.
 * @throws Error when there is neither
 */
export function createAuthenticator({ oidc, devKey, findPersonBySub, findPersonById }: AuthenticatorOptions): Authenticator {
  if (!oidc && !devKey) throw new Error('nobody could sign in: set OIDC_ISSUER and OIDC_AUDIENCE')
  const verifyOidc = oidc && createOidcVerifier(oidc.issuer, oidc.audience)

  async function findPerson(token: string): Promise<PersonInOffice | undefined> {
    if (devKey && decodeJwt(token).iss === devIssuer) return findPersonById(await verifyDev(token, devKey))
    if (verifyOidc) return findPersonBySub(await verifyOidc(token))
    return undefined
  }

  async function identify(authorization: string | undefined): Promise<PersonInOffice | Problem> {
    const token = authorization?.match(/^Bearer +(\S+)$/i)?.[1]
    if (!token) return problem('not-signed-in')
    try {
      return (await findPerson(token)) ?? problem('not-signed-in', '您的账号未登记或者已停用，请联系系统管理员。')
    } catch (error) {
      if (error instanceof Problem) return error
      if (!(error instanceof errors.JOSEError)) throw error
      const expired = error instanceof errors.JWTExpired
      return problem('not-signed-in', expired ? '登录已过期，请重新登录。' : '登录凭证无效，请重新登录。', { cause: error })
    }
  }

  return devKey ? { identify, issueDevToken: personId => signDev(personId, devKey) } : { identify }
}

/** Checks a token of the issuer and gives its `sub`. */
function createOidcVerifier(issuer: string, audience: string): (token: string) => Promise<string> {
  let discovered: Promise<JWTVerifyGetKey> | undefined

  const getKey: JWTVerifyGetKey = async (header, token) => {
    discovered ??= discoverKeys(issuer)
    try {
      const keys = await discovered.catch((error) => {
        discovered = undefined
        throw error
      })
      return await keys(header, token)
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error
      throw problem('sign-in-unavailable', undefined, { cause: error })
    }
  }
  const options = { issuer, audience, algorithms: ALGORITHMS, clockTolerance: clockToleranceS }
  return async token => verify(token, getKey, options)
}

async function verify(token: string, key: JWTVerifyGetKey | Uint8Array, options: JWTVerifyOptions): Promise<string> {
  const getKey = key instanceof Uint8Array ? async () => key : key
  const { payload, protectedHeader } = await jwtVerify(token, getKey, { ...options, requiredClaims: ['sub', 'exp'] })
  if (!TOKEN_TYPES.has(protectedHeader.typ?.toLowerCase())) throw new errors.JWTInvalid('unexpected "typ"')
  if (typeof payload.sub !== 'string') throw new errors.JWTInvalid('"sub" is not a string')
  return payload.sub
}

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) })

/** Where the issuer publishes its keys (OpenID Connect Discovery 1.0, 4); they are fetched again when an unknown one is used. */
async function discoverKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const response = await fetch(address, { signal: AbortSignal.timeout(issuerTimeoutMs), redirect: 'error' })
  if (!response.ok) throw new Error('discovery failed')
  const found = Discovery.parse(await response.json())
  if (found.issuer !== issuer) throw new Error('the issuer calls itself otherwise')
  if (issuer.startsWith('https:') && !found.jwks_uri.startsWith('https:')) throw new Error('keys of an https issuer over http')
  return createRemoteJWKSet(new URL(found.jwks_uri), { timeoutDuration: issuerTimeoutMs })
}

async function verifyDev(token: string, key: Uint8Array): Promise<string> {
  return verify(token, key, { issuer: devIssuer, algorithms: ['HS256'] })
}

async function signDev(personId: string, key: Uint8Array): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(devIssuer)
    .setSubject(personId)
    .setIssuedAt()
    .setExpirationTime(`${devTokenHours}h`)
    .sign(key)
}
