import { afterAll, beforeAll, expect, it } from 'vitest'
import { startRecordApi, type RecordApi } from '../testing/test-record-api.ts'
import { signedIn } from '../testing/test-app.ts'
import { allRoutes } from '../routes/index.ts'
import { streamRoutes } from '../routes/stream.ts'
import { createStream } from '../stream.ts'

let api: RecordApi
beforeAll(async () => { api = await startRecordApi(deps => [...allRoutes(deps), streamRoutes(createStream(deps.db))]) })
afterAll(() => api.close())

const ownPage = { 'sec-fetch-site': 'same-origin' }

/** What stands on no session: signing in begins one, outside systems have none, and anybody may have a document checked, which changes nothing. */
const WITHOUT_SESSION = ['POST /api/dev/login', 'POST /auth/dev-login', 'POST /callbacks/{system}', 'POST /verify']

/** Every route that may change something, by the API's own description. */
const writes = (): { method: 'POST', url: string, name: string }[] =>
  Object.entries(api.app.swagger().paths as Record<string, object>).flatMap(([path, methods]) => Object.keys(methods).filter(method => method !== 'get')
    .map(method => ({ method: method.toUpperCase() as 'POST', url: path.replaceAll(/\{.+?\}/g, 'x'), name: `${method.toUpperCase()} ${path}` })))

async function cookiesOf(person: string): Promise<Record<string, string>> {
  const { cookies } = await api.app.inject({ method: 'POST', url: '/auth/dev-login', payload: { person }, headers: ownPage })
  return Object.fromEntries(cookies.map(({ name, value }) => [name, value]))
}

it('lets no write over a session pass that does not say whom its page shows, or shows somebody else', async () => {
  const cookies = await cookiesOf('legal-1')
  const walked = writes().filter(({ name }) => !WITHOUT_SESSION.includes(name))
  expect(walked.map(({ name }) => name)).toEqual(expect.arrayContaining(['POST /api/tasks/{id}/actions/{action}', 'POST /api/cases/{caseNo}/materials', 'POST /auth/logout']))
  for (const { method, url, name } of walked) {
    const ask = (headers: Record<string, string>) => api.app.inject({ method, url, cookies, headers: { ...ownPage, ...headers } })
    for (const headers of [{}, { 'x-signed-in-as': '' }, { 'x-signed-in-as': 'admin-1' }] as Record<string, string>[]) {
      const answer = await ask(headers)
      expect([answer.statusCode, answer.json().code], `${name} ${JSON.stringify(headers)}`).toEqual([409, 'another-person'])
      expect(answer.json().detail).toContain('您现在以“法制大队 民警甲”登录')
    }
    if (name === 'POST /auth/logout') continue
    expect((await ask({ 'x-signed-in-as': 'legal-1' })).body, name).not.toContain('another-person')
  }
})

it('asks it of nobody who reads, of no program with a token, and of nobody who signs in or out without a session', async () => {
  const cookies = await cookiesOf('legal-1')
  expect((await api.app.inject({ url: '/api/tasks', cookies, headers: ownPage })).statusCode).toBe(200)
  for (const { method, url, name } of writes()) {
    const answer = await api.app.inject({ method, url, headers: { ...ownPage, ...await signedIn(api.app, 'legal-1') } })
    expect(answer.body, name).not.toContain('another-person')
  }
  expect((await api.app.inject({ method: 'POST', url: '/auth/logout', headers: ownPage })).statusCode).toBe(200)
  expect((await api.app.inject({ method: 'POST', url: '/auth/dev-login', payload: { person: 'admin-1' }, cookies, headers: ownPage })).statusCode).toBe(200)
})
