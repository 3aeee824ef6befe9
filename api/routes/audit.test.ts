import readWorkbook from 'read-excel-file/node'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { logAccess, logRefusal } from '../../db/access-log.ts'
import { KINDS, logChange, type KindName } from '../../db/directory/admin.ts'
import type { Json } from '../../model/types.ts'
import { appendEvents } from '../../db/record/record.ts'
import { PROCEDURES } from '../../workflows/catalogue.ts'
import { startRecordApi, type RecordApi } from '../testing/test-record-api.ts'
import { describeChange } from '../views/change-words.ts'
import { auditRoutes } from './audit.ts'

let api: RecordApi
beforeAll(async () => { api = await startRecordApi(deps => [auditRoutes(deps)]) })
afterAll(() => api.close())
beforeEach(() => api.owner.pool.query('TRUNCATE access_log, refusal, admin_log'))

const LOGS = ['access', 'refusals', 'admin']

it('only an auditor reads the logs', async () => {
  for (const log of LOGS) {
    expect((await api.app.inject(`/api/audit/${log}`)).statusCode).toBe(401)
    for (const person of ['admin-1', 'office-1', 'bureau-leader-1', 'legal-leader', 'legal-1', 'desk-1', 'ent-01-contact']) for (const url of [log, `${log}.xlsx`]) expect((await api.ask(person, 'GET', `/api/audit/${url}`)).status).toBe(403)
    expect(await api.ask('auditor-1', 'GET', `/api/audit/${log}`)).toEqual({ status: 200, body: { items: [], nextCursor: null } })
  }
})

