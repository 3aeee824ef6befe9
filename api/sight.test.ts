import readWorkbook from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { asWho, findPerson } from '../db/directory/directory.ts'
import { readChange } from '../db/record/changes.ts'
import { findCase } from '../db/record/record.ts'
import type { Sight } from '../model/actions.ts'
import type { EventData, NewEvent } from '../model/events.ts'
import type { Policy } from '../model/policy.ts'
import type { EnterpriseSees } from '../model/types.ts'
import { policy as probe } from '../test/probe/policy.ts'
import { addProbe } from '../test/probe/procedure.ts'
import { append, documentIssued, event, fresh, officer, openCase, taskOpened } from '../test/sample-case.ts'
import { idNumber, line, prose } from '../workflows/kit/fields.ts'
import { forApplicant, forOfficers, masked } from '../workflows/kit/readers-of-forms.ts'
import { startRecordApi, type RecordApi } from './testing/test-record-api.ts'
import { allRoutes } from './routes/index.ts'
import { messagesOf } from './stream.ts'

const Application = z.strictObject({ subject: line('事由', 100), idNumber: masked(idNumber('证件号码')), memo: forOfficers(prose('内部意见')) }).meta({ title: '试验', examples: [{ subject: '试验', idNumber: 'E00001234', memo: '内部' }] })
const text = z.object({ text: line('内容', 100) })
const forms = { application: Application, tasks: Object.fromEntries(Object.keys(probe.tasks).map(name => [name, text])) }
const shown = { facts: { inner: text, outer: forApplicant(text) }, results: { done: z.object({ text: line('结果', 100), grounds: forOfficers(line('依据', 100)) }) }, documents: { paper: text, inner: text } }

/** Every way in which a case can be kept: its procedure's policy, what stands on it, and what each contact of ent-01 sees of it. */
const KEPT: Record<string, { own: Partial<Policy>, restricted: boolean, sees?: EnterpriseSees, by?: string, isShown?: true, filer: Sight, colleague: Sight, officers: boolean }> = {
  'internal': { own: {}, restricted: false, filer: 'all', colleague: 'all', officers: true },
  'not-yet-shown': { own: { shownFrom: 'show' }, restricted: false, sees: 'nothing', by: 'traffic-1', filer: 'none', colleague: 'none', officers: true },
  'shown': { own: { shownFrom: 'show' }, restricted: false, sees: 'nothing', by: 'traffic-1', isShown: true, filer: 'all', colleague: 'all', officers: true },
  'official': { own: { confidentiality: 'official' }, restricted: false, sees: 'nothing', by: 'traffic-1', filer: 'none', colleague: 'none', officers: true },
  'official-filed': { own: { confidentiality: 'official' }, restricted: false, sees: 'window', filer: 'window', colleague: 'none', officers: true },
  'restricted': { own: { confidentiality: 'restricted' }, restricted: true, sees: 'nothing', by: 'traffic-1', filer: 'none', colleague: 'none', officers: false },
  'restricted-filed': { own: { confidentiality: 'restricted' }, restricted: true, sees: 'window', filer: 'window', colleague: 'none', officers: false },
  'restricted-shown': { own: { confidentiality: 'restricted', shownFrom: 'show' }, restricted: true, sees: 'nothing', by: 'traffic-1', isShown: true, filer: 'all', colleague: 'all', officers: false },
}
const FILER = 'ent-01-contact'
const COLLEAGUE = 'ent-01-second'
/** What no enterprise may read, and what is only for whom its case is shown. */
const INNER = /机密|内部意见|内部事实|内部通报|E00001234|economic-crime-1|traffic-1|民警/
const OUTER = /事由甲|结果甲|公开事实|证〔/

let api: RecordApi
const cases = new Map<string, string>()
beforeAll(async () => {
  api = await startRecordApi(deps => allRoutes(deps))
  await api.owner.pool.query(`INSERT INTO person (id, sub, name, enterprise_id, roles) VALUES ($1, $1, '示例联系人乙', 'ent-01', '{enterprise}')`, [COLLEAGUE])
  for (const [key, { own, restricted, sees, by = FILER, isShown }] of Object.entries(KEPT)) {
    const { policy } = addProbe({ key, whoMayApply: ['handler'], ...own }, { forms, shown, titleOf: () => '试验案件' })
    const inner = (no: string): NewEvent[] => [
      taskOpened(no, { name: 'one', title: '初步审查' }), event('task-claimed', { task: `${no}.one.1` }, officer('economic-crime-1')),
      event('task-completed', { task: `${no}.one.1`, action: 'complete', form: { text: '机密意见' } }, officer('economic-crime-1')),
      event('told', { to: { role: 'office' }, title: '内部通报', body: '机密' }), event('noted', { name: 'inner', facts: { text: '内部事实' } }), event('noted', { name: 'outer', facts: { text: '公开事实' } }),
    ]
    const outer = (no: string): NewEvent[] => [
      taskOpened(no, { name: 'two', title: '办理' }), documentIssued(fresh('证〔2026〕'), { kind: 'paper', content: { text: '公开文书' } }), documentIssued(fresh('密〔2026〕'), { kind: 'inner', content: { text: '机密文书' }, to: 'officers' }),
      event('told', { to: 'applicant', title: '告知甲', body: '请知悉' }), event('clock-paused', { deadline: null, reason: '内部原因' }), event('clock-resumed', { deadline: null }),
    ]
    const fields = { procedure: policy.key, title: '试验案件', restricted, ...(sees && { enterpriseSees: sees }), applicantId: by, enterpriseId: 'ent-01', application: { subject: '事由甲', idNumber: 'E00001234', memo: '内部意见' } }
    const caseNo = await openCase(api.db, inner, fields as Partial<EventData['case-opened']>)
    if (isShown) await append(api.db, caseNo, event('case-shown', {}))
    await append(api.db, caseNo, ...outer(caseNo))
    cases.set(key, caseNo)
  }
})
afterAll(() => api.close())

