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
  await page.getByRole('tab', { name: '事件与校验' }).click()
  await page.getByRole('searchbox', { name: '案件编号', exact: true }).fill(caseNo)
  await page.keyboard.press('Enter')
  await page.getByText(/校验通过：\d+ 条事件/).waitFor()
  await page.getByRole('cell', { name: '提交申请，案件建立 case-opened' }).waitFor()
  await page.getByRole('cell', { name: /^转入“分流”，由护企优商服务中心办理/ }).waitFor()
  await shoot(page, 'audit-trail-1280')
  expect(await findBarriers(page)).toEqual([])
})
