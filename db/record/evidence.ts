/** What is evidence beside the cases' chains: materials, files of documents, logs, starts that were asked for, and what administrators keep. */
import type { Json } from '../../model/types.ts'
import { isDeepStrictEqual } from 'node:util'
import type { Db } from '../connect.ts'
import { KINDS } from '../directory/admin.ts'
import { findAltered } from '../materials.ts'
import { findAlteredFiles } from './document-files.ts'
import { verifyRosters } from '../roster/record.ts'
import type { Finding } from './verify.ts'

/** Checks all of it. `materialsDir`: where contents are kept that are not in the database. */
export async function verifyEvidence(db: Db, materialsDir?: string): Promise<Finding[]> {
  return [...await checkMaterials(db, materialsDir), ...await checkDocuments(db, materialsDir), ...await checkLogs(db), ...await checkStarts(db), ...await checkKept(db), ...await checkRosters(db)]
}

const IS = {
  missing: '记录了的材料不见了 · a recorded material is missing', unrecorded: '材料没有记录 · a material without a record',
  different: '材料的登记与记录不符 · a material is registered otherwise than recorded', altered: '材料的内容与记录不符 · the content of a material is not what was recorded',
}

const checkMaterials = async (db: Db, dir?: string): Promise<Finding[]> =>
  (await findAltered(db.pool, dir)).map(({ caseNo, id, is }) => ({ check: 'materials', caseNo, what: `${id}：${IS[is]}` }))

const FILE_IS = {
  missing: '文书的文件不见了 · the file of a document is missing', altered: '文书的文件与记录不符 · the file of a document is not what was issued', unrecorded: '文书没有记录 · a file without a document',
}

const checkDocuments = async (db: Db, dir?: string): Promise<Finding[]> =>
  (await findAlteredFiles(db.pool, dir)).map(({ caseNo, number, is }) => ({ check: 'documents', caseNo, what: `${number}：${FILE_IS[is]}` }))

/** The logs that `logs.sql` chains. */
export const LOGS = ['access_log', 'refusal', 'admin_log'] as const
const TITLES = { access_log: '查阅日志', refusal: '拒绝日志', admin_log: '管理日志' }

/** Each row follows from the one before it, and the last one is what the head says. */
async function checkLogs(db: Db): Promise<Finding[]> {
  const found: Finding[] = []
  const client = await db.pool.connect()
  try {
    await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL timezone = 'UTC'`)
    for (const log of LOGS) {
      const { rows } = await client.query(`SELECT id, before, whole FROM (SELECT l.id, lag(l.id, 1, 0::bigint) OVER w AS before, l.hash = log_hash(lag(l.hash, 1, repeat('0', 64)) OVER w, to_jsonb(l)) AS whole
        FROM ${log} l WINDOW w AS (ORDER BY l.id)) chained WHERE id <> before + 1 OR NOT whole ORDER BY id LIMIT 20`)
      const { rows: [end] } = await client.query(`SELECT h.id, h.hash = l.hash AS whole, l.id AS last FROM log_head h LEFT JOIN (SELECT id, hash FROM ${log} ORDER BY id DESC LIMIT 1) l ON true WHERE h.log = $1`, [log])
      const finding = (what: string): Finding => ({ check: 'logs', caseNo: null, what: `${TITLES[log]}${what}` })
      found.push(...rows.map(({ id, before }) => Number(id) === Number(before) + 1 ? finding(`第 ${id} 条被改动 · ${log}: row ${id} was changed`)
        : finding(`第 ${Number(before) + 1} 至 ${Number(id) - 1} 条不见了 · ${log}: rows ${Number(before) + 1} to ${Number(id) - 1} are missing`)))
      if (end && end.last !== end.id) found.push(finding(`末尾不见了：应到第 ${end.id} 条，只到第 ${end.last ?? 0} 条 · ${log}: its end is missing`))
      else if (end && !end.whole) found.push(finding(`最后一条被改动 · ${log}: the last row was changed`))
    }
    return found
  } finally {
    await client.query('ROLLBACK').catch(() => {})
    client.release()
  }
}

const checkRosters = async (db: Db): Promise<Finding[]> => (await verifyRosters(db.pool)).map(what => ({ check: 'roster', caseNo: null, what }))

/** A start that is done has its case. */
async function checkStarts(db: Db): Promise<Finding[]> {
  const { rows } = await db.pool.query(`SELECT s.case_no FROM start_request s WHERE s.input IS NULL AND NOT EXISTS (SELECT FROM case_event e WHERE e.case_no = s.case_no AND e.seq = 1) ORDER BY 1`)
  return rows.map((r: { case_no: string }) => ({ check: 'numbers', caseNo: r.case_no, what: '曾经立案，记录中已没有此案 · was recorded once, and is in the record no more' }))
}

/** What administrators keep: name in their log → its rows as the log notes them. Those that a system begins with are not in the log until they change. */
const KEPT = {
  ...Object.fromEntries((['people', 'units', 'enterprises', 'webhooks', 'systems'] as const).map(name => [name, `SELECT '${name}/' || ${KINDS[name].id} AS what, ${KINDS[name].view} AS now FROM ${KINDS[name].table} t`])),
  policies: `SELECT 'policies/' || procedure || '/' || task AS what, jsonb_build_object('patch', patch, 'reason', reason) AS now FROM policy_override`,
  'notice-texts': `SELECT 'notice-texts/' || procedure || '/' || kind AS what, jsonb_build_object('title', title, 'body', body, 'reason', reason) AS now FROM notice_text`,
}
/** Kinds that only an administrator makes. */
const BEGUN_EMPTY = new Set(['webhooks', 'policies', 'notice-texts'])

/** Everything that is kept, with what the log last noted of it (undefined: nothing). */
export async function listKeptRows(db: Db): Promise<{ what: string, now: Json, noted: Json | undefined }[]> {
  const { rows } = await db.pool.query(`WITH kept AS (${Object.values(KEPT).join(' UNION ALL ')}),
    noted AS (SELECT DISTINCT ON (what) what, after FROM admin_log WHERE split_part(what, '/', 1) = ANY($1) ORDER BY what, id DESC)
    SELECT coalesce(k.what, n.what) AS what, k.now, n.what IS NOT NULL AS "isNoted", n.after FROM kept k FULL JOIN noted n USING (what) WHERE k.what IS NOT NULL OR n.after IS NOT NULL ORDER BY 1`, [Object.keys(KEPT)])
  return rows.map((r: { what: string, now: Json, isNoted: boolean, after: Json }) => ({ what: r.what, now: bare(r.now), noted: r.isNoted ? bare(r.after) : undefined }))
}

/** Nothing is in force that the log does not tell of. */
async function checkKept(db: Db): Promise<Finding[]> {
  return (await listKeptRows(db)).flatMap(({ what, now, noted }): Finding[] => {
    const isFirst = noted === undefined && !BEGUN_EMPTY.has(what.split('/')[0]!)
    return isFirst || isDeepStrictEqual(now, noted ?? null) ? [] : [{ check: 'kept', caseNo: null, what: `${what}：与管理日志不符 · is not what the administrators' log says` }]
  })
}

/** Whatever is named beside its id may have been renamed since. */
function bare(value: Json): Json {
  if (Array.isArray(value)) return value.map(bare)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const isNamed = entries.length === 2 && 'id' in value && 'name' in value
  return isNamed ? value.id! : Object.fromEntries(entries.map(([key, one]) => [key, bare(one)]))
}
