/**
 * npm run bench [-- --quick]: measures one running system in one sitting and prints a JSON line for each figure, then a
 * table. Rates are ratios against bare Temporal, measured in turn with it, because machines differ and drift.
 */
import { fileURLToPath } from 'node:url'
import { execFile } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import { promisify } from 'node:util'
import { claim, complete, file, findTask, TASKS_PER_CASE, wholeCase } from './appeal.ts'
import { bareCase } from './bare.ts'
import { createClient } from './client.ts'
import { bareTimerLag, escalationLag } from './escalation.ts'
import { fillInbox, inboxFigures } from './inbox.ts'
import { measure, median, round } from './load.ts'
import { databaseBytes, historySizes, tableBytes } from './sizes.ts'
import { startBenchSystem } from './system.ts'

const quick = process.argv.includes('--quick')
const CLIENTS = 8
const size = quick
  ? { warmUp: 16, rounds: 1, cases: 40, starts: 40, escalations: 0, inbox: [10_000], heapCases: 0, openCases: 0 }
  : { warmUp: 200, rounds: 3, cases: 200, starts: 400, escalations: 1000, inbox: [10_000, 100_000, 1_000_000], heapCases: 400, openCases: 100_000 }

const figures: [string, unknown][] = []
function report(figure: string, value: unknown) {
  figures.push([figure, value])
  console.log(JSON.stringify({ figure, value }))
}

const system = await startBenchSystem({ parts: ['postgres', 'temporal', 'worker', 'api', 'bareWorker'] })
const http = createClient(system.url)
try {
  report('machine', `${cpus().length} × ${cpus()[0]!.model}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`)
  await warmUp()
  const before = await databaseBytes(system)
  const caseNos = await wholeCases()
  if (!quick) {
    report('record: bytes per finished case after VACUUM FULL', Math.round((await databaseBytes(system) - before) / caseNos.length))
    report('record: bytes per finished case, by table', await tableBytes(system, caseNos.length + size.warmUp))
  }
  report('history per case', await historySizes(system, caseNos.slice(0, 50)))
  await steps()
  if (size.heapCases > 0) report('heap per open cached case, KiB', round(await heapBytes() / 1024))
  if (size.escalations > 0) {
    report('escalation lag of one deadline, s', await escalationLag(system, http, 20, 8))
    await escalationsAtOnce()
  }
  const without = size.openCases > 0 ? await rateBeside(0) : 0
  for (const open of size.inbox) {
    await fillInbox(system, open)
    report(`inbox page with count at ${open} open tasks, ms`, await inboxFigures(system, quick ? 50 : 200))
    if (open === size.openCases) report(`whole cases per second beside ${open} open cases, ratio to right before`, round(await rateBeside(open) / without))
  }
  console.log(`\n| figure | value |\n| --- | --- |\n${figures.map(([f, v]) => `| ${f} | ${typeof v === 'object' ? Object.entries(v!).map(([k, x]) => `${k} ${typeof x === 'object' ? JSON.stringify(x) : x}`).join(', ') : v} |`).join('\n')}`)
} catch (e) {
  console.error(system.log('api').slice(-2000), system.log('worker').slice(-2000))
  throw e
} finally {
  http.close()
  await system.stop()
}
process.exit(0)

async function warmUp() {
  await measure(size.warmUp, CLIENTS, () => bareCase(system.client, TASKS_PER_CASE))
  await measure(size.warmUp, CLIENTS, async (i) => { await wholeCase(http, i) })
}

/** Whole cases and bare ones in turn; the ratio is that of the medians. */
async function wholeCases(): Promise<string[]> {
  const caseNos: string[] = []
  const bare: number[] = []
  const ours: number[] = []
  for (let round_ = 0; round_ < size.rounds; round_++) {
    const b = await withCpu(() => measure(size.cases, CLIENTS, () => bareCase(system.client, TASKS_PER_CASE)))
    report('bare Temporal: whole cases', b)
    bare.push(b.perS)
    const o = await withCpu(() => measure(size.cases, CLIENTS, async (i) => { caseNos.push(await wholeCase(http, i)) }))
    report('enterprise-appeal over HTTP: whole cases', o)
    ours.push(o.perS)
  }
  report('whole cases per second: bare, ours, ratio', { bare: median(bare), ours: median(ours), ratio: round(median(ours) / median(bare)) })
  return caseNos
}

/** Starts, claims and completions each for themselves. */
async function steps() {
  const caseNos: string[] = []
  report('starts', await withCpu(() => measure(size.starts, CLIENTS, async (i) => { caseNos[i] = await file(http, i) })))
  const tasks: string[] = []
  await measure(size.starts, CLIENTS, async (i) => { tasks[i] = await findTask(http, i, caseNos[i]!) })
  const half = Math.floor(size.starts / 2)
  report('claims', await withCpu(() => measure(half, CLIENTS, async (i) => { await claim(http, i, tasks[i]!) })))
  report('completions', await withCpu(() => measure(half, CLIENTS, async (i) => { await complete(http, i, tasks[i]!) })))
  report('claim + complete', await withCpu(() => measure(size.starts - half, CLIENTS, async (i) => {
    await claim(http, half + i, tasks[half + i]!)
    await complete(http, half + i, tasks[half + i]!)
  })))
}

/** Bare timers and deadlines in turn; the ratio is that of the medians of what the last hundredth waited. */
async function escalationsAtOnce() {
  const bare: number[] = []
  const ours: number[] = []
  for (let round_ = 0; round_ < size.rounds; round_++) {
    const b = await bareTimerLag(system, size.escalations, 30)
    report(`escalation lag of ${size.escalations} at once, bare timers, s`, b)
    bare.push(b.p99S)
    const o = await escalationLag(system, http, size.escalations, 75)
    report(`escalation lag of ${size.escalations} at once, s`, o)
    ours.push(o.p99S)
  }
  report('escalation lag, p99: bare, ours, ratio', { bare: median(bare), ours: median(ours), ratio: round(median(ours) / median(bare)) })
}

/** Whole cases per second, median of the rounds, while so many others are open in the record. */
async function rateBeside(open: number): Promise<number> {
  const rates: number[] = []
  for (let round_ = 0; round_ < size.rounds; round_++) {
    const o = await withCpu(() => measure(size.cases, CLIENTS, async (i) => { await wholeCase(http, i) }))
    report(`enterprise-appeal over HTTP: whole cases beside ${open} open ones`, o)
    rates.push(o.perS)
  }
  return median(rates)
}

async function heapBytes(): Promise<number> {
  const env = { ...process.env, DATABASE_URL: system.appUrl, TEMPORAL_ADDRESS: system.address }
  const args = ['--expose-gc', '--import', 'tsx', fileURLToPath(new URL('heap.ts', import.meta.url)), String(size.heapCases)]
  return Number((await promisify(execFile)(process.execPath, args, { env })).stdout.trim().split('\n').at(-1))
}

/** Runs a measurement and adds the CPU milliseconds per item that each process spent on it. */
async function withCpu<T extends { n: number }>(run: () => Promise<T>): Promise<T & { cpuMs: Record<string, number> }> {
  const before = system.cpuMs()
  const result = await run()
  const after = system.cpuMs()
  return { ...result, cpuMs: Object.fromEntries(Object.keys(after).map(k => [k, round((after[k]! - before[k]!) / result.n)]).filter(([, ms]) => Number(ms) >= 0.05)) }
}
