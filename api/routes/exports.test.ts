import { afterAll, beforeAll, expect, it } from 'vitest'
import { startRecordApi, type RecordApi } from '../testing/test-record-api.ts'
import { allRoutes } from './index.ts'

let api: RecordApi
beforeAll(async () => {
  api = await startRecordApi(allRoutes)
  await api.app.ready()
})
afterAll(() => api.close())

/** Every workbook that there is, by the API's own description. */
const workbooks = (): string[] => Object.keys(api.app.swagger().paths as object).filter(path => path.endsWith('.xlsx'))
const take = async (person: string, url: string): Promise<number> => (await api.app.inject({ url, headers: { authorization: await api.authorization(person) } })).statusCode
const noted = async (): Promise<object[]> => (await api.owner.pool.query(`SELECT person_id AS person, case_no AS "caseNo", what FROM access_log WHERE what LIKE 'export %' ORDER BY id`)).rows

it('whoever takes a list along is noted, with which list it was; whoever may not is not, and gets none', async () => {
  const all = workbooks()
  expect(all).toEqual(expect.arrayContaining(['/api/cases.xlsx', '/api/tasks.xlsx', '/api/board.xlsx', '/api/audit/access.xlsx', '/api/audit/refusals.xlsx', '/api/audit/admin.xlsx']))
  for (const path of all) {
    const before = (await noted()).length
    for (const person of ['office-1', 'auditor-1']) {
      const status = await take(person, path)
      expect([200, 403], `${path} ${person}`).toContain(status)
      if (status === 200) expect((await noted()).slice(before), path).toEqual([{ person, caseNo: null, what: expect.stringMatching(/^export \S+（.+）$/) }])
      if (status === 200) break
    }
    expect((await noted()).length, path).toBe(before + 1)
  }
})

it('and with what it was narrowed by, in words, which the auditor reads', async () => {
  const before = (await noted()).length
  await take('office-1', '/api/cases.xlsx?procedure=enterprise-appeal&unit=traffic&card=red&enterprise=ent-01&status=live&from=2026-03-01')
  await take('office-1', `/api/tasks.xlsx?view=all&due=overdue&holder=traffic-1&q=${encodeURIComponent('货款')}`)
  await take('auditor-1', '/api/audit/access.xlsx?allowed=0&since=2026-03-01T00:00:00%2B08:00')
  expect((await noted()).slice(before).map(one => (one as { what: string }).what)).toEqual([
    'export 案件列表（流程 涉企诉求办理，状态 未办结，单位 交警大队，牌 红牌，企业 示例袜业有限公司，起始日期 2026-03-01）',
    'export 任务列表（视图 全部，查找 货款，持有人 交警大队 民警甲，期限 已逾期）',
    'export 查阅记录（不早于 2026年3月1日 00:00，是否准许 被拒）',
  ])
  const { items } = (await api.ask('auditor-1', 'GET', '/api/audit/access?person=office-1')).body
  expect(items[0].parts).toContain('导出案件列表（流程 涉企诉求办理')
})