describe('each log', () => {
  beforeEach(async () => {
    await logAccess(api.db.pool, { personId: 'legal-1', caseNo: 'DR-000001', allowed: true, what: 'case' })
    await logAccess(api.db.pool, { personId: 'traffic-1', caseNo: 'DR-000001', allowed: false, what: 'case' })
    await logAccess(api.db.pool, { personId: 'former', caseNo: 'DR-2', allowed: false, what: 'events' })
    await logRefusal(api.db.pool, { personId: 'legal-1', caseNo: 'DR-000001', taskId: 'DR-000001.decide.1', action: 'claim', code: 'conflict-of-interest' })
    await logRefusal(api.db.pool, { personId: 'legal-2', caseNo: null, taskId: null, action: 'admin people', code: 'not-permitted' })
    await logChange(api.db.pool, 'admin-1', 'people/legal-1', { active: true }, { active: false })
    await logChange(api.db.pool, 'admin-1', 'calendar/2027', null, { off: [] })
  })
  const found = async (url: string) => (await api.ask('auditor-1', 'GET', `/api/audit/${url}`)).body.items

  it('tells who did what and when, the latest first', async () => {
    expect(await found('access')).toEqual([
      { id: expect.any(Number), at: expect.stringMatching(/\+08:00$/), person: { id: 'former', name: 'former' }, caseNo: 'DR-2', what: ['events'], parts: '办理经过', allowed: false },
      expect.objectContaining({ person: { id: 'traffic-1', name: '交警大队 民警甲' }, allowed: false }),
      expect.objectContaining({ person: { id: 'legal-1', name: '法制大队 审核员甲' }, allowed: true }),
    ])
    expect(await found('refusals')).toMatchObject([
      { person: { id: 'legal-2' }, caseNo: null, taskId: null, action: 'admin people', code: 'not-permitted' },
      { person: { id: 'legal-1' }, caseNo: 'DR-000001', taskId: 'DR-000001.decide.1', action: 'claim', code: 'conflict-of-interest' },
    ])
    expect(await found('admin')).toMatchObject([
      { person: { id: 'admin-1' }, what: 'calendar/2027', before: null, after: { off: [] } }, { what: 'people/legal-1', before: { active: true }, after: { active: false } },
    ])
  })

  it('is filtered by person, case, outcome, reason, object and time', async () => {
    expect(await found('access?person=legal-1')).toHaveLength(1)
    expect(await found(`access?person=${encodeURIComponent('审核员甲')}`)).toMatchObject([{ person: { id: 'legal-1' } }])
    expect(await found(`access?person=${encodeURIComponent('大队 甲')}`), 'everybody who is called so').toMatchObject([{ person: { id: 'traffic-1' } }, { person: { id: 'legal-1' } }])
    expect(await found('access?caseNo=DR-1')).toHaveLength(2)
    expect(await found('access?caseNo=dr%20000001&allowed=0')).toMatchObject([{ person: { id: 'traffic-1' } }])
    expect(await found('access?allowed=1')).toMatchObject([{ person: { id: 'legal-1' } }])
    expect(await found('refusals?code=not-permitted')).toMatchObject([{ person: { id: 'legal-2' }, actionTitle: '管理：people' }])
    expect(await found('refusals?caseNo=DR-1')).toHaveLength(1)
    expect(await found('admin?what=people/')).toMatchObject([{ what: 'people/legal-1' }])
    const tomorrow = encodeURIComponent(new Date(Date.now() + 86_400_000).toISOString())
    for (const log of LOGS) {
      expect(await found(`${log}?since=${tomorrow}`)).toEqual([])
      expect(await found(`${log}?until=${tomorrow}`)).not.toEqual([])
    }
  })

  it('is paged, each entry once, also while entries are added', async () => {
    for (let i = 0; i < 5; i++) await logAccess(api.db.pool, { personId: 'legal-1', caseNo: `DR-${i}`, allowed: true, what: 'case' })
    const ids: number[] = []
    let cursor: string | null = ''
    do {
      const { body } = await api.ask('auditor-1', 'GET', `/api/audit/access?limit=3${cursor && `&cursor=${cursor}`}`)
      ids.push(...body.items.map((e: { id: number }) => e.id))
      cursor = body.nextCursor
      await logAccess(api.db.pool, { personId: 'legal-1', caseNo: 'DR-9', allowed: true, what: 'case' })
    } while (cursor)
    expect(ids).toHaveLength(8)
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => b - a))
  })

  it.each([
    ['access?cursor=x', '/cursor'], ['access?cursor=0', '/cursor'], ['access?cursor=1e300', '/cursor'], ['access?limit=1000', '/limit'], ['access?allowed=yes', '/allowed'],
    ['refusals?since=2026-01-01', '/since'], ['refusals?until=2026-01-01T00:00:00', '/until'], ['admin?caseNo=DR-1', '/caseNo'], ['admin?what=', '/what'], ['access?person=%00', '/person'],
  ])('refuses %s', async (query, pointer) => {
    expect(await api.ask('auditor-1', 'GET', `/api/audit/${query}`)).toMatchObject({ status: 400, body: { code: 'bad-form', errors: [{ pointer }] } })
  })

  it('says when nobody is called so, rather than that there is nothing', async () => {
    for (const log of LOGS) for (const url of [log, `${log}.xlsx`]) {
      expect(await api.ask('auditor-1', 'GET', `/api/audit/${url}?person=${encodeURIComponent('无此人')}`)).toMatchObject({ status: 400, body: { errors: [{ pointer: '/person', detail: '没有名为“无此人”的人员，也没有人用这个编号' }] } })
      expect((await api.ask('auditor-1', 'GET', `/api/audit/${log}?person=office-1`)).body.items, 'of whom there is nothing').toEqual([])
    }
  })

  it('is taken along as a workbook of what is filtered, which is itself noted', async () => {
    const download = async (url: string) => {
      const answer = await api.app.inject({ url: `/api/audit/${url}`, headers: { authorization: await api.authorization('auditor-1') } })
      expect(answer.statusCode, answer.body).toBe(200)
      return (await readWorkbook(answer.rawPayload))[0]!.data
    }
    expect((await download('access.xlsx?allowed=0')).slice(1)).toEqual([
      [expect.any(Date), 'former', 'former', 'DR-2', '办理经过', '被拒'], [expect.any(Date), '交警大队 民警甲', 'traffic-1', 'DR-000001', '案件', '被拒'],
    ])
    expect((await download('refusals.xlsx?person=legal-1')).slice(1)).toEqual([[expect.any(Date), '法制大队 审核员甲', 'legal-1', 'DR-000001', 'DR-000001.decide.1', '签收', '应当回避']])
    expect((await download('admin.xlsx')).at(-1)).toEqual([expect.any(Date), '科技信息化 系统管理员', 'admin-1', '人员：legal-1', '启用：是 → 否'])
    const noted = await found('access?person=auditor-1')
    expect(noted.flatMap((one: { what: string[] }) => one.what)).toContain('export 查阅记录（是否准许 被拒）')
    expect(noted[0]).toMatchObject({ caseNo: null, parts: expect.stringContaining('导出管理操作（全部）'), allowed: true })
  })

  it('says at its end when a workbook holds not all of it', async () => {
    await api.owner.pool.query(`INSERT INTO refusal (person_id, action, code) SELECT 'legal-1', 'claim', 'not-permitted' FROM generate_series(1, 10000)`)
    const answer = await api.app.inject({ url: '/api/audit/refusals.xlsx', headers: { authorization: await api.authorization('auditor-1') } })
    const rows = (await readWorkbook(answer.rawPayload))[0]!.data
    expect(rows).toHaveLength(1 + 10_000 + 1)
    expect(rows.at(-1)![0]).toMatch('只导出了最近的 10000 条')
  })

  it('takes any time that somebody can mean', async () => {
    expect(await found('access?since=1900-01-01T00:00:00Z')).toHaveLength(3)
    expect(await found('access?until=2199-12-31T23:59:59Z')).toHaveLength(3)
  })
})

