import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findBarriers, shoot, startWorkbench, type Workbench } from './browser.ts'

let w: Workbench
beforeAll(async () => { w = await startWorkbench() }, 120_000)
afterAll(() => w?.close())

const accepted = { decision: 'accept', unit: 'economic-crime', complexity: 'ordinary' }

/** A case that waits for 经侦 to handle it. */
async function fileAccepted(): Promise<string> {
  const { caseNo } = await w.api.file()
  const triage = await w.api.task('desk-1', caseNo, 'triage')
  await w.api.act('desk-1', triage.id, 'claim')
  await w.api.act('desk-1', triage.id, 'complete', accepted)
  return caseNo
}

it('lets a newcomer in by a click on a role, and to the page that was asked for', async () => {
  const page = await w.open(null, '/cases')
  await page.getByRole('button', { name: /值班员/ }).first().waitFor()
  await shoot(page, 'login')
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('button', { name: /值班员/ }).first().click()
  await page.getByRole('heading', { name: '案件' }).waitFor()
  expect(new URL(page.url()).pathname).toBe('/cases')
})

it('shows new work without a reload, and lets it be claimed with the keyboard alone', async () => {
  const page = await w.open('economic-crime-1', '/?view=candidate')
  await page.getByText('没有待签收的任务').waitFor()
  const caseNo = await fileAccepted()
  await page.getByText(caseNo).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.keyboard.press('j')
  await shoot(page, 'inbox')
  await page.keyboard.press('c')
  await page.getByText('已签收：办理').waitFor()
  expect((await w.api.task('economic-crime-1', caseNo, 'handle')).holder.id).toBe('economic-crime-1')
})

/** What a page has loaded of the build's scripts so far, as it comes over the line. */
async function loadedBy(page: Page): Promise<{ files: string[], bytes: number }> {
  await page.locator('.ant-spin-spinning').waitFor({ state: 'detached' })
  const files = await page.evaluate(() => [...new Set(performance.getEntriesByType('resource').map(entry => new URL(entry.name).pathname).filter(path => /^\/assets\/.*\.js$/.test(path)))])
  return { files, bytes: files.reduce((sum, path) => sum + gzipSync(readFileSync(new URL(`../dist${path}`, import.meta.url))).length, 0) }
}

it('is at hand quickly: the inbox loads less than 350 KB, a case less than the inbox and few files, until its picture or a form comes into view', async () => {
  const inbox = await w.open('economic-crime-2', '/?view=unit')
  await inbox.getByRole('tab', { name: '本单位', selected: true }).waitFor()
  const first = await loadedBy(inbox)
  expect(first.files.some(path => path.startsWith('/assets/inbox-'))).toBe(true)
  expect(first.bytes).toBeLessThan(350_000)

  const page = await w.open('office-1', `/cases/${(await w.api.file()).caseNo}`, { width: 1280, height: 500 })
  await page.getByText(/已校验，\d+ 条记录未被改动/).waitFor()
  const second = await loadedBy(page)
  console.log(`inbox ${first.bytes} bytes in ${first.files.length} files, case ${second.bytes} bytes in ${second.files.length} files`)
  expect(second.files.filter(path => /flow|json-form/.test(path))).toEqual([])
  expect(second.bytes).toBeLessThan(first.bytes)
  expect(second.files.length).toBeLessThan(60)
  await page.locator('.picture').scrollIntoViewIfNeeded()
  await page.locator('.picture-step').first().waitFor()
})

it('keeps the filters in the address', async () => {
  const page = await w.open('desk-1', '/?view=candidate&procedure=enterprise-appeal&card=nonsense')
  await page.getByRole('tab', { name: '待签收', selected: true }).waitFor()
  await page.getByTitle('涉企诉求办理').waitFor()
  await page.getByRole('tab', { name: '本单位' }).click()
  await expect.poll(() => new URL(page.url()).search).toBe('?view=unit&procedure=enterprise-appeal')
})

it('shows where what one has passed on, filed or was told of now stands, and finds a task by what is typed', async () => {
  const caseNo = await fileAccepted()
  const { id } = await w.api.task('economic-crime-leader', caseNo, 'handle')
  await w.api.act('economic-crime-leader', id, 'transfer', { to: 'economic-crime-2', reason: '熟悉情况' })
  const page = await w.open('economic-crime-leader', '/')
  const tab = (name: string) => page.getByRole('tab', { name }).click()
  await tab('我转出的')
  await page.getByText(caseNo).waitFor()
  await page.getByText('民警乙').waitFor()
  await page.getByText('共 1 件，新的在前').waitFor()
  await page.getByRole('searchbox', { name: '在本列表中查找' }).fill('不存在的事项')
  await page.keyboard.press('Enter')
  await page.getByText('没有符合条件的任务').waitFor()
  await page.getByRole('searchbox', { name: '在本列表中查找' }).fill(caseNo.toLowerCase().replace('-0000', ' '))
  await page.keyboard.press('Enter')
  await page.getByText(caseNo).waitFor()
  await shoot(page, 'handed-on')
  await page.getByRole('searchbox', { name: '在本列表中查找' }).fill('')
  await page.keyboard.press('Enter')
  await tab('我发起的')
  await page.getByText('您没有发起过案件').waitFor()
  await tab('抄送我的')
  await page.getByText('没有抄送您的案件').waitFor()
  expect(await findBarriers(page)).toEqual([])
  const phone = await w.open('economic-crime-leader', '/?view=handed-on', { width: 390, height: 800 })
  await phone.getByText(caseNo).waitFor()
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  await shoot(phone, 'handed-on-phone')
})

