/** The duty roster over HTTP, on a real record: from the pattern to the hand-over, and what must be refused. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { findOnDuty } from '../../db/directory/directory.ts'
import { listRosterEvents, verifyRosters } from '../../db/roster/record.ts'
import { watchRosters } from '../../db/roster/watch.ts'
import { addDays, atTime, datesOf, monthAfter } from '../../model/roster-plan.ts'
import { shanghaiDate } from '../../model/instants.ts'
import { openCase, taskOpened } from '../../test/sample-case.ts'
import { DUTY_STEPS } from '../../workflows/catalogue.ts'
import { startRecordApi, type RecordApi } from '../testing/test-record-api.ts'
import { adminRoutes } from './admin/index.ts'
import { notificationRoutes } from './notifications.ts'
import { rosterRoutes } from './roster.ts'

let api: RecordApi
beforeAll(async () => { api = await startRecordApi(deps => [rosterRoutes(deps), adminRoutes(deps), notificationRoutes(deps)]) })
afterAll(() => api?.close())
beforeEach(() => api.owner.pool.query('TRUNCATE roster, roster_event, roster_month, roster_pattern, roster_request, roster_alarm, shift_note, notice, absence, refusal, case_event, case_file, task'))

const HOUR = 3_600_000
const started = Date.now()
const inHours = (hours: number) => new Date(started + hours * HOUR)
const iso = (hours: number) => inHours(hours).toISOString()
const afterNext = monthAfter(monthAfter(shanghaiDate(new Date()).slice(0, 7)))
let keys = 0

async function act(person: string, id: string, action: string, form: object = {}, key = `roster-key-${++keys}`) {
  const answer = await api.app.inject({ method: 'POST', url: `/api/roster/${encodeURIComponent(id)}/actions/${action}`, payload: form, headers: { 'authorization': await api.authorization(person), 'idempotency-key': key } })
  return { status: answer.statusCode, body: answer.json() }
}
const month = async (person: string, unit: string, of = shanghaiDate(new Date()).slice(0, 7)) => (await api.ask(person, 'GET', `/api/roster?unit=${unit}&month=${of}`)).body
let count = 0
/** A published shift, in hours from now. */
async function shift(person: string | null, from: number, until: number, { unit = 'anti-drug', state = person === null ? 'open' : 'published', kind = 'duty' } = {}): Promise<string> {
  const id = `line-${++count}`
  await api.db.pool.query('INSERT INTO roster (id, unit_id, person_id, from_at, until_at, state, kind) VALUES ($1, $2, $3, $4, $5, $6, $7)', [id, unit, person, inHours(from), inHours(until), state, kind])
  return id
}
const line = async (id: string) => (await api.db.pool.query('SELECT person_id AS person, state, outcome, replaces, stays_on AS "staysOn" FROM roster WHERE id = $1', [id])).rows[0]
const titles = async (person: string) => (await api.db.pool.query('SELECT title FROM notice WHERE person_id = $1 ORDER BY created_at, id', [person])).rows.map(n => n.title as string)
const types = async (unit: string) => (await listRosterEvents(api.db.pool, unit)).map(e => e.type)
const watch = (hours = 0) => watchRosters(api.db, DUTY_STEPS, new Date(Date.now() + hours * HOUR))
const refused = (pointer: string) => ({ status: 400, body: { code: 'bad-form', errors: [{ pointer, detail: expect.stringMatching(/\p{Script=Han}/u) }] } })

const pattern = { month: afterNext, members: ['desk-1', 'desk-2', 'desk-3'], shifts: [{ startsAt: '08:00', hours: 12 }, { startsAt: '20:00', hours: 12 }], days: 'every-day', from: `${afterNext}-01`, startIndex: 0 }
/** Covers the first hours of the month, which the last night of the month before would. */
const firstMorning = () => act('service-centre-leader', 'service-centre', 'add', { person: 'desk-3', from: `${afterNext}-01T00:00:00+08:00`, until: `${afterNext}-01T08:00:00+08:00` })

describe('forms', () => {
  it.each([
    ['plan', { ...pattern, shifts: [{ startsAt: '25:00', hours: 1 }] }, '/shifts/0/startsAt'], ['plan', { ...pattern, startIndex: 3 }, '/startIndex'], ['plan', { ...pattern, members: ['nobody-1'] }, '/members/0'],
    ['publish', { month: '2026-13' }, '/month'], ['add', { person: 'desk-1', from: iso(48), until: iso(73) }, '/until'], ['add', { person: 'desk-1', from: iso(48), until: iso(47) }, '/until'],
    ['attend', { from: iso(2), hours: 9, mode: 'onsite', why: 'x', urgent: true }, '/hours'], ['attend', { from: iso(2), hours: 1, mode: 'onsite', why: 'x', urgent: true, caseNo: 'EA-999999' }, '/caseNo'], ['reception', { group: '示例', people: 0, at: iso(48), minutes: 60, guide: 'service-centre-1' }, '/people'],
  ])('%s says which field is wrong: %#', async (action, form, pointer) => {
    expect(await act('service-centre-leader', 'service-centre', action, form)).toMatchObject(refused(pointer))
    expect(await types('service-centre')).toEqual([])
  })
})