describe('one look', () => {
  const at = (time: string, person: string, what: string, caseNo = 'DR-1', allowed = true) =>
    api.owner.pool.query('INSERT INTO access_log (at, person_id, case_no, allowed, what) VALUES ($1, $2, $3, $4, $5)', [`2026-03-02T${time}+08:00`, person, caseNo, allowed, what])
  const read = async (query: string) => (await api.ask('auditor-1', 'GET', `/api/audit/access?${query}`)).body as { items: { at: string, parts: string, person: { id: string } }[], nextCursor: string | null }

  it('of one person at one case is one entry, whatever was read of it; another minute, person, case or outcome is another', async () => {
    for (const [i, what] of ['case', 'events', 'clock', 'journey', 'material', 'case'].entries()) {
      await at(`10:00:0${i}`, 'legal-1', what)
      await at(`10:00:0${i}`, 'legal-2', what)
    }
    await at('10:01:00', 'legal-1', 'case')
    await at('10:01:01', 'legal-1', 'case', 'DR-2')
    await at('10:01:02', 'legal-1', 'case', 'DR-1', false)
    const { items } = await read('')
    expect(items.map(one => [one.at.slice(11, 19), one.person.id, one.parts])).toEqual([
      ['10:01:02', 'legal-1', '案件'], ['10:01:01', 'legal-1', '案件'], ['10:01:00', 'legal-1', '案件'],
      ['10:00:00', 'legal-2', '案件、办理经过、期限说明、办理进程、材料'], ['10:00:00', 'legal-1', '案件、办理经过、期限说明、办理进程、材料'],
    ])
  })

  it('stands once on the pages, though it goes on while they are read', async () => {
    for (const minute of [10, 11, 12]) for (const what of ['case', 'events']) for (const person of ['legal-1', 'legal-2']) await at(`10:${minute}:00`, person, what)
    const found: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await read(`limit=2${cursor && `&cursor=${cursor}`}`)
      found.push(...page.items.map(one => `${one.person.id} ${one.at.slice(14, 16)}`))
      cursor = page.nextCursor
      await at('10:10:30', 'legal-1', 'material')
      await at('10:12:30', 'legal-2', 'material')
    }
    expect(found).toEqual(['legal-2 12', 'legal-1 12', 'legal-2 11', 'legal-1 11', 'legal-2 10', 'legal-1 10'])
    expect((await read('person=legal-1')).items.at(-1)!.parts).toBe('案件、办理经过、材料')
  })

  it('is found by whole days of Asia/Shanghai', async () => {
    await at('00:00:00', 'legal-1', 'case')
    await at('23:59:59', 'legal-1', 'case')
    const day = (plus: number) => new Date(Date.parse('2026-03-02T00:00:00+08:00') + plus * 86_400_000).toISOString()
    expect((await read(`since=${day(0)}&until=${day(1)}`)).items).toHaveLength(2)
    expect((await read(`since=${day(1)}`)).items).toEqual([])
    expect((await read(`until=${day(0)}`)).items).toEqual([])
  })
})

