import { Client, Connection } from '@temporalio/client'
import { msToTs } from '@temporalio/common/lib/time'
import { NativeConnection } from '@temporalio/worker'
import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'
import { registerSearchAttributes } from '../scripts/servers/search-attributes.ts'
import './quiet-temporal.ts'

/** A namespace of the test file's own on the shared Temporal dev server: case numbers of two files never meet. */
export interface TestNamespace {
  address: string
  namespace: string
  /** For starting and updating workflows, without payload codec. */
  client: Client
  /** For workers. */
  nativeConnection: NativeConnection
  /** Closes both connections; stop the workers first. */
  close(): Promise<void>
}

const ONE_DAY_MS = 86_400_000

/** Creates a namespace with the search attributes registered; takes a few milliseconds. */
export async function createTestNamespace(address = inject('temporalAddress')): Promise<TestNamespace> {
  const namespace = `test-${randomUUID()}`
  const connection = await Connection.connect({ address })
  await connection.workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: msToTs(ONE_DAY_MS) })
  await registerSearchAttributes(connection, namespace)
  const nativeConnection = await NativeConnection.connect({ address })
  return {
    address,
    namespace,
    client: new Client({ connection, namespace }),
    nativeConnection,
    close: async () => {
      await connection.close()
      await nativeConnection.close()
    },
  }
}
