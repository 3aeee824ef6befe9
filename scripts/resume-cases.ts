// node --import tsx scripts/resume-cases.ts [case number …]: brings the workflows of open cases (all, or those named) to
// where the record is. For when Temporal's store was lost or restored to an earlier time, or somebody terminated or reset
// a case. What is in step already stays as it is; needs a running worker.
import { Client, Connection } from '@temporalio/client'
import { dataConverterFor } from '../codec/payload-codec.ts'
import { secrecyOf } from '../codec/secrecy.ts'
import { readConfig } from '../config.ts'
import { connect } from '../db/connect.ts'
import { openCases, resumeCase, type Resumed, sendAgain } from '../engine/resume.ts'
import { fail, say } from './say.ts'

async function resume(named: string[]): Promise<void> {
  const config = readConfig(process.env)
  const db = connect(config.databaseUrl, { max: 2 })
  const connection = await Connection.connect(config.temporalConnection)
  const client = new Client({ connection, namespace: config.temporalNamespace, dataConverter: dataConverterFor(await secrecyOf(config)) })
  try {
    const notices = await sendAgain(db, client)
    const count = { looked: 0, resumed: 0, failed: 0 }
    for (const caseNo of named.length > 0 ? named : await openCases(db)) {
      count.looked++
      try {
        const resumed = await resumeCase(db, client, config.temporalTaskQueue, caseNo)
        if (resumed.started || resumed.caughtUp) count.resumed++
        report(caseNo, resumed)
      } catch (error) {
        count.failed++
        say(`! ${caseNo} 未能恢复：${(error as Error).message}`, 'could not be resumed: if it was reset, terminate it and try again')
      }
    }
    say(`核对 ${count.looked} 件未结案件，恢复 ${count.resumed} 件，失败 ${count.failed} 件；${notices} 条中断的通知重新投递`,
      `${count.looked} open cases looked at, ${count.resumed} resumed, ${count.failed} failed; ${notices} interrupted notices are sent again`)
    if (count.failed > 0) process.exitCode = 1
  } finally {
    await connection.close()
    await db.close()
  }
}

function report(caseNo: string, { started, caughtUp, recorded }: Resumed): void {
  if (!started && !caughtUp) return
  const added = recorded.length > 0 ? ` (+ ${recorded.join(', ')})` : ''
  say(`${caseNo}：${started ? '流程已重新启动' : '流程已补齐'}${added}`, started ? 'started again' : 'caught up')
}

await resume(process.argv.slice(2)).catch(fail)
