import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'

const port = (fallback: number) => z.coerce.number('must be a port number').int().min(1).max(65535).default(fallback)
const flag = z.enum(['0', '1'], 'must be 0 or 1').optional()
const httpUrl = z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).optional()
const postgresUrl = z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// address' }).optional()
/** A file in PEM format; its content. */
const pemFile = z.string().transform((path, ctx) => {
  try {
    return readFileSync(path)
  } catch {
    ctx.addIssue({ code: 'custom', message: 'must be a file that can be read' })
    return z.NEVER
  }
}).optional()
/** Names of font families, the first that has a character goes. */
const families = z.string().transform(text => text.split(',').map(name => name.trim()).filter(name => name !== '')).default([])
/** For sealing with AES-256-GCM. */
const isKey = (text: string): boolean => Buffer.from(text, 'base64').length === 32
const KEY_WANTED = 'must be 32 bytes in base64 (openssl rand -base64 32)'
const aes256Key = z.string().refine(isKey, KEY_WANTED).optional()

/** The environment variables that anxin knows, with their defaults. */
const Settings = z
  .object({
    ANXIN_HTTP_HOST: z.string().default('127.0.0.1'),
    ANXIN_HTTP_PORT: port(3000),
    ANXIN_REQUESTS_PER_MINUTE: z.coerce.number('must be a number').int().min(1).default(1200),
    ANXIN_PUBLIC_URL: httpUrl,
    ANXIN_TRUSTED_PROXIES: z.string().regex(/^[\da-fA-F.:/]+(,[\da-fA-F.:/]+)*$/, 'must be addresses or networks, separated by commas').optional(),
    ANXIN_DATA_DIR: z.string().default('.anxin'),
    ANXIN_MATERIALS_DIR: z.string().optional(),
    ANXIN_ANCHORS_DIR: z.string().optional(),
    ANXIN_ANCHORS_COPY_DIR: z.string().optional(),
    ANXIN_OFFICE_NAME: z.string().default('诸暨市公安局'),
    ANXIN_SIGNING_CERTIFICATE_PATH: pemFile,
    ANXIN_SIGNING_KEY_PATH: pemFile,
    ANXIN_FONTS_DIR: z.string().optional(),
    ANXIN_BODY_FONTS: families,
    ANXIN_TITLE_FONTS: families,
    ANXIN_PG_PORT: port(54329),
    DATABASE_URL: postgresUrl,
    ANXIN_DATABASE_CONNECTIONS: z.coerce.number('must be a number').int().min(2).default(10),
    ANXIN_MIGRATE_DATABASE_URL: postgresUrl,
    ANXIN_TEMPORAL_PORT: port(7233),
    ANXIN_TEMPORAL_UI_PORT: port(8233),
    ANXIN_TEMPORAL_UI_URL: httpUrl,
    TEMPORAL_ADDRESS: z.string().regex(/^[^\s/]+:\d+$/, 'must be host:port').optional(),
    TEMPORAL_API_KEY: z.string().optional(),
    TEMPORAL_TLS: flag,
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: pemFile,
    TEMPORAL_TLS_CLIENT_CERT_PATH: pemFile,
    TEMPORAL_TLS_CLIENT_KEY_PATH: pemFile,
    TEMPORAL_NAMESPACE: z.string().default('default'),
    TEMPORAL_TASK_QUEUE: z.string().default('anxin'),
    TEMPORAL_DEPLOYMENT_NAME: z.string().default('anxin'),
    TEMPORAL_WORKER_BUILD_ID: z.string().optional(),
    OIDC_ISSUER: httpUrl,
    OIDC_AUDIENCE: z.string().optional(),
    OIDC_CLIENT_ID: z.string().optional(),
    OIDC_CLIENT_SECRET: z.string().optional(),
    ANXIN_SESSION_KEY: aes256Key,
    ANXIN_DEV_LOGIN: flag,
    ANXIN_SMTP_URL: z.url({ protocol: /^smtps?$/, error: 'must be an smtp:// or smtps:// address' }).optional(),
    ANXIN_MAIL_FROM: z.string().default('anxin@localhost'),
    ANXIN_PAYLOAD_KEY: z.string().transform(text => text.split(',').map(key => key.trim())).refine(keys => keys.every(isKey), KEY_WANTED).optional(),
    ANXIN_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  })
  .refine((env) => !env.OIDC_ISSUER || env.OIDC_AUDIENCE, {
    path: ['OIDC_AUDIENCE'],
    error: 'is required when OIDC_ISSUER is set',
  })
  .refine((env) => !env.OIDC_ISSUER || env.ANXIN_DEV_LOGIN !== '1', {
    path: ['ANXIN_DEV_LOGIN'],
    error: 'must not be 1 when OIDC_ISSUER is set: it would let anybody in',
  })
  .refine((env) => !env.TEMPORAL_TLS_CLIENT_CERT_PATH === !env.TEMPORAL_TLS_CLIENT_KEY_PATH, {
    path: ['TEMPORAL_TLS_CLIENT_CERT_PATH'],
    error: 'is required with TEMPORAL_TLS_CLIENT_KEY_PATH, and it with this',
  })
  .refine(env => !env.ANXIN_SIGNING_CERTIFICATE_PATH === !env.ANXIN_SIGNING_KEY_PATH, {
    path: ['ANXIN_SIGNING_CERTIFICATE_PATH'],
    error: 'is required with ANXIN_SIGNING_KEY_PATH, and it with this',
  })
  .superRefine((env, ctx) => {
    if (!env.OIDC_CLIENT_ID) return
    for (const name of ['OIDC_ISSUER', 'OIDC_CLIENT_SECRET', 'ANXIN_SESSION_KEY', 'ANXIN_PUBLIC_URL'] as const) {
      if (!env[name]) ctx.addIssue({ code: 'custom', path: [name], message: '浏览器登录需要此项 · is required when OIDC_CLIENT_ID is set' })
    }
  })