describe('a month', () => {
  it('is laid as a draft that only the leader sees, and published when every hour is covered', async () => {
    expect((await act('service-centre-leader', 'service-centre', 'plan', pattern)).status).toBe(200)
    expect((await month('desk-1', 'service-centre', afterNext)).shifts).toEqual([])
    const draft = await month('service-centre-leader', 'service-centre', afterNext)
    expect(draft.shifts).toHaveLength(datesOf(afterNext).length * 2)
    expect(draft.shifts.slice(0, 4).map((s: any) => [s.person.id, s.from.slice(11, 16), s.state])).toEqual([['desk-1', '08:00', 'draft'], ['desk-2', '20:00', 'draft'], ['desk-3', '08:00', 'draft'], ['desk-1', '20:00', 'draft']])
    const publish = await act('service-centre-leader', 'service-centre', 'publish', { month: afterNext })
    expect(publish).toMatchObject({ status: 400, body: { detail: expect.stringMatching(/没有人值班：.*00:00至.*08:00/) } })
    expect((await firstMorning()).status).toBe(200)
    expect((await act('service-centre-leader', 'service-centre', 'publish', { month: afterNext, gaps: [] })).status).toBe(200)
    expect((await month('desk-1', 'service-centre', afterNext))).toMatchObject({ publishedAt: expect.any(String), gaps: [], shifts: expect.arrayContaining([expect.objectContaining({ state: 'published' })]) })
    for (const desk of ['desk-1', 'desk-2', 'desk-3']) expect(await titles(desk)).toEqual([`${afterNext} 值班表已公布`])
    expect(await types('service-centre')).toEqual(['planned', 'shift-added', 'month-published'])
    expect(draft.actions.map((a: any) => a.name)).toEqual(['plan', 'add', 'publish', 'attend', 'reception'])
    expect((await month('service-centre-leader', 'service-centre', afterNext)).actions.map((a: any) => a.name)).toEqual(['add', 'attend', 'reception'])
    expect(await act('service-centre-leader', 'service-centre', 'plan', pattern)).toMatchObject({ status: 409, body: { detail: expect.stringContaining('已公布') } })
    expect(await verifyRosters(api.db.pool)).toEqual([])
  })

  it('is published with gaps only when each is named and signed for', async () => {
    await act('service-centre-leader', 'service-centre', 'plan', pattern)
    const gaps = [{ from: `${afterNext}-01T00:00:00+08:00`, reason: '由上月末夜班值守。' }]
    expect((await act('service-centre-leader', 'service-centre', 'publish', { month: afterNext, gaps: [{ ...gaps[0], from: `${afterNext}-01T01:00:00+08:00` }] })).status).toBe(400)
    expect((await act('service-centre-leader', 'service-centre', 'publish', { month: afterNext, gaps })).status).toBe(200)
    expect((await month('desk-1', 'service-centre', afterNext)).signedGaps).toMatchObject([{ reason: '由上月末夜班值守。' }])
  })

  it('is not published with somebody short of rest, unless the leader signs for it; nor with somebody who is away', async () => {
    await act('service-centre-leader', 'service-centre', 'plan', { ...pattern, members: ['desk-1'] })
    const gaps = [{ from: `${afterNext}-01T00:00:00+08:00`, reason: '上月' }]
    expect(await act('service-centre-leader', 'service-centre', 'publish', { month: afterNext, gaps })).toMatchObject({ status: 400, body: { detail: expect.stringContaining('休息不足') } })
    await api.ask('service-centre-leader', 'POST', '/api/admin/absences', { person: 'desk-1', proxy: 'desk-2', from: `${afterNext}-02T00:00:00+08:00`, until: `${afterNext}-03T00:00:00+08:00` })
    expect(await act('service-centre-leader', 'service-centre', 'publish', { month: afterNext, gaps, emergency: '仅有一人。' })).toMatchObject({ status: 400, body: { detail: expect.stringContaining('缺勤') } })
    await api.owner.pool.query('TRUNCATE absence')
    const signed = await act('service-centre-leader', 'service-centre', 'publish', { month: afterNext, gaps, emergency: '仅有一人。' })
    expect(signed).toMatchObject({ status: 200, body: { remarks: expect.arrayContaining([expect.stringContaining('超过 60 小时')]) } })
  })

  it('has drafts that the leader changes and removes, and another pattern replaces', async () => {
    await act('service-centre-leader', 'service-centre', 'plan', pattern)
    const [first] = (await month('service-centre-leader', 'service-centre', afterNext)).shifts
    expect(first.actions.map((a: any) => a.name)).toEqual(['change', 'remove'])
    expect((await act('service-centre-leader', first.id, 'change', { person: 'desk-2', from: first.from, until: first.until })).status).toBe(200)
    expect(await act('service-centre-leader', first.id, 'change', { person: 'service-centre-1', from: first.from, until: first.until })).toMatchObject({ status: 400, body: { detail: expect.stringContaining('值班员') } })
    expect((await act('service-centre-leader', first.id, 'remove')).status).toBe(200)
    expect((await act('service-centre-leader', first.id, 'remove')).status).toBe(404)
    await act('service-centre-leader', 'service-centre', 'plan', pattern)
    expect((await month('service-centre-leader', 'service-centre', afterNext)).shifts).toHaveLength(datesOf(afterNext).length * 2)
    expect(await verifyRosters(api.db.pool)).toEqual([])
  })

  it('is planned by the leader of the unit alone', async () => {
    for (const person of ['desk-1', 'traffic-leader', 'office-1', 'bureau-leader-1']) expect((await act(person, 'service-centre', 'plan', pattern)).status, person).toBe(403)
    for (const person of ['admin-1', 'auditor-1', 'ent-01-contact']) {
      expect((await act(person, 'service-centre', 'plan', pattern)).status, person).toBe(403)
      expect((await api.ask(person, 'GET', '/api/roster')).status, person).toBe(403)
    }
    expect(await types('service-centre')).toEqual([])
    expect((await api.db.pool.query('SELECT DISTINCT action, code FROM refusal')).rows).toEqual([{ action: 'roster plan', code: 'not-permitted' }])
  })

  it('asks for a key; the same request again changes nothing, another under its key is refused', async () => {
    const answer = await api.app.inject({ method: 'POST', url: '/api/roster/service-centre/actions/plan', payload: pattern, headers: { authorization: await api.authorization('service-centre-leader') } })
    expect(answer.json()).toMatchObject({ code: 'idempotency-key-required' })
    const twice = await Promise.all([1, 2].map(() => act('service-centre-leader', 'service-centre', 'plan', pattern, 'the-same-key')))
    expect(twice.map(({ status }) => status)).toEqual([200, 200])
    expect(await types('service-centre')).toEqual(['planned'])
    expect((await act('service-centre-leader', 'service-centre', 'plan', { ...pattern, startIndex: 1 }, 'the-same-key')).status).toBe(422)
    expect((await act('service-centre-leader', 'nowhere', 'plan', pattern)).status).toBe(404)
    expect((await act('service-centre-leader', 'service-centre', 'explode', {})).status).toBe(409)
  })
})

