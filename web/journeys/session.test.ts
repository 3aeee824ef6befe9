import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findBarriers, intranetHost, startWorkbench, type Workbench } from './browser.ts'

let w: Workbench
beforeAll(async () => { w = await startWorkbench() }, 120_000)
afterAll(() => w?.close())

const accepted = { decision: 'accept', unit: 'economic-crime', complexity: 'ordinary' }

/** A case whose step 办理 is held by 经侦大队 民警甲, in a window of theirs. */
async function openHandled(): Promise<{ caseNo: string, taskId: string, page: Page }> {
  const { caseNo } = await w.api.file()
  const triage = await w.api.task('desk-1', caseNo, 'triage')
  await w.api.act('desk-1', triage.id, 'claim')
  await w.api.act('desk-1', triage.id, 'complete', accepted)
  const { id: taskId } = await w.api.task('economic-crime-1', caseNo, 'handle')
  await w.api.act('economic-crime-1', taskId, 'claim')
  const page = await w.open('economic-crime-1', `/cases/${caseNo}?task=${taskId}`)
  await page.getByLabel('办理结果').waitFor()
  return { caseNo, taskId, page }
}

const statusOf = async (caseNo: string) => (await w.api.get('office-1', `/api/cases/${caseNo}`)).body.tasks.find((t: { name: string }) => t.name === 'handle').status

async function decide(page: Page): Promise<void> {
  await page.getByRole('button', { name: '提交办理结果' }).click()
  await page.getByRole('button', { name: '确认提交办理结果' }).click()
}

it('records nothing under another name: a window of somebody who is no longer signed in is refused, told, and loaded anew', async () => {
  const { caseNo, page } = await openHandled()
  await page.getByLabel('办理结果').fill('这是民警甲的意见。')
  await page.request.post('/auth/dev-login', { data: { person: 'economic-crime-2' }, headers: { origin: new URL(page.url()).origin } })
  await decide(page)
  await page.getByRole('button', { name: /经侦大队 民警乙，打开个人菜单/ }).waitFor()
  await page.getByText('您现在以“经侦大队 民警乙”登录').waitFor()
  expect(await findBarriers(page)).toEqual([])
  expect(await statusOf(caseNo)).toBe('claimed')
})

it('shows nobody’s work after signing out: the other windows are cleared, too', async () => {
  const { page } = await openHandled()
  const other = await page.context().newPage()
  await other.goto('/')
  await other.getByRole('button', { name: /打开个人菜单/ }).click()
  await other.getByRole('menuitem', { name: '退出登录' }).click()
  await page.waitForURL(/\/login/)
  expect(await page.getByLabel('办理结果').count()).toBe(0)
})

it('keeps what was typed when the session ends, and sends it once it has begun again', async () => {
  const { caseNo, page } = await openHandled()
  await page.getByLabel('办理结果').fill('登录过期前写下的五百字。')
  await page.context().clearCookies()
  await decide(page)
  await page.getByText('登录已过期').first().waitFor()
  expect(await page.getByLabel('办理结果').inputValue()).toBe('登录过期前写下的五百字。')
  expect(await findBarriers(page)).toEqual([])
  await page.getByRole('button', { name: '重新登录' }).click()
  await page.getByText('登录已过期').waitFor({ state: 'detached' })
  await decide(page)
  await page.getByText('已提交办理结果：办理').waitFor()
  expect(await statusOf(caseNo)).toBe('completed')
})

it('says at once that there is no network, lets go on writing, and sends nothing by itself when it is back', async () => {
  const { caseNo, page } = await openHandled()
  const sent: string[] = []
  page.on('request', request => { if (request.url().includes('/actions/')) sent.push(request.url()) })
  await page.getByLabel('办理结果').fill('没有网络时写的。')
  await page.context().setOffline(true)
  await decide(page)
  await page.getByText('连接不上服务器').first().waitFor()
  await page.getByLabel('办理结果').fill('没有网络时写的，又改了。')
  const tried = sent.length
  await page.context().setOffline(false)
  await page.waitForTimeout(2000)
  expect([sent.length, await statusOf(caseNo)]).toEqual([tried, 'claimed'])
  await page.getByRole('button', { name: '再次提交' }).click()
  await page.getByRole('button', { name: '确认提交办理结果' }).click()
  await page.getByText('已提交办理结果：办理').waitFor()
  expect(await statusOf(caseNo)).toBe('completed')
})

it('works under a name of the intranet, without TLS', async () => {
  const { caseNo } = await w.api.file()
  const desk = await w.open(null, '/login')
  await desk.goto(`http://${intranetHost}:${new URL(desk.url()).port}/cases/${caseNo}`)
  expect(await desk.evaluate(() => window.isSecureContext)).toBe(false)
  await desk.getByRole('button', { name: /值班员/ }).first().click()
  await desk.getByRole('button', { name: '签收', exact: true }).click()
  await desk.getByText('已签收：分流').waitFor()
})

const appeal = { procedure: 'enterprise-appeal' }
const opened = async () => (await w.api.get('ent-05-contact', '/api/cases')).body.items.length

