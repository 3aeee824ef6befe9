import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBreak } from '../../model/chain.ts'
import { listEvents } from '../../db/lists/search.ts'
import { append, event, openCase, taskOpened } from '../../test/sample-case.ts'
import { REFUSED, TAKEN } from '../../test/sample-files.ts'
import { attachment } from '../http/attachment.ts'
import { NO_KEYS, ODD_KEYS } from '../testing/odd-keys.ts'
import { startRecordApi, type RecordApi } from '../testing/test-record-api.ts'
import { caseRoutes } from './cases.ts'
import { materialRoutes } from './materials.ts'

const pdf = Buffer.from('%PDF-1.7\n一份示例材料\n%%EOF')
const dir = mkdtempSync(join(tmpdir(), 'anxin-materials-'))
let api: RecordApi
let onDisk: RecordApi
beforeAll(async () => {
  api = await startRecordApi(deps => [materialRoutes(deps), caseRoutes(deps)])
  onDisk = await startRecordApi(deps => [materialRoutes(deps, dir)])
})
afterAll(async () => {
  await api.close()
  await onDisk.close()
  rmSync(dir, { recursive: true })
})

let keys = 0
async function upload(person: string, caseNo: string, { content = pdf as Buffer, name = '营业执照.pdf' as string | undefined, key = `test-key-${++keys}`, type = 'application/octet-stream', to = '', on = api } = {}) {
  const answer = await on.app.inject({
    method: 'POST', url: `/api/cases/${caseNo}/materials${to && `?to=${to}`}`, payload: content,
    headers: { 'authorization': await on.authorization(person), 'content-type': type, 'idempotency-key': key, ...(name && { 'x-file-name': encodeURIComponent(name) }) },
  })
  return { status: answer.statusCode, body: answer.json() }
}
const list = async (person: string, caseNo: string) => (await api.ask(person, 'GET', `/api/cases/${caseNo}/materials`)).body
const download = async (person: string, caseNo: string, id: string, on = api) =>
  on.app.inject({ url: `/api/cases/${caseNo}/materials/${id}`, headers: { authorization: await on.authorization(person) } })

