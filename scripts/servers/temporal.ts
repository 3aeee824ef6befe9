import { Connection } from '@temporalio/client'
import { msToTs } from '@temporalio/common/lib/time'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { assertPortFree } from './ports.ts'
import { type RunningProcess, startProcess, waitUntilReady } from './process.ts'
import { registerSearchAttributes } from './search-attributes.ts'
import { getTemporalCli } from './temporal-cli.ts'

/** A running Temporal dev server. */
export interface TemporalServer extends RunningProcess {
  /** host:port of its gRPC front end. */
  address: string
}

/** How to run the Temporal dev server. */
export interface TemporalOptions {
  port: number
  logFile: string
  /** The Web UI is only there when it has a port. */
  uiPort?: number
  /** Who shows the Web UI what is encrypted, to whoever may see it. */
  codecEndpoint?: string
  /** Cases survive in this SQLite file; without it they live in memory. */
  dbFile?: string
  /** The namespace that is wanted beside `default`. */
  namespace?: string
  /** Dynamic configuration of the server, for tests that need another than the default. */
  dynamicConfig?: Record<string, string | number | boolean>
}

const START_WITHIN_MS = 60_000
/** Closed cases show as long as the record beside them is kept: ten years stand for always. */
const KEPT_MS = 3_653 * 86_400_000

/** Starts a Temporal dev server, only reachable from this machine, and waits until cases can be started. */
export async function startTemporal({ port, logFile, uiPort, codecEndpoint, dbFile, namespace = 'default', dynamicConfig = {} }: TemporalOptions): Promise<TemporalServer> {
  await assertPortFree(port, 'ANXIN_TEMPORAL_PORT')
  if (uiPort !== undefined) await assertPortFree(uiPort, 'ANXIN_TEMPORAL_UI_PORT')
  if (dbFile) mkdirSync(dirname(dbFile), { recursive: true })
  const command = await getTemporalCli()
  const server = startProcess({
    name: 'Temporal',
    command,
    args: [
      'server',
      'start-dev',
      '--ip=127.0.0.1',
      `--port=${port}`,
      '--log-level=warn',
      uiPort === undefined ? '--headless' : `--ui-port=${uiPort}`,
      ...(codecEndpoint === undefined ? [] : [`--ui-codec-endpoint=${codecEndpoint}`]),
      `--namespace=${namespace}`,
      ...(dbFile ? [`--db-filename=${dbFile}`] : []),
      ...Object.entries(dynamicConfig).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${JSON.stringify(value)}`]),
    ],
    logFile,
  })
  const address = `127.0.0.1:${port}`
  const connection = Connection.lazy({ address })
  const prepare = async () => {
    await connection.withDeadline(Date.now() + 2000, () => connection.workflowService.describeNamespace({ namespace }))
    await registerSearchAttributes(connection, namespace)
    // A dev server forgets what has ended after a day.
    if (dbFile) await connection.workflowService.updateNamespace({ namespace, config: { workflowExecutionRetentionTtl: msToTs(KEPT_MS) } })
  }
  try {
    await waitUntilReady(server, prepare, START_WITHIN_MS)
  } finally {
    await connection.close()
  }
  return { ...server, address }
}
