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
  await page.getByRole('button', { name: '办结' }).click()
  await page.getByRole('button', { name: '确认办结' }).click()
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
  await page.getByText('已办结：办理').waitFor()
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
  await page.getByRole('button', { name: '确认办结' }).click()
  await page.getByText('已办结：办理').waitFor()
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
