// npm run gen:openapi [-- --check]: writes openapi.json from the routes as they are; with --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs'
import type { Stream } from '../api/stream.ts'
import type { CaseEngine } from '../api/temporal.ts'
import type { Press } from '../documents/press.ts'
import { fail, say, SetupError } from './say.ts'

// Examples hold dates counted from today; the document must not change from one day to the next.
Date.now = () => Date.parse('2026-01-05T09:00:00+08:00')

const file = new URL('../openapi.json', import.meta.url)

/** The description of the whole API with every way to sign in; nothing is connected to. */
async function describeApi(): Promise<string> {
  // Loaded only now: forms make their examples when they are loaded.
  const [{ buildApp }, { createAuthenticator }, { createLogger }, { allRoutes }, { connect }, { createSessions }, { createSignIn }, { streamRoutes }, { codecRoutes }] = await Promise.all([
    import('../api/app.ts'), import('../api/sign-in/auth.ts'), import('../logging.ts'), import('../api/routes/index.ts'), import('../db/connect.ts'),
    import('../api/sign-in/session.ts'), import('../api/sign-in/sign-in.ts'), import('../api/routes/stream.ts'), import('../api/routes/codec.ts'),
  ])
  const deps = { db: connect('postgres://nowhere'), engine: {} as CaseEngine, rules: () => Promise.reject(new Error('no database')), press: {} as Press }
  const nobody = async () => undefined
  const app = await buildApp({
    logger: createLogger('api', 'silent'),
    authenticator: createAuthenticator({ devKey: new Uint8Array(32), findPersonById: nobody, findPersonBySub: nobody }),
    listDevPeople: async () => [],
    session: {
      sessions: createSessions({ key: new Uint8Array(32), publicUrl: 'https://nowhere.example', find: nobody, ended: { has: async () => false, add: async () => {} } }),
      signIn: createSignIn({ issuer: 'https://nowhere.example', clientId: '', clientSecret: '', publicUrl: 'https://nowhere.example' }),
      countUnread: async () => 0,
      temporalUiUrl: '',
    },
    routes: [
      ...allRoutes(deps),
      streamRoutes({} as Stream),
      codecRoutes(deps, { keys: [], covers: () => true }, 'https://nowhere.example'),
    ],
    checks: {},
    requestsPerMinute: 1,
    version: JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version,
  })
  await app.ready()
  return `${JSON.stringify(app.swagger(), null, 2)}\n`
}

try {
  const described = await describeApi()
  if (!process.argv.includes('--check')) {
    writeFileSync(file, described)
    say('已写入 openapi.json', 'written')
  } else if (described !== readFileSync(file, 'utf8')) {
    throw new SetupError('openapi.json 与接口不一致，请运行 npm run gen:openapi', 'openapi.json is not up to date: npm run gen:openapi')
  }
} catch (error) {
  fail(error)
}