it('claims several at once', async () => {
  await fileAccepted()
  await fileAccepted()
  const page = await w.open('economic-crime-2', '/?view=candidate')
  await page.getByLabel('选择本页全部可签收的任务').check()
  await page.getByRole('button', { name: /签收所选 2 件/ }).click()
  await page.getByText('已签收 2 件').waitFor()
})

it('takes a decision in the form beside the facts: what is missing is said at its field, what is sent is confirmed first', async () => {
  const caseNo = await fileAccepted()
  const page = await w.open('economic-crime-1', `/cases/${caseNo}`)
  await page.getByText('办结“分流”：公安受理，经侦大队，一般').waitFor()
  await page.getByRole('button', { name: '签收' }).click()
  await page.getByRole('button', { name: '提交办理结果' }).click()
  await page.getByText('必须填写').waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.getByLabel('办理结果').fill('已约谈当事人，滋扰停止。')
  await page.getByRole('button', { name: '提交办理结果' }).click()
  await page.getByRole('button', { name: '确认提交办理结果' }).click()
  await page.getByText('已提交办理结果：办理').waitFor()
  await page.getByText('答复企业').first().waitFor()
  await shoot(page, 'decided-1280')
  expect((await w.api.get('economic-crime-1', `/api/cases/${caseNo}`)).body.stage).toBe('reply')
})

it('keeps what was typed when the server cannot be reached, and sends it once', async () => {
  const caseNo = await fileAccepted()
  const task = await w.api.task('economic-crime-1', caseNo, 'handle')
  await w.api.act('economic-crime-1', task.id, 'claim')
  const page = await w.open('economic-crime-1', `/cases/${caseNo}?task=${task.id}`)
  const keys: (string | undefined)[] = []
  let down = true
  await page.route('**/actions/complete', (route) => {
    keys.push(route.request().headers()['idempotency-key'])
    return down ? route.abort() : route.continue()
  })
  await page.getByLabel('办理结果').fill('已办结，没有丢失。')
  await page.getByRole('button', { name: '提交办理结果' }).click()
  await page.getByRole('button', { name: '确认提交办理结果' }).click()
  await page.getByText('连接不上服务器').waitFor()
  expect(await page.getByLabel('办理结果').inputValue()).toBe('已办结，没有丢失。')
  down = false
  await page.getByRole('button', { name: '再次提交' }).click()
  await page.getByRole('button', { name: '确认提交办理结果' }).click()
  await page.getByText('已提交办理结果：办理').waitFor()
  expect(new Set(keys).size).toBe(1)
})

it('tells the slower of two what has changed', async () => {
  const caseNo = await fileAccepted()
  const page = await w.open('economic-crime-1', `/cases/${caseNo}`)
  const claim = page.getByRole('button', { name: '签收' })
  await claim.waitFor()
  // The news of the other's claim is held back: this one presses before it comes.
  await page.route('**/api/cases/**', route => route.request().method() === 'GET' ? route.abort() : route.continue())
  const task = await w.api.task('economic-crime-2', caseNo, 'handle')
  await w.api.act('economic-crime-2', task.id, 'claim')
  await claim.click()
  await page.getByText('任务已被签收').waitFor()
  await page.unroute('**/api/cases/**')
  await page.getByText('办理人 经侦大队 民警乙').waitFor()
})

it('goes by the server’s clock, though the computer’s is fast: what is not due yet is not overdue', async () => {
  const caseNo = await fileAccepted()
  const inMin = (min: number) => new Date(Date.now() + min * 60_000)
  for (const table of ['task', 'case_file']) await w.api.system.db.pool.query(`UPDATE ${table} SET due_at = $2 WHERE case_no = $1`, [caseNo, inMin(10)])
  const page = await w.open(null, '/login')
  await page.context().clock.install({ time: inMin(20) })
  await page.context().clock.resume()
  await page.request.post('/auth/dev-login', { data: { person: 'economic-crime-1' }, headers: { origin: new URL(page.url()).origin } })
  await page.goto('/?view=candidate')
  const due = page.locator('tr', { hasText: caseNo }).locator('.due')
  await due.waitFor()
  expect(await page.evaluate(() => Date.now())).toBeGreaterThan(inMin(19).getTime())
  expect([await due.textContent(), await due.getAttribute('class')]).toEqual([expect.not.stringMatching(/逾期|已到期/), expect.not.stringContaining('overdue')])
})

