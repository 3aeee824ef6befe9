import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { linesOf, textOf } from '../../documents/testing.ts'
import { append, documentIssued, event, openCase } from '../../test/sample-case.ts'
import { Application } from '../../workflows/precursor-purchase/forms.ts'
import { judgeFile } from '../cases/file-kinds.ts'
import { startApi, type TestApi } from '../testing/test-api.ts'

let api: TestApi
beforeAll(async () => { api = await startApi() })
afterAll(() => api?.close())

const [application] = Application.meta()!.examples as [Application]

/** Of an enterprise that buys once, at an address of its own: nothing is added up with another purchase. */
async function file(person: string, change: Partial<Application> = {}): Promise<string> {
  const { buyer: _, ...rest } = application
  const { status, body } = await api.post(person, '/api/procedures/precursor-purchase/cases', { ...rest, deliverTo: `示例市${person}路`, ...change })
  expect(status, JSON.stringify(body)).toBe(201)
  return body.caseNo
}
async function examine(caseNo: string, decision = 'approve') {
  const { id } = await api.task('anti-drug-1', caseNo, 'examine')
  return api.act('anti-drug-1', id, 'complete', { decision })
}
const caseAs = async (person: string, caseNo: string) => (await api.get(person, `/api/cases/${caseNo}`)).body
async function certified(person: string, change: Partial<Application> = {}) {
  const caseNo = await file(person, change)
  expect((await examine(caseNo)).status).toBe(200)
  await expect.poll(async () => (await caseAs(person, caseNo)).documents.length, { timeout: 10_000 }).toBe(1)
  return { caseNo, document: (await caseAs(person, caseNo)).documents[0] }
}
const tokens = new Map<string, string>()
/** Asks as a person for what is no JSON. */
async function raw(person: string, url: string) {
  if (!tokens.has(person)) tokens.set(person, (await api.app.inject({ method: 'POST', url: '/api/dev/login', payload: { person } })).json().token)
  return api.app.inject({ url, headers: { authorization: `Bearer ${tokens.get(person)}` } })
}
const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex')

