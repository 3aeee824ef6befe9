/** A worker of the baseline, as a process of its own like anxin's. */
import { fileURLToPath } from 'node:url'
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'

Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: ['SIGTERM', 'SIGINT'] })
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address: process.env.TEMPORAL_ADDRESS! }), taskQueue: 'bare',
  workflowsPath: fileURLToPath(new URL('bare-workflow.ts', import.meta.url)),
})
await worker.run()
