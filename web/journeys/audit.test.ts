import { afterAll, beforeAll, expect, it } from 'vitest'
import { findBarriers, shoot, startWorkbench, type Workbench } from './browser.ts'

let w: Workbench
let caseNo: string
beforeAll(async () => {
  w = await startWorkbench()
  caseNo = (await w.api.file()).caseNo
  const { id } = await w.api.task('office-1', caseNo, 'triage')
  expect((await w.api.act('economic-crime-1', id, 'claim')).status).toBe(403)
  expect((await w.api.get('ent-02-contact', `/api/cases/${caseNo}`)).status).toBe(404)
  expect((await w.api.post('admin-1', '/api/admin/units', { id: 'new-unit', name: '新设大队', kind: 'police' })).status).toBe(201)
}, 120_000)
afterAll(() => w?.close())

it('shows the auditor who was refused and turned away, and that a case’s chain holds', async () => {
  const page = await w.open('auditor-1', '/audit')
  await page.locator('tr', { hasText: '经侦大队 民警甲' }).getByText('没有权限').waitFor()
  await page.locator('tr', { hasText: '经侦大队 民警甲' }).getByText('签收', { exact: true }).waitFor()
  await shoot(page, 'audit-1280')
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('tab', { name: '查阅记录' }).click()
  await page.locator('tr', { hasText: caseNo }).getByText('被拒').waitFor()
  expect(await findBarriers(page)).toEqual([])
  const person = page.getByRole('searchbox', { name: '人员姓名或者编号' })
  await person.fill('无此人')
  await person.press('Enter')
  await page.getByText('没有名为“无此人”的人员').waitFor()
  await person.fill('示例 联系人')
  await person.press('Enter')
  await page.locator('tr', { hasText: caseNo }).getByText('被拒').waitFor()
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '导出' }).click()])
  expect(file.suggestedFilename()).toMatch(/^查阅记录 .*\.xlsx$/)
  await page.goto(`${page.url()}&from=2020-01-01&until=2020-01-02`)
  await page.getByText('没有符合条件的记录').waitFor()
  await page.getByRole('tab', { name: '管理操作' }).click()
  await page.locator('tr', { hasText: '单位：新设大队' }).getByText('类别：公安警种、部门').waitFor()
  await shoot(page, 'audit-admin-1280')
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('tab', { name: '事件与校验' }).click()
  await page.getByRole('searchbox', { name: '案件编号', exact: true }).fill(caseNo)
  await page.keyboard.press('Enter')
  await page.getByText(/校验通过：\d+ 条事件/).waitFor()
  await page.getByRole('cell', { name: '提交申请，案件建立 case-opened' }).waitFor()
  await page.getByRole('cell', { name: /^转入“分流”，由护企优商服务中心办理/ }).waitFor()
  await shoot(page, 'audit-trail-1280')
  expect(await findBarriers(page)).toEqual([])
})
