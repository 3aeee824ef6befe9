import { once } from 'node:events'
import { connect, type AddressInfo } from 'node:net'
import { setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { App, Routes } from './http/app-types.ts'
import { createAuthenticator } from './sign-in/auth.ts'
import { problem } from './http/errors.ts'
import { Person } from './http/schemas.ts'
import { buildTestApp, directory, people, signedIn } from './testing/test-app.ts'

const routes: Routes = async (app) => {
  app.get('/api/me', { config: { access: 'signed-in' }, schema: { response: { 200: Person } } }, async request => request.person)
  app.get('/api/open', { config: { access: 'public' } }, async request => ({ caller: request.callerId ?? null, person: request.person }))
  app.get('/api/admin/units', { config: { access: ['admin'] } }, async () => [])
  app.get('/api/cases/:caseNo', {
    config: { access: 'signed-in' },
    schema: { querystring: z.strictObject({ limit: z.coerce.number().int().max(100).meta({ title: '条数' }).default(20) }) },
  }, async request => ({ limit: request.query.limit, params: request.params }))
  app.post('/api/cases', { config: { access: 'signed-in' }, schema: { body: z.strictObject({ text: z.string().meta({ title: '事由' }) }) } }, async request => request.body)
  app.post('/api/anything', { config: { access: 'signed-in' } }, async request => ({ body: request.body ?? null }))
  app.get('/api/broken', { config: { access: 'signed-in' } }, async () => {
    throw Object.assign(new Error('Failed query: insert … params: 张某, 330681199001011234'), { code: '23505', cause: new TypeError('no such thing') })
  })
  app.get('/api/busy', { config: { access: 'signed-in' } }, async () => {
    throw problem('workflow-unavailable')
  })
}

let app: App
let log: string[]
let headers: { authorization: string }

beforeEach(async () => {
  ({ app, log } = await buildTestApp({ routes: [routes] }))
  headers = await signedIn(app, 'legal-1')
})
afterEach(() => app.close())

/** Checks that an answer is a problem, whole and by the book, and gives its body. */
function problemOf(answer: Awaited<ReturnType<App['inject']>>): Record<string, unknown> {
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
  expect(answer.headers['cache-control']).toBe('no-store')
  const body = answer.json()
  expect(body).toMatchObject({
    type: `urn:anxin:problem:${body.code}`,
    status: answer.statusCode,
    title: expect.stringMatching(/\p{Script=Han}/u),
    detail: expect.stringMatching(/\p{Script=Han}/u),
    instance: `urn:uuid:${answer.headers['x-request-id']}`,
  })
  return body
}

describe('who may call', () => {
  it('is whoever is signed in, as the directory has them', async () => {
    expect((await app.inject({ url: '/api/me', headers })).json()).toEqual(people[0])
  })

  it('is nobody who is not signed in', async () => {
    for (const authorization of [undefined, 'Bearer x', 'Basic bGVnYWwtMTp4', 'Bearer ']) {
      const answer = await app.inject({ url: '/api/me', headers: { ...(authorization !== undefined && { authorization }) } })
      expect(problemOf(answer)).toMatchObject({ status: 401, code: 'not-signed-in' })
      expect(answer.headers['www-authenticate']).toBe('Bearer')
    }
  })

  it('is decided before the body is looked at', async () => {
    const answer = await app.inject({ method: 'POST', url: '/api/cases', headers: { 'content-type': 'application/json' }, payload: '{' })
    expect(answer.statusCode).toBe(401)
  })

  it('is nobody without one of the roles that the route names', async () => {
    expect(problemOf(await app.inject({ url: '/api/admin/units', headers }))).toMatchObject({ status: 403, code: 'not-permitted' })
    expect((await app.inject({ url: '/api/admin/units', headers: await signedIn(app, 'admin-1') })).statusCode).toBe(200)
  })

  it('is anybody on a public route, where nobody is known', async () => {
    expect((await app.inject({ url: '/health/live', headers: { authorization: 'Bearer x' } })).statusCode).toBe(200)
    expect((await app.inject({ url: '/api/open', headers })).statusCode).toBe(401)
  })

  it('must be said by every route', async () => {
    const silent: Routes = async app => void app.get('/api/secrets', async () => 'x')
    const nobody: Routes = async app => void app.get('/callbacks/x', { config: {} }, async () => 'x')
    await expect(buildTestApp({ routes: [silent] })).rejects.toThrow('GET /api/secrets: say who may call it')
    await expect(buildTestApp({ routes: [nobody] })).rejects.toThrow('config.access')
  })
})

describe('bad input', () => {
  const json = { 'content-type': 'application/json' }
  const send = (payload: string | Buffer, extra = {}) =>
    app.inject({ method: 'POST', url: '/api/anything', headers: { ...headers, ...json, ...extra }, payload })

  it('in a form is told with pointers', async () => {
    const answer = await app.inject({ method: 'POST', url: '/api/cases', headers, payload: { text: 1, more: 2 } })
    expect(problemOf(answer)).toMatchObject({ status: 400, code: 'bad-form', errors: [
      { pointer: '/text', detail: '事由：应为文字' },
      { pointer: '/more', detail: 'more：没有这一项，请删除' },
    ] })
  })

  it('in a query is told with pointers, and a right one is read', async () => {
    expect((await app.inject({ url: '/api/cases/A1?limit=5', headers })).json()).toEqual({ limit: 5, params: { caseNo: 'A1' } })
    expect(problemOf(await app.inject({ url: '/api/cases/A1?limit=500&x=1', headers }))).toMatchObject({ code: 'bad-form', errors: [
      { pointer: '/limit', detail: '条数：不能大于 100' },
      { pointer: '/x', detail: 'x：没有这一项，请删除' },
    ] })
  })

  it.each([
    ['no JSON', '{"text":'],
    ['nothing of JSON', 'text=1'],
    ['text that is not UTF-8', Buffer.from('{"text":"\xff\xfe"}', 'latin1')],
  ])('that is %s is refused', async (_case, payload) => {
    expect(problemOf(await send(payload))).toMatchObject({ status: 400, code: 'bad-form', detail: '提交的内容不是有效的 JSON（UTF-8 编码）。' })
  })

  it.each([
    ['NUL', '{"a":["x\\u0000"]}', '/a/0'],
    ['a control character', '{"a":{"b":"\\u001b[31m"}}', '/a/b'],
    ['half a surrogate pair', '{"a":"\\ud800"}', '/a'],
    ['a control character in a name', '{"a\\u0000":1}', '/a\u0000'],
    ['a number beyond all bounds', '{"a":1e999}', '/a'],
    ['__proto__', '{"a":{"__proto__":{"admin":true}}}', '/a/__proto__'],
    ['constructor', '{"constructor":{"prototype":{}}}', '/constructor'],
    ['too deep nesting', `{"a":${'['.repeat(1000)}${']'.repeat(1000)}}`, `/a${'/0'.repeat(31)}`],
  ])('with %s is refused, and where is told', async (_case, payload, pointer) => {
    expect(problemOf(await send(payload))).toMatchObject({ code: 'bad-form', errors: [{ pointer }] })
  })

  it('with NUL in query or path is refused', async () => {
    expect(problemOf(await app.inject({ url: '/api/cases/A1?limit=%00', headers }))).toMatchObject({ code: 'bad-form', errors: [{ pointer: '/limit' }] })
    expect(problemOf(await app.inject({ url: '/api/cases/A%001', headers }))).toMatchObject({ code: 'bad-form', errors: [{ pointer: '/caseNo' }] })
  })

  it('is not text with line ends, tabs, rare characters or emoji', async () => {
    const text = '第一行\r\n\t第二行 𠮷 👮'
    expect((await send(JSON.stringify({ text }))).json()).toEqual({ body: { text } })
  })

  it('is not an empty body under the name of JSON', async () => {
    expect((await send('')).json()).toEqual({ body: null })
  })

  it('of more than 1 MiB is refused', async () => {
    expect(problemOf(await send(JSON.stringify('x'.repeat(1024 * 1024))))).toMatchObject({ status: 413, code: 'body-too-large' })
    expect((await send(JSON.stringify('x'.repeat(1024 * 1024 - 2)))).statusCode).toBe(200)
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])('in %s is refused', async (type) => {
    expect(problemOf(await send('x', { 'content-type': type }))).toMatchObject({ status: 415, code: 'unsupported-media-type' })
  })

  it.each([
    ['of an address that cannot be read', '/api/%zz', 400],
    ['of an address that does not exist', '/api/nothing?name=x', 404],
    ['of a name too long to exist', `/api/cases/${'9'.repeat(200)}`, 404],
  ])('%s is a problem as well', async (_case, url, status) => {
    expect(problemOf(await app.inject({ url, headers }))).toMatchObject({ status })
  })

  it.each([
    ['is no HTTP', 'GARBAGE\r\n\r\n'],
    ['breaks off in its chunks', 'POST /api/open HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['has an address without end', `GET /api/cases/${'9'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ])('that %s is answered with a problem, and is no fault of ours', async (_case, text) => {
    await app.listen({ port: 0 })
    const socket = connect((app.server.address() as AddressInfo).port)
    socket.end(text)
    const [head, body] = (await socket.toArray()).join('').split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1.1 400 [^]*content-type: application\/problem\+json/i)
    expect(JSON.parse(body!)).toMatchObject({ status: 400, code: 'bad-form', title: '填写有误', detail: expect.stringMatching(/\p{Script=Han}/u) })
    expect(log.filter(line => JSON.parse(line).level >= 50)).toEqual([])
  })

  it('must be refused by every route: one that would swallow unknown fields stops the start', async () => {
    const swallowing: Routes = async app =>
      void app.post('/api/x', { config: { access: 'signed-in' }, schema: { body: z.object({ a: z.string() }) } }, async () => 'x')
    const { app: other } = await buildTestApp({ routes: [swallowing] })
    await expect(other.ready()).rejects.toThrow('must refuse unknown fields')
  })
})

describe('what goes wrong inside', () => {
  it('is answered with a number by which the log tells where, and nothing of the inside', async () => {
    const body = problemOf(await app.inject({ url: '/api/broken', headers }))
    const number = String(body['instance']).replace('urn:uuid:', '')
    expect(body).toMatchObject({ status: 500, code: 'internal', detail: expect.stringContaining(number) })
    expect(JSON.stringify(body)).not.toMatch(/query|insert|330681|at /)
    const line = JSON.parse(log.find(line => line.includes('request failed')) ?? '{}')
    expect(line).toMatchObject({ requestId: number, err: { code: '23505', stack: expect.stringContaining('app.test.ts'), cause: { type: 'TypeError', message: 'no such thing' } } })
  })

  it('for a while is answered with when to try again', async () => {
    const answer = await app.inject({ url: '/api/busy', headers })
    expect(problemOf(answer)).toMatchObject({ status: 503, code: 'workflow-unavailable' })
    expect(answer.headers['retry-after']).toBe('5')
  })
})

describe('the log', () => {
  it('tells of each request the id, route, status, time and person', async () => {
    const answer = await app.inject({ url: '/api/cases/CASE-7?limit=3', headers })
    const line = JSON.parse(log.at(-1) ?? '{}')
    expect(line).toMatchObject({ requestId: answer.headers['x-request-id'], method: 'GET', route: '/api/cases/:caseNo', status: 200, person: 'legal-1', ms: expect.any(Number) })
  })

  it('holds no personal data: no name, form, address, query or token', async () => {
    await app.inject({ url: `/api/cases/330681199001011234?limit=${encodeURIComponent('张某')}`, headers })
    await app.inject({ method: 'POST', url: '/api/cases', headers, payload: { text: '张某的电话', '13800000000': 1 } })
    await app.inject({ url: '/api/broken', headers })
    await app.inject({ url: '/api/张某/330681199001011234' })
    app.log.info({ headers, req: { headers } }, 'careless')
    expect(log.length).toBeGreaterThan(4)
    expect(log.join('')).not.toMatch(/张某|%E5|330681|13800000000|民警甲|Bearer|eyJ|127\.0\.0\.1/)
  })
})

describe('headers', () => {
  it('keep answers of the API out of caches, problems too', async () => {
    expect((await app.inject({ url: '/api/me', headers })).headers['cache-control']).toBe('no-store')
    expect((await app.inject({ url: '/api/me' })).headers['cache-control']).toBe('no-store')
    expect((await app.inject({ url: '/api/nothing' })).headers['cache-control']).toBe('no-store')
  })

  it('let nothing run, but on the documentation page its own scripts', async () => {
    expect((await app.inject({ url: '/api/me', headers })).headers['content-security-policy']).toContain("default-src 'none'")
    const docs = await app.inject('/docs')
    expect(docs.statusCode).toBe(200)
    expect(docs.headers['content-security-policy']).toMatch(/default-src 'none';.*script-src 'self';/)
    expect(docs.body).not.toMatch(/<script>|<style>/)
    const [script] = /\/docs\/static\/swagger-ui-bundle\.js/.exec(docs.body) ?? []
    expect((await app.inject(script ?? '')).statusCode).toBe(200)
  })
})

describe('the rate limit', () => {
  it('stops who asks too often, says when to come back, and does not stop others', async () => {
    const { app } = await buildTestApp({ routes: [routes], requestsPerMinute: 2 })
    const [one, other] = [await signedIn(app, 'legal-1'), await signedIn(app, 'admin-1')]
    const ask = (headers: object) => app.inject({ url: '/api/me', headers: { ...headers } })
    expect([(await ask(one)).statusCode, (await ask(one)).statusCode]).toEqual([200, 200])
    const refused = await ask(one)
    expect(problemOf(refused)).toMatchObject({ status: 429, code: 'too-many-requests' })
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60)
    expect((await ask(other)).statusCode).toBe(200)
    await app.close()
  })

  it('counts by address where nobody is known, unknown addresses too, but not health and metrics', async () => {
    const { app } = await buildTestApp({ requestsPerMinute: 2 })
    const statuses = async (url: string, remoteAddress: string) => {
      const answers = []
      for (let n = 0; n < 3; n++) answers.push((await app.inject({ url, remoteAddress })).statusCode)
      return answers
    }
    expect(await statuses('/api/nothing', '192.0.2.1')).toEqual([404, 404, 429])
    expect(await statuses('/openapi.json', '192.0.2.2')).toEqual([200, 200, 429])
    expect(await statuses('/health/live', '192.0.2.2')).toEqual([200, 200, 200])
    expect(await statuses('/metrics', '192.0.2.2')).toEqual([200, 200, 200])
    await app.close()
  })
})

