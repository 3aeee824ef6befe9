import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../test/database.ts'
import { append, event, officer, openCase, paper } from '../../test/sample-case.ts'
import { CHAIN_START, chainHash } from '../../model/chain.ts'
import { logAccess, logRefusal } from '../access-log.ts'
import { connect, type Db } from '../connect.ts'
import { changeKept } from '../directory/admin.ts'
import { whoIs } from '../directory/directory.ts'
import { addMaterial } from '../materials.ts'
import { seedOrganisation } from '../seed/index.ts'
import { saveOverride } from '../rules/rules-admin.ts'
import type { Anchor } from './anchor.ts'
import { rebuildCase } from './rebuild.ts'
import { createStore, toEvent } from './record.ts'
import { verifyRecord } from './verify.ts'

let database: TestDatabase
let db: Db
let owner: Db
beforeAll(async () => {
  database = await createTestDatabase()
  db = connect(database.appUrl)
  owner = connect(database.url, { max: 1 })
  await seedOrganisation(database.url)
})
afterAll(async () => {
  await db.close()
  await owner.close()
  await database.drop()
})

const sql = (text: string, ...values: unknown[]) => owner.pool.query(text, values)
const now = async (): Promise<Date> => (await db.pool.query('SELECT clock_timestamp() AS now')).rows[0].now
const found = async (former?: Anchor) => (await verifyRecord(db, await now(), { former })).findings.map(f => `${f.check} ${f.caseNo ?? ''} ${f.what.replace(/ · .*/, '')}`)

let caseNo: string
let other: string
let anchor: Anchor
beforeEach(async () => {
  await sql('TRUNCATE case_event, case_file, task, document, document_counter, document_file, notice, material, start_request, access_log, refusal, admin_log, log_head, policy_override, webhook_destination')
  caseNo = await openCase(db)
  other = await openCase(db)
  for (const one of [caseNo, other]) {
    await append(db, one, event('commented', { text: '甲', to: 'officers' }, officer('legal-1')), event('commented', { text: '乙', to: 'officers' }, officer('legal-2')))
    await createStore(db).issue(one, 'd', paper({ content: { text: 'x' } }))
    await sql(`INSERT INTO start_request (person_id, key, body_hash, case_no, procedure) VALUES ('ent-01-contact', $1, 'x', $1, 'enterprise-appeal')`, one)
  }
  await addMaterial(db, caseNo, { who: await whoIs(db.pool, 'office-1'), key: 'm', hash: 'h' }, { to: 'officers', name: '照片.png', type: 'image/png', content: Buffer.from('photo') })
  for (const personId of ['office-1', 'office-2', 'office-3']) {
    await logAccess(db.pool, { personId, caseNo, allowed: true, what: 'case' })
    await logRefusal(db.pool, { personId, caseNo, taskId: null, action: 'claim', code: 'four-eyes' })
    await changeKept(db, { kind: 'people', by: 'admin-1', id: personId, toRow: () => ({ email: `${personId}@example.com` }) })
  }
  await saveOverride(db, 'admin-1', 'enterprise-appeal', 'handle', { extendable: true }, '试行')
  await sql(`INSERT INTO notice (id, case_no, channel, person_id, kind, title, body, state, created_at) VALUES ('n1', $1, 'inbox', 'office-1', 'told', '标题', '内容', 'done', now())`, caseNo)
  anchor = (await verifyRecord(db, await now())).anchor
})

/** Changes events and hashes the whole chain anew, as the owner of the database can. */
async function forge(change: (events: ReturnType<typeof toEvent>[]) => ReturnType<typeof toEvent>[], of = caseNo) {
  const { rows } = await sql('SELECT * FROM case_event WHERE case_no = $1 ORDER BY seq', of)
  const events = change(rows.map(toEvent))
  await sql('DELETE FROM case_event WHERE case_no = $1', of)
  let prev = CHAIN_START
  for (const [i, e] of events.entries()) {
    const { caseNo, at, type, actor, data, key, requestHash } = e
    prev = chainHash(prev, { ...e, seq: i + 1 })
    await sql('INSERT INTO case_event (case_no, seq, at, type, actor_id, actor_unit, data, key, hash, request_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
      caseNo, i + 1, at, type, actor?.id ?? null, actor?.unit ?? null, JSON.stringify(data), key, prev, requestHash)
  }
  if (events.length > 0) await rebuildCase(owner, events[0]!.caseNo)
}
/** Makes the log's chain whole again from the first row on. */
const rehash = (log: string) => sql(`DO $$ DECLARE r record; prev text := repeat('0', 64); n bigint := 0; BEGIN
  SET LOCAL timezone = 'UTC';
  FOR r IN SELECT * FROM ${log} ORDER BY id LOOP
    n := n + 1;
    UPDATE ${log} SET id = n, hash = log_hash(prev, to_jsonb(${log}.*) || jsonb_build_object('id', n)) WHERE id = r.id RETURNING hash INTO prev;
  END LOOP;
  UPDATE log_head SET id = n, hash = prev WHERE log = '${log}';
END $$`)
const removeCase = () => sql(`WITH e AS (DELETE FROM case_event WHERE case_no = '${caseNo}'), t AS (DELETE FROM task WHERE case_no = '${caseNo}'), d AS (DELETE FROM document WHERE case_no = '${caseNo}'),
  n AS (DELETE FROM notice WHERE case_no = '${caseNo}'), m AS (DELETE FROM material WHERE case_no = '${caseNo}') DELETE FROM case_file WHERE case_no = '${caseNo}'`)
