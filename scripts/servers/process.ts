import { spawn } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SetupError } from '../say.ts'

/** A child process that runs until it is stopped. */
export interface RunningProcess {
  name: string
  pid: number
  /** Resolves when the process has ended, with how: "exit code 1", "signal SIGKILL". */
  exited: Promise<string>
  /** True until the process has ended. */
  isRunning(): boolean
  /** Asks it to end, insists with SIGKILL after a time, and resolves when it has ended. */
  stop(): Promise<void>
  /** What it wrote to its log since it was started. */
  log(): string
}

/** How to run a child. */
export interface ProcessOptions {
  name: string
  command: string
  args: string[]
  logFile: string
  env?: NodeJS.ProcessEnv
  stopSignal?: NodeJS.Signals
}

const LOG_LIMIT_BYTES = 10_000_000
const STOP_WITHIN_MS = 15_000
const running = new Map<number, NodeJS.Signals>()

// The last resort, when this process ends without having stopped its children: they are not in its process group.
process.on('exit', () => {
  for (const [pid, signal] of running) process.kill(pid, signal)
})
// The test runner ends its workers so; where somebody else listens, they see to the end.
process.on('SIGTERM', () => {
  if (process.listenerCount('SIGTERM') === 1) process.exit(143)
})

/**
 * Starts a child in a process group of its own, so that Ctrl-C reaches only us and we choose the order of stopping.
 * Its output goes to the log file.
 */
export function startProcess({ name, command, args, logFile, env, stopSignal = 'SIGTERM' }: ProcessOptions): RunningProcess {
  mkdirSync(dirname(logFile), { recursive: true })
  if (existsSync(logFile) && statSync(logFile).size > LOG_LIMIT_BYTES) renameSync(logFile, `${logFile}.1`)
  const output = openSync(logFile, 'a')
  const logStart = statSync(logFile).size
  const child = spawn(command, args, { env, detached: true, stdio: ['ignore', output, output] })
  closeSync(output)

  const { pid } = child
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ? `signal ${signal}` : `exit code ${code}`))
  })
  if (pid === undefined) throw new SetupError(`无法运行 ${command}。`, `${command} cannot be run.`)
  running.set(pid, stopSignal)
  void exited.then(() => running.delete(pid))

  return {
    name,
    pid,
    exited,
    isRunning: () => running.has(pid),
    log: () => readFileSync(logFile).subarray(logStart).toString(),
    async stop() {
      if (running.has(pid)) process.kill(pid, stopSignal)
      const insist = setTimeout(() => running.has(pid) && process.kill(pid, 'SIGKILL'), STOP_WITHIN_MS)
      await exited
      clearTimeout(insist)
    },
  }
}

/**
 * Waits until `check` succeeds; it is tried every 100 ms.
 *
 * @throws SetupError with the end of the log when the process ends first or the time is over.
 */
export async function waitUntilReady(child: RunningProcess, check: () => Promise<unknown>, withinMs: number): Promise<void> {
  const giveUpAt = Date.now() + withinMs
  for (;;) {
    try {
      await check()
      return
    } catch (error) {
      const ended = child.isRunning() ? undefined : await child.exited
      if (ended || Date.now() > giveUpAt) {
        await child.stop()
        throw new SetupError(
          `${child.name} 未能启动（${ended ?? `${withinMs / 1000} 秒内未就绪`}）。`,
          `${child.name} did not start (${ended ?? `not ready within ${withinMs / 1000} s: ${(error as Error).message}`}). Its log ends:\n${lastLines(child.log())}`,
        )
      }
      await sleep(100)
    }
  }
}

function lastLines(text: string): string {
  return text.trimEnd().split('\n').slice(-15).join('\n')
}
