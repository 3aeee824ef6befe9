import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { append, deadline, documentIssued, event, officer, openCase, taskOpened } from '../../test/sample-case.ts'
import { startRecordApi, type RecordApi } from '../testing/test-record-api.ts'
import { caseRoutes } from './cases.ts'
import { taskRoutes } from './tasks.ts'

let api: RecordApi
beforeAll(async () => { api = await startRecordApi(deps => [caseRoutes(deps), taskRoutes(deps)]) })
afterAll(() => api.close())

const get = async (person: string, url: string) => (await api.ask(person, 'GET', url)).body
const isInstant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+08:00$/)

describe('a case', () => {
  it('is shown whole to those who handle it: names, dates in Shanghai’s offset, tasks, documents, links, facts', async () => {
    const caseNo = await openCase(api.db, no => [
      taskOpened(no), event('noted', { name: 'check', facts: { ok: true } }), event('linked', { caseNo: 'EA-9', kind: 'duplicate-of' }),
      documentIssued('示例〔2026〕1号', { kind: 'certificate', content: { text: '准予' } }),
    ], { deadline: deadline() })
    await append(api.db, caseNo, event('task-claimed', { task: `${caseNo}.handle.1` }, officer('economic-crime-1')))
    const shown = await get('economic-crime-1', `/api/cases/${caseNo}`)
    expect(shown).toMatchObject({
      caseNo, procedure: 'enterprise-appeal', title: '货车被扣', status: 'open', stage: 'handle', stageTitle: '办理', outcome: null, clock: { n: 5, unit: 'workday' }, card: 'none', restricted: false, round: 1, rating: null, result: null,
      enterprise: { id: 'ent-01', name: '示例袜业有限公司' }, applicant: { id: 'ent-01-contact', name: '示例袜业有限公司 联系人' }, filedBy: { id: 'ent-01-contact' },
      unit: 'economic-crime', unitName: '经侦大队', openedAt: isInstant, dueAt: '2026-03-12T23:59:59.000+08:00', closedAt: null,
      application: { subject: '货车被扣' }, facts: { check: { ok: true } }, links: [{ caseNo: 'EA-9', kind: 'duplicate-of' }],
      documents: [{ number: '示例〔2026〕1号', kind: 'certificate', content: { text: '准予' }, issuedAt: isInstant }],
      tasks: [{ id: `${caseNo}.handle.1`, name: 'handle', title: '办理', status: 'claimed', unit: 'economic-crime', unitName: '经侦大队', holder: { id: 'economic-crime-1', name: '经侦大队 民警甲' }, round: 1, createdAt: isInstant, dueAt: isInstant }],
    })
  })

  it('offers each the actions that are theirs, with a form where there is something to fill in', async () => {
    const caseNo = await openCase(api.db, no => [
      taskOpened(no, { deadline: deadline(new Date(Date.now() + 3600_000).toISOString()) }),
      taskOpened(no, { name: 'rate', title: '评价', unit: 'applicant', role: 'enterprise', holder: 'ent-01-contact' }),
    ])
    await append(api.db, caseNo, event('task-claimed', { task: `${caseNo}.handle.1` }, officer('economic-crime-1')))
    const actions = async (person: string, url = `/api/cases/${caseNo}`) => (await get(person, url)).actions
    const names = async (person: string, url?: string) => (await actions(person, url)).map((a: { name: string }) => a.name)
    expect(await names('ent-01-contact')).toEqual(['rate', 'urge', 'comment', 'withdraw'])
    expect(await names('economic-crime-1')).toEqual(['comment', 'extend', 'declare-conflict'])
    expect(await names('economic-crime-2')).toEqual([])
    expect(await names('office-1')).toEqual(['comment', 'link', 'cancel'])
    expect(await names('economic-crime-1', `/api/tasks/${caseNo}.handle.1`)).toEqual(['complete', 'return', 'release', 'delegate', 'extend', 'declare-conflict'])
    expect(await names('economic-crime-leader', `/api/tasks/${caseNo}.handle.1`)).toEqual(['transfer'])
    const [rate] = await actions('ent-01-contact')
    expect(rate).toMatchObject({ title: '评价', irreversible: true, form: { properties: { rating: { title: '满意度' } } } })
    const release = (await actions('economic-crime-1', `/api/tasks/${caseNo}.handle.1`)).find((a: { name: string }) => a.name === 'release')
    expect(release).toEqual({ name: 'release', title: expect.stringMatching(/\p{Script=Han}/u), irreversible: false, form: null })
    const extend = (await actions('economic-crime-1')).find((a: { name: string }) => a.name === 'extend')
    expect(Object.keys(extend.form.properties)).toEqual(['task', 'n', 'unit', 'reason'])
  })

  it('says which steps a task can be returned to, and which tasks can be extended', async () => {
    const caseNo = await openCase(api.db, no => [taskOpened(no, { deadline: deadline(new Date(Date.now() + 3600_000).toISOString()) })])
    await append(api.db, caseNo, event('task-claimed', { task: `${caseNo}.handle.1` }, officer('economic-crime-1')))
    const choices = async (url: string, action: string, field: string) =>
      (await get('economic-crime-1', url)).actions.find((a: { name: string }) => a.name === action).form.properties[field].oneOf
    expect(await choices(`/api/tasks/${caseNo}.handle.1`, 'return', 'to')).toEqual([{ const: 'triage', title: '分流' }])
    expect(await choices(`/api/cases/${caseNo}`, 'extend', 'task')).toEqual([{ const: `${caseNo}.handle.1`, title: '办理' }])
  })

  it('tells whose deadline it is due by: the promise’s, with its clock, or else that of the task due first', async () => {
    const soon = deadline('2026-03-06T18:00:00+08:00')
    const caseNo = await openCase(api.db, no => [taskOpened(no), taskOpened(no, { name: 'co-handle', deadline: soon })], { deadline: deadline() })
    const listed = async () => (await get('office-1', `/api/cases?q=${caseNo}`)).items
    expect(await listed()).toMatchObject([{ dueAt: '2026-03-12T23:59:59.000+08:00', clock: { n: 5, unit: 'workday' } }])
    await append(api.db, caseNo, event('promise-kept', { deadline: { ...deadline(), keptAt: '2026-03-05T12:00:00+08:00' } }))
    expect(await listed()).toMatchObject([{ dueAt: '2026-03-06T18:00:00.000+08:00', clock: null }])
  })

  it('does not offer an extension when the time is up', async () => {
    const caseNo = await openCase(api.db, no => [taskOpened(no, { deadline: deadline('2020-01-01T00:00:00+08:00') })])
    await append(api.db, caseNo, event('task-claimed', { task: `${caseNo}.handle.1` }, officer('economic-crime-1')))
    expect((await get('economic-crime-1', `/api/tasks/${caseNo}.handle.1`)).actions.map((a: { name: string }) => a.name)).not.toContain('extend')
  })
})