const gone = () => `anchor ${caseNo} ${anchor.until} 之前有此案，现在没有`
const changed = () => `anchor ${caseNo} ${anchor.until} 之前的事件被改动`
const materialId = async () => (await sql('SELECT id FROM material')).rows[0].id as string

/** What was changed; what shows it (the beginning of a finding); whether that takes an anchor. */
const WAYS: [string, () => Promise<unknown>, () => string | Promise<string>, 'anchor'?][] = [
  ['content of one event', () => sql(`UPDATE case_event SET data = '{"text":"丙","to":"officers"}' WHERE case_no = $1 AND seq = 3`, caseNo), () => `chain ${caseNo} 事件链在第 3 条断裂`],
  ['an event’s actor, rehashed to the end', () => forge(events => events.map(e => e.seq === 3 ? { ...e, actor: { id: 'legal-3', unit: 'legal' } } as typeof e : e)), changed, 'anchor'],
  ['an event’s time, rehashed', () => forge(events => events.map(e => e.seq === 3 ? { ...e, at: new Date(e.at.getTime() + 1) } as typeof e : e)), changed, 'anchor'],
  ['two events exchanged, rehashed', () => forge(([a, b, c, d, ...rest]) => [a!, b!, { ...d!, key: c!.key } as typeof d & object, { ...c!, key: d!.key } as typeof c & object, ...rest]), changed, 'anchor'],
  ['the last event taken out', () => sql('DELETE FROM case_event WHERE case_no = $1 AND seq = (SELECT max(seq) FROM case_event WHERE case_no = $1)', caseNo), () => `read-tables ${caseNo} `],
  ['the last event taken out and the read tables rebuilt', () => forge(events => events.slice(0, -1)), () => `materials ${caseNo} `],
  ['several last events taken out and rebuilt', () => forge(events => events.slice(0, -1), other), () => `anchor ${other} ${anchor.until} 之前的事件被改动`, 'anchor'],
  ['a whole case, and its start request', async () => { await removeCase(); await sql('DELETE FROM start_request WHERE case_no = $1', caseNo) }, gone, 'anchor'],
  ['a whole case, the start request left', removeCase, () => `numbers ${caseNo} 曾经立案，记录中已没有此案`],
  ['a case given another number', async () => {
    for (const table of ['material', 'task', 'document', 'case_file', 'notice', 'start_request']) await sql(`DELETE FROM ${table} WHERE case_no = $1`, caseNo)
    await forge(events => events.map(e => ({ ...e, caseNo: 'EA-999999' }) as typeof e))
  }, gone, 'anchor'],
  ['a column of a task', () => sql(`UPDATE task SET title = 'x' WHERE case_no = $1`, caseNo), () => `read-tables ${caseNo} task ${caseNo}`],
  ['a numbered document altered', () => sql(`UPDATE document SET content = '{"text":"y"}' WHERE case_no = $1`, caseNo), () => `read-tables ${caseNo} document 证`],
  ['a document’s file', () => sql(`UPDATE document_file SET content = 'forged' WHERE number LIKE '%〕1号'`), () => `documents ${caseNo} 证`],
  ['a document’s file taken out', () => sql('DELETE FROM document_file'), () => `documents ${other} 证`],
  ['a document’s file slipped in', () => sql(`INSERT INTO document_file (number, content) VALUES ('证〔2026〕99号', 'forged')`), () => 'documents  证〔2026〕99号：文书没有记录'],
  ['a document counter raised', () => sql('UPDATE document_counter SET last = last + 1'), () => 'numbers  k '],
  ['a material’s bytes', () => sql(`UPDATE material SET content = 'forged'`), async () => `materials ${caseNo} ${await materialId()}：材料的内容与记录不符`],
  ['a material’s bytes and hash in its row', () => sql(`UPDATE material SET content = 'forged', hash = encode(sha256('forged'), 'hex')`), async () => `materials ${caseNo} ${await materialId()}：材料的登记与记录不符`],
  ['a material taken out', () => sql('DELETE FROM material'), () => `materials ${caseNo} `],
  ['a material moved to another case', () => sql('UPDATE material SET case_no = $1', other), () => `materials ${caseNo} `],
  ['the access log emptied', () => sql('DELETE FROM access_log'), () => 'logs  查阅日志末尾不见了：应到第 3 条，只到第 0 条'],
  ['one row of the access log', () => sql(`UPDATE access_log SET person_id = 'legal-1' WHERE id = 2`), () => 'logs  查阅日志第 2 条被改动'],
  ['the refusal log emptied', () => sql('DELETE FROM refusal'), () => 'logs  拒绝日志末尾不见了'],
  ['the administrators’ log emptied', () => sql('DELETE FROM admin_log'), () => 'logs  管理日志末尾不见了'],
  ['a notice’s text', () => sql(`UPDATE notice SET body = 'x' WHERE id = 'n1'`), () => `anchor ${caseNo} ${anchor.until} 之前的通知被改动`, 'anchor'],
  ['notices taken out', () => sql(`DELETE FROM notice WHERE id = 'n1'`), () => `anchor ${caseNo} ${anchor.until} 之前的通知被改动`, 'anchor'],
  ['roles in a row that the log knows', () => sql(`UPDATE person SET roles = '{bureau-leader}' WHERE id = 'office-2'`), () => 'kept  people/office-2：与管理日志不符'],
  ['roles in a row as it was delivered', () => sql(`UPDATE person SET roles = '{bureau-leader}' WHERE id = 'legal-2'`), () => `anchor  people/legal-2：${anchor.until} 以来被改动，管理日志没有记载`, 'anchor'],
  ['a policy override slipped in', () => sql(`INSERT INTO policy_override (procedure, task, patch, reason, changed_by) VALUES ('credit-repair', '', '{}', 'x', 'admin-1')`), () => 'kept  policies/credit-repair/：与管理日志不符'],
  ['an override changed', () => sql(`UPDATE policy_override SET patch = '{}'`), () => 'kept  policies/enterprise-appeal/handle：与管理日志不符'],
  ['an event’s request hash', () => sql(`UPDATE case_event SET request_hash = 'x' WHERE case_no = $1 AND seq = 3`, caseNo), () => `chain ${caseNo} 事件链在第 3 条断裂`],
  ['a row of a log taken out of the middle', () => sql('DELETE FROM refusal WHERE id = 2'), () => 'logs  拒绝日志第 2 至 2 条不见了'],
  ['a log emptied and its head with it', async () => { await sql('DELETE FROM refusal'); await sql(`DELETE FROM log_head WHERE log = 'refusal'`) }, () => 'anchor  refusal：', 'anchor'],
  ['a row of a log changed and all hashed anew', async () => { await sql(`UPDATE access_log SET person_id = 'legal-1' WHERE id = 2`); await rehash('access_log') }, () => 'anchor  access_log：', 'anchor'],
]