describe('a swap', () => {
  const ask = (id: string, form: object = { giveTo: 'anti-drug-2' }) => act('anti-drug-1', id, 'swap', { reason: '家中有事。', ...form })

  it('is asked, accepted and confirmed; the old line stays, and the leader hears of it', async () => {
    const [mine, theirs] = [await shift('anti-drug-1', 72, 80), await shift('anti-drug-2', 100, 108)]
    const { body: { id } } = await ask(mine, { mine, theirs, giveTo: undefined })
    expect(await titles('anti-drug-2')).toEqual(['请您换班'])
    expect((await act('anti-drug-leader', id, 'confirm', { confirm: true })).status, 'before it is accepted').toBe(409)
    expect((await act('anti-drug-3', id, 'accept', { accept: true })).status).toBe(403)
    expect((await act('anti-drug-2', id, 'accept', { accept: true })).status).toBe(200)
    expect(await titles('anti-drug-leader')).toEqual(['换班待审定'])
    expect((await line(mine)).state, 'until it is confirmed').toBe('published')
    expect((await act('anti-drug-1', id, 'confirm', { confirm: true })).status).toBe(403)
    expect((await act('anti-drug-leader', id, 'confirm', { confirm: true })).status).toBe(200)
    expect([await line(mine), await line(theirs)]).toMatchObject([{ state: 'replaced', person: 'anti-drug-1' }, { state: 'replaced', person: 'anti-drug-2' }])
    const { rows } = await api.db.pool.query(`SELECT person_id AS person, replaces FROM roster WHERE state = 'published' ORDER BY from_at`)
    expect(rows).toEqual([{ person: 'anti-drug-2', replaces: mine }, { person: 'anti-drug-1', replaces: theirs }])
    expect(await verifyRosters(api.db.pool)).toEqual([])
  })

  it('that leaves somebody twice at once, short of rest, or away is refused', async () => {
    const mine = await shift('anti-drug-1', 72, 80)
    await shift('anti-drug-2', 76, 84)
    expect(await ask(mine)).toMatchObject({ status: 409, body: { code: 'already-exists' } })
    await shift('anti-drug-3', 82, 90)
    expect(await ask(mine, { giveTo: 'anti-drug-3' })).toMatchObject({ status: 400, body: { detail: expect.stringContaining('休息不足') } })
    expect(await ask(mine, { giveTo: 'traffic-1' })).toMatchObject({ status: 400 })
    expect(await ask(mine, { giveTo: 'anti-drug-4', theirs: 'x' })).toMatchObject(refused('/giveTo'))
    expect(await ask(mine, { giveTo: 'anti-drug-1' })).toMatchObject({ status: 400 })
  })

  it('is too late within 24 hours, is nobody else\'s, and lapses without an answer: the first stays on duty', async () => {
    expect(await ask(await shift('anti-drug-1', 20, 28))).toMatchObject({ status: 409, body: { detail: expect.stringContaining('24 小时') } })
    const mine = await shift('anti-drug-1', 72, 80)
    expect((await act('anti-drug-3', mine, 'swap', { giveTo: 'anti-drug-2', reason: '换。' })).status).toBe(403)
    const { body: { id } } = await ask(mine)
    expect((await ask(mine)).status, 'twice').toBe(409)
    await watch(13)
    expect(await line(mine)).toMatchObject({ state: 'published', person: 'anti-drug-1' })
    expect(await titles('anti-drug-1')).toContain('换班未成')
    expect((await act('anti-drug-2', id, 'accept', { accept: true })).status).toBe(409)
  })

  it('is declined by the other, or not confirmed with a reason', async () => {
    const mine = await shift('anti-drug-1', 72, 80)
    const one = (await ask(mine)).body.id
    expect((await act('anti-drug-2', one, 'accept', { accept: false })).status).toBe(200)
    const other = (await ask(mine)).body.id
    await act('anti-drug-2', other, 'accept', { accept: true })
    expect(await act('anti-drug-leader', other, 'confirm', { confirm: false })).toMatchObject(refused('/reason'))
    expect((await act('anti-drug-leader', other, 'confirm', { confirm: false, reason: '当日有安保任务。' })).status).toBe(200)
    expect(await line(mine)).toMatchObject({ state: 'published', person: 'anti-drug-1' })
    expect((await titles('anti-drug-1')).toSorted()).toEqual(['对方不换班', '换班未获批准'].toSorted())
  })
})

