/** Composition root of the API: settings → database → Temporal client → app → listen. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client, Connection } from '@temporalio/client'
import closeWithGrace from 'close-with-grace'
import { dataConverterFor } from '../codec/payload-codec.ts'
import { secrecyOf } from '../codec/secrecy.ts'
import { readConfig } from '../config.ts'
import { connect } from '../db/connect.ts'
import { endedSessions } from '../db/directory/sessions.ts'
import { findPerson, findPersonBySub, listPeople } from '../db/directory/directory.ts'
import { countUnread } from '../db/notices/inbox.ts'
import { createRules } from '../db/rules/rules.ts'
import { createPress } from '../documents/press.ts'
import { loadKey } from '../keys.ts'
import { createLogger } from '../logging.ts'
import { getProcedure } from '../workflows/catalogue.ts'
import { buildApp } from './app.ts'
import { createAuthenticator } from './sign-in/auth.ts'
import { codecRoutes } from './routes/codec.ts'
import { allRoutes } from './routes/index.ts'
import { streamRoutes } from './routes/stream.ts'
import { createSessions } from './sign-in/session.ts'
import { createSignIn } from './sign-in/sign-in.ts'
import { createStream } from './stream.ts'
import { createCaseEngine } from './temporal.ts'

/** How long requests under way may take to end after the signal to stop; a call to Temporal takes ten seconds at most. */
const closeTimeoutMs = 15_000

const config = readConfig(process.env)
const logger = createLogger('api', config.logLevel)
const db = connect(config.databaseUrl, { mail: config.smtpUrl !== undefined, max: config.databaseConnections })
// Lazy: the API starts, reads and says what is missing also while Temporal is away.
const connection = Connection.lazy(config.temporalConnection)
const secrecy = await secrecyOf(config)
const engine = createCaseEngine(new Client({ connection, namespace: config.temporalNamespace, dataConverter: dataConverterFor(secrecy) }), config.temporalTaskQueue)
const deps = { db, engine, rules: createRules(db, key => getProcedure(key).policy), press: createPress(db.pool, { ...config.documents, publicUrl: config.publicUrl }) }

const app = await buildApp({
  logger,
  authenticator: createAuthenticator({
    oidc: config.oidc,
    devKey: config.devLogin ? await loadKey(join(config.dataDir, 'dev-login.key')) : undefined,
    findPersonBySub: sub => findPersonBySub(db.pool, sub),
    findPersonById: id => findPerson(db.pool, id),
  }),
  session: {
    sessions: createSessions({
      key: config.sessionKey ?? await loadKey(join(config.dataDir, 'session.key')),
      publicUrl: config.publicUrl,
      ended: endedSessions(db.pool),
      find: async ({ by, sub }) => by === 'oidc' ? findPersonBySub(db.pool, sub) : config.devLogin ? findPerson(db.pool, sub) : undefined,
    }),
    signIn: config.oidc && config.oidcClient && createSignIn({ issuer: config.oidc.issuer, ...config.oidcClient, publicUrl: config.publicUrl }),
    countUnread: personId => countUnread(db.pool, personId),
    temporalUiUrl: `${config.temporalUiUrl}/namespaces/${config.temporalNamespace}/workflows`,
  },
  routes: [...allRoutes(deps, config.materialsDir), streamRoutes(createStream(db)), codecRoutes(deps, secrecy, new URL(config.temporalUiUrl).origin)],
  checks: { database: () => db.pool.query('SELECT 1'), temporal: engine.checkService, worker: engine.checkWorker },
  listDevPeople: () => listPeople(db.pool),
  requestsPerMinute: config.requestsPerMinute,
  trustProxy: config.trustedProxies,
  version: JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version,
  workbench: fileURLToPath(new URL('../web/dist', import.meta.url)),
})

closeWithGrace({ delay: closeTimeoutMs, logger: false }, async ({ signal, err }) => {
  if (err) logger.error({ err }, 'API stops after a fault')
  else logger.info({ signal }, 'API stops')
  await app.close()
  await connection.close()
  await db.close()
})

await app.listen({ host: config.httpHost, port: config.httpPort })
