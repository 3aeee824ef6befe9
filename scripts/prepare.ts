// node --import tsx scripts/prepare.ts [--retention-days=30]: makes servers that are not ours ready for worker and API.
// In the database of ANXIN_MIGRATE_DATABASE_URL the tables, and what the application's role may do; in the Temporal
// Service of TEMPORAL_ADDRESS the namespace (its retention only when it is new) and its search attributes. A step of
// every deployment, before the new worker starts; safe to repeat.
import { Connection } from '@temporalio/client'
import { msToTs } from '@temporalio/common/lib/time'
import { setTimeout as sleep } from 'node:timers/promises'
import { readConfig } from '../config.ts'
import { migrate } from '../db/migrate.ts'
import { readOptions } from './options.ts'
import { fail, say } from './say.ts'
import { registerSearchAttributes } from './servers/search-attributes.ts'

const DAY_MS = 86_400_000
const NOT_FOUND = 5
const FOUND_WITHIN_MS = 60_000

async function prepare(retentionDays: number): Promise<void> {
  const { migrateDatabaseUrl, temporalConnection, temporalNamespace: namespace } = readConfig(process.env)
  await migrate(migrateDatabaseUrl)
  say('数据库已就绪', 'the database is ready')

  const connection = await Connection.connect(temporalConnection)
  try {
    if (await createNamespace(connection, namespace, retentionDays)) say(`已建立命名空间 ${namespace}`, `created the namespace, closed workflows are kept for ${retentionDays} days`)
    await whenFound(() => registerSearchAttributes(connection, namespace))
  } finally {
    await connection.close()
  }
  say('Temporal 已就绪', 'Temporal is ready')
}

/** False when it is there already; then it is left as it is. */
async function createNamespace({ workflowService }: Connection, namespace: string, retentionDays: number): Promise<boolean> {
  const isThere = await workflowService.describeNamespace({ namespace }).then(() => true, (error: { code?: number }) => {
    if (error.code === NOT_FOUND) return false
    throw error
  })
  if (!isThere) await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs(retentionDays * DAY_MS) })
  return !isThere
}

/** The Temporal Service takes some seconds to know a new namespace everywhere. */
async function whenFound(run: () => Promise<void>): Promise<void> {
  for (const giveUpAt = Date.now() + FOUND_WITHIN_MS; ; await sleep(500)) {
    try {
      return await run()
    } catch (error) {
      if ((error as { code?: number }).code !== NOT_FOUND || Date.now() > giveUpAt) throw error
    }
  }
}

try {
  await prepare(Number(readOptions({ 'retention-days': { type: 'string', default: '30' } })['retention-days']))
} catch (error) {
  fail(error)
}