describe('an absence', () => {
  it('opens the shifts inside it, with who could take them, and the proxy inherits none', async () => {
    const [first, second, later] = [await shift('anti-drug-1', 40, 48), await shift('anti-drug-1', 64, 72), await shift('anti-drug-1', 200, 208)]
    await shift('anti-drug-2', 40, 48)
    expect((await api.ask('anti-drug-leader', 'POST', '/api/admin/absences', { person: 'anti-drug-1', proxy: 'anti-drug-2', from: iso(30), until: iso(100) })).status).toBe(201)
    expect([await line(first), await line(second), await line(later)].map(l => l.state)).toEqual(['replaced', 'replaced', 'published'])
    const { rows: open } = await api.db.pool.query(`SELECT id, replaces, person_id AS person FROM roster WHERE state = 'open' ORDER BY from_at`)
    expect(open).toMatchObject([{ replaces: first, person: null }, { replaces: second, person: null }])
    const shown = (await month('anti-drug-leader', 'anti-drug', shanghaiDate(inHours(40)).slice(0, 7))).shifts.find((s: any) => s.id === open[0].id)
    expect(shown.proposals.map((p: any) => p.id)).toEqual(expect.arrayContaining(['anti-drug-3', 'anti-drug-4']))
    expect(shown.proposals.map((p: any) => p.id)).not.toEqual(expect.arrayContaining(['anti-drug-2']))
    expect((await titles('anti-drug-leader')).filter(t => t === '有班待补')).toHaveLength(0)
    expect(await types('anti-drug')).toEqual(['shift-opened', 'shift-opened'])
    // Within 72 hours the alarms ring at once.
    await watch()
    expect((await titles('anti-drug-leader'))).toEqual(expect.arrayContaining([expect.stringContaining('缺岗预警')]))
    expect(await act('anti-drug-leader', open[0].id, 'fill', { person: 'anti-drug-1', reason: '还是他。' })).toMatchObject({ status: 400, body: { detail: expect.stringContaining('缺勤') } })
    expect(await act('anti-drug-leader', open[0].id, 'fill', { person: 'anti-drug-2', reason: '两处。' })).toMatchObject({ status: 409 })
    expect((await act('anti-drug-leader', open[0].id, 'fill', { person: 'anti-drug-3', reason: '原值班人病假。' })).status).toBe(200)
    expect(await line(open[0].id)).toMatchObject({ state: 'published', person: 'anti-drug-3', replaces: first })
    expect(await titles('anti-drug-3')).toEqual(['为您补班'])
    expect(await verifyRosters(api.db.pool)).toEqual([])
  })
})

