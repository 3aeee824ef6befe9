import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { NewEvent } from '../../../model/events.ts'
import { appendEvents } from '../../../db/record/record.ts'
import { createRules } from '../../../db/rules/rules.ts'
import { getProcedure } from '../../../workflows/catalogue.ts'
import { problem } from '../../http/errors.ts'
import { startRecordApi, type RecordApi } from '../../testing/test-record-api.ts'
import { adminRoutes } from './index.ts'

const replanned: string[] = []
let api: RecordApi
beforeAll(async () => {
  api = await startRecordApi(deps => [adminRoutes(deps)], {
    replanCase: async (caseNo) => {
      replanned.push(caseNo)
      if (caseNo === 'EA-ENDED') await appendEvents(api.db, caseNo, 'close', () => [{ type: 'case-closed', actor: null, data: { outcome: 'resolved', result: null } }])
      if (caseNo === 'EA-ENDED' || caseNo === 'EA-AWAY') throw problem('workflow-unavailable')
    },
  })
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.owner.pool.query('TRUNCATE admin_log, policy_override, case_file, case_event, task')
  replanned.length = 0
})

const asAdmin = (method: 'GET' | 'PUT' | 'DELETE', url: string, payload?: object) => api.ask('admin-1', method, `/api/admin/${url}`, payload)
const changes = async () => (await api.db.pool.query('SELECT person_id AS by, what, before, after FROM admin_log ORDER BY id')).rows
const rules = () => createRules(api.db, key => getProcedure(key).policy)

async function openCase(caseNo: string, { provisionalCase = false, provisionalTask = false, dueAt = '2027-01-05T09:00:00+08:00' } = {}) {
  const deadline = (provisional: boolean) => ({ clock: { n: 1, unit: 'workday' as const, source: '[C]' }, startAt: '2026-11-04T09:00:00+08:00', dueAt, skipped: [], provisional, pauses: [], extensions: [] })
  await appendEvents(api.db, caseNo, 'open', () => [
    { type: 'case-opened', actor: { id: 'ent-01-contact' }, data: { procedure: 'enterprise-appeal', title: 'x', restricted: false, applicantId: 'ent-01-contact', enterpriseId: 'ent-01', channel: null, application: {}, deadline: deadline(provisionalCase) } },
    { type: 'task-opened', actor: null, data: { task: `${caseNo}.triage.1`, name: 'triage', title: '分流', unit: 'service-centre', role: 'duty-desk', round: 1, holder: null, offeredTo: null, notBy: [], context: null, deadline: deadline(provisionalTask) } } as NewEvent,
  ])
}