describe('the clock', () => {
  it('explains the case’s promise and each task’s deadline, to an enterprise in full only what is its own', async () => {
    const caseNo = await openCase(api.db, no => [taskOpened(no), taskOpened(no, { name: 'rate', title: '评价', unit: 'applicant', role: 'enterprise', holder: 'ent-01-contact' })], { deadline: deadline() })
    const all = await get('office-1', `/api/cases/${caseNo}/clock`)
    expect(all.map((d: { of: string }) => d.of)).toEqual(['case', `${caseNo}.handle.1`, `${caseNo}.rate.1`])
    expect(all[0]).toMatchObject({ title: '全案', live: true, rule: expect.stringContaining('5 个工作日'), startAt: '2026-03-05T10:00:00+08:00', dueAt: '2026-03-12T23:59:59+08:00', provisional: false })
    expect(all[0].lines.join('\n')).toMatch(/起算：2026年3月5日.*当日不计/)
    expect((await get('ent-01-contact', `/api/cases/${caseNo}/clock`)).map((d: { of: string }) => d.of)).toEqual(['case', `${caseNo}.rate.1`, `${caseNo}.handle.1`])
  })
})

describe('the journey', () => {
  const done = (no: string, name: string, action: string, by: string, form = {}) => event('task-completed', { task: `${no}.${name}.1`, action, form }, officer(by))

  it('tells each step’s rounds with who and when, what came back, where it waits, and the moves in their order', async () => {
    const caseNo = await openCase(api.db, no => [taskOpened(no, { name: 'triage', title: '分流', unit: 'service-centre', role: 'duty-desk' })])
    await append(api.db, caseNo, done(caseNo, 'triage', 'complete', 'desk-1', { decision: 'accept' }), taskOpened(caseNo), taskOpened(caseNo, { name: 'co-handle', title: '协办', unit: 'traffic' }))
    await append(api.db, caseNo, done(caseNo, 'handle', 'return', 'economic-crime-1', { to: 'triage', reason: '不属本单位' }),
      event('task-cancelled', { task: `${caseNo}.co-handle.1`, reason: '同步办理的环节已退回' }), taskOpened(caseNo, { name: 'triage', title: '分流', unit: 'service-centre', role: 'duty-desk', round: 2 }))
    const { steps, moves, outcome } = await get('office-1', `/api/cases/${caseNo}/journey`)
    const step = (name: string) => steps.find((s: { name: string }) => s.name === name)
    expect(outcome).toBeNull()
    expect(steps.map((s: { name: string, status: string }) => `${s.name} ${s.status}`).slice(0, 6))
      .toEqual(['triage waiting', 'acknowledge not-reached', 'external-acknowledge not-reached', 'consultation not-reached', 'handle returned', 'co-handle cancelled'])
    expect(step('triage').rounds).toMatchObject([{ round: 1, status: 'done', person: { id: 'desk-1' }, unitName: '护企优商服务中心', from: isInstant, until: isInstant }, { round: 2, status: 'waiting', person: null, until: null }])
    expect(moves.map((m: { from: string, to: string }) => `${m.from} → ${m.to}`)).toEqual(['start → triage', 'triage → handle', 'triage → co-handle', 'handle → triage'])
    expect(moves[3]).toMatchObject({ at: isInstant, fromTask: `${caseNo}.handle.1`, toTask: `${caseNo}.triage.2` })
  })

  it('tells an enterprise which unit had it, not who; and what has lapsed and how it ended', async () => {
    const caseNo = await openCase(api.db, no => [taskOpened(no), taskOpened(no, { name: 'rate', title: '评价', unit: 'applicant', role: 'enterprise', holder: 'ent-01-contact' })])
    await append(api.db, caseNo, done(caseNo, 'handle', 'complete', 'economic-crime-1'), event('task-lapsed', { task: `${caseNo}.rate.1` }), event('case-closed', { outcome: 'resolved', result: null }))
    const { steps, moves, outcome } = await get('ent-01-contact', `/api/cases/${caseNo}/journey`)
    expect(outcome).toBe('resolved')
    expect(JSON.stringify(steps)).not.toContain('economic-crime-1')
    expect(steps.find((s: { name: string }) => s.name === 'handle').rounds[0].person.name).toBe('经侦大队 工作人员')
    expect(steps.find((s: { name: string }) => s.name === 'rate').status).toBe('lapsed')
    expect(moves.at(-1)).toMatchObject({ from: 'rate', to: 'resolved', toTask: null })
    expect((await api.ask('ent-02-contact', 'GET', `/api/cases/${caseNo}/journey`)).status).toBe(404)
  })
})