describe('coming and going', () => {
  /** The shift before is held by 1 and over since half an hour; 2 is to come. */
  async function change({ over = 0.5 } = {}) {
    const [out, incoming] = [await shift('anti-drug-1', -8 - over, -over), await shift('anti-drug-2', -over, 8 - over)]
    await api.db.pool.query(`UPDATE roster SET state = 'held', checked_in_at = from_at, stays_on = true WHERE id = $1`, [out])
    return { out, incoming }
  }

  it('reminds who does not come, alarms the leader after 15 minutes and the bureau\'s duty leader after an hour, each once', async () => {
    await shift('anti-drug-1', -8, 0)
    await shift('anti-drug-2', 0.001, 8)
    expect(await watch(0.01)).toBeGreaterThan(0)
    expect(await titles('anti-drug-2')).toContain('请到岗登记')
    expect(await titles('anti-drug-leader')).not.toContain('值班人员未到岗')
    await watch(0.3)
    await watch(0.3)
    expect((await titles('anti-drug-leader')).filter(t => t === '值班人员未到岗')).toHaveLength(1)
    await shift('bureau-leader-2', -1, 23, { unit: 'bureau' })
    await watch(1.1)
    expect(await titles('bureau-leader-2')).toContain('值班人员一小时未到岗')
    expect(await titles('bureau-leader-1')).not.toContain('值班人员一小时未到岗')
    await watch(9)
    expect(await types('anti-drug')).toContain('shift-missed')
  })

  it('keeps the outgoing on duty until somebody has come, and counts the shift as unrelieved', async () => {
    const { out, incoming } = await change()
    expect(await findOnDuty(api.db.pool, 'anti-drug')).toBe('anti-drug-1')
    await watch()
    await watch()
    expect((await titles('anti-drug-1')).filter(t => t === '接班人未到，请续岗')).toHaveLength(1)
    expect((await month('anti-drug-1', 'anti-drug', shanghaiDate(inHours(-1)).slice(0, 7))).shifts.find((s: any) => s.id === out)).toMatchObject({ extended: true, state: 'held' })
    expect((await act('anti-drug-3', incoming, 'check-in')).status, 'somebody else').toBe(403)
    expect((await act('anti-drug-leader', incoming, 'check-in')).status).toBe(403)
    expect((await act('anti-drug-1', incoming, 'check-in', { by: 'outgoing' })).status, 'on the word of whom he relieves').toBe(200)
    expect(await findOnDuty(api.db.pool, 'anti-drug')).toBe('anti-drug-2')
    expect([await line(out), await line(incoming)]).toMatchObject([{ state: 'ended', outcome: 'unrelieved' }, { state: 'held', staysOn: true }])
    expect(await verifyRosters(api.db.pool)).toEqual([])
  })

  it('takes the server\'s time: neither too early nor afterwards', async () => {
    expect((await act('anti-drug-1', await shift('anti-drug-1', 2, 10), 'check-in')).status).toBe(409)
    expect((await act('anti-drug-2', await shift('anti-drug-2', -9, -1), 'check-in')).status).toBe(409)
    const early = await shift('anti-drug-3', 0.5, 8)
    expect(await act('anti-drug-3', early, 'check-in', { at: iso(-5) })).toMatchObject(refused('/at'))
    expect((await act('anti-drug-3', early, 'check-in', { by: 'outgoing' })).status).toBe(400)
    expect((await act('anti-drug-3', early, 'check-in')).status).toBe(200)
    expect((await act('anti-drug-3', early, 'check-in')).status, 'twice').toBe(409)
    expect(await findOnDuty(api.db.pool, 'anti-drug'), 'whose hours have not begun').toBeNull()
  })

  it('prefers who has come, then who stays on; knows who is away, drafts, and lines that were replaced', async () => {
    await shift('anti-drug-1', -1, 7, { state: 'draft' })
    await shift('anti-drug-1', -1, 7, { state: 'replaced' })
    expect(await findOnDuty(api.db.pool, 'anti-drug')).toBeNull()
    await shift('anti-drug-1', -2, 6)
    await shift('anti-drug-3', -1, 7)
    expect(await findOnDuty(api.db.pool, 'anti-drug'), 'began last').toBe('anti-drug-3')
    await api.db.pool.query(`UPDATE roster SET state = 'held', checked_in_at = now() WHERE person_id = 'anti-drug-1' AND state = 'published'`)
    expect(await findOnDuty(api.db.pool, 'anti-drug'), 'has come').toBe('anti-drug-1')
    await api.db.pool.query(`INSERT INTO absence VALUES ('a', 'anti-drug-1', 'anti-drug-2', now() - interval '1 hour', now() + interval '1 hour')`)
    expect(await findOnDuty(api.db.pool, 'anti-drug'), 'is away').toBe('anti-drug-3')
  })

  it('hands over with every open duty task, which nobody can leave out, and is received', async () => {
    const { out, incoming } = await change()
    const caseNo = await openCase(api.db, no => [taskOpened(no, { name: 'examine', title: '审查', unit: 'anti-drug' })], { procedure: 'precursor-purchase' })
    const form = { waiting: ['示例袜业代表 9 时再来'], promises: [{ whom: '示例袜业', what: '答复开锁登记', by: iso(1) }], passedOn: [], equipment: 'ok' }
    expect(await act('anti-drug-1', out, 'hand-over', { ...form, equipment: 'missing' })).toMatchObject(refused('/equipmentNote'))
    expect((await act('anti-drug-2', out, 'hand-over', form)).status).toBe(403)
    const { body: { id } } = await act('anti-drug-1', out, 'hand-over', form)
    expect((await act('anti-drug-1', out, 'hand-over', form)).status, 'twice').toBe(409)
    expect(await titles('anti-drug-2')).toContain('请接收交班')
    const [note] = (await month('anti-drug-2', 'anti-drug')).notes
    expect(note).toMatchObject({ id, number: expect.stringMatching(/^交\d{8}-1$/), state: 'sent', tasks: [{ caseNo, title: expect.stringContaining('审查'), dueAt: expect.any(String) }], actions: [{ name: 'receive' }] })
    expect((await month('traffic-1', 'anti-drug')).notes, 'of another unit').toEqual([])
    expect((await act('anti-drug-3', id, 'receive', { result: 'received' })).status).toBe(403)
    expect(await act('anti-drug-2', id, 'receive', { result: 'remarks' })).toMatchObject(refused('/text'))
    await act('anti-drug-2', incoming, 'check-in')
    expect((await act('anti-drug-2', id, 'receive', { result: 'received' })).status).toBe(200)
    expect((await act('anti-drug-2', id, 'receive', { result: 'received' })).status).toBe(409)
    expect(await types('anti-drug')).toEqual(['handed-over', 'checked-in', 'received'])
    expect(await verifyRosters(api.db.pool)).toEqual([])
  })

  it('that is refused is settled by the leader; that waits an hour is told; that nobody wrote the system writes', async () => {
    const { out, incoming } = await change({ over: 2 })
    const { body: { id } } = await act('anti-drug-1', out, 'hand-over', { equipment: 'ok' })
    await watch(1.1)
    expect(await titles('anti-drug-2')).toContain('交班一小时未接收')
    expect((await act('anti-drug-2', id, 'receive', { result: 'refused', text: '钥匙不在。' })).status).toBe(200)
    expect((await act('anti-drug-1', id, 'settle', { text: '接收。' })).status).toBe(403)
    expect((await act('anti-drug-leader', id, 'settle', { text: '钥匙由装备室补发，接收。' })).status).toBe(200)
    expect(await titles('anti-drug-1')).toEqual(expect.arrayContaining(['交班被拒收', '交接已裁定']))
    await act('anti-drug-2', incoming, 'check-in')
    await api.db.pool.query(`UPDATE roster SET state = 'ended', outcome = 'relieved', until_at = now() - interval '2 hours' WHERE id = $1`, [incoming])
    await openCase(api.db, no => [taskOpened(no, { name: 'examine', title: '审查', unit: 'anti-drug' })], { procedure: 'precursor-purchase', restricted: true })
    await watch()
    const { rows } = await api.db.pool.query('SELECT written_by AS by, tasks FROM shift_note WHERE shift_id = $1', [incoming])
    expect(rows).toMatchObject([{ by: null, tasks: [{ title: '受限案件的任务', caseNo: '', holder: null }] }])
  })
})

