import { accessSync, constants, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { say, SetupError } from '../say.ts'
import { findStartTime } from './process-table.ts'
import type { RunningProcess } from './process.ts'

const RUN_FILE = 'run.json'

/** Names one process, for all time. */
export interface Identity {
  pid: number
  /** Tells a process from a later one with the same number. */
  startedAt: string
}
interface RunFile {
  owner: Identity
  children: (Identity & { name: string })[]
}

/** A data directory that belongs to this process until it is released. */
export interface DataDir {
  /** Notes a server that works on the directory, so that it can be stopped should we be killed before we stop it. */
  note(child: RunningProcess): void
  release(): void
}

/**
 * Takes a data directory for this process, after stopping what a killed owner left running on it.
 *
 * @throws SetupError when another process owns the directory, or nothing can be written there.
 */
export async function holdDataDir(path: string): Promise<DataDir> {
  makeDir(path)
  const owner = await stopLeftovers(path)
  if (owner) {
    throw new SetupError(
      `${path} 正由另一个进程使用（pid ${owner.pid}）：请先停止它，或把 ANXIN_DATA_DIR 设为别的目录。`,
      `${path} is in use by another process (pid ${owner.pid}): stop it first, or set ANXIN_DATA_DIR to another directory.`,
    )
  }
  const run: RunFile = { owner: identify(process.pid), children: [] }
  const save = () => writeFileSync(join(path, RUN_FILE), JSON.stringify(run))
  save()
  return {
    note(child) {
      run.children.push({ name: child.name, ...identify(child.pid) })
      save()
    },
    release: () => rmSync(join(path, RUN_FILE), { force: true }),
  }
}

function makeDir(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
    accessSync(path, constants.W_OK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new SetupError(`无法写入 ${path}（${code}）：请把 ANXIN_DATA_DIR 设为可写的目录。`, `${path} cannot be written to (${code}): set ANXIN_DATA_DIR to a directory that can.`)
  }
}

/** Stops the servers on a data directory whose owner was killed with -9; returns the owner if it is alive instead. */
export async function stopLeftovers(path: string): Promise<Identity | undefined> {
  const run = findRunFile(path)
  if (!run) return undefined
  if (isAlive(run.owner)) return run.owner
  for (const child of run.children.filter(isAlive).reverse()) {
    say(`停止上次遗留的 ${child.name}（pid ${child.pid}）`, `stopping ${child.name} left over from last time`)
    process.kill(child.pid, 'SIGINT')
    for (let waitedMs = 0; isAlive(child); waitedMs += 100) {
      if (waitedMs > 10_000) process.kill(child.pid, 'SIGKILL')
      await sleep(100)
    }
  }
  return undefined
}

function findRunFile(path: string): RunFile | undefined {
  try {
    return JSON.parse(readFileSync(join(path, RUN_FILE), 'utf8')) as RunFile
  } catch {
    // Absent, or cut short by the kill.
    return undefined
  }
}

function identify(pid: number): Identity {
  return { pid, startedAt: findStartTime(pid) ?? '' }
}

function isAlive({ pid, startedAt }: Identity): boolean {
  return findStartTime(pid) === startedAt
}
