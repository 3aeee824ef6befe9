import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problem } from '../../api/http/errors.ts'
import { appeal } from '../../api/testing/test-api.ts'
import { keepPromisesOnce } from '../../engine/promised.ts'
import { REFUSED } from '../../test/sample-files.ts'
import { findBarriers, shoot, startWorkbench, type Workbench } from './browser.ts'

const phone = { width: 390, height: 844 }
const desk = { width: 1280, height: 800 }
const pdf = { name: '送货单.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n示例\n%%EOF') }
const [encrypted] = REFUSED['an encrypted Word file']!
/** What the office fills in on the way to the rating. */
const FORMS: Record<string, object> = { triage: { decision: 'accept', unit: 'economic-crime', complexity: 'ordinary' }, handle: { result: '已上门调解。' }, reply: { reply: '对方已付清货款。' } }
let w: Workbench
beforeAll(async () => { w = await startWorkbench() }, 120_000)
afterAll(() => w?.close())

/** Opens a page whose waits end before the test's own time. */
const open = async (person: string, path: string, size = phone): Promise<Page> => {
  const page = await w.open(person, path, size)
  page.setDefaultTimeout(10_000)
  return page
}
const caseNoOf = (page: Page): string => page.url().split('/').at(-1)!
/** Nothing lies beside the screen of a phone. */
const overflow = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

