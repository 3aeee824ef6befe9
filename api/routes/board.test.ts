import readWorkbook from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { append, deadline, event, officer, openCase, taskOpened } from '../../test/sample-case.ts'
import type { Board, Figure } from '../views/board-view.ts'
import { startRecordApi, type RecordApi } from '../testing/test-record-api.ts'
import { boardRoutes } from './board.ts'
import { caseRoutes } from './cases.ts'
import { exportRoutes } from './exports.ts'
import { taskRoutes } from './tasks.ts'

let api: RecordApi
const late = { deadline: deadline('2020-01-01T00:00:00+08:00') }
const ahead = { deadline: deadline(new Date(Date.now() + 3600_000_000).toISOString()) }
const id = (caseNo: string, name = 'handle') => `${caseNo}.${name}.1`
const claimed = (no: string, by: string) => event('task-claimed', { task: id(no) }, officer(by))
const done = (no: string, name: string, by: string, form = {}) => event('task-completed', { task: id(no, name), action: 'complete', form }, officer(by))
const card = (no: string, colour: 'yellow-card' | 'red-card', name = 'handle') => event(colour, { clock: name === 'case' ? 'case' : id(no, name), dueAt: late.deadline.dueAt })
const rate = (no: string) => taskOpened(no, { name: 'rate', title: '评价', unit: 'applicant', role: 'enterprise', holder: 'ent-01-contact', ...ahead })
const closed = event('case-closed', { outcome: 'resolved', result: null })
/** What happened so many days ago, as far as the read tables and the times of events go. */
const backdate = async (caseNo: string, days: number) => {
  await api.owner.pool.query(`UPDATE case_file SET opened_at = opened_at - $2 * interval '1 day', closed_at = closed_at - $2 * interval '1 day' WHERE case_no = $1`, [caseNo, days])
  await api.owner.pool.query(`UPDATE case_event SET at = at - $2 * interval '1 day' WHERE case_no = $1`, [caseNo, days])
}

beforeAll(async () => {
  api = await startRecordApi(deps => [boardRoutes(deps), caseRoutes(deps), taskRoutes(deps), exportRoutes(deps)])
  const { db } = api
  const given = async (more: Parameters<typeof openCase>[1], later: (no: string) => Parameters<typeof append>[2][] = () => [], fields = {}) => {
    const caseNo = await openCase(db, more, fields)
    const events = later(caseNo)
    if (events.length > 0) await append(db, caseNo, ...events)
    return caseNo
  }
  await given(no => [taskOpened(no, ahead)])
  await given(no => [taskOpened(no, ahead)], no => [claimed(no, 'economic-crime-1'), event('extension-requested', { task: id(no), n: 2, unit: 'workday', reason: '调取材料' }, officer('economic-crime-1')), event('reminded', { clock: id(no), dueAt: ahead.deadline.dueAt })])
  await backdate(await given(no => [taskOpened(no, late)], no => [claimed(no, 'economic-crime-1'), card(no, 'yellow-card'), card(no, 'red-card')]), 5)
  await backdate(await given(no => [taskOpened(no, { ...late, unit: 'traffic' })], no => [card(no, 'yellow-card'), card(no, 'yellow-card', 'case')]), 40)
  await given(no => [taskOpened(no, { name: 'acknowledge', title: '签收移交', unit: 'tax', ...late })])
  await given(no => [taskOpened(no, { name: 'external-acknowledge', title: '四个平台签收', unit: 'four-platforms', holder: 'system:four-platforms', ...ahead })])
  for (const [rating, days] of [['satisfied', 0], ['very-dissatisfied', 3], [null, 10], ['satisfied', 400]] as const) {
    await backdate(await given(no => [taskOpened(no, days === 3 ? late : ahead), rate(no)], no => [
      claimed(no, 'economic-crime-2'), done(no, 'handle', 'economic-crime-2'), ...(days === 3 ? [card(no, 'yellow-card')] : []),
      rating ? done(no, 'rate', 'ent-01-contact', { rating }) : event('task-lapsed', { task: id(no, 'rate') }), closed,
    ]), days)
  }
  // Moved on to another unit after the card; paused; another procedure; restricted.
  await given(no => [taskOpened(no, { ...late, unit: 'traffic' })], no => [card(no, 'red-card'), done(no, 'handle', 'traffic-1'), taskOpened(no, { ...ahead, name: 'return-visit', unit: 'office', role: 'office' })])
  await given(no => [taskOpened(no, ahead)], () => [event('clock-paused', { deadline: null, reason: '补正' }, officer('economic-crime-1'))], { procedure: 'credit-repair', enterpriseId: 'ent-02', applicantId: 'ent-02-contact' })
  await given(no => [taskOpened(no, { ...late, unit: 'legal', role: 'legal-reviewer', name: 'legal-review' })], () => [], { restricted: true, procedure: 'detention-report', applicantId: 'criminal-1', title: '羁押事前报备' })
  await given(no => [taskOpened(no, { ...late, unit: 'economic-crime' })], no => [event('conflict-declared', { reason: '亲属' }, officer('economic-crime-leader')), card(no, 'yellow-card')])
})
afterAll(() => api.close())

