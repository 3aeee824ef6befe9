/** Signing in at the identity provider: OpenID Connect's code flow with PKCE, state and nonce. */
import * as client from 'openid-client'
import { problem } from '../http/errors.ts'
import type { PendingSignIn } from './session.ts'

const issuerTimeoutS = 5

export interface SignInOptions {
  issuer: string
  clientId: string
  clientSecret: string
  /** Address of the workbench; the provider sends people back to `/auth/callback` under it. */
  publicUrl: string
}

export type SignIn = ReturnType<typeof createSignIn>

/** The workbench as a client of the identity provider. */
export function createSignIn({ issuer, clientId, clientSecret, publicUrl }: SignInOptions) {
  const callback = new URL('/auth/callback', publicUrl)
  let discovered: Promise<client.Configuration> | undefined

  /** @throws Problem `sign-in-unavailable` while the provider cannot be reached; it is asked again the next time */
  async function provider(): Promise<client.Configuration> {
    const execute = issuer.startsWith('http:') ? [client.allowInsecureRequests] : []
    discovered ??= client.discovery(new URL(issuer), clientId, clientSecret, undefined, { execute, timeout: issuerTimeoutS })
    return discovered.catch((cause) => {
      discovered = undefined
      throw problem('sign-in-unavailable', undefined, { cause })
    })
  }

  return {
    /** Where to send the browser, and what to remember until it comes back. */
    async begin(returnTo: string): Promise<{ url: URL, pending: PendingSignIn }> {
      const verifier = client.randomPKCECodeVerifier()
      const pending = { state: client.randomState(), nonce: client.randomNonce(), verifier, returnTo: ownPath(returnTo, publicUrl) }
      const url = client.buildAuthorizationUrl(await provider(), {
        redirect_uri: callback.href, scope: 'openid', state: pending.state, nonce: pending.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
      })
      return { url, pending }
    },

    /**
     * The `sub` of whoever comes back with `search`.
     * @throws Problem `not-signed-in` when they were refused or did not set out from here, `sign-in-unavailable` when the provider does not answer
     */
    async finish(search: string, { state, nonce, verifier }: PendingSignIn): Promise<string> {
      const config = await provider()
      const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true }
      const tokens = await client.authorizationCodeGrant(config, new URL(search, callback), checks).catch((cause) => {
        throw problem(isUnreachable(cause) ? 'sign-in-unavailable' : 'not-signed-in', undefined, { cause })
      })
      return tokens.claims()!.sub
    },

    /** Where the browser goes to be signed out there, too; undefined where the provider has no such page, or does not answer. */
    async endUrl(): Promise<string | undefined> {
      const config = await provider().catch(() => undefined)
      if (!config?.serverMetadata().end_session_endpoint) return undefined
      return client.buildEndSessionUrl(config, { post_logout_redirect_uri: new URL('/login', publicUrl).href }).href
    },
  }
}

/** No answer, or one that only a provider in trouble gives. */
const isUnreachable = (error: { name?: string, code?: string, cause?: { status?: number } }) =>
  error.name === 'TypeError' || error.code === 'OAUTH_TIMEOUT' || (error.cause?.status ?? 0) >= 500

/** The path within the workbench that `returnTo` names; `/` for whatever leads elsewhere. */
function ownPath(returnTo: string, publicUrl: string): string {
  const { origin } = new URL(publicUrl)
  if (!returnTo.startsWith('/') || !URL.canParse(returnTo, origin)) return '/'
  const { pathname, search, hash, origin: target } = new URL(returnTo, origin)
  // Judged as it will be read: `/.//elsewhere` is of this origin, and comes to `//elsewhere`, which names another host.
  return target === origin && !pathname.startsWith('//') ? `${pathname}${search}${hash}` : '/'
}