const get = (person: string, url: string) => api.ask(person, 'GET', url)
async function workbook(person: string, url: string): Promise<string> {
  const answer = await api.app.inject({ url, headers: { authorization: await api.authorization(person) } })
  return answer.statusCode === 200 ? JSON.stringify(await readWorkbook(answer.rawPayload)) : ''
}

/** Everything that somebody is told of a case, by every way there is. */
async function waysTo(person: string, caseNo: string, key: string): Promise<Record<string, boolean>> {
  const who = asWho((await findPerson(api.db.pool, person))!)
  const url = `/api/cases/${caseNo}`
  const { file: { lastSeq } } = (await findCase(api.db.pool, caseNo))!
  const change = (await readChange(api.db.pool, { caseNo, from: 1, to: lastSeq }, [person]))!
  const { rows: notices } = await api.db.pool.query('SELECT title, body FROM notice WHERE person_id = $1 AND case_no = $2', [person, caseNo])
  const found = async (query: string) => (await get(person, `/api/cases?limit=100&${query}`)).body.items.some((one: { caseNo: string }) => one.caseNo === caseNo)
  const views = await Promise.all(['todo', 'mine', 'candidate', 'unit', 'overdue', 'done', 'filed', 'handed-on', 'copied', 'all'].map(view => get(person, `/api/tasks?view=${view}&limit=100`)))
  return {
    case: (await get(person, url)).status === 200, events: (await get(person, `${url}/events`)).status === 200, materials: (await get(person, `${url}/materials`)).status === 200,
    journey: (await get(person, `${url}/journey`)).status === 200, clock: (await get(person, `${url}/clock`)).status === 200, verify: (await get(person, `${url}/events/verify`)).status === 200,
    list: await found(''), number: await found(`q=${caseNo}`), title: await found(`q=${encodeURIComponent('试验案件')}`), document: await found(`q=${encodeURIComponent('证〔2026〕')}`), innerDocument: await found(`q=${encodeURIComponent('密〔2026〕')}`),
    status: await found('status=open'), card: await found('card=none'), unit: await found('unit=economic-crime'),
    tasks: views.some(({ body }) => body.items.some((one: { caseNo: string }) => one.caseNo === caseNo)),
    export: (await workbook(person, '/api/cases.xlsx')).includes(caseNo), tasksExport: (await workbook(person, '/api/tasks.xlsx?view=all')).includes(caseNo),
    board: (await get(person, '/api/board')).status === 200, stream: messagesOf(change, who).includes('event: case'), notices: notices.length > 0,
    draft: (await api.ask(person, 'PUT', `/api/drafts/draft-${person}-${caseNo}`, { version: 0, for: { caseNo, action: 'comment' }, form: {} })).status === 200,
    catalogue: (await get(person, '/api/procedures')).body.some((one: { key: string }) => one.key === key), procedure: (await get(person, `/api/procedures/${key}`)).status === 200,
  }
}

const names = (ways: Record<string, boolean>) => Object.keys(ways).filter(way => ways[way])
const BY_SIGHT: Record<Exclude<Sight, 'lane'>, (ways: string[]) => void> = {
  // Whatever lists, searches, exports and streams a case.
  all: (ways) => {
    expect(ways).not.toContain('innerDocument')
    expect(ways).toEqual(expect.arrayContaining(['case', 'events', 'materials', 'journey', 'clock', 'verify', 'list', 'number', 'title', 'document', 'export', 'stream', 'notices', 'draft', 'catalogue', 'procedure']))
  },
  window: ways => expect(ways.sort()).toEqual(['case', 'draft', 'events', 'export', 'list', 'materials', 'notices', 'number', 'stream']),
  none: ways => expect(ways).toEqual([]),
}

