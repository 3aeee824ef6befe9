import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { say, SetupError } from './say.ts'

const web = fileURLToPath(new URL('../web', import.meta.url))
const SOURCES = ['src', 'public', 'index.html', 'package.json', 'vite.config.ts']

/**
 * Builds the workbench, unless what was built last is newer than all that it is built from.
 *
 * @throws SetupError with what the build complained
 */
export function buildWorkbench(): void {
  if (!isStale(web)) return
  say('构建工作台（约 10 秒）', 'building the workbench (about 10 s)')
  const { status, stdout, stderr } = spawnSync('npm', ['run', 'build'], { cwd: join(web, '..'), encoding: 'utf8' })
  if (status !== 0) throw new SetupError('工作台构建失败，见下面的输出。', `The workbench could not be built:\n${stdout}${stderr}`)
}

/** Whether the folder holds no build, or one that is older than something it is built from. */
export function isStale(folder: string): boolean {
  const builtAt = modifiedAt(join(folder, 'dist/index.html'))
  return SOURCES.some(source => newest(join(folder, source)) >= builtAt)
}

/** When a file, or anything in a folder, was last changed; 0 when it is not there. */
function newest(path: string): number {
  const files = statSync(path, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(path, { recursive: true, encoding: 'utf8' }) : []
  return Math.max(modifiedAt(path), ...files.map(file => modifiedAt(join(path, file))))
}

const modifiedAt = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
