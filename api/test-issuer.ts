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

/** A real OpenID Connect provider on a free port, whose clients stand for people: a token's `sub` is the client's id. */
export async function startIssuer(keys: SigningKey[], subs: string[]) {
  let handle: RequestListener
  const server = createServer((request, response) => handle(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  /** Publishes other keys, as after a rotation. */
  async function publish(next: SigningKey[]): Promise<void> {
    const provider = new Provider(url, {
      clients: subs.map(sub => ({
        client_id: sub, client_secret: 'test', grant_types: ['client_credentials'], redirect_uris: [], response_types: [], id_token_signed_response_alg: next[0]?.alg,
      })),
      jwks: { keys: await Promise.all(next.map(toPrivateJwk)) },
      ttl: { ClientCredentials: 60 },
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

  await publish(keys)
  return { url, publish, token, close: () => server.close() }
}
