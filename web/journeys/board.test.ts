import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { append, caseOpened, deadline, event, officer, taskOpened } from '../../test/sample-case.ts'
import { appendEvents } from '../../db/record/record.ts'
import { findBarriers, shoot, startWorkbench, type Workbench } from './browser.ts'

let w: Workbench
const hours = (n: number) => ({ deadline: deadline(new Date(Date.now() + n * 3600_000).toISOString()) })
const UNITS = ['economic-crime', 'public-order', 'traffic', 'anti-drug', 'legal', 'station-01', 'station-02', 'cyber', 'tax', 'market-regulation']
const SUBJECTS = ['货款被拖欠并遭上门滋扰', '厂区周边货车通行受限', '涉嫌商标侵权', '员工宿舍消防通道堵塞', '合同诈骗线索', '出口货物运输证件咨询', '网络平台被恶意差评', '工地材料被盗']

/** A bureau's month: cases of many units, some late, some closed and rated. */
beforeAll(async () => {
  w = await startWorkbench()
  const { db } = w.api.system
  for (let i = 0; i < 90; i++) {
    const no = `EA-${900_000 + i}`
    const id = `${no}.handle.1`
    const unit = UNITS[(i * i + i) % UNITS.length]!
    const by = `${unit}-1`
    const due = i % 6 === 0 ? -30 : i % 5 === 0 ? 5 : 80
    const days = (i * 7) % 30
    await appendEvents(db, no, 'step-1', () => [caseOpened({ title: SUBJECTS[i % SUBJECTS.length]!, enterpriseId: `ent-0${i % 6 + 1}`, applicantId: `ent-0${i % 6 + 1}-contact` }), i % 13 === 0
      ? taskOpened(no, { name: 'acknowledge', title: '签收移交', unit: 'tax', ...hours(due) }) : taskOpened(no, { unit, ...hours(due) })])
    if (i % 13 !== 0) {
      if (i % 3 !== 0) await append(db, no, event('task-claimed', { task: id }, officer(by)))
      if (due === 5) await append(db, no, event('reminded', { clock: id, dueAt: hours(due).deadline.dueAt }))
      if (i % 2 === 1) {
        const rating = ['very-satisfied', 'satisfied', 'satisfied', 'basically-satisfied', null, 'very-satisfied', 'dissatisfied'][i % 7]
        await append(db, no, event('task-completed', { task: id, action: 'complete', form: { result: '已办理', ...(rating && { rating }) } }, officer(by)),
          taskOpened(no, { name: 'rate', title: '评价', unit: 'applicant', role: 'enterprise', holder: 'ent-01-contact', ...hours(80) }), event('case-closed', { outcome: 'resolved', result: null }))
      }
    }
    await db.pool.query(`UPDATE case_file SET opened_at = opened_at - $2 * interval '1 day', closed_at = closed_at - least($2, 2 + $2 / 3) * interval '1 day' WHERE case_no = $1`, [no, days])
    if (due < 0) {
      for (const table of ['task', 'case_file']) await db.pool.query(`UPDATE ${table} SET card = $2 WHERE case_no = $1`, [no, i % 4 === 0 ? 'red' : 'yellow'])
      await db.pool.query(`INSERT INTO case_event (case_no, seq, at, type, data, key, hash) VALUES ($1, 99, now() - $2 * interval '1 day', $3, jsonb_build_object('clock', $4::text, 'dueAt', ''), $5, '')`,
        [no, days, i % 4 === 0 ? 'red-card' : 'yellow-card', id, randomUUID()])
    }
  }
}, 240_000)
afterAll(() => w?.close())

it('shows 护航办 where it is red; each figure opens exactly its cases, and from there a case', async () => {
  const page = await w.open('office-1', '/board', { width: 1920, height: 1080 })
  const tile = page.locator('.tile', { hasText: '已逾期' }).first()
  await tile.waitFor()
  await page.waitForSelector('canvas')
  await page.waitForTimeout(600)
  await shoot(page, 'board-1920')
  expect(await findBarriers(page)).toEqual([])
  const n = Number(await tile.locator('.tile-value').textContent())
  expect(n).toBeGreaterThan(3)
  await tile.click()
  await expect.poll(() => page.locator('.ant-drawer tbody tr.ant-table-row').count()).toBe(n)
  await page.waitForTimeout(300)
  await shoot(page, 'board-drawer-1920')
  expect(await findBarriers(page)).toEqual([])
  await page.locator('.ant-drawer tbody a').first().click()
  await expect.poll(() => new URL(page.url()).pathname).toMatch(/^\/cases\/EA-\d+$/)
})

it('is narrowed by procedure, unit and time, and keeps that in the address', async () => {
  const page = await w.open('office-1', '/board?unit=traffic&from=2026-01-01&until=2026-01-31')
  await page.getByRole('heading', { name: '督办看板 · 交警大队' }).waitFor()
  expect(await page.getByText('统计 2026-01-01 至 2026-01-31').count()).toBe(1)
  await page.waitForSelector('canvas')
  await page.waitForTimeout(600)
  await shoot(page, 'board-1280')
  expect(await findBarriers(page)).toEqual([])
})

it('fills the wall, and hears of a new case without being reloaded', async () => {
  const page = await w.open('bureau-leader-1', '/board', { width: 1920, height: 1080 })
  await page.getByRole('button', { name: '全屏' }).click()
  await page.locator('.board.is-wall').waitFor()
  await page.waitForTimeout(600)
  await shoot(page, 'board-wall-1920')
  expect(await findBarriers(page)).toEqual([])
  const live = page.locator('.tile', { hasText: '期内新增' }).locator('.tile-value')
  const before = Number(await live.textContent())
  await w.api.file()
  await expect.poll(async () => Number(await live.textContent()), { timeout: 10_000 }).toBe(before + 1)
  // Much news at once is one more look, not one each.
  let looks = 0
  page.on('request', (request) => { if (new URL(request.url()).pathname === '/api/board') looks++ })
  for (let i = 0; i < 4; i++) {
    await w.api.file()
    await page.waitForTimeout(600)
  }
  await expect.poll(async () => Number(await live.textContent()), { timeout: 10_000 }).toBe(before + 5)
  expect(looks).toBeLessThanOrEqual(2)
  await page.getByRole('button', { name: '退出全屏' }).click()
  await page.locator('.board:not(.is-wall)').waitFor()
})

it('opens figures of charts by the keyboard too', async () => {
  const page = await w.open('office-1', '/board')
  await page.waitForSelector('canvas')
  const button = page.locator('.figure-keys button', { hasText: '满意' }).first()
  await button.focus()
  await page.keyboard.press('Enter')
  await page.locator('.ant-drawer-title', { hasText: '非常满意' }).waitFor()
})
