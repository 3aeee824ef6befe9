import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { say, SetupError } from '../say.ts'
import { cacheDir, downloadBySdk, findByFirstOpenWay, findFile, run } from './cache.ts'

const VERSION = '1.38.0'
const DOWNLOAD_LIMIT_MS = 60_000
const MAVEN_LIMIT_MS = 5 * 60_000

const cached = join(cacheDir, `temporal-test-server-${VERSION}`, 'temporal-test-server')

/**
 * Path of the executable of Temporal's test server, in which time can be skipped, got in the first way that is open:
 * cache, the SDK's download, Maven.
 *
 * @throws SetupError saying what to install.
 */
export function getTimeSkippingServer(): Promise<string> {
  return findByFirstOpenWay(
    'temporal-test-server',
    [
      { zh: '使用缓存', en: 'using the cache', find: () => findFile(cached) },
      { zh: '下载', en: 'the download', find: download },
      { zh: '用 Maven 获取', en: 'Maven', find: fetchWithMaven },
    ],
    new SetupError(
      '无法取得测试用的 Temporal 时间快进服务器。请安装 Java 17 与 Maven，或开放对 https://temporal.download 的访问。',
      'The time-skipping Temporal test server cannot be had. Install Java 17 and Maven, or open access to https://temporal.download.',
    ),
  )
}

function download(): Promise<string> {
  say('  下载 Temporal 时间快进测试服务器（最多等 1 分钟）', 'downloading the time-skipping test server (1 minute at most)')
  return downloadBySdk('time-skipping', `v${VERSION}`, cached, DOWNLOAD_LIMIT_MS)
}

/** The server as a Java program from Maven Central, behind a script that takes the same arguments. */
async function fetchWithMaven(): Promise<string | undefined> {
  const hasTools = await Promise.all(['java', 'mvn'].map((tool) => run(tool, ['-version'], { timeout: 10_000 }))).then(() => true, () => false)
  if (!hasTools) return undefined
  say('  用 Maven 获取 Temporal 时间快进测试服务器（约半分钟，仅此一次）', 'fetching the time-skipping test server with Maven (half a minute, once only)')
  mkdirSync(cacheDir, { recursive: true })
  const draft = mkdtempSync(join(cacheDir, 'maven-'))
  try {
    writeFileSync(join(draft, 'pom.xml'), POM)
    const copy = ['org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies', `-DoutputDirectory=${join(draft, 'lib')}`]
    await run('mvn', ['-q', '-B', '-f', join(draft, 'pom.xml'), ...copy], { timeout: MAVEN_LIMIT_MS })
    writeFileSync(join(draft, 'temporal-test-server'), WRAPPER)
    chmodSync(join(draft, 'temporal-test-server'), 0o755)
    rmSync(dirname(cached), { recursive: true, force: true })
    renameSync(draft, dirname(cached))
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  return cached
}

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>anxin</groupId>
  <artifactId>test-server</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId>
      <artifactId>temporal-test-server</artifactId>
      <version>${VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-nop</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
`

// The SDK waits five seconds for the server: the flags make Java start fast rather than run fast.
const WRAPPER = `#!/bin/sh
exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto -cp "$(dirname "$0")/lib/*" io.temporal.testserver.TestServer "$@"
`
