/** Takes an anchor of the record each night by itself, and checks that the last one still holds. */
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { shanghaiDate } from '../model/instants.ts'
import type { Db } from '../db/connect.ts'
import { anchoredUntil } from '../db/record/anchor.ts'
import { readAnchor, writeAnchor } from '../db/record/anchor-file.ts'
import { verifyRecord, type Finding } from '../db/record/verify.ts'
import { repeat } from './repeat.ts'

const EVERY_MS = 10 * 60_000

/** Where anchors are kept: outside the database, and where a second place is set, there as well. */
export interface AnchorPlaces { dir: string, copy?: string | undefined, materialsDir?: string | undefined }

/** Runs until `signal` aborts: one anchor a day, the first after midnight of Asia/Shanghai. Every finding is a line of the log that asks for somebody. */
export const anchorNightly = (db: Db, places: AnchorPlaces, log: Logger, signal: AbortSignal): Promise<void> =>
  repeat('anchor', EVERY_MS, async () => {
    for (const { check, caseNo, what } of await anchorOnce(db, places) ?? []) log.error({ check, caseNo, what }, 'the record is not what it was')
  }, log, signal)

/** Today's anchor, where there is none yet: what was found wrong; null where there was nothing to do. None is written over a record that does not hold. */
export async function anchorOnce(db: Db, { dir, copy, materialsDir }: AnchorPlaces): Promise<Finding[] | null> {
  const until = await anchoredUntil(db)
  const name = `anchor-${shanghaiDate(until)}.json`
  mkdirSync(dir, { recursive: true })
  if (existsSync(join(dir, name))) return null
  const last = readdirSync(dir).filter(file => /^anchor-.*\.json$/.test(file)).sort().at(-1)
  const former = last === undefined ? undefined : readAnchor(join(dir, last)) ?? undefined
  const { anchor, findings } = await verifyRecord(db, until, { former, materialsDir })
  const unreadable: Finding[] = last !== undefined && former === undefined ? [{ check: 'anchor', caseNo: null, what: `${last} 不是锚点文件 · is not an anchor file` }] : []
  const found = [...unreadable, ...findings]
  if (!found.some(({ check }) => check === 'chain' || check === 'anchor')) {
    writeAnchor(join(dir, name), anchor)
    if (copy !== undefined) {
      mkdirSync(copy, { recursive: true })
      copyFileSync(join(dir, name), join(copy, name))
    }
  }
  return found
}
