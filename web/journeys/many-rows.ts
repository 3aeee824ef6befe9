/** A unit's inbox of 600 tasks, due one after the other, of which news come twice a second. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Locator, Page } from 'playwright-core'
import { appendEvents } from '../../db/record/record.ts'
import { append, caseOpened, deadline, event, officer, taskOpened } from '../../test/sample-case.ts'
import { startWorkbench, type Workbench } from './browser.ts'

export const rows = 600
const numberOf = (i: number): string => `EA-${900_000 + i}`

/** The row of a task on the page. */
export const row = (page: Page, i: number): Locator => page.locator('tr', { hasText: numberOf(i) })

export interface ManyRows {
  w: Workbench
  /** Somebody else of the unit claims a task; lets go of it. */
  claim(i: number): Promise<unknown>
  release(i: number): Promise<unknown>
  /** Two events a second, all about the list. */
  busy(seconds: number): Promise<void>
}

export async function startManyRows(): Promise<ManyRows> {
  const w = await startWorkbench()
  for (let i = 0; i < rows; i++) {
    const due = { deadline: deadline(new Date(Date.now() + 100 * 3600_000 + i * 60_000).toISOString()) }
    await appendEvents(w.api.system.db, numberOf(i), 'step-1', () => [caseOpened({ title: `事项 ${i}`, enterpriseId: 'ent-01', applicantId: 'ent-01-contact' }), taskOpened(numberOf(i), { unit: 'economic-crime', ...due })])
  }
  const claim = (i: number) => append(w.api.system.db, numberOf(i), event('task-claimed', { task: `${numberOf(i)}.handle.1` }, officer('economic-crime-2')))
  const release = (i: number) => append(w.api.system.db, numberOf(i), event('task-released', { task: `${numberOf(i)}.handle.1` }, officer('economic-crime-2')))
  return {
    w, claim, release,
    async busy(seconds) {
      for (let i = 0; i < seconds; i++) {
        await Promise.all([claim(500 + i % 80), sleep(500)])
        await Promise.all([release(500 + i % 80), sleep(500)])
      }
    },
  }
}

/** Shows all rows, and goes back to the first. */
export async function unroll(page: Page): Promise<void> {
  await row(page, 0).waitFor()
  for (let shown = 60; shown <= rows; shown += 30) {
    await page.getByRole('button', { name: '加载更多' }).click()
    await page.locator('tr[data-row-key]').nth(shown - 1).waitFor()
  }
  await page.evaluate(() => document.documentElement.scrollTo(0, 0))
}

/** Counts what the pages of a window ask the API for, from now on. */
export function countRequests(page: Page): { readonly n: number } {
  const count = { n: 0 }
  page.context().on('request', (request) => { if (new URL(request.url()).pathname.startsWith('/api/')) count.n++ })
  return count
}
