// npm start, npm test and the other verbs of package.json begin here. Plain Node without dependencies: on a fresh clone
// it first installs them. The verb's script then runs in this same process, so that arguments, signals and the exit
// code are its own.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

const SCRIPTS = {
  start: 'scripts/start.ts',
  dev: 'scripts/start.ts',
  test: 'scripts/test.ts',
  bench: 'bench/run.ts',
  'db:migrate': 'scripts/db-migrate.ts',
  'db:seed': 'scripts/db-seed.ts',
  'db:rebuild': 'scripts/db-rebuild.ts',
  'db:verify': 'scripts/db-verify.ts',
  'gen:openapi': 'scripts/gen-openapi.ts',
}

const root = fileURLToPath(new URL('..', import.meta.url))
process.chdir(root)

const [verb, ...args] = process.argv.slice(2)
if (!(verb in SCRIPTS)) stop(`用法 · usage: npm run <${Object.keys(SCRIPTS).join('|')}>`)
if (!isNodeRecent()) stop(`需要 Node.js 20.19 以上，现为 ${process.version} · Node.js 20.19 or later is needed`)
if (!isInstalled()) install()

const script = root + SCRIPTS[verb]
if (verb === 'dev') args.unshift('--watch')
process.argv.splice(1, Infinity, script, ...args)
const { register } = await import('tsx/esm/api')
register()
await import(pathToFileURL(script).href)

function isNodeRecent() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  return major > 20 || (major === 20 && minor >= 19)
}

/** Whether node_modules holds what package-lock.json names: npm notes there what it has installed. */
function isInstalled() {
  try {
    const wanted = readPackages('package-lock.json')
    const present = readPackages('node_modules/.package-lock.json')
    return Object.entries(wanted).every(
      ([path, { version, optional }]) => path === '' || optional || present[path]?.version === version,
    )
  } catch {
    return false
  }
}

function readPackages(file) {
  return JSON.parse(readFileSync(root + file, 'utf8')).packages
}

function install() {
  console.log('依赖缺失或过期，运行 npm ci（约 1 分钟） · dependencies are missing or stale: npm ci (about a minute)')
  const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm']
  const { status } = spawnSync(npm[0], [...npm.slice(1), 'ci', '--include=dev'], { stdio: 'inherit' })
  if (status !== 0) stop('npm ci 失败，请检查网络与上面的输出 · npm ci failed: see its output above')
}

function stop(message) {
  console.error(message)
  process.exit(1)
}
