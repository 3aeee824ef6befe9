import { execFile, type ExecFileOptions } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { say, SetupError } from '../say.ts'

/** Where programs that npm cannot install are kept, for all checkouts of this user. */
export const cacheDir = join(homedir(), '.cache', 'anxin')

/** One way to come by a program: resolves to its path, or to undefined when this way is closed. */
export interface Way {
  zh: string
  en: string
  find(): Promise<string | undefined> | string | undefined
}

/**
 * Tries one way after the other, saying what is tried.
 *
 * @throws `failure` when all of them are closed.
 */
export async function findByFirstOpenWay(program: string, ways: Way[], failure: SetupError): Promise<string> {
  for (const way of ways) {
    try {
      const path = await way.find()
      if (path) return path
    } catch (error) {
      say(`  ${program}：${way.zh}未成功`, `${way.en} did not work: ${(error as Error).message}`)
    }
  }
  throw failure
}

/**
 * Runs a program without input to its end.
 *
 * @throws Error with the last line of what it complained, when it fails or the time is over.
 */
export async function run(command: string, args: string[], options: ExecFileOptions & { timeout: number }): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, args, { encoding: 'utf8', killSignal: 'SIGKILL', ...options })
    return String(stdout)
  } catch (error) {
    const { killed, stderr, message } = error as Error & { killed?: boolean; stderr?: string }
    if (killed) throw new Error(`not done within ${options.timeout / 1000} s`)
    throw new Error(stderr?.trim().split('\n').at(-1) || message)
  }
}

/**
 * Has the Temporal SDK download a server into the cache, within a time limit. It runs in a process of its own, for the
 * SDK's download cannot be stopped.
 */
export async function downloadBySdk(server: 'dev-server' | 'time-skipping', version: string, target: string, timeoutMs: number): Promise<string> {
  mkdirSync(cacheDir, { recursive: true })
  const draft = mkdtempSync(join(cacheDir, 'download-'))
  try {
    const script = fileURLToPath(new URL('sdk-download.ts', import.meta.url))
    await run(process.execPath, ['--import', 'tsx', script, server, version, draft], { timeout: timeoutMs })
    const file = readdirSync(draft).find((name) => !name.endsWith('.downloading'))
    if (!file) throw new Error('the SDK downloaded nothing')
    mkdirSync(dirname(target), { recursive: true })
    renameSync(join(draft, file), target)
    return target
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

/** The path when the file is there. */
export function findFile(path: string): string | undefined {
  return existsSync(path) ? path : undefined
}