describe('a document', () => {
  it('is kept as a file when it is issued: its hash is in the chain, and every reading is noted', async () => {
    const { caseNo, document } = await certified('ent-04-contact')
    expect(document).toMatchObject({ name: '购买备案证明', title: '易制毒化学品购买备案证明', state: 'valid', audience: 'applicant', code: expect.stringMatching(/^([A-Z2-9]{4}-){3}[A-Z2-9]{4}$/) })
    const answer = await raw('ent-04-contact', document.href)
    expect(answer.headers).toMatchObject({ 'content-type': 'application/pdf', 'content-disposition': expect.stringMatching(/^attachment; /), 'cache-control': 'no-store' })
    expect(sha256(answer.rawPayload)).toBe(document.hash)
    const issued = (await api.get('anti-drug-1', `/api/cases/${caseNo}/events`)).body.find((e: any) => e.type === 'document-issued')
    expect(issued.data).toMatchObject({ number: document.number, hash: document.hash })
    const text = textOf(await linesOf(answer.rawPayload))
    for (const said of [document.number, document.code, '500', '油墨稀释剂']) expect(text).toContain(said)
    expect((await raw('anti-drug-1', `${document.href}?show=1`)).headers['content-disposition']).toMatch(/^inline; /)
    const { rows } = await api.system.db.pool.query(`SELECT person_id FROM access_log WHERE case_no = $1 AND what = 'document' ORDER BY id`, [caseNo])
    expect(rows.map(r => r.person_id)).toEqual(['ent-04-contact', 'anti-drug-1'])
  })

  it('is not there for another enterprise, nor of another case, nor where there is none', async () => {
    const { caseNo, document } = await certified('ent-05-contact')
    const other = await file('ent-01-contact')
    for (const [person, url] of [['ent-01-contact', document.href], ['admin-1', document.href], ['ent-05-contact', document.href.replace(caseNo, other)], ['ent-05-contact', `/api/cases/${caseNo}/documents/none`]] as const) {
      expect((await raw(person, url)).statusCode, `${person} ${url}`).toBe(404)
    }
  })

  it('for officers is not there for the enterprise whose case it is: not in the case, the events, or as a file', async () => {
    const number = '内部〔2026〕1号'
    const caseNo = await openCase(api.system.db, () => [documentIssued(number, { to: 'officers' })])
    const shown = async (person: string) => JSON.stringify([await caseAs(person, caseNo), (await api.get(person, `/api/cases/${caseNo}/events`)).body])
    expect(await shown('office-1')).toContain(number)
    expect(await shown('ent-01-contact')).toContain('货车被扣')
    expect(await shown('ent-01-contact')).not.toContain(number)
    expect((await raw('ent-01-contact', `/api/cases/${caseNo}/documents/${encodeURIComponent(number)}`)).statusCode).toBe(404)
  })

  it('that could not be printed is refused to who decides, by its character, before a number is given', async () => {
    const caseNo = await file('ent-02-contact', { deliverTo: '示例市𠮷祥路 1 号' })
    expect(await examine(caseNo)).toMatchObject({ status: 400, body: { code: 'bad-form', detail: expect.stringContaining('《购买备案证明》印不出“𠮷”') } })
    expect(await caseAs('anti-drug-1', caseNo)).toMatchObject({ status: 'open', documents: [] })
    const { document } = await certified('ent-03-contact', { deliverTo: '示例市㑇𬭁路 1 号' })
    const { rows: [{ last, given }] } = await api.system.db.pool.query(`SELECT c.last, (SELECT count(*)::int FROM document WHERE kind = 'certificate') AS given FROM document_counter c WHERE kind = 'certificate'`)
    expect(last).toBe(given)
    expect(textOf(await linesOf((await raw('ent-03-contact', document.href)).rawPayload))).toContain('㑇𬭁路')
  })
})

describe('whoever is about to decide', () => {
  const preview = async (person: string, task: string, form: object, as = '') => {
    await raw(person, '/api/session')
    return api.app.inject({ method: 'POST', url: `/api/tasks/${task}/preview${as}`, headers: { authorization: `Bearer ${tokens.get(person)}` }, payload: form })
  }

  it('sees what will be issued by the form as it stands, without a number and marked as a preview; nothing is kept', async () => {
    const caseNo = await file('ent-06-contact')
    const { id } = await api.task('anti-drug-1', caseNo, 'examine')
    const shown = await preview('anti-drug-1', id, { decision: 'approve' })
    expect(shown.headers).toMatchObject({ 'content-type': 'application/pdf', 'content-disposition': expect.stringMatching(/^inline/) })
    const text = textOf(await linesOf(shown.rawPayload))
    for (const said of ['预览，尚未出具，不得使用', '（未编号）', '油墨稀释剂']) expect(text).toContain(said)
    expect(text).not.toContain('核验码')
    const draft = await preview('anti-drug-1', `${id}`, { decision: 'approve' }, '?as=docx')
    expect(judgeFile(draft.rawPayload)).toMatchObject({ kind: { endings: ['docx'] } })
    expect((await preview('anti-drug-1', id, { decision: 'reject', reason: '证照过期。' })).statusCode).toBe(204)
    expect((await preview('anti-drug-1', id, { decision: 'reject' })).json()).toMatchObject({ code: 'bad-form', errors: [{ pointer: '/reason' }] })
    expect((await preview('office-1', id, { decision: 'approve' })).statusCode).toBe(403)
    expect((await preview('traffic-1', id, { decision: 'approve' })).statusCode).toBe(404)
    expect((await preview('ent-01-contact', id, { decision: 'approve' })).statusCode).toBe(404)
    expect(await caseAs('anti-drug-1', caseNo)).toMatchObject({ documents: [], tasks: [{ status: 'open' }] })
  })
})

