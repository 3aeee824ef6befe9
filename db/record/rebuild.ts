/** Rebuilds the read tables from the events: what differs, row by row, and how it is mended. */
import canonicalize from 'canonicalize'
import { getTableColumns, getTableName, type Table } from 'drizzle-orm'
import { findBreak } from '../../model/chain.ts'
import { inTransaction, type Db } from '../connect.ts'
import { documentsOf, fold } from '../../model/state.ts'
import { insertRows, toEvent } from './record.ts'
import { caseFile, document, task } from '../schema.ts'
import type { RecordedCase } from './walk.ts'

/** A row that is not what the events come to. It names column and row, never a value: values are content. */
export interface Difference {
  caseNo: string
  table: string
  /** Case number, task id or document number. */
  row: string
  is: 'different' | 'missing' | 'superfluous'
  /** Of a row that is different. */
  columns: string[]
}

/** Where a case's read tables are not what its events come to. @throws Error when the events themselves make no sense */
export function findDifferences({ caseNo, events, file, tasks, documents }: RecordedCase): Difference[] {
  const state = fold(events)
  const differ = (table: Table, id: string, expected: object[], actual: object[]) => compare(table, id, expected as Row[], actual as Row[]).map(d => ({ caseNo, ...d }))
  return [
    ...differ(caseFile, 'caseNo', state ? [state.file] : [], file ? [file] : []),
    ...differ(task, 'id', state?.tasks ?? [], tasks),
    ...differ(document, 'number', documentsOf(events), documents),
  ]
}

type Row = Record<string, unknown>

function compare(of: Table, id: string, expected: Row[], actual: Row[]): Omit<Difference, 'caseNo'>[] {
  const table = getTableName(of)
  const there = new Map(actual.map(r => [r[id] as string, r]))
  const differences = expected.flatMap((wanted): Omit<Difference, 'caseNo'>[] => {
    const row = wanted[id] as string
    const found = there.get(row)
    there.delete(row)
    if (!found) return [{ table, row, is: 'missing', columns: [] }]
    const columns = Object.entries(getTableColumns(of)).flatMap(([key, c]) => same(wanted[key], found[key]) ? [] : [c.name])
    return columns.length > 0 ? [{ table, row, is: 'different', columns }] : []
  })
  return [...differences, ...[...there.keys()].map((row): Omit<Difference, 'caseNo'> => ({ table, row, is: 'superfluous', columns: [] }))]
}

const same = (a: unknown, b: unknown) => canonicalize(a ?? null) === canonicalize(b ?? null)

/**
 * Writes a case's rows anew from its events, while nobody else can append to it. Needs the owner's rights.
 * @throws Error when its chain is broken: then the events are no better than the rows
 */
export async function rebuildCase(owner: Db, caseNo: string): Promise<void> {
  await inTransaction(owner, async (client) => {
    // Of two who rebuild a case the second would lock the row that the first has replaced.
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [caseNo])
    await client.query('SELECT FROM case_file WHERE case_no = $1 FOR UPDATE', [caseNo])
    const { rows } = await client.query('SELECT * FROM case_event WHERE case_no = $1 ORDER BY seq', [caseNo])
    const events = rows.map(toEvent)
    if (findBreak(events) !== null) throw new Error(`case ${caseNo}: its chain is broken`)
    const state = fold(events)
    for (const [table, fresh] of [[caseFile, state ? [state.file] : []], [task, state?.tasks ?? []], [document, documentsOf(events)]] as const) {
      await client.query(`DELETE FROM ${getTableName(table)} WHERE case_no = $1`, [caseNo])
      await insertRows(client, table, fresh)
    }
  })
}