/** Fills in an appeal, all but sending it. */
async function fillAppeal(page: Page, subject: string): Promise<void> {
  await page.locator('#apply_kind').click()
  await page.locator('.ant-select-item-option', { hasText: '求助' }).click()
  await page.locator('#apply_subject').fill(subject)
  await page.locator('#apply_description').fill('请求协调。')
  await page.locator('#apply_contact_name').fill('示例联系人')
  await page.locator('#apply_contact_phone').fill('0575-00000001')
}

it('files once, though the answer was lost and the page entered again; Enter in a field files nothing', async () => {
  const page = await w.open('ent-05-contact', `/services/apply/${appeal.procedure}`)
  await fillAppeal(page, '答复丢失的申请')
  await page.locator('#apply_subject').press('Enter')
  await page.route('**/api/procedures/*/cases', async (route) => {
    await route.fetch()
    await route.abort()
  })
  await page.getByRole('button', { name: '提交申请' }).click()
  await page.getByText('连接不上服务器').waitFor()
  expect(await opened()).toBe(1)
  await page.unroute('**/api/procedures/*/cases')
  await page.goto(`/services/apply/${appeal.procedure}`)
  await expect.poll(() => page.locator('#apply_subject').inputValue()).toBe('答复丢失的申请')
  await page.getByRole('button', { name: '提交申请' }).click()
  await page.waitForURL(/\/services\/cases\/EA-/)
  expect(await opened()).toBe(1)
  expect((await w.api.get('ent-05-contact', '/api/drafts')).body).toEqual([])
})

it('keeps both texts of two windows, and what no record takes', async () => {
  const one = await w.open('ent-05-contact', `/services/apply/${appeal.procedure}`)
  await one.locator('#apply_subject').fill('第一个窗口的')
  await one.getByText(/草稿已保存/).waitFor()
  const two = await one.context().newPage()
  await two.goto(one.url())
  await expect.poll(() => two.locator('#apply_subject').inputValue()).toBe('第一个窗口的')
  await one.locator('#apply_subject').fill('第一个窗口改过的')
  await one.getByText('正在保存草稿').waitFor({ state: 'detached' })
  await expect.poll(async () => (await w.api.get('ent-05-contact', '/api/drafts')).body[0].form.subject).toBe('第一个窗口改过的')
  await two.locator('#apply_subject').fill('第二个窗口\u000b粘贴的')
  await two.getByText('这份草稿已在另一个窗口修改').waitFor()
  // Left at once: what was typed last is sent with the leaving.
  await one.locator('#apply_subject').fill('离开前的最后一笔')
  await one.goto('/drafts')
  await one.getByText('第二个窗口').first().waitFor()
  await one.getByText('离开前的最后一笔').first().waitFor()
  expect(await findBarriers(one)).toEqual([])
  for (const name of ['继续填写：涉企诉求办理']) expect(await one.getByRole('link', { name }).count()).toBe(2)
})

it('says what took a half-written form away, and by whom; the text stays to be copied', async () => {
  const { caseNo, taskId, page } = await openHandled()
  await page.getByLabel('办理结果').fill('写到一半的五百字。')
  expect((await w.api.act('economic-crime-leader', taskId, 'transfer', { to: 'economic-crime-2', reason: '外出办案' })).status).toBe(200)
  const kept = page.getByRole('alert').filter({ hasText: '您写的内容没有提交' })
  await kept.getByText('转给经侦大队 民警乙办理：外出办案').waitFor()
  await kept.getByText('写到一半的五百字。').waitFor()
  expect(await findBarriers(page)).toEqual([])
  await page.reload()
  await kept.getByText('写到一半的五百字。').waitFor()
  expect((await w.api.get('economic-crime-2', `/api/drafts?caseNo=${caseNo}`)).body).toEqual([])
  await kept.getByRole('button', { name: '删除' }).click()
  await kept.waitFor({ state: 'detached' })
})

it('takes what is open by deciding it, begins the answer with the result, and leads to the next', async () => {
  const { caseNo } = await w.api.file()
  const next = await w.api.file()
  for (const one of [caseNo, next.caseNo]) {
    const triage = await w.api.task('desk-1', one, 'triage')
    expect((await w.api.act('desk-1', triage.id, 'complete', accepted)).status).toBe(200)
  }
  const page = await w.open('economic-crime-2', `/cases/${caseNo}`)
  await page.getByLabel('办理结果').fill('已约谈当事人，滋扰停止。')
  await decide(page)
  await expect.poll(() => page.getByLabel('答复内容').inputValue()).toBe('已约谈当事人，滋扰停止。')
  await page.getByRole('button', { name: '提交答复' }).click()
  await page.getByRole('button', { name: '确认提交答复' }).click()
  await page.getByRole('link', { name: '下一件' }).click()
  await page.waitForURL(url => url.pathname !== `/cases/${caseNo}`)
  await page.getByRole('button', { name: '提交' }).first().waitFor()
})