describe('anybody', () => {
  let document: any
  let content: Buffer
  beforeAll(async () => {
    const { rows: [row] } = await api.system.db.pool.query(`SELECT d.number, d.code, d.hash, f.content FROM document d JOIN document_file f USING (number) LIMIT 1`)
    document = row
    content = row.content
  })
  const verify = (number: string, code: string, headers: Record<string, string> = {}) => api.app.inject({ url: `/verify/${encodeURIComponent(number)}?code=${encodeURIComponent(code)}`, headers, remoteAddress: `192.0.2.${++address}` })
  const verifyFile = (file: Buffer) => api.app.inject({ method: 'POST', url: '/verify', payload: file, headers: { 'content-type': 'application/octet-stream' }, remoteAddress: `192.0.2.${++address}` })
  let address = 0

  it('finds out by number and code, however they are typed, or by the file, that a document is genuine, and no more than what stands on it', async () => {
    const expected = { genuine: true, number: document.number, kind: '购买备案证明', date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), state: 'valid', hash: document.hash }
    const typed = document.number.replace('〔', ' [').replace('〕', '] ')
    for (const answer of [await verify(document.number, document.code), await verify(typed, document.code.toLowerCase().replaceAll('-', ' ')), await verifyFile(content)]) {
      expect(answer.statusCode).toBe(200)
      expect(answer.json()).toEqual(expected)
      expect(answer.headers['cache-control']).toBe('no-store')
    }
  })

  it('is told the same of a wrong code, of no code, of a number that nobody has, and of a file that was changed', async () => {
    const nothing = { genuine: false, number: null, kind: null, date: null, state: null, hash: null }
    const changed = Buffer.from(content)
    changed[1000]! ^= 1
    for (const answer of [await verify(document.number, 'AAAA-AAAA-AAAA-AAAA'), await verify(document.number, ''), await verify('易制毒购备〔2026〕9999号', document.code), await verify('x', 'none'), await verifyFile(changed), await verifyFile(Buffer.from('x'))]) {
      expect(answer.statusCode).toBe(200)
      expect(answer.json()).toEqual(nothing)
    }
  })

  it('with a browser comes to the page, and who tries codes is held up', async () => {
    const page = await verify(document.number, document.code, { accept: 'text/html,application/xhtml+xml' })
    expect([page.statusCode, page.headers.location]).toEqual([303, `/verify?number=${encodeURIComponent(document.number)}&code=${document.code}`])
    const tried = []
    for (let i = 0; i < 31; i++) tried.push((await api.app.inject({ url: `/verify/x?code=${i}`, remoteAddress: '198.51.100.7' })).statusCode)
    expect([tried.filter(status => status === 200).length, tried.at(-1)]).toEqual([30, 429])
  })
})

