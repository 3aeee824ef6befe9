// npm test [-- filter…]: types, lint, then vitest. Its last line is "N passed, N failed"; a type error or a lint error
// counts as one failure each.
import { spawnSync } from 'node:child_process'
import { parseCLI, startVitest } from 'vitest/node'
import { fail, say } from './say.ts'
import { findChromium } from './servers/chromium.ts'
import { getTemporalCli } from './servers/temporal-cli.ts'
import { getTimeSkippingServer } from './servers/time-skipping.ts'
import { buildWorkbench } from './workbench.ts'

/** Runs a checker of node_modules/.bin; 1 when it complains. */
function check(zh: string, en: string, command: string, args: string[]): number {
  say(zh, en)
  return spawnSync(`node_modules/.bin/${command}`, args, { stdio: 'inherit' }).status === 0 ? 0 : 1
}

async function runVitest(args: string[]): Promise<{ passed: number; failed: number }> {
  const { filter, options } = parseCLI(['vitest', 'run', ...args])
  if (!findChromium()) {
    say('! 未找到 Chromium，工作台的浏览器测试不运行；请安装（Debian：apt install chromium fonts-noto-cjk）或设置 CHROMIUM_PATH', 'no Chromium found: the journeys of the workbench are left out; install it or set CHROMIUM_PATH')
    options.project ??= ['!web']
  }
  const vitest = await startVitest('test', filter, { ...options, watch: false, run: true })
  const modules = vitest.state.getTestModules()
  const results = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state))
  // A file that cannot be loaded, a hook that fails or an error outside any test has no test to show for it.
  const brokenModules = modules.filter((module) => module.state() === 'failed' && [...module.children.allTests('failed')].length === 0)
  const strayErrors = vitest.state.getUnhandledErrors()
  await vitest.close()
  const passed = results.filter((state) => state === 'passed').length
  const failed = results.filter((state) => state === 'failed').length + brokenModules.length + strayErrors.length
  if (passed + failed > 0) return { passed, failed }
  console.error('没有匹配的测试 · no test was run')
  return { passed, failed: 1 }
}

try {
  say('准备测试用的服务器', 'making sure the servers for the tests can be had')
  await getTemporalCli()
  await getTimeSkippingServer()
  buildWorkbench()
  const complaints =
    check('类型检查', 'types', 'tsc', ['--noEmit']) + check('工作台类型检查', 'types of the workbench', 'tsc', ['--noEmit', '-p', 'web']) + check('代码规范', 'lint', 'oxlint', ['--deny-warnings'])
  const { passed, failed } = await runVitest(process.argv.slice(2))
  console.log(`${passed} passed, ${failed + complaints} failed`)
  process.exit(failed + complaints === 0 ? 0 : 1)
} catch (error) {
  fail(error)
}
