import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createRules } from '../../../db/rules/rules.ts'
import { getProcedure } from '../../../workflows/catalogue.ts'
import { startRecordApi, type RecordApi } from '../../testing/test-record-api.ts'
import { adminRoutes } from './index.ts'

let api: RecordApi
beforeAll(async () => {
  api = await startRecordApi(deps => [adminRoutes(deps)])
})
afterAll(() => api.close())
beforeEach(async () => {
  await api.owner.pool.query('TRUNCATE admin_log, policy_override, recount, recount_move')
})

const asAdmin = (method: 'GET' | 'PUT' | 'DELETE', url: string, payload?: object) => api.ask('admin-1', method, `/api/admin/${url}`, payload)
const changes = async () => (await api.db.pool.query('SELECT person_id AS by, what, before, after FROM admin_log ORDER BY id')).rows
const rules = () => createRules(api.db, key => getProcedure(key).policy)

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
    expect(await asAdmin('PUT', 'calendar/2027', year)).toMatchObject({ status: 200, body: { year: 2027, ...year, recount: expect.any(String) } })
    expect((await asAdmin('GET', 'recounts')).body.items).toMatchObject([{ year: 2027, by: { id: 'admin-1' }, looked: 0, moved: 0, waiting: 0, doneAt: null }])
    const { calendar } = await now('enterprise-appeal')
    expect([calendar.kindOf('2027-02-05'), calendar.kindOf('2027-01-30')]).toEqual(['holiday', 'makeup'])
    await asAdmin('PUT', 'calendar/2027', { ...year, off: ['2027-01-01'] })
    expect((await now('enterprise-appeal')).calendar.kindOf('2027-02-05')).toBe('workday')
    expect(await changes()).toMatchObject([{ by: 'admin-1', what: 'calendar/2027', before: null, after: { off: year.off } }, { before: { off: year.off }, after: { off: ['2027-01-01'] } }])
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
    [{ patch: { clock: { n: 1, unit: 'decade', source: 'x' } } }, '/patch/clock/unit'], [{ patch: { clock: { n: 1, unit: 'day', source: '' } } }, '/patch/clock/source'],
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