describe.each(Object.entries(KEPT))('a case that is %s', (key, { filer, colleague, officers, isShown }) => {
  it.each([[FILER, filer], [COLLEAGUE, colleague], ['ent-02-contact', 'none']] as const)('is for %s, in every way: %s', async (person, sight) => {
    const caseNo = cases.get(key)!
    BY_SIGHT[sight as keyof typeof BY_SIGHT](names(await waysTo(person, caseNo, key)))
    const [seen, events, notices] = [await get(person, `/api/cases/${caseNo}`), await get(person, `/api/cases/${caseNo}/events`), await api.db.pool.query('SELECT title, body FROM notice WHERE person_id = $1 AND case_no = $2', [person, caseNo])]
    const everything = JSON.stringify([sight === 'none' ? [] : [seen.body, events.body, (await get(person, `/api/cases?q=${caseNo}`)).body], notices.rows])
    // His own number is the filer's to read.
    expect(everything.replaceAll(sight === 'all' && person === FILER && !isShown ? 'E00001234' : '\0', '')).not.toMatch(INNER)
    if (isShown) expect(everything, 'before it was shown').not.toMatch(/初步审查/)
    if (sight === 'all') expect([...everything.matchAll(new RegExp(OUTER, 'g'))].map(([found]) => found)).toEqual(expect.arrayContaining(['事由甲', '证〔']))
    else expect(everything).not.toMatch(OUTER)
    if (sight !== 'window') return
    expect(seen.body).toMatchObject({ title: '试验', stageTitle: '办理中', application: {}, facts: {}, result: null, tasks: [], documents: [], links: [], unit: null, dueAt: null, card: 'none', outcome: null })
    expect(events.body.map((e: { type: string, seq: number }) => `${e.seq} ${e.type}`)).toEqual(['1 case-opened', '2 told'])
    expect(seen.body.actions.map((one: { name: string }) => one.name).sort()).toEqual(['comment', 'urge'])
  })

  it('is for officers as need to know has it, however little its enterprise sees', async () => {
    const caseNo = cases.get(key)!
    for (const person of ['office-1', 'bureau-leader-1', 'desk-1', 'economic-crime-leader']) {
      const ways = names(await waysTo(person, caseNo, key)).filter(way => ['case', 'events', 'list', 'export', 'stream', 'title', 'document'].includes(way))
      expect(ways.length, `${person}: ${ways}`).toBe(officers ? 7 : 0)
    }
    for (const person of ['legal-1', 'admin-1', 'station-01-1']) expect((await get(person, `/api/cases/${caseNo}`)).status, person).toBe(404)
    expect((await get('economic-crime-1', `/api/cases/${caseNo}`)).body).toMatchObject({ application: { idNumber: 'E00001234', memo: '内部意见' }, confidentiality: key.split('-')[0]!.replace(/shown|not/, 'internal') })
    if (officers) expect((await get('office-1', `/api/cases/${caseNo}`)).body, 'who takes no part').toMatchObject({ application: { subject: '事由甲', idNumber: '*****1234', memo: '内部意见' }, facts: { inner: { text: '内部事实' } } })
  })
})

it('what was before a case was shown stays unread', async () => {
  const { body: events } = await get(FILER, `/api/cases/${cases.get('shown')}/events`)
  expect(events.map((e: { type: string }) => e.type).slice(0, 3)).toEqual(['case-opened', 'case-shown', 'task-opened'])
  const { body: { tasks, documents, facts } } = await get(FILER, `/api/cases/${cases.get('shown')}`)
  expect([tasks.map((t: { name: string }) => t.name), documents.map((d: { kind: string }) => d.kind), facts]).toEqual([['two'], ['paper'], { outer: { text: '公开事实' } }])
})

it('whoever has a window may say something through it and is answered, and takes nothing else', async () => {
  const caseNo = cases.get('restricted-filed')!
  const act = (person: string, action: string, body: object = {}) => api.app.inject({ method: 'POST', url: `/api/cases/${caseNo}/actions/${action}`, headers: { 'idempotency-key': `window-${person}-${action}` }, payload: body })
  const as = async (person: string, action: string, body: object = {}) => {
    const authorization = await api.authorization(person)
    return (await api.app.inject({ method: 'POST', url: `/api/cases/${caseNo}/actions/${action}`, headers: { authorization, 'idempotency-key': `window-${person}-${action}` }, payload: body })).statusCode
  }
  expect((await act(FILER, 'comment')).statusCode).toBe(401)
  expect(await as(FILER, 'comment', { text: '补充线索' })).toBe(200)
  expect(await as(FILER, 'withdraw', { reason: '不报了' })).toBe(409)
  for (const person of [COLLEAGUE, 'ent-02-contact']) expect(await as(person, 'comment', { text: '我也看看' }), person).toBe(404)
  expect(await as('economic-crime-1', 'comment', { text: '已收到补充', to: 'applicant' })).toBe(200)
  expect((await get(FILER, `/api/cases/${caseNo}/events`)).body.map((e: { type: string, data: { text?: string }, actor: { name: string } | null }) => [e.type, e.data.text, e.actor?.name]).slice(2))
    .toEqual([['commented', '补充线索', expect.any(String)], ['commented', '已收到补充', '工作人员']])
})