describe('the calendar', () => {
  const year = { off: ['2027-01-01', '2027-02-05'], work: ['2027-01-30'], source: '国办发明电〔2026〕1号' }

  it('lists the loaded years', async () => {
    const { body } = await asAdmin('GET', 'calendar')
    expect(body.items.map((y: { year: number }) => y.year)).toEqual(expect.arrayContaining([2026, 2025, 2024]))
    expect(body.items[0]).toEqual({ year: expect.any(Number), off: expect.arrayContaining([expect.stringMatching(/^\d{4}-\d\d-\d\d$/)]), work: expect.any(Array), source: expect.any(String), loadedAt: expect.stringMatching(/\+08:00$/) })
  })

  it('takes a year, by which deadlines are then computed, and notes who loaded it', async () => {
    const now = rules()
    expect((await now('enterprise-appeal')).calendar.isAnnounced('2027')).toBe(false)
    expect(await asAdmin('PUT', 'calendar/2027', year)).toMatchObject({ status: 200, body: { year: 2027, ...year, replanned: 0, failed: 0 } })
    const { calendar } = await now('enterprise-appeal')
    expect([calendar.kindOf('2027-02-05'), calendar.kindOf('2027-01-30')]).toEqual(['holiday', 'makeup'])
    await asAdmin('PUT', 'calendar/2027', { ...year, off: ['2027-01-01'] })
    expect((await now('enterprise-appeal')).calendar.kindOf('2027-02-05')).toBe('workday')
    expect(await changes()).toMatchObject([{ by: 'admin-1', what: 'calendar/2027', before: null, after: { off: year.off } }, { before: { off: year.off }, after: { off: ['2027-01-01'] } }])
  })

  it('has the provisional deadlines of open cases computed again, and says how many could not be', async () => {
    await openCase('EA-1', { provisionalTask: true })
    await openCase('EA-2', { provisionalCase: true })
    await openCase('EA-3')
    await openCase('EA-4', { provisionalCase: true, provisionalTask: true })
    await openCase('EA-5', { dueAt: '2026-12-31T18:00:00+08:00' })
    await openCase('EA-6', { dueAt: '2026-11-30T18:00:00+08:00' })
    await openCase('EA-ENDED', { provisionalTask: true })
    await openCase('EA-AWAY', { provisionalTask: true })
    await appendEvents(api.db, 'EA-4', 'close', () => [{ type: 'case-closed', actor: null, data: { outcome: 'resolved', result: null } }])
    expect(await asAdmin('PUT', 'calendar/2027', year)).toMatchObject({ status: 200, body: { replanned: 3, failed: 1 } })
    // EA-5: its cards may fall into the new year.
    expect(replanned.toSorted()).toEqual(['EA-1', 'EA-2', 'EA-5', 'EA-AWAY', 'EA-ENDED'])
  })

  it.each([
    ['a day of another year', { off: ['2026-01-01'] }, '/off/0'],
    ['a day both off and worked', { work: ['2027-01-01'] }, '/work/0'],
    ['a worked Monday', { work: ['2027-01-04'] }, '/work/0'],
    ['no day off', { off: [] }, '/off'],
    ['a day that there is not', { off: ['2027-02-29'] }, '/off/0'],
    ['no source', { source: '' }, '/source'],
    ['an unknown field', { notes: '' }, '/notes'],
  ])('refuses %s', async (_what, form, pointer) => {
    expect(await asAdmin('PUT', 'calendar/2027', { ...year, ...form })).toMatchObject({ status: 400, body: { code: 'bad-form', errors: expect.arrayContaining([{ pointer, detail: expect.stringMatching(/\p{Script=Han}/u) }]) } })
    expect(await changes()).toEqual([])
  })

  it.each(['26', '1999', '20267', 'x'])('refuses the year %s', async (bad) => {
    expect(await asAdmin('PUT', `calendar/${bad}`, year)).toMatchObject({ status: 400, body: { errors: [{ pointer: '/year' }] } })
  })
})