describe('the dev login', () => {
  it('shows the people and signs one in', async () => {
    expect((await app.inject('/api/dev/people')).json()).toEqual(people)
    const answer = await app.inject({ method: 'POST', url: '/api/dev/login', payload: { person: 'admin-1' } })
    expect(answer.json()).toEqual({ token: expect.any(String), person: people[1] })
    const refused = await app.inject({ method: 'POST', url: '/api/dev/login', payload: { person: 'nobody' } })
    expect(problemOf(refused)).toMatchObject({ code: 'bad-form', errors: [{ pointer: '/person', detail: '人员编号：没有这名人员' }] })
  })

  it('is not there where it is off', async () => {
    const authenticator = createAuthenticator({ oidc: { issuer: 'http://127.0.0.1:9', audience: 'x' }, ...directory })
    const { app } = await buildTestApp({ authenticator, routes: [routes] })
    expect((await app.inject('/api/dev/people')).statusCode).toBe(404)
    expect((await app.inject({ method: 'POST', url: '/api/dev/login', payload: { person: 'admin-1' } })).statusCode).toBe(404)
    expect((await app.inject({ url: '/api/me', headers })).statusCode).not.toBe(200)
    await app.close()
  })
})

describe('health', () => {
  it('is live while the process answers, and ready when every part is', async () => {
    const { app } = await buildTestApp({ checks: { database: async () => {}, temporal: async () => {} } })
    expect((await app.inject('/health/live')).json()).toEqual({ status: 'up' })
    const ready = await app.inject('/health/ready')
    expect([ready.statusCode, ready.json()]).toEqual([200, { status: 'up', checks: { database: 'up', temporal: 'up' } }])
    await app.close()
  })

  it('tells which part is missing, also one that does not answer', async () => {
    const { app, log } = await buildTestApp({ checks: {
      database: async () => { throw new Error('password authentication failed for user 张某') },
      temporal: async () => {},
      worker: () => new Promise(() => {}),
    } })
    const answer = await app.inject('/health/ready')
    expect(problemOf(answer)).toMatchObject({
      status: 503,
      code: 'not-ready',
      detail: '尚未就绪：数据库、流程执行进程（worker）。',
      checks: { database: 'down', temporal: 'up', worker: 'down' },
    })
    expect(log.join('')).toMatch(/"part":"database"/)
    expect(log.join('')).not.toContain('张某')
    expect((await app.inject('/health/live')).statusCode).toBe(200)
    await app.close()
  })
})

