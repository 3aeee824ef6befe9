/**
 * JavaScript heap per open case in a worker's cache, in a process of its own: workflows run on the main thread
 * (`debugMode`), so that a forced collection before and after tells what the cases themselves hold.
 */
import v8 from 'node:v8'
import { Client, Connection, WithStartWorkflowOperation } from '@temporalio/client'
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import { createActivities } from '../activities/index.ts'
import { createPress } from '../documents/press.ts'
import { testSigner } from '../documents/testing.ts'
import { createEngine } from '../engine/cases.ts'
import { readConfig } from '../config.ts'
import { connect } from '../db/connect.ts'
import { WORKFLOWS } from '../workflows/bundle-options.ts'
import { opened } from '../workflows/kit/updates.ts'
import { measure } from './load.ts'

// As `worker-threads.mjs` does for the threads of the real worker.
Object.assign(v8, { promiseHooks: undefined })

const CASES = Number(process.argv[2] ?? 300)
const config = readConfig(process.env)
Runtime.install({ logger: new DefaultLogger('ERROR') })
const db = connect(config.databaseUrl)
const taskQueue = 'heap'
const client = new Client({ connection: await Connection.connect(config.temporalConnection) })
const worker = await Worker.create({
  connection: await NativeConnection.connect(config.temporalConnection), taskQueue, debugMode: true, maxCachedWorkflows: CASES * 2,
  ...WORKFLOWS, activities: createActivities(db, createEngine(client, taskQueue), { publicUrl: 'http://127.0.0.1', press: createPress(db.pool, { office: '诸暨市公安局', publicUrl: 'http://127.0.0.1', signer: await testSigner() }) }).activities,
})

async function open(i: number) {
  const caseNo = `HEAP-${process.pid}-${i}`
  const application = { kind: 'help', subject: '货款被拖欠', description: '客户拖欠货款。'.repeat(20), contact: { name: '联系人', phone: '0575-00000001' } }
  const input = { caseNo, title: '货款被拖欠', application, applicant: 'ent-01-contact', filedBy: { id: 'ent-01-contact' }, enterpriseId: 'ent-01' }
  const startWorkflowOperation = new WithStartWorkflowOperation('enterpriseAppeal', { workflowId: caseNo, taskQueue, workflowIdConflictPolicy: 'FAIL', args: [input] })
  await client.workflow.executeUpdateWithStart(opened, { startWorkflowOperation, args: [] })
}
const heapBytes = () => {
  globalThis.gc!()
  globalThis.gc!()
  return process.memoryUsage().heapUsed
}

await worker.runUntil(async () => {
  await measure(100, 8, open)
  const before = heapBytes()
  await measure(CASES, 8, i => open(100 + i))
  console.log(Math.round((heapBytes() - before) / CASES))
})
await db.close()
process.exit(0)
