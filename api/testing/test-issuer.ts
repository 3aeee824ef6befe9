import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type CryptoKey, type JWK } from 'jose'
// @ts-expect-error The package comes without types.
import Provider from 'oidc-provider'

export const audience = 'https://anxin.example/api'

export interface SigningKey { alg: string, kid: string, privateKey: CryptoKey, publicKey: CryptoKey }

/** A key pair and the name that the issuer publishes it under. */
export async function makeKey(alg: string, kid: string): Promise<SigningKey> {
  return { alg, kid, ...(await generateKeyPair(alg, { extractable: true })) }
}

async function toPrivateJwk({ alg, kid, privateKey }: SigningKey): Promise<JWK> {
  return { ...(await exportJWK(privateKey)), alg, kid, use: 'sig' }
}

/** The workbench, as the issuer knows it. */
export const workbench = { clientId: 'workbench', clientSecret: 'workbench-secret', publicUrl: 'https://anxin.example' }

/**
 * A real OpenID Connect provider on a free port. Its clients stand for people: an access token's `sub` is the client's id. The
 * workbench is a client, too: whoever signs in by it is who `signInAs` says.
 */
export async function startIssuer(keys: SigningKey[], subs: string[]) {
  let handle: RequestListener
  let provider: any
  let signingIn: string | undefined
  const server = createServer((request, response) => request.url?.startsWith('/interaction/') ? interact(request, response) : handle(request, response))
    .listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  /** Instead of the page with the password: whoever is to sign in does, and nobody means that it is declined. */
  const interact: RequestListener = (request, response) => void provider.interactionFinished(request, response,
    signingIn === undefined ? { error: 'access_denied' } : { login: { accountId: signingIn } }, { mergeWithLastSubmission: false })

  /** Publishes other keys, as after a rotation. */
  async function publish(next: SigningKey[]): Promise<void> {
    provider = new Provider(url, {
      clients: [
        ...subs.map(sub => ({
          client_id: sub, client_secret: 'test', grant_types: ['client_credentials'], redirect_uris: [], response_types: [], id_token_signed_response_alg: next[0]?.alg,
        })),
        {
          client_id: workbench.clientId, client_secret: workbench.clientSecret, grant_types: ['authorization_code'], response_types: ['code'],
          redirect_uris: [`${workbench.publicUrl}/auth/callback`], post_logout_redirect_uris: [`${workbench.publicUrl}/login`], id_token_signed_response_alg: next[0]?.alg,
        },
      ],
      pkce: { required: () => true },
      cookies: { keys: ['test'] },
      interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
      findAccount: (_context: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId }) }),
      // Nobody has to agree that the workbench learns who they are.
      loadExistingGrant: async ({ oidc }: any) => {
        const grant = new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId })
        grant.addOIDCScope('openid')
        await grant.save()
        return grant
      },
      jwks: { keys: await Promise.all(next.map(toPrivateJwk)) },
      ttl: { ClientCredentials: 60, Interaction: 60, Session: 60, Grant: 60, AuthorizationCode: 60, AccessToken: 60, IdToken: 60 },
      features: {
        devInteractions: { enabled: false },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: (_context: unknown, resource: string) => ({
            scope: '', audience: resource, accessTokenFormat: 'jwt', jwt: { sign: { alg: next[0]?.alg } },
          }),
        },
      },
    })
    handle = provider.callback()
  }

  /** An access token as the issuer hands it out, signed with the first of its keys. */
  async function token(sub: string, resource = audience): Promise<string> {
    const answer = await fetch(`${url}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${sub}:test`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource }),
    })
    if (!answer.ok) throw new Error(await answer.text())
    return ((await answer.json()) as { access_token: string }).access_token
  }

  /** Goes the way of a browser from the issuer's sign-in address back to the workbench; answers with the address it is sent back to. */
  async function signInAs(sub: string | undefined, address: string): Promise<URL> {
    signingIn = sub
    const cookies = new Map<string, string>()
    for (let next = new URL(address); ;) {
      if (next.origin === workbench.publicUrl) return next
      const answer = await fetch(next, { redirect: 'manual', headers: { cookie: [...cookies].map(pair => pair.join('=')).join('; ') } })
      for (const line of answer.headers.getSetCookie()) {
        const [name = '', value = ''] = line.split(';', 1)[0]!.split('=')
        cookies.set(name, value)
      }
      const location = answer.headers.get('location')
      if (!location) throw new Error(await answer.text())
      next = new URL(location, next)
    }
  }

  await publish(keys)
  return { url, publish, token, signInAs, close: () => server.close() }
}
