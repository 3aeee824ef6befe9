import { randomBytes } from 'node:crypto'
import type { InjectOptions } from 'fastify'
import { connect, type Db } from '../../db/connect.ts'
import { findPerson, findPersonBySub } from '../../db/directory/directory.ts'
import { createRules } from '../../db/rules/rules.ts'
import { seedOrganisation } from '../../db/seed/index.ts'
import { createTestDatabase } from '../../test/database.ts'
import { createPress } from '../../documents/press.ts'
import { getProcedure } from '../../workflows/catalogue.ts'
import type { App, Routes } from '../http/app-types.ts'
import { createAuthenticator } from '../sign-in/auth.ts'
import type { ApiDeps } from '../cases/requests.ts'
import type { Limits } from '../app.ts'
import type { CaseEngine } from '../temporal.ts'
import { buildTestApp } from './test-app.ts'

/** The API on a database of its own with the sample organisation, as the least-privilege role. */
export interface RecordApi {
  app: App
  db: Db
  /** A connection as the database's owner, for fixtures. */
  owner: Db
  /** Everything that was logged, line by line. */
  log: string[]
  /** The header that signs somebody in. */
  authorization(person: string): Promise<string>
  /** Asks as a person of the sample organisation. */
  ask(person: string, method: InjectOptions['method'], url: string, payload?: object): Promise<{ status: number, body: any }>
  close(): Promise<void>
}

/** Boots it with some of the routes, without Temporal: `engine` stands for it. */
export async function startRecordApi(routes: (deps: ApiDeps) => Routes[], engine: Partial<CaseEngine> = {}, limits: Partial<Limits> = {}): Promise<RecordApi> {
  const database = await createTestDatabase()
  await seedOrganisation(database.url)
  const [db, owner] = [connect(database.appUrl), connect(database.url, { max: 2 })]
  const authenticator = createAuthenticator({ devKey: randomBytes(32), findPersonBySub: sub => findPersonBySub(db.pool, sub), findPersonById: id => findPerson(db.pool, id) })
  const deps: ApiDeps = { db, engine: engine as CaseEngine, rules: createRules(db, key => getProcedure(key).policy), press: createPress(db.pool, { office: '诸暨市公安局', publicUrl: 'http://127.0.0.1' }) }
  const { app, log } = await buildTestApp({ authenticator, limits, routes: routes(deps) })
  const authorization = async (person: string) => `Bearer ${await authenticator.issueDevToken!(person)}`
  return {
    app, db, owner, log, authorization,
    async ask(person, method, url, payload) {
      const headers = { authorization: await authorization(person) }
      const answer = await app.inject({ method, url, headers, ...(payload && { payload }) } as InjectOptions)
      return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
    },
    async close() {
      await app.close()
      await owner.close()
      await db.close()
      await database.drop()
    },
  }
}
