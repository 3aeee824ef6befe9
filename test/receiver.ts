import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

interface Received { path: string, headers: IncomingHttpHeaders, body: string }

/** A real HTTP receiver. Each path gives its answers in turn, then the last one again; 204 where none was set. */
export async function startReceiver() {
  const received: Received[] = []
  const answers = new Map<string, (number | 'hang')[]>()
  const server = createServer(async (request, response) => {
    const path = request.url!
    received.push({ path, headers: request.headers, body: await text(request) })
    const left = answers.get(path) ?? [204]
    const answer = left.length > 1 ? left.shift()! : left[0]!
    if (answer !== 'hang') response.writeHead(answer).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** What came in at a path, in order. */
    at: (path: string) => received.filter(r => r.path === path),
    answer: (path: string, ...given: (number | 'hang')[]) => { answers.set(path, given) },
    async close() {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
