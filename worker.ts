/** Composition root of the worker: settings → database → activities → Worker, with the work in the background beside it. */
import { join } from 'node:path'
import { Client, Connection } from '@temporalio/client'
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker'
import { createActivities } from './activities/index.ts'
import { dataConverterFor } from './codec/payload-codec.ts'
import { secrecyOf } from './codec/secrecy.ts'
import { readConfig } from './config.ts'
import { anchorNightly } from './engine/anchor.ts'
import { watchRosters } from './db/roster/watch.ts'
import { passOnOrphaned } from './db/directory/succession.ts'
import { createPress } from './documents/press.ts'
import { loadSigner } from './documents/sign.ts'
import { createEngine } from './engine/cases.ts'
import { handOverShift } from './db/record/allocation.ts'
import { connect } from './db/connect.ts'
import { createLogger } from './logging.ts'
import { keepPromises } from './engine/promised.ts'
import { recountDeadlines } from './engine/recount.ts'
import { relayNotices } from './engine/relay.ts'
import { repeat } from './engine/repeat.ts'
import { keepSchedules } from './engine/schedules.ts'
import { freshMemory, sweepCases } from './engine/sweep.ts'
import { WORKFLOWS } from './workflows/bundle-options.ts'
import { DUTY_STEPS, PROCEDURES } from './workflows/catalogue.ts'

const config = readConfig(process.env)
const log = createLogger('worker', config.logLevel)
const SHIFT_CHECK_MS = 60_000
const SCHEDULE_CHECK_MS = 3_600_000
const memory = freshMemory()

Runtime.install({
  logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
    const runId = meta?.runId ?? meta?.run_id
    // Whatever is said of a case's run, the sweep looks at the case.
    if (runId) memory.complaints.add(String(runId))
    log[level === 'ERROR' ? 'error' : 'warn']({ temporal: { workflowId: meta?.workflowId, runId }, err: meta?.error }, message)
  }),
  shutdownSignals: ['SIGINT', 'SIGTERM'],
  // What the SDK's core has to say goes the same way: as JSON, and without what a failure contains.
  telemetryOptions: { logging: { filter: 'WARN', forward: {} } },
})
const db = connect(config.databaseUrl, { mail: config.smtpUrl !== undefined, max: config.databaseConnections })
const { temporalConnection, temporalNamespace: namespace, temporalTaskQueue: taskQueue } = config
const dataConverter = dataConverterFor(await secrecyOf(config))
const clientConnection = await Connection.connect(temporalConnection)
const client = new Client({ connection: clientConnection, namespace, dataConverter })
const signer = await loadSigner(config.signing, config.documents.office, join(config.dataDir, 'test-signing.json'))
if (signer.isTest) log.warn('documents are signed with a test certificate: set ANXIN_SIGNING_CERTIFICATE_PATH')
const { activities, close } = createActivities(db, createEngine(client, taskQueue), {
  publicUrl: config.publicUrl, email: config.smtpUrl ? { smtpUrl: config.smtpUrl, from: config.mailFrom } : undefined,
  press: createPress(db.pool, { ...config.documents, publicUrl: config.publicUrl, signer }), materialsDir: config.materialsDir,
})
const connection = await NativeConnection.connect(temporalConnection)
const worker = await Worker.create({
  ...WORKFLOWS, connection, namespace, taskQueue, activities, dataConverter,
  shutdownGraceTime: '10s',
  // A case outlives many versions: it moves to the current one with its next step.
  ...(config.workerVersion && { workerDeploymentOptions: { version: config.workerVersion, useWorkerVersioning: true, defaultVersioningBehavior: 'AUTO_UPGRADE' } }),
})

const stop = new AbortController()
const background = Promise.all([
  ...[relayNotices, keepPromises, recountDeadlines].map(run => run(db, client, taskQueue, log, stop.signal)),
  repeat('roster', SHIFT_CHECK_MS, async () => { await watchRosters(db, DUTY_STEPS) }, log, stop.signal),
  sweepCases(db, client, taskQueue, log, stop.signal, memory),
  // Each hour anew: what the calendar opens does not hang on one firing alone.
  repeat('schedules', SCHEDULE_CHECK_MS, () => keepSchedules(client, taskQueue, [...PROCEDURES.values()].map(p => p.policy)), log, stop.signal),
  anchorNightly(db, { dir: config.anchorsDir, copy: config.anchorsCopyDir, materialsDir: config.materialsDir }, log, stop.signal),
])
const shifts = setInterval(() => {
  passOnOrphaned(db).catch((err: unknown) => log.warn({ err }, 'tasks of absent people: will try again'))
  handOverShift(db, [...PROCEDURES.values()].map(p => p.policy)).catch((err: unknown) => log.warn({ err }, 'change of shift: will try again'))
}, SHIFT_CHECK_MS)

log.info('worker is polling')
try {
  await worker.run()
} finally {
  clearInterval(shifts)
  stop.abort()
  // They may be waiting for an answer of Temporal: without the connection they have one. Open connections keep the process alive.
  await clientConnection.close()
  await background
  close()
  await db.close()
  await connection.close()
}
