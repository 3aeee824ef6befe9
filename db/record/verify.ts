/** Checks the record: chains, read tables, numbers of documents, what is evidence beside them, an anchor kept outside; and what Temporal runs against it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { anchoring, compareAnchor, type Anchor } from './anchor.ts'
import { verifyEvidence } from './evidence.ts'
import { findBreak } from '../../model/chain.ts'
import type { Db } from '../connect.ts'
import { findDifferences, type Difference } from './rebuild.ts'
import { walkCases, type RecordedCase } from './walk.ts'

/** Something that is not as it must be. It names cases and sequence numbers, never content. */
export interface Finding { check: 'chain' | 'read-tables' | 'numbers' | 'materials' | 'documents' | 'logs' | 'kept' | 'roster' | 'anchor' | 'temporal' | 'notices', caseNo: string | null, what: string }

/** What was looked at, and what came of it. */
export interface Verified { cases: number, events: number, anchor: Anchor, findings: Finding[] }

/**
 * Checks every case and what is evidence beside them, and works out the anchor up to `until`; where a former one is given, that one must
 * still hold. `materialsDir`: where contents are kept that are not in the database.
 */
export async function verifyRecord(db: Db, until: Date, { former, materialsDir }: { former?: Anchor | undefined, materialsDir?: string | undefined } = {}): Promise<Verified> {
  const findings: Finding[] = []
  const anchor = anchoring(until)
  const again = former && anchoring(new Date(former.until))
  let [cases, events] = [0, 0]
  for await (const c of walkCases(db)) {
    findings.push(...checkCase(c))
    if (c.events.length > 0) cases++
    events += c.events.length
    anchor.add(c.events)
    again?.add(c.events)
  }
  findings.push(...await checkNumbers(db), ...await verifyEvidence(db, materialsDir))
  if (former) findings.push(...await compareAnchor(db, former, await again!.anchor(db)))
  return { cases, events, anchor: await anchor.anchor(db), findings }
}

const DIFFERS: Record<Difference['is'], string> = { different: '与事件不符', missing: '缺少', superfluous: '事件中没有' }

function checkCase(recorded: RecordedCase): Finding[] {
  const { caseNo, events, file } = recorded
  const finding = (check: Finding['check'], what: string): Finding => ({ check, caseNo, what })
  if (events.length === 0) return [finding('read-tables', '读表中有此案，事件中没有 · in the read tables without any event')]
  const brokenAt = findBreak(events)
  const last = events.at(-1)!
  const found = [
    ...(brokenAt === null ? [] : [finding('chain', `事件链在第 ${brokenAt} 条断裂 · broken at event ${brokenAt}`)]),
    ...events.flatMap((e, i) => brokenAt === null && i > 0 && e.at < events[i - 1]!.at ? [finding('chain', `第 ${e.seq} 条的时间早于前一条 · event ${e.seq} is earlier than the one before it`)] : []),
    ...(events[0]!.type === 'case-opened' ? [] : [finding('chain', '首条事件不是立案 · does not begin with its opening')]),
    ...(!file ? [finding('read-tables', '读表中没有此案 · not in the read tables')]
      : file.lastSeq !== last.seq ? [finding('read-tables', `读表记到第 ${file.lastSeq} 条，事件有 ${last.seq} 条 · read tables at event ${file.lastSeq} of ${last.seq}`)]
        : file.lastHash !== last.hash ? [finding('read-tables', '读表中的末条哈希不符 · another last hash in the read tables')] : []),
  ]
  // Row by row where there is something to go by; elsewhere everything after it would differ, too.
  return found.length > 0 ? found : findDifferences(recorded).map(({ table, row, is, columns }) => finding('read-tables', `${table} ${row}：${DIFFERS[is]} · ${[is, ...columns].join(' ')}`))
}

