import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { materialRoutes } from '../routes/materials.ts'
import { draftRoutes } from '../routes/drafts.ts'
import { callbackRoutes } from '../routes/callbacks.ts'
import { codecRoutes } from '../routes/codec.ts'
import { procedureRoutes } from '../routes/procedures.ts'
import { startRecordApi, type RecordApi } from '../testing/test-record-api.ts'
import { openCase } from '../../test/sample-case.ts'

const MB = 1024 * 1024
const pdf = (bytes: number) => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(bytes)])

let api: RecordApi
let port: number
let caseNo: string
beforeAll(async () => {
  api = await startRecordApi(deps => [materialRoutes(deps), draftRoutes(deps), procedureRoutes(deps), callbackRoutes(deps), codecRoutes(deps, { keys: [], covers: () => true }, 'http://ui.test')], {}, { silenceMs: 700, headersMs: 1_000 })
  await api.app.listen({ host: '127.0.0.1', port: 0 })
  port = (api.app.server.address() as AddressInfo).port
  caseNo = await openCase(api.db)
})
afterAll(() => api?.close())

interface Sending { method?: string, url: string, type?: string, body: Buffer, chunk?: number, everyMs?: number, stopAfter?: number }

/** Sends a body piece by piece over a connection of its own, and gives the answer as it came. */
async function send({ method = 'POST', url, type = 'application/json', body, chunk = body.length, everyMs = 0, stopAfter = Infinity }: Sending) {
  const headers = { 'authorization': await api.authorization('ent-01-contact'), 'content-type': type, 'content-length': body.length, 'idempotency-key': `limit-${Math.random()}`, 'x-file-name': 'a.pdf' }
  const sending = httpRequest({ port, host: '127.0.0.1', method, path: url, headers, agent: false })
  const answered = once(sending, 'response')
  for (let at = 0; at < body.length && at < stopAfter && !sending.destroyed; at += chunk) {
    sending.write(body.subarray(at, at + chunk))
    if (everyMs > 0) await sleep(everyMs)
  }
  if (stopAfter === Infinity) sending.end()
  const [answer] = await answered
  const text = await readText(answer)
  sending.destroy()
  return { status: answer.statusCode as number, body: JSON.parse(text) as { code?: string, detail?: string, size?: number } }
}

describe('a body over its limit', () => {
  it.each<[string, Sending, string]>([
    ['a file', { url: '/api/cases/EA-1/materials', type: 'application/octet-stream', body: pdf(30 * MB) }, '20 MB'],
    ['a form', { url: '/api/procedures/enterprise-appeal/cases', body: Buffer.alloc(20 * MB, ' ') }, '1 MB'],
    ['a draft', { method: 'PUT', url: '/api/drafts/enterprise-appeal', body: Buffer.alloc(20 * MB, ' ') }, 'B 的上限'],
    ['a callback', { url: '/callbacks/four-platforms', body: Buffer.alloc(20 * MB, ' ') }, 'B 的上限'],
    ['payloads', { url: '/codec/decode', body: Buffer.alloc(20 * MB, ' ') }, '8 MB'],
  ])('is answered readably, naming the limit, however much is sent at once: %s', async (_, sending, limit) => {
    const refused = await send(sending)
    expect(refused).toMatchObject({ status: 413, body: { code: 'body-too-large', detail: expect.stringContaining(limit) } })
  })

  it('and one that nobody may send: told why, not cut off', async () => {
    const sending = httpRequest({ port, host: '127.0.0.1', method: 'POST', path: '/api/procedures/enterprise-appeal/cases', headers: { 'content-type': 'application/json', 'content-length': 20 * MB }, agent: false })
    const answered = once(sending, 'response')
    sending.end(Buffer.alloc(20 * MB, ' '))
    expect((await answered)[0].statusCode).toBe(401)
    sending.destroy()
  })
})

describe('a slow line', () => {
  it('brings a whole file, though it takes several times as long as silence may last', async () => {
    const startedAt = Date.now()
    const body = pdf(20 * 1024)
    const sent = await send({ url: `/api/cases/${caseNo}/materials`, type: 'application/octet-stream', body, chunk: 1024, everyMs: 120 })
    expect(Date.now() - startedAt).toBeGreaterThan(2_000)
    expect(sent).toMatchObject({ status: 200, body: { size: body.length } })
  })

  it('that falls silent in the middle of a body is told so, and let go', async () => {
    const cut = await send({ url: `/api/cases/${caseNo}/materials`, type: 'application/octet-stream', body: pdf(20 * 1024), chunk: 1024, stopAfter: 4096 })
    expect(cut).toMatchObject({ status: 408, body: { code: 'upload-interrupted', detail: expect.stringContaining('没有收到后续内容') } })
  })

  it('that never finishes its headers is let go, however it drips', async () => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write('POST /api/cases HTTP/1.1\r\nHost: x\r\n')
    const drip = setInterval(() => socket.write('x-a: b\r\n'), 200)
    const startedAt = Date.now()
    socket.resume()
    await once(socket, 'close')
    clearInterval(drip)
    expect(Date.now() - startedAt).toBeLessThan(10_000)
  })
})
