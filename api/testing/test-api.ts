import { createRules } from '../../db/rules/rules.ts'
import { findPerson, findPersonBySub, listPeople } from '../../db/directory/directory.ts'
import { createPress } from '../../documents/press.ts'
import { getProcedure } from '../../workflows/catalogue.ts'
import { startSystem, type TestSystem } from '../../test/system.ts'
import type { App } from '../http/app-types.ts'
import { createAuthenticator } from '../sign-in/auth.ts'
import { codecRoutes } from '../routes/codec.ts'
import { allRoutes } from '../routes/index.ts'
import { streamRoutes } from '../routes/stream.ts'
import { createStream } from '../stream.ts'
import { createCaseEngine, type CaseEngine } from '../temporal.ts'
import { countUnread } from '../../db/notices/inbox.ts'
import { buildTestApp, sessionDeps } from './test-app.ts'

/** An answer with its body read. */
export interface Answer { status: number, body: any, headers: Record<string, unknown> }

/** The API on the whole system: its own database, the real worker, the sample organisation. */
export interface TestApi {
  system: TestSystem
  engine: CaseEngine
  app: App
  /** Everything logged so far. */
  log: string[]
  get(person: string, url: string): Promise<Answer>
  /** Posts under a fresh key, or the one given. */
  post(person: string, url: string, body?: unknown, key?: string): Promise<Answer>
  /** Takes an action on a task. */
  act(person: string, taskId: string, action: string, body?: unknown, key?: string): Promise<Answer>
  /** Files an enterprise-appeal and answers with its case. */
  file(person?: string, body?: object, key?: string): Promise<any>
  /** The live task of that name in a case, as `person` sees it. */
  task(person: string, caseNo: string, name: string): Promise<any>
  /** Puts a new process in the place of the one whose `app` was closed: same database, same keys. */
  renew(): Promise<void>
  close(): Promise<void>
}

/** Where the Temporal Web UI would be. */
export const UI_ORIGIN = 'http://localhost:8233'

/** A plain appeal, as an enterprise fills it in. */
export const appeal = { kind: 'help', subject: '货款被拖欠', description: '请求协调。', contact: { name: '示例联系人', phone: '0575-00000001' } }

/** Boots it; with `workbench`, the folder of its build, pages and all. */
export async function startApi({ timeoutMs = 10_000, workbench }: { timeoutMs?: number, workbench?: string } = {}): Promise<TestApi> {
  const system = await startSystem()
  const { db } = system
  const engine = createCaseEngine(system.client, system.taskQueue, timeoutMs)
  const deps = { db, engine, rules: createRules(db, key => getProcedure(key).policy), press: createPress(db.pool, { office: '诸暨市公安局', publicUrl: 'http://127.0.0.1' }) }
  const build = () => buildTestApp({
    authenticator: createAuthenticator({
      devKey: new Uint8Array(32), findPersonById: id => findPerson(db.pool, id), findPersonBySub: sub => findPersonBySub(db.pool, sub),
    }),
    listDevPeople: () => listPeople(db.pool),
    session: sessionDeps(({ sub }) => findPerson(db.pool, sub), personId => countUnread(db.pool, personId)),
    routes: [...allRoutes(deps), streamRoutes(createStream(db)), codecRoutes(deps, system.secrecy, UI_ORIGIN)],
    ...(workbench !== undefined && { workbench }),
    checks: { database: () => db.pool.query('SELECT 1'), temporal: engine.checkService, worker: engine.checkWorker },
  })
  const { app, log } = await build()
  let keys = 0
  const tokens = new Map<string, Promise<string>>()
  const signIn = async (person: string) => (await api.app.inject({ method: 'POST', url: '/api/dev/login', payload: { person } })).json().token as string
  const inject = async (person: string, method: 'GET' | 'POST', url: string, payload?: unknown, key?: string): Promise<Answer> => {
    if (!tokens.has(person)) tokens.set(person, signIn(person))
    const answer = await api.app.inject({
      method, url, headers: { authorization: `Bearer ${await tokens.get(person)}`, ...(key !== undefined && { 'idempotency-key': key }) },
      ...(payload !== undefined && { payload: payload as object }),
    })
    return { status: answer.statusCode, body: answer.body === '' ? null : answer.json(), headers: answer.headers }
  }
  const api: TestApi = {
    system, engine, app, log,
    get: (person, url) => inject(person, 'GET', url),
    post: (person, url, body, key = `test-key-${++keys}`) => inject(person, 'POST', url, body, key),
    act: (person, taskId, action, body, key) => api.post(person, `/api/tasks/${taskId}/actions/${action}`, body, key),
    async file(person = 'ent-01-contact', body = appeal, key) {
      const answer = await api.post(person, '/api/procedures/enterprise-appeal/cases', body, key)
      if (answer.status !== 201) throw new Error(`not filed: ${JSON.stringify(answer.body)}`)
      return answer.body
    },
    async task(person, caseNo, name) {
      const { body } = await api.get(person, `/api/cases/${caseNo}`)
      const found = body.tasks?.find((t: { name: string, status: string }) => t.name === name && ['open', 'claimed'].includes(t.status))
      if (!found) throw new Error(`no live task ${name}: ${JSON.stringify(body.tasks ?? body)}`)
      return found
    },
    async renew() {
      api.app = (await build()).app
    },
    async close() {
      await api.app.close()
      await system.close()
    },
  }
  return api
}