const board = async (person: string, query = ''): Promise<Board> => {
  const { status, body } = await api.ask(person, 'GET', `/api/board${query}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return body
}
const isFigure = (value: unknown): value is Figure => typeof value === 'object' && value !== null && 'n' in value && 'query' in value
const figuresOf = (value: unknown): Figure[] => isFigure(value) ? [value] : typeof value === 'object' && value !== null ? Object.values(value).flatMap(figuresOf) : []

/** How many the figure's list really holds, page after page. */
async function listed(person: string, { list, query }: Figure): Promise<number> {
  let n = 0
  for (let cursor: string | null = ''; cursor !== null;) {
    const { status, body } = await api.ask(person, 'GET', `/api/${list}?${new URLSearchParams({ ...query, limit: '5', ...(cursor && { cursor }) })}`)
    expect(status, JSON.stringify(query)).toBe(200)
    if (list === 'tasks') expect(body.total).toBeGreaterThanOrEqual(body.items.length)
    n += body.items.length
    cursor = body.nextCursor
  }
  return n
}

describe('the board', () => {
  it.each(['office-1', 'bureau-leader-1', 'economic-crime-leader', 'legal-leader'])('counts for %s exactly what the list behind each figure holds', async (person) => {
    let some = 0
    const seen = new Map<string, number>()
    for (const query of ['', '?procedure=enterprise-appeal', '?unit=traffic', '?from=2024-01-01']) {
      for (const figure of figuresOf(await board(person, query))) {
        const key = JSON.stringify([figure.list, figure.query])
        if (!seen.has(key)) seen.set(key, await listed(person, figure))
        expect(figure.n, key).toBe(seen.get(key))
        some += figure.n
      }
    }
    expect(seen.size).toBeGreaterThan(50)
    if (person !== 'legal-leader') expect(some).toBeGreaterThan(20)
  })

  it('counts so for every unit: a case by who answers for it now, a card that was shown by whose clock it was for', async () => {
    const { rows } = await api.owner.pool.query(`SELECT id FROM unit WHERE id IN (SELECT unit_id FROM task UNION SELECT unit_id FROM case_file)`)
    const from = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10)
    let some = 0
    for (const { id: unit } of rows as { id: string }[]) {
      const all = await board('office-1', `?unit=${unit}&from=${from}`)
      for (const figure of figuresOf(all)) expect(figure.n, `${unit} ${JSON.stringify(figure.query)}`).toBe(await listed('office-1', figure))
      for (const colour of ['yellow', 'red'] as const) {
        const cases = (await api.ask('office-1', 'GET', `/api/cases?limit=100&status=live&card=${colour}`)).body.items
        expect(all.cases[colour].n, `${unit} ${colour}`).toBe(cases.filter((one: { unit: string }) => one.unit === unit).length)
      }
      some += all.cases.red.n
    }
    expect(rows.length).toBeGreaterThan(5)
    expect(some).toBe((await board('office-1')).cases.red.n)
  })

  it('knows what is overdue, about to be due, in time, shown a card, rated and waiting for receipt', async () => {
    const { tasks, cases, units, ageing, satisfaction, handOvers, clockChanges, officers, trend, unit } = await board('office-1')
    const numbers = (of: Record<string, Figure>) => Object.fromEntries(Object.entries(of).map(([name, { n }]) => [name, n]))
    expect(unit).toBeNull()
    expect(numbers(tasks)).toEqual({ live: 9, unclaimed: 6, soon: 1, overdue: 4, onTime: 3, late: 0 })
    expect(numbers(cases)).toEqual({ live: 9, overdue: 4, yellow: 2, red: 2, opened: 11, closed: 3, onTime: 2 })
    expect(units.map(({ unit, overdue }) => `${unit.name} ${overdue.n}`).slice(0, 3)).toEqual(['经侦大队 2', '税务局 1', '交警大队 1'])
    expect(ageing.map(({ title, cases }) => `${title} ${cases.n}`)).toEqual(['0–2 天 7', '3–7 天 1', '8–15 天 0', '16–30 天 0', '31 天以上 1'])
    expect(satisfaction.map(({ title, cases }) => `${title} ${cases.n}`)).toEqual(['非常满意 0', '满意 1', '基本满意 0', '不满意 0', '非常不满意 1', '未评价 1'])
    expect(handOvers.map(({ step, waiting, overdue }) => `${step.name} ${waiting.n} ${overdue.n}`)).toEqual(['签收移交 1 1', '四个平台签收 1 0'])
    expect(officers.map(({ person, unit, live, soon, overdue }) => `${person.name} ${unit.name} ${live.n} ${soon.n} ${overdue.n}`)).toEqual(['经侦大队 民警甲 经侦大队 2 1 1'])
    expect(clockChanges.map(({ person, unit, paused, extended }) => `${person.name} ${unit.name} ${paused.n} ${extended.n}`)).toEqual(['经侦大队 民警甲 经侦大队 1 1'])
    expect(trend).toHaveLength(30)
    expect(trend.at(-6)).toMatchObject({ yellow: { n: 1 }, red: { n: 1 } })
    expect(trend.at(-4)).toMatchObject({ closed: { n: 1 }, yellow: { n: 1 }, red: { n: 0 } })
  })

  it('says behind each card whose it is, though another unit has the case by then', async () => {
    const { cases } = await board('office-1')
    const behind = async ({ query }: Figure) => (await api.ask('office-1', 'GET', `/api/cases?${new URLSearchParams(query)}`)).body.items.map((one: { cardOf: object, unitName: string }) => [one.cardOf, one.unitName])
    expect(await behind(cases.red)).toEqual(expect.arrayContaining([[{ unitName: '交警大队', title: '办理' }, '护航办'], [{ unitName: '经侦大队', title: '办理' }, '经侦大队']]))
    const ofEnterprise = (await api.ask('ent-01-contact', 'GET', '/api/cases?card=red')).body.items
    expect(ofEnterprise.map((one: { cardOf: null }) => one.cardOf), 'the office’s own business').toEqual(ofEnterprise.map(() => null))
    expect(ofEnterprise.length).toBeGreaterThan(0)
  })

  it('counts what fell due and was not done as late in the period in which it fell due', async () => {
    const { tasks } = await board('office-1', '?from=2019-12-31&until=2020-01-01')
    expect([tasks.onTime.n, tasks.late.n]).toEqual([0, 6])
    expect(tasks.overdue.n, 'as it is now, whatever the period').toBe(4)
  })

  it('goes by months over a long time', async () => {
    const { trend } = await board('office-1', '?from=2026-01-15&until=2026-07-10')
    expect(trend.map(({ from, until }) => `${from} ${until}`)).toEqual(['2026-01-15 2026-01-31', '2026-02-01 2026-02-28', '2026-03-01 2026-03-31', '2026-04-01 2026-04-30', '2026-05-01 2026-05-31', '2026-06-01 2026-06-30', '2026-07-01 2026-07-10'])
  })

  it('shows a unit’s leader his own unit, with the cards on its clocks though the case has moved on', async () => {
    const { unit, units, tasks, officers, trend } = await board('traffic-leader')
    expect(unit).toEqual({ id: 'traffic', name: '交警大队' })
    expect(units.map(u => u.unit.id)).toEqual(['traffic'])
    expect([tasks.live.n, tasks.overdue.n, officers.length]).toEqual([1, 1, 0])
    expect(trend.at(-1)!.red.n).toBe(1)
    expect((await board('traffic-leader', '?unit=economic-crime')).tasks.live.n).toBe(0)
    expect((await board('economic-crime-leader')).tasks.overdue.n, 'not where he has declared a conflict').toBe(1)
  })

  it('counts a restricted case for those alone who take part', async () => {
    expect((await board('office-1')).procedures.map(p => p.procedure.name)).toEqual(['企业信用修复', '涉企诉求办理'])
    expect((await board('legal-leader')).tasks.live.n).toBe(0)
  })

  it.each(['economic-crime-1', 'ent-01-contact', 'auditor-1', 'admin-1', 'desk-1'])('is not for %s', async (person) => {
    expect((await api.ask(person, 'GET', '/api/board')).status).toBe(403)
    expect((await api.ask(person, 'GET', '/api/board.xlsx')).status).toBe(403)
  })

  it.each([['?from=2026-03-02&until=2026-03-01', '/from'], ['?from=2000-01-01', '/from'], ['?until=2026-02-30', '/until'], ['?procedure=none', '/procedure'], ['?unknown=1', '/unknown']])('refuses %s', async (query, pointer) => {
    const { status, body } = await api.ask('office-1', 'GET', `/api/board${query}`)
    expect([status, body.code, body.errors[0].pointer]).toEqual([400, 'bad-form', pointer])
  })
})

describe('a workbook', () => {
  /** The file, and every sheet's rows. */
  async function download(person: string, url: string) {
    const answer = await api.app.inject({ method: 'GET', url, headers: { authorization: await api.authorization(person) } })
    expect(answer.statusCode, answer.body).toBe(200)
    expect(answer.headers['content-type']).toContain('spreadsheetml')
    const rows = new Map((await readWorkbook(answer.rawPayload)).map(({ sheet, data }) => [sheet, data]))
    return { rows, name: decodeURIComponent(String(answer.headers['content-disposition'])) }
  }

  it('of the board says what the board says', async () => {
    const { rows, name } = await download('office-1', '/api/board.xlsx?from=2026-01-01&until=2026-01-31')
    expect(name).toContain('督办看板 2026-01-01 至 2026-01-31.xlsx')
    expect([...rows.keys()]).toEqual(['概览', '按单位', '按流程', '在办时长', '新增办结与牌', '满意度', '移交未签收', '暂停与延期', '人员负荷'])
    expect(rows.get('概览')).toContainEqual(['已逾期任务', 4])
    expect(rows.get('按单位')!.slice(0, 2)).toEqual([['单位', '未办结任务', '待签收', '将到期', '已逾期', '按时', '逾期', '按时率'], ['经侦大队', 5, 3, 1, 2, 0, 0, '—']])
  })

  it('of cases keeps texts that look like formulas as texts: a formula would be read as its result, and have none', async () => {
    const titles = ['=HYPERLINK("http://example.invalid","x")', '+1+1', '-2', '@SUM(A1)', '普通事项']
    for (const title of titles) await openCase(api.db, () => [], { title, enterpriseId: 'ent-03', applicantId: 'ent-03-contact' })
    const { rows } = await download('office-1', '/api/cases.xlsx?enterprise=ent-03')
    const [headings, ...found] = rows.get('案件')!
    expect(headings!.slice(0, 4)).toEqual(['案件编号', '事项', '流程', '企业'])
    expect(found.map(row => row[1]).sort()).toEqual(titles.sort())
  })

  it('holds what its list holds, for whom it is asked', async () => {
    expect((await download('office-1', '/api/cases.xlsx?rating=very-dissatisfied')).rows.get('案件')!.slice(1)).toMatchObject([[expect.any(String), '货车被扣', '涉企诉求办理', '示例袜业有限公司', '已办结', null, '黄牌', '经侦大队', 1, '非常不满意', expect.any(Date), expect.any(Date), expect.any(Date), '已办结']])
    expect((await download('ent-02-contact', '/api/cases.xlsx')).rows.get('案件')).toHaveLength(2)
    expect((await download('office-1', '/api/tasks.xlsx?view=all&due=overdue&unit=tax')).rows.get('任务')!.slice(1)).toMatchObject([[expect.any(String), '货车被扣', '涉企诉求办理', '签收移交', 1, '待签收', null, '税务局', null, expect.any(Date), new Date('2020-01-01T00:00:00Z'), null, null]])
  })

  it('with a restricted case in it is noted in the access log', async () => {
    const { rows } = await download('criminal-1', '/api/cases.xlsx?procedure=detention-report')
    expect(rows.get('案件')).toHaveLength(2)
    expect((await api.owner.pool.query(`SELECT person_id, allowed FROM access_log WHERE what = 'export'`)).rows).toEqual([{ person_id: 'criminal-1', allowed: true }])
  })
})

it('restricted cases are told of in totals alone: by quarters that are over, one or two as fewer than three, and nothing that would tell them', async () => {
  const secret = { restricted: true, procedure: 'detention-report', title: '羁押事前报备', applicantId: 'criminal-1', enterpriseId: 'ent-03' }
  const year = Number(new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 4)) - 1
  for (const [quarter, n] of [[1, 4], [2, 2], [4, 3]] as const) for (let i = 0; i < n; i++) {
    const caseNo = await openCase(api.db, () => [], secret)
    await api.owner.pool.query('UPDATE case_file SET opened_at = $2 WHERE case_no = $1', [caseNo, `${year}-${String(quarter * 3).padStart(2, '0')}-15T12:00:00+08:00`])
  }
  const { status, body } = await api.ask('office-1', 'GET', `/api/board/restricted?year=${year}`)
  const texts = ({ quarters, year: total }: { quarters: { text: string }[], year: { text: string } }) => [...quarters, total].map(({ text }) => text)
  expect([status, body.items[0].procedure.name, texts(body.items[0].opened), texts(body.items[0].closed)]).toEqual([200, '羁押事前报备', ['4', '少于3', '0', '3', '不单列'], ['0', '0', '0', '0', '0']])
  expect((await api.ask('bureau-leader-1', 'GET', '/api/board/restricted')).body.items[0].opened.year.text, 'this year').toBe('本年未结束')
  for (const person of ['economic-crime-leader', 'legal-1', 'desk-1', 'admin-1', 'ent-03-contact']) expect((await api.ask(person, 'GET', '/api/board/restricted')).status, person).toBe(403)
  for (const [wrong, detail] of [[String(year + 2), '不能晚于本年'], ['x', '应为'], ['1999', '2000']]) {
    const answer = await api.ask('office-1', 'GET', `/api/board/restricted?year=${wrong}`)
    expect([answer.status, answer.body.errors[0].pointer, answer.body.errors[0].detail]).toEqual([400, '/year', expect.stringContaining(detail!)])
  }
})