describe('what happened', () => {
  it('is told in order, each event with the hash of the one before', async () => {
    const caseNo = await openCase(api.db)
    await append(api.db, caseNo, event('commented', { text: '已核实', to: 'officers' }, officer('economic-crime-1')))
    const events = await get('office-1', `/api/cases/${caseNo}/events`)
    expect(events.map((e: { seq: number, type: string }) => [e.seq, e.type])).toEqual([[1, 'case-opened'], [2, 'task-opened'], [3, 'commented']])
    expect(events[0].prevHash).toBe('0'.repeat(64))
    expect(events[2]).toEqual({ seq: 3, at: isInstant, type: 'commented', actor: { id: 'economic-crime-1', name: '经侦大队 民警甲', unit: 'economic-crime' }, data: { text: '已核实', to: 'officers' }, names: {}, prevHash: events[1].hash, hash: expect.any(String) })
  })

  it('is verified: what somebody changed or took away in the database is found', async () => {
    const verify = async (caseNo: string) => get('office-1', `/api/cases/${caseNo}/events/verify`)
    const [whole, changed, cut] = [await openCase(api.db), await openCase(api.db), await openCase(api.db)]
    await api.owner.pool.query(`UPDATE case_event SET data = jsonb_set(data, '{title}', '"x"') WHERE case_no = $1 AND seq = 2`, [changed])
    await api.owner.pool.query('DELETE FROM case_event WHERE case_no = $1 AND seq = 2', [cut])
    expect(await verify(whole)).toEqual({ ok: true, length: 2, brokenAt: null })
    expect(await verify(changed)).toEqual({ ok: false, length: 2, brokenAt: 2 })
    expect(await verify(cut)).toEqual({ ok: false, length: 1, brokenAt: 2 })
  })

  it('cannot be changed by the application itself', async () => {
    const caseNo = await openCase(api.db)
    for (const statement of ['UPDATE case_event SET type = type', 'DELETE FROM case_event', 'DELETE FROM access_log', 'UPDATE refusal SET code = code']) {
      await expect(api.db.pool.query(statement), statement).rejects.toThrow('permission denied')
    }
    expect((await get('office-1', `/api/cases/${caseNo}/events`)).length).toBe(2)
  })
})

