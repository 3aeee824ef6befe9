import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

test('points at the embedded servers when nothing is set, by the ports that are set', () => {
  const config = readConfig({ ANXIN_PG_PORT: '5999', ANXIN_TEMPORAL_PORT: '7999' })
  expect(config).toMatchObject({
    embeddedPostgres: true,
    databaseUrl: 'postgres://anxin_app@127.0.0.1:5999/anxin',
    migrateDatabaseUrl: 'postgres://anxin_owner@127.0.0.1:5999/anxin',
    embeddedTemporal: true,
    temporalConnection: { address: '127.0.0.1:7999' },
    devLogin: false,
  })
})

test('migrates with the database that is named when no owner is named', () => {
  const config = readConfig({ DATABASE_URL: 'postgres://somebody@db.example/anxin' })
  expect(config.embeddedPostgres).toBe(false)
  expect(config.migrateDatabaseUrl).toBe('postgres://somebody@db.example/anxin')
})

test('gives workers a version only when a build is named', () => {
  expect(readConfig({ TEMPORAL_DEPLOYMENT_NAME: 'anxin' }).workerVersion).toBeUndefined()
  expect(readConfig({ TEMPORAL_WORKER_BUILD_ID: '2026-11-24' }).workerVersion).toEqual({ deploymentName: 'anxin', buildId: '2026-11-24' })
})

test('reaches Temporal by TLS when any of its settings asks for it', () => {
  expect(readConfig({ TEMPORAL_TLS: '0' }).temporalConnection).not.toHaveProperty('tls')
  expect(readConfig({ TEMPORAL_TLS: '1' }).temporalConnection).toMatchObject({ tls: {} })
  expect(readConfig({ TEMPORAL_API_KEY: 'key' }).temporalConnection).toMatchObject({ tls: {}, apiKey: 'key' })
  const path = import.meta.filename
  expect(readConfig({ TEMPORAL_TLS_CLIENT_CERT_PATH: path, TEMPORAL_TLS_CLIENT_KEY_PATH: path }).temporalConnection.tls?.clientCertPair?.crt.length).toBeGreaterThan(0)
})

test('takes an empty variable as unset', () => {
  expect(readConfig({ ANXIN_HTTP_PORT: '', DATABASE_URL: '' })).toMatchObject({ httpPort: 3000, embeddedPostgres: true })
})

test.each([
  ['ANXIN_HTTP_PORT', { ANXIN_HTTP_PORT: 'http' }],
  ['ANXIN_PG_PORT', { ANXIN_PG_PORT: '70000' }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://root@db.example/anxin' }],
  ['TEMPORAL_ADDRESS', { TEMPORAL_ADDRESS: 'http://temporal.example' }],
  ['TEMPORAL_TLS_SERVER_CA_CERT_PATH', { TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nowhere/ca.pem' }],
  ['TEMPORAL_TLS_CLIENT_CERT_PATH', { TEMPORAL_TLS_CLIENT_KEY_PATH: import.meta.filename }],
  ['ANXIN_TRUSTED_PROXIES', { ANXIN_TRUSTED_PROXIES: 'proxy.example' }],
  ['ANXIN_PAYLOAD_KEY', { ANXIN_PAYLOAD_KEY: 'c2hvcnQ=' }],
  ['ANXIN_PAYLOAD_KEY', { ANXIN_PAYLOAD_KEY: `${Buffer.alloc(32).toString('base64')},c2hvcnQ=` }],
  ['OIDC_AUDIENCE', { OIDC_ISSUER: 'https://login.example' }],
  ['OIDC_CLIENT_SECRET', { OIDC_ISSUER: 'https://login.example', OIDC_AUDIENCE: 'anxin', OIDC_CLIENT_ID: 'workbench' }],
  ['ANXIN_SESSION_KEY', { OIDC_ISSUER: 'https://login.example', OIDC_AUDIENCE: 'anxin', OIDC_CLIENT_ID: 'workbench', OIDC_CLIENT_SECRET: 'x' }],
  ['ANXIN_PUBLIC_URL', { OIDC_ISSUER: 'https://login.example', OIDC_AUDIENCE: 'anxin', OIDC_CLIENT_ID: 'workbench', OIDC_CLIENT_SECRET: 'x' }],
  ['ANXIN_DEV_LOGIN', { OIDC_ISSUER: 'https://login.example', OIDC_AUDIENCE: 'anxin', ANXIN_DEV_LOGIN: '1' }],
])('names %s when it is wrong', (name, env) => {
  expect(() => readConfig(env)).toThrow(new RegExp(`^  ${name}: `, 'm'))
})

test('does not repeat the value of a wrong setting', () => {
  expect(() => readConfig({ ANXIN_PAYLOAD_KEY: 'top-secret' })).toThrow(/^((?!top-secret)[^])*$/)
})