describe('the rotation', () => {
  const department = ['industry-commerce', 'market-regulation', 'court', 'procuratorate', 'tax', 'construction']
  it('is laid in turn by the centre\'s leader, one department a workday, and named by each department', async () => {
    expect((await act('court-leader', 'rotation', 'plan', { month: afterNext, members: department, from: `${afterNext}-01`, startIndex: 0 })).status).toBe(403)
    expect((await act('service-centre-leader', 'rotation', 'plan', { month: afterNext, members: department, from: `${afterNext}-01`, startIndex: 0 })).status).toBe(200)
    expect((await act('service-centre-leader', 'rotation', 'publish', { month: afterNext })).status).toBe(200)
    const { shifts } = await month('court-leader', 'rotation', afterNext)
    expect(shifts.slice(0, 7).map((s: any) => s.unit.id)).toEqual([...department, department[0]])
    expect(shifts.every((s: any) => s.state === 'open' && s.from.endsWith('09:00:00.000+08:00'))).toBe(true)
    const turn = shifts.find((s: any) => s.unit.id === 'court')
    expect(turn.actions.map((a: any) => a.name)).toEqual(['rotation'])
    expect((await act('tax-leader', turn.id, 'rotation', { person: 'court-1' })).status).toBe(403)
    expect(await act('court-leader', turn.id, 'rotation', { person: 'tax-1' })).toMatchObject({ status: 400 })
    expect((await act('court-leader', turn.id, 'rotation', { person: 'court-1' })).status).toBe(200)
    expect(await titles('court-1')).toEqual(['请您到中心轮驻'])
    expect(await line(turn.id)).toMatchObject({ state: 'published', person: 'court-1' })
    expect(await types('service-centre')).toEqual(['planned', 'month-published', 'turn-named'])
  })

  it('told when nobody is named; a missed turn is kept and made up, and nobody is moved up', async () => {
    const unnamed = await shift(null, 1, 9, { unit: 'court', kind: 'rotation' })
    await watch()
    expect(await titles('court-leader')).toContain('请确定轮驻人员')
    await watch(2)
    expect(await titles('office-1')).toContain('轮驻人员未定')
    await watch(10)
    expect(await line(unnamed)).toMatchObject({ state: 'ended', outcome: 'absent' })
    let day = addDays(shanghaiDate(new Date()), 1)
    const { rows: [{ off }] } = await api.db.pool.query(`SELECT coalesce(array_agg(d::text), '{}') AS off FROM calendar_year, unnest(off) d`)
    while (off.includes(day) || [0, 6].includes(new Date(day).getUTCDay())) day = addDays(day, 1)
    expect((await act('court-leader', unnamed, 'make-up', { day: addDays(day, 40) })).status).toBe(400)
    expect((await act('court-leader', unnamed, 'make-up', { day, person: 'court-1' })).status).toBe(200)
    expect(await line(unnamed)).toMatchObject({ outcome: 'made-up' })
    expect(await verifyRosters(api.db.pool)).toEqual([])
  })

  it('of today is all that the public reads', async () => {
    const today = shanghaiDate(new Date())
    await api.db.pool.query(`INSERT INTO roster (id, unit_id, person_id, from_at, until_at, kind) VALUES ('t', 'tax', 'tax-1', $1, $2, 'rotation')`, [atTime(today, '09:00'), atTime(today, '17:00')])
    const { body } = await api.ask('ent-01-contact', 'GET', '/api/roster/today')
    expect(body).toEqual({ date: today, department: { id: 'tax', name: '税务局' }, openingHours: expect.any(String) })
  })
})