it('counts and times requests by method, route and status', async () => {
  await app.inject({ url: '/api/cases/A1', headers })
  await app.inject({ url: '/api/cases/A2', headers })
  await app.inject({ url: '/api/cases/A3' })
  const metrics = (await app.inject('/metrics')).body
  expect(metrics).toContain('http_request_duration_seconds_count{method="GET",route="/api/cases/:caseNo",status="200"} 2')
  expect(metrics).toContain('http_request_duration_seconds_count{method="GET",route="/api/cases/:caseNo",status="401"} 1')
  expect(metrics).toContain('process_cpu_seconds_total')
})

describe('the description of the API', () => {
  it('has every route with its schemas, problems, and who must be signed in', async () => {
    const { openapi, paths, components } = (await app.inject('/openapi.json')).json()
    expect(openapi).toBe('3.1.0')
    expect(paths['/api/me'].get).toMatchObject({
      security: [{ bearer: [] }],
      responses: {
        200: { content: { 'application/json': { schema: { $ref: '#/components/schemas/Person' } } } },
        default: { content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } } },
      },
    })
    expect(paths['/api/cases'].post.requestBody.content['application/json'].schema).toMatchObject({
      properties: { text: { type: 'string', title: '事由' } }, required: ['text'], additionalProperties: false,
    })
    expect(paths['/api/cases/{caseNo}'].get.parameters).toEqual(expect.arrayContaining([
      expect.objectContaining({ in: 'query', name: 'limit', required: false }),
      expect.objectContaining({ in: 'path', name: 'caseNo', required: true }),
    ]))
    expect(paths['/api/open'].get.security).toBeUndefined()
    expect(components.schemas).toMatchObject({ Person: { title: '人员' }, Problem: { required: expect.arrayContaining(['code']) } })
  })

  it('refers to nothing that it does not hold', async () => {
    const document = (await app.inject('/openapi.json')).json()
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name)
    expect(refs.length).toBeGreaterThan(0)
    expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(refs))
    expect(JSON.stringify(document)).not.toContain('$defs')
  })
})

it('answers over HTTP, and when it closes still answers what came and what comes over an open connection', async () => {
  let release = () => {}
  const slow: Routes = async app => void app.get('/api/slow', { config: { access: 'public' } }, async () => {
    await new Promise<void>((resolve) => { release = resolve })
    return 'slow'
  })
  const { app } = await buildTestApp({ routes: [slow] })
  await app.listen({ port: 0, host: '127.0.0.1' })
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1')
  let answers = ''
  socket.on('data', part => answers += String(part))
  socket.write('GET /api/slow HTTP/1.1\r\nhost: x\r\n\r\n')
  await once(app.server, 'request')
  const closed = app.close()
  await setImmediate()
  socket.write('GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n')
  await once(app.server, 'request')
  release()
  await once(socket, 'end')
  await closed
  expect(answers).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*slowHTTP\/1\.1 200 OK[\s\S]*"status":"up"/)
})

it('told to stop, it does not wait for connections that a browser opened in advance', async () => {
  const { app } = await buildTestApp()
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  await once(app.server, 'connection')
  await app.close()
  expect(await socket.toArray()).toEqual([])
})
