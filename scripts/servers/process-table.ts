import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** When a running process was started, in whatever form the system tells it: with the number it names one process. */
export function findStartTime(pid: number): string | undefined {
  if (process.platform !== 'linux') return ps('lstart=', pid)
  // proc(5): the name in brackets may hold spaces; of what follows, the first field is the state, the 20th the start.
  const fields = readProc(pid, 'stat')?.replace(/^.*\) /s, '').split(' ')
  return fields?.[0] === 'Z' ? undefined : fields?.[19]
}

/** The name of the program that a process runs. */
export function findProgram(pid: number): string | undefined {
  return process.platform === 'linux' ? readProc(pid, 'comm') : ps('comm=', pid)
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined
  }
}

function ps(column: string, pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', column, '-p', String(pid)], { encoding: 'utf8' })
  } catch {
    return undefined
  }
}