describe('attendance', () => {
  const form = { from: iso(30), hours: 2, mode: 'onsite', why: '企业邮箱被盗', urgent: true }
  it('is asked of a unit, which names somebody who is free; what was done is noted', async () => {
    const { body: { id } } = await act('desk-1', 'cyber', 'attend', form)
    expect(await titles('cyber-leader')).toEqual(['紧急：请派人随驻'])
    await shift('cyber-1', 31, 39, { unit: 'cyber' })
    expect(await act('cyber-leader', id, 'answer', { person: 'cyber-1' })).toMatchObject({ status: 409, body: { code: 'already-exists' } })
    expect(await act('cyber-leader', id, 'answer', {})).toMatchObject(refused('/person'))
    expect((await act('traffic-leader', id, 'answer', { person: 'cyber-2' })).status).toBe(403)
    expect((await act('cyber-leader', id, 'answer', { person: 'cyber-2' })).status).toBe(200)
    expect(await titles('cyber-2')).toEqual(['请您随驻'])
    expect((await act('cyber-2', id, 'attended', { did: '指导固定证据。', until: iso(31) })).status, 'before it').toBe(409)
    await api.db.pool.query('UPDATE roster_request SET from_at = $2 WHERE id = $1', [id, inHours(-2)])
    expect((await act('cyber-2', id, 'attended', { did: '指导固定证据。', until: iso(-1) })).status).toBe(200)
    expect((await month('office-1', 'cyber', shanghaiDate(inHours(-2)).slice(0, 7))).figures).toMatchObject({ attendanceAsked: 1, attendanceNamed: 1, attendanceHours: 1 })
  })
  it('that is refused or not answered in time comes to 护航办', async () => {
    const refusedOne = (await act('desk-1', 'cyber', 'attend', form)).body.id
    expect(await act('cyber-leader', refusedOne, 'answer', { refuse: true })).toMatchObject(refused('/reason'))
    expect((await act('cyber-leader', refusedOne, 'answer', { refuse: true, reason: '全员外出。' })).status).toBe(200)
    expect((await act('cyber-leader', refusedOne, 'decide', { reason: '维持。' })).status).toBe(403)
    expect((await act('office-1', refusedOne, 'decide', { person: 'cyber-2', reason: '请派员。' })).status).toBe(200)
    expect(await titles('cyber-2')).toEqual(['随驻已裁定'])
    await act('desk-1', 'cyber', 'attend', form)
    await watch(1.1)
    expect(await titles('office-1')).toEqual(expect.arrayContaining(['随驻待裁定', '随驻请求逾期未答复']))
  })
  it('of visitors is guided by somebody who is not on duty then', async () => {
    const visit = { group: '示例县公安局', people: 12, at: iso(30), minutes: 60, guide: 'desk-1' }
    await shift('desk-1', 28, 36, { unit: 'service-centre' })
    expect((await act('desk-2', 'service-centre', 'reception', visit)).status).toBe(409)
    expect((await act('desk-2', 'service-centre', 'reception', { ...visit, guide: 'service-centre-1' })).status).toBe(200)
    expect((await act('traffic-1', 'service-centre', 'reception', visit)).status).toBe(403)
    expect(await titles('service-centre-1')).toEqual(['请您陪同接待'])
  })
})