describe('an enterprise on its phone', () => {
  let page: Page
  beforeAll(async () => {
    page = await open('ent-01-contact', '/services')
  })

  it('sees what it can apply for, and nothing else', async () => {
    await page.getByRole('heading', { name: '涉企诉求办理' }).waitFor()
    expect(await page.getByRole('heading', { level: 3 }).allTextContents()).toEqual(expect.arrayContaining(['涉企诉求办理', '企业信用修复', '易制毒化学品购买备案']))
    expect(await page.getByText('羁押').count()).toBe(0)
    expect([await findBarriers(page), await overflow(page)]).toEqual([[], 0])
    await shoot(page, 'services-390')
  })

  it('is told while typing what is missing, and finds its draft after a reload', async () => {
    await page.getByRole('link', { name: /^(申请|继续填写)：涉企诉求办理/ }).click()
    await page.locator('#apply_subject').fill('货款被拖欠并遭上门滋扰')
    await page.locator('#apply_contact_phone').fill('不是电话')
    await page.locator('#apply_contact_name').fill('示例联系人')
    await page.locator('.ant-form-item-explain-error').first().waitFor()
    await page.getByText(/草稿已保存/).waitFor()
    await page.reload()
    await expect.poll(() => page.locator('#apply_subject').inputValue()).toBe('货款被拖欠并遭上门滋扰')
    await page.getByText(/草稿已保存/).waitFor()
    expect([await findBarriers(page), await overflow(page)]).toEqual([[], 0])
    await shoot(page, 'apply-390')
  })

  it('files it with its materials, and sees at once who has it', async () => {
    await page.locator('#apply_kind').click()
    await page.locator('.ant-select-item-option', { hasText: '求助' }).click()
    await page.locator('#apply_description').fill('客户拖欠货款，近日多次派人到厂区滋扰，请求帮助。')
    await page.locator('#apply_contact_phone').fill('（０５７５）０００００００１转801')
    await page.locator('input[type=file]').setInputFiles([pdf, { name: '合同.docx', mimeType: 'application/octet-stream', buffer: encrypted }, { name: 'IMG_0001.HEIC', mimeType: 'image/heic', buffer: REFUSED['a photo of a telephone']![0] }])
    // Told as soon as they are chosen, each with its own reason.
    for (const said of [/合同\.docx：文件已加密，请去掉密码后上传/, /IMG_0001\.HEIC：这是 HEIC 照片/]) await page.getByText(said).waitFor()
    await expect.poll(() => page.locator('.materials li').allTextContents()).toEqual([expect.stringContaining('送货单.pdf')])
    expect([await findBarriers(page), await overflow(page)]).toEqual([[], 0])
    await page.getByRole('button', { name: '提交申请' }).click()
    await page.waitForURL(/\/services\/cases\/EA-/)
    await page.getByText('护企优商服务中心正在办理：受理分办').waitFor()
    await page.getByRole('link', { name: /送货单\.pdf/ }).waitFor()
    expect((await w.api.get('ent-01-contact', '/api/drafts')).body).toEqual([])
    expect((await w.api.get('desk-1', `/api/cases/${caseNoOf(page)}/materials`)).body).toMatchObject([{ name: '送货单.pdf', type: 'application/pdf' }])
    expect([await findBarriers(page), await overflow(page)]).toEqual([[], 0])
    await shoot(page, 'my-case-390')
  })

  it('adds a material later, and is told why another is not taken', async () => {
    const input = page.locator('input[type=file]')
    await input.setInputFiles({ ...pdf, name: '补充说明.pdf' })
    await page.getByRole('link', { name: /补充说明\.pdf/ }).waitFor()
    await input.setInputFiles({ name: '合同.pdf', mimeType: 'application/pdf', buffer: Buffer.from('MZ no document') })
    await page.getByText(/合同\.pdf：这是可以运行的程序/).waitFor()
    const officers = await w.open('desk-1', `/cases/${caseNoOf(page)}`)
    await officers.getByRole('tab', { name: '材料 2' }).click()
    await officers.getByRole('link', { name: /补充说明\.pdf/ }).waitFor()
    expect(await findBarriers(officers)).toEqual([])
    await officers.context().close()
  })

  it('leaves a message, and finds it there whichever page of the case it is led to', async () => {
    await page.goto(`/cases/${caseNoOf(page)}`)
    await page.waitForURL(/\/services\/cases\/EA-/)
    await page.getByLabel('留言内容').fill('请尽快联系。')
    await page.getByRole('button', { name: '留言', exact: true }).click()
    await page.locator('.comments', { hasText: '请尽快联系。' }).waitFor()
    expect([await findBarriers(page), await overflow(page)]).toEqual([[], 0])
  })

  it('urges', async () => {
    await page.getByRole('button', { name: /^催\s?办$/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: /^催\s?办$/ }).click()
    await page.getByText(/已催办/).waitFor()
    await page.getByText(/最近一次催办：今天/).waitFor()
    expect(await page.getByRole('button', { name: /^催\s?办$/ }).count()).toBe(0)
    const { body } = await w.api.get('desk-1', `/api/cases/${caseNoOf(page)}/events`)
    expect(body.map((e: { type: string }) => e.type)).toContain('urged')
  })

  it('rates without reloading once it is answered; dissatisfied, it is visited', async () => {
    const caseNo = caseNoOf(page)
    const finish = async (person: string, name: string) => {
      const task = await w.api.task(person, caseNo, name)
      if (task.status === 'open') await w.api.act(person, task.id, 'claim')
      const done = await w.api.act(person, task.id, 'complete', FORMS[name])
      expect(done.status, JSON.stringify(done.body)).toBe(200)
    }
    await finish('desk-1', 'triage')
    await page.getByText('经侦大队正在办理：办理').waitFor()
    await finish('economic-crime-1', 'handle')
    await finish('economic-crime-1', 'reply')
    await page.getByText('请您评价').waitFor()
    await page.getByRole('radio').first().waitFor()
    for (const level of ['非常满意', '满意', '基本满意', '不满意', '非常不满意']) expect(await page.getByRole('radio', { name: level, exact: true }).count()).toBe(1)
    expect([await findBarriers(page), await overflow(page)]).toEqual([[], 0])
    await shoot(page, 'rate-390')
    await page.getByRole('radio', { name: '不满意', exact: true }).check()
    await page.locator('.turn').getByRole('button', { name: /^提交/ }).click()
    await page.getByRole('button', { name: /^确认提交/ }).click()
    await page.getByText(/正在办理：回访/).waitFor()
    expect((await w.api.get('office-1', `/api/cases/${caseNo}`)).body).toMatchObject({ rating: 'dissatisfied' })
  })

  it('of another enterprise finds nothing there', async () => {
    const other = await open('ent-02-contact', new URL(page.url()).pathname)
    await other.getByText('没有这个页面').waitFor()
    expect(await other.getByText('货款').count()).toBe(0)
    await other.goto('/services')
    await other.getByText('还没有办件').waitFor()
  })
})