it('hands on only to whoever can take it, extends in the clock’s own unit, and lets a proxy work for the absent leader', async () => {
  const caseNo = await fileAccepted()
  const { id } = await w.api.task('economic-crime-1', caseNo, 'handle')
  await w.api.act('economic-crime-1', id, 'claim')
  await w.api.system.db.pool.query(`INSERT INTO absence (id, person_id, proxy_id, from_at, until_at) VALUES ('leader', 'economic-crime-leader', 'economic-crime-2', now() - interval '1 hour', now() + interval '1 hour')`)
  const holder = await w.open('economic-crime-1', `/cases/${caseNo}`)
  await holder.getByRole('button', { name: '请求延期' }).click()
  const asked = holder.getByRole('dialog')
  await asked.getByRole('radio', { name: '工作日', checked: true }).waitFor()
  expect(await asked.getByRole('radio').count()).toBe(1)
  await asked.getByLabel('延长数量').fill('2')
  await asked.getByLabel('理由').fill('需外地取证。')
  await asked.getByRole('button', { name: '请求延期' }).click()
  await asked.waitFor({ state: 'detached' })
  const proxy = await w.open('economic-crime-2', `/cases/${caseNo}`)
  await proxy.getByRole('link', { name: '督办看板' }).waitFor()
  await proxy.getByRole('button', { name: '转办' }).first().click()
  await proxy.getByRole('combobox', { name: '接收人' }).click()
  await proxy.getByTitle('经侦大队 民警乙').waitFor()
  await proxy.getByRole('combobox', { name: '接收人' }).fill('zzz')
  await proxy.locator('.ant-select-dropdown').getByText('没有找到，可以输入').waitFor()
  await proxy.getByRole('combobox', { name: '接收人' }).fill('mjy')
  await proxy.getByTitle('经侦大队 民警乙').waitFor()
  expect(await proxy.locator('.ant-select-item-option').allTextContents()).toEqual(['经侦大队 民警乙'])
  expect(await findBarriers(proxy)).toEqual([])
  await proxy.getByRole('button', { name: 'Close' }).or(proxy.getByRole('button', { name: '关闭' })).first().click()
  await proxy.getByRole('button', { name: '签收' }).click()
  await proxy.getByText('办理人 经侦大队 大队长').waitFor()
  await w.api.system.db.pool.query(`DELETE FROM absence WHERE id = 'leader'`)
})

it('explains a deadline line by line', async () => {
  const page = await w.open('office-1', `/cases/${await fileAccepted()}`)
  await page.getByRole('button', { name: '期限说明' }).click()
  await page.getByText(/时限：5 个工作日/).waitFor()
  await page.getByText(/已校验，\d+ 条记录未被改动/).waitFor()
  expect(await findBarriers(page)).toEqual([])
})

it('shows nobody’s case to another enterprise', async () => {
  const { caseNo } = await w.api.file('ent-01-contact')
  const page = await w.open('ent-02-contact', `/cases/${caseNo}`)
  await page.getByRole('heading', { name: '没有这个页面', level: 1 }).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('navigation', { name: '主菜单' }).getByRole('link', { name: '办事' }).click()
  await page.getByRole('heading', { name: '办事', level: 1 }).waitFor()
})

it('has a word and a way back for an address that leads nowhere', async () => {
  const page = await w.open('office-1', '/no-such-page')
  await page.getByRole('heading', { name: '没有这个页面', level: 1 }).waitFor()
  await page.getByRole('link', { name: '返回首页' }).click()
  await page.getByRole('heading', { name: '我的待办', level: 1 }).waitFor()
})

it('says that the server cannot be reached when a page does not come, and shows it once it can', async () => {
  const page = await w.open('office-1', '/')
  await page.route('**/assets/*board*', route => route.abort())
  await page.getByRole('link', { name: '督办看板' }).click()
  await page.getByText('连接不上服务器').waitFor()
  await page.unroute('**/assets/*board*')
  await page.getByRole('button', { name: '重试' }).click()
  await page.getByRole('heading', { name: '督办看板' }).waitFor()
})

it.each([
  ['office-1', '/cases', '案件'], ['office-1', '/notices', '通知'], ['office-1', '/settings', '个人设置'], ['legal-1', '/detentions', '羁押报备'], ['ent-01-contact', '/help', '帮助'],
])('has no barriers for %s on %s', async (person, path, title) => {
  const page = await w.open(person, path)
  await page.getByRole('heading', { name: title, level: 1 }).waitFor()
  await page.locator('.ant-spin-spinning').waitFor({ state: 'detached' })
  await shoot(page, path.slice(1))
  expect(await findBarriers(page)).toEqual([])
})

it('marks what is restricted with its reader', async () => {
  const page = await w.open('legal-1', '/detentions')
  expect(await page.locator('.watermark text').first().textContent()).toBe('法制大队 审核员甲')
})

it('serves enterprises on a phone', async () => {
  const page = await w.open('ent-01-contact', '/cases', { width: 390, height: 800 })
  await page.getByText('货款被拖欠').first().waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  expect(await findBarriers(page)).toEqual([])
})