describe('what administrators changed', () => {
  const said = async (what: string, before: Json, after: Json) => {
    await logChange(api.db.pool, 'admin-1', what, before, after)
    const [{ object, changes }] = (await api.ask('auditor-1', 'GET', '/api/audit/admin?limit=1')).body.items
    return [object, ...changes]
  }
  const legal = { id: 'legal', name: '法制大队' }
  const shift = { id: '7', person: { id: 'legal-1', name: '法制大队 审核员甲' }, unit: legal, from: '2026-03-05T20:00:00.000+08:00', until: '2026-03-06T08:00:00.000+08:00' }
  const four = { clock: { n: 4, unit: 'workday', source: '[C] 会议纪要' } }
  it.each<[string, Json, Json, string[]]>([
    ['people/p', { id: 'p', name: '民警乙', unit: legal, roles: ['handler'], active: true }, { id: 'p', name: '民警乙', unit: { id: 'traffic', name: '交警大队' }, roles: ['handler', 'unit-leader'], active: false },
      ['人员：民警乙', '单位：法制大队 → 交警大队', '角色：民警、工作人员 → 民警、工作人员、单位负责人', '启用：是 → 否']],
    ['units/u', null, { id: 'u', name: '新单位', kind: 'police', active: true }, ['单位：新单位', '新增', '名称：新单位', '类别：公安警种、部门', '启用：是']],
    ['enterprises/e', { id: 'e', name: '甲公司', address: null }, { id: 'e', name: '甲公司', address: '一号' }, ['企业：甲公司', '地址：无 → 一号']],
    ['roster/7', shift, null, ['值班安排：法制大队 审核员甲', '删除', '单位：法制大队', '人员：法制大队 审核员甲', '开始时间：2026年3月5日 20:00', '结束时间：2026年3月6日 08:00']],
    ['calendar/2027', null, { year: 2027, off: ['2027-01-01'], work: [], source: '通知' }, ['2027 年放假安排', '新增', '放假日期：2027-01-01', '来源：通知']],
    ['policies/enterprise-appeal/triage', null, { patch: four, reason: '人手' }, ['流程规则：涉企诉求办理 · 分流', '修改标准内容', '期限：1 个工作日 → 4 个工作日', '期限 · 依据：[C] 分流1个工作日 → [C] 会议纪要', '理由：人手']],
    ['policies/enterprise-appeal/triage', { patch: four, reason: '人手', changedBy: 'admin-1' }, null, ['流程规则：涉企诉求办理 · 分流', '恢复标准内容', '期限：4 个工作日 → 1 个工作日', '期限 · 依据：[C] 会议纪要 → [C] 分流1个工作日', '理由：人手']],
    ['policies/enterprise-appeal/triage', null, { patch: { unit: 'legal', role: 'legal-reviewer' }, reason: 'x' }, ['流程规则：涉企诉求办理 · 分流', '修改标准内容', '单位：护企优商服务中心 → 法制大队', '办理角色：值班员 → 法制审核员', '理由：x']],
    ['notice-texts/enterprise-appeal/reminded', { title: '甲', body: 'b', reason: 'x', kind: 'reminded', changedBy: 'admin-1' }, { title: '乙', body: 'b', reason: 'x' }, ['通知文字：涉企诉求办理 · 期限将至', '标题：甲 → 乙']],
    ['webhooks/w', { url: 'http://a', procedures: ['enterprise-appeal'] }, { url: 'http://a', procedures: [] }, ['外部通知地址：http://a', '通知哪些流程：涉企诉求办理 → 无']],
    ['something/x', { odd: { deep: 1 } }, { odd: { deep: 2 } }, ['something：x', 'odd · deep：1 → 2']],
  ])('at %s is said in words', async (what, before, after, words) => {
    expect(await said(what, before, after)).toEqual(words)
  })
})