describe('a purchase of precursors', () => {
  it('is counted down from 24 hours, stands still for what is missing, and goes on', async () => {
    const procedure = (await w.api.get('ent-03-contact', '/api/procedures/precursor-purchase')).body
    const [example] = procedure.application.examples
    const filed = await w.api.post('ent-03-contact', '/api/procedures/precursor-purchase/cases', example)
    expect(filed.status, JSON.stringify(filed.body)).toBe(201)
    const { caseNo } = filed.body
    const page = await open('ent-03-contact', `/services/cases/${caseNo}`)
    await page.getByText('距承诺办结还有').waitFor()
    expect(await page.locator('.countdown').textContent()).toMatch(/23 时 \d\d 分 \d\d 秒/)
    expect([await findBarriers(page), await overflow(page)]).toEqual([[], 0])
    await shoot(page, 'countdown-390')

    const examine = await w.api.task('anti-drug-1', caseNo, 'examine')
    if (examine.status === 'open') await w.api.act('anti-drug-1', examine.id, 'claim')
    const holder = examine.holder?.id ?? 'anti-drug-1'
    expect((await w.api.act(holder, examine.id, 'complete', { decision: 'supplement', reason: '合法使用需要证明未盖章。' })).status).toBe(200)
    await page.getByText('请您补正材料').waitFor()
    await page.getByText('合法使用需要证明未盖章。').first().waitFor()
    expect(await page.getByText('距承诺办结还有').count()).toBe(0)
    await shoot(page, 'supplement-390')
    expect([await findBarriers(page), await overflow(page)]).toEqual([[], 0])
    await page.getByLabel('补正说明').fill('已盖章，重新提交。')
    await page.locator('.turn').getByRole('button', { name: /^提交/ }).click()
    await page.getByRole('button', { name: /^确认提交/ }).click()
    await page.getByText('禁毒大队正在办理：审查').waitFor()
    await page.getByText('距承诺办结还有').waitFor()
  })

  it('may be withdrawn after being asked once more', async () => {
    const procedure = (await w.api.get('ent-04-contact', '/api/procedures/precursor-purchase')).body
    const { body: { caseNo } } = await w.api.post('ent-04-contact', '/api/procedures/precursor-purchase/cases', procedure.application.examples[1])
    const page = await open('ent-04-contact', `/services/cases/${caseNo}`)
    await page.getByRole('button', { name: /^撤\s?回$/ }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('textbox').first().fill('不再需要购买。')
    await dialog.getByRole('button', { name: /^撤\s?回$/ }).click()
    await page.getByRole('button', { name: '确认撤回' }).click()
    await page.locator('.standing-words', { hasText: '已撤回' }).waitFor()
    expect((await w.api.get('ent-04-contact', `/api/cases/${caseNo}`)).body).toMatchObject({ status: 'closed', outcome: 'withdrawn' })
  })
})

it('an officer applies for an enterprise, saying for which and how it came in', async () => {
  const page = await open('desk-1', '/services', desk)
  await page.getByRole('link', { name: /^(申请|继续填写)：涉企诉求办理/ }).click()
  await page.getByLabel('所代企业').waitFor()
  expect(await page.getByText('来源渠道').count()).toBeGreaterThan(0)
  expect(await findBarriers(page)).toEqual([])
  await shoot(page, 'apply-officer-1280')
})

it('at a desk looks like this', async () => {
  const page = await open('ent-01-contact', '/services', desk)
  await page.locator('.my-case').first().waitFor()
  expect(await findBarriers(page)).toEqual([])
  await shoot(page, 'services-1280')
  await page.locator('.my-case').first().click()
  await page.locator('.standing').waitFor()
  expect(await findBarriers(page)).toEqual([])
  await shoot(page, 'my-case-1280')
  await page.goto('/services/apply/credit-repair')
  await page.getByRole('button', { name: '提交申请' }).waitFor()
  expect(await findBarriers(page)).toEqual([])
  await shoot(page, 'apply-1280')
})

it('what is received while nothing can record it has its number, for whoever filed it alone; its page becomes the case by itself', async () => {
  const { engine, system } = w.api
  const startCase = engine.startCase.bind(engine)
  engine.startCase = async () => { throw problem('workflow-unavailable') }
  const filed = await Promise.all([
    w.api.post('ent-02-contact', '/api/procedures/enterprise-appeal/cases', appeal), w.api.post('station-01-1', '/api/procedures/enterprise-appeal/cases', { ...appeal, onBehalfOf: 'ent-02', channel: 'visit' }),
  ])
  engine.startCase = startCase
  expect(filed.map(({ status }) => status)).toEqual([202, 202])
  const [own = '', onBehalf = ''] = filed.map(({ body }) => body.caseNo as string)
  const enterprise = await open('ent-02-contact', `/services/cases/${own}`)
  const officer = await open('station-01-1', `/cases/${onBehalf}`, desk)
  for (const [page, no] of [[enterprise, own], [officer, onBehalf]] as const) {
    await page.getByRole('status').filter({ hasText: `已收到，编号 ${no}，正在登记` }).waitFor()
    await page.getByText(/不需要重新提交/).waitFor()
    expect([await findBarriers(page), await overflow(page)]).toEqual([[], 0])
  }
  await shoot(enterprise, 'received-390')
  const other = await open('ent-01-contact', `/services/cases/${own}`)
  await other.getByRole('heading', { name: '没有这个页面', level: 1 }).waitFor()
  await keepPromisesOnce(system.db, system.client, system.taskQueue, 0)
  await enterprise.getByRole('heading', { name: appeal.subject, level: 1 }).waitFor()
  await enterprise.getByText('正在登记').waitFor({ state: 'detached' })
  await officer.getByText('办理经过').first().waitFor()
  expect((await w.api.get('ent-02-contact', `/api/cases/${own}`)).body.status).toBe('open')
})