describe('policies', () => {
  const change = { task: 'triage', patch: { clock: { n: 4, unit: 'hour', source: '[C] 局党委会议纪要' } }, reason: '提速。' }

  it('are shown as they are in force, with what was changed, by whom and why', async () => {
    expect((await asAdmin('PUT', 'policies/enterprise-appeal', change)).status).toBe(200)
    const { body } = await asAdmin('GET', 'policies')
    const appeal = body.items.find((p: { procedure: string }) => p.procedure === 'enterprise-appeal')
    expect(appeal).toMatchObject({
      title: '涉企诉求办理', clock: null,
      tasks: expect.arrayContaining([
        { name: 'triage', title: '分流', unit: 'service-centre', role: 'duty-desk', lapses: false, clock: change.patch.clock, ladder: null },
        expect.objectContaining({ name: 'consultation', clock: { n: 5, unit: 'workday', source: expect.any(String) } }),
      ]),
      overrides: [{ task: 'triage', patch: change.patch, reason: '提速。', changedBy: { id: 'admin-1', name: '科技信息化 系统管理员' }, changedAt: expect.stringMatching(/\+08:00$/) }],
    })
  })

  it('hold for what is opened later, one change in the place of the former, until the default is restored', async () => {
    const inForce = async () => (await rules()('enterprise-appeal')).policy.tasks.triage
    await asAdmin('PUT', 'policies/enterprise-appeal', change)
    expect(await inForce()).toMatchObject({ unit: 'service-centre', clock: { n: 4, unit: 'hour' } })
    await asAdmin('PUT', 'policies/enterprise-appeal', { ...change, patch: { unit: 'office', role: 'office' } })
    expect(await inForce()).toMatchObject({ unit: 'office', role: 'office', clock: { n: 1, unit: 'workday' } })
    expect((await asAdmin('DELETE', 'policies/enterprise-appeal?task=triage')).status).toBe(204)
    expect(await inForce()).toEqual(getProcedure('enterprise-appeal').policy.tasks.triage)
    expect((await asAdmin('DELETE', 'policies/enterprise-appeal?task=triage')).status).toBe(404)
    expect((await changes()).map(c => [c.what, c.before?.patch, c.after?.patch])).toEqual([
      ['policies/enterprise-appeal/triage', undefined, change.patch],
      ['policies/enterprise-appeal/triage', change.patch, { unit: 'office', role: 'office' }],
      ['policies/enterprise-appeal/triage', { unit: 'office', role: 'office' }, undefined],
    ])
  })

  it('change the ladder and the promise for the whole case', async () => {
    const ladder = { reminders: [0.5, 0.9], red: { n: 1, unit: 'workday' }, leader: { n: 2, unit: 'hour' } }
    expect((await asAdmin('PUT', 'policies/credit-repair', { patch: { ladder, clock: { ordinary: { n: 8, unit: 'workday', source: '[C] 提速' } } }, reason: '提速。' })).status).toBe(200)
    const { policy } = await rules()('credit-repair')
    expect(policy).toMatchObject({ ladder, clock: { ordinary: { n: 8 }, complex: { n: 20 } } })
  })

  it('bring no task where nobody could do it', async () => {
    for (const [patch, pointer] of [[{ unit: 'traffic' }, '/patch/unit'], [{ unit: 'nowhere' }, '/patch/unit'], [{ role: 'bureau-leader' }, '/patch/role'], [{ unit: 'four-platforms', role: 'handler' }, '/patch/unit']] as const) {
      expect(await asAdmin('PUT', 'policies/enterprise-appeal', { ...change, patch })).toMatchObject({ status: 400, body: { errors: [{ pointer }] } })
    }
    expect((await asAdmin('PUT', 'policies/enterprise-appeal', { ...change, patch: { unit: 'traffic', role: 'handler' } })).status).toBe(200)
  })

  it.each([
    [{ patch: {} }, '/patch'], [{ task: 'nothing' }, '/task'], [{ reason: ' ' }, '/reason'], [{ more: 1 }, '/more'],
    [{ patch: { title: '别的' } }, '/patch/title'], [{ patch: { role: 'admin' } }, '/patch/role'], [{ patch: { role: 'enterprise' } }, '/patch/role'],
    [{ patch: { clock: { n: 0, unit: 'day', source: 'x' } } }, '/patch/clock/n'], [{ patch: { clock: { n: 1.5, unit: 'day', source: 'x' } } }, '/patch/clock/n'],
    [{ patch: { clock: { n: 1, unit: 'month', source: 'x' } } }, '/patch/clock/unit'], [{ patch: { clock: { n: 1, unit: 'day', source: '' } } }, '/patch/clock/source'],
    [{ patch: { clock: { n: 1, unit: 'day', source: 'x', custody: true } } }, '/patch/clock/custody'],
    [{ patch: { ladder: { reminders: [1], red: { n: 1, unit: 'day' }, leader: { n: 1, unit: 'day' } } } }, '/patch/ladder/reminders/0'],
    [{ patch: { ladder: { reminders: [] } } }, '/patch/ladder/red'],
  ])('refuse %j', async (form, pointer) => {
    const answer = await asAdmin('PUT', 'policies/enterprise-appeal', { ...change, ...form })
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad-form' } })
    expect(answer.body.errors.map((e: { pointer: string }) => e.pointer)).toContain(pointer)
    expect(await changes()).toEqual([])
  })

  it('are of procedures that there are', async () => {
    expect((await asAdmin('PUT', 'policies/nothing', change)).status).toBe(404)
    expect((await asAdmin('DELETE', 'policies/nothing')).status).toBe(404)
  })
})
