// node --import tsx sdk-download.ts <dev-server|time-skipping> <version> <directory>
// Has the Temporal SDK download one of its servers into a directory. It has no call for the download alone: it also
// starts the server, which is stopped at once.
import { TestWorkflowEnvironment } from '@temporalio/testing'

const [server, version, downloadDir] = process.argv.slice(2)
const executable = { type: 'cached-download', version, downloadDir } as const
const create = server === 'dev-server' ? TestWorkflowEnvironment.createLocal : TestWorkflowEnvironment.createTimeSkipping
try {
  const environment = await create.call(TestWorkflowEnvironment, { server: { executable } })
  await environment.teardown()
} catch (error) {
  // The SDK names each layer that failed, ending with the cause.
  console.error((error as Error).message.split(': ').at(-1))
  process.exitCode = 1
}