describe('no change is said in names of the database', () => {
  /** The same shape with no value in it. */
  const nothingOf = (value: Json): Json => typeof value !== 'object' || value === null ? null : Array.isArray(value) ? value.map(nothingOf) : Object.fromEntries(Object.entries(value).map(([name, one]) => [name, nothingOf(one)]))
  const latin = (changes: string[]) => changes.filter(change => /^[^：]*[a-z]/.test(change))

  it.each(Object.keys(KINDS) as KindName[])('of %s, whatever its fields', async (kind) => {
    await api.owner.pool.query(`INSERT INTO absence (id, person_id, proxy_id, from_at, until_at) VALUES (gen_random_uuid()::text, 'legal-1', 'legal-2', now(), now() + interval '1 day')`)
    await api.owner.pool.query(`INSERT INTO webhook_destination (id, url, secret, procedures) VALUES (gen_random_uuid()::text, 'http://x.invalid/' || gen_random_uuid(), 'whsec_x', '{}')`)
    await api.owner.pool.query(`INSERT INTO outside_system (id, name, url, secrets) VALUES ('s1', '系统', 'http://x.invalid', '{a}') ON CONFLICT DO NOTHING`)
    const { rows: [{ view }] } = await api.owner.pool.query(`SELECT ${KINDS[kind].view} AS view FROM ${KINDS[kind].table} t LIMIT 1`)
    const { object, changes } = describeChange({ what: `${kind}/x`, before: null, after: view }, new Map())
    expect(object).toMatch(/^\p{Script=Han}+：/u)
    expect(changes.length).toBeGreaterThan(3)
    expect(latin(changes)).toEqual([])
  })

  it.each([...PROCEDURES.values()].map(({ policy }) => policy))('of the rules of $title', (policy) => {
    const ladder = { reminders: [0.5], red: { n: 1, unit: 'day' }, leader: { n: 0, unit: 'day' } }
    for (const [task, { clock }] of Object.entries({ '': policy, ...policy.tasks })) {
      const patch = { ...(clock && { clock }), ...(task === '' && policy.figures && { figures: policy.figures }), ladder, unit: 'legal', role: 'handler' }
      // What was in force before differs from it in everything, so that everything is said.
      const { object, changes } = describeChange({ what: `policies/${policy.key}/${task}`, before: { patch: nothingOf(patch as unknown as Json) }, after: { patch: patch as unknown as Json, reason: 'x' } }, new Map())
      expect(object).toMatch(`流程规则：${policy.title}`)
      expect(changes.length).toBeGreaterThan(4)
      expect(latin(changes)).toEqual([])
    }
  })
})

describe('the application\'s own role', () => {
  it.each(['case_event', 'document', 'access_log', 'refusal', 'admin_log', 'start_request'])('can read and append to %s, and neither change nor delete', async (table) => {
    await expect(api.db.pool.query(`SELECT FROM ${table} LIMIT 1`)).resolves.toBeDefined()
    const { rows: [{ column_name: column }] } = await api.owner.pool.query('SELECT column_name FROM information_schema.columns WHERE table_name = $1 LIMIT 1', [table])
    for (const statement of [`UPDATE ${table} SET ${column} = ${column}`, `DELETE FROM ${table}`, `TRUNCATE ${table}`]) {
      await expect(api.db.pool.query(statement)).rejects.toMatchObject({ code: '42501' })
    }
  })

  it.each(['case_file', 'task', 'notice', 'document_counter'])('cannot delete from %s', async (table) => {
    await expect(api.db.pool.query(`DELETE FROM ${table}`)).rejects.toMatchObject({ code: '42501' })
  })

  it('can neither take back its own entries nor change the tables', async () => {
    await appendEvents(api.db, 'EA-1', 'open', () => [{
      type: 'case-opened', actor: { id: 'ent-01-contact' },
      data: { procedure: 'enterprise-appeal', title: 'x', restricted: false, applicantId: 'ent-01-contact', enterpriseId: 'ent-01', channel: null, application: {}, deadline: null },
    }])
    for (const statement of [`UPDATE case_event SET data = '{}' WHERE case_no = 'EA-1'`, `DELETE FROM case_event WHERE case_no = 'EA-1'`, 'DROP TABLE case_event',
      'ALTER TABLE case_event ADD COLUMN x text', 'GRANT DELETE ON case_event TO anxin_app', 'CREATE TRIGGER t BEFORE INSERT ON case_event EXECUTE FUNCTION suppress_redundant_updates_trigger()']) {
      // A grant that one may not give is no error but a warning, and gives nothing.
      if (statement.startsWith('GRANT')) await api.db.pool.query(statement).catch(() => {})
      else await expect(api.db.pool.query(statement)).rejects.toMatchObject({ code: '42501' })
    }
    await expect(api.db.pool.query(`DELETE FROM case_event`)).rejects.toMatchObject({ code: '42501' })
    expect((await api.db.pool.query(`SELECT type FROM case_event`)).rows).toEqual([{ type: 'case-opened' }])
  })
})