describe('gaps', () => {
  const gapAt = (hours: number) => shift('anti-drug-1', -1, hours).then(() => shift('anti-drug-2', hours + 8, 400))
  const alarms = async () => (await api.db.pool.query(`SELECT id, rung, state FROM roster_alarm WHERE unit_id = 'anti-drug' ORDER BY rung DESC`)).rows
  it('ring before they happen: the leader, again, 护航办, the bureau\'s leader; each rung once', async () => {
    await gapAt(200)
    await watch()
    expect(await alarms()).toEqual([])
    await watch(33)
    await watch(33.5)
    expect((await alarms()).map(a => a.rung)).toEqual([168])
    expect((await titles('anti-drug-leader')).filter(t => t === '缺岗预警')).toHaveLength(1)
    await watch(129)
    expect((await alarms()).map(a => a.rung)).toEqual([168, 72])
    await watch(177)
    expect((await titles('office-1')).filter(t => t === '缺岗预警').length).toBeGreaterThan(0)
    await watch(199)
    expect((await alarms()).map(a => a.rung)).toEqual([168, 72, 24, 2])
    expect(await titles('bureau-leader-1')).toContain('缺岗预警：请局领导处置')
  })
  it('are answered by filling them, never by accepting; whoever is put on is told, and the alarm ends', async () => {
    await gapAt(10)
    await watch()
    const [alarm] = await alarms()
    expect(await act('anti-drug-leader', alarm.id, 'respond', { accepted: true, reason: '无人。' })).toMatchObject({ status: 400, body: { detail: expect.stringContaining('只限部门轮驻') } })
    expect((await act('anti-drug-3', alarm.id, 'respond', { filledBy: 'anti-drug-3', reason: '我来。' })).status).toBe(403)
    expect((await act('anti-drug-leader', alarm.id, 'respond', { filledBy: 'traffic-1', reason: '借用。' })).status).toBe(400)
    expect((await act('anti-drug-leader', alarm.id, 'respond', { filledBy: 'anti-drug-3', reason: '已通知。' })).status).toBe(200)
    expect(await titles('anti-drug-3')).toEqual(['为您补班'])
    expect((await month('anti-drug-leader', 'anti-drug', shanghaiDate(inHours(11)).slice(0, 7))).figures).toMatchObject({ alarms: 1, alarmsAnswered: 1 })
    await watch()
    expect((await alarms()).map(a => a.state)).toEqual(['filled'])
  })
  it('of the rotation may be accepted with a reason', async () => {
    await api.db.pool.query(`INSERT INTO roster_pattern VALUES ('p', 'rotation', '{"days":"workdays","members":[],"shifts":[],"from":"2026-01-01","startIndex":0}', now())`)
    await watch()
    const { rows: [alarm] } = await api.db.pool.query(`SELECT id FROM roster_alarm WHERE unit_id = 'rotation' LIMIT 1`)
    expect((await act('service-centre-leader', alarm.id, 'respond', { accepted: true, reason: '当日闭馆。' })).status).toBe(200)
  })
  it('end by themselves when somebody fills them otherwise; two workers find each once', async () => {
    await gapAt(10)
    await Promise.all([watch(), watch(), watch()])
    expect(await alarms()).toHaveLength(1)
    await shift('anti-drug-3', 10, 18)
    await watch()
    expect((await alarms()).map(a => a.state)).toEqual(['filled'])
    expect((await types('anti-drug')).filter(t => t === 'gap-alarm' || t === 'gap-closed')).toEqual(['gap-alarm', 'gap-closed'])
  })
})

it('what was tampered with is found: an event, a line', async () => {
  const id = await shift('anti-drug-1', 72, 80)
  await act('anti-drug-leader', id, 'fill', { person: 'anti-drug-2', reason: '出差。' })
  expect(await verifyRosters(api.db.pool)).toEqual([])
  await expect(api.db.pool.query(`UPDATE roster_event SET data = '{}'`)).rejects.toThrow('permission denied')
  await api.owner.pool.query(`UPDATE roster SET person_id = 'anti-drug-4' WHERE state = 'published'`)
  expect(await verifyRosters(api.db.pool)).toEqual([expect.stringContaining('与记录不符')])
  await api.owner.pool.query(`UPDATE roster_event SET data = data || '{"reason":"x"}'`)
  expect(await verifyRosters(api.db.pool)).toEqual([expect.stringContaining('第 1 条断裂'), expect.any(String)])
})
