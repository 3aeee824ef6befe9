import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { say, SetupError } from '../say.ts'
import { cacheDir, downloadBySdk, findByFirstOpenWay, findFile, run } from './cache.ts'

/** The last version that `go install` accepts: later ones carry a `replace` in their go.mod. */
const VERSION = '1.5.1'
/** The first server with update-with-start and Worker Deployment Versioning for general use. */
const MIN_SERVER = [1, 28] as const
const DOWNLOAD_LIMIT_MS = 120_000
const BUILD_LIMIT_MS = 15 * 60_000

const cached = join(cacheDir, `temporal-${VERSION}`, 'temporal')

/**
 * Path of a `temporal` command, got in the first way that is open: PATH, cache, the SDK's download, Go.
 *
 * @throws SetupError saying what to install.
 */
export function getTemporalCli(): Promise<string> {
  return findByFirstOpenWay(
    'Temporal',
    [
      { zh: '使用 PATH 上的 temporal', en: 'using temporal on PATH', find: findOnPath },
      { zh: '使用缓存', en: 'using the cache', find: () => findFile(cached) },
      { zh: '下载', en: 'the download', find: download },
      { zh: '用 Go 编译', en: 'building with Go', find: buildWithGo },
    ],
    new SetupError(
      `无法取得 Temporal 服务。请任选其一：安装 Temporal CLI（https://docs.temporal.io/cli）并放入 PATH；安装 Go 1.25 以上；或把 TEMPORAL_ADDRESS 设为已有的 Temporal 服务。`,
      `No Temporal server can be had. Do one of these: install the Temporal CLI (https://docs.temporal.io/cli) on PATH; install Go 1.25 or later; or set TEMPORAL_ADDRESS to a Temporal Service you have.`,
    ),
  )
}

async function findOnPath(): Promise<string | undefined> {
  // "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)"; one built by Go says 0.0.0-DEV, but knows its server.
  const text = await run('temporal', ['--version'], { timeout: 10_000 }).catch(() => undefined)
  if (text === undefined) return undefined
  const [major = 0, minor = 0] = /Server (\d+)\.(\d+)/.exec(text)?.slice(1).map(Number) ?? []
  const isRecent = major > MIN_SERVER[0] || (major === MIN_SERVER[0] && minor >= MIN_SERVER[1])
  if (!isRecent) {
    say('  PATH 上的 temporal 版本过旧，不予使用', `temporal on PATH is too old (server below ${MIN_SERVER.join('.')}) and left aside`)
    return undefined
  }
  return 'temporal'
}

function download(): Promise<string> {
  say('  下载 Temporal 开发服务器（约 50 MB，最多等 2 分钟）', 'downloading the Temporal dev server (about 50 MB, 2 minutes at most)')
  return downloadBySdk('dev-server', `v${VERSION}`, cached, DOWNLOAD_LIMIT_MS)
}

async function buildWithGo(): Promise<string | undefined> {
  const hasGo = await run('go', ['version'], { timeout: 10_000 }).then(() => true, () => false)
  if (!hasGo) return undefined
  say('  用 Go 编译 Temporal（双核约 3–5 分钟，仅此一次）', 'building Temporal with Go (3 to 5 minutes on two cores, once only)')
  mkdirSync(dirname(cached), { recursive: true })
  await run('go', ['install', `github.com/temporalio/cli/cmd/temporal@v${VERSION}`], {
    timeout: BUILD_LIMIT_MS,
    env: { ...process.env, GOBIN: dirname(cached) },
  })
  return findFile(cached)
}