describe('the register', () => {
  const list = async (person: string, query = '') => (await api.get(person, `/api/documents?limit=100${query}`)).body
  let withdrawn: string
  let replaced: string
  let caseNo: string
  beforeAll(async () => {
    [withdrawn, replaced] = ['登记〔2026〕1号', '登记〔2026〕2号']
    caseNo = await openCase(api.system.db, () => [documentIssued(withdrawn, { kind: 'certificate', hash: '1'.repeat(64), title: '误发的证明' }), documentIssued(replaced, { kind: 'certificate', hash: '2'.repeat(64) }), documentIssued('登记〔2026〕3号', { kind: 'certificate', hash: '3'.repeat(64) })])
    await append(api.system.db, caseNo, event('document-withdrawn', { number: withdrawn, reason: '发错企业', to: 'applicant' }), event('document-replaced', { number: replaced, by: '登记〔2026〕3号', reason: '更正笔误', to: 'applicant' }))
    await openCase(api.system.db, () => [documentIssued('羁审〔2026〕1号', { title: '涉密事项', hash: '4'.repeat(64) })], { restricted: true, procedure: 'detention-report', title: '羁押事前报备', applicantId: 'criminal-1', enterpriseId: 'ent-01', enterpriseSees: 'nothing' })
  })

  it('says openly what was withdrawn or replaced, and why: in the case, the register, and to whoever has it checked', async () => {
    const { documents } = await caseAs('ent-01-contact', caseNo)
    expect(documents).toMatchObject([
      { number: withdrawn, state: 'withdrawn', stateReason: '发错企业', replacedBy: null }, { number: replaced, state: 'replaced', stateReason: '更正笔误', replacedBy: '登记〔2026〕3号' },
      { number: '登记〔2026〕3号', state: 'valid', stateSince: null, stateReason: null },
    ])
    const { items } = await list('ent-01-contact')
    expect(items.map((one: any) => [one.number, one.state])).toEqual(expect.arrayContaining([[withdrawn, 'withdrawn'], [replaced, 'replaced'], ['登记〔2026〕3号', 'valid']]))
    const verified = async (number: string) => (await api.app.inject({ url: `/verify/${encodeURIComponent(number)}?code=ABCD-EFGH-JKLM-NPQR` })).json()
    expect([await verified(withdrawn), await verified(replaced)]).toMatchObject([{ genuine: true, state: 'withdrawn' }, { genuine: true, state: 'replaced' }])
    const told = (await api.get('ent-01-contact', `/api/cases/${caseNo}/events`)).body.filter((e: any) => e.type.startsWith('document-')).map((e: any) => e.data.reason)
    expect(told).toEqual(expect.arrayContaining(['发错企业', '更正笔误']))
  })

  it('shows each enterprise its own, leaders and the office every number, and of a case that they may not see no more than the number', async () => {
    const numbers = (found: any) => found.items.map((one: any) => one.number)
    expect(numbers(await list('ent-02-contact'))).not.toContain(withdrawn)
    expect(numbers(await list('ent-01-contact'))).not.toContain('羁审〔2026〕1号')
    const masked = (await list('office-1')).items.find((one: any) => one.number === '羁审〔2026〕1号')
    expect(masked).toMatchObject({ procedure: 'detention-report', title: null, caseNo: null, caseTitle: null, enterprise: null, href: null })
    expect(JSON.stringify(await list('office-1'))).not.toContain('涉密事项')
    expect((await api.get('criminal-1', '/api/documents')).status).toBe(403)
    expect((await api.get('admin-1', '/api/documents')).status).toBe(403)
  })

  it('is found by number however typed, title and enterprise, narrowed, and read page by page; what is not shown is not found', async () => {
    expect((await list('office-1', '&q=' + encodeURIComponent('登记[2026]1'))).items.map((one: any) => one.number)).toContain(withdrawn)
    expect((await list('office-1', '&q=' + encodeURIComponent('误发的证明'))).total).toBe(1)
    expect((await list('office-1', '&q=' + encodeURIComponent('涉密事项'))).total).toBe(0)
    expect((await list('office-1', '&procedure=detention-report')).total).toBe(1)
    const { items, total } = await list('office-1')
    const paged: string[] = []
    for (let cursor = ''; ;) {
      const { body } = await api.get('office-1', `/api/documents?limit=2${cursor}`)
      paged.push(...body.items.map((one: any) => one.number))
      if (!body.nextCursor) break
      cursor = `&cursor=${body.nextCursor}`
    }
    expect(paged).toEqual(items.map((one: any) => one.number))
    expect(paged).toHaveLength(total)
  })

  it('says how far each kind is numbered, and that no number is missing', async () => {
    const [certificates] = (await api.get('office-1', '/api/documents/numbers')).body
    expect(certificates).toMatchObject({ kind: 'certificate', name: '购买备案证明', prefix: '易制毒购备' })
    expect((await api.get('ent-01-contact', '/api/documents/numbers')).status).toBe(403)
  })
})