describe('lists', () => {
  it('of cases are paged by an opaque cursor, newest first, without gap or repetition', async () => {
    const opened: string[] = []
    for (let i = 0; i < 5; i++) opened.push(await openCase(api.db, no => [taskOpened(no)], { enterpriseId: 'ent-05', applicantId: 'ent-05-contact', title: `事项${i}` }))
    const paged: string[] = []
    let url = '/api/cases?limit=2'
    for (;;) {
      const { items, nextCursor } = await get('ent-05-contact', url)
      paged.push(...items.map((c: { caseNo: string }) => c.caseNo))
      if (nextCursor === null) break
      expect(items).toHaveLength(2)
      url = `/api/cases?limit=2&cursor=${nextCursor}`
    }
    expect(paged).toEqual(opened.toReversed())
    const { items: [first] } = await get('ent-05-contact', '/api/cases?q=事项3')
    expect(first).toMatchObject({ caseNo: opened[3], title: '事项3', enterprise: { id: 'ent-05' } })
    expect(first).not.toHaveProperty('application')
  })

  it('of tasks are paged soonest due first, with the total of all pages', async () => {
    const dues = ['2026-03-03', '2026-03-01', '2026-03-02'].map(day => deadline(`${day}T12:00:00+08:00`))
    for (const due of dues) await openCase(api.db, no => [taskOpened(no, { unit: 'counter-terror', deadline: due })])
    const first = await get('counter-terror-1', '/api/tasks?view=candidate&limit=2')
    expect([first.total, first.items.map((t: { dueAt: string }) => t.dueAt.slice(0, 10))]).toEqual([3, ['2026-03-01', '2026-03-02']])
    const second = await get('counter-terror-1', `/api/tasks?view=candidate&limit=2&cursor=${first.nextCursor}`)
    expect([second.total, second.items.map((t: { dueAt: string }) => t.dueAt.slice(0, 10)), second.nextCursor]).toEqual([3, ['2026-03-03'], null])
    expect((await get('counter-terror-1', '/api/tasks')).total, 'mine, unless asked otherwise').toBe(0)
  })
})
