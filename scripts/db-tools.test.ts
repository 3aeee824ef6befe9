import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { connect, type Db } from '../db/connect.ts'
import { findCase } from '../db/record/record.ts'
import { createTestDatabase, type TestDatabase } from '../test/database.ts'
import { append, event, officer, openCase } from '../test/sample-case.ts'
import { createTestNamespace, type TestNamespace } from '../test/temporal.ts'

// Each verb is a process of its own, which takes some seconds to load.
vi.setConfig({ testTimeout: 120_000 })

const root = join(import.meta.dirname, '..')
const scratch = mkdtempSync(join(tmpdir(), 'anxin-db-tools-'))

let database: TestDatabase
let db: Db
let owner: Db
let temporal: TestNamespace
beforeAll(async () => {
  database = await createTestDatabase()
  db = connect(database.appUrl)
  owner = connect(database.url, { max: 1 })
  temporal = await createTestNamespace()
})
afterAll(async () => {
  await temporal?.close()
  await db?.close()
  await owner?.close()
  await database?.drop()
  rmSync(scratch, { recursive: true })
})

/** Runs a verb of package.json on the test's database and namespace; its status and output. */
async function run(verb: string, ...args: string[]): Promise<{ status: number, output: string }> {
  const child = spawn(process.execPath, ['scripts/run.mjs', verb, ...args], {
    cwd: root,
    env: { ...process.env, DATABASE_URL: database.appUrl, ANXIN_MIGRATE_DATABASE_URL: database.url, TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace },
  })
  const [status, ...output] = await Promise.all([new Promise<number>(resolve => child.on('close', resolve)), text(child.stdout), text(child.stderr)])
  return { status, output: output.join('') }
}
/** A workflow that runs, for nobody works on it. */
const start = (caseNo: string) => temporal.client.workflow.start('enterpriseAppeal', { workflowId: caseNo, taskQueue: 'nobody', args: [] })

it('db:migrate and db:seed prepare a database that is ready already', async () => {
  for (const verb of ['db:migrate', 'db:seed']) expect(await run(verb)).toMatchObject({ status: 0 })
  const { rows } = await db.pool.query(`SELECT count(*)::int AS n FROM person WHERE id = 'economic-crime-1'`)
  expect(rows[0].n).toBe(1)
})

describe('db:rebuild', () => {
  it('names what differs and fails, and mends it when told to', async () => {
    const caseNo = await openCase(db)
    await start(caseNo)
    await owner.pool.query(`UPDATE case_file SET stage = 'secret', status = 'closed' WHERE case_no = $1`, [caseNo])
    const found = await run('db:rebuild')
    expect(found.status).toBe(1)
    expect(found.output).toContain(`${caseNo}  case_file  ${caseNo}  不一致 different: status, stage\n`)
    expect(found.output).not.toContain('secret')
    expect(await run('db:rebuild', '--write')).toMatchObject({ status: 0, output: expect.stringContaining('1 个案件不一致，修复 1 个') })
    expect((await findCase(db.pool, caseNo))!.file).toMatchObject({ stage: 'handle', status: 'open' })
  })
})

describe('db:verify', () => {
  it('says that all is well, writes an anchor, and checks it later', async () => {
    const anchor = join(scratch, 'anchor.json')
    const first = await run('db:verify', '--anchor', anchor)
    expect(first.output).toMatch(/✓ 事件链[^]*✓ 读表[^]*✓ 编号[^]*✓ 材料[^]*✓ 日志[^]*✓ 管理的数据[^]*锚点已写入[^]*✓ Temporal 与 1 个未办结案件[^]*✓ 通知/)
    expect(first.status).toBe(0)
    expect(await run('db:verify', '--against', anchor)).toMatchObject({ status: 0, output: expect.stringContaining('✓ 锚点') })
    writeFileSync(anchor, JSON.stringify({ ...JSON.parse(readFileSync(anchor, 'utf8')), cases: 7 }))
    expect(await run('db:verify', '--against', anchor)).toMatchObject({ status: 1, output: expect.stringMatching(/✗ 锚点[^]*锚点文件本身被改动/) })
  })

  it('fails where the record is broken or Temporal has something else, and names the case', async () => {
    const [broken, lost] = [await openCase(db), await openCase(db)]
    await start(broken)
    await append(db, broken, event('commented', { text: 'x', to: 'officers' }, officer('legal-1')))
    await owner.pool.query(`UPDATE case_event SET data = '{"text":"secret"}' WHERE case_no = $1 AND seq = 3`, [broken])
    const { status, output } = await run('db:verify', '--anchor', join(scratch, 'none.json'))
    expect(status).toBe(1)
    expect(output).toContain(`${broken}  事件链在第 3 条断裂`)
    expect(output).toContain(`${lost}  案件未办结，但没有正在运行的流程`)
    expect(output).toContain('未写锚点')
    expect(output).not.toContain('secret')
  })

  it('refuses a file that is no anchor', async () => {
    writeFileSync(join(scratch, 'odd.json'), '{}')
    expect(await run('db:verify', '--against', join(scratch, 'odd.json'))).toMatchObject({ status: 1, output: expect.stringContaining('不是锚点文件') })
  })
})