it('nothing is found where nobody altered anything, with an anchor or without', async () => {
  expect([await found(), await found(anchor)]).toEqual([[], []])
})

it.each(WAYS)('is found: %s', async (_, tamper, expected, needs) => {
  await tamper()
  const begin = await expected()
  const withOne = await found(anchor)
  expect(withOne.some(f => f.startsWith(begin)), `${begin} in ${withOne.join('; ')}`).toBe(true)
  if (needs === undefined) expect((await found()).some(f => f.startsWith(begin)), `without an anchor: ${begin}`).toBe(true)
})

it('only grows: what happens after an anchor, also to what administrators keep, does not speak against it', async () => {
  await append(db, caseNo, event('commented', { text: '丙', to: 'officers' }, officer('legal-1')))
  await openCase(db)
  await logAccess(db.pool, { personId: 'office-1', caseNo, allowed: false, what: 'case' })
  await changeKept(db, { kind: 'people', by: 'admin-1', id: 'office-3', toRow: () => ({ roles: ['handler'] }) })
  await changeKept(db, { kind: 'units', by: 'admin-1', id: 'office', toRow: () => ({ name: '护航办公室' }) })
  expect(await found(anchor)).toEqual([])
})

it('the application itself can change no log, and not its head', async () => {
  for (const statement of ['UPDATE access_log SET what = $1', 'DELETE FROM refusal WHERE code <> $1', 'UPDATE log_head SET hash = $1']) await expect(db.pool.query(statement, ['x'])).rejects.toThrow('permission denied')
})