/** A kind's numbers of a year run from 1 to the counter's last, each given once. */
async function checkNumbers(db: Db): Promise<Finding[]> {
  const { rows } = await db.pool.query(`SELECT coalesce(d.kind, c.kind) AS kind, coalesce(d.year, c.year) AS year, coalesce(d.given, 0) AS given, coalesce(d.highest, 0) AS highest, coalesce(c.last, 0) AS last
    FROM (SELECT kind, year, count(*)::int AS given, max(n) AS highest
      FROM (SELECT kind, (regexp_match(number, '〔(\\d+)〕(\\d+)号$'))[1]::int AS year, (regexp_match(number, '〔(\\d+)〕(\\d+)号$'))[2]::int AS n FROM document) numbered GROUP BY kind, year) d
    FULL JOIN document_counter c ON c.kind = d.kind AND c.year = d.year
    WHERE d.given IS DISTINCT FROM c.last OR d.highest IS DISTINCT FROM c.last ORDER BY 1, 2`)
  return rows.map((r: { kind: string, year: number, given: number, highest: number, last: number }) =>
    ({ check: 'numbers', caseNo: null, what: `${r.kind} ${r.year}：已编到 ${r.last} 号，文书 ${r.given} 份，最大 ${r.highest} 号 · counted to ${r.last}, ${r.given} documents, the highest ${r.highest}` }))
}

/** What is asked of Temporal; `id` is a workflow's. */
export interface Engine {
  /** Workflows of cases that are running, by its index, which may lag behind. */
  listRunning(): AsyncIterable<string>
  isRunning(id: string): Promise<boolean>
}

/**
 * Every open case has its workflow running, and no other case has; every notice on its way has one, too. What differs is
 * looked at again after a moment: cases open and close meanwhile.
 */
export async function compareWithTemporal(db: Db, engine: Engine, settleMs = 5_000): Promise<{ open: number, findings: Finding[] }> {
  const running = new Set<string>()
  for await (const id of engine.listRunning()) running.add(id)
  const open = new Set(await column(db, `SELECT case_no AS id FROM case_file WHERE status <> 'closed'`))
  const suspects = [...open].filter(id => !running.has(id)).concat([...running].filter(id => !open.has(id)))
  const stuck = (await db.pool.query(SENDING)).rows
  if (suspects.length + stuck.length > 0) await sleep(settleMs)
  const findings: Finding[] = []
  for (const caseNo of suspects) {
    const what = COMPARED[`${await status(db, caseNo)} ${await engine.isRunning(caseNo)}`]
    if (what) findings.push({ check: 'temporal', caseNo, what })
  }
  for (const { id, workflow, case_no: caseNo } of stuck) {
    if (!await engine.isRunning(workflow) && (await column(db, `SELECT id FROM notice WHERE state = 'sending' AND id = $1`, id)).length > 0) {
      findings.push({ check: 'notices', caseNo, what: '有通知正在投递，但没有投递流程 · a notice is on its way, but nobody delivers it' })
    }
  }
  for (const caseNo of await column(db, LEFT)) findings.push({ check: 'notices', caseNo, what: '有通知超过十分钟无人投递 · a notice has waited for more than ten minutes' })
  return { open: open.size, findings }
}

/** By what the record says, and whether a workflow is running. */
const COMPARED: Record<string, string> = {
  'open false': '案件未办结，但没有正在运行的流程 · open, but no workflow is running',
  'closed true': '案件已办结，但流程仍在运行 · closed, but its workflow is running',
  'none true': '流程在运行，但没有立案记录 · a workflow is running without a record',
}

const SENDING = `SELECT id, 'notice-' || id || CASE WHEN attempt > 0 THEN '-' || attempt ELSE '' END AS workflow, case_no FROM notice WHERE state = 'sending' ORDER BY case_no, id`
const LEFT = `SELECT DISTINCT case_no AS id FROM notice WHERE state = 'pending' AND created_at < now() - interval '10 minutes' ORDER BY 1`

const column = async (db: Db, text: string, ...values: unknown[]): Promise<string[]> => (await db.pool.query(text, values)).rows.map((r: { id: string }) => r.id)

async function status(db: Db, caseNo: string): Promise<'open' | 'closed' | 'none'> {
  const { rows: [row] } = await db.pool.query('SELECT status FROM case_file WHERE case_no = $1', [caseNo])
  return !row ? 'none' : row.status === 'closed' ? 'closed' : 'open'
}
