import { Connection } from '@temporalio/client'
import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { embeddedDatabaseUrl } from '../config.ts'
import { searchAttributes } from './servers/search-attributes.ts'

const root = join(import.meta.dirname, '..')

test('makes an empty database and a Temporal Service ready, and a second run changes nothing', async () => {
  const database = `prepare_${randomUUID().replaceAll('-', '')}`
  const namespace = `prepare-${randomUUID()}`
  const port = inject('postgresPort')
  const admin = new pg.Client({ connectionString: embeddedDatabaseUrl('postgres', port, 'postgres') })
  await admin.connect()
  const connection = await Connection.connect({ address: inject('temporalAddress') })
  try {
    await admin.query(`CREATE DATABASE ${database} OWNER anxin_owner`)
    const env = {
      ...process.env, TEMPORAL_ADDRESS: inject('temporalAddress'), TEMPORAL_NAMESPACE: namespace,
      DATABASE_URL: embeddedDatabaseUrl('anxin_app', port, database), ANXIN_MIGRATE_DATABASE_URL: embeddedDatabaseUrl('anxin_owner', port, database),
    }
    const prepare = (...args: string[]) => promisify(execFile)(process.execPath, ['--import', 'tsx', 'scripts/prepare.ts', ...args], { cwd: root, env })
    await prepare('--retention-days=7')
    await prepare('--retention-days=90')

    const { config } = await connection.workflowService.describeNamespace({ namespace })
    expect(Number(config!.workflowExecutionRetentionTtl!.seconds)).toBe(7 * 86_400)
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace })
    expect(Object.keys(customAttributes!)).toEqual(expect.arrayContaining(Object.keys(searchAttributes)))
    const app = new pg.Client({ connectionString: env.DATABASE_URL })
    await app.connect()
    expect((await app.query('SELECT count(*)::int AS n FROM case_event')).rows).toEqual([{ n: 0 }])
    await expect(app.query('DELETE FROM case_event')).rejects.toThrow('permission denied')
    await app.end()
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`)
    await admin.end()
    await connection.close()
  }
}, 120_000)
