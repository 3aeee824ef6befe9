// npm run db:verify [-- --anchor file] [--against file] [--record-only]: checks every case's chain, the read tables, the numbers of
// cases and documents, materials, the logs, what administrators keep, and that Temporal runs what the record has as open. `--anchor` writes a hash of the whole record, to
// be kept outside the database; `--against` checks a former one: nothing before it may have changed. `--record-only` leaves
// Temporal out. Ends with status 1 when something is wrong.
import { Client, Connection } from '@temporalio/client'
import { type Config, readConfig } from '../config.ts'
import { connect, type Db } from '../db/connect.ts'
import { anchoredUntil, type Anchor } from '../db/record/anchor.ts'
import { readAnchor, writeAnchor } from '../db/record/anchor-file.ts'
import { compareWithTemporal, verifyRecord, type Finding } from '../db/record/verify.ts'
import { engineOf } from '../engine/running.ts'
import { PROCEDURES, workflowName } from '../workflows/catalogue.ts'
import { readOptions } from './options.ts'
import { fail, say, SetupError } from './say.ts'
import { withDatabase } from './with-database.ts'

interface Options { 'anchor'?: string, 'against'?: string, 'record-only'?: boolean }

async function verify(config: Config, options: Options): Promise<Finding[]> {
  const former = options.against === undefined ? undefined : readAnchor(options.against)
  if (former === null) throw new SetupError(`${options.against} 不是锚点文件。`, `${options.against} is not an anchor file`)
  const db = connect(config.databaseUrl, { max: 4 })
  try {
    const until = await anchoredUntil(db)
    const { cases, events, anchor, findings } = await verifyRecord(db, until, { former, materialsDir: config.materialsDir })
    say(`${cases} 个案件、${events} 条事件`, `${cases} cases, ${events} events`)
    report('事件链', 'chains', 'chain', findings)
    report('读表', 'read tables', 'read-tables', findings)
    report('编号', 'numbers of cases and documents', 'numbers', findings)
    report('材料', 'materials', 'materials', findings)
    report('文书文件', 'files of documents', 'documents', findings)
    report('日志', 'logs', 'logs', findings)
    report('值班记录', 'duty rosters', 'roster', findings)
    report('管理的数据', 'what administrators keep', 'kept', findings)
    if (former) report(`锚点 ${former.until}`, 'the former anchor', 'anchor', findings)
    if (options.anchor !== undefined) keepAnchor(options.anchor, anchor, findings)
    return options['record-only'] ? findings : [...findings, ...await verifyEngine(config, db)]
  } finally {
    await db.close()
  }
}

async function verifyEngine({ temporalConnection, temporalNamespace: namespace }: Config, db: Db): Promise<Finding[]> {
  const connection = await Connection.connect({ ...temporalConnection, connectTimeout: '5s' }).catch(() => {
    throw new SetupError(`无法连接 Temporal（${temporalConnection.address}）；只核对记录请加 -- --record-only`, 'Temporal cannot be reached; to check the record alone add -- --record-only')
  })
  try {
    const { open, findings } = await compareWithTemporal(db, engineOf(new Client({ connection, namespace }), [...PROCEDURES.keys()].map(workflowName)))
    report(`Temporal 与 ${open} 个未办结案件`, `Temporal and ${open} open cases`, 'temporal', findings)
    report('通知', 'notices', 'notices', findings)
    if (findings.length > 0) say('可用 node --import tsx scripts/resume-cases.ts 按记录恢复流程', 'workflows are brought back from the record by scripts/resume-cases.ts')
    return findings
  } finally {
    await connection.close()
  }
}

function report(zh: string, en: string, check: Finding['check'], findings: Finding[]): void {
  const found = findings.filter(f => f.check === check)
  say(`${found.length === 0 ? '✓' : '✗'} ${zh}${found.length === 0 ? '' : `：${found.length} 处`}`, `${en}${found.length === 0 ? '' : `: ${found.length}`}`)
  for (const { caseNo, what } of found) console.log(`  ${caseNo ? `${caseNo}  ` : ''}${what}`)
}

function keepAnchor(file: string, anchor: Anchor, findings: Finding[]): void {
  if (findings.some(f => f.check === 'chain' || f.check === 'anchor')) return say('事件链有误，未写锚点', 'the chains do not hold: no anchor was written')
  writeAnchor(file, anchor)
  say(`锚点已写入 ${file}（截至 ${anchor.until}，${anchor.cases} 个案件、${anchor.events} 条事件，根哈希 ${anchor.root}），请保存在数据库之外`, 'anchor written; keep it outside the database')
}

try {
  const options = readOptions({ 'anchor': { type: 'string' }, 'against': { type: 'string' }, 'record-only': { type: 'boolean' } })
  const config = readConfig(process.env)
  process.exitCode = (await withDatabase(config, () => verify(config, options))).length > 0 ? 1 : 0
} catch (error) {
  fail(error)
}
