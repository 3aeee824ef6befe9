/** A small client of the HTTP contract, as an officer's browser would use it: kept-alive connections, one token a person. */
import { randomUUID } from 'node:crypto'
import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** An answer of 400 or more. */
class HttpError extends Error {
  readonly status: number
  constructor(what: string, status: number, body: string) {
    super(`${what}: ${status} ${body}`)
    this.status = status
  }
}

export type BenchClient = ReturnType<typeof createClient>

/**
 * Signs people in and sends their requests. With `patienceMs`, what fails to arrive or is answered 5xx is sent again under
 * the same idempotency key until then, as a client that heard nothing would.
 */
export function createClient(url: string, { patienceMs = 0 } = {}) {
  const { hostname, port } = new URL(url)
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const tokens = new Map<string, Promise<string>>()

  function once<T>(method: string, path: string, payload: string | undefined, headers: Record<string, string | number>): Promise<T> {
    return new Promise((resolve, reject) => {
      const req = request({ hostname, port, method, path, agent, headers, timeout: 30_000 }, (res) => {
        const chunks: Buffer[] = []
        res.on('data', (c: Buffer) => chunks.push(c))
        res.on('error', reject)
        res.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          if (res.statusCode! >= 400) reject(new HttpError(`${method} ${path}`, res.statusCode!, text))
          else resolve(JSON.parse(text) as T)
        })
      })
      req.on('timeout', () => req.destroy(new Error('timeout')))
      req.on('error', reject)
      req.end(payload)
    })
  }

  async function send<T>(method: string, path: string, body: unknown, token?: string): Promise<T> {
    const payload = body === undefined ? undefined : JSON.stringify(body)
    const headers = {
      ...(token && { authorization: `Bearer ${token}` }), ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
      ...(payload && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
    }
    for (const giveUpAt = Date.now() + patienceMs; ; await sleep(250)) {
      try {
        return await once<T>(method, path, payload, headers)
      } catch (e) {
        if ((e instanceof HttpError && e.status < 500) || Date.now() >= giveUpAt) throw e
      }
    }
  }

  const token = (person: string) => {
    if (!tokens.has(person)) tokens.set(person, send<{ token: string }>('POST', '/api/dev/login', { person }).then(r => r.token))
    return tokens.get(person)!
  }
  return {
    get: async <T>(person: string, path: string) => send<T>('GET', path, undefined, await token(person)),
    post: async <T>(person: string, path: string, body: unknown = {}) => send<T>('POST', path, body, await token(person)),
    /** Looks until there is something to see; a case that is held but not yet recorded (202) is there a little later. */
    async until<T>(look: () => Promise<T | undefined>): Promise<T> {
      for (const giveUpAt = Date.now() + patienceMs; ; await sleep(250)) {
        const found = await look().catch((e) => {
          if (!(e instanceof HttpError && e.status === 404) || Date.now() >= giveUpAt) throw e
        })
        if (found !== undefined) return found
        if (Date.now() >= giveUpAt) throw new Error('nothing to see')
      }
    },
    close: () => agent.destroy(),
  }
}
