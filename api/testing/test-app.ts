import { Writable } from 'node:stream'
import type { PersonInOffice } from '../../db/directory/directory.ts'
import { createLogger } from '../../logging.ts'
import { buildApp, type AppDeps } from '../app.ts'
import type { App } from '../http/app-types.ts'
import { createAuthenticator } from '../sign-in/auth.ts'
import type { SessionDeps } from '../sign-in/session-routes.ts'
import { createSessions, type SessionOptions } from '../sign-in/session.ts'

/** People for tests of the API's shell; the `sub` of each is `sub-` and the id. */
export const people: PersonInOffice[] = [
  { id: 'legal-1', name: '法制大队 民警甲', unit: { id: 'legal', name: '法制大队' }, enterprise: null, roles: ['legal-reviewer', 'handler'], standsInFor: [] },
  { id: 'admin-1', name: '系统管理员甲', unit: { id: 'it', name: '科技信息化' }, enterprise: null, roles: ['admin'], standsInFor: [] },
]

/** A directory of {@link people}. */
export const directory = {
  findPersonById: async (id: string) => people.find(person => person.id === id),
  findPersonBySub: async (sub: string) => people.find(person => `sub-${person.id}` === sub),
}

/** What is kept of sessions that were signed out. */
export function endedInMemory(): SessionOptions['ended'] {
  const ids = new Set<string>()
  return { has: async id => ids.has(id), add: async id => { ids.add(id) } }
}

/** Sessions of tests: nobody has notices. */
export const sessionDeps = (find: SessionOptions['find'], countUnread: SessionDeps['countUnread'] = async () => 0): SessionDeps =>
  ({ sessions: createSessions({ key: new Uint8Array(32), publicUrl: 'http://localhost', find, ended: endedInMemory() }), countUnread, temporalUiUrl: 'http://localhost:8233' })

/** The API without a database and with the dev login on; `log` gathers what it logs. */
export async function buildTestApp(deps: Partial<AppDeps> = {}): Promise<{ app: App, log: string[] }> {
  const log: string[] = []
  const gather = new Writable({
    write(line, _encoding, done) {
      log.push(String(line))
      done()
    },
  })
  const app = await buildApp({
    logger: createLogger('api', 'info', gather),
    authenticator: createAuthenticator({ devKey: new Uint8Array(32), ...directory }),
    listDevPeople: async () => people,
    session: sessionDeps(({ by, sub }) => by === 'oidc' ? directory.findPersonBySub(sub) : directory.findPersonById(sub)),
    routes: [],
    checks: {},
    requestsPerMinute: 10_000,
    version: '0.0.0',
    ...deps,
  })
  return { app, log }
}

/** The header that signs a person in by the dev login. */
export async function signedIn(app: App, person: string): Promise<{ authorization: string }> {
  const answer = await app.inject({ method: 'POST', url: '/api/dev/login', payload: { person } })
  return { authorization: `Bearer ${answer.json().token}` }
}