/** The settings are wrong; the message says which and is all that there is to say. */
export class SettingsError extends Error {
  override name = 'SettingsError'
}

/** What the processes of anxin are run with. */
export type Config = ReturnType<typeof readConfig>

/**
 * Reads and checks the settings; an empty variable counts as unset. Without `DATABASE_URL` and `TEMPORAL_ADDRESS` the
 * addresses are those of the servers that `npm start` brings up.
 *
 * @throws SettingsError with one line per wrong setting, naming it; values are left out, for some are secret.
 */
export function readConfig(env: NodeJS.ProcessEnv) {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = Settings.safeParse(given)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new SettingsError(`设置有误 · wrong settings (environment variables):\n${lines.join('\n')}`)
  }
  const set = parsed.data
  const databaseUrl = set.DATABASE_URL ?? embeddedDatabaseUrl('anxin_app', set.ANXIN_PG_PORT)
  return {
    httpHost: set.ANXIN_HTTP_HOST,
    httpPort: set.ANXIN_HTTP_PORT,
    /** Of one person, in one API process; more are answered with 429. */
    requestsPerMinute: set.ANXIN_REQUESTS_PER_MINUTE,
    /** Proxies whose word on the client's address is taken (10.0.0.0/8,::1); undefined: the address is that of the connection. */
    trustedProxies: set.ANXIN_TRUSTED_PROXIES?.split(','),
    /** How people reach the API and the workbench; links in notices start with it. */
    publicUrl: set.ANXIN_PUBLIC_URL ?? `http://localhost:${set.ANXIN_HTTP_PORT}`,
    /** Where the embedded servers keep their state, absolute. */
    dataDir: resolve(set.ANXIN_DATA_DIR),
    /** Where the content of materials is kept, absolute; undefined: in the database. */
    materialsDir: set.ANXIN_MATERIALS_DIR && resolve(set.ANXIN_MATERIALS_DIR),
    /** Where each night's anchor of the record is kept, absolute, and a second place for it; undefined: in no second one. */
    anchorsDir: resolve(set.ANXIN_ANCHORS_DIR ?? join(set.ANXIN_DATA_DIR, 'anchors')),
    anchorsCopyDir: set.ANXIN_ANCHORS_COPY_DIR && resolve(set.ANXIN_ANCHORS_COPY_DIR),
    /** What documents are signed with, in PEM format; undefined: a test certificate is made and kept in `dataDir`, and documents say so. */
    signing: set.ANXIN_SIGNING_CERTIFICATE_PATH && set.ANXIN_SIGNING_KEY_PATH ? { certificate: set.ANXIN_SIGNING_CERTIFICATE_PATH.toString(), key: set.ANXIN_SIGNING_KEY_PATH.toString() } : undefined,
    /** What documents are drawn up with: who issues them (发文机关), and the office's own fonts (仿宋, 小标宋). */
    documents: {
      office: set.ANXIN_OFFICE_NAME,
      fonts: set.ANXIN_FONTS_DIR ? { dir: resolve(set.ANXIN_FONTS_DIR), body: set.ANXIN_BODY_FONTS, title: set.ANXIN_TITLE_FONTS } : undefined,
    },
    /** True when nobody named a database: `npm start` runs its own. */
    embeddedPostgres: !set.DATABASE_URL,
    postgresPort: set.ANXIN_PG_PORT,
    /** The least-privilege role, for the API and the worker. */
    databaseUrl,
    /** Connections to PostgreSQL that one process keeps at most. */
    databaseConnections: set.ANXIN_DATABASE_CONNECTIONS,
    /** The owner, for migrations. */
    migrateDatabaseUrl:
      set.ANXIN_MIGRATE_DATABASE_URL ?? set.DATABASE_URL ?? embeddedDatabaseUrl('anxin_owner', set.ANXIN_PG_PORT),
    /** True when nobody named a Temporal Service: `npm start` runs its own. */
    embeddedTemporal: !set.TEMPORAL_ADDRESS,
    temporalPort: set.ANXIN_TEMPORAL_PORT,
    temporalUiPort: set.ANXIN_TEMPORAL_UI_PORT,
    temporalUiUrl: set.ANXIN_TEMPORAL_UI_URL ?? `http://localhost:${set.ANXIN_TEMPORAL_UI_PORT}`,
    /** How all processes reach it. */
    temporalConnection: temporalConnection(set),
    temporalNamespace: set.TEMPORAL_NAMESPACE,
    temporalTaskQueue: set.TEMPORAL_TASK_QUEUE,
    /** The worker's version (Worker Deployment Versioning); undefined: workers have none, and every worker takes every case. */
    workerVersion: set.TEMPORAL_WORKER_BUILD_ID ? { deploymentName: set.TEMPORAL_DEPLOYMENT_NAME, buildId: set.TEMPORAL_WORKER_BUILD_ID } : undefined,
    oidc: set.OIDC_ISSUER && set.OIDC_AUDIENCE ? { issuer: set.OIDC_ISSUER, audience: set.OIDC_AUDIENCE } : undefined,
    /** The workbench as a client of the issuer; undefined: nobody signs in with a browser, programs bring their own tokens. */
    oidcClient: set.OIDC_CLIENT_ID && set.OIDC_CLIENT_SECRET ? { clientId: set.OIDC_CLIENT_ID, clientSecret: set.OIDC_CLIENT_SECRET } : undefined,
    /** AES-256 key of the session cookies, the same in every API process; undefined: one is made and kept in `dataDir`. */
    sessionKey: set.ANXIN_SESSION_KEY ? new Uint8Array(Buffer.from(set.ANXIN_SESSION_KEY, 'base64')) : undefined,
    /** Sign in as anybody of the sample organisation, without a password. */
    devLogin: set.ANXIN_DEV_LOGIN === '1',
    /** Undefined: no e-mail is sent. */
    smtpUrl: set.ANXIN_SMTP_URL,
    mailFrom: set.ANXIN_MAIL_FROM,
    /** AES-256 keys of the payload codec, of which the first encrypts; undefined: one is made and kept in `dataDir`, for restricted cases alone. */
    payloadKeys: set.ANXIN_PAYLOAD_KEY?.map(key => Buffer.from(key, 'base64')),
    logLevel: set.ANXIN_LOG_LEVEL,
  }
}

/** TLS where it is asked for, by any of its settings; an API key is never sent without. */
function temporalConnection(set: z.infer<typeof Settings>) {
  const { TEMPORAL_TLS_SERVER_CA_CERT_PATH: ca, TEMPORAL_TLS_CLIENT_CERT_PATH: crt, TEMPORAL_TLS_CLIENT_KEY_PATH: key, TEMPORAL_API_KEY: apiKey } = set
  return {
    address: set.TEMPORAL_ADDRESS ?? `127.0.0.1:${set.ANXIN_TEMPORAL_PORT}`,
    ...((set.TEMPORAL_TLS === '1' || ca || crt || apiKey) && { tls: { ...(ca && { serverRootCACertificate: ca }), ...(crt && key && { clientCertPair: { crt, key } }) } }),
    ...(apiKey && { apiKey }),
  }
}

/** Address of the embedded PostgreSQL for one of its roles; it trusts connections from this machine. */
export function embeddedDatabaseUrl(role: string, port: number, database = 'anxin'): string {
  return `postgres://${role}@127.0.0.1:${port}/${database}`
}