describe('a material', () => {
  it('is added by the applicant, read by whoever sees the case, and its hash is in the chain', async () => {
    const caseNo = await openCase(api.db)
    const { status, body } = await upload('ent-01-contact', caseNo)
    expect({ status, body }).toMatchObject({ status: 200, body: { name: '营业执照.pdf', type: 'application/pdf', size: pdf.length, hash: expect.stringMatching(/^[0-9a-f]{64}$/) } })
    expect(await list('economic-crime-1', caseNo)).toEqual([body])
    const read = await download('economic-crime-1', caseNo, body.id)
    expect(read.rawPayload).toEqual(pdf)
    expect(read.headers).toMatchObject({ 'content-type': 'application/pdf', 'content-disposition': attachment('营业执照.pdf'), 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    const events = await listEvents(api.db.pool, caseNo)
    expect(events.at(-1)).toMatchObject({ type: 'material-added', data: { id: body.id, hash: body.hash }, actor: { id: 'ent-01-contact' } })
    expect(findBreak(events)).toBeNull()
    expect(api.log.join('')).not.toContain('营业执照')
  })

  it('is added once under a key; the key with another file is refused', async () => {
    const caseNo = await openCase(api.db)
    const first = await upload('ent-01-contact', caseNo, { key: 'the-same-key' })
    expect(await upload('ent-01-contact', caseNo, { key: 'the-same-key' })).toEqual(first)
    expect((await upload('ent-01-contact', caseNo, { key: 'the-same-key', content: Buffer.from('%PDF-1.7\nother') })).body.code).toBe('idempotency-key-reused')
    expect(await list('ent-01-contact', caseNo)).toEqual([first.body])
  })

  it('is added once under whatever key, none under what is no key', async () => {
    const caseNo = await openCase(api.db)
    for (const key of ODD_KEYS) {
      const first = await upload('ent-01-contact', caseNo, { key })
      expect(first.status, key).toBe(200)
      expect(await upload('ent-01-contact', caseNo, { key }), key).toEqual(first)
    }
    for (const key of NO_KEYS) expect((await upload('ent-01-contact', caseNo, { key: Buffer.from(key).toString('latin1') })).body.code, key).toBe('idempotency-key-required')
    expect((await list('ent-01-contact', caseNo)).length).toBe(ODD_KEYS.length)
  })

  it('is what its content says, whatever it is called', async () => {
    const caseNo = await openCase(api.db)
    for (const content of [Buffer.from('<script>alert(1)</script>'), Buffer.from('MZ\x90\0'.padEnd(100, '\0'), 'latin1'), Buffer.from('PK\x03\x04'.padEnd(100, '\0'), 'latin1')]) {
      expect((await upload('ent-01-contact', caseNo, { content })).body).toMatchObject({ status: 422, code: 'file-refused' })
    }
    for (const [what, [content, why]] of Object.entries(REFUSED).filter(([, [content]]) => content.length > 0)) {
      expect((await upload('ent-01-contact', caseNo, { content })).body, what).toMatchObject({ status: 422, code: 'file-refused', detail: expect.stringMatching(why) })
    }
    for (const [what, [content, type]] of Object.entries(TAKEN)) expect((await upload('ent-01-contact', caseNo, { content, name: '材料' })).body, what).toMatchObject({ type, name: expect.stringMatching(/^材料\.(pdf|ofd|jpg|png|docx|xlsx)$/) })
    expect((await listEvents(api.db.pool, caseNo)).filter(e => e.type === 'material-added')).toHaveLength(Object.keys(TAKEN).length)
  })

  it.each([
    ['../../etc/passwd.exe', 'passwd.pdf', '../../etc/passwd.exe'], ['setup.exe', 'setup.pdf', 'setup.exe'], ['x.svg', 'x.pdf', 'x.svg'], ['a.pdf.js', 'a.pdf', 'a.pdf.js'],
    ['照片\u202egpj.exe', '照片gpj.pdf', '照片\\u{202e}gpj.exe'], ['甲\u0000\n乙.pdf', '甲 乙.pdf', '甲\\u{0}\\u{a}乙.pdf'], ['CON', '文件 CON.pdf', 'CON'], ['营业执照.pdf', '营业执照.pdf', undefined],
  ])('called %j is handed out as %j; what it was called is in the record', async (filed, kept, filedAs) => {
    const caseNo = await openCase(api.db)
    const { body } = await upload('ent-01-contact', caseNo, { name: filed })
    expect(body.name).toBe(kept)
    expect((await listEvents(api.db.pool, caseNo)).at(-1)).toMatchObject({ type: 'material-added', data: { name: kept } })
    expect(((await listEvents(api.db.pool, caseNo)).at(-1) as { data: { filedAs?: string } }).data.filedAs).toBe(filedAs)
    expect((await download('ent-01-contact', caseNo, body.id)).headers['content-disposition']).toBe(attachment(kept))
  })

  it('that is empty, or whose name has no end, is told so', async () => {
    const caseNo = await openCase(api.db)
    expect((await upload('ent-01-contact', caseNo, { content: Buffer.alloc(0) })).body).toMatchObject({ code: 'file-refused', detail: '文件是空的，没有内容。' })
    expect((await upload('ent-01-contact', caseNo, { name: '甲'.repeat(1001) })).body).toMatchObject({ code: 'bad-form', errors: [{ pointer: '/x-file-name', detail: '文件名：最多 1000 字，现有 1001 字' }] })
    expect((await upload('ent-01-contact', caseNo, { content: Buffer.concat([pdf, Buffer.alloc(20 * 1024 * 1024)]) })).body.detail).toMatch(/超过了 20 MB 的上限/)
  })

  it('can be checked before it is sent: the rules are served', async () => {
    const { body } = await api.ask('ent-01-contact', 'GET', '/api/materials/rules')
    expect(body).toMatchObject({ maxBytes: 20 * 1024 * 1024, maxPerCase: 50, kinds: expect.arrayContaining([{ title: 'OFD', type: 'application/ofd', endings: ['ofd'] }]) })
    expect(body.rules.length).toBeGreaterThan(20)
  })

  it('has a name, a key, a size and a case that its sender may see', async () => {
    const caseNo = await openCase(api.db)
    expect((await upload('ent-01-contact', caseNo, { name: '' })).body).toMatchObject({ code: 'bad-form', errors: [{ pointer: '/x-file-name' }] })
    expect((await upload('ent-01-contact', caseNo, { key: 'short' })).body.code).toBe('idempotency-key-required')
    expect((await upload('ent-01-contact', caseNo, { content: Buffer.concat([pdf, Buffer.alloc(20 * 1024 * 1024)]) })).status).toBe(413)
    expect((await upload('ent-01-contact', caseNo, { type: 'text/plain' })).status).toBe(415)
    for (const person of ['ent-02-contact', 'traffic-1']) expect((await upload(person, caseNo)).status).toBe(404)
    expect((await listEvents(api.db.pool, caseNo)).map(e => e.type)).not.toContain('material-added')
  })

  it('of officers is not shown to the enterprise, nor of the enterprise to others', async () => {
    const caseNo = await openCase(api.db)
    await append(api.db, caseNo, event('task-claimed', { task: `${caseNo}.handle.1` }, { id: 'economic-crime-1', unit: 'economic-crime' }))
    const [own, internal] = [(await upload('ent-01-contact', caseNo)).body, (await upload('economic-crime-1', caseNo, { name: '内部研判.pdf' })).body]
    expect(await list('economic-crime-1', caseNo)).toEqual([own, internal])
    expect(await list('ent-01-contact', caseNo)).toEqual([own])
    expect((await download('ent-01-contact', caseNo, internal.id)).statusCode).toBe(404)
    expect((await api.ask('ent-01-contact', 'GET', `/api/cases/${caseNo}/events`)).body.filter((e: { type: string }) => e.type === 'material-added').map((e: { data: { id: string } }) => e.data.id)).toEqual([own.id])
    expect((await download('ent-02-contact', caseNo, own.id)).statusCode).toBe(404)
    const other = await openCase(api.db)
    expect((await download('ent-01-contact', other, own.id)).statusCode).toBe(404)
  })

  it('that an officer adds in answer to the enterprise, the enterprise gets; nobody else decides who reads it', async () => {
    const caseNo = await openCase(api.db)
    await append(api.db, caseNo, event('task-claimed', { task: `${caseNo}.handle.1` }, { id: 'economic-crime-1', unit: 'economic-crime' }))
    const answer = (await upload('economic-crime-1', caseNo, { name: '答复附件.pdf', to: 'applicant' })).body
    expect(answer.to).toBe('applicant')
    expect(await list('ent-01-contact', caseNo)).toEqual([answer])
    expect((await download('ent-01-contact', caseNo, answer.id)).rawPayload).toEqual(pdf)
    expect((await download('ent-02-contact', caseNo, answer.id)).statusCode).toBe(404)
    expect((await upload('ent-01-contact', caseNo, { to: 'applicant' })).body.code).toBe('bad-form')
    expect((await upload('economic-crime-1', caseNo, { to: 'everybody' })).body).toMatchObject({ code: 'bad-form', errors: [{ pointer: '/to' }] })
  })

  it('is noted each time it is read', async () => {
    const caseNo = await openCase(api.db, no => [taskOpened(no)])
    const { body } = await upload('ent-01-contact', caseNo)
    await download('economic-crime-1', caseNo, body.id)
    const { rows } = await api.owner.pool.query('SELECT person_id, allowed, what FROM access_log WHERE case_no = $1', [caseNo])
    expect(rows).toEqual([{ person_id: 'economic-crime-1', allowed: true, what: 'material' }])
  })
})

describe('content on disk', () => {
  it('is read back from there, and not in the database', async () => {
    const caseNo = await openCase(onDisk.db)
    const { body } = await upload('ent-01-contact', caseNo, { on: onDisk })
    expect(readFileSync(join(dir, body.id))).toEqual(pdf)
    expect((await onDisk.db.pool.query('SELECT content FROM material WHERE id = $1', [body.id])).rows).toEqual([{ content: null }])
    expect((await download('ent-01-contact', caseNo, body.id, onDisk)).rawPayload).toEqual(pdf)
  })

  it('is written only once it is taken: nothing that was refused is left there, or takes the place of a former file', async () => {
    const caseNo = await openCase(onDisk.db)
    const { body } = await upload('ent-01-contact', caseNo, { on: onDisk, key: 'the-key-on-disk' })
    const before = readdirSync(dir)
    expect((await upload('ent-01-contact', caseNo, { on: onDisk, key: 'the-key-on-disk', content: Buffer.from('%PDF-1.7\nother') })).body.code).toBe('idempotency-key-reused')
    expect((await upload('traffic-1', caseNo, { on: onDisk })).status).toBeGreaterThanOrEqual(403)
    expect((await download('ent-01-contact', caseNo, body.id, onDisk)).rawPayload).toEqual(pdf)
    expect(readdirSync(dir)).toEqual(before)
  })

  it('that was changed is not handed out', async () => {
    const caseNo = await openCase(onDisk.db)
    const { body } = await upload('ent-01-contact', caseNo, { on: onDisk })
    writeFileSync(join(dir, body.id), '%PDF-1.7\nforged')
    expect((await download('ent-01-contact', caseNo, body.id, onDisk)).statusCode).toBe(500)
    expect(readdirSync(dir).filter(name => name.endsWith('.new'))).toEqual([])
  })
})
