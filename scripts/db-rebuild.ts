// npm run db:rebuild [-- --write]: folds every case's events anew and compares what comes of it with the read tables, row
// by row; `--write` writes the rows that differ anew. May run while the system does. Ends with status 1 while something
// differs. Names cases and columns, never values.
import { type Config, readConfig } from '../config.ts'
import { findBreak } from '../model/chain.ts'
import { connect, type Db } from '../db/connect.ts'
import { type Difference, findDifferences, rebuildCase } from '../db/record/rebuild.ts'
import { walkCases } from '../db/record/walk.ts'
import { readOptions } from './options.ts'
import { fail, say } from './say.ts'
import { withDatabase } from './with-database.ts'

/** How many cases differ, or cannot be folded, and were not mended. */
async function rebuild(config: Config, isWriting: boolean): Promise<number> {
  const db = connect(config.databaseUrl, { max: 2 })
  const owner = isWriting ? connect(config.migrateDatabaseUrl, { max: 1 }) : undefined
  let [cases, events, differing, left] = [0, 0, 0, 0]
  try {
    for await (const c of walkCases(db)) {
      cases++
      events += c.events.length
      const broken = findBreak(c.events)
      if (broken !== null) {
        say(`${c.caseNo}  事件链在第 ${broken} 条断裂，不予重建`, `its chain is broken at event ${broken}: not rebuilt`)
        left++
        continue
      }
      const differences = findDifferences(c)
      if (differences.length === 0) continue
      differing++
      for (const d of differences) console.log(line(d))
      if (!owner || !await mend(owner, c.caseNo)) left++
    }
  } finally {
    await db.close()
    await owner?.close()
  }
  say(`核对 ${cases} 个案件、${events} 条事件：${differing} 个案件不一致${isWriting ? `，修复 ${differing - left} 个` : ''}`, `checked ${cases} cases, ${events} events: ${differing} differ${isWriting ? `, ${differing - left} mended` : ''}`)
  if (left > 0 && !isWriting) say('加上 -- --write 按事件修复', 'mend them with -- --write')
  return left
}

async function mend(owner: Db, caseNo: string): Promise<boolean> {
  return rebuildCase(owner, caseNo).then(() => true, (error: { code?: string }) => {
    say(`${caseNo}  未能修复（${error.code ?? '事件有误'}）`, 'could not be mended')
    return false
  })
}

const IS = { different: '不一致 different', missing: '缺失 missing', superfluous: '多余 superfluous' }
const line = ({ caseNo, table, row, is, columns }: Difference): string => `${caseNo}  ${table}  ${row}  ${IS[is]}${columns.length > 0 ? `: ${columns.join(', ')}` : ''}`

try {
  const { write = false } = readOptions({ write: { type: 'boolean' } })
  const config = readConfig(process.env)
  process.exitCode = await withDatabase(config, () => rebuild(config, write)) > 0 ? 1 : 0
} catch (error) {
  fail(error)
}
